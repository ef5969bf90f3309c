"""The soft rim of what a person decided: half inside, half outside, and so half decided.

Where a network left it alone, a line of half-transparent pixels would run through an object that it makes
larger than the stroke. So a rim goes with the network, but only the way the stroke itself went.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.types import Alpha, Mask

__all__ = ["REACH_PX", "along_rims", "rim_signs"]

REACH_PX = 64
"""A rim is no wider, rows and columns added: what is half transparent farther from a core is meant so."""
_LEAST_SLOPE = 8
_NEIGHBOURS = np.ones((3, 3), np.uint8)


def rim_signs(alpha: Alpha, decided: Mask) -> NDArray[np.int8]:
    """Return where the soft rims of strokes are, and which way each stroke went.

    A decided pixel belongs to a rim where it is neither in nor out, the alpha slopes there (an even stroke
    of half the opacity has no rim), and a decided pixel that is wholly in or out lies within `REACH_PX`.

    Args:
        alpha: (H, W) uint8.
        decided: (H, W) bool.

    Returns:
        (H, W) int8: 1 the nearest such pixel is in, -1 it is out, 0 no rim.
    """
    signs = np.zeros(alpha.shape, np.int8)
    soft = decided & (alpha > 0) & (alpha < 255)
    if not soft.any():
        return signs
    around = bounding_box(soft).pad(REACH_PX).clip(Box.whole((alpha.shape[0], alpha.shape[1]))).slices()
    alpha, decided = np.ascontiguousarray(alpha[around]), decided[around]
    slope = cv2.dilate(alpha, _NEIGHBOURS) - cv2.erode(alpha, _NEIGHBOURS)
    to_in, to_out = (
        cv2.distanceTransform((~(decided & (alpha == core))).view(np.uint8), cv2.DIST_L1, 3)
        for core in (255, 0)
    )
    is_rim = soft[around] & (slope >= _LEAST_SLOPE) & (np.minimum(to_in, to_out) <= REACH_PX)
    signs[around] = np.where(is_rim, np.where(to_in <= to_out, 1, -1), 0)
    return signs


def along_rims(signs: NDArray[np.int8], before: Alpha, result: Alpha) -> Alpha:
    """Return a network's result, (h, w), where rims go only the way their strokes went from ``before``."""
    raised = np.where(signs > 0, np.maximum(before, result), result)
    return np.where(signs < 0, np.minimum(before, result), raised)
