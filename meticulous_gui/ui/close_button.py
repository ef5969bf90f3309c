"""The small button that closes what it lies on."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QToolButton, QWidget

SIDE_PX: Final = 28


def close_button(name: str, parent: QWidget, *, tip: str = "") -> QToolButton:
    """Return a flat button with a cross; what it closes follows its `clicked`.

    Args:
        name: what it does, for those who cannot see it.
        tip: the same for the pointer, where there is more to say.
    """
    button = QToolButton(parent)
    button.setText("✕")
    button.setAutoRaise(True)
    button.setFixedSize(SIDE_PX, SIDE_PX)
    button.setAccessibleName(name)
    button.setToolTip(tip or name)
    return button
