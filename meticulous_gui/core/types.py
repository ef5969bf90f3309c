"""The array types that the whole program speaks; shapes and ranges are stated once, here."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["INSIDE", "Alpha", "AnyImage", "Coverage", "Logits", "Mask", "Probability", "RgbImage"]

RgbImage: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) uint8, sRGB-encoded red, green, blue, C-contiguous."""

Alpha: TypeAlias = NDArray[np.uint8]
"""(H, W) uint8: 0 outside, 255 inside, anything between is real partial coverage."""

INSIDE: Final = 128
"""From this alpha on a pixel counts as inside, where only yes or no can be said."""

Coverage: TypeAlias = NDArray[np.uint8]
"""(H, W) uint8: how much of a pixel a brush or a lasso covers, 0..255."""

Mask: TypeAlias = NDArray[np.bool_]
"""(H, W) bool: the yes/no of an alpha (``alpha >= INSIDE``) or a set of pixels."""

Probability: TypeAlias = NDArray[np.float32]
"""(H, W) float32 in 0..1: sigmoid of logits."""

Logits: TypeAlias = NDArray[np.float32]
"""(H, W) float32, unbounded: what a network says before the sigmoid."""

AnyImage: TypeAlias = NDArray[Any]
"""(H, W) or (H, W, C) of any number type: what resampling works on."""
