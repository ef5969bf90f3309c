"""Memory of refining by CRM against the photo's size: it must follow the patches, not the photo."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import cv2
import numpy as np
import torch
from torch import nn

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import refine_steps
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.continuous import CrmRefiner
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.models.crm import CrmConfig, CrmNet
from tests.bench.table import Row
from training.common.memory import peak_mb_of

SIZES_HW = {12: (3000, 4000), 24: (4000, 6000), 50: (5774, 8660), 100: (8165, 12248)}
RADIUS_PX = 400
GOAL_MB = 1500.0


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
        return process.submit(_peak_after_a_first_patch, size_hw).result()


def _peak_after_a_first_patch(size_hw: tuple[int, int]) -> float:
    refiner = untrained_refiner()  # making it runs a patch: what libraries take for good is there
    return peak_mb(refiner, size_hw, radius_px=RADIUS_PX)


def measure() -> Iterator[Row]:
    """Measure the peak at 12, 24, 50 and 100 megapixels."""
    for megapixels, size_hw in SIZES_HW.items():
        yield Row(f"CRM, {megapixels} MP: peak above photo and mask", fresh_peak_mb(size_hw), "MB", GOAL_MB)
