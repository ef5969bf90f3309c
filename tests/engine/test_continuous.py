from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from meticulous_gui.core.errors import WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import alpha_from_logits, logits_from_alpha, softened
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import refine_steps
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.continuous import (
    FADE_PX,
    HALO_PX,
    NEAR_PX,
    UNCERTAIN,
    CrmRefiner,
    banded_logits,
    change_weight,
)
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


def _refined(photo: np.ndarray, alpha: np.ndarray, refiner: CrmRefiner) -> np.ndarray:
    """Return what the program's own ladder makes of an alpha at the photo's size."""
    whole = Box.whole(alpha.shape)
    region = Region(whole, alpha.shape)
    after = alpha.copy()
    for event in refine_steps(
        PhotoLevels(photo), refiner, alpha=alpha, alpha_box=whole, region=region, coarsest=1
    ):
        if isinstance(event, Partial):
            after[event.box.slices()] = event.alpha
    return after


def test_a_fresh_network_changes_not_one_bit_of_a_mask() -> None:
    refiner = CrmRefiner(Card("c", "refiner", "crm"), _network(has_answer=False), CPU)
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (300, 420, 3), dtype=np.uint8)
    alpha = np.zeros((300, 420), np.uint8)
    alpha[80:200, 100:300] = 255
    after = _refined(photo, alpha, refiner)
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


def test_without_fading_what_is_unsure_counts_at_any_distance_and_what_is_sure_nowhere() -> None:
    logits = _half(200, 100, sharpness=0.05)
    logits[:, :20] = -9
    weight = change_weight(logits, fades=False)[0]
    distance = np.abs(np.arange(200) - 99.5)
    unsure = np.abs(logits[0]) < UNCERTAIN
    assert (weight[unsure] == 1).all()
    assert unsure[distance > FADE_PX].any()
    assert (weight[~unsure & (distance > NEAR_PX)] == 0).all()


def test_a_refiner_without_fading_is_the_same_network_in_memory_once() -> None:
    refiner = CrmRefiner(Card("c", "refiner", "crm"), _network(has_answer=True), CPU)
    twin = refiner.unfaded()
    assert twin.placed is refiner.placed
    assert refiner.fades
    rng = np.random.default_rng(3)
    side = refiner.patch_px
    rgb = rng.random((1, 3, side, side), dtype=np.float32)
    logits = _half(side, side // 2, sharpness=0.05)[None, None]
    column = side // 2 + FADE_PX + 2
    assert (refiner.refine(rgb, logits)[..., column] == logits[..., column]).all()
    assert (twin.refine(rgb, logits)[..., column] != logits[..., column]).any()


def test_pixels_far_from_the_edge_keep_their_bytes() -> None:
    refiner = CrmRefiner(Card("c", "refiner", "crm"), _network(has_answer=True), CPU)
    rng = np.random.default_rng(0)
    alpha = np.zeros((260, 300), np.uint8)
    alpha[60:200, 90:220] = 255
    alpha[0:30, 0:40] = rng.integers(1, 60, (30, 40))  # a veil that no one asked to lift
    after = _refined(rng.integers(0, 256, (260, 300, 3), dtype=np.uint8), alpha, refiner)
    inside = (alpha >= 128).astype(np.uint8)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 5) + cv2.distanceTransform(
        1 - inside, cv2.DIST_L2, 5
    )
    assert np.array_equal(after[distance > FADE_PX + 1], alpha[distance > FADE_PX + 1])
    assert (after[distance <= NEAR_PX] != alpha[distance <= NEAR_PX]).any()


def test_what_a_pixel_gets_does_not_depend_on_the_patches() -> None:
    """Patches with the exact halo on one grid: where two meet there is no seam."""
    network = _network(has_answer=True)
    for module in network.modules():
        if isinstance(module, nn.Conv2d):  # else what is far away fades on its own within a few layers
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")
    rng = np.random.default_rng(2)
    photo = rng.integers(0, 256, (304, 560, 3), dtype=np.uint8)
    alpha = np.zeros((304, 560), np.uint8)
    alpha[100:200] = 255  # its two edges cross the border of two patches at column 256
    after = _refined(photo, alpha, CrmRefiner(Card("c", "refiner", "crm"), network, CPU))
    rgb = torch.from_numpy(np.pad(photo, ((HALO_PX,) * 2, (HALO_PX,) * 2, (0, 0)), mode="symmetric"))
    given = np.pad(softened(logits_from_alpha(alpha)), HALO_PX, mode="edge")
    weight = change_weight(given)
    with torch.no_grad():
        whole = banded_logits(
            network,
            rgb.permute(2, 0, 1).unsqueeze(0).float() / 255,
            torch.from_numpy(given)[None, None],
            torch.from_numpy(weight)[None, None],
        )[0, 0, HALO_PX:-HALO_PX, HALO_PX:-HALO_PX].numpy()
    near = np.zeros(alpha.shape, np.bool_)
    for edge in (100, 200):  # farther away the cascade fades into what was
        near[edge - NEAR_PX + 3 : edge + NEAR_PX - 3] = True
    difference = np.abs(alpha_from_logits(whole)[near].astype(int) - after[near])
    assert difference.max() <= 1  # a step of alpha: floating point sums in another order
    assert (after != alpha)[near].any()


def test_the_band_gives_the_same_numbers_as_asking_everywhere() -> None:
    network = _network(has_answer=True)
    rgb, logits = torch.rand(2, 3, 64, 64), torch.randn(2, 1, 64, 64)
    weight = (torch.rand(2, 1, 64, 64) < 0.3).float()
    with torch.no_grad():
        whole = network(rgb, logits)
        found = banded_logits(network, rgb, logits, weight)
    wanted = torch.where(weight > 0, whole, logits)
    assert float((found - wanted).abs().max()) <= 1e-5


def test_the_published_mode_is_refused_as_a_refiner_of_the_program() -> None:
    with pytest.raises(WeightsError, match="published mode"):
        CrmRefiner(Card("c", "refiner", "crm"), CrmNet(CrmConfig("exact")).eval(), CPU)
