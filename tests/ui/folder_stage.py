"""A window over a folder of six photos, and what a person does with its strip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage

NAMES = [f"{letter}.png" for letter in "abcdef"]


def folder_stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    """Yield a window beside a folder that is not open yet; for a fixture."""
    stage = WindowStage(tmp_path / "photos", qtbot)
    stage.folder.mkdir()
    for name in NAMES:
        make_photo(stage.folder / name, (40, 60))
    yield stage
    stage.session.close()


def open_folder(stage: WindowStage) -> None:
    stage.window.open_paths([stage.folder])
    stage.settle()


def open_name(stage: WindowStage) -> str:
    assert stage.session.document is not None
    return stage.session.document.photo.name


def states(stage: WindowStage) -> list[PhotoState]:
    photos = stage.window.photos
    return [photos.state(path) for path in photos.paths]


def end_work(stage: WindowStage) -> None:
    """Let the network find the object of the open photo."""
    if stage.session.work.is_running:
        stage.runner.job.paint(Box(0, 0, 60, 40), 255)
        stage.runner.job.finish()
        stage.settle()


def click(stage: WindowStage, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    view = stage.window.folder.strip.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, cell(stage, row))
    stage.settle()


def cell(stage: WindowStage, row: int) -> QPoint:
    view = stage.window.folder.strip.view
    return view.visualRect(view.model().index(row, 0)).center()


def question_is_open(stage: WindowStage) -> bool:
    return any(question.isVisible() for question in stage.window.findChildren(UnsavedQuestion))


def discard(stage: WindowStage) -> None:
    question = stage.dialog(UnsavedQuestion)
    question.discard_button.click()
    stage.settle()


def in_memory(stage: WindowStage) -> list[str]:
    """Return the photos whose layers were said to be only in memory."""
    return [text.split()[3] for text in stage.texts if "only in memory" in text]
