"""Which pixels may change: the band around the contour, the region a person asked for, what they decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import CERTAIN
from meticulous_gui.engine.fields import Field
from meticulous_gui.engine.types import Logits, Mask

__all__ = ["BandRule", "Region", "SparseMask", "band_of_logits", "band_steps", "rim_weight"]

_TILE_PX = 256
_REGION_FADE_PX = 8


@dataclass(frozen=True)
class BandRule:
    """What belongs to the band of a level, in that level's pixels.

    Attributes:
        near_px: everything this near to the zero contour; a contour enlarged by 4 is off by up to 3 pixels
            in itself, and the network needs room to move it.
        reach_px: uncertain pixels (|logit| < `CERTAIN`) this near to the contour; None: all of them.
            Without a limit a photo in which the coarse network is unsure of half the picture would be
            refined as a whole at full size.
        rim_px: outside the band the result fades into what was over this many pixels.
    """

    near_px: int = 12
    reach_px: int | None = 48
    rim_px: int = 8


class SparseMask:
    """A set of pixels of an image in 256-pixel tiles; tiles without a pixel take no memory."""

    def __init__(self, size_hw: tuple[int, int]) -> None:
        self.size_hw = size_hw
        self._tiles: dict[tuple[int, int], Mask] = {}

    @classmethod
    def from_mask(cls, mask: Mask) -> SparseMask:
        """Return the same set as ``mask``, bool (H, W)."""
        size_hw = (mask.shape[0], mask.shape[1])
        sparse = cls(size_hw)
        for box in Box.whole(size_hw).tiles(_TILE_PX):
            sparse.add(box, mask[box.slices()])
        return sparse

    @property
    def n_pixels(self) -> int:
        return sum(int(np.count_nonzero(tile)) for tile in self._tiles.values())

    def add(self, box: Box, mask: Mask) -> None:
        """Add the pixels of ``mask``, bool (box.height, box.width)."""
        for part in box.clip(Box.whole(self.size_hw)).tiles(_TILE_PX):
            here = mask[part.translate(-box.x0, -box.y0).slices()]
            if not here.any():
                continue
            key = (part.y0 // _TILE_PX, part.x0 // _TILE_PX)
            tile = self._tiles.setdefault(key, np.zeros((_TILE_PX, _TILE_PX), np.bool_))
            tile[part.translate(-key[1] * _TILE_PX, -key[0] * _TILE_PX).slices()] |= here

    @property
    def bounds(self) -> Box:
        """A box that holds all of the set; whole tiles."""
        if not self._tiles:
            return Box(0, 0, 0, 0)
        rows, columns = zip(*self._tiles, strict=True)
        top, left = min(rows) * _TILE_PX, min(columns) * _TILE_PX
        return Box(left, top, (max(columns) + 1) * _TILE_PX, (max(rows) + 1) * _TILE_PX)

    def near(self, box: Box, distance_px: int) -> Mask:
        """Return which pixels of ``box`` lie at most so far from one of the set, bool (height, width)."""
        near: Mask = self.distance(box, distance_px) <= distance_px
        return near

    def distance(self, box: Box, reach_px: int) -> NDArray[np.float32]:
        """Return how far each pixel of ``box`` lies from the set, float32 (box.height, box.width).

        Right up to ``reach_px``; what lies farther away is farther than that, or infinite.
        """
        grown = box.pad(reach_px)
        outside = (~self.crop(grown)).astype(np.uint8)
        if outside.all():
            return np.full(box.size_hw, np.inf, np.float32)
        distance = cv2.distanceTransform(outside, cv2.DIST_L2, 5)
        return np.asarray(distance[box.translate(-grown.x0, -grown.y0).slices()], np.float32)

    def crop(self, box: Box) -> Mask:
        """Return the pixels of ``box``, bool (box.height, box.width); none lie outside the image."""
        result = np.zeros(box.size_hw, np.bool_)
        for part, tile in self._parts(box):
            result[part.translate(-box.x0, -box.y0).slices()] = tile
        return result

    def any_in(self, box: Box) -> bool:
        """Say whether a pixel of the set lies in ``box``."""
        return any(bool(tile.any()) for _, tile in self._parts(box))

    def _parts(self, box: Box) -> list[tuple[Box, Mask]]:
        parts = []
        for part in box.clip(Box.whole(self.size_hw)).tiles(_TILE_PX):
            key = (part.y0 // _TILE_PX, part.x0 // _TILE_PX)
            tile = self._tiles.get(key)
            if tile is not None:
                parts.append((part, tile[part.translate(-key[1] * _TILE_PX, -key[0] * _TILE_PX).slices()]))
        return parts


class Region:
    """Where a result may land: a box, inside it a mask, without what a person decided.

    Attributes:
        box: image pixels; nothing outside may change.
    """

    def __init__(
        self,
        box: Box,
        size_hw: tuple[int, int],
        *,
        mask: Mask | None = None,
        decided: Mask | None = None,
        decided_box: Box | None = None,
    ) -> None:
        """Take the region of an image of ``size_hw``.

        Args:
            box: image pixels.
            size_hw: of the image.
            mask: (box.height, box.width) bool; None: the whole box.
            decided: bool, pixels that stay; None: none.
            decided_box: where ``decided`` lies.
        """
        self.box = box.clip(Box.whole(size_hw))
        self.size_hw = size_hw
        self._mask_box = box
        self._mask = mask
        self._decided = decided
        self._decided_box = decided_box
        self._fade_px = self._find_fade_px()

    def allowed(self, box: Box) -> Mask:
        """Return which pixels of ``box`` may change, bool (box.height, box.width)."""
        return self._painted(box) & ~self._decided_in(box)

    def is_all_decided(self) -> bool:
        """Say whether no pixel of the region may change because a person decided each of them."""
        return self._decided is not None and not any(
            bool(self.allowed(tile).any()) for tile in self.box.tiles(1024)
        )

    def weight(self, box: Box) -> NDArray[np.float32]:
        """Return how far a result counts, 0..1, float32: 0 outside, rising inside over some pixels, then 1.

        The photo's own edge is no edge of the region.
        """
        if self._mask is None and self.box == Box.whole(self.size_hw):
            weight = np.ones(box.size_hw, np.float32)
        else:
            grown = box.pad(self._fade_px + 1)
            inside = grown.clip(Box.whole(self.size_hw))
            if inside.is_empty:
                return np.zeros(box.size_hw, np.float32)
            painted = _clamped(self._painted(inside), inside, grown)
            distance = cv2.distanceTransform(painted.astype(np.uint8), cv2.DIST_L2, 5)
            inner = box.translate(-grown.x0, -grown.y0).slices()
            weight = np.clip(distance[inner] / np.float32(self._fade_px), 0, 1)
        weight[~self.allowed(box)] = 0
        return weight

    def _painted(self, box: Box) -> Mask:
        result = np.zeros(box.size_hw, np.bool_)
        part = box.clip(self.box)
        if not part.is_empty:
            here = part.translate(-box.x0, -box.y0).slices()
            source = part.translate(-self._mask_box.x0, -self._mask_box.y0).slices()
            result[here] = True if self._mask is None else self._mask[source]
        return result

    def _decided_in(self, box: Box) -> Mask:
        result = np.zeros(box.size_hw, np.bool_)
        if self._decided is None or self._decided_box is None:
            return result
        part = box.clip(self._decided_box)
        if not part.is_empty:
            source = part.translate(-self._decided_box.x0, -self._decided_box.y0).slices()
            result[part.translate(-box.x0, -box.y0).slices()] = self._decided[source]
        return result

    def _find_fade_px(self) -> int:
        """Return 8, less in a region so narrow that a fade of 8 would leave nothing of the result."""
        if self._mask is None:
            return max(1, min(_REGION_FADE_PX, min(self.box.size_hw) // 4))
        factor = max(1, max(self._mask.shape) // 512)
        small = np.pad(self._mask[::factor, ::factor], 1).astype(np.uint8)
        widest = float(cv2.distanceTransform(small, cv2.DIST_L2, 3).max()) * factor
        return max(1, min(_REGION_FADE_PX, int(widest / 2)))


def band_steps(
    band: SparseMask,
    field: Field,
    rule: BandRule,
    *,
    region: Region,
    factor: int = 1,
    near: tuple[SparseMask, int] | None = None,
) -> Iterator[None]:
    """Fill ``band`` tile by tile, with a stop after each tile that took work.

    Passes over quiet tiles: the cost follows the length of the contour.

    Args:
        band: what to add to.
        field: the level's logits.
        rule: in the level's pixels.
        region: in the photo's pixels; at a coarser level a pixel counts when any of its photo pixels does.
        factor: photo pixels per pixel of the level.
        near: only what lies at most so many pixels from these; None: all.
    """
    whole = Box.whole(field.size_hw)
    halo = max(rule.near_px, rule.reach_px or 0) + 1
    for tile in region.box.scaled(1 / factor).clip(whole).tiles(_TILE_PX):
        around = tile.pad(halo).clip(whole)
        if near is not None and not near[0].any_in(tile.pad(near[1])):
            continue
        if field.is_quiet(around):
            continue
        inner = tile.translate(-around.x0, -around.y0).slices()
        found = band_of_logits(field.crop(around), rule)[inner]
        if near is not None:
            found &= near[0].near(tile, near[1])
        if found.any():
            band.add(tile, found & _allowed_at(region, tile, factor))
        yield


def band_of_logits(logits: Logits, rule: BandRule) -> Mask:
    """Return the band of a map of logits, bool (H, W): near the contour, or uncertain and not far from it."""
    inside = (logits >= 0).astype(np.uint8)
    uncertain: Mask = np.asarray(np.abs(logits) < CERTAIN)
    if inside.min() == inside.max():
        return uncertain if rule.reach_px is None else np.zeros_like(uncertain)
    distance: NDArray[np.float32] = np.where(
        inside.astype(np.bool_),
        cv2.distanceTransform(inside, cv2.DIST_L2, 5),
        cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5),
    )
    near = distance <= rule.near_px
    in_reach = np.ones_like(uncertain) if rule.reach_px is None else distance <= rule.reach_px
    return near | (uncertain & in_reach)


def rim_weight(band: SparseMask, box: Box, rule: BandRule) -> NDArray[np.float32]:
    """Return 1 in the band, falling to 0 over ``rim_px`` outside it, float32 (box.height, box.width)."""
    reach_px = rule.rim_px + 1
    return np.clip(1 - band.distance(box, reach_px) / np.float32(reach_px), 0, 1)


def _allowed_at(region: Region, box: Box, factor: int) -> Mask:
    if factor == 1:
        return region.allowed(box)
    fine = region.allowed(Box(box.x0 * factor, box.y0 * factor, box.x1 * factor, box.y1 * factor))
    blocks = fine.reshape(box.height, factor, box.width, factor)
    return np.logical_or.reduce(np.logical_or.reduce(blocks, axis=3), axis=1)


def _clamped(mask: Mask, box: Box, grown: Box) -> Mask:
    """Return ``mask`` of ``box`` grown to ``grown`` by repeating its last pixels."""
    before_after = ((box.y0 - grown.y0, grown.y1 - box.y1), (box.x0 - grown.x0, grown.x1 - box.x1))
    return np.pad(mask, before_after, mode="edge")
