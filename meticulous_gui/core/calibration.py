"""Whether a confidence can be believed: expected calibration error, temperature."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["ece", "fit_temperature"]

_EDGE_SLACK: Final = 1e-5
"""A confidence this little above the edge of a bin, in bins, is on it: float32 rounds by less."""

_LOWEST_T: Final = 0.2
_HIGHEST_T: Final = 6.0
_TOLERANCE: Final = 1e-4
"""Of log T."""

_GOLDEN: Final = (math.sqrt(5) - 1) / 2


def ece(confidence: NDArray[Any], is_right: NDArray[np.bool_], *, n_bins: int = 15) -> float:
    """Return the expected calibration error over bins of equal width on 0.5..1.

    Give it the pixels of the band alone: elsewhere everything is right and the error trivially small.

    Args:
        confidence: (N,) max(p, 1 - p), 0.5..1.
        is_right: (N,) bool, whether the decision was right.
        n_bins: bins, each closed on the right, the first on both sides.
    """
    c = np.asarray(confidence, np.float64).ravel()
    right = np.asarray(is_right).ravel().astype(np.float64)
    if c.shape != right.shape:
        raise ValueError(f"confidence and is_right must have one length, got {c.size} and {right.size}")
    if c.size == 0:
        return 0.0
    bins = np.clip(np.ceil((c - 0.5) * 2 * n_bins - _EDGE_SLACK).astype(int) - 1, 0, n_bins - 1)
    # n_b / N |acc_b - conf_b| is |sum of right - sum of confidence| / N.
    gaps = np.bincount(bins, right - c, minlength=n_bins)
    return float(np.abs(gaps).sum() / c.size)


def fit_temperature(logits: NDArray[Any], truth: NDArray[Any]) -> float:
    """Return the T by which to divide logits z so that their sigmoid can be believed; 1 where there are none.

    It is the one in 0.2..6 with the smallest cross-entropy of z / T; the 0.5 contour does not move. The loss
    is convex in 1/T, so a golden section on log T finds its minimum.

    Args:
        logits: any shape, of held-out band pixels.
        truth: the same shape, 0 or 1.
    """
    z, y = _flat(logits, truth)
    if z.size == 0:
        return 1.0
    low, high = math.log(_LOWEST_T), math.log(_HIGHEST_T)
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    loss_left, loss_right = _nll(z, y, math.exp(left)), _nll(z, y, math.exp(right))
    while high - low > _TOLERANCE:
        if loss_left < loss_right:
            high, right, loss_right = right, left, loss_left
            left = high - _GOLDEN * (high - low)
            loss_left = _nll(z, y, math.exp(left))
        else:
            low, left, loss_left = left, right, loss_right
            right = low + _GOLDEN * (high - low)
            loss_right = _nll(z, y, math.exp(right))
    return math.exp((low + high) / 2)


def _flat(logits: NDArray[Any], truth: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    z, y = np.asarray(logits, np.float64).ravel(), np.asarray(truth, np.float64).ravel()
    if z.shape != y.shape:
        raise ValueError(f"logits and truth must have one length, got {z.size} and {y.size}")
    return z, y


def _nll(z: NDArray[np.float64], y: NDArray[np.float64], temperature: float) -> float:
    scaled = z / temperature
    return float((np.logaddexp(0, scaled) - y * scaled).mean())
