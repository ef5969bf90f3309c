"""Both refiners on a 4K photo; CRM's memory against the photo's size: it must follow the patches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import refine_steps
from meticulous_gui.engine.catalog import Card, Catalog
from meticulous_gui.engine.continuous import CrmRefiner
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.models.crm import CrmConfig, CrmNet
from meticulous_gui.engine.networks import Networks
from meticulous_gui.engine.steps import result_of
from tests.bench.photos import bench_jpeg, contour_length_px
from tests.bench.table import FOLDER, Row
from training.common.memory import peak_mb_of

SIZES_HW = {12: (3000, 4000), 24: (4000, 6000), 50: (5774, 8660), 100: (8165, 12248)}
RADIUS_PX = 400
GOAL_MB = 1500.0
LARGE_HW = (2160, 3840)
GOAL_S = {"mos_h": None, "crm": 6.0}


def untrained_refiner() -> CrmRefiner:
    """Return a CRM of random weights that changes what it is given."""
    torch.manual_seed(0)
    network = CrmNet(CrmConfig()).eval()
    nn.init.normal_(network.last.weight, std=0.3)
    return CrmRefiner(Card("crm", "refiner", "crm"), network, torch.device("cpu"))


def peak_mb(refiner: CrmRefiner, size_hw: tuple[int, int], *, radius_px: int) -> float:
    """Return the peak above photo and mask while a disc in the middle of a photo is refined at full size."""
    photo = np.full((*size_hw, 3), 90, np.uint8)
    alpha = np.zeros(size_hw, np.uint8)
    middle = [256 * (side // 512) + 128 for side in size_hw]  # the middle of a patch
    cv2.circle(alpha, (middle[1], middle[0]), radius_px, 255, -1)
    whole = Box.whole(size_hw)
    with peak_mb_of() as peak:
        steps = refine_steps(
            PhotoLevels(photo), refiner, alpha=alpha, alpha_box=whole, region=Region(whole, size_hw)
        )
        for _ in steps:
            pass
    return peak.mb


def fresh_peak_mb(size_hw: tuple[int, int]) -> float:
    """Return the peak in a process of its own, which nothing before has left memory to."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_peak_after_a_small_photo, size_hw).result()


def _peak_after_a_small_photo(size_hw: tuple[int, int]) -> float:
    refiner = untrained_refiner()
    peak_mb(refiner, (2 * RADIUS_PX, 2 * RADIUS_PX), radius_px=60)  # what libraries keep for good
    return peak_mb(refiner, size_hw, radius_px=RADIUS_PX)


def coarse_mask(photo: Path) -> Alpha:
    """Return the mask of a benchmark photo's own object, its detail lost by a factor of 8."""
    alpha = load_photo(photo.with_suffix(".alpha.png")).rgb[..., 0]
    height, width = alpha.shape
    small = cv2.resize(alpha, (width // 8, height // 8), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def large_photo() -> Iterator[Row]:
    """Measure how long each refiner takes for the whole edge of a 4K photo, at full size."""
    file, _ = bench_jpeg(FOLDER, size_hw=LARGE_HW)
    photo, alpha, whole = load_photo(file).rgb, coarse_mask(file), Box.whole(LARGE_HW)
    networks = Networks(Catalog.default(), "cpu")
    for name in GOAL_S:
        refiner, region = networks.refiner(name), Region(whole, LARGE_HW)
        levels, begun_s = PhotoLevels(photo), time.monotonic()
        steps = refine_steps(levels, refiner, alpha=alpha, alpha_box=whole, region=region)
        report = result_of(steps)
        note = f"contour {contour_length_px(alpha >= 128):,} px, {sum(report.n_patches)} patches"
        yield Row(f"4K: the edge refined by {name}", time.monotonic() - begun_s, "s", GOAL_S[name], note)


def measure() -> Iterator[Row]:
    """Measure the refiners at 4K, then CRM's peak at 12, 24, 50 and 100 megapixels."""
    yield from large_photo()
    for megapixels, size_hw in SIZES_HW.items():
        yield Row(f"CRM, {megapixels} MP: peak above photo and mask", fresh_peak_mb(size_hw), "MB", GOAL_MB)
