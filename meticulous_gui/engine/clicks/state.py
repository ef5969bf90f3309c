"""What a click session remembers of each step, so that undo gives every bit back without a network."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.commands import ClickSettings, Obeyed
from meticulous_gui.engine.clicks.crop import Crop
from meticulous_gui.engine.clicks.merge import Pixel

__all__ = ["Flips", "PlacedClick", "State", "flips_of"]


@dataclass(frozen=True)
class PlacedClick:
    """A click of a session, at the middle of its pixel.

    Attributes:
        id: names it in the session.
        row, col: its pixel.
        is_positive: whether it includes.
    """

    id: int
    row: int
    col: int
    is_positive: bool

    @property
    def xy(self) -> tuple[float, float]:
        return self.col + 0.5, self.row + 0.5

    @property
    def pixel(self) -> Pixel:
        return Pixel(self.row, self.col, self.is_positive)


@dataclass(frozen=True)
class Flips:
    """Pixels in which two masks differ: applying it to either gives the other."""

    box: Box
    bits: bytes

    def apply(self, mask: Mask) -> None:
        """Flip the pixels in place."""
        if self.box.is_empty:
            return
        packed = np.frombuffer(zlib.decompress(self.bits), np.uint8)
        flips = np.unpackbits(packed, count=self.box.area).reshape(self.box.size_hw).view(np.bool_)
        mask[self.box.slices()] ^= flips


def flips_of(before: Mask, after: Mask, box: Box) -> Flips:
    """Return the difference of two masks that agree outside ``box``; (box.height, box.width) bool each."""
    differing = before ^ after
    tight = bounding_box(differing)
    if tight.is_empty:
        return Flips(tight, b"")
    bits = zlib.compress(np.packbits(differing[tight.slices()]).tobytes(), 1)
    return Flips(tight.translate(box.x0, box.y0), bits)


@dataclass(frozen=True)
class State:
    """The session after a step; with the mask of the step before it is complete.

    Attributes:
        clicks: in the order they were made.
        prompts: boxes and scribbles in image pixels.
        settings: as they were.
        crop: what the answer was given for; None before the first.
        previous: uint8 (S, S), what the next answer on this crop reads; None: read it off the mask.
        variables: of BRS, None for none.
        obeyed: what obeyed each click, by its id.
        confidence: how stable the answer is, 0..1.
        extent: the smallest box around the mask.
        flips: from the mask of the step before to this one.
    """

    clicks: tuple[PlacedClick, ...] = ()
    prompts: tuple[BoxPrompt | Stroke, ...] = ()
    settings: ClickSettings = ClickSettings()  # noqa: RUF009  (frozen)
    crop: Crop | None = None
    previous: NDArray[np.uint8] | None = None
    variables: NDArray[np.float32] | None = None
    obeyed: dict[int, Obeyed] = field(default_factory=dict)
    confidence: float = 1.0
    extent: Box = Box(0, 0, 0, 0)  # noqa: RUF009  (frozen)
    flips: Flips = Flips(Box(0, 0, 0, 0), b"")
