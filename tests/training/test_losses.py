from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from meticulous_gui.engine.models.meticulous import MosOutput
from training.common.losses import COARSE_SHARE, block_weights, gradient_magnitude, mos_loss

SIDE = 32
GRIDS = (8, 8, 8, 16, 8, 16, 32)


def _output(seed: int) -> MosOutput:
    rng = torch.Generator().manual_seed(seed)
    refined = tuple(torch.randn(2, 1, side, side, generator=rng) for side in GRIDS)
    coarse = tuple(torch.randn(2, 1, side, side, generator=rng) for side in GRIDS)
    return MosOutput(refined, coarse, tuple(torch.zeros(2, 1, dtype=torch.int64) for _ in GRIDS))


def _slow_entropy(z: float, y: float) -> float:
    p = 1.0 / (1.0 + math.exp(-z))
    return -(y * math.log(p) + (1.0 - y) * math.log(1.0 - p))


def _slow_steepness(values: np.ndarray) -> np.ndarray:
    height, width = values.shape
    padded = np.pad(values, 1, mode="edge")
    smooth = np.array([[padded[r : r + 3, c : c + 3].mean() for c in range(width)] for r in range(height)])
    padded = np.pad(smooth, 1, mode="edge")
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 4.0
    steep = np.zeros_like(values)
    for r in range(height):
        for c in range(width):
            patch = padded[r : r + 3, c : c + 3]
            steep[r, c] = math.sqrt((patch * kernel).sum() ** 2 + (patch * kernel.T).sum() ** 2 + 1e-4)
    return steep


def _slow_loss(output: MosOutput, target: np.ndarray, weight: np.ndarray) -> float:
    """The definition, pixel by pixel, on each map's own grid."""
    entropy = (1.0, 1.0, 1.0, 0.5, 1.0, 0.5, 1.0)
    rest = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0.25, 0.25, 0), (0, 0, 0), (0.25, 0.25, 0), (1, 1, 2))
    total, weights = 0.0, 0.0
    for index, side in enumerate(GRIDS):
        cell = SIDE // side
        y = target.reshape(2, side, cell, side, cell).mean(axis=(2, 4))
        w = weight.reshape(2, side, cell, side, cell).mean(axis=(2, 4))
        z = output.refined[index][:, 0].double().numpy()
        z_coarse = output.coarse[index][:, 0].double().numpy()
        p = 1.0 / (1.0 + np.exp(-z))
        bce = np.vectorize(_slow_entropy)(z, y)
        bce_coarse = np.vectorize(_slow_entropy)(z_coarse, y)
        l1, l2, grad = rest[index]
        loss = entropy[index] * bce + l1 * np.abs(p - y) + l2 * (p - y) ** 2
        if grad:
            steep = [np.abs(_slow_steepness(p[b]) - _slow_steepness(y[b])) for b in range(2)]
            loss = loss + grad * np.stack(steep)
        total += float((loss * w).sum() / w.sum())
        total += 0.25 * entropy[index] * float((bce_coarse * w).sum() / w.sum())
        weights += entropy[index] * 1.25 + l1 + l2 + grad
    return total / weights


def _maps(seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    target = rng.random((2, 1, SIDE, SIDE)).astype(np.float32)  # soft, as mattes are
    weight = rng.choice([0.0, 1.0, 5.0], (2, 1, SIDE, SIDE)).astype(np.float32)
    return torch.from_numpy(target), torch.from_numpy(weight)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_loss_equals_the_slow_definition(seed: int) -> None:
    target, weight = _maps(seed)
    output = _output(seed)
    expected = _slow_loss(output, target[:, 0].double().numpy(), weight[:, 0].double().numpy())
    loss, parts = mos_loss(output, target, weight)
    assert float(loss) == pytest.approx(expected, rel=1e-5)
    assert set(parts) == {"final", "coarse"}


def test_the_sum_of_block_weights_is_eleven_and_coarse_adds_a_quarter_of_the_entropies() -> None:
    blocks = block_weights()
    assert sum(block.total for block in blocks) == pytest.approx(11.0)
    assert COARSE_SHARE * sum(block.cross_entropy for block in blocks) == pytest.approx(1.5)


def test_pixels_of_weight_zero_do_not_matter() -> None:
    target, weight = _maps(3)
    output = _output(3)
    weight[:, :, :, :16] = 0.0
    changed = target.clone()
    changed[:, :, :, :8] = 1.0 - changed[:, :, :, :8]
    with_gradient = mos_loss(output, target, weight)[0]
    # The 3 x 3 mean and Sobel reach two pixels, so pixels further than that from valid ones change nothing.
    assert float(mos_loss(output, changed, weight)[0]) == pytest.approx(float(with_gradient), abs=1e-7)


def test_a_perfect_answer_costs_almost_nothing_and_a_wrong_one_much() -> None:
    target = torch.zeros(1, 1, SIDE, SIDE)
    target[:, :, :, 16:] = 1.0
    weight = torch.ones_like(target)

    def answer(sign: float) -> MosOutput:
        maps = tuple(
            torch.nn.functional.avg_pool2d((2 * target - 1) * 20 * sign, SIDE // side) for side in GRIDS
        )
        return MosOutput(maps, maps, ())

    assert float(mos_loss(answer(1.0), target, weight, overlap=1.0)[0]) < 1e-3
    assert float(mos_loss(answer(-1.0), target, weight, overlap=1.0)[0]) > 1.0


def test_every_map_receives_a_finite_gradient() -> None:
    target, weight = _maps(5)
    plain = _output(5)
    refined = tuple(z.clone().requires_grad_() for z in plain.refined)
    coarse = tuple(z.clone().requires_grad_() for z in plain.coarse)
    loss, _ = mos_loss(MosOutput(refined, coarse, ()), target, weight, overlap=0.5)
    loss.backward()
    for z in (*refined, *coarse):
        assert z.grad is not None
        assert torch.isfinite(z.grad).all()
        assert float(z.grad.abs().sum()) > 0


def test_flat_maps_have_steepness_of_one_hundredth() -> None:
    flat = torch.full((1, 1, 8, 9), 0.3)
    torch.testing.assert_close(gradient_magnitude(flat), torch.full((1, 1, 8, 9), 0.01))
