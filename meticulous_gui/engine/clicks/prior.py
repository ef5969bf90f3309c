"""A mask from elsewhere as the click network is told of it: like one of its own earlier answers."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask

__all__ = ["soft_prior"]

_INSIDE: Final = 230
_OUTSIDE: Final = 26


def soft_prior(mask: Mask) -> NDArray[np.uint8]:
    """Return 0.9 inside and 0.1 outside in codes of 255, the step blurred by one pixel; 0 for no mask."""
    if not mask.any():
        return np.zeros(mask.shape, np.uint8)
    codes = np.where(mask, np.uint8(_INSIDE), np.uint8(_OUTSIDE))
    return cv2.GaussianBlur(codes, (0, 0), 1.0, borderType=cv2.BORDER_REPLICATE)
