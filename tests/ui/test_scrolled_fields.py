"""Fields that are scrolled: the wheel scrolls them, and changes none that it comes by."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QSlider, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.scrolled_fields import ScrolledFields


def turn_wheel(widget: QWidget) -> None:
    """Turn it towards the hand, as the desktop says it."""
    window = widget.window()
    middle = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), middle, QPoint(0, -120))


@pytest.mark.parametrize("height", [200, 480])
def test_the_wheel_scrolls_and_changes_only_what_has_the_keyboard(qtbot: QtBot, height: int) -> None:
    holder, fields = QWidget(), QWidget()
    column = QVBoxLayout(fields)
    combo, spin, slider = QComboBox(), QSpinBox(), QSlider(Qt.Orientation.Horizontal)
    combo.addItems(["a", "b", "c"])
    for value in (spin, slider):
        value.setRange(0, 100)
        value.setValue(50)
    for field in (combo, spin, slider):
        column.addWidget(field)
    column.addSpacing(300)
    area = ScrolledFields(fields, "Fields", holder)
    area.resize(200, height)
    holder.resize(200, 480)
    qtbot.addWidget(holder)
    holder.show()
    qtbot.waitExposed(holder)
    holder.setFocus()
    bar, is_scrolled = area.verticalScrollBar(), height < 300
    for field in (combo, spin, slider):
        bar.setValue(0)
        turn_wheel(field)
        assert (bar.value() > 0) is is_scrolled
    assert (combo.currentIndex(), spin.value(), slider.value() == 50) == (
        (0, 50, True) if is_scrolled else (1, 49, False)
    )
    bar.setValue(0)
    spin.setFocus()
    turn_wheel(spin)
    assert spin.value() == (49 if is_scrolled else 48)
