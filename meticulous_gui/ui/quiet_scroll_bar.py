"""A thin scroll bar that is only a handle, faint until the pointer is on it; nothing where all is in view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QScrollBar

THICKNESS_PX = 10
HANDLE_PX = 6
MIN_HANDLE_PX = 24
FAINT, CLEAR = 130, 200
"""Alpha of the handle's colour, away from the pointer and under it."""


class QuietScrollBar(QScrollBar):
    """Moves like any scroll bar."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.orientation() is Qt.Orientation.Horizontal:
            return QSize(hint.width(), THICKNESS_PX)
        return QSize(THICKNESS_PX, hint.height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self.maximum() <= self.minimum():
            return
        is_across = self.orientation() is Qt.Orientation.Horizontal
        length = self.width() if is_across else self.height()
        span = self.maximum() - self.minimum()
        size = max(length * self.pageStep() / (span + self.pageStep()), MIN_HANDLE_PX)
        start = (length - size) * (self.sliderPosition() - self.minimum()) / span
        inset = (THICKNESS_PX - HANDLE_PX) / 2
        handle = QRectF(start, inset, size, HANDLE_PX) if is_across else QRectF(inset, start, HANDLE_PX, size)
        colour = QColor(self.palette().color(QPalette.ColorRole.Text))
        colour.setAlpha(CLEAR if self.underMouse() or self.isSliderDown() else FAINT)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(handle, HANDLE_PX / 2, HANDLE_PX / 2)
