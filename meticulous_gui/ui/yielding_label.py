"""A label that pushes nothing else out of sight, however long its text is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QWidget


class YieldingLabel(QLabel):
    """Plain text that may be shown in less room than it needs: an ellipsis stands for what is left out.

    Attributes:
        shown: what is read of the text.
    """

    def __init__(
        self, parent: QWidget | None = None, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setMinimumWidth(1)

    @property
    def shown(self) -> str:
        room_px = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), self._mode, room_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.contentsRect(), flags, self.shown)
        painter.end()
