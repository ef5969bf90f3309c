"""The name above a panel."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget


def panel_title(text: str, parent: QWidget) -> QLabel:
    """Return a small bold label."""
    label = QLabel(text, parent)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(8, 4, 8, 2)
    label.setAccessibleName(text)
    return label
