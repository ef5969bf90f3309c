"""What a person touched in steps that are there or gone: results of networks give way to such pixels."""

from __future__ import annotations

import numpy as np

from meticulous_gui.core.packing import pack
from meticulous_gui.core.step import LayerTile, Step
from meticulous_gui.core.tiles import Bits, unpack_bits

__all__ = ["HandBits", "Lost"]


class Lost:
    """Pixels touched by hand in steps that are gone from the chain (undone, or dropped for memory).

    Attributes:
        revision: the document's when they were lost.
        tiles: packed bits.
    """

    def __init__(self, revision: int, tiles: dict[LayerTile, bytes]) -> None:
        self.revision = revision
        self.tiles = tiles

    def merge(self, newer: Lost) -> Lost:
        """Return one entry for both, as new as the newer: that protects too much, never too little."""
        tiles = dict(self.tiles)
        for key, packed in newer.tiles.items():
            tiles[key] = pack(unpack_bits(tiles[key]) | unpack_bits(packed)) if key in tiles else packed
        return Lost(max(self.revision, newer.revision), tiles)


class HandBits:
    """The pixels that a person touched in some steps, present or lost."""

    def __init__(self, steps: list[Step], lost: list[Lost]) -> None:
        self._steps = steps
        self._lost = lost

    def read(self, key: LayerTile) -> Bits | None:
        """Return these pixels of one tile, None for none."""
        found = [diff.touched_bits() for step in self._steps if (diff := step.find(key)) is not None]
        found += [unpack_bits(lost.tiles[key]) for lost in self._lost if key in lost.tiles]
        return np.bitwise_or.reduce(found) if found else None
