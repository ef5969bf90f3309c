"""What each request means, and which one interrupts which."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core.brush import StrokeCoverage
from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.jobs import (
    Cancelled,
    Failed,
    Finished,
    PhotoRef,
    Progress,
    RefineRequest,
    Report,
    Request,
    SegmentRequest,
    WarmUpRequest,
    context_box,
    is_last,
)
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.work import photo_of, rank, steps_of
from tests.engine.stubs import StubNetworks, disc_logits, disc_photo, finish

REF = PhotoRef("x", (100, 200))
REGION = RefineRequest(REF, np.zeros((10, 10), np.uint8), Box(0, 0, 10, 10), Box(0, 0, 5, 5))


def test_shorter_work_comes_first() -> None:
    requests: list[Request] = [WarmUpRequest(), SegmentRequest(REF, refine=True), SegmentRequest(REF), REGION]
    assert sorted(requests, key=rank) == requests[::-1]


def test_whatever_a_person_waits_for_comes_before_what_may_be_wanted_next_and_that_before_a_batch() -> None:
    asked: list[Request] = [REGION, SegmentRequest(REF), SegmentRequest(REF, refine=True), WarmUpRequest()]
    ahead = [SegmentRequest(REF, refine=refine, urgency="ahead") for refine in (False, True)]
    batch = [SegmentRequest(REF, refine=refine, urgency="batch") for refine in (False, True)]
    assert max(map(rank, asked)) < min(map(rank, ahead))
    assert max(map(rank, ahead)) < min(map(rank, batch))


def test_a_request_without_its_photo_is_an_error() -> None:
    assert photo_of(WarmUpRequest()) is None
    assert photo_of(REGION) is REF
    with pytest.raises(EngineError, match="not known any more"):
        steps_of(SegmentRequest(REF), None, StubNetworks())


def test_the_last_event_of_a_job_is_known_as_such() -> None:
    assert is_last(Finished(Report(Box(0, 0, 1, 1))))
    assert is_last(Failed("No.", "crash"))
    assert is_last(Cancelled())
    assert not is_last(Progress(1, 2))


def test_the_context_of_a_region_reaches_as_far_as_a_patch() -> None:
    assert context_box(Box(500, 600, 520, 620), (4000, 6000)) == Box(276, 376, 744, 844)
    assert context_box(Box(0, 0, 20, 20), (100, 90), coarsest=4) == Box(0, 0, 90, 100)


def test_a_refine_leaves_no_groove_round_a_stroke_and_a_stroke_it_disagrees_with_as_it_is() -> None:
    size_hw = (300, 400)
    whole = Box.whole(size_hw)
    truth = disc_logits(size_hw) >= 0
    alpha = np.where(truth, 255, 0).astype(np.uint8)
    alpha[110:190, 160:240] = 0  # a piece of the disc is missing
    stroke = StrokeCoverage(size_hw, radius_px=20, hardness=0.6)
    stroke.extend([(200, 150, 1.0), (30, 30, 1.0)])  # brings some of it back, and goes on off the object
    stroke.finish()
    covered = stroke.read(whole)
    alpha = np.maximum(alpha, covered)
    rim = (covered > 0) & (covered < 255)
    request = RefineRequest(PhotoRef("x", size_hw), alpha, whole, whole, decided=covered > 0)
    refined = alpha.copy()
    finish(steps_of(request, PhotoLevels(disc_photo(size_hw)), StubNetworks()), refined)
    assert (rim & truth).any()
    assert refined[rim & truth].min() > 250
    np.testing.assert_array_equal(refined[(covered > 0) & ~truth], alpha[(covered > 0) & ~truth])
