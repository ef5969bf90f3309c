"""A guard against a PySide6 that loses references to None: painting then kills the process in seconds."""

from __future__ import annotations

import sys

from PySide6.QtGui import QPainter, QPixmap
from pytestqt.qtbot import QtBot


def test_painting_two_thousand_times_loses_no_reference_to_none(qtbot: QtBot) -> None:
    pixmap = QPixmap(4, 4)
    painter = QPainter(pixmap)
    before = sys.getrefcount(None)
    for _ in range(2000):
        painter.drawPoint(1, 1)
    after = sys.getrefcount(None)
    painter.end()
    assert after > before - 100, "this PySide6 drops references to None; install one below 6.12"
