"""What every panel over the canvas is: a title on a sheet that stays in its corner."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QPushButton, QStyle, QVBoxLayout, QWidget

from meticulous_gui.ui.panels.title import panel_title

GAP_PX: Final = 16
FOOT_GAP_PX: Final = 6
SHEET: Final = """
FloatingFrame { background: palette(window); border: 1px solid palette(dark); border-radius: 6px; }
"""
MOVES: Final = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class FloatingFrame(QFrame):
    """A hidden sheet over the canvas; what it holds goes below its title.

    Attributes:
        column: what it holds, from top to bottom.
    """

    def __init__(self, title: str, over: QWidget, corner: Qt.AlignmentFlag) -> None:
        """Make it.

        Args:
            title: what is read at its top.
            over: what it lies over.
            corner: of ``over``.
        """
        super().__init__(over.parentWidget())
        self._over = over
        self._corner = corner
        self._above: QWidget | None = None
        self._below: QWidget | None = None
        self.setAutoFillBackground(True)
        self.renew_sheet()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 8, 12, 12)
        heading = panel_title(title, self)
        heading.setContentsMargins(0, 0, 0, 0)
        self.column.addWidget(heading)
        over.installEventFilter(self)
        self.hide()

    def renew_sheet(self) -> None:
        """Take the colours of the present palette: a style sheet keeps those it was set with."""
        self.setStyleSheet("")
        self.setStyleSheet(SHEET)

    def keep_below(self, above: QWidget) -> None:
        """Leave room for what may come and go at the top of the canvas."""
        self._above = above
        above.installEventFilter(self)

    def keep_above(self, below: QWidget) -> None:
        """Leave room, where there would be none, for what may come and go at the foot of the canvas."""
        self._below = below
        below.installEventFilter(self)

    def place(self) -> None:
        """Take no more room than is needed, in the corner."""
        self.adjustSize()
        room = self._room().marginsRemoved(QMargins(GAP_PX, GAP_PX, GAP_PX, GAP_PX))
        direction = Qt.LayoutDirection.LeftToRight  # the corner is meant as it is named
        place = QStyle.alignedRect(direction, self._corner, self.size(), room)
        below = self._below
        if below is not None and not below.isHidden() and place.intersects(below.geometry()):
            place.moveBottom(below.geometry().top() - FOOT_GAP_PX)
        over = self._over.geometry()
        place.moveBottom(min(place.bottom(), over.bottom()))
        # The title is seen in any case.
        place.moveTopLeft(QPoint(max(place.left(), over.left()), max(place.top(), over.top())))
        self.move(place.topLeft())

    def _room(self) -> QRect:
        """Return what is free below what lies above."""
        room = self._over.geometry()
        if self._above is not None and not self._above.isHidden():
            room.setTop(max(room.top(), self._above.geometry().bottom()))
        return room

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the canvas and of what lies above and below."""
        if watched in (self._over, self._above, self._below) and event.type() in MOVES:
            self.place()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # it must not reach what lies below

    def make_button(self, text: str, help_text: str) -> QPushButton:
        """Return a button that is not laid out yet."""
        button = QPushButton(text, self)
        button.setAccessibleName(text)
        button.setAccessibleDescription(help_text)
        button.setToolTip(help_text)
        return button
