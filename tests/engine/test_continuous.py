from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from meticulous_gui.core.errors import WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import refine_steps
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.continuous import FADE_PX, NEAR_PX, CrmRefiner, banded_logits, change_weight
from meticulous_gui.engine.jobs import Partial
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.models.crm import CrmConfig, CrmNet

CPU = torch.device("cpu")


def _network(*, has_answer: bool) -> CrmNet:
    torch.manual_seed(0)
    network = CrmNet(CrmConfig()).eval()
    if has_answer:
        nn.init.normal_(network.last.weight, std=0.3)
    return network


def _half(side: int, column: int, sharpness: float = 2.0) -> np.ndarray:
    """Return logits of a mask that begins at a column."""
    return np.tile(sharpness * (np.arange(side, dtype=np.float32) - column + 0.5), (side, 1)).astype(
        np.float32
    )


def test_a_fresh_network_changes_not_one_bit_of_a_mask() -> None:
    refiner = CrmRefiner(Card("c", "refiner", "crm"), _network(has_answer=False), CPU)
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (300, 420, 3), dtype=np.uint8)
    alpha = np.zeros((300, 420), np.uint8)
    alpha[80:200, 100:300] = 255
    whole = Box.whole(alpha.shape)
    steps = refine_steps(
        PhotoLevels(photo),
        refiner,
        alpha=alpha,
        alpha_box=whole,
        region=Region(whole, alpha.shape),
        coarsest=1,
    )
    after = alpha.copy()
    for event in steps:
        if isinstance(event, Partial):
            after[event.box.slices()] = event.alpha
    assert np.array_equal(after, alpha)


def test_nothing_far_from_the_contour_is_asked_or_changed() -> None:
    weight = change_weight(_half(160, 80))
    distance = np.abs(np.arange(160) - 79.5)
    assert (weight[:, distance < NEAR_PX] == 1).all()
    assert (weight[:, distance > FADE_PX] == 0).all()
    assert change_weight(np.full((32, 32), 9, np.float32)).max() == 0


def test_a_vague_edge_fades_out_instead_of_leaking() -> None:
    weight = change_weight(_half(200, 100, sharpness=0.05))[0]
    right = weight[100:]
    assert (np.diff(right) <= 0).all()
    assert 0 < right[NEAR_PX + 4] < 1
    assert right[FADE_PX + 1] == 0


def test_the_band_gives_the_same_numbers_as_asking_everywhere() -> None:
    network = _network(has_answer=True)
    rgb, logits = torch.rand(2, 3, 64, 64), torch.randn(2, 1, 64, 64)
    weight = (torch.rand(2, 1, 64, 64) < 0.3).float()
    with torch.no_grad():
        whole = network(rgb, logits)
        found = banded_logits(network, rgb, logits, weight)
    wanted = torch.where(weight > 0, whole, logits.clamp(-8, 8))
    assert float((found - wanted).abs().max()) <= 1e-5


def test_the_published_mode_is_refused_as_a_refiner_of_the_program() -> None:
    with pytest.raises(WeightsError, match="published mode"):
        CrmRefiner(Card("c", "refiner", "crm"), CrmNet(CrmConfig("exact")).eval(), CPU)
