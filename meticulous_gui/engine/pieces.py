"""Ghosts: connected pieces of faint alpha that nowhere become solid, found tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.types import Alpha, Mask

__all__ = ["ghosts"]

_TILE_PX: Final = 1024
_SOLID: Final = 128

ReadAlpha = Callable[[Box], Alpha]
ReadMask = Callable[[Box], Mask]


def ghosts(
    read: ReadAlpha, within: Box, *, may_drop: ReadMask | None = None, tile_px: int = _TILE_PX
) -> Iterator[tuple[Box, Mask] | None]:
    """Yield the pixels of all pieces that nowhere reach 128, tile by tile; None while it goes on looking.

    A piece is a set of pixels above 0 that hang together by sides or corners inside ``within``.
    ``read`` must give the same pixels until the last tile was yielded: change them afterwards.

    Args:
        read: returns the alpha of a box inside ``within``.
        within: where to look.
        may_drop: bool map of a box: a piece with a pixel where this is False is kept; None: all may go.
        tile_px: how much is looked at at once.
    """
    tiles = list(within.tiles(tile_px))
    faint = [tile for tile in tiles if _holds_faint(read(tile))]
    if not faint:
        return
    pieces = _Pieces()
    lines: dict[tuple[int, int], tuple[NDArray[np.int64], ...]] = {}
    first_of: dict[Box, int] = {}
    for tile in tiles:
        labels, is_kept = _label(read, tile, within, may_drop)
        first_of[tile] = first = pieces.add(is_kept)
        named = [labels[0], labels[-1], labels[:, 0], labels[:, -1]]
        lines[tile.y0, tile.x0] = tuple(np.where(n > 0, n.astype(np.int64) + (first - 1), -1) for n in named)
        yield None
    for tile in tiles:
        _, bottom, _, right = lines[tile.y0, tile.x0]
        if (tile.y0, tile.x1) in lines:
            pieces.join_along(right, lines[tile.y0, tile.x1][2])
        if (tile.y1, tile.x0) in lines:
            pieces.join_along(bottom, lines[tile.y1, tile.x0][0])
    for tile in faint:
        labels, is_kept = _label(read, tile, within, may_drop)
        is_ghost = [not pieces.is_kept(first_of[tile] + i) for i in range(len(is_kept))]
        ghost = np.array([False, *is_ghost])[labels[: tile.height, : tile.width]]
        yield (tile, ghost) if ghost.any() else None


class _Pieces:
    """Names of pieces, joined when they turn out to be one."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self._kept: list[bool] = []

    def add(self, is_kept: list[bool]) -> int:
        """Add new pieces and return the name of the first."""
        first = len(self._parent)
        self._parent.extend(range(first, first + len(is_kept)))
        self._kept.extend(is_kept)
        return first

    def join_along(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        """Join the pieces that two labellings of the same line of pixels (-1: none) name there."""
        both = (one >= 0) & (other >= 0)
        if both.any():
            for a, b in np.unique(np.stack([one[both], other[both]]), axis=1).T:
                self._join(self._root(int(a)), self._root(int(b)))

    def is_kept(self, piece: int) -> bool:
        return self._kept[self._root(piece)]

    def _join(self, a: int, b: int) -> None:
        self._parent[b] = a
        self._kept[a] = self._kept[a] or self._kept[b]

    def _root(self, piece: int) -> int:
        while self._parent[piece] != piece:
            self._parent[piece] = self._parent[self._parent[piece]]
            piece = self._parent[piece]
        return piece


def _holds_faint(alpha: Alpha) -> bool:
    return bool(((alpha > 0) & (alpha < _SOLID)).any())


def _label(
    read: ReadAlpha, tile: Box, within: Box, may_drop: ReadMask | None
) -> tuple[NDArray[np.int32], list[bool]]:
    """Label the pieces of ``tile`` and one more row and column, which it shares with its neighbours.

    Returns:
        int32 labels, 0 for alpha 0, and for each label from 1 on whether it is kept by what this tile shows.
    """
    grown = Box(tile.x0, tile.y0, tile.x1 + 1, tile.y1 + 1).clip(within)
    alpha = read(grown)
    if alpha.min() > 0:  # one piece; a solid inside is most of what there is
        is_kept = bool((alpha >= _SOLID).any()) or (may_drop is not None and not may_drop(grown).all())
        return np.ones(grown.size_hw, np.int32), [is_kept]
    if alpha.max() == 0:
        return np.zeros(grown.size_hw, np.int32), []
    n_labels, labels = cv2.connectedComponents((alpha > 0).astype(np.uint8), connectivity=8)
    keep = alpha >= _SOLID
    if may_drop is not None:
        keep |= ~may_drop(grown)
    kept = np.zeros(n_labels, np.bool_)
    kept[labels[keep]] = True
    return labels, [bool(value) for value in kept[1:]]
