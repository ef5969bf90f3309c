"""The pixels of a pyramid under a box of the viewport: level choice, alignment, interpolation."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.types import AnyImage
from meticulous_gui.core.view import NEAREST_FROM_ZOOM, View

__all__ = ["Window", "sample", "shown_box"]

_MARGIN_PX: Final = 2
"""Level pixels around the source box: linear interpolation asks for one more on each side."""

_FRACTIONS: Final = 1024.0
"""Source positions are rounded to this part of a pixel: then they are exact in float32 whatever the box."""


@dataclass(frozen=True)
class Window:
    """A box of the viewport and the photo under it.

    Attributes:
        view: where the photo lies in the viewport.
        box: device pixels; beyond the photo its rim is repeated.
        size_hw: of the photo.
    """

    view: View
    box: Box
    size_hw: tuple[int, int]

    def padded(self, px: int) -> Window:
        """Return the window with ``px`` more device pixels on each side, as far as the photo goes."""
        return replace(self, box=self.box.pad(px).clip(shown_box(self.view, self.size_hw)))

    def crop(self, image: AnyImage, inner: Window) -> AnyImage:
        """Return the part of an image of this window that lies under ``inner``, contiguous."""
        part = inner.box.translate(-self.box.x0, -self.box.y0)
        return np.ascontiguousarray(image[part.slices()])


def shown_box(view: View, size_hw: tuple[int, int]) -> Box:
    """Return the device pixels whose centres lie on the photo."""
    x0, y0 = view.image_to_view(0.0, 0.0)
    x1, y1 = view.image_to_view(float(size_hw[1]), float(size_hw[0]))
    return Box(*(math.ceil(round(edge - 0.5, 6)) for edge in (x0, y0, x1, y1)))


def sample(pyramid: Pyramid, window: Window) -> AnyImage:
    """Return the (h, w[, C]) pixels that a window shows of ``pyramid``; may be a view, not to be written to.

    From the smallest level that is large enough: its pixels themselves where they fall on device pixels, the
    nearest from 200 % on, else linear between their centres.
    """
    source, xs, ys = _source(pyramid, window)
    return source if xs is None or ys is None else _remapped(source, xs, ys, window.view.zoom)


def sample_bgrx(photo: Pyramid, window: Window) -> NDArray[np.uint8]:
    """Return the (h, w, 4) blue, green, red, 255 that a window shows of an RGB ``photo``; a new array.

    Turned to four channels before interpolating: OpenCV is twice as fast on four as on three.
    """
    source, xs, ys = _source(photo, window)
    bgrx = np.asarray(cv2.cvtColor(source, cv2.COLOR_RGB2BGRA), np.uint8)
    return bgrx if xs is None or ys is None else _remapped(bgrx, xs, ys, window.view.zoom)


Positions = NDArray[np.float32]


def _source(pyramid: Pyramid, window: Window) -> tuple[AnyImage, Positions | None, Positions | None]:
    """Return the part of a level under a window, and where in it each device column and row reads.

    None where the part already is what the window shows.
    """
    view, box = window.view, window.box
    k = pyramid.level_for(view.zoom)
    level, factor = pyramid.level(k), view.zoom * 2.0**k
    x, y = view.origin_x * view.zoom, view.origin_y * view.zoom
    if factor == 1.0 and abs(x - round(x)) < 1e-6 and abs(y - round(y)) < 1e-6:
        return level[box.translate(round(x), round(y)).slices()], None, None
    is_nearest = view.zoom >= NEAREST_FROM_ZOOM
    xs = _positions(view.origin_x * 0.5**k, factor, box.x0, box.x1, level.shape[1], is_nearest=is_nearest)
    ys = _positions(view.origin_y * 0.5**k, factor, box.y0, box.y1, level.shape[0], is_nearest=is_nearest)
    reached = Box(math.floor(xs[0]), math.floor(ys[0]), math.ceil(xs[-1]) + 1, math.ceil(ys[-1]) + 1)
    part = reached.pad(_MARGIN_PX).clip(Box.whole((level.shape[0], level.shape[1])))
    return level[part.slices()], (xs - part.x0).astype(np.float32), (ys - part.y0).astype(np.float32)


def _positions(
    origin: float, factor: float, start: int, stop: int, size: int, *, is_nearest: bool
) -> NDArray[np.float64]:
    """Return the level coordinate of each device pixel's centre, where 0 is the first level pixel's centre.

    The half pixels keep photo and mask on one grid at every zoom and level.
    """
    exact = origin + (np.arange(start, stop) + 0.5) / factor
    if is_nearest:
        return np.clip(np.floor(exact + 1e-9), 0, size - 1)
    return np.clip(np.rint((exact - 0.5) * _FRACTIONS) / _FRACTIONS, 0, size - 1)


def _remapped(source: AnyImage, xs: Positions, ys: Positions, zoom: float) -> NDArray[np.uint8]:
    map_x = np.empty((len(ys), len(xs)), np.float32)
    map_y = np.empty_like(map_x)
    map_x[:] = xs
    map_y[:] = ys[:, None]
    method = cv2.INTER_NEAREST if zoom >= NEAREST_FROM_ZOOM else cv2.INTER_LINEAR
    return cv2.remap(source, map_x, map_y, method, borderMode=cv2.BORDER_REPLICATE)
