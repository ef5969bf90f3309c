"""Both networks that come with the program, on a real photograph, in this process and in the child."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.metrics import iou, mba
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import (
    Finished,
    Partial,
    RefineRequest,
    SegmentRequest,
    WarmUpRequest,
    context_box,
)
from meticulous_gui.engine.remote import RemoteRunner
from meticulous_gui.engine.runner import Runner
from meticulous_gui.engine.types import RgbImage
from meticulous_gui.engine.weights import load_network
from tests.engine.collect import Collector
from tests.training.shapes import disc_or_star
from training.common.perturb import logits_of, shrink_and_enlarge


@pytest.fixture(scope="module")
def rgb() -> RgbImage:
    return load_photo(resource_dir() / "samples" / "cat.png").rgb


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    made = Runner(Catalog.default(), "cpu")
    yield made
    made.close()


def test_a_sample_is_cut_out_the_same_in_both_processes(rgb: RgbImage, runner: Runner) -> None:
    remote = RemoteRunner(Catalog.default(), "cpu", n_threads=1, niceness=0)
    try:
        results = []
        for one in (runner, remote):
            events = Collector()
            ticket = one.submit(SegmentRequest(one.put_photo(rgb), refine=True), events)
            last = events.last(ticket.id)
            assert isinstance(last, Finished), last
            assert not last.report.is_empty
            assert last.report.device.startswith("CPU")
            assert sum(last.report.n_patches) > 0
            results.append(events.write_into(np.zeros(rgb.shape[:2], np.uint8), ticket.id))
        # Threads may add in another order: the last bits of a convolution are all that may differ.
        assert ((results[0] >= 128) == (results[1] >= 128)).mean() > 0.9999
        assert 0.02 < (results[0] >= 128).mean() < 0.98
    finally:
        remote.close()


def test_two_runs_give_the_same_bytes(rgb: RgbImage, runner: Runner) -> None:
    results = []
    for _ in range(2):
        events = Collector()
        ticket = runner.submit(SegmentRequest(runner.put_photo(rgb), refine=True), events)
        assert isinstance(events.last(ticket.id), Finished)
        results.append(events.write_into(np.zeros(rgb.shape[:2], np.uint8), ticket.id))
    np.testing.assert_array_equal(results[0], results[1])


def test_a_region_refine_sharpens_only_its_region(rgb: RgbImage, runner: Runner) -> None:
    events = Collector()
    ref = runner.put_photo(rgb)
    ticket = runner.submit(SegmentRequest(ref), events)
    assert isinstance(events.last(ticket.id), Finished)
    size_hw = (rgb.shape[0], rgb.shape[1])
    alpha = events.write_into(np.zeros(size_hw, np.uint8), ticket.id)
    y, x = np.argwhere((alpha[:, 1:] >= 128) != (alpha[:, :-1] >= 128))[0]
    region = Box(int(x) - 100, int(y) - 100, int(x) + 100, int(y) + 100).clip(Box.whole(size_hw))
    around = context_box(region, size_hw)
    request = RefineRequest(ref, np.ascontiguousarray(alpha[around.slices()]), around, region)
    ticket = runner.submit(request, events)
    last = events.last(ticket.id)
    assert isinstance(last, Finished)
    partials = [event for event in events.events[ticket.id] if isinstance(event, Partial)]
    assert partials
    assert all(region.contains(event.box) for event in partials)
    assert (events.write_into(alpha.copy(), ticket.id) != alpha).any()


def test_warming_up_names_both_networks(runner: Runner) -> None:
    events = Collector()
    ticket = runner.submit(WarmUpRequest(), events)
    assert isinstance(events.last(ticket.id), Finished)
    assert set(runner.status().networks) >= {"mos_l", "mos_h"}
    assert runner.status().device.startswith("CPU")


@pytest.mark.parametrize("shrunk_by", [4, 8])
def test_mos_h_mends_masks_that_lost_their_detail_and_leaves_right_ones(shrunk_by: int) -> None:
    """Check 9, of a longer training: half a point of IoU and two of mBA at least, on shapes of 96 px."""
    network = load_network(Catalog.default().get("mos_h", "refiner")).eval()
    pictures = [disc_or_star(seed, side_px=96) for seed in range(12)]
    rgb = torch.from_numpy(np.stack([rgb for rgb, _ in pictures])).permute(0, 3, 1, 2).float() / 255
    truths = [alpha >= 128 for _, alpha in pictures]
    whole = [truth.astype(np.float32) for truth in truths]
    shrunk = np.stack([logits_of(shrink_and_enlarge(one, shrunk_by)) for one in whole])
    with torch.inference_mode():
        mended, kept = (
            network(rgb, torch.from_numpy(given)[:, None]).logits[:, 0].numpy() >= 0
            for given in (shrunk, np.stack([logits_of(one) for one in whole]))
        )
    for measure, least in ((iou, 0.005), (mba, 0.02)):
        before, after = (
            np.mean([measure(mask, truth) for mask, truth in zip(masks, truths, strict=True)])
            for masks in (shrunk >= 0, mended)
        )
        assert after - before >= least
    assert min(iou(mask, truth) for mask, truth in zip(kept, truths, strict=True)) >= 0.975
