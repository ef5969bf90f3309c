"""Small click networks and photos for tests."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import cast

import cv2
import numpy as np
import torch

from meticulous_gui.core.prompts import Click
from meticulous_gui.core.types import Logits, Mask, RgbImage
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.clicks.network import FbrsSegmenter
from meticulous_gui.engine.models import build
from meticulous_gui.engine.models.fbrs import FbrsNet
from meticulous_gui.engine.roles import ClickAnswer, ClickQuestion, Embedding

OPTIONS = {"encoder": "mobilenet_v2", "is_deep": False, "width": 16, "context": 16}


def toy_network(seed: int = 0) -> FbrsNet:
    """Return a small network with random weights, made livelier than its start so that logits vary."""
    torch.manual_seed(seed)
    network = cast(FbrsNet, build("fbrs", OPTIONS)).eval()
    with torch.no_grad():
        network.head.logit.weight.mul_(30.0)
    return network


def toy_segmenter(seed: int = 0, *, crop_px: int = 64) -> FbrsSegmenter:
    card = Card("toy", "click_segmenter", "fbrs", OPTIONS)
    return FbrsSegmenter(card, toy_network(seed), torch.device("cpu"), crop_px=crop_px)


def blobs(seed: int, size_hw: tuple[int, int] = (80, 100)) -> tuple[RgbImage, Mask]:
    """Return a photo of a coloured object on another ground, with a patch of its colour elsewhere."""
    rng = np.random.default_rng(seed)
    mask = np.zeros(size_hw, np.uint8)
    middle = (int(rng.uniform(0.35, 0.65) * size_hw[1]), int(rng.uniform(0.35, 0.65) * size_hw[0]))
    axes = (int(rng.uniform(0.15, 0.3) * size_hw[1]), int(rng.uniform(0.15, 0.3) * size_hw[0]))
    cv2.ellipse(mask, middle, axes, float(rng.uniform(0, 180)), 0, 360, 1, -1)
    photo = np.empty((*size_hw, 3), np.float64)
    photo[:] = rng.uniform(20, 90, 3)
    photo[mask > 0] = rng.uniform(160, 240, 3)
    photo += rng.normal(0, 10, photo.shape)
    return np.clip(photo, 0, 255).astype(np.uint8), mask > 0


@dataclass
class ColourClick:
    """A click network that needs no weights: a pixel goes with the click of its colour, else it stays.

    Attributes:
        n_answers: how often it was asked.
    """

    crop_px: int = 64
    pad_rgb: tuple[int, int, int] = (128, 128, 128)
    n_answers: int = field(default=0)

    def encode(self, crop: RgbImage) -> Embedding:
        return Embedding("nearest", ((crop / 255).astype(np.float32),))

    def answer_steps(
        self, embedding: Embedding, question: ClickQuestion
    ) -> Generator[None, None, ClickAnswer]:
        self.n_answers += 1
        rgb = embedding.data[0]
        yield
        rows, cols = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
        smooth = cv2.blur(rgb, (5, 5))
        before = question.previous.astype(np.float32) / 255
        logits: Logits = np.where(before > 0, 4.0 * (before - 0.5), -1.0).astype(np.float32)
        for click in question.prompts:
            if isinstance(click, Click):
                row = int(np.clip(click.y, 0, rgb.shape[0] - 1))
                col = int(np.clip(click.x, 0, rgb.shape[1] - 1))
                apart = np.hypot(rows + 0.5 - click.y, cols + 0.5 - click.x) / rgb.shape[0]
                other = np.abs(smooth - smooth[row, col]).sum(axis=2)
                sign = 1.0 if click.is_positive else -1.0
                logits += (sign * np.maximum(6.0 - 20.0 * other - apart, 0.0)).astype(np.float32)
        features = np.full((rgb.shape[0] // 4, rgb.shape[1] // 4, 1), 1.0, np.float32)
        return ClickAnswer(logits, logits, features)
