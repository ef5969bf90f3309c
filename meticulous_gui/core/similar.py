"""Areas of similar colour: what hangs together with a point, or all of the photo, within a tolerance."""

from __future__ import annotations

from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.types import Coverage, RgbImage

__all__ = ["MAX_TOLERANCE", "Colour", "ColourDistance", "SimilarColour", "colour_at"]

Colour: TypeAlias = NDArray[np.float64]
"""(3,) float64: red, green, blue 0..255."""

MAX_TOLERANCE: Final = 255
"""Black and white are this far apart: every colour is similar to every other."""

_STRIP_ROWS: Final = 32
_COVER_ROWS: Final = 128
_AROUND: Final = np.ones((3, 3), np.uint8)
_LEAST_SOFTNESS: Final = 4.0
_FLOOD: Final = 4 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | (255 << 8)


class ColourDistance:
    """How far the colours of a picture are from one colour; tolerances are then tried quickly."""

    def __init__(self, rgb: RgbImage, colour: Colour) -> None:
        """Compare (H, W, 3) uint8 with a colour."""
        self._distance = _distances(rgb, colour)

    def similar(self, tolerance: float) -> Coverage:
        """Return (H, W) uint8, how much each pixel counts as similar, wherever it lies."""
        coverage, height = np.empty_like(self._distance), len(self._distance)
        # In strips that stay in the processor's cache, with a row more where there is one: the pixels beside.
        for first in range(0, height, _COVER_ROWS):
            top, last = max(first - 1, 0), min(first + _COVER_ROWS, height)
            strip = self._distance[top : last + 1]
            covered = _covered(strip, _within(strip, tolerance), tolerance)
            coverage[first:last] = covered[first - top : last - top]
        return coverage


class SimilarColour:
    """How far the colours of a picture are from those at one point; tolerances are then tried quickly.

    The distance of two colours is the largest difference of their red, green and blue, 0..255.
    """

    def __init__(self, rgb: RgbImage, x: int, y: int, colour: Colour | None = None) -> None:
        """Compare a picture with what it has at one point.

        Args:
            rgb: (H, W, 3) uint8.
            x, y: column and row.
            colour: what to compare with; without one `colour_at` the point. (A smaller copy of a photo is
                compared with the photo's own colour.)

        Raises:
            ValueError: the point lies outside the picture.
        """
        around = _around(rgb, x, y)
        self._distance = _distances(rgb, colour if colour is not None else colour_at(rgb, x, y))
        # Beginning at the pixel nearest to the colour: a single grain of noise is no colour of its own.
        near = self._distance[around.slices()]
        row, column = divmod(int(near.argmin()), near.shape[1])
        self._seed = around.x0 + column, around.y0 + row

    def region(self, tolerance: float, *, is_contiguous: bool) -> tuple[Box, Coverage]:
        """Return which pixels are similar.

        Those within the tolerance are covered wholly; those beside them in part, by how near they come to it,
        so that the edge of the area is as soft as the photo's.

        Args:
            tolerance: 0..255; the point itself is always within.
            is_contiguous: only what hangs together with the point, side by side; else all of the picture.

        Returns:
            The box of what is covered and its (h, w) uint8 coverage 0..255.
        """
        x, y = self._seed
        tolerance = min(max(tolerance, float(self._distance[y, x])), float(MAX_TOLERANCE))
        if is_contiguous:
            within, box = self._flooded(tolerance)
        else:
            within, box = _within(self._distance, tolerance), Box.whole(self._size_hw)
        coverage = _covered(self._distance[box.slices()], within, tolerance)
        part = bounding_box(coverage)
        return part.translate(box.x0, box.y0), np.ascontiguousarray(coverage[part.slices()])

    def _flooded(self, tolerance: float) -> tuple[NDArray[np.uint8], Box]:
        height, width = self._size_hw
        own = float(self._distance[self._seed[1], self._seed[0]])
        mask = np.zeros((height + 2, width + 2), np.uint8)
        _, _, _, rect = cv2.floodFill(self._distance, mask, self._seed, 0, own, tolerance - own, _FLOOD)
        x0, y0, flood_width, flood_height = rect
        box = Box(x0, y0, x0 + flood_width, y0 + flood_height).pad(1).clip(Box.whole(self._size_hw))
        return np.ascontiguousarray(mask[1:-1, 1:-1][box.slices()]), box

    @property
    def _size_hw(self) -> tuple[int, int]:
        return self._distance.shape[0], self._distance.shape[1]


def colour_at(rgb: RgbImage, x: int, y: int) -> Colour:
    """Return the mean of the 3 x 3 pixels around column x, row y: (3,) whole numbers.

    Raises:
        ValueError: the point lies outside the picture.
    """
    return np.rint(rgb[_around(rgb, x, y).slices()].reshape(-1, 3).mean(axis=0))


def _around(rgb: RgbImage, x: int, y: int) -> Box:
    height, width = rgb.shape[:2]
    if not (0 <= x < width and 0 <= y < height):
        raise ValueError(f"({x}, {y}) lies outside the picture of (H, W) = {(height, width)}")
    return Box(x - 1, y - 1, x + 2, y + 2).clip(Box.whole((height, width)))


def _within(distance: NDArray[np.uint8], tolerance: float) -> NDArray[np.uint8]:
    within = cv2.threshold(distance, tolerance, 255, cv2.THRESH_BINARY_INV)[1]
    return np.asarray(within, np.uint8).reshape(distance.shape)


def _covered(distance: NDArray[np.uint8], within: NDArray[np.uint8], tolerance: float) -> Coverage:
    """Return the coverage of an area and, in part, of the pixels beside it."""
    soft = cv2.LUT(distance, _softness_table(tolerance))
    edge = cv2.dilate(within, _AROUND)
    return np.asarray(cv2.max(cv2.bitwise_and(soft, edge), within), np.uint8).reshape(distance.shape)


def _distances(rgb: RgbImage, colour: Colour) -> NDArray[np.uint8]:
    """Return (H, W) uint8, how far each pixel is from a colour."""
    distances = np.empty(rgb.shape[:2], np.uint8)
    plain = np.empty((_STRIP_ROWS, *rgb.shape[1:]), np.uint8)
    plain[:] = colour
    # In strips that stay in the processor's cache; subtracting an array is ten times as fast as a scalar.
    for first in range(0, rgb.shape[0], _STRIP_ROWS):
        strip = rgb[first : first + _STRIP_ROWS]
        red, green, blue = cv2.split(cv2.absdiff(strip, plain[: len(strip)]))
        distances[first : first + _STRIP_ROWS] = cv2.max(cv2.max(red, green), blue)
    return distances


def _softness_table(tolerance: float) -> NDArray[np.uint8]:
    """Return for each distance how much a pixel beside the area is covered."""
    beyond = np.maximum(np.arange(256) - tolerance, 0.0)
    softness = max(tolerance / 2.0, _LEAST_SOFTNESS)
    return np.rint(255.0 * np.clip(1.0 - beyond / softness, 0.0, 1.0)).astype(np.uint8)
