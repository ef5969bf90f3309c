from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from tests.core.test_files import leave_behind
from tests.ui.fakes import make_photo
from tests.ui.folder_stage import (
    click,
    discard,
    end_work,
    folder_stage,
    in_memory,
    open_folder,
    open_name,
    question_is_open,
    states,
)
from tests.ui.mouse import LEFT, NO_BUTTON, send
from tests.ui.window_stage import WindowStage, paint_a_stroke


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    yield from folder_stage(qtbot, tmp_path)


def leave_unsaved(stage: WindowStage) -> Alpha:
    """Paint on the first photo of a folder where nothing can be saved, go on and return the mask."""
    (stage.folder / ".meticulous").write_bytes(b"a file where the folder should be")
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageDown)
    return painted


def test_going_on_saves_what_was_painted_without_a_question(stage: WindowStage) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    assert states(stage)[0] is PhotoState.EDITED
    stage.press(Qt.Key.Key_PageDown)
    assert not question_is_open(stage)
    assert open_name(stage) == "b.png"
    assert not stage.messages
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(stage.alpha, painted)
    assert not stage.session.has_unsaved_work


def test_what_a_refine_has_finished_is_saved_as_well(stage: WindowStage) -> None:
    open_folder(stage)
    stage.runner.job.finish()
    stage.settle()
    stage.window.actions_set.trigger("refine_all")
    stage.runner.job.paint(Box(0, 0, 9, 9), 255)
    stage.settle()
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageUp)
    assert (stage.alpha[:9, :9] == 255).all()


def test_a_person_who_wants_to_be_asked_is_asked(qtbot: QtBot, stage: WindowStage, tmp_path: Path) -> None:
    choices = stage.window.choices
    settings = choices.settings
    stage.session.settings = type(settings)(
        history=type(settings.history)(saves_on_leaving=False), engine=settings.engine
    )
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert question_is_open(stage)
    assert open_name(stage) == "a.png"
    stage.dialog(UnsavedQuestion).reject()


def test_what_a_killed_program_left_while_it_wrote_goes_when_the_folder_is_opened(stage: WindowStage) -> None:
    (stage.folder / ".meticulous").mkdir()
    left = [leave_behind(place, "a.png") for place in (stage.folder, stage.folder / ".meticulous")]
    make_photo(stage.folder / "a.png", (40, 60))
    open_folder(stage)
    assert not any(path.exists() for path in left)


def test_the_state_is_there_again_at_the_next_start(qtbot: QtBot, stage: WindowStage) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    end_work(stage)
    stage.press(Qt.Key.Key_D)
    later = WindowStage(stage.folder, qtbot)
    open_folder(later)
    assert states(later)[:3] == [PhotoState.EDITED, PhotoState.DONE, PhotoState.UNTOUCHED]
    later.session.close()


def test_a_folder_that_cannot_be_written_keeps_the_work_in_memory(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = leave_unsaved(stage)
    assert open_name(stage) == "b.png"
    assert in_memory(stage) == ["a.png"]
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert question_is_open(stage), "a second document in memory is one too many"
    discard(stage)
    assert open_name(stage) == "c.png"
    stage.window.activateWindow()
    stage.settle()
    stage.press(Qt.Key.Key_PageUp)
    assert open_name(stage) == "b.png"
    stage.press(Qt.Key.Key_PageUp)
    assert open_name(stage) == "a.png"
    np.testing.assert_array_equal(stage.alpha, painted)
    assert stage.session.document is not None
    assert stage.session.document.can_undo
    assert stage.session.has_unsaved_work


def test_a_photo_whose_layers_are_only_in_memory_is_opened_as_it_is_there_from_anywhere(
    stage: WindowStage,
) -> None:
    painted = leave_unsaved(stage)
    assert in_memory(stage) == ["a.png"]
    stage.window.open_paths([stage.folder / "a.png"])
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, painted)
    assert stage.session.has_unsaved_work


def test_the_window_does_not_close_over_work_that_could_not_be_saved(stage: WindowStage) -> None:
    leave_unsaved(stage)
    stage.window.close()
    stage.settle()
    assert stage.window.isVisible()
    assert open_name(stage) == "a.png"
    stage.window.close()
    assert question_is_open(stage)
    discard(stage)
    assert not stage.window.isVisible()


def test_another_folder_takes_the_layers_of_all_photos_that_follow(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (stage.folder / ".meticulous").write_bytes(b"a file where the folder should be")
    monkeypatch.setattr(
        "meticulous_gui.ui.folder_desk.choose_folder", lambda _parent, _title, take: take(tmp_path / "layers")
    )
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    message = next(message for message in stage.messages if "only in memory" in message.text)
    message.choices[0].run()
    stage.settle()
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert not question_is_open(stage)
    assert {path.name for path in (tmp_path / "layers").glob("*.json")} == {"a.png.json", "b.png.json"}
    stage.press(Qt.Key.Key_PageUp)
    assert stage.alpha.any()


def test_layers_kept_in_another_folder_say_edited_as_well(stage: WindowStage, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    open_folder(stage)
    paint_a_stroke(stage)
    stage.window.saving.save_layers(folder=kept)
    stage.settle()
    stage.press(Qt.Key.Key_PageDown)
    open_folder(stage)
    assert states(stage)[:2] == [PhotoState.EDITED, PhotoState.UNTOUCHED]
    assert not (stage.folder / ".meticulous").exists()


def test_a_folder_that_disappears_is_said_and_does_not_come_back(stage: WindowStage) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    shutil.rmtree(stage.folder)
    stage.press(Qt.Key.Key_PageDown)
    assert any("gone" in text for text in stage.texts)
    assert not stage.folder.exists()
    np.testing.assert_array_equal(stage.alpha, painted)
    assert stage.session.has_unsaved_work


def test_the_window_does_not_close_over_it_when_the_open_photo_is_discarded(stage: WindowStage) -> None:
    open_folder(stage)
    (stage.folder / ".meticulous").write_bytes(b"a file in the way")
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert in_memory(stage) == ["a.png"]
    paint_a_stroke(stage)
    stage.window.close()
    discard(stage)
    assert stage.window.isVisible(), "the layers of a.png are nowhere but here"
    assert open_name(stage) == "a.png"
    stage.window.close()
    discard(stage)
    assert not stage.window.isVisible()


@pytest.mark.parametrize("how", ["next_photo", "finish_and_step", "click"])
def test_a_stroke_in_hand_ends_before_the_photo_is_saved_and_left(stage: WindowStage, how: str) -> None:
    open_folder(stage)
    stage.runner.job.finish()
    paint_a_stroke(stage)
    left, canvas = stage.document, stage.window.canvas
    middle = canvas.width() / 2, canvas.height() / 2
    send(canvas, QEvent.Type.MouseButtonPress, middle, button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, (middle[0] + 30, middle[1]), button=NO_BUTTON, held=LEFT)
    painted = stage.alpha
    if how == "click":
        click(stage, 1)
    else:
        stage.window.actions_set.trigger(how)
        stage.settle()
    assert open_name(stage) == "b.png"
    stage.window.actions_set.trigger("previous_photo")
    stage.settle()
    assert stage.document is not left, "it was read from disk"
    np.testing.assert_array_equal(stage.alpha, left.active.alpha)
    assert (stage.alpha >= painted).all(), "nothing of the stroke is lost"


@pytest.mark.parametrize("has_let_go", [True, False])
def test_what_is_painted_while_the_next_photo_is_read_is_not_lost(
    stage: WindowStage, has_let_go: bool
) -> None:
    open_folder(stage)
    end_work(stage)
    left, canvas = stage.document, stage.window.canvas
    found = stage.alpha
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert stage.session.opener.opening is not None
    QTest.keyClick(canvas, Qt.Key.Key_E)
    send(canvas, QEvent.Type.MouseButtonPress, (300, 250), button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, (360, 250), button=NO_BUTTON, held=LEFT)
    if has_let_go:
        send(canvas, QEvent.Type.MouseButtonRelease, (360, 250), button=LEFT, held=NO_BUTTON)
    stage.settle()
    assert open_name(stage) == "b.png"
    assert not left.unsaved.is_any
    stage.window.actions_set.trigger("previous_photo")
    stage.settle()
    assert stage.document is not left, "it was read from disk"
    np.testing.assert_array_equal(stage.alpha, left.active.alpha)
    assert (stage.alpha != found).any()
