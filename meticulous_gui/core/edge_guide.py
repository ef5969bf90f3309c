"""A brush that stops at the photo's edges: of each dab only what looks like its middle and hangs together."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.similar import SimilarColour
from meticulous_gui.core.types import Coverage, RgbImage

__all__ = ["EdgeGuide"]

_TOLERANCE: Final = 50.0
"""How different a colour may be, 0..255: rough masks of real photos are mended with a quarter fewer dabs."""

_AROUND: Final = np.ones((3, 3), np.uint8)


class EdgeGuide:
    """Says for a dab which of its pixels lie on its own side of the photo's edges."""

    def __init__(self, rgb: RgbImage) -> None:
        """Look at ``rgb``, the (H, W, 3) uint8 photo that is painted on."""
        self._rgb = rgb

    def side(self, box: Box, x: float, y: float) -> Coverage:
        """Return how much each pixel of a dab belongs to its middle.

        Args:
            box: the dab's part inside the photo, not empty.
            x, y: its middle in image pixels; beside the photo the nearest pixel of ``box`` stands for it.

        Returns:
            (box.height, box.width) uint8, 0 beyond an edge, 255 on this side, between on the edge itself.
        """
        # A pixel's grain is no edge; what is small and alike all around neither.
        calm = np.asarray(cv2.blur(self._rgb[box.slices()], (3, 3)), np.uint8)
        column = min(max(int(x) - box.x0, 0), box.width - 1)
        row = min(max(int(y) - box.y0, 0), box.height - 1)
        part, coverage = SimilarColour(calm, column, row).region(_TOLERANCE, is_contiguous=True)
        side = np.zeros(box.size_hw, np.uint8)
        side[part.slices()] = coverage
        return np.asarray(cv2.morphologyEx(side, cv2.MORPH_CLOSE, _AROUND), np.uint8).reshape(side.shape)
