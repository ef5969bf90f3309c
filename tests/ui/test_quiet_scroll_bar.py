from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.qimage import rgba_from_qimage
from meticulous_gui.ui.quiet_scroll_bar import QuietScrollBar
from meticulous_gui.ui.theme import contrast_ratio, make_palette

LENGTH_PX = 200


@pytest.fixture
def bar(qtbot: QtBot) -> QuietScrollBar:
    bar = QuietScrollBar(Qt.Orientation.Horizontal)
    qtbot.addWidget(bar)
    bar.resize(LENGTH_PX, bar.sizeHint().height())
    bar.setPageStep(100)
    bar.setRange(0, 300)
    bar.show()
    qtbot.waitExposed(bar)
    return bar


def drawn(bar: QuietScrollBar) -> list[int]:
    """Return the columns where the bar has drawn something."""
    row = rgba_from_qimage(bar.grab().toImage())[bar.height() // 2, :, :3].astype(int)
    return np.flatnonzero(np.abs(row - row[[0, -1]].max(axis=0)).max(axis=1) > 30).tolist()


def test_the_handle_is_where_the_view_is(bar: QuietScrollBar) -> None:
    bar.setValue(150)
    columns = drawn(bar)
    assert columns[0] == pytest.approx(75, abs=3)
    assert columns[-1] == pytest.approx(125, abs=3)


def test_nothing_is_drawn_where_all_is_in_view(bar: QuietScrollBar) -> None:
    bar.setRange(0, 0)
    assert not drawn(bar)


def test_it_moves_by_drag_and_by_key(bar: QuietScrollBar) -> None:
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(30, 5))
    QTest.mouseMove(bar, QPoint(90, 5))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(90, 5))
    dragged = bar.value()
    assert dragged > 50
    QTest.keyClick(bar, Qt.Key.Key_Home)
    assert bar.value() == 0


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_handle_can_be_seen_without_the_pointer(
    bar: QuietScrollBar, is_dark: bool, qapp: QApplication
) -> None:
    before = qapp.palette()
    qapp.setPalette(make_palette(is_dark=is_dark))
    try:
        bar.setValue(150)
        image = bar.grab().toImage()
        handle, ground = image.pixelColor(100, bar.height() // 2), image.pixelColor(2, bar.height() // 2)
        assert contrast_ratio(handle, ground) >= 3
    finally:
        qapp.setPalette(before)
