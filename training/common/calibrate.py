"""What a card needs beside the weights: the temperature of the confidence and the ramp of the alpha."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core import metrics
from meticulous_gui.core.types import Alpha, Logits
from meticulous_gui.engine.alpha import CERTAIN, alpha_from_logits

_BAND_PX = 5
_MOST_PIXELS = 300_000
RAMPS = tuple(float(ramp) for ramp in np.geomspace(0.5, 16.0, 26))


def band_of(logits: Logits) -> NDArray[np.bool_]:
    """Return the pixels of logits, (H, W), that are uncertain or near the zero contour: (H, W) bool."""
    inside = (logits >= 0).astype(np.uint8)
    kernel = np.ones((2 * _BAND_PX + 1,) * 2, np.uint8)
    near = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, kernel) > 0
    return near | (np.abs(logits) < CERTAIN)


def band_pixels(results: Iterable[tuple[Logits, Alpha]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return logits and truth (0 or 1), (N,) each, of the band pixels of some held-out answers."""
    logits, truths = [], []
    for found, alpha in results:
        band = band_of(found)
        logits.append(found[band].astype(np.float64))
        truths.append((alpha[band] >= 128).astype(np.float64))
    together, truth = np.concatenate(logits), np.concatenate(truths)
    # Neighbours say the same: every n-th pixel fits one number as well as all of them.
    every = max(1, len(together) // _MOST_PIXELS)
    return together[::every], truth[::every]


def calibration_error(logits: NDArray[np.float64], truth: NDArray[np.float64], temperature: float) -> float:
    """Return the expected calibration error of band pixels, (N,) each, at this temperature."""
    probability = 0.5 * (1.0 + np.tanh(0.5 * logits / temperature))
    confidence = np.maximum(probability, 1.0 - probability)
    return metrics.ece(confidence, (logits >= 0) == (truth > 0.5))


def fit_ramp(results: Iterable[tuple[Logits, Alpha]]) -> tuple[float, Callable[[float], float]]:
    """Return the ramp with the smallest mean alpha error in the band, and the error by ramp.

    Args:
        results: logits and exact coverage of held-out composites.
    """
    pairs = [(found[band_of(found)], alpha[band_of(found)]) for found, alpha in results]
    logits = np.concatenate([pair[0] for pair in pairs])
    alphas = np.concatenate([pair[1] for pair in pairs]).astype(np.float64)

    def error(ramp: float) -> float:
        return float(np.abs(alpha_from_logits(logits[None], ramp=ramp)[0] - alphas).mean() / 255)

    return min(RAMPS, key=error), error
