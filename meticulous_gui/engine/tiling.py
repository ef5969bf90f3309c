"""Which patches a band needs, and how their logits become one map: pure functions of their arguments."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import LOGIT_LIMIT
from meticulous_gui.engine.types import Logits

__all__ = ["Blend", "Grid", "Patch", "grid_starts", "plan", "window"]

PATCH_PX: Final = 224
MARGIN_PX: Final = 32
FADE_PX: Final = 16
"""Outside its centre a patch still counts for this many pixels, less and less."""

_WEIGHT_ONE: Final = 1 << 16
_LOGIT_ONE: Final = 1 << 20
_SMALLEST_WEIGHT: Final = 1e-3


class HasPixels(Protocol):
    """A set of pixels that can say whether a box holds any of them."""

    size_hw: tuple[int, int]

    def any_in(self, box: Box) -> bool:
        """Say whether a pixel of the set lies in ``box``."""


@dataclass(frozen=True)
class Grid:
    """How patches lie on an image.

    Attributes:
        patch_px: side of a patch.
        margin_px: rim of a patch whose pixels only count where nothing better is; the rest is its centre.
        has_halo: the margin is all that a pixel's answer can depend on. Then patches lie at multiples of the
            step, from a margin before the image's edge on, and each answers for its centre alone: what a
            pixel gets depends on the picture, not on the patches.
    """

    patch_px: int = PATCH_PX
    margin_px: int = MARGIN_PX
    has_halo: bool = False

    @property
    def step_px(self) -> int:
        """Largest distance of two neighbouring patches: centres leave no gap."""
        return self.patch_px - 2 * self.margin_px


@dataclass(frozen=True)
class Patch:
    """One patch of the grid.

    Attributes:
        box: its pixels; reaches beyond the right and bottom edge of an image smaller than a patch.
        cell: the pixels it answers for, in its centre; at the image's edges this includes the margin there.
        reach: the pixels of which it says something at all.
        edges: whether its left, top, right, bottom side lies on the image's edge.
    """

    box: Box
    cell: Box
    reach: Box
    edges: tuple[bool, bool, bool, bool]


def grid_starts(n_px: int, grid: Grid) -> tuple[int, ...]:
    """Return where patches start on an axis of ``n_px`` pixels: at most a step apart, ends included."""
    if grid.has_halo:
        return tuple(range(-grid.margin_px, n_px - grid.margin_px, grid.step_px))
    rest = n_px - grid.patch_px
    if rest <= 0:
        return (0,)
    n_gaps = math.ceil(rest / grid.step_px)
    return tuple(round(i * rest / n_gaps) for i in range(n_gaps + 1))


def plan(band: HasPixels, grid: Grid, *, focus_xy: tuple[float, float]) -> tuple[Patch, ...]:
    """Return the patches whose cells hold pixels of ``band``, nearest to the focus first.

    Every pixel of the band lies in the centre of at least one of them. Ties go by row, then column.

    Args:
        band: the pixels to be refined.
        grid: size of patches and margins.
        focus_xy: where the person looks, in the band's pixels.
    """
    height, width = band.size_hw
    rows, columns = _cells(height, grid), _cells(width, grid)

    def patch_at(x: int, y: int, cell: Box) -> Patch:
        box = Box(x, y, x + grid.patch_px, y + grid.patch_px)
        if grid.has_halo:
            return Patch(box, cell, box.pad(_fade_px(grid) - grid.margin_px), (False,) * 4)
        return Patch(box, cell, box, (cell.x0 == 0, cell.y0 == 0, cell.x1 == width, cell.y1 == height))

    chosen = [
        patch_at(x, y, Box(left, top, right, bottom))
        for y, top, bottom in rows
        for x, left, right in columns
        if band.any_in(Box(left, top, right, bottom))
    ]

    def distance(patch: Patch) -> tuple[float, int, int]:
        half = grid.patch_px / 2
        dx, dy = patch.box.x0 + half - focus_xy[0], patch.box.y0 + half - focus_xy[1]
        return dx * dx + dy * dy, patch.box.y0, patch.box.x0

    return tuple(sorted(chosen, key=distance))


def _cells(n_px: int, grid: Grid) -> list[tuple[int, int, int]]:
    """Return the start of each patch on an axis and the pixels it answers for.

    These parts do not overlap: neighbours meet half-way, which lies in both their centres. Asking for whole
    centres, which overlap a little, would choose some more patches for nothing.
    """
    starts = grid_starts(n_px, grid)
    borders = [0, *((a + b + grid.patch_px) // 2 for a, b in pairwise(starts)), n_px]
    return [(start, *edge) for start, edge in zip(starts, pairwise(borders), strict=True)]


def window(grid: Grid, *, has_edge_before: bool, has_edge_after: bool) -> NDArray[np.float64]:
    """Return the weights of a patch along one axis: cosine ramps of the overlap that add up to 1 between
    neighbours.

    Args:
        grid: the overlap is patch - step.
        has_edge_before, has_edge_after: the ramp is 1 on a side that lies on the image's edge.
    """
    position = np.arange(grid.patch_px) + 0.5
    overlap = grid.patch_px - grid.step_px
    before = np.full(grid.patch_px, np.inf) if has_edge_before else position
    after = np.full(grid.patch_px, np.inf) if has_edge_after else grid.patch_px - position
    return 0.5 - 0.5 * np.cos(np.pi * np.minimum(1.0, np.minimum(before, after) / overlap))


def _presence(grid: Grid, *, has_edge_before: bool, has_edge_after: bool) -> NDArray[np.float64]:
    """Return how far a patch alone replaces what was: 1 in its centre, 0 `FADE_PX` outside it."""
    position = np.arange(grid.patch_px) + 0.5
    fade = _fade_px(grid)
    start = grid.margin_px - fade
    before = np.full(grid.patch_px, np.inf) if has_edge_before else position - start
    after = np.full(grid.patch_px, np.inf) if has_edge_after else grid.patch_px - position - start
    return np.clip(np.minimum(before, after) / fade, 0.0, 1.0)


def _fade_px(grid: Grid) -> int:
    return min(FADE_PX, grid.margin_px) or 1


@lru_cache(maxsize=64)
def _weights(grid: Grid, edges: tuple[bool, bool, bool, bool]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the integer window and presence of a patch, (S, S) each, in units of 1 / 2**16."""
    maps = []
    for profile, smallest in ((window, _SMALLEST_WEIGHT), (_presence, 0.0)):
        across = profile(grid, has_edge_before=edges[0], has_edge_after=edges[2])
        down = profile(grid, has_edge_before=edges[1], has_edge_after=edges[3])
        whole = np.rint(np.maximum(down[:, None] * across[None, :], smallest) * _WEIGHT_ONE)
        maps.append(whole.astype(np.int64))
    if grid.has_halo:
        # Beyond the centre a patch sees too little: it counts only where no other has its centre.
        beyond = np.where(maps[1] > 0, round(_SMALLEST_WEIGHT * _WEIGHT_ONE), 0)
        maps[0] = np.where(maps[1] == _WEIGHT_ONE, _WEIGHT_ONE, beyond)
    for weights in maps:
        weights.flags.writeable = False
    return maps[0], maps[1]


class Blend:
    """Logits of finished patches, added up in whole numbers so that their order does not matter, to the bit.

    Keeps a patch only until no unfinished neighbour needs it: memory follows the front of the work.
    """

    def __init__(self, patches: tuple[Patch, ...], grid: Grid) -> None:
        self._grid = grid
        self._cell = grid.patch_px
        self._patches = patches
        self._logits: dict[int, NDArray[np.int32] | None] = {}
        self._cells: dict[tuple[int, int], list[int]] = {}
        for index, patch in enumerate(patches):
            self._cells.setdefault(self._cell_of(patch.reach), []).append(index)
        self._waiting = {index: len(self._touching(patch.reach)) for index, patch in enumerate(patches)}

    def add(self, index: int, logits: Logits | None) -> None:
        """Take the result of patch ``index``, float32 (S, S); None leaves the patch out for good.

        Raises:
            ValueError: the patch was added before.
        """
        if index in self._logits:
            raise ValueError(f"patch {index} was added twice")
        self._logits[index] = (
            None
            if logits is None
            else np.rint(np.clip(logits, -LOGIT_LIMIT, LOGIT_LIMIT) * np.float32(_LOGIT_ONE)).astype(np.int32)
        )

    def release(self, index: int) -> None:
        """Say that the pixels of a finished patch were read; drops what no unfinished patch overlaps."""
        for other in self._touching(self._patches[index].reach):
            self._waiting[other] -= 1
            if self._waiting[other] == 0:
                self._logits[other] = None

    def mix(self, box: Box, base: Logits) -> tuple[Logits, NDArray[np.float32]]:
        """Return the blend of all finished patches in ``box`` and how far it replaces ``base``.

        Args:
            box: where.
            base: (box.height, box.width) float32, what stands where no patch is; also where a blend equals it
                within rounding, so that patches that change nothing change not a bit.

        Returns:
            Logits and presence 0..1, float32 (box.height, box.width) each; the caller mixes.
        """
        total = np.zeros(box.size_hw, np.int64)
        weight = np.zeros(box.size_hw, np.int64)
        presence = np.zeros(box.size_hw, np.int64)
        for index in self._touching(box):
            logits = self._logits.get(index)
            if logits is None:
                continue
            patch = self._patches[index]
            part = patch.reach.clip(box)
            here = part.translate(-box.x0, -box.y0).slices()
            there = part.translate(-patch.box.x0, -patch.box.y0).slices()
            weights, presences = _weights(self._grid, patch.edges)
            total[here] += weights[there] * logits[there]
            weight[here] += weights[there]
            presence[here] += presences[there]
        blended = (total / np.maximum(weight, 1) / _LOGIT_ONE).astype(np.float32)
        is_same = (weight == 0) | (np.abs(blended - base) <= 2 / _LOGIT_ONE)
        share = np.minimum(presence, _WEIGHT_ONE).astype(np.float32) * np.float32(1 / _WEIGHT_ONE)
        return np.where(is_same, base, blended), share

    def _cell_of(self, box: Box) -> tuple[int, int]:
        return box.y0 // self._cell, box.x0 // self._cell

    def _touching(self, box: Box) -> list[int]:
        """Return the patches that overlap ``box``; patches start at most one cell before their last pixel."""
        rows = range((box.y0 - self._cell) // self._cell, (box.y1 - 1) // self._cell + 1)
        columns = range((box.x0 - self._cell) // self._cell, (box.x1 - 1) // self._cell + 1)
        return [
            index
            for row in rows
            for column in columns
            for index in self._cells.get((row, column), ())
            if not self._patches[index].reach.clip(box).is_empty
        ]
