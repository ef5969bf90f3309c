"""The third thing that makes a click count: the logits around it are lifted or lowered just enough.

Interpolation with a kernel of compact support (Wendland C2 times the likeness of the features): exact at
every click, and nothing changes farther than ``REACH_PX`` from the clicks that were disobeyed.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Logits

__all__ = ["MARGIN", "REACH_PX", "corrected", "values_at", "wendland"]

MARGIN: Final = 1.0
"""A click counts as obeyed for good when the logit at it is this far on its side."""

REACH_PX: Final = 36.0
_LIKENESS: Final = 0.5
_TINY: Final = 1e-9

Points = NDArray[np.float64]
"""(n, 2) x, y in network pixels; the centre of the first pixel is (0.5, 0.5)."""


def wendland(distance: NDArray[np.float64], reach: float) -> NDArray[np.float64]:
    """Return the kernel: 1 at no distance, exactly 0 from ``reach`` on; positive definite in the plane."""
    ratio = np.minimum(distance / reach, 1.0)
    return (1.0 - ratio) ** 4 * (4.0 * ratio + 1.0)


def _corners(points: Points, size_hw: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each point the four pixels it lies between, (n, 4, 2) as row, col, and their weights."""
    limits = np.array([size_hw[1] - 1, size_hw[0] - 1])
    place = np.clip(points - 0.5, 0, limits)
    low = np.minimum(np.floor(place).astype(np.int64), np.maximum(limits - 1, 0))
    part = place - low
    offsets = np.array([(0, 0), (1, 0), (0, 1), (1, 1)])
    corners = np.minimum(low[:, None, :] + offsets, limits)
    weights = np.prod(np.where(offsets == 1, part[:, None, :], 1.0 - part[:, None, :]), axis=2)
    return corners[:, :, ::-1], weights


def values_at(logits: Logits, points: Points) -> NDArray[np.float64]:
    """Return the logits at points between the pixels, as they reach the photo (bilinear)."""
    corners, weights = _corners(points, (logits.shape[0], logits.shape[1]))
    found: NDArray[np.float64] = (logits[corners[..., 0], corners[..., 1]] * weights).sum(axis=1)
    return found


def corrected(
    logits: Logits,
    points: Points,
    signs: NDArray[np.float64],
    features: NDArray[np.float32] | None = None,
    *,
    reach: float = REACH_PX,
) -> Logits:
    """Return logits that are at least ``MARGIN`` on the side of every click; others keep theirs exactly.

    Args:
        logits: (S, S) float32.
        points: of the clicks, no two of them at one place.
        signs: (n,) +1 or -1.
        features: (s, s, C) of length 1 at every cell; parts that look unlike the click change less.
            None: position alone counts.
        reach: in network pixels.
    """
    size_hw = (logits.shape[0], logits.shape[1])
    short = MARGIN - signs * values_at(logits, points) if len(points) else np.zeros(0)
    if not (short > 0).any():
        return logits
    residuals = np.where(short > 0, signs * short, 0.0)
    corners, weights = _corners(points, size_hw)
    flat = corners.reshape(-1, 2)
    looks = None if features is None else _looks_at(features, flat, size_hw)
    kernel = wendland(np.linalg.norm(flat[:, None] - flat[None], axis=2), reach)
    if looks is not None:
        kernel *= _likeness(looks, looks)
    # The value at a click is a weighted sum over its corners, so the system is W K W^T.
    n = len(points)
    system = np.einsum("ia,iajb,jb->ij", weights, kernel.reshape(n, 4, n, 4), weights)
    system[np.diag_indices(n)] += _TINY
    strengths = np.linalg.solve(system, residuals)
    result = logits.astype(np.float64)
    amounts = (strengths[:, None] * weights).reshape(-1)
    # Clicks close together share corners: each pixel's bump is added once.
    at, of_corner = np.unique(flat[:, 0] * size_hw[1] + flat[:, 1], return_inverse=True)
    sums = np.bincount(of_corner, weights=amounts)
    bump = _bump(reach)
    alike = None if features is None else _Likeness(features, size_hw, bump.shape[0] // 2)
    for place in np.flatnonzero(np.abs(sums) > _TINY).tolist():
        row, col = divmod(int(at[place]), size_hw[1])
        _add(result, row, col, float(sums[place]) * bump, alike)
    return result.astype(np.float32)


@functools.lru_cache(maxsize=4)
def _bump(reach: float) -> NDArray[np.float64]:
    """Return the kernel around a pixel, a square of odd side with the pixel in its middle."""
    span = int(np.ceil(reach))
    offsets = np.arange(-span, span + 1)
    return wendland(np.hypot(offsets[:, None], offsets[None]), reach)


class _Likeness:
    """How much the surroundings of a cell of features look like it; found once for each cell."""

    def __init__(self, features: NDArray[np.float32], size_hw: tuple[int, int], span_px: int) -> None:
        self._features = features
        self._rows = np.arange(size_hw[0]) * features.shape[0] // size_hw[0]
        self._cols = np.arange(size_hw[1]) * features.shape[1] // size_hw[1]
        # One more: a pixel at the rim of its cell sees farther.
        self._reach = int(np.ceil(span_px * max(features.shape[:2]) / min(size_hw))) + 1
        self._known: dict[tuple[int, int], tuple[int, int, NDArray[np.float64]]] = {}

    def around(self, row: int, col: int, rows: slice, cols: slice) -> NDArray[np.float64]:
        """Return it for a window of pixels around the pixel (row, col)."""
        cell = int(self._rows[row]), int(self._cols[col])
        if cell not in self._known:
            first_row, first_col = (max(place - self._reach, 0) for place in cell)
            window = self._features[
                first_row : cell[0] + self._reach + 1, first_col : cell[1] + self._reach + 1
            ].astype(np.float64)
            look = self._features[cell][None].astype(np.float64)
            alike = _likeness(window.reshape(-1, window.shape[2]), look).reshape(window.shape[:2])
            self._known[cell] = first_row, first_col, alike
        first_row, first_col, alike = self._known[cell]
        return alike[np.ix_(self._rows[rows] - first_row, self._cols[cols] - first_col)]


def _looks_at(
    features: NDArray[np.float32], places: NDArray[np.int64], size_hw: tuple[int, int]
) -> NDArray[np.float64]:
    rows = places[:, 0] * features.shape[0] // size_hw[0]
    cols = places[:, 1] * features.shape[1] // size_hw[1]
    found: NDArray[np.float64] = features[rows, cols].astype(np.float64)
    return found


def _likeness(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    squared = 2.0 - 2.0 * np.clip(first @ second.T, -1.0, 1.0)
    return np.exp(-squared / (2.0 * _LIKENESS**2))


def _add(
    result: NDArray[np.float64], row: int, col: int, bump: NDArray[np.float64], alike: _Likeness | None
) -> None:
    """Add a bump around a pixel to ``result`` in place, less where things look unlike the pixel."""
    span = bump.shape[0] // 2
    top, left = max(row - span, 0), max(col - span, 0)
    bump = bump[top - row + span :, left - col + span :][: result.shape[0] - top, : result.shape[1] - left]
    rows, cols = slice(top, top + bump.shape[0]), slice(left, left + bump.shape[1])
    result[rows, cols] += bump if alike is None else bump * alike.around(row, col, rows, cols)
