"""What the tool in hand is for, in the room that its options leave."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

MARGIN_PX: Final = 12


class HelpLine(QWidget):
    """A sentence that asks for no room, and is shown where there is enough for all of it."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.show_text(text)

    @property
    def shown(self) -> str:
        """What is written: the sentence, or "" where it does not fit."""
        is_room = self.fontMetrics().horizontalAdvance(self._text) + MARGIN_PX <= self.width()
        return self._text if is_room else ""

    def show_text(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(MARGIN_PX, 0, 0, 0), flags, self.shown)
        painter.end()
