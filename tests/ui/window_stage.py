"""A shown window on a session with a fake runner, and a hand that paints in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
)
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.window import MainWindow
from tests.ui.fakes import Stage
from tests.ui.mouse import drag


class WindowStage(Stage):
    """A shown window on a session with a fake runner."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder)
        self.window = MainWindow(self.session, Choices(), log_folder=folder)
        self.window.resize(1000, 700)
        qtbot.addWidget(self.window, before_close_func=lambda window: setattr(window, "_may_close", True))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.canvas.setFocus()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key with the focus where it is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.settle()

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """Return the open dialog of a kind."""
        for dialog in self.window.findChildren(kind):
            if dialog.isVisible():
                return dialog
        raise LookupError(f"no {kind.__name__} is open")


def paint_a_stroke(stage: WindowStage, *, reach: float = 200) -> None:
    """Paint with the real mouse in the middle of the canvas, or so far left of it and above."""
    canvas = stage.window.canvas
    middle_x, middle_y = canvas.width() / 2, canvas.height() / 2
    start = middle_x - reach, middle_y - reach * 0.75
    drag(canvas, start, (start[0] + reach / 2 + 1, start[1]))
    stage.settle()
