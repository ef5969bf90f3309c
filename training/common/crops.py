"""Samples of the refiners: a crop at the edge at native scale, a wrong mask of it, and the true coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.resample import resize, scaled_hw
from meticulous_gui.core.types import Alpha, Probability, RgbImage
from training.common.augment import ColourChange, change_colours, generator, pixel_weight
from training.common.mixture import CompositeSettings, Mixture
from training.common.perturb import InputShares, coarse_input
from training.common.predict import photo_logits, probability_of

_CONTEXT_PX = 32  # around the crop, so that errors reach in from outside it
_SCALES = (
    0.5,
    1.25,
)  # labels are right to a pixel at the stored size; smaller is exact, larger is soft photos
_COARSE_SIDES = (
    160,
    224,
    336,
)  # of MOS_L on a training photo: its masks of large photos are coarser than at 336


@dataclass(frozen=True)
class CropSettings:
    """How crops are made."""

    seed: int
    batch: int
    shares: InputShares = InputShares()  # noqa: RUF009  (frozen)
    predicted_share: float = 0.15  # of the photos whose input is MOS_L's own mask, where there is one
    colours: ColourChange = ColourChange(  # noqa: RUF009  (frozen)
        brightness=0.2, contrast=0.2, saturation=0.2, hue=0.05, grey_chance=0.1, noise_chance=0.3
    )
    edge_chance: float = 0.9  # crops centred on the edge; the program refines no others


class CropMaker:
    """Makes the samples of a run.

    Args:
        mixture: the sets; the first one also gives backgrounds.
        settings: how.
        coarse: MOS_L in evaluation mode on the CPU, or None.
    """

    def __init__(self, mixture: Mixture, settings: CropSettings, coarse: nn.Module | None) -> None:
        self._mixture, self._settings, self._coarse = mixture, settings, coarse

    def sample(self, step: int, index: int, side_px: int) -> dict[str, NDArray[np.generic]]:
        """Return ``image`` (S, S, 3), ``target``, ``weight`` uint8 and ``prior`` float32 logits."""
        settings = self._settings
        rng = generator(settings.seed, step, index)
        composites = CompositeSettings(2 * side_px, scale=(0.4, 1.2), has_empty_ground=False)
        rgb, alpha, pair = self._mixture.scene(step * settings.batch + index, rng, composites=composites)
        predicted: Probability | None = None
        if pair is not None:
            rgb, alpha = _scaled(rgb, alpha, rng, side_px=side_px)
            if self._coarse is not None and rng.random() < settings.predicted_share:
                predicted = self._predict(pair.rgb, alpha.shape, rng)
        rgb, alpha, predicted, valid = _padded(rgb, alpha, predicted, side_px)
        crop = crop_near_edge(alpha, rng, side_px=side_px, edge_chance=settings.edge_chance)
        context = crop.pad(_CONTEXT_PX).clip(Box.whole(alpha.shape))
        rows, cols = context.slices()
        prior = coarse_input(
            np.ascontiguousarray(alpha[rows, cols]),
            rng,
            settings.shares,
            predicted=None if predicted is None else np.ascontiguousarray(predicted[rows, cols]),
            is_exact=pair is None,
        )
        inner = crop.translate(-context.x0, -context.y0).slices()
        rows, cols = crop.slices()
        turn, is_flipped = int(rng.integers(4)), bool(rng.random() < 0.5)

        def turned(values: NDArray[Any]) -> NDArray[Any]:
            return np.ascontiguousarray(
                np.rot90(values, turn)[:, ::-1] if is_flipped else np.rot90(values, turn)
            )

        image = change_colours(turned(rgb[rows, cols]), rng, settings.colours)
        target = turned(alpha[rows, cols])
        weight = pixel_weight(target, turned(valid[rows, cols]))
        return {"image": image, "prior": turned(prior[inner]), "target": target, "weight": weight}

    def _predict(self, rgb: RgbImage, size_hw: tuple[int, int], rng: np.random.Generator) -> Probability:
        assert self._coarse is not None
        with torch.no_grad():
            logits = photo_logits(self._coarse, rgb, side_px=int(rng.choice(_COARSE_SIDES)))
        return resize(probability_of(logits), size_hw)


def _scaled(rgb: RgbImage, alpha: Alpha, rng: np.random.Generator, *, side_px: int) -> tuple[RgbImage, Alpha]:
    """Return the photo at a random scale, not smaller than the crop where that avoids padding."""
    least = min(1.0, side_px / min(alpha.shape))
    low = max(_SCALES[0], least)
    factor = float(np.exp(rng.uniform(np.log(low), np.log(max(_SCALES[1], low)))))
    size_hw = scaled_hw((alpha.shape[0], alpha.shape[1]), factor)
    return resize(rgb, size_hw), resize(alpha, size_hw)


def _padded(
    rgb: RgbImage, alpha: Alpha, predicted: Probability | None, side_px: int
) -> tuple[RgbImage, Alpha, Probability | None, NDArray[np.bool_]]:
    """Return all maps at least as large as the crop; what is added right and below is not valid."""
    below, right = max(0, side_px - alpha.shape[0]), max(0, side_px - alpha.shape[1])
    valid = np.ones(alpha.shape, np.bool_)
    if below or right:
        # The program mirrors photos that are smaller than a patch (engine.resample.crop_padded).
        rgb = cv2.copyMakeBorder(rgb, 0, below, 0, right, cv2.BORDER_REFLECT)
        alpha = cv2.copyMakeBorder(alpha, 0, below, 0, right, cv2.BORDER_REFLECT)
        valid = np.pad(valid, ((0, below), (0, right)))
        if predicted is not None:
            predicted = cv2.copyMakeBorder(predicted, 0, below, 0, right, cv2.BORDER_REFLECT)
    return rgb, alpha, predicted, valid


def crop_near_edge(alpha: Alpha, rng: np.random.Generator, *, side_px: int, edge_chance: float) -> Box:
    """Return a square inside the picture, centred (as far as it fits) on a random edge pixel, or anywhere."""
    height, width = alpha.shape
    mask = (alpha >= 128).astype(np.uint8)
    edge = np.flatnonzero(cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)))
    if len(edge) and rng.random() < edge_chance:
        row, col = divmod(int(rng.choice(edge)), width)
        # Not always through the very middle: the program's patches lie on a grid.
        row += int(rng.integers(-side_px // 3, side_px // 3 + 1))
        col += int(rng.integers(-side_px // 3, side_px // 3 + 1))
    else:
        row, col = int(rng.integers(height)), int(rng.integers(width))
    top = min(max(row - side_px // 2, 0), height - side_px)
    left = min(max(col - side_px // 2, 0), width - side_px)
    return Box(left, top, left + side_px, top + side_px)
