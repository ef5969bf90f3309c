"""Where the edge of a mask is doubtful: the contour cut into pieces, each with the area expected to be wrong.

A piece is the part of the contour inside one cell of a fixed grid, so that a change of the mask changes the
pieces around it and no others. What is doubtful is charged to the edge it lies at: every pixel within reach
gives its probability of being wrong to the contour pixel nearest to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.tiles import TILE_PX, TileKey, tile_of
from meticulous_gui.core.types import Alpha, Mask

__all__ = [
    "PIECE_PX",
    "DoubtMap",
    "Piece",
    "Place",
    "agreed",
    "doubtful",
    "edge_band",
    "found_places",
    "group_places",
    "ranked",
]

PIECE_PX: Final = 32
"""Side of the cells that cut the contour, in photo pixels."""

_GATHER_PX: Final = 512
"""Doubt is gathered at a size no longer than this: networks err in proportion to the photo, not in pixels."""

# Measured on cut-outs of the DUTS validation split and on its masks with faults (training/README.md).
_REACH: Final = 1 / 40
"""How far doubt is charged to an edge, in long sides of the photo."""

_DOUBTFUL_DEPTH: Final = 1 / 160
"""From this depth on an edge is worth a look, in long sides: below it nearly everything is right."""

_SETTLED_REACH_PX: Final = 2
"""A contour pixel is settled when a pixel this near is: a stroke settles the side of the edge it lies on."""

_BAND_PX: Final = 3

_PLACE_REACH: Final = 1 / 1280
"""How many cells around its worst piece a place reaches, in cells per photo pixel of the long side."""


@dataclass(frozen=True)
class Piece:
    """The contour inside one cell of 32 x 32 photo pixels.

    Attributes:
        cell: (row, column) of the cell.
        box: around its contour pixels.
        length_px: number of its contour pixels, at least 1.
        wrong_px: expected wrong area around it in photo pixels; what is settled counts nothing.
        is_settled: whether a person has spoken about at least half of it.
    """

    cell: tuple[int, int]
    box: Box
    length_px: int
    wrong_px: float
    is_settled: bool

    @property
    def depth_px(self) -> float:
        """Expected wrong area per pixel of the edge: how far the edge is likely to be off."""
        return self.wrong_px / self.length_px


@dataclass(frozen=True)
class Place:
    """Doubtful pieces that one look takes in.

    Attributes:
        pieces: the worst first.
        box: around all of them.
    """

    pieces: tuple[Piece, ...]
    box: Box

    @property
    def wrong_px(self) -> float:
        """Expected wrong area in photo pixels."""
        return sum(piece.wrong_px for piece in self.pieces)

    @property
    def length_px(self) -> int:
        """Contour pixels."""
        return sum(piece.length_px for piece in self.pieces)

    @property
    def order(self) -> tuple[float, tuple[int, int]]:
        """What places are sorted by: the most doubtful first."""
        return -self.wrong_px, self.pieces[0].cell


class _Contour(NamedTuple):
    """The contour pixels of a tile: (N,) int32 rows and columns in the photo, (N,) bool whether settled."""

    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    is_settled: Mask


class DoubtMap:
    """The doubt about one layer, followed tile by tile; memory and time go with the length of the contour.

    Attributes:
        size_hw: of the photo.
    """

    def __init__(self, size_hw: tuple[int, int]) -> None:
        self.size_hw = size_hw
        self._whole = Box.whole(size_hw)
        self._factor = gather_factor(size_hw)
        rows, columns = (-(-side // self._factor) for side in size_hw)
        self._doubt = np.zeros((rows, columns), np.float32)
        self._contours: dict[TileKey, _Contour] = {}

    def copy(self) -> DoubtMap:
        """Return the doubt of this moment; later updates do not change it."""
        other = DoubtMap(self.size_hw)
        other._doubt = self._doubt.copy()
        other._contours = dict(self._contours)
        return other

    def tiles_around(self, box: Box) -> list[Box]:
        """Return the tiles to update after pixels of ``box`` changed, clipped to the photo."""
        near = box.pad(_SETTLED_REACH_PX).clip(self._whole)
        height, width = self.size_hw
        return [
            Box(x, y, min(x + TILE_PX, width), min(y + TILE_PX, height))
            for y in range(near.y0 // TILE_PX * TILE_PX, near.y1, TILE_PX)
            for x in range(near.x0 // TILE_PX * TILE_PX, near.x1, TILE_PX)
        ]

    def update(self, tile: Box, alpha: Alpha, confidence: Alpha, settled: Mask) -> None:
        """Look at one tile again.

        Args:
            tile: one of ``tiles_around``.
            alpha: (H, W) uint8 of the whole photo.
            confidence: (tile.height, tile.width) uint8, 255 sure, 0 a coin toss or worse.
            settled: bool pixels that a person has decided or looked at, of ``around(tile)``.
        """
        around = self.around(tile)
        inner = tile.translate(-around.x0, -around.y0).slices()
        self._gather(tile, confidence, settled[inner])
        contour = contour_of(alpha[around.slices()] >= 128)[inner]
        rows, columns = np.nonzero(contour)
        if len(rows) == 0:
            self._contours.pop(tile_of(tile), None)
            return
        near = settled
        if settled.any():
            side = 2 * _SETTLED_REACH_PX + 1
            near = cv2.dilate(settled.view(np.uint8), np.ones((side, side), np.uint8)).view(np.bool_)
        self._contours[tile_of(tile)] = _Contour(
            (rows + tile.y0).astype(np.int32),
            (columns + tile.x0).astype(np.int32),
            near[inner][rows, columns],
        )

    def around(self, tile: Box) -> Box:
        """Return the box of which ``update`` needs the settled pixels."""
        return tile.pad(_SETTLED_REACH_PX).clip(self._whole)

    def pieces(self) -> list[Piece]:
        """Return the whole contour in pieces, by rows and columns of their cells; each pixel is in one."""
        if not self._contours:
            return []
        found = [self._contours[key] for key in sorted(self._contours)]
        rows = np.concatenate([contour.rows for contour in found])
        columns = np.concatenate([contour.columns for contour in found])
        is_settled = np.concatenate([contour.is_settled for contour in found])
        wrong_px = np.where(is_settled, 0.0, self._charged(rows, columns))
        n_across = -(-self.size_hw[1] // PIECE_PX)
        cell_of = rows // PIECE_PX * n_across + columns // PIECE_PX
        # Laid out cell by cell: the sums and the corners of all pieces are one pass each.
        order = np.argsort(cell_of, kind="stable")
        rows, columns, is_settled, cell_of = rows[order], columns[order], is_settled[order], cell_of[order]
        starts = np.flatnonzero(np.diff(cell_of, prepend=-1))
        lengths = np.diff(starts, append=len(order))
        sides = (
            np.minimum.reduceat(columns, starts),
            np.minimum.reduceat(rows, starts),
            np.maximum.reduceat(columns, starts) + 1,
            np.maximum.reduceat(rows, starts) + 1,
        )
        wrong = np.add.reduceat(wrong_px[order], starts)
        is_piece_settled = 2 * np.add.reduceat(is_settled, starts, dtype=np.int64) >= lengths
        facts = (cell_of[starts], lengths, wrong, is_piece_settled, *sides)
        pieces = zip(*(values.tolist() for values in facts), strict=True)
        return [
            Piece(divmod(cell, n_across), Box(*box), length_px, px, settled)
            for cell, length_px, px, settled, *box in pieces
        ]

    def _gather(self, tile: Box, confidence: Alpha, settled: Mask) -> None:
        """Sum the tile's probabilities of being wrong over the cells of the small map."""
        factor = self._factor
        small = tile.scaled(1 / factor)
        doubt = np.zeros((small.height * factor, small.width * factor), np.float32)
        # Confidence is 255 (1 - 2 q) for a probability q of being wrong.
        np.multiply(255 - confidence, np.float32(1 / 510), out=doubt[: tile.height, : tile.width])
        doubt[: tile.height, : tile.width][settled] = 0
        mean = cv2.resize(doubt, (small.width, small.height), interpolation=cv2.INTER_AREA)
        self._doubt[small.slices()] = mean * np.float32(factor * factor)

    def _charged(self, rows: NDArray[np.int32], columns: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return for each contour pixel the doubt of what lies nearest to it, (N,) in photo pixels."""
        small_rows, small_columns = rows // self._factor, columns // self._factor
        height, width = self._doubt.shape
        seed_of = small_rows * width + small_columns
        n_pixels = np.bincount(seed_of, minlength=height * width)
        away = (n_pixels == 0).astype(np.uint8).reshape(height, width)
        distance, labels = cv2.distanceTransformWithLabels(
            away, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
        )
        is_near = distance <= max(_REACH * max(self.size_hw) / self._factor, 1.0)
        by_label = np.bincount(labels[is_near], self._doubt[is_near], minlength=int(labels.max()) + 1)
        wrong = by_label[labels.ravel()[seed_of]] / n_pixels[seed_of]
        return np.asarray(wrong, np.float64)


def contour_of(mask: Mask) -> Mask:
    """Return the pixels inside ``mask`` that have a neighbour (of four) outside, bool (H, W).

    The border of the picture is no edge.
    """
    inside = mask.view(np.uint8)
    if not inside.any() or inside.all():
        return np.zeros_like(mask)
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    eroded = cv2.erode(inside, cross, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(inside & ~eroded).view(np.bool_)


def agreed(alpha: Alpha, answer: Alpha, confidence: Alpha) -> Alpha:
    """Return how sure a network is of a mask that it did not make: not at all where it says otherwise.

    Args:
        alpha: (H, W) uint8, the mask.
        answer: (H, W) uint8, what the network makes of it.
        confidence: (H, W) uint8, how sure it is of its answer.
    """
    return np.where((alpha >= 128) == (answer >= 128), confidence, np.uint8(0))


def gather_factor(size_hw: tuple[int, int]) -> int:
    """Return how many photo pixels a pixel of the small map covers along each side: a power of two."""
    factor = 1
    while max(size_hw) > _GATHER_PX * factor and factor < TILE_PX:
        factor *= 2
    return factor


def ranked(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces in the order in which to look at them: most expected wrong area per edge first."""
    return sorted(pieces, key=lambda piece: (-piece.depth_px, piece.cell))


def doubtful(pieces: Sequence[Piece], size_hw: tuple[int, int]) -> list[Piece]:
    """Return the pieces that are worth a look, the worst first.

    Args:
        pieces: of the whole contour.
        size_hw: of the photo: what is a large error grows with it.
    """
    least_px = _DOUBTFUL_DEPTH * max(size_hw)
    return ranked([piece for piece in pieces if not piece.is_settled and piece.depth_px >= least_px])


def group_places(pieces: Sequence[Piece], size_hw: tuple[int, int]) -> list[Place]:
    """Return places that each take one look, the largest expected wrong area first.

    The worst piece takes the doubtful ones around it with it, then the worst of the rest, and so on.

    Args:
        pieces: doubtful ones, the worst first; each comes into exactly one place.
        size_hw: of the photo.
    """
    reach = max(1, round(_PLACE_REACH * max(size_hw)))
    by_cell = {piece.cell: piece for piece in pieces}
    places = []
    for piece in pieces:
        if piece.cell not in by_cell:
            continue
        row, column = piece.cell
        cells = [
            (y, x)
            for y in range(row - reach, row + reach + 1)
            for x in range(column - reach, column + reach + 1)
        ]
        taken = ranked([by_cell.pop(cell) for cell in cells if cell in by_cell])
        box = taken[0].box
        for other in taken[1:]:
            box = box.union(other.box)
        places.append(Place(tuple(taken), box))
    return sorted(places, key=lambda place: place.order)


def found_places(doubts: DoubtMap) -> tuple[tuple[Place, ...], int]:
    """Return the places to look at, the largest expected wrong area first, and the edge's length in px."""
    pieces = doubts.pieces()
    places = group_places(doubtful(pieces, doubts.size_hw), doubts.size_hw)
    return tuple(places), sum(piece.length_px for piece in pieces)


def edge_band(alpha: Alpha, place: Place) -> tuple[Box, Mask]:
    """Return the pixels along the edge of a place that a person speaks about who calls it right.

    Args:
        alpha: (H, W) uint8 of the whole photo.
        place: where.

    Returns:
        A box and its (h, w) bool pixels: those within 3 px of the place's part of the contour.
    """
    whole = Box.whole((alpha.shape[0], alpha.shape[1]))
    box = place.box.pad(_BAND_PX + 1).clip(whole)
    contour = contour_of(alpha[box.slices()] >= 128)
    of_place = np.zeros_like(contour)
    for piece in place.pieces:
        row, column = piece.cell
        cell = Box(column, row, column + 1, row + 1).scaled(PIECE_PX).clip(box)
        here = cell.translate(-box.x0, -box.y0).slices()
        of_place[here] = contour[here]
    side = 2 * _BAND_PX + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return box, np.asarray(cv2.dilate(of_place.view(np.uint8), disc)).view(np.bool_)
