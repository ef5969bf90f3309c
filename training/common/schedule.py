"""What changes during a run, by its progress 0..1: learning rate, average, size of the pictures."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from meticulous_gui.core.errors import UsageError

WARM_UP = 0.03  # share of the run over which the learning rate rises
LAST_RATE = 0.01  # share of the learning rate that is left at the end


def rate_factor(progress: float) -> float:
    """Return the learning rate's factor: a linear rise over 3 % of the run, then a cosine down to 1 %."""
    progress = min(max(progress, 0.0), 1.0)
    if progress < WARM_UP:
        # The first step must move too, hence not from zero.
        return 0.02 + 0.98 * progress / WARM_UP
    fall = (progress - WARM_UP) / (1.0 - WARM_UP)
    return LAST_RATE + (1.0 - LAST_RATE) * 0.5 * (1.0 + math.cos(math.pi * fall))


def average_decay(step: int) -> float:
    """Return the decay of the running average of weights at this step: short in the beginning, then .999."""
    return min(0.999, (1.0 + step) / (10.0 + step))


def parse_sizes(text: str) -> tuple[tuple[float, int], ...]:
    """Return a curriculum of sizes from text.

    Args:
        text: ``224`` for one size, or ``224,336@0.75``: 224 px, then 336 from three quarters of the run on.

    Returns:
        (start of the stage as progress, side in px), in rising order, the first at 0.

    Raises:
        UsageError: a side below 32 or no multiple of 16, or stages out of order.
    """
    stages: list[tuple[float, int]] = []
    for part in text.split(","):
        side, _, start = part.partition("@")
        try:
            stages.append((float(start) if start else 0.0, int(side)))
        except ValueError as error:
            raise UsageError(f"sizes must look like 224 or 224,336@0.75, got {text!r}") from error
    starts = [start for start, _ in stages]
    if starts[0] != 0.0 or starts != sorted(set(starts)) or starts[-1] >= 1.0:
        msg = f"sizes must start at 0 and rise, as in 224,336@0.75; got {text!r}"
        raise UsageError(msg)
    for _, side_px in stages:
        if side_px < 32 or side_px % 16:
            msg = f"a size must be a multiple of 16 and at least 32, got {side_px} in {text!r}"
            raise UsageError(msg)
    return tuple(stages)


def size_at(stages: tuple[tuple[float, int], ...], progress: float) -> int:
    """Return the side in px that the curriculum asks for at this progress."""
    side_px = stages[0][1]
    for start, stage_px in stages:
        if progress >= start:
            side_px = stage_px
    return side_px


class AverageOfWeights:
    """Running average of a network's parameters and of its floating statistics; this is what is evaluated.

    Attributes:
        tensors: the averages by name, float32.
    """

    def __init__(self, network: nn.Module) -> None:
        self.tensors = {name: value.detach().clone() for name, value in _averaged(network)}

    @torch.no_grad()
    def update(self, network: nn.Module, *, decay: float) -> None:
        """Move every average towards the network's value by ``1 - decay``."""
        values = dict(_averaged(network))
        names = list(self.tensors)
        torch._foreach_lerp_(
            [self.tensors[n] for n in names], [values[n].detach() for n in names], 1.0 - decay
        )

    def swap_with(self, network: nn.Module) -> None:
        """Exchange the network's values and the averages; a second call undoes the first."""
        with torch.no_grad():
            for name, value in _averaged(network):
                held = value.detach().clone()
                value.copy_(self.tensors[name])
                self.tensors[name].copy_(held)


def _averaged(network: nn.Module) -> Iterable[tuple[str, Tensor]]:
    for name, value in network.state_dict(keep_vars=True).items():
        if value.is_floating_point():
            yield name, value


def freeze_statistics(network: nn.Module) -> None:
    """Put every BatchNorm into evaluation mode; its scale and shift go on learning."""
    for module in network.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.eval()
