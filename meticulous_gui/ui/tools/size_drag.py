"""Dragging the brush larger or smaller: the ring stays where the drag began and follows the hand."""

from __future__ import annotations

from meticulous_gui.ui.tools.base import PointerEvent, Surface
from meticulous_gui.ui.tools.brush_settings import BrushSettings

MIN_RING_VIEW_PX = 1.0


class SizeDrag:
    """One drag to the right (larger) or to the left (smaller).

    Attributes:
        centre: device pixels where the drag began.
    """

    def __init__(self, brush: BrushSettings, surface: Surface, event: PointerEvent) -> None:
        self._brush = brush
        self._radius_before_px = brush.radius_px
        zoom = surface.view.zoom
        ring_px = zoom * brush.radius_image_px(zoom=zoom, device_pixel_ratio=surface.device_pixel_ratio)
        self._ring_before_px = ring_px
        self._unit_per_view_px = brush.radius_px / ring_px
        self.centre = event.view_x, event.view_y

    def move_to(self, event: PointerEvent) -> None:
        """Let the ring grow by as much as the hand moved to the right."""
        ring_px = max(self._ring_before_px + event.view_x - self.centre[0], MIN_RING_VIEW_PX)
        self._brush.radius_px = ring_px * self._unit_per_view_px

    def undo(self) -> None:
        """Give the brush its old size."""
        self._brush.radius_px = self._radius_before_px
