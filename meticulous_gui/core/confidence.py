"""How sure networks are of each layer's pixels, kept in step with the history.

What a network's step said goes away when the step is taken back, and comes again when it is redone, so
that doubt and mask always belong together. Nothing of it is saved: networks think it, no person did it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.step import StepInfo
from meticulous_gui.core.tiles import TILE_PX, TileKey, box_of, pieces
from meticulous_gui.core.types import Alpha, Mask

__all__ = ["Confidences"]

LayerTile: TypeAlias = tuple[int, TileKey]
LayerBox: TypeAlias = tuple[int, Box]

_SURE: Final = np.uint8(255)


@dataclass(frozen=True, eq=False)
class _Look:
    """A region that a person pointed a network at: there the result is no news to them."""

    layer_id: int
    box: Box
    mask: Mask


@dataclass(eq=False)
class _Said:
    """What one step of a network changed here.

    Attributes:
        other: the tiles as they are without the step while it is applied, with it while it is not
            (compressed; None: all sure).
        looks: regions that were looked at with it.
        overseen: layers about whose whole edge it spoke.
    """

    is_applied: bool = True
    other: dict[LayerTile, bytes | None] = field(default_factory=dict)
    looks: list[_Look] = field(default_factory=list)
    overseen: set[int] = field(default_factory=set)


class Confidences:
    """The confidence of all layers of one document; tiles in which all is sure take no memory."""

    def __init__(self, size_hw: tuple[int, int]) -> None:
        self._whole = Box.whole(size_hw)
        self._tiles: dict[LayerTile, NDArray[np.uint8]] = {}
        self._steps: dict[int, _Said] = {}
        self._lasting = _Said()

    def has(self, layer_id: int) -> bool:
        """Say whether there is anything to show of the layer."""
        return self.is_overseen(layer_id) or any(key[0] == layer_id for key in self._tiles)

    def is_overseen(self, layer_id: int) -> bool:
        """Say whether a network has spoken about the layer's whole edge."""
        return any(layer_id in said.overseen for said in self._applied())

    def read(self, layer_id: int, box: Box) -> Alpha:
        """Return the confidence of ``box``, uint8 (box.height, box.width), 255 where nothing was said."""
        confidence = np.full(box.size_hw, _SURE)
        for key, inner, own in pieces(box):
            tile = self._tiles.get((layer_id, key))
            if tile is not None:
                confidence[own] = tile[inner]
        return confidence

    def looked(self, layer_id: int, box: Box) -> Mask:
        """Return which pixels of ``box`` a person pointed a network at, bool (box.height, box.width)."""
        seen = np.zeros(box.size_hw, np.bool_)
        for look in [look for said in self._applied() for look in said.looks]:
            part = look.box.clip(box)
            if look.layer_id == layer_id and not part.is_empty:
                here = part.translate(-look.box.x0, -look.box.y0).slices()
                seen[part.translate(-box.x0, -box.y0).slices()] |= look.mask[here]
        return seen

    def write(self, layer_id: int, box: Box, confidence: Alpha, *, step_id: int | None = None) -> None:
        """Take what a network says.

        Args:
            layer_id: about which layer.
            box: inside the photo.
            confidence: (box.height, box.width) uint8.
            step_id: the step of the history that it belongs to; None: to none, it stays.
        """
        inside = box.clip(self._whole)
        confidence = confidence[inside.translate(-box.x0, -box.y0).slices()]
        for tile_key, inner, own in pieces(inside):
            key = layer_id, tile_key
            if step_id is not None:
                other = self._said(step_id).other
                if key not in other:
                    other[key] = self._packed(key)
            tile = self._tiles.get(key)
            values = confidence[own]
            if tile is None:
                if (values == _SURE).all():
                    continue
                tile = self._tiles[key] = np.full((TILE_PX, TILE_PX), _SURE)
            tile[inner] = values

    def look(self, layer_id: int, box: Box, mask: Mask, *, step_id: int | None = None) -> None:
        """Note that a person pointed a network at the pixels of ``mask``, bool (box.height, box.width)."""
        self._said(step_id).looks.append(_Look(layer_id, box, mask))

    def oversee(self, layer_id: int, *, step_id: int | None = None) -> None:
        """Note that a network has spoken about the whole edge."""
        self._said(step_id).overseen.add(layer_id)

    def take_back(self, step_id: int) -> list[LayerBox]:
        """Forget what a step said as if it had never been; return where something changed."""
        said = self._steps.pop(step_id, None)
        return list(self._swap(said)) if said is not None and said.is_applied else []

    def follow(self, steps: Sequence[StepInfo], *, growing_id: int | None = None) -> list[LayerBox]:
        """Bring everything in step with the history; return where something changed.

        Args:
            steps: the history's, all of them. A step of ours that is missing was dropped for memory, or
                changed no pixel: what it said stays.
            growing_id: the step that may still be taken back by ``take_back``.
        """
        applied = {step.id: step.is_applied for step in steps}
        changed: list[LayerBox] = []
        # What is undone goes from the newest to the oldest, what is redone the other way round.
        for step_id, said in sorted(self._steps.items(), reverse=True):
            if said.is_applied and applied.get(step_id) is False:
                changed += self._swap(said)
        for step_id, said in sorted(self._steps.items()):
            if not said.is_applied and applied.get(step_id):
                changed += self._swap(said)
            if step_id not in applied and step_id != growing_id:
                del self._steps[step_id]
                if said.is_applied:
                    self._lasting.looks += said.looks
                    self._lasting.overseen |= said.overseen
        return changed

    def _said(self, step_id: int | None) -> _Said:
        return self._lasting if step_id is None else self._steps.setdefault(step_id, _Said())

    def _applied(self) -> list[_Said]:
        return [self._lasting, *(said for said in self._steps.values() if said.is_applied)]

    def _swap(self, said: _Said) -> Iterator[LayerBox]:
        """Exchange the tiles of now with the others; twice is nothing."""
        said.is_applied = not said.is_applied
        for key, packed in said.other.items():
            said.other[key] = self._packed(key)
            if packed is None:
                self._tiles.pop(key, None)
            else:
                pixels = np.frombuffer(bytearray(zlib.decompress(packed)), np.uint8)
                self._tiles[key] = pixels.reshape(TILE_PX, TILE_PX)
            yield key[0], box_of(key[1], self._whole)
        for look in said.looks:
            yield look.layer_id, look.box.clip(self._whole)

    def _packed(self, key: LayerTile) -> bytes | None:
        tile = self._tiles.get(key)
        return None if tile is None else zlib.compress(tile.data, 1)
