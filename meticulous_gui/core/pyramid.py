"""An image at half, a quarter, an eighth of its size: shown at any zoom without touching all of it."""

from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import AnyImage

__all__ = ["Pyramid", "SingleLevel"]


class Pyramid:
    """Levels of an image, each half the size of the one before by area, made when first asked for.

    Pixel i of level k covers exactly the pixels [i 2^k, (i + 1) 2^k) of level 0; where a side is odd the last
    row or column is repeated. The last level is one pixel.

    Building is safe from several threads (one in the background may call `build` while a window shows the
    photo); `update` belongs to the one thread that also changes level 0.
    """

    def __init__(self, level0: AnyImage) -> None:
        """Wrap ``level0``, (H, W) or (H, W, C <= 4), not empty; it is not copied and never written to."""
        if level0.ndim not in (2, 3) or level0.size == 0:
            raise ValueError(f"level0 must be (H, W) or (H, W, C) and not empty, got shape {level0.shape}")
        self._levels: list[AnyImage] = [level0]
        self._lock = threading.Lock()

    @property
    def size_hw(self) -> tuple[int, int]:
        return self._levels[0].shape[0], self._levels[0].shape[1]

    @property
    def box(self) -> Box:
        """The box of level 0."""
        return Box.whole(self.size_hw)

    @property
    def n_levels(self) -> int:
        """How many levels there can be, built or not."""
        return (max(self.size_hw) - 1).bit_length() + 1

    def level(self, k: int) -> AnyImage:
        """Return level ``k``, (ceil(H / 2^k), ceil(W / 2^k)[, C]); building it and those below where needed.

        Raises:
            ValueError: there is no such level.
        """
        if not 0 <= k < self.n_levels:
            raise ValueError(f"k must lie in 0..{self.n_levels - 1}, got {k}")
        if k >= len(self._levels):
            with self._lock:
                while k >= len(self._levels):
                    self._levels.append(_halved(self._levels[-1]))
        return self._levels[k]

    def level_for(self, scale: float) -> int:
        """Return the smallest level that is still at least ``scale`` times as large as level 0."""
        k, last = 0, self.n_levels - 1
        while k < last and 0.5 ** (k + 1) >= scale:
            k += 1
        return k

    def build(self) -> None:
        """Build all levels now (in a background thread, before somebody zooms out)."""
        self.level(self.n_levels - 1)

    def update(self, box: Box) -> None:
        """Refresh all levels that are built after level 0 changed inside ``box``."""
        box = box.clip(self.box)
        if box.is_empty:
            return
        x0, y0, x1, y1 = box.x0, box.y0, box.x1, box.y1
        for below, here in pairwise(self._levels):
            x0, y0, x1, y1 = x0 // 2, y0 // 2, (x1 + 1) // 2, (y1 + 1) // 2
            # A slice ends at the array's end.
            _halve_into(here[y0:y1, x0:x1], below[2 * y0 : 2 * y1, 2 * x0 : 2 * x1])


class SingleLevel(Pyramid):
    """A pyramid that has one level only: what is shown for a moment at one zoom, such as a preview."""

    def __init__(self, level: AnyImage, k: int) -> None:
        """Wrap ``level``, which stands for level ``k`` of an image that nobody has."""
        super().__init__(level)
        self._k = k

    def level(self, k: int) -> AnyImage:
        """Return the level.

        Raises:
            ValueError: another one than it has is asked for.
        """
        if k != self._k:
            raise ValueError(f"there is only level {self._k}, got {k}")
        return self._levels[0]

    def level_for(self, scale: float) -> int:
        """Return its level, however large it is wanted."""
        return self._k


def _halved(image: AnyImage) -> NDArray[Any]:
    """Return ``image`` at half its size, rounded up, by area; odd sides repeat their last row or column."""
    height, width = image.shape[:2]
    half = np.empty(((height + 1) // 2, (width + 1) // 2, *image.shape[2:]), image.dtype)
    _halve_into(half, image)
    return half


def _halve_into(half: NDArray[Any], image: AnyImage) -> None:
    """Write what `_halved` returns into ``half``."""
    height, width = image.shape[:2]
    if height % 2 == 0 and width % 2 == 0:
        _halve_even_into(half, image)
        return
    even_h, even_w = height // 2 * 2, width // 2 * 2
    _halve_even_into(half[: height // 2, : width // 2], image[:even_h, :even_w])
    # Only the odd rim is copied to be extended, never the image.
    if width % 2:
        _halve_even_into(half[: height // 2, width // 2 :], np.repeat(image[:even_h, even_w:], 2, axis=1))
    if height % 2:
        _halve_even_into(half[height // 2 :, : width // 2], np.repeat(image[even_h:, :even_w], 2, axis=0))
    if width % 2 and height % 2:
        half[-1, -1] = image[-1, -1]


def _halve_even_into(out: NDArray[Any], image: AnyImage) -> None:
    if out.size:
        # Written in place: a new array of 25 MB costs more than the averaging.
        cv2.resize(image, (out.shape[1], out.shape[0]), dst=out, interpolation=cv2.INTER_AREA)
