"""Ctrl+Z in a field for numbers takes back what is typed there, else the newest step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_who_has_set_the_size_of_the_brush_undoes_strokes(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    n_steps = stage.document.history.n_done
    field = stage.window.context_bar.findChildren(QDoubleSpinBox)[0]
    field.setFocus()
    stage.press(Qt.Key.Key_Up)
    assert field.hasFocus()
    stage.press(Qt.Key.Key_Z, CTRL)
    assert stage.document.history.n_done == n_steps - 1
    stage.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert stage.document.history.n_done == n_steps
    before = field.text()
    field.selectAll()
    QTest.keyClicks(field, "17")
    stage.press(Qt.Key.Key_Z, CTRL)
    assert field.text() == before
    assert stage.document.history.n_done == n_steps
