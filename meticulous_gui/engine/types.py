"""The array types of the engine; the program's own come from `core.types`."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Alpha, Logits, Mask, Probability, RgbImage

__all__ = ["Alpha", "Batch", "Confidence", "Logits", "Mask", "Probability", "RgbImage"]

Batch: TypeAlias = NDArray[np.float32]
"""(B, C, S, S) float32: patches for a network, RGB in 0..1 (C = 3) or logits (C = 1)."""

Confidence: TypeAlias = NDArray[np.uint8]
"""(H, W) uint8: 0 a coin toss, 255 sure; ``255 * (2 c - 1)`` of the calibrated c = max(p, 1 - p)."""
