"""The ladder from a coarse mask to the photo: which sizes are visited, and the photo at each of them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.resample import crop_padded, shrink_steps, shrunk_hw
from meticulous_gui.engine.roles import Prediction, Segmenter
from meticulous_gui.engine.types import RgbImage

__all__ = ["PhotoLevels", "ladder_factors"]


def ladder_factors(size_hw: tuple[int, int], *, coarse_px: int, max_step: float = 4.0) -> tuple[int, ...]:
    """Return by how much the photo is shrunk on each level, coarsest first; the last is always 1.

    No level is more than ``max_step`` times as large as the one before it; the first is compared with a
    coarse mask whose long side is ``coarse_px``. Steps are powers of two, as large as allowed at the fine
    end, where a level is expensive; the two coarsest share what is left evenly.

    Args:
        size_hw: of the photo.
        coarse_px: long side of the coarse mask.
        max_step: >= 2.

    Raises:
        ValueError: ``max_step`` < 2.
    """
    if max_step < 2:
        raise ValueError(f"max_step must be at least 2, got {max_step}")
    step = int(math.log2(max_step))
    octaves = math.log2(max(size_hw) / coarse_px)
    exponents = [0]
    while octaves - exponents[-1] > math.log2(max_step):
        rest = octaves - exponents[-1]
        is_last = rest <= step + math.log2(max_step)
        exponents.append(exponents[-1] + (_half(rest, step, max_step) if is_last else step))
    return tuple(2**exponent for exponent in reversed(exponents))


def _half(rest: float, step: int, max_step: float) -> int:
    """Return the whole number of octaves nearest to half of ``rest`` that leaves at most ``max_step``."""
    needed = math.ceil(rest - math.log2(max_step) - 1e-9)
    return min(step, max(1, needed, round(rest / 2)))


class PhotoLevels:
    """A photo at the sizes that were asked for, each made once; reads patches with a mirrored edge."""

    def __init__(self, rgb: RgbImage) -> None:
        self.rgb = rgb
        self.size_hw = (rgb.shape[0], rgb.shape[1])
        self._levels: dict[int, RgbImage] = {1: rgb}
        # What jobs keep of this photo from one to the next.
        self.sessions: dict[str, object] = {}
        self.found: tuple[Segmenter, Prediction] | None = None

    def level(self, factor: int) -> RgbImage:
        """Return the photo shrunk by ``factor``, a power of two, uint8 of ``level_hw(factor)``."""
        for _ in self.level_steps(factor):
            pass
        return self._levels[factor]

    def level_steps(self, factor: int) -> Iterator[None]:
        """Make a level, if it is not made yet, with a stop after each strip."""
        if factor not in self._levels:
            # Always from the photo itself: by way of another level it would depend on what was asked before.
            made = np.empty((*self.level_hw(factor), 3), np.uint8)
            yield from shrink_steps(self.rgb, factor, out=made)
            self._levels[factor] = made

    def level_hw(self, factor: int) -> tuple[int, int]:
        """Return the size of a level without making it."""
        return shrunk_hw(self.size_hw, factor)

    def crop(self, factor: int, box: Box) -> RgbImage:
        """Return the pixels of ``box`` of a level, mirrored beyond its edge, uint8 (h, w, 3)."""
        return crop_padded(self.level(factor), box)
