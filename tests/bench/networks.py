"""The networks alone, and how many patches the cascade asks of them for three known shapes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np

from meticulous_gui.core.types import Mask
from meticulous_gui.engine.alpha import DEFAULT_RAMP
from meticulous_gui.engine.cascade import CascadeOptions, cutout_steps
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import Report
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.networks import COARSE_PX, Networks
from meticulous_gui.engine.roles import Prediction
from meticulous_gui.engine.steps import result_of
from meticulous_gui.engine.types import Batch, RgbImage
from tests.bench.photos import contour_length_px, plan_shapes
from tests.bench.processes import median
from tests.bench.table import Row

_GOAL_PATCHES = {"disc": 84, "wavy": 145, "hairy": 155}
_N_ROUNDS = 9


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    networks = Networks(Catalog.default())
    segmenter, refiner = networks.segmenter(""), networks.refiner("")
    rng = np.random.default_rng(0)
    square = rng.integers(0, 256, (COARSE_PX, COARSE_PX, 3), dtype=np.uint8)
    yield Row("MOS_L forward", median_ms(lambda: segmenter.segment(square)), "ms", 150, networks.text)
    side = refiner.patch_px
    for n_patches in sorted({1, refiner.batch_size}):
        rgb = rng.random((n_patches, 3, side, side), dtype=np.float32)
        logits = rng.standard_normal((n_patches, 1, side, side), dtype=np.float32)
        patches_ms = median_ms(lambda rgb=rgb, logits=logits: refiner.refine(rgb, logits))  # type: ignore[misc]
        yield Row(f"MOS_H, a {side} px patch of a batch of {n_patches}", patches_ms / n_patches, "ms", 40)
    yield from _patch_counts()


def median_ms(work: Callable[[], object]) -> float:
    """Return the median time of some rounds after two that warm up."""
    work(), work()
    times = []
    for _ in range(_N_ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


class Oracle:
    """A segmenter and refiner that read the answer from the picture, which is the mask itself.

    Attributes:
        patch_px, margin_px, has_halo, batch_size, ramp, temperature: as the roles have them.
    """

    patch_px = 224
    margin_px = 32
    has_halo = False
    batch_size = 8
    ramp = DEFAULT_RAMP
    temperature = 1.0
    second = None

    def segment(self, rgb: RgbImage, *, scale: float = 1.0) -> Prediction:
        """Return the mask at the coarse network's scale, as sure as a trained network."""
        height, width = rgb.shape[:2]
        factor = scale * COARSE_PX / max(height, width)
        small = cv2.resize(
            rgb[..., 0], (round(width * factor), round(height * factor)), interpolation=cv2.INTER_AREA
        )
        return Prediction((small.astype(np.float32) / 255 - 0.5) * 16, self.temperature, self.ramp)

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        """Return the mask of the patches; what was known before does not matter."""
        return ((rgb[:, :1] - 0.5) * 16).astype(np.float32)


def count_patches(mask: Mask, *, options: CascadeOptions) -> Report:
    """Return the report of the cascade on a photo whose object is ``mask``, (H, W) bool."""
    photo = PhotoLevels(np.repeat(mask[..., None].astype(np.uint8) * np.uint8(255), 3, axis=2))
    return result_of(cutout_steps(photo, Oracle(), Oracle(), options=options))


def _patch_counts() -> Iterator[Row]:
    for name, mask in plan_shapes().items():
        report = count_patches(mask, options=CascadeOptions(has_skipping=False))
        goal, levels = _GOAL_PATCHES[name], " + ".join(str(n) for n in report.n_patches)
        note = f"contour {contour_length_px(mask):,} px"
        yield Row(f"patches at the finest level, {name} at 24 MP", report.n_patches[-1], "", goal, note)
        yield Row(f"patches over all levels, {name}", sum(report.n_patches), "", 2 * goal, levels)
