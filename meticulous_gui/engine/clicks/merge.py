"""What a click may change of a mask that is there already, and the last word of every click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask

__all__ = ["NEAR_NET_PX", "Pixel", "is_off_all_round", "merged", "stamped"]

NEAR_NET_PX: Final = 12.0
"""A click that confirms the mask takes changes of its own kind within this many network pixels."""

_EDGE_NET_PX: Final = 3.0
_MOST_OF_EDGE: Final = 1 / 3
_SAME_THING: Final = 0.4
_STAMP_RADIUS_PX: Final = 1.5
_CHAIN: Final = 0.5  # of the reach: pieces less than twice this apart are one
_CELLS_IN_REACH: Final = 8


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
    click only adds and an excluding one only removes, and the order of clicks does not matter. Pieces that
    follow one another closely are one: a rough edge is mended by one click, not by one for each dent.

    Args:
        before, after: (H, W) bool.
        clicks: those outside lie where both masks are empty.
        near_px: in pixels of the masks; 0: pieces are what is connected.
    """
    result = before.copy()
    for is_positive in (True, False):
        of_kind = [click for click in clicks if click.is_positive == is_positive]
        changed = after & ~before if is_positive else before & ~after
        if not of_kind or not changed.any():
            continue
        n_labels, labels, cell_px = _grouped(changed, near_px)
        taken = np.zeros(n_labels, np.bool_)
        for click in of_kind:
            is_inside = 0 <= click.row < before.shape[0] and 0 <= click.col < before.shape[1]
            if is_inside and changed[click.row, click.col]:
                taken[labels[click.row // cell_px, click.col // cell_px]] = True
            elif (is_inside and before[click.row, click.col]) == is_positive and near_px > 0:
                taken[_labels_near(labels, click, near_px, cell_px)] = True
        taken[0] = False
        cells = taken[labels].view(np.uint8)
        wide = cells.repeat(cell_px, axis=0).repeat(cell_px, axis=1) if cell_px > 1 else cells
        changed &= wide[: before.shape[0], : before.shape[1]].view(np.bool_)
        result[changed] = is_positive
    return result


def is_off_all_round(before: Mask, after: Mask) -> bool:
    """Say whether two masks show the same thing, and much of the edge of the first lies elsewhere.

    Then a click is not about one piece of the edge. A mask that is right but for one place is not off all
    round, however large the place.

    Args:
        before, after: (S, S) bool, on the network's grid.
    """
    either = int(np.count_nonzero(before | after))
    if np.count_nonzero(before & after) < _SAME_THING * max(either, 1):
        return False
    edge, other_edge = (
        cv2.morphologyEx(mask.view(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        for mask in (before, after)
    )
    if not edge.any():
        return False
    distances = cv2.distanceTransform((~other_edge).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return float((distances[edge] > _EDGE_NET_PX).mean()) >= _MOST_OF_EDGE


def _grouped(changed: Mask, near_px: float) -> tuple[int, NDArray[np.int32], int]:
    """Return number and labels of the pieces of ``changed``, and how many pixels wide a label's cell is.

    Every changed pixel lies in a cell with a label; cells are coarse only where ``near_px`` is large.
    """
    cell_px = max(1, int(near_px / _CELLS_IN_REACH))
    height, width = (-(-side // cell_px) for side in changed.shape)
    cells = changed.view(np.uint8)
    if cell_px > 1:
        padded = np.zeros((height * cell_px, width * cell_px), np.uint8)
        padded[: changed.shape[0], : changed.shape[1]] = cells
        cells = padded.reshape(height, cell_px, width, cell_px).max(axis=(1, 3))
    reach = int(near_px * _CHAIN / cell_px)
    if reach:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        cells = cv2.dilate(cells, kernel)
    n_labels, labels = cv2.connectedComponents(cells, connectivity=8)
    return n_labels, labels, cell_px


def _labels_near(labels: NDArray[np.int32], click: Pixel, near_px: float, cell_px: int) -> list[int]:
    # Labels reach as far beyond their pixels as they were widened.
    span = near_px / cell_px - int(near_px * _CHAIN / cell_px)
    row, col = click.row / cell_px, click.col / cell_px
    rows = np.arange(max(int(row - span), 0), min(int(row + span) + 1, labels.shape[0]))
    cols = np.arange(max(int(col - span), 0), min(int(col + span) + 1, labels.shape[1]))
    if not (len(rows) and len(cols)):
        return []
    window = labels[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    is_near = np.hypot(rows[:, None] - row, cols[None] - col) <= span
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
