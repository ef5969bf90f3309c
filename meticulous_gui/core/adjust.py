"""The edge of a mask made smoother, moved, softened or sharpened, at the cost of its length.

All of it is local: what a pixel becomes depends on the pixels within `Adjustment.reach_px`. So a box can be
worked out by itself, and where everything within reach is empty or full nothing has to be worked out at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.types import Alpha

__all__ = ["Adjustment", "adjusted", "adjusted_box", "adjusted_parts"]

_CELL_PX: Final = 32
_BAND_PX: Final = 256
"""Height of the boxes that are worked out at a time."""

_DISCS: Final = {1: 1, 2: 5, 3: 10, 4: 17, 5: 26}
"""Squared reach by radius: these sets of pixels are as round as their size allows (the largest to 2 %)."""

_LARGEST_GAUSS_PX: Final = 5.0
"""Standard deviation up to which the Gaussian itself is used; three boxes cost the same at any size."""


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """What happens to an edge, in this order.

    Attributes:
        smooth_px: rounds off what is smaller than this radius, >= 0; counts as a whole number.
        grow_px: how far the edge moves outwards; inwards when negative.
        feather_px: half of the width that the edge is softened to, >= 0.
        contrast: 0 (as it is) .. 1 (every pixel all or nothing).
    """

    smooth_px: float = 0.0
    grow_px: float = 0.0
    feather_px: float = 0.0
    contrast: float = 0.0

    def __post_init__(self) -> None:
        if min(self.smooth_px, self.feather_px) < 0.0 or not 0.0 <= self.contrast <= 1.0:
            raise ValueError(f"smooth_px and feather_px must be >= 0 and contrast lie in 0..1, got {self}")

    @property
    def is_identity(self) -> bool:
        """Whether it leaves every alpha as it is."""
        return self == Adjustment()

    @property
    def reach_px(self) -> int:
        """How far a pixel looks for what it becomes."""
        return (
            round(self.smooth_px) + math.ceil(abs(self.grow_px)) + 1 + math.ceil(1.5 * self.feather_px + 3.0)
        )

    def scaled(self, scale: float) -> Adjustment:
        """Return what does the same to a picture ``scale`` times as large."""
        return Adjustment(
            smooth_px=self.smooth_px * scale,
            grow_px=self.grow_px * scale,
            feather_px=self.feather_px * scale,
            contrast=self.contrast,
        )


def adjusted(alpha: Alpha, adjustment: Adjustment) -> Alpha:
    """Return a whole alpha adjusted, a new array; beyond its rim the rim is repeated."""
    result = np.array(alpha, np.uint8, order="C", copy=True)
    if adjustment.smooth_px >= 0.5:
        result = _bytes(cv2.medianBlur(result, 2 * round(adjustment.smooth_px) + 1))
    if adjustment.grow_px > 0.0:
        result = _grown(result, adjustment.grow_px)
    elif adjustment.grow_px < 0.0:
        result = _inverted(_grown(_inverted(result), -adjustment.grow_px))
    if adjustment.feather_px > 0.0:
        result = _blurred(result, adjustment.feather_px / 2.0)
    if adjustment.contrast > 0.0:
        result = _bytes(cv2.LUT(result, _contrast_table(adjustment.contrast)))
    return result.reshape(alpha.shape)


def adjusted_box(alpha: Alpha, box: Box, adjustment: Adjustment) -> Alpha:
    """Return the pixels of ``box`` of ``adjusted(alpha, adjustment)``, at the cost of the box.

    Args:
        alpha: (H, W) uint8.
        box: inside the alpha, not empty.
        adjustment: what to do.

    Returns:
        (box.height, box.width) uint8, a new array.
    """
    result = np.array(alpha[box.slices()], np.uint8, order="C", copy=True)
    for part, pixels in adjusted_parts(alpha, adjustment, box):
        result[part.translate(-box.x0, -box.y0).slices()] = pixels
    return result


def adjusted_parts(
    alpha: Alpha, adjustment: Adjustment, within: Box | None = None
) -> Iterator[tuple[Box, Alpha]]:
    """Yield the boxes that an adjustment changes and their new content.

    Args:
        alpha: (H, W) uint8; not to be changed before the last part is taken.
        adjustment: what to do.
        within: only this box of the alpha; all of it without one.

    Yields:
        A box, disjoint from all others, and its (h, w) uint8 pixels, contiguous.
    """
    if adjustment.is_identity or alpha.size == 0:
        return
    whole = Box.whole((alpha.shape[0], alpha.shape[1]))
    reach = adjustment.reach_px
    for box in _edge_boxes(alpha, within if within is not None else whole, reach):
        source = box.pad(reach).clip(whole)
        inner = box.translate(-source.x0, -source.y0)
        after = adjusted(alpha[source.slices()], adjustment)[inner.slices()]
        part = bounding_box(after != alpha[box.slices()])
        if not part.is_empty:
            yield part.translate(box.x0, box.y0), np.ascontiguousarray(after[part.slices()])


def _edge_boxes(alpha: Alpha, within: Box, reach_px: int) -> Iterator[Box]:
    """Yield disjoint boxes that hold every pixel of ``within`` that has something to look at within reach."""
    seen = within.pad(reach_px).clip(Box.whole((alpha.shape[0], alpha.shape[1])))
    part = alpha[seen.slices()]
    lowest, highest = _by_cells(part, np.minimum), _by_cells(part, np.maximum)
    n_cells = math.ceil(reach_px / _CELL_PX)
    kernel = np.ones((2 * n_cells + 1, 2 * n_cells + 1), np.uint8)
    is_mixed = (cv2.erode(lowest, kernel) < 255) & (cv2.dilate(highest, kernel) > 0)
    n_rows = _BAND_PX // _CELL_PX
    for first in range(0, is_mixed.shape[0], n_rows):
        band = is_mixed[first : first + n_rows].any(axis=0)
        steps = np.flatnonzero(np.diff(band.astype(np.int8), prepend=0, append=0))
        for start, stop in zip(steps[::2].tolist(), steps[1::2].tolist(), strict=True):
            cells = Box(start, first, stop, first + n_rows).scaled(_CELL_PX)
            box = cells.translate(seen.x0, seen.y0).clip(within)
            if not box.is_empty:
                yield box


def _by_cells(part: Alpha, extreme: np.ufunc) -> NDArray[np.uint8]:
    """Return the smallest or largest value of each cell, those at the end being cut off."""
    height, width = part.shape
    n_rows = height // _CELL_PX
    # Whole cells at once, the rest apart: numpy's `reduceat` is a hundred times slower.
    rows = extreme.reduce(part[: n_rows * _CELL_PX].reshape(n_rows, _CELL_PX, width), axis=1)
    if height % _CELL_PX:
        rows = np.concatenate([rows, extreme.reduce(part[n_rows * _CELL_PX :], axis=0, keepdims=True)])
    padded = np.pad(rows, ((0, 0), (0, -width % _CELL_PX)), mode="edge")
    cells = extreme.reduce(padded.reshape(len(rows), -1, _CELL_PX), axis=2)
    return np.asarray(cells, np.uint8)


def _grown(alpha: Alpha, radius_px: float) -> Alpha:
    """Return of each pixel the largest value within a radius; a part of a pixel counts as a part."""
    n_px = math.floor(radius_px)
    part = radius_px - n_px
    largest = max(_DISCS)
    # Discs add up: five pixels four times is twenty pixels, for a fraction of the work of one large disc.
    for step in [largest] * (n_px // largest) + [n_px % largest]:
        if step:
            alpha = _bytes(cv2.dilate(alpha, _disc(step)))
    if part == 0.0:
        return alpha
    return _bytes(cv2.addWeighted(alpha, 1.0 - part, cv2.dilate(alpha, _disc(1)), part, 0.0))


def _blurred(alpha: Alpha, sigma_px: float) -> Alpha:
    """Return the alpha blurred by a Gaussian, or by three boxes of its variance where that is much faster."""
    if sigma_px <= _LARGEST_GAUSS_PX:
        size = 2 * math.ceil(3.0 * sigma_px) + 1
        return _bytes(cv2.GaussianBlur(alpha, (size, size), sigma_px, borderType=cv2.BORDER_REPLICATE))
    for radius in _box_radii(sigma_px):
        size = 2 * radius + 1
        alpha = _bytes(cv2.blur(alpha, (size, size), borderType=cv2.BORDER_REPLICATE))
    return alpha


def _box_radii(sigma_px: float) -> tuple[int, int, int]:
    """Return three radii whose boxes together have the variance nearest to the Gaussian's."""
    # A box of radius r has the variance r (r + 1) / 3.
    low = math.floor((-1.0 + math.sqrt(1.0 + 4.0 * sigma_px**2)) / 2.0)
    choices = [(low + (n > 0), low + (n > 1), low + (n > 2)) for n in range(4)]
    return min(choices, key=lambda radii: abs(sum(r * (r + 1) for r in radii) / 3.0 - sigma_px**2))


@lru_cache(maxsize=8)
def _disc(radius: int) -> NDArray[np.uint8]:
    offsets = np.arange(-radius, radius + 1) ** 2
    return ((offsets[:, None] + offsets[None, :]) <= _DISCS[radius]).astype(np.uint8)


def _contrast_table(contrast: float) -> NDArray[np.uint8]:
    values = np.arange(256)
    if contrast >= 1.0:
        return np.where(values >= 128, 255, 0).astype(np.uint8)
    steeper = 127.5 + (values - 127.5) / (1.0 - contrast)
    return np.rint(np.clip(steeper, 0.0, 255.0)).astype(np.uint8)


def _inverted(alpha: Alpha) -> Alpha:
    return _bytes(cv2.bitwise_not(alpha))


def _bytes(image: NDArray[np.uint8] | cv2.typing.MatLike) -> NDArray[np.uint8]:
    """Return OpenCV's answer under its real type."""
    return np.asarray(image, np.uint8)
