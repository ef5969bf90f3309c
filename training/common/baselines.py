"""Refiners that need no training, to compare with: the guided filter, and GrabCut in the uncertain band."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Alpha, RgbImage

_GUIDED_EPSILON: Final = 1e-4  # of colours in 0..1: edges weaker than a hundredth count as flat
_GRABCUT_STEPS: Final = 3
_BAND_SHARE: Final = 1 / 60  # half-width of the band as a share of the longer side


def _half_width_px(alpha: Alpha) -> int:
    return max(3, round(max(alpha.shape) * _BAND_SHARE))


def guided_filter(rgb: RgbImage, alpha: Alpha) -> Alpha:
    """Return the mask filtered along the photo's grey values (He, Sun and Tang 2013, equations 5, 6 and 8).

    Args:
        rgb: (H, W, 3).
        alpha: (H, W) coverage.
    """
    guide = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / np.float32(255)
    values = alpha.astype(np.float32) / np.float32(255)
    side = 2 * _half_width_px(alpha) + 1

    def mean(x: NDArray[np.floating]) -> NDArray[np.floating]:
        return cv2.blur(x, (side, side))

    mean_guide, mean_values = mean(guide), mean(values)
    variance = mean(guide * guide) - mean_guide * mean_guide
    slope = (mean(guide * values) - mean_guide * mean_values) / (variance + np.float32(_GUIDED_EPSILON))
    offset = mean_values - slope * mean_guide
    filtered = mean(slope) * guide + mean(offset)
    return np.round(255 * np.clip(filtered, 0, 1)).astype(np.uint8)


def grabcut_in_band(rgb: RgbImage, alpha: Alpha) -> Alpha:
    """Return the mask that GrabCut (Rother et al. 2004, OpenCV's) finds in a band round the mask's edge.

    Args:
        rgb: (H, W, 3).
        alpha: (H, W) coverage.

    Returns:
        (H, W) with 0 and 255 only; the mask itself where there is nothing sure on one of the sides.
    """
    inside = (alpha >= 128).astype(np.uint8)
    width_px = _half_width_px(alpha)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width_px + 1,) * 2)
    sure, possible = cv2.erode(inside, kernel), cv2.dilate(inside, kernel)
    labels = np.where(inside > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    labels[sure > 0] = cv2.GC_FGD
    labels[possible == 0] = cv2.GC_BGD
    if not (inside.any() and (possible == 0).any()):
        return inside * np.uint8(255)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(rgb, labels, None, *models, _GRABCUT_STEPS, cv2.GC_INIT_WITH_MASK)
    return np.where((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), np.uint8(255), np.uint8(0))
