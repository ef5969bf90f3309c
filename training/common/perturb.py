"""True masks made wrong on purpose, by known amounts: what MOS_H learns to mend.

Four kinds of harm: pieces added to and taken from the edge within a band of IoU (``perturb_mask``), an
edge that wanders smoothly (``warp_smoothly``), the loss of detail through a coarse grid
(``shrink_and_enlarge``), and gaps between thin parts that were not seen (``close_gaps``). ``coarse_input``
draws a mixture of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.metrics import iou
from meticulous_gui.core.types import Alpha, Logits, Mask, Probability
from meticulous_gui.engine.alpha import HARD_LOGIT, softened
from meticulous_gui.engine.models.meticulous import PRIOR_LIMIT

_N_OPERATIONS = 64
_N_MISSES = 8
_TOLERANCE = 0.02
_LEAST_OVERLAP = 0.65  # of a piece-wise wrong mask with the true one, both within the crop
_THIN_RADIUS_PX = 4.0
_THIN_LOW = 0.6
_TINY_AREA_PX = 400
_GAP_RADIUS_PX = (2.0, 24.0)
_OPENED_CHANCE = 0.4


def perturb_mask(
    mask: Mask, rng: np.random.Generator, *, low: float = 0.8, high: float = 1.0, magnification: float = 4.0
) -> Mask:
    """Return ``mask`` with a wrong edge, its IoU against the true one at least ``low`` - 0.02.

    One in ten comes back unchanged. Objects thinner than 8 px get a wider band (down to 0.6) but finer
    tools, so that they stay recognisable.

    Args:
        mask: (H, W) bool.
        rng: the only source of chance; the same state gives the same bytes.
        low: smallest IoU aimed at.
        high: largest.
        magnification: how many pixels one pixel of the coarse mask covers; scales the errors.

    Returns:
        (H, W) bool, a new array.
    """
    truth = mask.astype(np.uint8)
    if rng.random() < 0.10:
        return mask.copy()
    n_object = int(cv2.countNonZero(truth))
    if n_object == 0 or n_object == truth.size:
        if rng.random() < 0.5:
            return mask.copy()
        return _with_blob(truth, rng, value=1 if n_object == 0 else 0).astype(np.bool_)
    radius_px = float(cv2.distanceTransform(truth, cv2.DIST_L2, cv2.DIST_MASK_PRECISE).max())
    is_thin = radius_px < _THIN_RADIUS_PX
    if is_thin:
        low = min(low, _THIN_LOW)
    target = float(rng.uniform(low, high))
    current = truth
    if rng.random() < 0.5:
        coarse = coarsen_contours(truth, rng, keep_rate=_log_uniform(rng, 0.1, 0.5))
        if iou(coarse.view(np.bool_), truth.view(np.bool_)) >= target:
            current = coarse
    largest_px = max(3, int(radius_px)) if is_thin else 31
    changed = _edit_edge(
        current, truth, rng, target=target, magnification=magnification, largest_px=largest_px
    )
    return changed.astype(np.bool_)


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _with_blob(mask: NDArray[np.uint8], rng: np.random.Generator, *, value: int) -> NDArray[np.uint8]:
    """Return the mask with one ellipse of at most 2 % of its area set to ``value``."""
    height, width = mask.shape
    area = rng.uniform(0.001, 0.02) * mask.size
    stretch = _log_uniform(rng, 0.5, 2.0)
    axes = (max(1, int(np.sqrt(area / np.pi * stretch))), max(1, int(np.sqrt(area / np.pi / stretch))))
    # The drawn ellipse includes its rim; one pixel less on each axis keeps it under the limit.
    axes = (max(0, axes[0] - 1), max(0, axes[1] - 1))
    centre = (int(rng.integers(width)), int(rng.integers(height)))
    return cv2.ellipse(mask.copy(), centre, axes, float(rng.uniform(0, 180)), 0, 360, value, -1)


def coarsen_contours(
    mask: NDArray[np.uint8], rng: np.random.Generator, *, keep_rate: float
) -> NDArray[np.uint8]:
    """Return the mask drawn from a few points of each contour, one bump or dent of each cut off.

    Args:
        mask: (H, W) 0/1.
        rng: choice of the points.
        keep_rate: share of the contour's points that stay.
    """
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    kept = []
    for contour in contours:
        points = contour[:, 0, :]
        n = len(points)
        if n >= 10:
            run = max(1, n // 10)
            chord = points - np.roll(points, -run, axis=0)
            squared = (chord.astype(np.int64) ** 2).sum(axis=1)
            # The shortest chords span bumps and dents; starts may wrap round the list's end.
            shortest = np.argsort(squared, kind="stable")[: max(1, -(-n // 10))]
            start = int(rng.choice(shortest))
            points = np.roll(points, -start, axis=0)[run:]
            n_kept = int(len(points) * keep_rate)
            points = points[np.sort(rng.choice(len(points), n_kept, replace=False))]
        if len(points) >= 3:
            kept.append(np.ascontiguousarray(points, np.int32))
    if not kept:
        return mask.copy()
    drawn = np.zeros_like(mask)
    return cv2.fillPoly(drawn, kept, 1)


def _element(rng: np.random.Generator, size_px: int) -> NDArray[np.uint8]:
    half = max(1, size_px // 2)
    match int(rng.integers(4)):
        case 0:
            return np.ones((size_px, size_px), np.uint8)
        case 1:
            return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size_px, size_px))
        case 2:
            return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size_px, half))
        case _:
            return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (half, size_px))


def _edge_pixels(mask: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return flat indices of pixels on either side of the edge."""
    plus = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    return np.flatnonzero(cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, plus))


def _edit_edge(
    start: NDArray[np.uint8],
    truth: NDArray[np.uint8],
    rng: np.random.Generator,
    *,
    target: float,
    magnification: float,
    largest_px: int,
) -> NDArray[np.uint8]:
    """Dilate and erode pieces of the edge until the IoU against the truth is near ``target``, never below."""
    current = start.copy()
    height, width = truth.shape
    is_tiny = int(cv2.countNonZero(truth)) < _TINY_AREA_PX
    edge = _edge_pixels(current)
    halvings, n_misses = 1.0, 0
    overlap = iou(current.view(np.bool_), truth.view(np.bool_))
    for _ in range(_N_OPERATIONS):
        if overlap <= target + _TOLERANCE or n_misses >= _N_MISSES or len(edge) == 0:
            break
        row, col = divmod(int(rng.choice(edge)), width)
        kind = int(rng.integers(3)) if is_tiny else 0
        if kind == 1:
            shift = rng.integers(-2, 3, size=2)
            candidate = cv2.warpAffine(
                current, np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32), (width, height)
            )
        elif kind == 2:
            candidate = current.copy()
            candidate[row, col] ^= 1
        else:
            scale = max(1.0, magnification / 4.0)
            drawn = round(_log_uniform(rng, 3.0, 9.0) * scale * halvings)
            size_px = min(max(int(drawn), 2 if halvings < 1 else 3), 31, largest_px)
            half_w, half_h = (max(4, int(side * magnification / 8.0)) for side in rng.uniform(16, 96, size=2))
            rows = slice(max(0, row - half_h), min(height, row + half_h))
            cols = slice(max(0, col - half_w), min(width, col + half_w))
            operation = cv2.MORPH_DILATE if rng.random() < 0.5 else cv2.MORPH_ERODE
            candidate = current.copy()
            candidate[rows, cols] = cv2.morphologyEx(current[rows, cols], operation, _element(rng, size_px))
        candidate_overlap = iou(candidate.view(np.bool_), truth.view(np.bool_))
        if candidate_overlap < target - _TOLERANCE:
            halvings /= 2.0
            n_misses += 1
            continue
        current, overlap = candidate, candidate_overlap
        edge = _edge_pixels(current)
    return current


def warp_smoothly(alpha: Alpha, rng: np.random.Generator, *, amount_px: float, wavelength_px: float) -> Alpha:
    """Return ``alpha`` moved about by a smooth random field.

    Args:
        alpha: (H, W) uint8 coverage.
        rng: the field.
        amount_px: largest displacement along each axis.
        wavelength_px: distance over which the field changes its mind, > 0.
    """
    height, width = alpha.shape
    cells = (max(2, round(height / wavelength_px) + 2), max(2, round(width / wavelength_px) + 2))
    field = rng.uniform(-1.0, 1.0, size=(*cells, 2)).astype(np.float32)
    # Bilinear between nodes keeps the field within its bounds.
    field = cv2.resize(field, (width, height), interpolation=cv2.INTER_LINEAR) * np.float32(amount_px)
    cols = np.arange(width, dtype=np.float32)[None, :] + field[:, :, 0]
    rows = np.arange(height, dtype=np.float32)[:, None] + field[:, :, 1]
    return cv2.remap(alpha, cols, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def close_gaps(mask: Mask, rng: np.random.Generator) -> Mask:
    """Return ``mask`` with its gaps and holes up to some width filled, sometimes on one side of a line only.

    A coarse network takes a lattice, a wheel or a feather for one area; half of it open is what the refiner
    finds when it looks again at what it has begun.

    Args:
        mask: (H, W) bool.
        rng: the width, and the line.
    """
    radius = round(_log_uniform(rng, *_GAP_RADIUS_PX))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    padded = np.pad(mask.astype(np.uint8), radius, mode="edge")
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc)[radius:-radius, radius:-radius] > 0
    if rng.random() < _OPENED_CHANCE:
        angle = float(rng.uniform(0, 2 * np.pi))
        rows, cols = np.indices(mask.shape)
        along = cols * np.cos(angle) + rows * np.sin(angle)
        closed = np.where(along > np.quantile(along, float(rng.uniform(0.2, 0.8))), mask, closed)
    return np.asarray(closed, np.bool_)


def shrink(probability: Probability, factor: int, *, phase_xy: tuple[int, int] = (0, 0)) -> Probability:
    """Return the map averaged over cells of ``factor`` x ``factor`` pixels.

    Args:
        probability: (H, W) float32.
        factor: side of a cell.
        phase_xy: how many pixels of the first cell lie left of and above the map, 0 .. factor - 1; what a
            cell covers beyond the map repeats its rim.
    """
    height, width = probability.shape
    left, top = phase_xy
    right, bottom = -(width + left) % factor, -(height + top) % factor
    padded = cv2.copyMakeBorder(probability, top, bottom, left, right, cv2.BORDER_REPLICATE)
    n_rows, n_cols = padded.shape[0] // factor, padded.shape[1] // factor
    return padded.reshape(n_rows, factor, n_cols, factor).mean(axis=(1, 3), dtype=np.float32)


def enlarge(
    small: NDArray[np.float32], factor: int, *, size_hw: tuple[int, int], phase_xy: tuple[int, int] = (0, 0)
) -> NDArray[np.float32]:
    """Return a shrunk map enlarged bilinearly, half-pixel aligned, (H, W) without ``phase_xy``'s padding."""
    size_wh = (small.shape[1] * factor, small.shape[0] * factor)
    large = cv2.resize(small, size_wh, interpolation=cv2.INTER_LINEAR)
    left, top = phase_xy
    return np.ascontiguousarray(large[top : top + size_hw[0], left : left + size_hw[1]])


def shrink_and_enlarge(
    probability: Probability, factor: int, *, phase_xy: tuple[int, int] = (0, 0)
) -> Probability:
    """Return the map, (H, W), as a network sees it that knew it only on a grid ``factor`` times coarser."""
    if factor == 1:
        return probability.copy()
    small = shrink(probability, factor, phase_xy=phase_xy)
    return enlarge(small, factor, size_hw=probability.shape, phase_xy=phase_xy)


def change_confidence(probability: Probability, gamma: float) -> Probability:
    """Return p^g / (p^g + (1 - p)^g), (H, W): the same edge, said with more (g > 1) or less conviction."""
    raised, complement = probability**gamma, (1.0 - probability) ** gamma
    return (raised / (raised + complement)).astype(np.float32)


def logits_of(probability: Probability) -> Logits:
    """Return log(p / (1 - p)), (H, W) float32, clamped to the range that MOS_H looks at."""
    margin = 1.0 / (1.0 + np.exp(PRIOR_LIMIT))
    clipped = np.clip(probability, margin, 1.0 - margin)
    return np.log(clipped / (1.0 - clipped)).astype(np.float32)


@dataclass(frozen=True)
class InputShares:
    """How often each kind of input mask is drawn (relative), and by how much masks are shrunk."""

    warped: float = 0.34  # wandering edge, shrunk by 1, 2, 4 or 8: nearest to what coarse networks do
    perturbed_shrunk: float = 0.20
    true_shrunk: float = 0.18  # teaches to trust what a soft edge says of where it lies
    perturbed: float = 0.16
    true: float = 0.12  # teaches to leave a right edge alone
    closed: float = 0.25  # only where the truth is exact: hand-made masks are closed themselves
    shrink_factors: tuple[int, ...] = (4, 8)
    warp_factors: tuple[int, ...] = (1, 2, 4, 8)


def coarse_input(
    alpha: Alpha,
    rng: np.random.Generator,
    shares: InputShares,
    *,
    predicted: Probability | None,
    is_exact: bool = False,
) -> Logits:
    """Return one input mask for MOS_H as logits.

    Args:
        alpha: (H, W) the true coverage of the crop with some context.
        rng: the sample's generator.
        shares: the mixture.
        predicted: MOS_L's probability on the same pixels: then it is the input; None: drawn from the mixture.
        is_exact: whether ``alpha`` shows every gap there is.

    Returns:
        (H, W) float32; MOS_H clamps them to +- ``PRIOR_LIMIT``.
    """
    drawn = [shares.warped, shares.perturbed_shrunk, shares.true_shrunk, shares.perturbed, shares.true]
    weights = np.array([*drawn, shares.closed if is_exact else 0.0], np.float64)
    kind = int(rng.choice(len(weights), p=weights / weights.sum())) if predicted is None else -1
    factor = 1
    binary = alpha >= 128
    probability: Probability
    match kind:
        case 0:
            factor = int(rng.choice(shares.warp_factors))
            # Small errors are the more frequent ones: a refiner that expects large ones moves right edges.
            amount_px = 0.9 * float(rng.uniform()) ** 1.5 * max(factor, 1.5)
            wave_px = _log_uniform(rng, 2.0, 8.0) * max(factor, 2)
            warped = warp_smoothly(alpha, rng, amount_px=amount_px, wavelength_px=wave_px)
            probability = warped.astype(np.float32) / np.float32(255)
        case 1 | 2:
            factor = _shrink_factor(rng, shares.shrink_factors)
            source = _with_pieces(binary, rng, factor=factor) if kind == 1 else binary
            probability = source.astype(np.float32)
        case 3:
            probability = _with_pieces(binary, rng, factor=4).astype(np.float32)
        case 4:
            probability = binary.astype(np.float32)
        case 5:
            factor = int(rng.choice(shares.warp_factors))
            probability = close_gaps(binary, rng).astype(np.float32)
        case _:
            assert predicted is not None
            probability = predicted
    gamma = _log_uniform(rng, 0.5, 2.0)
    if kind in (3, 4) and rng.random() < 0.5:
        # What the program does to a hard mask before it asks the refiner (engine.alpha.softened).
        return softened(np.where(probability >= 0.5, HARD_LOGIT, -HARD_LOGIT).astype(np.float32))
    if factor == 1:
        return logits_of(change_confidence(probability, gamma))
    phase_xy = (int(rng.integers(factor)), int(rng.integers(factor)))
    if rng.random() < 0.5:
        # The program enlarges logits, published training enlarges probabilities: the network meets both.
        small = logits_of(change_confidence(shrink(probability, factor, phase_xy=phase_xy), gamma))
        return enlarge(small, factor, size_hw=alpha.shape, phase_xy=phase_xy)
    soft = shrink_and_enlarge(probability, factor, phase_xy=phase_xy)
    return logits_of(change_confidence(soft, gamma))


def _with_pieces(mask: Mask, rng: np.random.Generator, *, factor: int) -> Mask:
    """Return the mask with pieces added and taken, sized for that factor or for up to three times it."""
    magnification = float(factor) * _log_uniform(rng, 1.0, 3.0)
    return perturb_mask(mask, rng, low=_LEAST_OVERLAP, magnification=magnification)


def _shrink_factor(rng: np.random.Generator, factors: tuple[int, ...]) -> int:
    """Return one of the factors; one in ten is half as large again as the largest (12 for 4 and 8)."""
    if rng.random() < 0.1:
        return max(factors) * 3 // 2
    return int(rng.choice(factors))
