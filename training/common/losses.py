"""The training loss of both networks: seven refined maps, seven coarse ones, more weight near the edge.

Each map is compared on its own grid with the target averaged over that grid's cells: for the binary cross
entropy of a coarse map that is the loss of the constant-over-the-cell answer, at a sixteenth of the work.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor

from meticulous_gui.engine.models.meticulous import MosOutput


@dataclass(frozen=True)
class BlockWeights:
    """How much each kind of difference counts for one output."""

    cross_entropy: float
    absolute: float = 0.0
    squared: float = 0.0
    gradient: float = 0.0
    overlap: float = 0.0  # soft IoU per picture; not published

    @property
    def total(self) -> float:
        return self.cross_entropy + self.absolute + self.squared + self.gradient + self.overlap


_STRIDE_8 = BlockWeights(1.0)
_STRIDE_4 = BlockWeights(0.5, 0.25, 0.25)
_FINAL = BlockWeights(1.0, 1.0, 1.0, 2.0)
COARSE_SHARE = 0.25  # the unrefined map's cross entropy, relative to its block's: it teaches the head itself


def block_weights(overlap: float = 0.0) -> tuple[BlockWeights, ...]:
    """Return the weights of s8_0, s8_1, s8_2, s4_2, s8_3, s4_3, s2_3.

    Args:
        overlap: weight of the soft IoU, added to every stride-8 block and the final one.
    """
    stride_8 = BlockWeights(1.0, overlap=0.25 * overlap)
    final = BlockWeights(1.0, 1.0, 1.0, 2.0, overlap=overlap)
    if overlap == 0.0:
        stride_8, final = _STRIDE_8, _FINAL
    return (stride_8, stride_8, stride_8, _STRIDE_4, stride_8, _STRIDE_4, final)


def gradient_magnitude(probability: Tensor) -> Tensor:
    """Return the smoothed steepness of a map: 3 x 3 mean, Sobel / 4, root of squares with 1e-4 inside.

    Args:
        probability: [B, 1, H, W] float32.

    Returns:
        [B, 1, H, W] float32; flat areas give 0.01 in every map alike, so it cancels in differences.
    """
    smooth = functional.avg_pool2d(functional.pad(probability, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    padded = functional.pad(smooth, (1, 1, 1, 1), mode="replicate")
    # Sobel is separable: [1 2 1] along one axis, a difference along the other.
    down = padded[:, :, :-2] + 2.0 * padded[:, :, 1:-1] + padded[:, :, 2:]
    right = padded[:, :, :, :-2] + 2.0 * padded[:, :, :, 1:-1] + padded[:, :, :, 2:]
    across = (down[:, :, :, 2:] - down[:, :, :, :-2]) / 4.0
    along = (right[:, :, 2:] - right[:, :, :-2]) / 4.0
    return torch.sqrt(across * across + along * along + 1e-4)


def _mean(loss: Tensor, weight: Tensor) -> Tensor:
    return (loss * weight).sum() / weight.sum().clamp_min(1e-6)


def _overlap_loss(probability: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    both = (probability * target * weight).sum(dim=(1, 2, 3))
    either = ((probability + target - probability * target) * weight).sum(dim=(1, 2, 3))
    return (1.0 - (both + 1.0) / (either + 1.0)).mean()


def block_loss(logits: Tensor, target: Tensor, weight: Tensor, weights: BlockWeights) -> Tensor:
    """Return the weighted sum of the differences of one map, all tensors [B, 1, H, W].

    Args:
        logits: of the map.
        target: 0..1, soft allowed.
        weight: of each pixel.
        weights: of each kind of difference; gradient and overlap need whole maps.
    """
    loss = weights.cross_entropy * _mean(
        functional.binary_cross_entropy_with_logits(logits, target, reduction="none"), weight
    )
    if weights.total == weights.cross_entropy:
        return loss
    probability = torch.sigmoid(logits)
    difference = probability - target
    if weights.absolute:
        loss = loss + weights.absolute * _mean(difference.abs(), weight)
    if weights.squared:
        loss = loss + weights.squared * _mean(difference * difference, weight)
    if weights.gradient:
        steepness = (gradient_magnitude(probability) - gradient_magnitude(target)).abs()
        loss = loss + weights.gradient * _mean(steepness, weight)
    if weights.overlap:
        loss = loss + weights.overlap * _overlap_loss(probability, target, weight)
    return loss


def _on_grid(values: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """Average ``values`` over the cells of a grid whose sides divide its own."""
    if tuple(values.shape[2:]) == size_hw:
        return values
    cell_hw = (values.shape[2] // size_hw[0], values.shape[3] // size_hw[1])
    return functional.avg_pool2d(values, cell_hw)


def mos_loss(
    output: MosOutput, target: Tensor, weight: Tensor, *, overlap: float = 0.0
) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the loss of one batch and its parts.

    Args:
        output: the network's seven refined and seven coarse maps.
        target: [B, 1, S, S] float32 0..1, soft allowed.
        weight: [B, 1, S, S] float32, 0 where nothing is known, more near the edge (``augment.pixel_weight``).
        overlap: weight of the soft IoU.

    Returns:
        A scalar, divided by the sum of all weights so that the learning rate does not depend on the number
        of outputs, and the detached parts ``final`` and ``coarse`` for the log.
    """
    total = target.new_zeros(())
    coarse_total = target.new_zeros(())
    final = total
    sum_of_weights = 0.0
    blocks = block_weights(overlap)
    on_grids: dict[tuple[int, int], tuple[Tensor, Tensor]] = {}
    for weights, refined, coarse in zip(blocks, output.refined, output.coarse, strict=True):
        grid = (int(refined.shape[2]), int(refined.shape[3]))
        refined, coarse = refined.float(), coarse.float()
        if grid not in on_grids:
            on_grids[grid] = (_on_grid(target, grid), _on_grid(weight, grid))
        grid_target, grid_weight = on_grids[grid]
        final = block_loss(refined, grid_target, grid_weight, weights)
        total = total + final
        coarse_entropy = functional.binary_cross_entropy_with_logits(coarse, grid_target, reduction="none")
        coarse_total = coarse_total + COARSE_SHARE * weights.cross_entropy * _mean(
            coarse_entropy, grid_weight
        )
        sum_of_weights += weights.total + COARSE_SHARE * weights.cross_entropy
    loss = (total + coarse_total) / sum_of_weights
    return loss, {"final": final.detach(), "coarse": coarse_total.detach()}
