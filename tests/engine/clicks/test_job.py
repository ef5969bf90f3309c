"""Click sessions through the runner: in order, none lost, the same as in one's own hand."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.clicks.commands import (
    AddClick,
    ClickCommand,
    CloseClicks,
    FindReadings,
    MoveClick,
    NextCandidate,
    PreviewClick,
    RedoClick,
    RemoveClick,
    ResetClicks,
    StartClicks,
    UndoClick,
)
from meticulous_gui.engine.clicks.session import ClickSession
from meticulous_gui.engine.jobs import ClickRequest, Failed, Finished, Partial, PhotoRef, RefineRequest
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.runner import Runner
from meticulous_gui.engine.steps import result_of
from meticulous_gui.engine.wire import packed, unpacked
from meticulous_gui.engine.work import rank
from tests.engine.clicks.toy import blobs
from tests.engine.collect import Collector
from tests.engine.stubs import ColourClick, StubSegmenter


def _submit(
    runner: Runner, events: Collector, photo: PhotoRef, command: ClickCommand, **given: object
) -> int:
    request = ClickRequest(photo, "object", command, **given)  # type: ignore[arg-type]
    return runner.submit(request, events).id


@pytest.mark.parametrize("has_mask", [False, True])
def test_the_runner_does_what_a_session_does(runner: Runner, has_mask: bool) -> None:
    rgb, truth = blobs(4)
    initial = np.roll(truth, 8, axis=1) if has_mask else None
    own = ClickSession(PhotoLevels(rgb), ColourClick(), finder=StubSegmenter(), initial=initial)
    photo, events = runner.put_photo(rgb), Collector()
    alpha = np.zeros(truth.shape, np.uint8) if initial is None else np.where(initial, 255, 0).astype(np.uint8)
    shown = alpha.copy()
    commands: list[ClickCommand] = [
        StartClicks(),
        AddClick(50.5, 40.5),
        AddClick(5.5, 5.5, is_positive=False),
    ]
    commands += [PreviewClick(30.5, 20.5), MoveClick(2, 9.5, 9.5), UndoClick(), RedoClick(), RemoveClick(2)]
    ids = [
        _submit(runner, events, photo, command, alpha_crop=alpha if has_mask and n == 0 else None)
        for n, command in enumerate(commands)
    ]
    for command, job_id in zip(commands, ids, strict=True):
        last = events.last(job_id)
        assert isinstance(last, Finished)
        assert last.report.clicks is not None
        if not isinstance(command, PreviewClick):
            shown = events.write_into(shown, job_id)
    assert events.ended == ids
    result_of(own.click(50.5, 40.5))
    result_of(own.click(5.5, 5.5, is_positive=False))
    result_of(own.move(2, 9.5, 9.5))
    result_of(own.remove(2))
    assert ((shown >= 128) == own.mask).all()
    assert isinstance(last, Finished)
    assert last.report.clicks is not None
    assert last.report.clicks.clicks == ((1, 50.5, 40.5, True),)


def test_refusals_are_reports_and_change_nothing(runner: Runner) -> None:
    rgb, truth = blobs(4)
    photo, events = runner.put_photo(rgb), Collector()
    locked = np.ones(truth.shape, np.bool_)
    _submit(runner, events, photo, StartClicks(), locked=locked)
    job_id = _submit(runner, events, photo, AddClick(50.5, 40.5))
    last = events.last(job_id)
    assert isinstance(last, Finished)
    assert last.report.clicks is not None
    assert last.report.clicks.was_refused
    assert "locked" in last.report.message
    assert not any(isinstance(event, Partial) for event in events.events[job_id])


def test_readings_are_found_without_a_change_and_named_in_the_report(runner: Runner) -> None:
    rgb, _ = blobs(4, (240, 320))
    photo, events = runner.put_photo(rgb), Collector()
    _submit(runner, events, photo, StartClicks())
    _submit(runner, events, photo, AddClick(160.5, 120.5))
    found = _submit(runner, events, photo, FindReadings())
    last = events.last(found)
    assert isinstance(last, Finished)
    assert last.report.clicks is not None
    assert not any(isinstance(event, Partial) for event in events.events[found])
    names = last.report.clicks.readings
    if names:  # which there are depends on the picture; what is shown is one of them, and the next is another
        assert last.report.clicks.reading in names
        after = events.last(_submit(runner, events, photo, NextCandidate()))
        assert isinstance(after, Finished)
        assert after.report.clicks is not None
        assert after.report.clicks.readings == names
        assert after.report.clicks.reading != last.report.clicks.reading
    only_one = events.last(_submit(runner, events, photo, AddClick(5.5, 5.5, is_positive=False)))
    assert isinstance(only_one, Finished)
    assert only_one.report.clicks is not None
    assert only_one.report.clicks.readings == ()


def test_a_preview_delivers_only_what_would_differ(runner: Runner) -> None:
    rgb, truth = blobs(4)
    photo, events = runner.put_photo(rgb), Collector()
    _submit(runner, events, photo, StartClicks())
    preview = _submit(runner, events, photo, PreviewClick(50.5, 40.5))
    events.last(preview)
    (shown,) = [event for event in events.events[preview] if isinstance(event, Partial)]
    assert shown.box.area < truth.size
    for side in (shown.alpha[0], shown.alpha[-1], shown.alpha[:, 0], shown.alpha[:, -1]):
        assert side.any()


def test_a_session_that_is_not_known_fails_in_one_sentence(runner: Runner) -> None:
    photo, events = runner.put_photo(blobs(4)[0]), Collector()
    for command in (AddClick(5.0, 5.0), ResetClicks()):
        last = events.last(_submit(runner, events, photo, command))
        assert isinstance(last, Failed)
        assert "click the object again" in last.message
    _submit(runner, events, photo, StartClicks())
    _submit(runner, events, photo, CloseClicks())
    last = events.last(_submit(runner, events, photo, UndoClick()))
    assert isinstance(last, Failed)
    assert "click the object again" in last.message


def test_a_mask_of_another_size_is_refused(runner: Runner) -> None:
    photo, events = runner.put_photo(blobs(4)[0]), Collector()
    job_id = _submit(runner, events, photo, StartClicks(), alpha_crop=np.zeros((3, 3), np.uint8))
    last = events.last(job_id)
    assert isinstance(last, Failed)
    assert "A mask given for clicks is (3, 3)" in last.message


def test_a_click_goes_before_a_refine() -> None:
    photo, box = PhotoRef("a", (8, 8)), Box(0, 0, 8, 8)
    refine = RefineRequest(photo, np.zeros((8, 8), np.uint8), box, box)
    assert rank(ClickRequest(photo, "x", AddClick(1.0, 1.0))) < rank(refine)


def test_masks_cross_to_the_other_process() -> None:
    locked = np.random.default_rng(0).random((7, 9)) < 0.5
    alpha = np.arange(63, dtype=np.uint8).reshape(7, 9)
    request = ClickRequest(PhotoRef("a", (7, 9)), "x", StartClicks(), alpha_crop=alpha, locked=locked)
    sent, block = packed(request)
    assert block is not None
    got = unpacked(sent, block.path)
    assert isinstance(got, ClickRequest)
    assert got.locked is not None
    assert got.alpha_crop is not None
    assert (got.locked == locked).all()
    assert (got.alpha_crop == alpha).all()
    block.unlink()
