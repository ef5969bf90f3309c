from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.engine.jobs import SegmentRequest
from tests.ui.fakes import FakeJob, make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

WHOLE = Box(0, 0, 60, 40)
OBJECT = Box(20, 10, 40, 30)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    monkeypatch.setattr("meticulous_gui.ui.ahead.QUIET_MS", 0)
    stage = WindowStage(tmp_path / "photos", qtbot)
    stage.folder.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        make_photo(stage.folder / name, (40, 60))
    stage.window.open_paths([stage.folder])
    stage.settle()
    yield stage
    stage.session.close()


def page_down_without_waiting(stage: WindowStage) -> None:
    """Press the key; no worker gets a turn."""
    QTest.keyClick(stage.window.canvas, Qt.Key.Key_PageDown)


def open_name(stage: WindowStage) -> str:
    assert stage.session.document is not None
    return stage.session.document.photo.name


def jobs(stage: WindowStage, urgency: str) -> list[FakeJob]:
    return [
        job
        for job in stage.runner.jobs
        if isinstance(job.request, SegmentRequest) and job.request.urgency == urgency
    ]


def answer(stage: WindowStage, job: FakeJob, *, is_empty: bool = False) -> None:
    job.paint(WHOLE, 0)
    if not is_empty:
        job.paint(OBJECT, 255)
    job.finish(is_empty=is_empty)
    stage.settle()


def test_the_next_photo_is_asked_for_behind_the_open_one(stage: WindowStage) -> None:
    assert len(jobs(stage, "now")) == len(jobs(stage, "ahead")) == 1
    assert not any(job.is_cancelled for job in stage.runner.jobs)
    assert jobs(stage, "now")[0].replaces != jobs(stage, "ahead")[0].replaces


def test_a_photo_that_is_ready_is_there_with_its_mask_at_once(stage: WindowStage) -> None:
    answer(stage, jobs(stage, "ahead")[0])
    page_down_without_waiting(stage)
    assert open_name(stage) == "b.png"
    assert (stage.alpha[OBJECT.slices()] == 255).all()
    assert stage.session.shown.has_confidence
    assert not stage.session.has_unsaved_work
    stage.settle()
    assert len(jobs(stage, "now")) == 1, "its object is not looked for twice"
    assert stage.window.photos.state(stage.folder / "b.png") is PhotoState.MASKED


def test_what_networks_said_of_it_before_is_known_on_arrival(stage: WindowStage) -> None:
    answer(stage, jobs(stage, "ahead")[0])
    page_down_without_waiting(stage)
    doubts = stage.session.doubts
    doubts.settle()
    assert doubts.is_known
    assert doubts.has_edge


def test_a_search_that_still_runs_goes_on_as_one_undo_step(stage: WindowStage) -> None:
    job = jobs(stage, "ahead")[0]
    job.paint(WHOLE, 0)
    job.paint(OBJECT, 255)
    stage.settle()
    page_down_without_waiting(stage)
    assert (stage.alpha[OBJECT.slices()] == 255).all()
    assert stage.session.work.is_running
    job.paint(Box(0, 0, 5, 5), 200)
    job.finish()
    stage.settle()
    assert (stage.alpha[:5, :5] == 200).all()
    document = stage.session.document
    assert document is not None
    assert document.history.n_done == 1
    assert not document.unsaved.is_any
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not stage.alpha.any()


def test_what_a_hand_paints_on_it_wins_over_the_search_that_goes_on(stage: WindowStage) -> None:
    job = jobs(stage, "ahead")[0]
    job.paint(WHOLE, 0)
    stage.settle()
    page_down_without_waiting(stage)
    stage.settle()
    paint_a_stroke(stage)
    painted = stage.alpha
    assert painted.any()
    answer(stage, job)
    assert (stage.alpha[painted == 255] == 255).all()
    stage.press(Qt.Key.Key_PageUp)
    stage.press(Qt.Key.Key_PageDown)
    assert (stage.alpha[painted == 255] == 255).all()


def test_that_there_is_no_object_is_said_on_arrival(stage: WindowStage) -> None:
    answer(stage, jobs(stage, "ahead")[0], is_empty=True)
    assert not stage.window.messages.messages
    page_down_without_waiting(stage)
    assert len(stage.window.messages.messages) == 1


def test_a_search_that_failed_is_not_said_and_begins_anew_on_arrival(stage: WindowStage) -> None:
    jobs(stage, "ahead")[0].fail()
    stage.settle()
    stage.press(Qt.Key.Key_PageDown)
    assert not stage.texts
    assert open_name(stage) == "b.png"
    assert len(jobs(stage, "now")) == 2


def test_a_photo_that_changed_on_disk_meanwhile_is_read_anew(stage: WindowStage) -> None:
    make_photo(stage.folder / "b.png", (50, 70))
    page_down_without_waiting(stage)
    stage.settle()
    document = stage.session.document
    assert document is not None
    assert document.photo.size_hw == (50, 70)


def test_nothing_is_said_of_a_broken_photo_before_somebody_goes_there(stage: WindowStage) -> None:
    (stage.folder / "c.png").write_bytes(b"broken")
    stage.press(Qt.Key.Key_PageDown)
    assert not stage.texts
    stage.press(Qt.Key.Key_PageDown)
    assert "c.png" in stage.texts[-1]
    assert open_name(stage) == "b.png"


def test_who_turns_round_has_the_photo_before_prepared(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageUp)
    QTest.keyClick(stage.window.canvas, Qt.Key.Key_PageUp)
    assert open_name(stage) == "a.png"


def test_the_networks_hold_two_photos_at_most(stage: WindowStage) -> None:
    for key in [Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp] * 2:
        stage.press(key)
        assert len(stage.runner.photos) <= 2
    stage.window.open_paths([stage.folder / "a.png", stage.folder / "c.png"])
    stage.settle()
    assert len(stage.runner.photos) == 2


def test_saved_layers_are_prepared_as_they_are(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_PageDown)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageUp)
    n_jobs = len(jobs(stage, "ahead"))
    stage.press(Qt.Key.Key_PageUp)  # there is none: turns back
    stage.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(stage.alpha, painted)
    assert len(jobs(stage, "ahead")) == n_jobs + 1, "of the photo after it only"


def test_a_very_large_photo_is_not_guessed(stage: WindowStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meticulous_gui.ui.ahead.MAX_PIXELS", 2000)
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageDown)
    assert open_name(stage) == "c.png"
    assert len(jobs(stage, "ahead")) == 1
