"""The canvas's own pixels: one BGRX frame in device pixels, what of it is stale, its shift for a pan."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.resample import resize_bilinear
from meticulous_gui.ui.qimage import qimage_over_bgrx

MAX_DIRTY_BOXES = 8
MAX_WASTE = 1.25

FrameRenderer = Callable[[NDArray[np.uint8], Box], None]


class CanvasFrame:
    """What the canvas shows, composed only where it became stale.

    Attributes:
        pixels: (H, W, 4) uint8, blue, green, red, unused; device pixels.
        picture: a QImage over the same bytes; it is replaced together with `pixels`.
        is_rough: whether what is drawn is only a quick first look, at half the resolution.
    """

    def __init__(self) -> None:
        self.pixels: NDArray[np.uint8] = np.zeros((1, 1, 4), np.uint8)
        self._spare: NDArray[np.uint8] = np.zeros((1, 1, 4), np.uint8)
        self.picture: QImage = qimage_over_bgrx(self.pixels)
        self._dirty: list[Box] = []
        self.is_rough = False

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.pixels.shape[0], self.pixels.shape[1]

    @property
    def dirty_boxes(self) -> tuple[Box, ...]:
        """What the next compose will draw."""
        return tuple(self._dirty)

    def resize(self, size_hw: tuple[int, int]) -> None:
        """Take a new size in device pixels; everything becomes stale."""
        height, width = max(size_hw[0], 1), max(size_hw[1], 1)
        if (height, width) != self.size_hw:
            self.pixels = np.zeros((height, width, 4), np.uint8)
            self._spare = np.zeros_like(self.pixels)
            self.picture = qimage_over_bgrx(self.pixels)
        self.mark_all()

    def mark_all(self) -> None:
        """Call everything stale."""
        self._dirty = [Box.whole(self.size_hw)]
        self.is_rough = False

    @property
    def is_all_stale(self) -> bool:
        return self._dirty == [Box.whole(self.size_hw)]

    def mark(self, box: Box) -> Box:
        """Call a box of device pixels stale; return the part of it that lies in the frame."""
        box = box.clip(Box.whole(self.size_hw))
        if box.is_empty or any(old.contains(box) for old in self._dirty):
            return box
        merged = box
        kept: list[Box] = []
        for old in self._dirty:
            union = merged.union(old)
            if union.area <= MAX_WASTE * (merged.area + old.area):
                merged = union
            else:
                kept.append(old)
        kept.append(merged)
        total = sum(each.area for each in kept)
        if len(kept) > MAX_DIRTY_BOXES or 2 * total > self.pixels.shape[0] * self.pixels.shape[1]:
            bounds = kept[0]
            for each in kept[1:]:
                bounds = bounds.union(each)
            kept = [bounds]
        self._dirty = kept
        return box

    def shift(self, dx: int, dy: int) -> None:
        """Move what is drawn by whole device pixels and call the uncovered strips stale."""
        height, width = self.size_hw
        if abs(dx) >= width or abs(dy) >= height:
            self.mark_all()
            return
        target = Box(0, 0, width, height).translate(dx, dy).clip(Box(0, 0, width, height))
        source = target.translate(-dx, -dy)
        self._spare[target.slices()] = self.pixels[source.slices()]
        self.pixels, self._spare = self._spare, self.pixels
        self.picture = qimage_over_bgrx(self.pixels)
        stale, self._dirty = self._dirty, []
        for box in stale:
            self.mark(box.translate(dx, dy))
        if dy:
            self.mark(Box(0, 0, width, dy) if dy > 0 else Box(0, height + dy, width, height))
        if dx:
            self.mark(Box(0, 0, dx, height) if dx > 0 else Box(width + dx, 0, width, height))

    def compose(self, render: FrameRenderer) -> None:
        """Draw all stale boxes with `render(pixels, box)`."""
        stale, self._dirty = self._dirty, []
        for box in stale:
            render(self.pixels, box)

    def compose_rough(self, render_half: FrameRenderer) -> None:
        """Draw everything from a frame of half the size, a quarter of the work.

        Args:
            render_half: draws a box of a frame in which one pixel stands for 2 x 2 device pixels.
        """
        height, width = self.size_hw
        half: NDArray[np.uint8] = np.empty(((height + 1) // 2, (width + 1) // 2, 4), np.uint8)
        render_half(half, Box(0, 0, half.shape[1], half.shape[0]))
        doubled = resize_bilinear(half, (half.shape[0] * 2, half.shape[1] * 2))
        self.pixels[:] = doubled[:height, :width]
        self._dirty = []
        self.is_rough = True


def frame_size_hw(*, width: int, height: int, device_pixel_ratio: float) -> tuple[int, int]:
    """Return the device pixels (H, W) of a widget of `width` x `height` logical pixels."""
    return _qt_round(height * device_pixel_ratio), _qt_round(width * device_pixel_ratio)


def _qt_round(side_px: float) -> int:
    """Round half up, as Qt does; Python's own rounding would leave a column of 706.5 pixels half drawn."""
    return max(math.floor(side_px + 0.5), 1)


def logical_rect(box: Box, *, device_pixel_ratio: float) -> QRect:
    """Return a rectangle of logical pixels that surely covers a box of device pixels."""
    x0, y0 = math.floor(box.x0 / device_pixel_ratio) - 1, math.floor(box.y0 / device_pixel_ratio) - 1
    x1, y1 = math.ceil(box.x1 / device_pixel_ratio) + 1, math.ceil(box.y1 / device_pixel_ratio) + 1
    return QRect(x0, y0, x1 - x0, y1 - y0)


def outer_box(rect: QRectF) -> Box:
    """Return the smallest box of whole pixels around a rectangle."""
    return Box(
        math.floor(rect.left()), math.floor(rect.top()), math.ceil(rect.right()), math.ceil(rect.bottom())
    )
