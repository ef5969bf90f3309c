"""How good a mask is: overlap, boundary and saliency measures; every other measure is re-exported here.

Predictions come first, truths second, both at the photo's own size. Values are taken apart in float64.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.alpha_metrics import conn, grad, mse, sad
from meticulous_gui.core.calibration import ece, fit_temperature
from meticulous_gui.core.doubt import contour_of
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.saliency_metrics import (
    Curve,
    e_measure,
    f_measure,
    mae,
    max_f_of_dataset,
    s_measure,
    weighted_f,
)
from meticulous_gui.core.types import Mask

__all__ = [
    "Curve",
    "boundary_error",
    "boundary_iou",
    "conn",
    "dataset_iou",
    "e_measure",
    "ece",
    "f_measure",
    "fit_temperature",
    "grad",
    "harm_rate",
    "iou",
    "iou_counts",
    "mae",
    "max_f_of_dataset",
    "mba",
    "mba_radii",
    "mean_iou",
    "mse",
    "s_measure",
    "sad",
    "weighted_f",
]

_N_RADII: Final = 5
_BAND_SHARE: Final = 0.02


def iou_counts(prediction: Mask, truth: Mask) -> tuple[int, int]:
    """Return the pixels of the intersection and of the union.

    Args:
        prediction: (H, W) bool.
        truth: (H, W) bool.
    """
    _check(prediction, truth)
    return int(np.count_nonzero(prediction & truth)), int(np.count_nonzero(prediction | truth))


def iou(prediction: Mask, truth: Mask) -> float:
    """Return intersection over union, 1 where both are empty."""
    intersection, union = iou_counts(prediction, truth)
    return intersection / union if union else 1.0


def mean_iou(counts: Iterable[tuple[int, int]]) -> float:
    """Return the mean over images of their IoU, from ``iou_counts`` of each; 1 for no image."""
    scores = [intersection / union if union else 1.0 for intersection, union in counts]
    return float(np.mean(scores)) if scores else 1.0


def dataset_iou(counts: Iterable[tuple[int, int]]) -> float:
    """Return the sum of intersections over the sum of unions: large objects dominate.

    Source:
        The tables of CascadePSP, CRM and MeticulousNet.
    """
    pairs = list(counts)
    union = sum(pair[1] for pair in pairs)
    return sum(pair[0] for pair in pairs) / union if union else 1.0


def mba_radii(size_hw: tuple[int, int]) -> tuple[int, ...]:
    """Return the five band radii of an image size, in pixels.

    Below 300 px of height plus width the published formula truncates towards zero, so that the radius is 1.
    """
    largest = (size_hw[0] + size_hw[1]) / 300
    return tuple(1 + int((largest - 1) / _N_RADII * index) for index in range(_N_RADII))


def mba(prediction: Mask, truth: Mask) -> float | None:
    """Return the mean boundary accuracy, 0..1, None where the truth has no boundary (skip and count those).

    In five bands around the truth's boundary: the share of pixels that are right. Half of them are right
    by guessing, so 0.5 is its floor; what lies far from the boundary costs nothing.

    Source:
        Cheng et al. 2020 (CascadePSP).
    """
    _check(prediction, truth)
    radii = mba_radii((truth.shape[0], truth.shape[1]))
    whole = Box.whole((truth.shape[0], truth.shape[1]))
    # Nothing beyond the widest band counts; a crop at the image's own border stays at it.
    near = bounding_box(truth).pad(radii[-1] + 1).clip(whole)
    if near.is_empty:
        return None
    gt = truth[near.slices()].astype(np.uint8)
    right = prediction[near.slices()] == truth[near.slices()]
    accuracies = []
    for radius in radii:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
        band = cv2.morphologyEx(gt, cv2.MORPH_GRADIENT, kernel) > 0
        n_band = int(np.count_nonzero(band))
        if n_band == 0:
            return None
        accuracies.append(np.count_nonzero(right & band) / n_band)
    return float(np.mean(accuracies))


def boundary_iou(prediction: Mask, truth: Mask) -> float:
    """Return the IoU of the inner boundary bands, 1 where both are empty.

    They are 2 % of the image's diagonal wide, which is much for large photos.

    Args:
        prediction: (H, W) bool.
        truth: (H, W) bool.

    Source:
        Cheng et al. 2021.
    """
    _check(prediction, truth)
    distance_px = max(1, round(_BAND_SHARE * float(np.hypot(*truth.shape))))
    return iou(_inner_band(prediction, distance_px), _inner_band(truth, distance_px))


def _inner_band(mask: Mask, distance_px: int) -> Mask:
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    eroded = cv2.erode(padded, np.ones((3, 3), np.uint8), iterations=distance_px)
    return mask & (eroded[1:-1, 1:-1] == 0)


def boundary_error(prediction: Mask, truth: Mask) -> float | None:
    """Return how many pixels the contours lie apart on average, both ways, None where one has no contour."""
    _check(prediction, truth)
    contours = [contour_of(mask) for mask in (prediction, truth)]
    if not all(contour.any() for contour in contours):
        return None
    distances = [
        cv2.distanceTransform((~other).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[one]
        for one, other in (contours, contours[::-1])
    ]
    return float(np.concatenate(distances).astype(np.float64).mean())


def harm_rate(before: Mask, after: Mask, truth: Mask) -> float:
    """Return the share of all pixels that were right before a refinement and are wrong after it."""
    _check(before, truth)
    _check(after, truth)
    return float(np.mean((before == truth) & (after != truth))) if truth.size else 0.0


def _check(prediction: NDArray[Any], truth: NDArray[Any]) -> None:
    if prediction.shape != truth.shape or truth.ndim != 2:
        raise ValueError(f"masks must have one (H, W), got {prediction.shape} and {truth.shape}")
    if prediction.dtype != np.bool_ or truth.dtype != np.bool_:
        raise ValueError(f"masks must be bool, got {prediction.dtype} and {truth.dtype}")
