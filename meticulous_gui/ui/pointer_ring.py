"""The ring of the brush under the pointer, and the cross that the arrow keys move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtGui import QPainter

from meticulous_gui.ui.canvas_keys import KeyInput
from meticulous_gui.ui.decorations import PointerMark
from meticulous_gui.ui.tools.base import PointerEvent

if TYPE_CHECKING:
    from meticulous_gui.ui.canvas import Canvas

PREVIEW_MS: Final = 900


class PointerRing(QObject):
    """Keeps what is drawn at the pointer up to date; only what it leaves and what it takes is painted.

    Args:
        canvas: that shows it.
        keys: whose cursor goes before the mouse.
    """

    def __init__(self, canvas: Canvas, keys: KeyInput) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._keys = keys
        self._mark: PointerMark | None = None
        self._preview = QTimer(self, singleShot=True, interval=PREVIEW_MS)
        self._preview.timeout.connect(self.refresh)

    def preview(self) -> None:
        """Show it in the middle for a moment: a slider changes the size, so the pointer is elsewhere."""
        self._preview.start()
        self.refresh()

    def refresh(self) -> None:
        """Follow the pointer, the view or the brush."""
        ratio = self._canvas.device_pixel_ratio
        before, self._mark = self._mark, self._make_mark()
        if before == self._mark:
            return
        for mark in (before, self._mark):
            if mark is not None:
                self._canvas.refresh_overlay(mark.rect(ratio))

    def paint(self, painter: QPainter) -> None:
        """Draw it; the painter is in device pixels."""
        if self._mark is not None:
            self._mark.paint(painter, self._canvas.device_pixel_ratio)

    def _make_mark(self) -> PointerMark | None:
        event, tool, has_cross = self._event(), self._canvas.tool, self._keys.cursor.is_on
        if event is None:
            return None
        radius_px, centre = 0.0, (event.view_x, event.view_y)
        is_subtracting: bool | None = None
        if tool is not None and tool.brush is not None and not self._canvas.hands.would_pan:
            radius_px = tool.ring_radius_view_px(event)
            is_subtracting, centre = tool.is_subtracting(event), tool.ring_centre(event)
        if radius_px == 0.0 and not has_cross:
            return None
        return PointerMark(QPointF(*centre), radius_px, is_subtracting, has_cross)

    def _event(self) -> PointerEvent | None:
        """Return where the pointer is: the keyboard's, the mouse's, or the middle while that is shown."""
        place = self._canvas.place
        if place is None:
            return None
        if self._keys.cursor.is_on:
            return self._keys.event_at_cursor()
        pointer = self._canvas.hands.pointer
        if pointer is None and self._preview.isActive():
            view_x, view_y = place.centre_view_xy
            return PointerEvent(x=0.0, y=0.0, view_x=view_x, view_y=view_y)
        return pointer
