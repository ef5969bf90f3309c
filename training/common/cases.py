"""Fixed crops on which refiners are scored while they train, and the two figures that tell most."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from meticulous_gui.core.types import Alpha, Logits, Mask, RgbImage
from training.common.crops import crop_near_edge
from training.common.mixture import EMOJI, EXACT_SETS, CompositeSettings, Mixture
from training.common.perturb import logits_of, shrink_and_enlarge, warp_smoothly
from training.common.shards import require_some, spread

KINDS = ("true", "shrunk4", "shrunk8", "warped4", "warped8")
EXACT = "exact_"  # before a kind: on a composite, whose edge is right to a fraction of a pixel


@dataclass(frozen=True)
class Case:
    """One crop with one input mask.

    Attributes:
        key: of the picture.
        kind: one of ``KINDS``, with ``EXACT`` before it on a composite.
        rgb, alpha: (S, S, 3) and (S, S) uint8.
        prior: (S, S) float32 logits of the input mask.
    """

    key: str
    kind: str
    rgb: RgbImage
    alpha: Alpha
    prior: Logits


def wrong_mask(alpha: Alpha, kind: str, rng: np.random.Generator) -> Logits:
    """Return the logits, (H, W), of an input mask of one of ``KINDS`` for a true coverage, (H, W).

    ``shrunk``: the true mask shrunk by k and enlarged; ``warped``: moved by up to .9 k first, the change
    spread over 4 k pixels.
    """
    if kind == "true":
        return logits_of((alpha >= 128).astype(np.float32))
    factor = int(kind[-1])
    if kind.startswith("warped"):
        alpha = warp_smoothly(alpha, rng, amount_px=0.9 * factor, wavelength_px=4.0 * factor)
    probability = (alpha >= 128).astype(np.float32)
    phase_xy = (int(rng.integers(factor)), int(rng.integers(factor)))
    return logits_of(shrink_and_enlarge(probability, factor, phase_xy=phase_xy))


def validation_cases(mixture: Mixture, rng: np.random.Generator, *, n_each: int, side_px: int) -> list[Case]:
    """Return crops on the edge of held-out pictures, each with every kind of input mask.

    Args:
        mixture: held-out sets; half of the pictures are its first photos, half composites where it has any.
        rng: the only source of chance.
        n_each: crops of each kind.
        side_px: side of the crops.

    Raises:
        UsageError: a set of objects with exact coverage has none that is held out.
    """
    cases = []
    composites = CompositeSettings(2 * side_px, scale=(0.5, 0.9), has_empty_ground=False)
    exact = mixture.only(EXACT_SETS)
    if exact is not None and any(share.name == EMOJI for share in exact.shares):
        require_some(exact.sets[EMOJI], EMOJI, "val")
    chosen = spread(len(mixture.photos), n_each // 2 if exact else n_each)
    for index in chosen:
        pair = mixture.photos[index]
        missing = [max(0, side_px - side) for side in pair.alpha.shape]
        rgb = cv2.copyMakeBorder(pair.rgb, 0, missing[0], 0, missing[1], cv2.BORDER_REFLECT)
        alpha = cv2.copyMakeBorder(pair.alpha, 0, missing[0], 0, missing[1], cv2.BORDER_REFLECT)
        cases += _crop_cases(pair.key, rgb, alpha, rng, side_px=side_px, prefix="")
    for index in range(n_each - len(chosen) if exact else 0):
        assert exact is not None
        rgb, alpha, _ = exact.scene(index, rng, composites=composites)
        cases += _crop_cases(f"composite {index}", rgb, alpha, rng, side_px=side_px, prefix=EXACT)
    return cases


def _crop_cases(
    key: str, rgb: RgbImage, alpha: Alpha, rng: np.random.Generator, *, side_px: int, prefix: str
) -> list[Case]:
    rows, cols = crop_near_edge(alpha, rng, side_px=side_px, edge_chance=1.0).slices()
    cut_rgb, cut_alpha = np.ascontiguousarray(rgb[rows, cols]), np.ascontiguousarray(alpha[rows, cols])
    cases = []
    for kind in KINDS:
        prior = np.ascontiguousarray(wrong_mask(alpha, kind, rng)[rows, cols])
        cases.append(Case(key, prefix + kind, cut_rgb, cut_alpha, prior))
    return cases


def band_accuracy(predicted: Mask, truth: Mask) -> float:
    """Return the share of right pixels within one pixel of the true edge, masks (S, S): mBA at this size.

    1 where there is no edge.
    """
    plus = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    band = cv2.morphologyEx(truth.astype(np.uint8), cv2.MORPH_GRADIENT, plus) > 0
    n_band = int(band.sum())
    return float((predicted == truth)[band].mean()) if n_band else 1.0
