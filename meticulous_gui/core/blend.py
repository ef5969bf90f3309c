"""How coverage, of a brush or a lasso, changes an alpha."""

from __future__ import annotations

import cv2
import numpy as np

from meticulous_gui.core.types import Alpha, Coverage

__all__ = ["blend_coverage"]


def blend_coverage(alpha: Alpha, coverage: Coverage, *, is_adding: bool) -> Alpha:
    """Return ``alpha`` moved towards 255 (adding) or 0 as far as ``coverage`` says.

    Args:
        alpha: (h, w) uint8.
        coverage: (h, w) uint8, 0 leaves a pixel, 255 takes it all the way.
        is_adding: towards 255, else towards 0.

    Returns:
        (h, w) uint8, a new array.
    """
    if is_adding:
        missing = cv2.multiply(cv2.bitwise_not(alpha), coverage, scale=1.0 / 255.0)
        return np.asarray(cv2.add(alpha, missing), np.uint8).reshape(alpha.shape)
    kept = cv2.multiply(alpha, cv2.bitwise_not(coverage), scale=1.0 / 255.0)
    return np.asarray(kept, np.uint8).reshape(alpha.shape)
