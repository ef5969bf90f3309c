"""A box that is dragged out: from press to release, drawn two-tone."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.decorations import paint_rectangle
from meticulous_gui.ui.tools.base import PointerEvent, Surface

MIN_SIDE_VIEW_PX = 4.0


class BoxDrag:
    """The two corners of a box in image pixels, and how they look on the canvas."""

    def __init__(self, surface: Surface, event: PointerEvent) -> None:
        self._surface = surface
        self._from = event.x, event.y
        self._to = event.x, event.y

    def move_to(self, event: PointerEvent) -> None:
        """Drag the second corner."""
        before = self._outer_rect()
        self._to = event.x, event.y
        self._surface.refresh_overlay(before.united(self._outer_rect()))

    def erase(self) -> None:
        """Take the outline off the canvas (after whoever draws it has let it go)."""
        self._surface.refresh_overlay(self._outer_rect())

    def box(self, image_hw: tuple[int, int]) -> Box:
        """Return the dragged box outwards to whole pixels, inside the photo; empty for a mere click."""
        rect = self._rect()
        if max(rect.width(), rect.height()) < MIN_SIDE_VIEW_PX * self._surface.device_pixel_ratio:
            return Box(0, 0, 0, 0)
        xs, ys = sorted((self._from[0], self._to[0])), sorted((self._from[1], self._to[1]))
        box = Box(math.floor(xs[0]), math.floor(ys[0]), math.ceil(xs[1]), math.ceil(ys[1]))
        return box.clip(Box.whole(image_hw))

    def paint(self, painter: QPainter, *, is_dashed: bool) -> None:
        """Draw the outline."""
        ratio = self._surface.device_pixel_ratio
        paint_rectangle(painter, self._rect(), device_pixel_ratio=ratio, is_dashed=is_dashed)

    def _rect(self) -> QRectF:
        view = self._surface.view
        first, second = QPointF(*view.image_to_view(*self._from)), QPointF(*view.image_to_view(*self._to))
        return QRectF(first, second).normalized()

    def _outer_rect(self) -> QRectF:
        margin = 3.0 * self._surface.device_pixel_ratio
        return self._rect().adjusted(-margin, -margin, margin, margin)
