"""How large a window is at first: as it was thought, or as a small or much enlarged screen has room for."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QSize
from PySide6.QtWidgets import QWidget

FRAME = QMargins(0, 32, 0, 0)
"""The title bar, which comes on top of the size."""


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window a size in logical pixels, less where its screen ends: Full HD at 200 % has 960 x 540."""
    screen = (window.parentWidget() or window).screen()
    room = screen.availableGeometry().marginsRemoved(FRAME).size()
    window.resize(QSize(width, height).boundedTo(room))
