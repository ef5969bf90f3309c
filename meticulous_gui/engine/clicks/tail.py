"""The network's tail at a few points only: what BRS needs of it, in a tenth of the time.

The logits of 3 x 3 network pixels depend on 3 x 3 cells of those at stride 4, and these on 7 x 7 cells of
tap B.
"""

from __future__ import annotations

from typing import Final, cast

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from meticulous_gui.engine.clicks.targets import Targets
from meticulous_gui.engine.models.fbrs import Head, Separable

__all__ = ["LocalTail"]

_STRIDE: Final = 4
_REACH: Final = 3  # cells around a target's own that tap B must be known in


class LocalTail:
    """Logits around targets as a function of scale and bias of tap B.

    Args:
        head: in evaluation mode.
        tap_b: [1, C, h, w].
        targets: n points in pixels of the picture of 4 h x 4 w.

    Attributes:
        is_inside: [n, 9], 1 where the pixel of the 3 x 3 square lies in the picture.
    """

    def __init__(self, head: Head, tap_b: Tensor, targets: Targets) -> None:
        self._head = head
        height, width = tap_b.shape[-2:]
        rows, cols = torch.from_numpy(targets.rows), torch.from_numpy(targets.cols)
        cell_rows, row_weights, row_inside = _axis(rows, height, tap_b.dtype)
        cell_cols, col_weights, col_inside = _axis(cols, width, tap_b.dtype)
        self.is_inside = (row_inside[:, :, None] * col_inside[:, None, :]).flatten(1)
        weights = row_weights[:, :, None, :, None] * col_weights[:, None, :, None, :]
        self._weights = weights.reshape(len(rows), 9, 9)
        reach = torch.arange(-_REACH, _REACH + 1)
        patch_rows = cell_rows[:, None] + reach
        patch_cols = cell_cols[:, None] + reach
        known_rows = (patch_rows >= 0) & (patch_rows < height)
        known_cols = (patch_cols >= 0) & (patch_cols < width)
        known = (known_rows[:, :, None] & known_cols[:, None, :]).to(tap_b.dtype)[:, None]
        self._known7, self._known5 = known, known[:, :, 1:-1, 1:-1]
        at = tap_b[0][
            :, patch_rows.clamp(0, height - 1)[:, :, None], patch_cols.clamp(0, width - 1)[:, None, :]
        ]
        self._patches = at.permute(1, 0, 2, 3).contiguous() * known

    def logits(self, scale: Tensor, bias: Tensor) -> Tensor:
        """Return [n, 9]: the logits of the 3 x 3 pixels around each target, for scale and bias [C]."""
        x = (self._patches * (1.0 + scale[:, None, None]) + bias[:, None, None]) * self._known7
        x = _unpadded(self._head.decode, x) * self._known5  # beyond the map the network pads with zeros
        cells = self._head.logit(_unpadded(self._head.last, x)).flatten(1)
        return torch.einsum("npc,nc->np", self._weights, cells)


def _unpadded(block: nn.Module, x: Tensor) -> Tensor:
    layers = list(cast(Separable, block))
    depthwise = cast(nn.Conv2d, layers[0])
    x = functional.conv2d(x, depthwise.weight, depthwise.bias, groups=depthwise.groups)
    for layer in layers[1:]:
        x = layer(x)
    return x


def _axis(pixels: Tensor, n_cells: int, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    """Return for one axis: middle cells [n], weights [n, 3 pixels, 3 cells], which pixels exist [n, 3].

    Bilinear enlargement, half-pixel aligned; beyond the outermost centres the outermost cell counts.
    """
    around = pixels[:, None] + torch.arange(-1, 2)
    place = ((around.to(torch.float64) + 0.5) / _STRIDE - 0.5).clamp(0, n_cells - 1)
    middle = ((pixels.to(torch.float64) + 0.5) / _STRIDE - 0.5).round().to(torch.int64)
    middle = middle.clamp(0, n_cells - 1)
    cells = (middle[:, None] + torch.arange(-1, 2)).to(torch.float64)
    weights = (1.0 - (place[:, :, None] - cells[:, None, :]).abs()).clamp_min(0.0)
    is_inside = ((around >= 0) & (around < n_cells * _STRIDE)).to(dtype)
    return middle, weights.to(dtype), is_inside
