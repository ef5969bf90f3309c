"""Networks that are no networks: for tests of everything around them, in this process and in the child."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import Click
from meticulous_gui.core.resample import resize
from meticulous_gui.engine.alpha import DEFAULT_RAMP
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import Partial, Progress, Report
from meticulous_gui.engine.roles import (
    ClickAnswer,
    ClickQuestion,
    ClickSegmenter,
    Embedding,
    Prediction,
    Refiner,
    Segmenter,
)
from meticulous_gui.engine.types import Alpha, Batch, Logits, RgbImage


def coarse_hw(size_hw: tuple[int, int], long_px: int = 336) -> tuple[int, int]:
    """Return the size of a coarse mask that has a photo's proportions to the pixel."""
    scale = long_px / max(size_hw)
    return max(1, round(size_hw[0] * scale)), max(1, round(size_hw[1] * scale))


def disc_logits(size_hw: tuple[int, int], *, sharpness: float = 1.0) -> Logits:
    """Return logits of a disc in the middle: the distance to its rim in pixels, times ``sharpness``."""
    height, width = size_hw
    y, x = np.mgrid[:height, :width] + 0.5
    distance = 0.3 * min(size_hw) - np.hypot(x - width / 2, y - height / 2)
    return np.clip(distance * sharpness, -8, 8).astype(np.float32)


@dataclass
class StubSegmenter:
    """Always gives the logits it was made with, or a disc of the image's proportions.

    A smaller look is one at the mirrored photo, and says the same; a nearer one adds nothing.
    """

    logits: Logits | None = None
    ramp: float = DEFAULT_RAMP
    temperature: float = 1.0
    second: Segmenter | None = None

    def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
        size_hw = (rgb.shape[0], rgb.shape[1])
        logits = disc_logits(coarse_hw(size_hw)) if self.logits is None else self.logits
        if scale < 1:
            logits = np.ascontiguousarray(logits[:, ::-1])
        elif scale > 1:
            logits = np.zeros(coarse_hw(size_hw, round(336 * scale)), np.float32)
        return Prediction(logits, self.temperature, self.ramp)


@dataclass
class BrightSegmenter:
    """Says that what is bright is the object, as sharply as the size at which it sees the picture allows.

    Attributes:
        scales: at which it was asked.
        second: see `Segmenter`.
    """

    scales: list[float] = field(default_factory=list)
    second: Segmenter | None = None

    def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
        self.scales.append(scale)
        small = resize(rgb, coarse_hw((rgb.shape[0], rgb.shape[1]), round(336 * scale)))
        return Prediction((small.mean(axis=2) / 8 - 16).astype(np.float32))


@dataclass
class IdentityRefiner:
    """Leaves every mask as it is; remembers what it was given."""

    patch_px: int = 224
    margin_px: int = 32
    has_halo: bool = False
    batch_size: int = 2
    temperature: float = 1.0
    ramp: float = DEFAULT_RAMP
    n_calls: int = 0
    batch_sizes: list[int] = field(default_factory=list)

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        assert rgb.dtype == logits.dtype == np.float32
        assert rgb.shape == (logits.shape[0], 3, self.patch_px, self.patch_px)
        self.n_calls += 1
        self.batch_sizes.append(len(rgb))
        return self.answer(rgb, logits)

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        del rgb
        return logits.copy()


@dataclass
class ConstantRefiner(IdentityRefiner):
    """Answers the same logit everywhere."""

    value: float = 3.0

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        del rgb
        return np.full_like(logits, self.value)


@dataclass
class PictureRefiner(IdentityRefiner):
    """Says that what is bright in the photo is the object: depends on the pixels and on nothing else."""

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        del logits
        return (16 * (rgb.mean(axis=1, keepdims=True) - 0.5)).astype(np.float32)


@dataclass
class UnevenRefiner(PictureRefiner):
    """Says of the same pixels something else at each place of a patch, as networks with a context do."""

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        y, x = np.mgrid[: self.patch_px, : self.patch_px].astype(np.float32)
        return super().answer(rgb, logits) + 2 * np.sin(x / 7) * np.cos(y / 5)


@dataclass
class SlowRefiner(PictureRefiner):
    """Takes its time."""

    seconds: float = 0.05

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        time.sleep(self.seconds)
        return super().answer(rgb, logits)


@dataclass
class StuckRefiner(IdentityRefiner):
    """Never comes back; says so by the named pipe of the environment variable STUCK_PIPE."""

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        Path(os.environ["STUCK_PIPE"]).write_text("stuck")
        time.sleep(3600)
        return super().answer(rgb, logits)


@dataclass
class DyingRefiner(IdentityRefiner):
    """Ends its process as a crash does."""

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        os._exit(41)


@dataclass
class BrokenRefiner(IdentityRefiner):
    """Gives what is no number."""

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        return np.full_like(logits, np.nan)


@dataclass
class RaisingRefiner(IdentityRefiner):
    """Fails with any exception."""

    error: Exception = field(default_factory=lambda: RuntimeError("boom"))

    def answer(self, rgb: Batch, logits: Batch) -> Batch:
        raise self.error


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


class Staircase(ColourClick):
    """Is surest of what is reddest, whatever was clicked."""

    def answer_steps(
        self, embedding: Embedding, question: ClickQuestion
    ) -> Generator[None, None, ClickAnswer]:
        del question
        yield
        red = embedding.data[0][..., 0]
        logits = np.select([red > 0.9, red > 0.6, red > 0.3], [4.0, 1.2, -1.7], -6.0).astype(np.float32)
        return ClickAnswer(logits, logits, np.ones((1, 1, 1), np.float32))


def nested_things() -> RgbImage:
    """Return a head on a body beside a companion, each less red than the one before; (160, 200, 3)."""
    rgb = np.zeros((160, 200, 3), np.uint8)
    rgb[30:70, 60:100, 0], rgb[70:130, 60:110, 0], rgb[40:130, 110:150, 0] = 250, 180, 100
    return rgb


class StubNetworks:
    """A source of stub networks; refiners are named by the request: "identity", "slow", "dying", ..."""

    def __init__(self, catalog: Catalog | None = None, device: str | None = None) -> None:
        del device
        self.refiners: dict[str, Refiner] = {
            "": PictureRefiner(),
            "identity": IdentityRefiner(),
            "slow": SlowRefiner(),
            "stuck": StuckRefiner(),
            "dying": DyingRefiner(),
            "broken": BrokenRefiner(),
        }
        self.click_network = ColourClick()
        self.notes: list[str] = []
        self.loaded: tuple[str, ...] = ("stub",)
        self.text = "stub device"
        if catalog is not None and "refiner" in catalog.chosen:
            self.choose(catalog)

    def segmenter(self, name: str) -> Segmenter:
        del name
        return StubSegmenter()

    def clicker(self, name: str) -> ClickSegmenter:
        del name
        return self.click_network

    def refiner(self, name: str, *, fades: bool = True) -> Refiner:
        del fades
        return self.refiners[name]

    def choose(self, catalog: Catalog) -> None:
        """Take another refiner where none is named: the one that was chosen."""
        self.refiners[""] = self.refiners[catalog.chosen["refiner"]]
        self.loaded = ("stub", catalog.chosen["refiner"])

    def take_note(self) -> str:
        return self.notes.pop() if self.notes else ""


def disc_photo(size_hw: tuple[int, int], *, noise: int = 20) -> RgbImage:
    """Return a bright disc on a dark ground with some noise."""
    rng = np.random.default_rng(7)
    grey = np.where(disc_logits(size_hw) >= 0, 200, 60)[..., None]
    return (grey + rng.integers(-noise, noise + 1, (*size_hw, 3))).astype(np.uint8)


def finish(steps: Generator[Partial | Progress, None, Report], alpha: Alpha) -> Report:
    """Run ``steps`` to the end, write all partials into ``alpha`` and return the report."""
    while True:
        try:
            event = next(steps)
        except StopIteration as stop:
            report: Report = stop.value
            return report
        if isinstance(event, Partial):
            assert event.alpha.shape == event.confidence.shape == event.box.size_hw
            assert Box.whole((alpha.shape[0], alpha.shape[1])).contains(event.box)
            alpha[event.box.slices()] = event.alpha
