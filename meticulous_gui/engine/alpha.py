"""Logits to alpha and back, and logits to confidence: the only place where these change into each other."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.engine.types import Alpha, Confidence, Logits, Mask

__all__ = [
    "CERTAIN",
    "DEFAULT_RAMP",
    "HARD_LOGIT",
    "LOGIT_LIMIT",
    "alpha_from_logits",
    "confidence_from_logits",
    "limited",
    "logits_from_alpha",
    "softened",
]

LOGIT_LIMIT: Final = 8.0
"""Logits are cut to +- this before they are blended: one wild patch must not outvote its neighbours."""

CERTAIN: Final = 2.94
"""|logit| from which a pixel counts as certain: p = .95."""

DEFAULT_RAMP: Final = 4.0
"""Width in logits over which alpha goes from 0 to 255 where the card has none."""

HARD_LOGIT: Final = 6.0
"""The logit of a pixel that is wholly in or out in a mask from elsewhere; beyond the ramp, not the limit."""

_STEPS_PER_LOGIT: Final = 64


def limited(logits: Logits) -> Logits:
    """Return logits cut to `LOGIT_LIMIT` on both sides."""
    return np.clip(logits, -LOGIT_LIMIT, LOGIT_LIMIT)


def alpha_from_logits(logits: Logits, *, ramp: float = DEFAULT_RAMP, band: Mask | None = None) -> Alpha:
    """Return coverage: ``0.5 + logits / ramp`` cut to 0..1 inside ``band``, exactly 0 or 255 outside.

    Args:
        logits: (H, W) float32.
        ramp: logits from alpha 0 to alpha 255, > 0; fitted on composites with exact alpha.
        band: (H, W) bool; None: the ramp holds everywhere.

    Returns:
        (H, W) uint8; ``alpha >= 128`` is ``logits >= 0`` but for rounding.
    """
    scaled = logits * np.float32(255 / ramp)
    scaled += np.float32(128.0)  # 127.5 + .5: a logit of 0 counts as inside, and uint8 cuts towards zero
    alpha = np.clip(scaled, 0, 255).astype(np.uint8)
    if band is None:
        return alpha
    return np.where(band, alpha, np.where(logits >= 0, np.uint8(255), np.uint8(0)))


def logits_from_alpha(alpha: Alpha, *, ramp: float = DEFAULT_RAMP) -> Logits:
    """Return logits that ``alpha_from_logits`` with the same ramp turns back into ``alpha``, exactly.

    Pixels of 0 and 255 get -+ `HARD_LOGIT` (or half the ramp if that is more): certain, yet open to change.
    """
    values = (np.arange(256, dtype=np.float64) - 127.5) * (ramp / 255)
    hard = max(HARD_LOGIT, ramp / 2)
    values[0], values[255] = -hard, hard
    return values.astype(np.float32)[alpha]


def softened(logits: Logits) -> Logits:
    """Return logits whose hard steps have a slope of three pixels; ramps stay nearly as they are.

    A refiner looks where logits are small; a hard mask has no such place until its steps are softened.
    """
    smooth = cv2.blur(logits, (3, 3), borderType=cv2.BORDER_REPLICATE)
    is_step = (np.abs(logits) >= CERTAIN) & (np.abs(smooth) < np.abs(logits))
    return np.where(is_step, smooth, logits)


def confidence_from_logits(logits: Logits, *, temperature: float = 1.0) -> Confidence:
    """Return how sure each pixel is: ``255 * tanh(|logits / T| / 2)``, that is 255 (2 max(p, 1 - p) - 1)."""
    steps = np.abs(logits)
    steps *= _STEPS_PER_LOGIT
    np.minimum(steps, LOGIT_LIMIT * 4 * _STEPS_PER_LOGIT - 1, out=steps)
    return _confidence_table(temperature)[steps.astype(np.int32)]


def _confidence_table(temperature: float) -> NDArray[np.uint8]:
    """A table, because a hyperbolic tangent for each of 24 million pixels takes a quarter of a second."""
    logits = (np.arange(int(LOGIT_LIMIT * 4 * _STEPS_PER_LOGIT)) + 0.5) / _STEPS_PER_LOGIT
    return np.rint(255 * np.tanh(logits / temperature / 2)).astype(np.uint8)
