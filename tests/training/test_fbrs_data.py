"""Clicks of the robot, corrupted masks and samples of the click network."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.errors import UsageError
from meticulous_gui.engine.models import FbrsNet, build
from tests.training.shapes import disc_or_star
from tests.training.toy_data import add_member, write_toy_data
from training.common.instances import instance_of, mask_of_runs, open_instances, read_coco
from training.common.mixture import parse_shares
from training.fbrs.corrupt import corrupted
from training.fbrs.data import ObjectSource, SampleMaker, SampleSettings, StartShares
from training.fbrs.robot import count_probabilities, depth_of, next_click
from training.fbrs.simulate import N_ROUNDS, Simulation


def _box(size_hw: tuple[int, int], rows: slice, cols: slice) -> np.ndarray:
    mask = np.zeros(size_hw, np.bool_)
    mask[rows, cols] = True
    return mask


def test_the_robot_clicks_the_deepest_error() -> None:
    truth = _box((12, 16), slice(2, 10), slice(3, 9))
    first = next_click(truth, np.zeros_like(truth))
    assert first is not None
    assert (first.row, first.col, first.is_positive) == (4, 5, True)
    depth = depth_of(truth)
    assert depth.max() == 3.0
    assert np.count_nonzero(depth == 3.0) == 8
    assert np.count_nonzero(depth > 1.5) == 24
    surplus = next_click(truth, truth | _box((12, 16), slice(0, 7), slice(9, 16)))
    assert surplus is not None
    assert (surplus.row, surplus.col, surplus.is_positive) == (3, 12, False)


def test_the_robot_leaves_a_right_mask_alone() -> None:
    truth = _box((12, 16), slice(2, 10), slice(3, 9))
    assert next_click(truth, truth) is None


def test_a_tie_goes_to_the_negative_click() -> None:
    truth, predicted = _box((9, 9), slice(0, 3), slice(0, 3)), _box((9, 9), slice(6, 9), slice(6, 9))
    click = next_click(truth, predicted)
    assert click is not None
    assert (click.row, click.col, click.is_positive) == (7, 7, False)


@given(st.integers(0, 1000))
def test_random_clicks_lie_in_the_error(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, predicted = rng.random((12, 15)) < 0.5, rng.random((12, 15)) < 0.5
    click = next_click(truth, predicted, rng=rng)
    assert click is not None
    assert truth[click.row, click.col] == click.is_positive
    assert predicted[click.row, click.col] != click.is_positive


def test_how_many_clicks_are_drawn() -> None:
    few = count_probabilities(0.7, 10, with_zero=False)
    assert few[:3] == pytest.approx([0.308721, 0.216104, 0.151273], abs=1e-6)
    assert few @ np.arange(1, 11) == pytest.approx(3.042647, abs=1e-6)
    none = count_probabilities(0.7, 10, with_zero=True)
    assert none[0] == pytest.approx(0.306052, abs=1e-6)
    assert none @ np.arange(11) == pytest.approx(2.111440, abs=1e-6)
    many = count_probabilities(0.8, 24, with_zero=False)
    assert many[0] == pytest.approx(0.200949, abs=1e-6)
    assert many @ np.arange(1, 25) == pytest.approx(4.886125, abs=1e-6)
    assert count_probabilities(0.8, 24, with_zero=True) @ np.arange(25) == pytest.approx(3.905195, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_corrupted_masks_are_masks_and_repeatable(seed: int) -> None:
    truth = disc_or_star(seed, side_px=64)[1] >= 128
    others = disc_or_star(seed + 1, side_px=64)[1] >= 128
    first = corrupted(truth, others & ~truth, np.random.default_rng(seed))
    assert first.dtype == np.bool_
    assert first.shape == truth.shape
    assert (first == corrupted(truth, others & ~truth, np.random.default_rng(seed))).all()


def test_a_corrupted_mask_often_takes_other_things_too() -> None:
    truth, others = np.zeros((2, 64, 64), np.bool_)
    truth[8:40, 4:24] = True
    others[8:20, 40:60] = others[30:50, 40:60] = True
    pieces = (others[:25].copy(), others[25:].copy())
    alone = both = 0
    for seed in range(60):
        given = corrupted(truth, others, np.random.default_rng(seed))
        taken = [
            float(given[rows][piece].mean()) > 0.6
            for rows, piece in ((slice(0, 25), pieces[0]), (slice(25, 64), pieces[1]))
        ]
        alone += sum(taken) == 1
        both += all(taken)
    assert alone >= 5
    assert both >= 5


def _write_coco(folder: Path, name: str = "coco") -> Path:
    rgb, _ = disc_or_star(1, side_px=64)
    content = {
        "images": [
            {"id": 1, "file_name": f"{name}_1.webp", "coco_split": "train2017"},
            {"id": 2, "file_name": f"{name}_2.webp", "coco_split": "val2017"},
        ],
        "annotations": [
            {
                "id": 10 * image + part,
                "image_id": image,
                "iscrowd": int(part == 2),
                "segmentation": [
                    [8 + 30 * part, 8, 28 + 30 * part, 8, 28 + 30 * part, 40, 8 + 30 * part, 40]
                ],
            }
            for image in (1, 2)
            for part in (0, 1, 2)
        ],
        "categories": [],
    }
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    with tarfile.open(folder / f"{name}-0000.tar", "w") as tar:
        for image in (1, 2):
            add_member(tar, f"{name}_{image}.webp", rgb, "WEBP")
    return folder / f"{name}.json"


def test_polygons_become_masks_and_crowds_are_left_out(tmp_path: Path) -> None:
    path = _write_coco(tmp_path)
    scenes = open_instances([tmp_path], "coco", "train")
    assert scenes.keys == ("coco_1",)
    first, second = scenes[0].objects
    expected = _box((64, 64), slice(8, 40), slice(8, 28))
    assert (first.on((64, 64)) == expected).all()
    assert second.box.x0 == 38
    assert len(read_coco(path)) == 2


def test_a_held_out_coco_picture_is_not_trained_on(tmp_path: Path) -> None:
    _write_coco(tmp_path)
    assert open_instances([tmp_path], "coco", "val").keys == ("coco_2",)


def test_run_lengths_go_down_the_columns() -> None:
    assert mask_of_runs([1, 2, 3], (3, 2)).tolist() == [[False, False], [True, False], [True, False]]


def test_other_codings_are_refused() -> None:
    with pytest.raises(ValueError, match="polygons"):
        instance_of({"id": 3, "segmentation": {"counts": "abc", "size": [4, 4]}}, (4, 4))


def test_what_is_damaged_in_a_set_of_outlines_is_named(tmp_path: Path) -> None:
    path = _write_coco(tmp_path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    shard = tmp_path / "coco-0000.tar"
    packed = shard.read_bytes()
    coded = whole["annotations"][0] | {"segmentation": {"counts": "abc", "size": [64, 64]}}
    path.write_text(json.dumps(whole | {"annotations": [coded]}), encoding="utf-8")
    with pytest.raises(UsageError, match=r"The picture coco_1 cannot be read: .*must be polygons"):
        open_instances([tmp_path], "coco", "train")[0]
    path.write_text(json.dumps(whole), encoding="utf-8")
    with tarfile.open(shard, "w") as tar:
        for name in ("coco_1.webp", "coco_2.webp"):
            content = b"no picture"
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    with pytest.raises(UsageError, match="The picture coco_1 cannot be read"):
        open_instances([tmp_path], "coco", "train")[0]
    shard.write_bytes(packed[:1000])
    with pytest.raises(UsageError, match=r"The shard .*coco-0000\.tar cannot be read"):
        open_instances([tmp_path], "coco", "train")
    shard.unlink()
    with pytest.raises(UsageError, match=r"names the picture coco_1\.webp, which is neither"):
        read_coco(path)
    for text in ("{", "[]", "{}"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match="is no COCO file"):
            read_coco(path)


def test_a_set_of_specks_is_named(tmp_path: Path) -> None:
    write_toy_data(tmp_path, n_train=2, n_val=1, side_px=24)
    source = ObjectSource.open([tmp_path], parse_shares("duts"), seed=0)
    with pytest.raises(UsageError, match="No picture of the set 'duts' holds an object of 300 pixels"):
        source.draw(0, np.random.default_rng(0))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> ObjectSource:
    folder = write_toy_data(tmp_path_factory.mktemp("data"))
    _write_coco(folder)
    return ObjectSource.open([folder], parse_shares("duts:1,coco:1"), seed=0)


@pytest.mark.parametrize("kind", ["correction", "many_clicks", "box", "scribble", "nothing"])
def test_samples_of_every_start(source: ObjectSource, kind: str) -> None:
    zero = dict.fromkeys(("correction", "many_clicks", "box", "scribble", "nothing"), 0.0)
    starts = StartShares(**(zero | {kind: 1.0}))
    maker = SampleMaker(source, SampleSettings(0, 4, (128, 128, 128), starts=starts))
    samples = [maker.sample(step, 0, 64) for step in range(6)]
    for sample in samples:
        assert sample["image"].shape == (64, 64, 3)
        assert set(np.unique(sample["target"])) <= {0, 1}
        assert sample["planes"].shape == (2, 64, 64)
    assert any(sample["prior"].any() for sample in samples) == (kind == "correction")
    assert any(sample["target"].any() for sample in samples) == (kind != "nothing")
    if kind in ("box", "nothing"):
        assert not any(sample["planes"][0].any() for sample in samples)


def test_samples_repeat(source: ObjectSource) -> None:
    maker = SampleMaker(source, SampleSettings(0, 4, (128, 128, 128)))
    first, second = maker.sample(3, 1, 64), maker.sample(3, 1, 64)
    assert all((first[name] == second[name]).all() for name in first)


def test_all_processes_of_a_run_click_as_often_in_a_step(source: ObjectSource) -> None:
    network = build("fbrs", {"encoder": "mobilenet_v2", "is_deep": False, "width": 16, "context": 24})
    assert isinstance(network, FbrsNet)
    maker = SampleMaker(source, SampleSettings(0, 2, (124, 116, 104)))

    def rounds(step: int, index: int) -> int:
        sample = maker.sample(step, index, 64)
        batch = {name: torch.from_numpy(np.stack([value])) for name, value in sample.items()}
        return Simulation(network, batch, torch.device("cpu")).n_rounds

    first = [rounds(step, 0) for step in range(24)]
    assert first == [rounds(step, 1) for step in range(24)]
    assert set(first) == set(N_ROUNDS)
