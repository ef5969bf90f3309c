"""Small click networks and photos for tests."""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

import cv2
import numpy as np
import torch

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask, RgbImage
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.clicks.network import FbrsSegmenter
from meticulous_gui.engine.clicks.session import ClickReport, ClickSession
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.models import build
from meticulous_gui.engine.models.fbrs import FbrsNet
from meticulous_gui.engine.steps import result_of
from tests.engine.stubs import ColourClick

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


def assert_obeyed(session: ClickSession, report: ClickReport) -> None:
    """Fail unless every click is obeyed on its pixel; one that a later click covers must be covered."""
    for click in session.clicks:
        if report.obeyed[click.id] != "overridden":
            assert session.mask[click.row, click.col] == click.is_positive
        else:
            assert any(
                other.id > click.id
                and (other.row, other.col) == (click.row, click.col)
                and other.is_positive != click.is_positive
                for other in session.clicks
            )


SEGMENTERS = {seed: toy_segmenter(seed) for seed in range(3)}


def session_on_blobs(
    seed: int = 0, size_hw: tuple[int, int] = (80, 100), **given: object
) -> tuple[ClickSession, np.ndarray]:
    """Return a session on `blobs` whose network knows colours, and the object's mask."""
    rgb, mask = blobs(seed, size_hw)
    return ClickSession(PhotoLevels(rgb), ColourClick(), **given), mask  # type: ignore[arg-type]


def random_click(session: ClickSession, rng: np.random.Generator) -> ClickReport:
    """Click anywhere, often on the rim or on a pixel that was clicked before."""
    height, width = session.mask.shape
    kind = rng.random()
    if kind < 0.15 and session.clicks:  # the same pixel again, with either sign
        before = session.clicks[int(rng.integers(len(session.clicks)))]
        x, y = before.xy
    elif kind < 0.35:  # on the rim
        x = float(rng.choice([0.0, 0.5, width - 0.01, rng.uniform(0, width)]))
        y = float(rng.choice([0.0, 0.5, height - 0.01]))
    else:
        x, y = float(rng.uniform(0, width)), float(rng.uniform(0, height))
    return result_of(session.click(x, y, is_positive=bool(rng.integers(2))))


def value_of(steps: Generator[None, None, tuple[Box, np.ndarray] | None]) -> tuple[Box, np.ndarray] | None:
    """Return what a preview shows."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return cast("tuple[Box, np.ndarray] | None", stop.value)
