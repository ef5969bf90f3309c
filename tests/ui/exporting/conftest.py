"""A photo with a mask, and the export dialog on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.dialogs.export import ExportDialog
from tests.ui.window_stage import WindowStage

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    stage.open_with_mask()  # 60 x 40 px, the object from (20, 10) to (40, 30)
    yield stage
    stage.session.close()


@pytest.fixture
def dialog(stage: WindowStage) -> ExportDialog:
    stage.press(Qt.Key.Key_E, CTRL | SHIFT)
    dialog = stage.dialog(ExportDialog)
    stage.settle()
    return dialog
