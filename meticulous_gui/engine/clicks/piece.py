"""A mask that is known to be empty outside a box: what clicks on a large photo work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.types import Mask

__all__ = ["NOTHING", "Piece", "piece_of"]


@dataclass(frozen=True)
class Piece:
    """A mask of a whole photo of which only a box is kept: nothing belongs to it outside.

    Attributes:
        box: inside the photo; may be empty.
        mask: (box.height, box.width) bool; read-only by agreement.
    """

    box: Box
    mask: Mask

    def at(self, box: Box) -> Mask:
        """Return the mask at the pixels of a box, (box.height, box.width) bool, a new array."""
        found = np.zeros(box.size_hw, np.bool_)
        shared = self.box.clip(box)
        if not shared.is_empty:
            own = self.mask[shared.translate(-self.box.x0, -self.box.y0).slices()]
            found[shared.translate(-box.x0, -box.y0).slices()] = own
        return found

    def tight(self) -> Piece:
        """Return the same mask with the smallest box."""
        inner = bounding_box(self.mask)
        if inner.is_empty:
            return NOTHING
        return Piece(inner.translate(self.box.x0, self.box.y0), self.mask[inner.slices()])

    def touches(self, box: Box) -> bool:
        """Say whether any pixel of a box belongs."""
        shared = self.box.clip(box)
        if shared.is_empty:
            return False
        return bool(self.mask[shared.translate(-self.box.x0, -self.box.y0).slices()].any())


NOTHING: Final = Piece(Box(0, 0, 0, 0), np.zeros((0, 0), np.bool_))
"""The empty mask."""


def piece_of(mask: Mask) -> Piece:
    """Return a whole mask, (H, W) bool, as a piece; it shares the memory."""
    box = bounding_box(mask)
    return Piece(box, mask[box.slices()])
