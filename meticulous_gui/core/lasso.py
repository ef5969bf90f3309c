"""From a free-hand outline to the exact coverage of every pixel it meets."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.blend import blend_coverage
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.prompts import Lasso
from meticulous_gui.core.types import Coverage

__all__ = ["lasso_edit", "rasterise_lasso"]


def rasterise_lasso(lasso: Lasso, size_hw: tuple[int, int]) -> tuple[Box, Coverage]:
    """Return which part of the photo a lasso meets, and how much it covers of each pixel there.

    Coverage is the exact area inside the outline. An outline that crosses itself covers what it goes round,
    also where it goes round twice (so the overlap of start and end leaves no hole).

    Args:
        lasso: fewer than three corners cover nothing; corners may lie outside the photo.
        size_hw: of the photo.

    Returns:
        The box, empty where nothing is met, and its (h, w) uint8 coverage 0..255.

    Raises:
        ValueError: a corner is not finite.
    """
    corners = np.array(lasso.points_xy, np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all():
        raise ValueError("the corners of a lasso must be finite numbers")
    if len(corners) < 3:
        return Box(0, 0, 0, 0), np.zeros((0, 0), np.uint8)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    box = Box(math.floor(x0), math.floor(y0), math.ceil(x1), math.ceil(y1)).clip(Box.whole(size_hw))
    if box.is_empty:
        return box, np.zeros((0, 0), np.uint8)
    inside = corners - np.array([box.x0, box.y0], np.float64)
    return box, _coverage(inside, np.roll(inside, -1, axis=0), box.size_hw)


def lasso_edit(layer: Layer, lasso: Lasso, *, title: str = "Lasso") -> Edit | None:
    """Return what a lasso does to a layer; None where it meets no pixel of the photo."""
    box, coverage = rasterise_lasso(lasso, layer.size_hw)
    if box.is_empty or not coverage.any():
        return None
    new = blend_coverage(layer.alpha[box.slices()], coverage, is_adding=lasso.is_adding)
    return Edit.by_hand(layer, box, new, touched=coverage > 0, title=title)


Points = NDArray[np.float64]


def _cut(starts: Points, ends: Points, axis: int, low: int, high: int) -> tuple[Points, Points]:
    """Cut segments where they cross the whole numbers low..high of an axis."""
    first = np.floor(np.minimum(starts[:, axis], ends[:, axis])) + 1.0
    last = np.ceil(np.maximum(starts[:, axis], ends[:, axis])) - 1.0
    first, last = np.clip(first, low, None), np.clip(last, None, high)
    counts = np.maximum(last - first + 1.0, 0.0).astype(np.int64)
    # Each segment becomes counts + 1 pieces; cut k of a rising one is first + k, of a falling one last - k.
    index = np.repeat(np.arange(len(starts)), counts)
    k = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    is_rising = (ends[:, axis] >= starts[:, axis])[index]
    at = np.where(is_rising, first[index] + k, last[index] - k)
    t = (at - starts[index, axis]) / (ends[index, axis] - starts[index, axis])
    cuts = starts[index] + (ends[index] - starts[index]) * t[:, None]
    cuts[:, axis] = at
    where = np.cumsum(counts)
    piece_starts = np.insert(cuts, where - counts, starts, axis=0)
    piece_ends = np.insert(cuts, where, ends, axis=0)
    return piece_starts, piece_ends


def _coverage(starts: Points, ends: Points, size_hw: tuple[int, int]) -> Coverage:
    """Return the (h, w) coverage inside the outline made of segments, which may reach outside.

    Every segment adds its height to all pixels on its right, and in its own pixel the part that lies right of
    it; summed along a row this is how often the outline goes round each pixel. Between the pixels that the
    outline meets the sum is constant, so the work is that of the outline and one pass of filling.
    """
    height, width = size_hw
    starts, ends = _cut(*_cut(starts, ends, 1, 0, height), 0, 0, width)
    middle = (starts + ends) / 2.0
    is_seen = (middle[:, 1] >= 0.0) & (middle[:, 1] < height) & (middle[:, 0] < width)
    middle, rise = middle[is_seen], (ends - starts)[is_seen, 1]
    # What lies left of the box goes round all of its columns.
    column = np.maximum(np.floor(middle[:, 0]), 0.0)
    share = np.clip(middle[:, 0] - column, 0.0, 1.0)
    cell = (np.floor(middle[:, 1]) * width + column).astype(np.int64)
    has_next = column + 1.0 < width
    row_starts = np.arange(height, dtype=np.int64) * width
    cells, index = np.unique(np.concatenate([cell, cell[has_next] + 1, row_starts]), return_inverse=True)
    amounts = np.concatenate([rise * (1.0 - share), (rise * share)[has_next], np.zeros(height)])
    steps = np.bincount(index, amounts, len(cells))
    # One sum over all rows, less what it had reached where each row begins.
    winding = np.cumsum(steps)
    first = np.searchsorted(cells, row_starts)
    n_in_row = np.diff(np.append(first, len(cells)))
    winding -= np.repeat(winding[first] - steps[first], n_in_row)
    values = np.rint(np.minimum(np.abs(winding), 1.0) * 255.0).astype(np.uint8)
    return np.repeat(values, np.diff(np.append(cells, height * width))).reshape(height, width)
