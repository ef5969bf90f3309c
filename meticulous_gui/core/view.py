"""Which part of the photo is seen, how large, and in which manner: values without any pixels."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from meticulous_gui.core.geometry import Box

__all__ = ["NEAREST_FROM_ZOOM", "View", "ViewMode"]

NEAREST_FROM_ZOOM: Final = 2.0
"""From here on single pixels are shown as squares."""

_REACH_PX: Final = 4
"""Device pixels: interpolation reaches 2 pixels beyond a change, the contour 2 more."""


class ViewMode(Enum):
    """Ways to look at a photo and its masks."""

    OVERLAY = "overlay"
    CONTOUR = "contour"
    BLACK = "black"
    WHITE = "white"
    CHECKERBOARD = "checkerboard"
    ALPHA = "alpha"
    CONFIDENCE = "confidence"
    DECIDED = "decided"
    PHOTO = "photo"


@dataclass(frozen=True)
class View:
    """Where the photo lies in the viewport.

    Attributes:
        zoom: device pixels per image pixel, > 0.
        origin_x, origin_y: the image point at the viewport's top left corner.
    """

    zoom: float
    origin_x: float
    origin_y: float

    @classmethod
    def fit(cls, size_hw: tuple[int, int], viewport_hw: tuple[int, int]) -> View:
        """Return the view that shows all of a photo in the middle of a viewport of device pixels."""
        zoom = min(view / max(side, 1) for view, side in zip(viewport_hw, size_hw, strict=True))
        zoom = max(zoom, 1e-6)
        return cls(
            zoom, (size_hw[1] - viewport_hw[1] / zoom) / 2.0, (size_hw[0] - viewport_hw[0] / zoom) / 2.0
        ).snapped()

    def image_to_view(self, x: float, y: float) -> tuple[float, float]:
        """Return the device point of an image point."""
        return (x - self.origin_x) * self.zoom, (y - self.origin_y) * self.zoom

    def view_to_image(self, view_x: float, view_y: float) -> tuple[float, float]:
        """Return the image point of a device point."""
        return self.origin_x + view_x / self.zoom, self.origin_y + view_y / self.zoom

    def panned_by(self, dx: float, dy: float) -> View:
        """Return the view with the picture moved by device pixels."""
        return View(self.zoom, self.origin_x - dx / self.zoom, self.origin_y - dy / self.zoom)

    def snapped(self) -> View:
        """Return the view with its origin on whole device pixels, so that a pan shifts finished pixels."""
        return View(
            self.zoom,
            round(self.origin_x * self.zoom) / self.zoom,
            round(self.origin_y * self.zoom) / self.zoom,
        )

    def image_box_to_view(self, box: Box) -> Box:
        """Return the device box that an image box covers, outwards."""
        return _outwards(box, self.image_to_view)

    def view_box_to_image(self, box: Box) -> Box:
        """Return the image box that a device box shows, outwards; may reach outside the photo."""
        return _outwards(box, self.view_to_image)

    def dirty_box(self, box: Box) -> Box:
        """Return the device box that may look different when the pixels of an image box changed.

        Larger than the box itself: smaller levels, interpolation and contour lines reach beyond it.
        """
        return self.image_box_to_view(box).pad(_REACH_PX)


def _outwards(box: Box, convert: Callable[[float, float], tuple[float, float]]) -> Box:
    """Return the smallest box of the other frame that holds all of ``box``."""
    if box.is_empty:
        return Box(0, 0, 0, 0)
    (x0, y0), (x1, y1) = convert(box.x0, box.y0), convert(box.x1, box.y1)
    return Box(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1))
