"""Dialogs go when they are answered, with everything they hold; of one kind there is one at a time."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.wrapping_label import BREAK
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def wait_until_gone(stage: WindowStage, qtbot: QtBot, is_gone: Callable[[], bool]) -> None:
    """Let what is left behind be freed; the stage keeps every job and message, which hold it, too."""
    for job in stage.runner.jobs:
        job.on_event = lambda _id, _event: None
    stage.runner.jobs.clear()
    stage.messages.clear()

    def is_freed() -> bool:
        stage.settle()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        return is_gone()

    qtbot.waitUntil(is_freed)


def test_a_document_that_was_discarded_is_freed(stage: WindowStage, qtbot: QtBot, tmp_path: Path) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    document = weakref.ref(stage.document)
    stage.window.open_paths([make_photo(tmp_path / "other.png", (40, 60))])
    stage.settle()
    stage.dialog(UnsavedQuestion).discard_button.click()
    stage.settle()
    assert stage.document is not document()
    wait_until_gone(stage, qtbot, lambda: document() is None)
    assert not stage.window.findChildren(UnsavedQuestion)


@pytest.mark.parametrize("action", ["invert_mask", "adjust_edge", "clean_up", "compare_all", "panels"])
def test_a_photo_that_was_left_and_saved_is_freed_at_once(
    stage: WindowStage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    """A day's work has hundreds of them, each with its pixels: they wait for no search for garbage."""
    monkeypatch.setattr(gc, "collect", lambda: None)
    for name in ("first.png", "second.png"):
        make_photo(tmp_path / name, (40, 60), mode="RGBA")  # no network is asked for a mask
    stage.window.open_paths([tmp_path])
    stage.settle()
    paint_a_stroke(stage)
    document = weakref.ref(stage.document)
    stage.window.actions_set.trigger(action)
    stage.settle()
    stage.press(Qt.Key.Key_Escape)
    for job in stage.runner.jobs:
        job.acknowledge()
    stage.window.actions_set.trigger("next_photo")
    stage.settle()
    assert stage.document.photo.name == "second.png"
    wait_until_gone(stage, qtbot, lambda: document() is None)


def test_there_is_one_question_at_a_time(stage: WindowStage, tmp_path: Path) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.window.close()
    stage.window.open_paths([make_photo(tmp_path / "other.png", (40, 60))])
    stage.settle()
    questions = [one for one in stage.window.findChildren(UnsavedQuestion) if one.isVisible()]
    assert len(questions) == 1
    questions[0].discard_button.click()
    stage.settle()
    assert stage.window.isVisible(), "what was asked last is done"
    assert stage.document.photo.name == "other.png"


@pytest.mark.parametrize("action", ["open", "open_folder", "save_in", "open_mask"])
def test_file_dialogs_are_freed(stage: WindowStage, qtbot: QtBot, action: str) -> None:
    stage.open_with_mask()
    stage.window.actions_set.trigger(action)
    stage.settle()
    stage.dialog(QFileDialog).reject()
    wait_until_gone(stage, qtbot, lambda: not stage.window.findChildren(QFileDialog))


def test_there_is_one_export_dialog(stage: WindowStage) -> None:
    stage.open_with_mask()
    for _ in range(2):
        stage.window.actions_set.trigger("export_as")
        stage.settle()
    assert len([one for one in stage.window.findChildren(ExportDialog) if one.isVisible()]) == 1


@pytest.mark.parametrize("where", ["beside", "nowhere", "mask"])
def test_the_question_says_where_saving_puts_the_work(stage: WindowStage, where: str) -> None:
    if where == "nowhere":
        stage.session.opener.open_picture(np.zeros((40, 60, 3), np.uint8))
        stage.settle()
    else:
        stage.open_with_mask()
    if where == "mask":
        Image.fromarray(stage.alpha).save(stage.folder / "mask.png")
        stage.window.masks.use(stage.folder / "mask.png")
        stage.settle()
    paint_a_stroke(stage)
    stage.window.close()
    said = stage.dialog(UnsavedQuestion).informativeText()
    wanted = {"beside": str(stage.folder / ".meticulous"), "nowhere": "asks for a folder", "mask": "mask.png"}
    assert wanted[where] in said.replace(BREAK, "")
