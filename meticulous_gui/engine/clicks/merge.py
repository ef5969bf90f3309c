"""What a click may change of a mask that is there already, and the last word of every click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask

__all__ = ["NEAR_NET_PX", "Pixel", "merged", "stamped"]

NEAR_NET_PX: Final = 12.0
"""A click that confirms the mask takes changes of its own kind within this many network pixels."""

_STAMP_RADIUS_PX: Final = 1.5


@dataclass(frozen=True)
class Pixel:
    """A click on the grid of a mask."""

    row: int
    col: int
    is_positive: bool


def merged(before: Mask, after: Mask, clicks: Sequence[Pixel], *, near_px: float) -> Mask:
    """Return ``before`` with only those changes of ``after`` that the clicks are about.

    An including click takes the piece of what was added that it lies on, or, where it lies inside already,
    the added pieces within ``near_px``; an excluding click likewise of what was removed. So an including
    click only adds and an excluding one only removes, and the order of clicks does not matter.

    Args:
        before, after: (H, W) bool.
        clicks: those outside lie where both masks are empty.
        near_px: in pixels of the masks.
    """
    result = before.copy()
    for is_positive in (True, False):
        of_kind = [click for click in clicks if click.is_positive == is_positive]
        changed = after & ~before if is_positive else before & ~after
        if not of_kind or not changed.any():
            continue
        n_labels, labels = cv2.connectedComponents(changed.astype(np.uint8), connectivity=8)
        taken = np.zeros(n_labels, np.bool_)
        for click in of_kind:
            is_inside = 0 <= click.row < before.shape[0] and 0 <= click.col < before.shape[1]
            if is_inside and changed[click.row, click.col]:
                taken[labels[click.row, click.col]] = True
            elif (is_inside and before[click.row, click.col]) == is_positive and near_px > 0:
                taken[_labels_near(labels, click, near_px)] = True
        taken[0] = False
        result[taken[labels]] = is_positive
    return result


def _labels_near(labels: NDArray[np.int32], click: Pixel, near_px: float) -> list[int]:
    span = int(near_px)
    rows = np.arange(max(click.row - span, 0), min(click.row + span + 1, labels.shape[0]))
    cols = np.arange(max(click.col - span, 0), min(click.col + span + 1, labels.shape[1]))
    if not (len(rows) and len(cols)):
        return []
    window = labels[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    is_near = np.hypot(rows[:, None] - click.row, cols[None] - click.col) <= near_px
    return [int(n) for n in np.unique(window[is_near]) if n]


def stamped(
    mask: Mask,
    clicks: Sequence[Pixel],
    *,
    radius_px: float = _STAMP_RADIUS_PX,
    may_change: Mask | None = None,
) -> tuple[Mask, tuple[int, ...]]:
    """Return the mask with a small disc at every click that is on the wrong side, and which those were.

    Where discs meet, the nearest click wins, the later one at the same distance; the pixel of a click
    itself is always right at the end.

    Args:
        mask: (H, W) bool.
        clicks: in order, no two on one pixel.
        radius_px: of the discs, at least 1.5.
        may_change: (H, W) bool, pixels that discs may change; the clicks' own pixels always may.
    """
    wrong = tuple(n for n, click in enumerate(clicks) if mask[click.row, click.col] != click.is_positive)
    if not wrong:
        return mask, ()
    result = mask.copy()
    places = np.array([(click.row, click.col) for click in clicks], np.float64)
    span = int(np.ceil(max(radius_px, _STAMP_RADIUS_PX)))
    for n in wrong:
        click = clicks[n]
        rows = np.arange(max(click.row - span, 0), min(click.row + span + 1, mask.shape[0]))
        cols = np.arange(max(click.col - span, 0), min(click.col + span + 1, mask.shape[1]))
        grid = np.stack(np.meshgrid(rows, cols, indexing="ij"), axis=-1).astype(np.float64)
        distances = np.linalg.norm(grid[:, :, None] - places, axis=3)
        own = distances[:, :, n]
        nearest = len(clicks) - 1 - distances[:, :, ::-1].argmin(axis=2)
        takes = (own <= max(radius_px, _STAMP_RADIUS_PX)) & (nearest == n)
        window = (slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1))
        if may_change is not None:
            takes &= may_change[window]
        result[window][takes] = click.is_positive
    for click in clicks:
        result[click.row, click.col] = click.is_positive
    return result, wrong
