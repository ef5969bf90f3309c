"""What a hand does in the export dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from meticulous_gui.ui.dialogs.export import ExportDialog
from tests.ui.window_stage import WindowStage

LEFT = Qt.MouseButton.LeftButton


def pick(dialog: ExportDialog, format_name: str) -> None:
    """Choose a format by keys, as a person does."""
    box = dialog.form.format
    box.setFocus()
    for _ in range(box.count()):
        if box.currentData() == format_name:
            return
        QTest.keyClick(box, Qt.Key.Key_Down)
    raise LookupError(format_name)


def press_export(stage: WindowStage, dialog: ExportDialog) -> None:
    QTest.mouseClick(dialog.export, LEFT)
    stage.settle()


def tick(box: QWidget) -> None:
    QTest.keyClick(box, Qt.Key.Key_Space)
