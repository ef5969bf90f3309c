"""Hierarchical point refinement (HierPR): correct the uncertain points of a logit map by a small MLP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import enlarge

KEY_SCALE: Final = 1 << 20
_INDEX_BITS: Final = 32
_KEY_LIMIT: Final = float(1 << 10)  # |z| beyond it is certain; keeps the keys inside 31 bits
LEVELS: Final = ("s8", "s4", "s2")


def uncertainty_keys(logits: Tensor) -> Tensor:
    """Return the order of refinement as unique integers: the smaller, the less certain.

    The key is |z| in steps of 2^-20, ties broken by the smaller flat index, so that every device chooses
    alike. A value that is not finite counts as 0, the least certain.

    Args:
        logits: float32 [B, 1, h, w].

    Returns:
        int64 [B, h * w].
    """
    flat = logits.detach().float().flatten(1).abs()
    flat = torch.where(flat.isfinite(), flat, 0.0).clamp(max=_KEY_LIMIT)
    index = torch.arange(flat.shape[1], device=flat.device)
    return (flat * KEY_SCALE).round().to(torch.int64) * (1 << _INDEX_BITS) + index


def smallest(keys: Tensor, count: int) -> Tensor:
    """Return the flat indices of the ``count`` smallest keys of each row, ascending: int64 [B, count].

    Args:
        keys: int64 [B, N], unique within a row.
        count: 1 .. N.
    """
    bound = keys.kthvalue(count, dim=1, keepdim=True).values
    return (keys <= bound).nonzero()[:, 1].view(keys.shape[0], count)


def random_others(chosen: Tensor, n_positions: int, count: int) -> Tensor:
    """Return int64 [B, count] random flat indices per row that are not in ``chosen``, none twice."""
    keys = torch.rand(chosen.shape[0], n_positions, device=chosen.device)
    keys.scatter_(1, chosen, 2.0)
    return keys.topk(count, dim=1, largest=False).indices


def at_points(maps: Tensor, flat_index: Tensor, grid_hw: tuple[int, int]) -> Tensor:
    """Return features at the centres of grid cells.

    A map finer than the grid must have been averaged onto it (``shrink``): the bilinear value at a cell's
    centre, but without aliasing. A coarser one is sampled bilinearly with clamped borders.

    Args:
        maps: [B, C, h, w], on the grid itself or coarser.
        flat_index: int64 [B, K], row-major cells of a grid of ``grid_hw`` over the same area.
        grid_hw: rows and columns of that grid.

    Returns:
        [B, K, C].
    """
    rows, columns = grid_hw
    if (maps.shape[-2], maps.shape[-1]) == grid_hw:
        index = flat_index.unsqueeze(1).expand(-1, maps.shape[1], -1)
        return maps.flatten(2).gather(2, index).transpose(1, 2)
    x = ((flat_index % columns) + 0.5) * (2.0 / columns) - 1.0
    y = (torch.div(flat_index, columns, rounding_mode="floor") + 0.5) * (2.0 / rows) - 1.0
    grid = torch.stack([x, y], dim=-1).unsqueeze(2).to(maps.dtype)
    sampled = F.grid_sample(maps, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return sampled.squeeze(3).transpose(1, 2)


class PointMlp(nn.Module):
    """The point MLP that all seven blocks share: features, logit and level -> correction of the logit.

    Without a norm (its statistics would come from the hardest points only); the last layer starts at zero, so
    a block starts as the identity.
    """

    def __init__(self, features: int, hidden: int) -> None:
        super().__init__()
        self.first = nn.Linear(features + 1 + len(LEVELS), hidden)
        self.second = nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, 1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, features: Tensor, logits: Tensor, level: int) -> Tensor:
        """Return corrections [B, K, 1].

        Args:
            features: [B, K, C].
            logits: [B, K, 1].
            level: index into ``LEVELS``.
        """
        one_hot = F.one_hot(torch.tensor(level, device=logits.device), len(LEVELS)).to(features.dtype)
        one_hot = one_hot.expand(*features.shape[:2], -1)
        x = torch.cat([features, logits.to(features.dtype), one_hot], dim=-1)
        x = F.relu(self.first(x))
        return cast(Tensor, self.last(F.relu(self.second(x))))


@dataclass(frozen=True)
class Refined:
    """What one block returns.

    Attributes:
        residual: float32 [B, 1, h, w], refined logits minus the prior.
        merged: float32 [B, 1, h, w], logits before the points were corrected.
        logits: float32 [B, 1, h, w], logits after it.
        chosen: int64 [B, K], flat indices of the corrected cells.
    """

    residual: Tensor
    merged: Tensor
    logits: Tensor
    chosen: Tensor


def refine_points(
    coarse: Tensor,
    prior: Tensor,
    previous: Tensor | None,
    point_maps: tuple[Tensor, ...],
    mlp: PointMlp,
    *,
    level: int,
    fraction: float,
    is_training: bool,
) -> Refined:
    """Run one HierPR block.

    Args:
        coarse: a head's residual logits [B, 1, h / 2, w / 2].
        prior: logits of the input mask [B, 1, h, w], zero where there is none.
        previous: residual of the coarser block [B, 1, h / 2, w / 2], averaged in, or None.
        point_maps: feature maps whose values at a point the MLP sees, see ``at_points``.
        mlp: the shared MLP.
        level: index into ``LEVELS``.
        fraction: share of the cells to correct, 0..1.
        is_training: add a quarter as many random cells, so that the MLP also meets certain ones.
    """
    grid_hw = (prior.shape[-2], prior.shape[-1])
    residual = enlarge(coarse.float(), grid_hw)
    if previous is not None:
        residual = (residual + enlarge(previous, grid_hw)) / 2
    merged = residual + prior
    n_positions = grid_hw[0] * grid_hw[1]
    n_points = max(1, int(n_positions * fraction))
    chosen = smallest(uncertainty_keys(merged), n_points)
    if is_training and n_points // 4:
        others = random_others(chosen, n_positions, n_points // 4)
        chosen = torch.cat([chosen, others], dim=1)
    features = torch.cat([at_points(maps, chosen, grid_hw) for maps in point_maps], dim=-1)
    chosen_logits = merged.detach().flatten(1).gather(1, chosen)
    delta = mlp(features, chosen_logits.unsqueeze(-1), level).squeeze(-1).float()
    flat_residual = residual.flatten(1)
    corrected = flat_residual.scatter(1, chosen, flat_residual.gather(1, chosen) + delta).view_as(residual)
    return Refined(corrected, merged, corrected + prior, chosen)
