"""Networks on whole photos, as the program runs them: logits or the finished coverage out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import nn

from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Alpha, Logits, RgbImage
from meticulous_gui.engine.cascade import cutout_steps
from meticulous_gui.engine.jobs import Partial, Progress
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.looks import look_again
from meticulous_gui.engine.models import MosL
from meticulous_gui.engine.networks import COARSE_PX, MosSegmenter, PlacedRefiner, coarse_size
from meticulous_gui.engine.roles import Prediction
from meticulous_gui.engine.steps import result_of


def pad_colour(network: nn.Module) -> tuple[int, int, int]:
    """Return the network's padding colour as codes 0..255."""
    mean = tuple(float(value) for value in network.mean_rgb)  # type: ignore[union-attr]
    red, green, blue = (round(255 * value) for value in mean)
    return red, green, blue


@torch.no_grad()
def coarse_logits(network: nn.Module, rgb: RgbImage, *, side_px: int) -> Logits:
    """Return MOS_L's logits for one photo at the network's scale.

    Args:
        network: in evaluation mode.
        rgb: (H, W, 3) photo.
        side_px: the long side that the network sees.

    Returns:
        float32 of the size that ``engine.networks.coarse_size`` gives.
    """
    device = next(network.parameters()).device
    small = resize(rgb, coarse_size(rgb.shape[:2], side_px))
    x = torch.from_numpy(small).to(device).permute(2, 0, 1).unsqueeze(0).float() / 255.0
    logits = network(x.contiguous(memory_format=torch.channels_last)).logits.float()
    return np.ascontiguousarray(logits[0, 0].cpu().numpy())


def photo_logits(network: nn.Module, rgb: RgbImage, *, side_px: int) -> Logits:
    """Return MOS_L's logits enlarged to the photo's own size, (H, W) float32."""
    return resize(coarse_logits(network, rgb, side_px=side_px), rgb.shape[:2])


@dataclass(frozen=True)
class _Looking:
    """A network in training's own form, in the role that ``engine.looks`` asks."""

    network: nn.Module

    @property
    def second(self) -> _Looking | None:
        second = cast(MosL, self.network).second
        return None if second is None else _Looking(second)

    def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
        return Prediction(coarse_logits(self.network, rgb, side_px=round(scale * COARSE_PX)))


def joined_logits(network: nn.Module, rgb: RgbImage) -> Logits:
    """Return the logits of all looks of MOS_L that the program joins, at the photo's size, (H, W) float32."""
    segmenter = _Looking(network)
    joined = result_of(look_again(rgb, segmenter, segmenter.segment(rgb)))
    return resize(joined.logits, rgb.shape[:2])


def probability_of(logits: Logits) -> Logits:
    """Return the sigmoid, float32 0..1 of the same shape, without overflow."""
    return (0.5 * (1.0 + np.tanh(0.5 * logits))).astype(np.float32)


def finished(steps: Iterable[Partial | Progress], alpha: Alpha) -> Alpha:
    """Return a copy of ``alpha``, (H, W), with everything written into it that the steps deliver."""
    alpha = alpha.copy()
    for event in steps:
        if isinstance(event, Partial):
            alpha[event.box.slices()] = event.alpha
    return alpha


def coarse_cut_out(rgb: RgbImage, segmenter: MosSegmenter) -> Alpha:
    """Return the object of a photo by MOS_L alone, (H, W) coverage, as the program does without refining."""
    return finished(cutout_steps(PhotoLevels(rgb), segmenter, None), np.zeros(rgb.shape[:2], np.uint8))


def cut_out(rgb: RgbImage, segmenter: MosSegmenter, refiner: PlacedRefiner) -> Alpha:
    """Return the object of a photo by both networks, (H, W) coverage, as the program does it."""
    return finished(cutout_steps(PhotoLevels(rgb), segmenter, refiner), np.zeros(rgb.shape[:2], np.uint8))
