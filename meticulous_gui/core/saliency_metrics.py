"""Measures of salient object detection: MAE, F, structure, alignment and weighted F."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask

__all__ = ["Curve", "e_measure", "f_measure", "mae", "max_f_of_dataset", "s_measure", "weighted_f"]

Soft: TypeAlias = NDArray[Any]
"""(H, W) probability 0..1 (float) or coverage 0..255 (uint8)."""

_TINY: Final = float(np.spacing(1))
_F_BETA2: Final = 0.3


@dataclass(frozen=True, eq=False)
class Curve:
    """One measure over the 256 thresholds of an 8-bit map, and at the adaptive one.

    Attributes:
        scores: (256,) float64, at threshold t: pixels with floor(255 p) >= t count as inside.
        adaptive: at min(1, 2 mean(p)).
        precision: (256,) float64, only for F.
        recall: (256,) float64, only for F.
    """

    scores: NDArray[np.float64]
    adaptive: float
    precision: NDArray[np.float64] | None = None
    recall: NDArray[np.float64] | None = None

    @property
    def max(self) -> float:
        return float(self.scores.max())

    @property
    def mean(self) -> float:
        return float(self.scores.mean())


def mae(prediction: Soft, truth: Mask) -> float:
    """Return mean |p - G|; the prediction is not stretched to 0..1 first, as some toolboxes do."""
    p, gt = _unpacked(prediction, truth)
    return float(np.abs(p - gt).mean())


def f_measure(prediction: Soft, truth: Mask) -> Curve:
    """Return F = (1 + b2) Pr Rc / (b2 Pr + Rc) over all thresholds, 0 where nothing is hit; b2 is 0.3."""
    p, gt = _unpacked(prediction, truth)
    n_inside, n_hit = _counts_by_threshold(prediction, p, gt)
    precision = n_hit / np.maximum(n_inside, 1)
    recall = n_hit / max(int(gt.sum()), 1)
    binary = p >= _adaptive_threshold(p)
    hits = int((binary & gt).sum())
    adaptive = _f(hits / max(int(binary.sum()), 1), hits / max(int(gt.sum()), 1))
    return Curve(_f(precision, recall), float(adaptive), precision, recall)


def max_f_of_dataset(curves: Sequence[Curve]) -> float:
    """Return the maximum over thresholds of the mean F curve of many images; 0 for none."""
    if not curves:
        return 0.0
    return float(np.mean([curve.scores for curve in curves], axis=0).max())


def s_measure(prediction: Soft, truth: Mask) -> float:
    """Return the structure measure, 0..1.

    Source:
        Fan et al. 2017; split at the rounded centroid plus one as in the reference implementation.
    """
    p, gt = _unpacked(prediction, truth)
    if not gt.any():
        return float(1 - p.mean())
    if gt.all():
        return float(p.mean())
    return max(0.0, (object_similarity(p, gt) + region_similarity(p, gt)) / 2)


def object_similarity(p: NDArray[np.float64], gt: Mask) -> float:
    """Return the object part of the structure measure."""
    share = float(gt.mean())
    return share * _uniformity(p[gt]) + (1 - share) * _uniformity(1 - p[~gt])


def region_similarity(p: NDArray[np.float64], gt: Mask) -> float:
    """Return the region part of the structure measure."""
    rows, columns = np.nonzero(gt)
    cy, cx = int(np.round(rows.mean())) + 1, int(np.round(columns.mean())) + 1
    total = 0.0
    for part_rows in (slice(0, cy), slice(cy, None)):
        for part_columns in (slice(0, cx), slice(cx, None)):
            part = p[part_rows, part_columns]
            if part.size:
                total += part.size / p.size * _likeness(part, gt[part_rows, part_columns].astype(np.float64))
    return total


def e_measure(prediction: Soft, truth: Mask) -> Curve:
    """Return the enhanced alignment measure over all thresholds; a perfect map scores 1.

    Source:
        Fan et al. 2018, divided by N: with the reference implementation's N - 1 a perfect map scores
        more than 1.
    """
    p, gt = _unpacked(prediction, truth)
    n_inside, n_hit = _counts_by_threshold(prediction, p, gt)
    scores = _alignment(n_inside, n_hit, gt)
    binary = p >= _adaptive_threshold(p)
    adaptive = _alignment(np.array([binary.sum()]), np.array([(binary & gt).sum()]), gt)
    return Curve(scores, float(adaptive[0]))


def weighted_f(prediction: Soft, truth: Mask) -> float:
    """Return the weighted F-measure (beta 1), 0 for an empty truth.

    Source:
        Margolin et al. 2014. The nearest pixel is found with a 5 x 5 chamfer, 2 % off at most.
    """
    p, gt = _unpacked(prediction, truth)
    if not gt.any():
        return 0.0
    error = np.abs(p - gt)
    outside = (~gt).astype(np.uint8)
    distance = cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).astype(np.float64)
    _, labels = cv2.distanceTransformWithLabels(outside, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    # Labels count the pixels of the truth row by row, from 1.
    spread = np.where(gt, error, error[gt][np.maximum(labels, 1) - 1])
    line = cv2.getGaussianKernel(7, 5, cv2.CV_64F)
    smooth = cv2.filter2D(spread, cv2.CV_64F, line @ line.T, borderType=cv2.BORDER_CONSTANT)
    weight = np.where(gt, 1.0, 2 - np.exp(np.log(0.5) / 5 * distance))
    weighted = np.where(gt & (smooth < error), smooth, error) * weight
    hits = gt.sum() - weighted[gt].sum()
    recall = 1 - weighted[gt].mean()
    precision = hits / (hits + weighted[~gt].sum() + _TINY)
    return float(2 * recall * precision / (recall + precision + _TINY))


def _unpacked(prediction: Soft, truth: Mask) -> tuple[NDArray[np.float64], Mask]:
    if prediction.shape != truth.shape or truth.ndim != 2 or truth.size == 0:
        raise ValueError(f"maps must have one (H, W) and not be empty, got {prediction.shape}, {truth.shape}")
    if truth.dtype != np.bool_:
        raise ValueError(f"truth must be bool, got {truth.dtype}")
    scale = 255.0 if prediction.dtype == np.uint8 else 1.0
    return prediction.astype(np.float64) / scale, truth


def _counts_by_threshold(
    prediction: Soft, p: NDArray[np.float64], gt: Mask
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many pixels are inside, and how many of those rightly, at each of 256 thresholds."""
    is_coded = prediction.dtype == np.uint8
    codes = prediction if is_coded else np.clip(np.floor(255 * p), 0, 255).astype(np.uint8)
    inside = np.bincount(codes.ravel(), minlength=256)
    hit = np.bincount(codes[gt], minlength=256)
    return np.cumsum(inside[::-1])[::-1], np.cumsum(hit[::-1])[::-1]


def _adaptive_threshold(p: NDArray[np.float64]) -> float:
    return min(1.0, 2 * float(p.mean()))


def _f(precision: Any, recall: Any) -> Any:
    return (1 + _F_BETA2) * precision * recall / np.maximum(_F_BETA2 * precision + recall, _TINY)


def _uniformity(values: NDArray[np.float64]) -> float:
    mean = float(values.mean())
    deviation = float(values.std(ddof=1)) if values.size > 1 else 0.0
    return 2 * mean / (mean * mean + 1 + deviation)


def _likeness(part: NDArray[np.float64], gt: NDArray[np.float64]) -> float:
    """Return the structural similarity of one of the four regions."""
    x, y = float(part.mean()), float(gt.mean())
    below = max(part.size - 1, 1)
    vx, vy = float(((part - x) ** 2).sum()) / below, float(((gt - y) ** 2).sum()) / below
    c = float(((part - x) * (gt - y)).sum()) / below
    numerator, denominator = 4 * x * y * c, (x * x + y * y) * (vx + vy)
    if numerator != 0:
        return numerator / (denominator + _TINY)
    return 1.0 if denominator == 0 else 0.0


def _alignment(n_inside: NDArray[Any], n_hit: NDArray[Any], gt: Mask) -> NDArray[np.float64]:
    """Return the alignment of binary maps that are known by their counts alone."""
    n, n_gt = gt.size, int(gt.sum())
    inside = n_inside.astype(np.float64)
    if n_gt == 0:
        return 1 - inside / n
    if n_gt == n:
        return inside / n
    hit = n_hit.astype(np.float64)
    mean_b, mean_g = inside / n, n_gt / n
    total = np.zeros_like(inside)
    for b, g, count in (
        (1, 1, hit),
        (1, 0, inside - hit),
        (0, 1, n_gt - hit),
        (0, 0, n - inside - n_gt + hit),
    ):
        f, q = b - mean_b, g - mean_g
        total += count * (2 * f * q / (f * f + q * q + _TINY) + 1) ** 2 / 4
    return total / n
