"""Measures of alpha mattes: absolute and squared error, gradient and connectivity."""

from __future__ import annotations

import math
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask

__all__ = ["conn", "grad", "mse", "sad"]

Matte: TypeAlias = NDArray[Any]
"""(H, W) coverage: float 0..1 or uint8 0..255."""

_SIGMA: Final = 1.4
_STEPS: Final = 10
_FREE_GAP: Final = 0.15
"""A pixel may lie this much above the level at which it is connected."""


def sad(prediction: Matte, truth: Matte, *, region: Mask | None = None) -> float:
    """Return the sum of absolute differences / 1000.

    Args:
        prediction: (H, W).
        truth: (H, W).
        region: (H, W) bool, count only there (the unknown band); the whole image without one.
    """
    q, a = _unpacked(prediction, truth)
    return float(np.abs(a - q)[_where(region, a)].sum()) / 1000


def mse(prediction: Matte, truth: Matte, *, region: Mask | None = None) -> float:
    """Return the mean squared difference (tables print it times 1000); arguments as ``sad``."""
    q, a = _unpacked(prediction, truth)
    squares = ((a - q) ** 2)[_where(region, a)]
    return float(squares.mean()) if squares.size else 0.0


def grad(prediction: Matte, truth: Matte, *, region: Mask | None = None) -> float:
    """Return the sum of squared differences of gradient magnitudes / 1000; arguments as ``sad``.

    Source:
        Rhemann et al. 2009: first-order Gaussian derivatives, sigma 1.4, 9 x 9, unit norm, border repeated.
    """
    q, a = _unpacked(prediction, truth)
    return float(((_magnitude(a) - _magnitude(q)) ** 2)[_where(region, a)].sum()) / 1000


def conn(prediction: Matte, truth: Matte, *, region: Mask | None = None) -> float:
    """Return the connectivity error / 1000; arguments as ``sad``.

    Source:
        Rhemann et al. 2009, thresholds i/10 exactly, components with 8 neighbours.
    """
    q, a = _unpacked(prediction, truth)
    connected_at = np.full(a.shape, -1.0)
    for step in range(1, _STEPS + 1):
        part = _largest_component((a >= step / _STEPS) & (q >= step / _STEPS))
        connected_at[(connected_at < 0) & ~part] = (step - 1) / _STEPS
    connected_at[connected_at < 0] = 1.0
    difference = np.abs(_connectedness(a, connected_at) - _connectedness(q, connected_at))
    return float(difference[_where(region, a)].sum()) / 1000


def _unpacked(prediction: Matte, truth: Matte) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if prediction.shape != truth.shape or truth.ndim != 2:
        raise ValueError(f"mattes must have one (H, W), got {prediction.shape} and {truth.shape}")
    unpacked = [
        matte.astype(np.float64) / (255.0 if matte.dtype == np.uint8 else 1.0)
        for matte in (prediction, truth)
    ]
    return unpacked[0], unpacked[1]


def _where(region: Mask | None, like: NDArray[Any]) -> Mask:
    if region is None:
        return np.ones(like.shape, np.bool_)
    if region.shape != like.shape:
        raise ValueError(f"region must have the mattes' (H, W) = {like.shape}, got {region.shape}")
    return region


def _magnitude(matte: NDArray[np.float64]) -> NDArray[np.float64]:
    half = math.ceil(_SIGMA * math.sqrt(-2 * math.log(math.sqrt(2 * math.pi) * _SIGMA * 0.01)))
    x = np.arange(-half, half + 1, dtype=np.float64)
    bell = np.exp(-(x**2) / (2 * _SIGMA**2)) / (_SIGMA * math.sqrt(2 * math.pi))
    slope = -x * bell / _SIGMA**2
    across = np.outer(bell, slope)
    across /= np.sqrt((across**2).sum())
    along_x, along_y = (
        cv2.filter2D(matte, cv2.CV_64F, kernel, borderType=cv2.BORDER_REPLICATE)
        for kernel in (across, np.ascontiguousarray(across.T))
    )
    return np.sqrt(along_x**2 + along_y**2)


def _largest_component(mask: Mask) -> Mask:
    n_labels, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if n_labels == 1:
        return np.zeros_like(mask)
    return labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))


def _connectedness(matte: NDArray[np.float64], connected_at: NDArray[np.float64]) -> NDArray[np.float64]:
    gap = matte - connected_at
    return 1 - gap * (gap >= _FREE_GAP)
