"""Specks and holes of a mask: found once, counted at any size, taken away with their soft rims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.tiles import TILE_PX, TileKey, tile_of
from meticulous_gui.core.types import Alpha, Mask

__all__ = ["CleanUp", "Findings", "Piece"]

_FIRST_MARGIN_PX: Final = 4
_AROUND: Final = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class Piece:
    """A connected part of a mask, or a hole in it.

    Attributes:
        area_px: pixels of the mask (alpha >= 128) in it; of a hole those that are not.
        box: around it.
        region: (box.height, box.width) bool, which pixels of the box it is; a hole's with all that lies
            in it.
        owner: the piece that a hole is in; None for a piece.
    """

    area_px: int
    box: Box
    region: Mask
    owner: Piece | None = None


@dataclass(frozen=True, kw_only=True)
class CleanUp:
    """What a person wants to be rid of.

    Attributes:
        hole_px: holes of fewer pixels are filled, 0 fills none.
        speck_px: pieces of fewer pixels are dropped, 0 drops none.
        keeps_largest_only: every piece but the largest is dropped, whatever its size.
    """

    hole_px: int = 0
    speck_px: int = 0
    keeps_largest_only: bool = False


class Findings:
    """The pieces and the holes of one alpha.

    Attributes:
        pieces: connected parts of the mask, corners count; the largest first.
        holes: connected parts of the rest that do not reach the photo's rim, corners do not count; the
            largest first.
    """

    def __init__(self, alpha: Alpha) -> None:
        """Look for the pieces and holes of ``alpha``, (H, W) uint8; it is kept and must not change."""
        self._alpha = alpha
        self._inverse = np.asarray(cv2.bitwise_not(alpha), np.uint8).reshape(alpha.shape)
        self.pieces, self.holes = _found(alpha)
        self._with_rims: dict[Piece, Piece] = {}

    def dropped(self, wish: CleanUp) -> tuple[Piece, ...]:
        """Return the pieces that go."""
        if wish.keeps_largest_only:
            return self.pieces[1:]
        return tuple(piece for piece in self.pieces if piece.area_px < wish.speck_px)

    def filled(self, wish: CleanUp) -> tuple[Piece, ...]:
        """Return the holes that are filled; one in a piece that goes is none any more."""
        gone = set(self.dropped(wish))
        return tuple(hole for hole in self.holes if hole.area_px < wish.hole_px and hole.owner not in gone)

    def cleaned(self, wish: CleanUp) -> tuple[Alpha, tuple[Box, ...]]:
        """Return the alpha without what goes, a new array, and disjoint boxes around all that differs.

        A piece goes with its soft rim; a hole is filled with its rim and with everything that lies in it.
        """
        after = np.array(self._alpha, np.uint8, order="C", copy=True)
        tiles: dict[TileKey, Box] = {}
        changes = [(self._with_rim(piece), 0) for piece in self.dropped(wish)]
        changes += [(self._with_rim(hole), 255) for hole in self.filled(wish)]
        for part, value in changes:
            after[part.box.slices()][part.region] = value
            for tile in part.box.tiles(TILE_PX):
                key = tile_of(tile)
                tiles[key] = tiles.get(key, Box(0, 0, 0, 0)).union(tile)
        return after, tuple(tiles.values())

    def _with_rim(self, piece: Piece) -> Piece:
        """Return what goes with a piece or a hole."""
        if piece not in self._with_rims:
            alpha = self._alpha if piece.owner is None else self._inverse
            self._with_rims[piece] = _with_rim(alpha, piece)
        return self._with_rims[piece]


Contour: TypeAlias = NDArray[np.int32]


def _found(alpha: Alpha) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return the pieces and the holes of ``alpha >= 128``, the largest first.

    By their outlines: following those is ten times as fast as numbering all pixels.
    """
    mask = cv2.threshold(alpha, 127, 255, cv2.THRESH_BINARY)[1]
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE)
    parents = hierarchy[0, :, 3].tolist() if hierarchy is not None else []
    children: list[list[int]] = [[] for _ in contours]
    for index, parent in enumerate(parents):
        if parent >= 0:
            children[parent].append(index)
    pieces: list[Piece] = []
    holes: list[Piece] = []
    # From the outermost pieces inwards, each with the holes in it, each of these with the pieces in it.
    waiting = [index for index, parent in enumerate(parents) if parent < 0]
    for index in waiting:
        inner = [contours[child] for child in children[index]]
        area_px = _filled_px(contours[index]) - sum(_inside_px(contour) for contour in inner)
        piece = _piece(contours[index], inner, area_px)
        pieces.append(piece)
        for child in children[index]:
            islands = children[child]
            area_px = _inside_px(contours[child]) - sum(_filled_px(contours[island]) for island in islands)
            holes.append(_hole(contours[child], area_px, piece))
            waiting += islands
    return tuple(sorted(pieces, key=_largest_first)), tuple(sorted(holes, key=_largest_first))


def _largest_first(piece: Piece) -> tuple[int, int, int]:
    return -piece.area_px, piece.box.y0, piece.box.x0


def _filled_px(contour: Contour) -> int:
    """Return how many pixels lie on or inside a closed line through pixels (Pick's theorem)."""
    n_steps = len(contour) if len(contour) > 1 else 0
    return round(cv2.contourArea(contour) + n_steps / 2) + 1


def _inside_px(contour: Contour) -> int:
    """Return how many pixels lie inside a closed line through pixels, those on it not counted."""
    return round(cv2.contourArea(contour) - len(contour) / 2) + 1


def _piece(outline: Contour, holes: list[Contour], area_px: int) -> Piece:
    box = _box_of(outline)
    region = np.zeros(box.size_hw, np.uint8)
    offset = (-box.x0, -box.y0)
    cv2.drawContours(region, [outline], 0, 1, cv2.FILLED, offset=offset)
    for hole in holes:
        cv2.drawContours(region, [hole], 0, 0, cv2.FILLED, offset=offset)
        cv2.drawContours(region, [hole], 0, 1, 1, offset=offset)  # its line runs through the piece
    return Piece(area_px, box, region > 0)


def _hole(outline: Contour, area_px: int, owner: Piece) -> Piece:
    box = _box_of(outline)
    region = np.zeros(box.size_hw, np.uint8)
    offset = (-box.x0, -box.y0)
    cv2.drawContours(region, [outline], 0, 1, cv2.FILLED, offset=offset)
    cv2.drawContours(region, [outline], 0, 0, 1, offset=offset)
    inner = bounding_box(region)
    return Piece(
        area_px, inner.translate(box.x0, box.y0), np.ascontiguousarray(region[inner.slices()]) > 0, owner
    )


def _box_of(contour: Contour) -> Box:
    x, y, width, height = cv2.boundingRect(contour)
    return Box(x, y, x + width, y + height)


def _with_rim(alpha: Alpha, piece: Piece) -> Piece:
    """Return the piece with the soft pixels around it, as far as alpha falls from pixel to pixel.

    So a rim ends in the valley where the slope of a neighbour begins, or where the ground is level.
    """
    whole = Box.whole((alpha.shape[0], alpha.shape[1]))
    margin = _FIRST_MARGIN_PX
    while True:
        box = piece.box.pad(margin).clip(whole)
        here = np.ascontiguousarray(alpha[box.slices()])
        region = np.zeros(box.size_hw, np.uint8)
        region[piece.box.translate(-box.x0, -box.y0).slices()] = piece.region
        is_soft = (here > 0) & (here < 128)
        while True:
            highest = cv2.dilate(np.where(region > 0, here, np.uint8(0)), _AROUND)
            more = is_soft & (region == 0) & (here < highest)
            if not more.any():
                break
            region[more] = 1
        found = bounding_box(region)
        is_cut_off = box != whole and not _is_inside(found, box, whole)
        if not is_cut_off:
            mask = np.ascontiguousarray(region[found.slices()]) > 0
            return Piece(piece.area_px, found.translate(box.x0, box.y0), mask)
        margin *= 4


def _is_inside(found: Box, box: Box, whole: Box) -> bool:
    """Return whether what was found ends before the box does, where the photo goes on behind it."""
    return (
        (found.x0 > 0 or box.x0 == whole.x0)
        and (found.y0 > 0 or box.y0 == whole.y0)
        and (found.x1 < box.width or box.x1 == whole.x1)
        and (found.y1 < box.height or box.y1 == whole.y1)
    )
