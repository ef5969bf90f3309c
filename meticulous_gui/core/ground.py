"""The photo as one view shows it, kept while only the masks over it change."""

from __future__ import annotations

import weakref
from typing import Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.sampling import Window, sample_bgrx
from meticulous_gui.core.view import View

__all__ = ["STRIP_ROWS", "Ground"]

STRIP_ROWS: Final = 128
"""Rows composed at a time, from multiples of it on: what passes through stays in the processor's cache."""


class Ground:
    """Remembers strips of the photo for one view: a brush, a preview or an undo changes masks alone.

    Memory: at most what the viewport holds, (vh, vw, 4) uint8.
    """

    def __init__(self) -> None:
        self._photo: weakref.ref[Pyramid] | None = None
        self._view: View | None = None
        self._strips: dict[int, tuple[Box, NDArray[np.uint8]]] = {}

    def read(self, photo: Pyramid, window: Window) -> NDArray[np.uint8]:
        """Return what `sampling.sample_bgrx` returns, to the bit; a new array.

        Args:
            photo: its pixels never change.
            window: within one strip of rows.
        """
        if self._photo is None or self._photo() is not photo or self._view != window.view:
            self._photo, self._view, self._strips = weakref.ref(photo), window.view, {}
        index = window.box.y0 // STRIP_ROWS
        kept, pixels = self._strips.get(index, (None, None))
        if kept is not None and pixels is not None and kept.contains(window.box):
            return pixels[window.box.translate(-kept.x0, -kept.y0).slices()].copy()
        sampled = sample_bgrx(photo, window)
        if kept is None or window.box.area > kept.area:
            self._strips[index] = window.box, sampled.copy()
        return sampled
