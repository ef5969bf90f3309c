"""From a free-hand outline to the exact coverage of every pixel it meets."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.prompts import Lasso
from meticulous_gui.core.types import Coverage

__all__ = ["lasso_edit", "rasterise_lasso"]

_BAND_PX = 4_000_000
"""Pixels worked on at a time, so that a lasso around 100 megapixels needs no 100-megapixel float array."""


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
    coverage = np.zeros(box.size_hw, np.uint8)
    if box.is_empty:
        return box, coverage
    inside = np.stack([corners[:, 0] - box.x0, corners[:, 1] - box.y0], axis=1)
    starts, ends = _cut_at_rows(inside, np.roll(inside, -1, axis=0), box.height)
    n_rows = max(_BAND_PX // box.width, 1)
    for row in range(0, box.height, n_rows):
        band = slice(row, min(row + n_rows, box.height))
        rows = np.floor((starts[:, 1] + ends[:, 1]) / 2.0)
        chosen = (rows >= band.start) & (rows < band.stop)
        shift = np.array([0.0, band.start])
        coverage[band] = _band_coverage(
            starts[chosen] - shift, ends[chosen] - shift, (band.stop - band.start, box.width)
        )
    return box, coverage


def lasso_edit(layer: Layer, lasso: Lasso, *, title: str = "Lasso") -> Edit | None:
    """Return what a lasso does to a layer; None where it meets no pixel of the photo."""
    box, coverage = rasterise_lasso(lasso, layer.size_hw)
    if box.is_empty or not coverage.any():
        return None
    alpha = layer.alpha[box.slices()]
    if lasso.is_adding:
        changed = cv2.add(alpha, cv2.multiply(cv2.bitwise_not(alpha), coverage, scale=1.0 / 255.0))
    else:
        changed = cv2.multiply(alpha, cv2.bitwise_not(coverage), scale=1.0 / 255.0)
    new = np.asarray(changed, np.uint8).reshape(box.size_hw)
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


def _cut_at_rows(starts: Points, ends: Points, height: int) -> tuple[Points, Points]:
    return _cut(starts, ends, 1, 0, height)


def _band_coverage(starts: Points, ends: Points, size_hw: tuple[int, int]) -> Coverage:
    """Return the coverage of a band from segments that each stay within one of its rows.

    Every segment adds its height to all pixels on its right, and in its own pixel the part that lies right of
    it; summed along a row this is how often the outline goes round each pixel.
    """
    height, width = size_hw
    starts, ends = _cut(starts, ends, 0, 0, width)
    # Clipped: rounding may put the end of a piece a hair beyond its row.
    rows = np.clip(np.floor((starts[:, 1] + ends[:, 1]) / 2.0).astype(np.int64), 0, height - 1)
    middle = (starts[:, 0] + ends[:, 0]) / 2.0
    rise = ends[:, 1] - starts[:, 1]
    columns = np.floor(middle).astype(np.int64)
    within = middle - columns
    is_left, is_right = columns < 0, columns >= width
    columns, within = np.where(is_left, 0, columns), np.where(is_left, 0.0, within)
    cell = (rows * (width + 1) + columns)[~is_right]
    rise, within = rise[~is_right], within[~is_right]
    n_cells = height * (width + 1)
    winding = np.bincount(cell, rise * (1.0 - within), n_cells)
    winding += np.bincount(cell + 1, rise * within, n_cells)
    winding = np.cumsum(winding.reshape(height, width + 1), axis=1)[:, :width]
    return np.rint(np.minimum(np.abs(winding), 1.0) * 255.0).astype(np.uint8)
