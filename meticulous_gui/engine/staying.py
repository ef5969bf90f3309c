"""Where an edge that was given stays: who moves it by a pixel only knows no better than it did."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from meticulous_gui.engine.types import Alpha, Mask

__all__ = ["REACH_PX", "stays"]

_TOGETHER_PX: Final = 24
"""Where some of an edge moved farther, what lies this near (a square) moved with it."""

_STEEP: Final = 72
"""Alpha changes so much over 3 pixels where an edge is known to a pixel; less is an enlarged mask or hair."""

REACH_PX: Final = _TOGETHER_PX + 2
"""What lies farther away does not count."""


def stays(before: Alpha, after: Alpha) -> Mask:
    """Return which pixels keep the side they were on, though they changed it.

    Args:
        before: (H, W) uint8, a mask that was given.
        after: (H, W) uint8, what a refiner made of it.

    Returns:
        (H, W) bool; right for pixels that have ``REACH_PX`` around them, or the photo's own edge.
    """
    inside = before >= 128
    changed = (after >= 128) != inside
    if not changed.any():
        return changed
    solid = inside.astype(np.uint8)
    square = np.ones((3, 3), np.uint8)
    clear = cv2.erode(solid, square) | cv2.erode(1 - solid, square)
    far = (changed & clear.astype(np.bool_)).astype(np.uint8)
    side = 2 * _TOGETHER_PX + 1
    moved = cv2.dilate(far, np.ones((side, side), np.uint8)).astype(np.bool_)
    steep = (cv2.dilate(before, square) - cv2.erode(before, square) >= _STEEP).astype(np.uint8)
    kept: Mask = changed & ~moved & cv2.dilate(steep, square).astype(np.bool_)
    return kept
