"""Polygons of masks: rings along the edges of pixels, simplified and joined, and back to pixels.

A ring is (N, 2) of (x, y) corners, not closed; pixel (i, j) covers x in [j, j + 1), y in [i, i + 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask

__all__ = ["Ring", "fill_rings", "is_hole", "join_rings", "outline", "simplify_ring", "trace_rings"]

Ring: TypeAlias = NDArray[np.float64]
"""(N, 2) float64, N >= 3: corners (x, y), not closed; outer rings clockwise on the screen, holes not."""

_TOLERANCE_PX: Final = 1.0
"""A staircase of whole pixels along any straight edge lies within this of the edge."""
_LEAST_IOU: Final = 0.98
"""Small and thin things keep every corner."""


def trace_rings(mask: Mask) -> list[Ring]:
    """Return the rings of a mask, exactly along the edges of its pixels.

    Pixels that touch at a corner only are apart, as in 4-connected parts.

    Args:
        mask: (H, W) bool.

    Returns:
        Outer rings and holes; filled by the even-odd rule they give the mask again.
    """
    padded = np.zeros((mask.shape[0] + 2, mask.shape[1] + 2), np.int8)
    padded[1:-1, 1:-1] = mask
    # +1 where one enters the mask going down or right, -1 where one leaves it.
    rows = _runs(np.diff(padded, axis=0)[:, 1:-1])
    columns = _runs(np.diff(padded, axis=1)[1:-1].T)
    if not len(rows):
        return []
    # Inside is on the right hand: upper edges run right, right edges down, lower edges left, left edges up.
    right = rows[:, 3] > 0
    across = _Runs.of(rows[:, 0], rows[:, 1], rows[:, 2], is_forward=right)
    up = columns[:, 3] > 0
    along = _Runs.of(columns[:, 0], columns[:, 1], columns[:, 2], is_forward=~up)
    starts_xy = np.concatenate(
        [
            np.stack([across.start, across.line], axis=1),
            np.stack([along.line, along.start], axis=1),
        ]
    ).astype(np.float64)
    following = _following(across, along, n_columns=mask.shape[1] + 1)
    return _cycles(starts_xy, following)


class _Runs:
    """Straight pieces of the outline in one direction: on which line, from where to where."""

    def __init__(self, line: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]) -> None:
        self.line, self.start, self.end = line, start, end
        self.is_forward = end > start

    @classmethod
    def of(
        cls,
        line: NDArray[np.int64],
        low: NDArray[np.int64],
        high: NDArray[np.int64],
        *,
        is_forward: NDArray[np.bool_],
    ) -> _Runs:
        return cls(line, np.where(is_forward, low, high), np.where(is_forward, high, low))

    def __len__(self) -> int:
        return len(self.line)


def _runs(steps: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return (n, 4) of line, first, end and sign for every run of equal non-zero steps in a line."""
    changes = np.diff(np.pad(steps, ((0, 0), (1, 1))), axis=1) != 0
    lines, places = np.nonzero(changes)
    # In each line changes come in pairs as far as they bound something; between them the value is constant.
    same_line = lines[:-1] == lines[1:]
    begins, ends = places[:-1][same_line], places[1:][same_line]
    line = lines[:-1][same_line]
    values = steps[line, begins]
    is_run = values != 0
    return np.stack([line[is_run], begins[is_run], ends[is_run], values[is_run]], axis=1).astype(np.int64)


def _following(across: _Runs, along: _Runs, *, n_columns: int) -> NDArray[np.int64]:
    """Return for each run (first those across, then those along) the one that goes on where it ends.

    Where two pixels touch at a corner two runs end and two begin: turning right stays with the pixel. Ends
    and beginnings sorted by corner, then so that right turns meet, belong together pair by pair.
    """
    n_across = len(across)
    following = np.empty(n_across + len(along), np.int64)
    # Across ends where along begins: right then down, left then up.
    ends = np.lexsort((across.is_forward, across.line * n_columns + across.end))
    begins = np.lexsort((along.is_forward, along.start * n_columns + along.line))
    following[ends] = begins + n_across
    # Along ends where across begins: down then left, up then right.
    ends = np.lexsort((along.is_forward, along.end * n_columns + along.line))
    begins = np.lexsort((~across.is_forward, across.line * n_columns + across.start))
    following[ends + n_across] = begins
    return following


def _cycles(starts_xy: Ring, following: NDArray[np.int64]) -> list[Ring]:
    rings = []
    steps = following.tolist()
    is_seen = bytearray(len(steps))
    for first in range(len(steps)):
        if is_seen[first]:
            continue
        members, here = [], first
        while not is_seen[here]:
            is_seen[here] = 1
            members.append(here)
            here = steps[here]
        rings.append(starts_xy[members])
    return rings


def is_hole(ring: Ring) -> bool:
    """Return whether a ring of ``trace_rings`` bounds a hole."""
    return _signed_area(ring) < 0


def outline(mask: Mask) -> list[Ring]:
    """Return the rings of a mask with few corners, the largest first; exact where that would change too much.

    Args:
        mask: (H, W) bool, not empty.
    """
    rings = sorted(trace_rings(mask), key=lambda ring: -abs(_signed_area(ring)))
    short = [simplify_ring(ring) for ring in rings]
    filled = fill_rings(short, (mask.shape[0], mask.shape[1]))
    iou = np.count_nonzero(filled & mask) / np.count_nonzero(filled | mask)
    return short if iou >= _LEAST_IOU else rings


def simplify_ring(ring: Ring) -> Ring:
    """Return a ring with far fewer corners, none farther than a pixel from where the edge was.

    A ring that would vanish stays as it is.
    """
    short = cv2.approxPolyDP(ring.astype(np.float32)[:, None], _TOLERANCE_PX, closed=True)[:, 0].astype(
        np.float64
    )
    is_sound = len(short) >= 3 and _signed_area(short) * _signed_area(ring) > 0
    return short if is_sound else ring


def join_rings(rings: Sequence[Ring]) -> Ring:
    """Return one ring that holds all: one after the other is joined by a bridge without width.

    Filled by the even-odd rule it is what the rings are together.
    """
    merged = rings[0]
    for ring in rings[1:]:
        here, there = _nearest(merged, ring)
        around = np.concatenate([ring[there:], ring[: there + 1]])
        merged = np.concatenate([merged[: here + 1], around, merged[here:]])
    return merged


def fill_rings(rings: Sequence[Ring], size_hw: tuple[int, int]) -> Mask:
    """Return the pixels whose centres lie inside by the even-odd rule over all rings together.

    Args:
        rings: corners in pixels.
        size_hw: of the result.
    """
    height, width = size_hw
    toggles = np.zeros((height, width + 1), np.int32)
    for ring in rings:
        begin, end = ring, np.roll(ring, -1, axis=0)
        for (x0, y0), (x1, y1) in zip(begin, end, strict=True):
            if y0 == y1:
                continue
            low, high = min(y0, y1), max(y0, y1)
            rows = np.arange(max(int(np.ceil(low - 0.5)), 0), min(int(np.ceil(high - 0.5)), height))
            x = x0 + (rows + 0.5 - y0) * (x1 - x0) / (y1 - y0)
            columns = np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)
            toggles[rows, columns] += 1
    return (np.cumsum(toggles, axis=1)[:, :width] & 1).astype(np.bool_)


def _nearest(first: Ring, second: Ring) -> tuple[int, int]:
    """Return the indices of the nearest corners of two rings."""
    best, nearest = np.inf, (0, 0)
    for begin in range(0, len(first), 512):  # in pieces: both may have thousands of corners
        distances = ((first[begin : begin + 512, None] - second[None]) ** 2).sum(axis=2)
        here, there = np.unravel_index(int(distances.argmin()), distances.shape)
        if distances[here, there] < best:
            best, nearest = float(distances[here, there]), (begin + int(here), int(there))
    return nearest


def _signed_area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
