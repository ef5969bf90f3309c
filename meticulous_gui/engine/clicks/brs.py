"""Back-propagating refinement: make the network agree with the clicks by changing a few of its numbers.

The family of Jang and Kim (2019) and Sofiiuk et al. (2020): an offset on the picture (rgb) or on the maps of
the clicks (distmap), or scale and bias of the channels of one tap (a, b, c). "local" is our default: tap B,
looked at around the clicks only, with a margin on the logits and anchors that keep the rest in place.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from meticulous_gui.core.types import Logits
from meticulous_gui.engine.clicks.kernel import MARGIN
from meticulous_gui.engine.clicks.solver import Evaluation, Solution, Variables, minimise
from meticulous_gui.engine.clicks.tail import LocalTail
from meticulous_gui.engine.clicks.targets import (
    LAMBDA,
    Targets,
    click_squares,
    margin_objective,
    published_objective,
    scale_penalty,
)
from meticulous_gui.engine.models.blocks import enlarge
from meticulous_gui.engine.models.fbrs import FbrsNet, FeaturePyramid
from meticulous_gui.engine.roles import BrsMode

__all__ = ["Problem", "Taps", "problem_of", "refine_steps", "taps_of"]

_GRID_STRIDE: Final = 4  # offsets of picture and maps live on this grid and are enlarged
_SMALL_DECREASE: Final = 1e-3


@dataclass(frozen=True)
class Taps:
    """One forward pass, cut open.

    Attributes:
        rgb: [1, 3, S, S] in 0..1.
        maps: [1, 3, S, S].
        pyramid: features of ``rgb``.
        tap_a, x4, tap_b, tap_c: see ``models.fbrs.Head``.
        logits: [1, 1, S, S], the network's own answer.
    """

    rgb: Tensor
    maps: Tensor
    pyramid: FeaturePyramid
    tap_a: Tensor
    x4: Tensor
    tap_b: Tensor
    tap_c: Tensor
    logits: Tensor


@torch.no_grad()
def taps_of(network: FbrsNet, rgb: Tensor, pyramid: FeaturePyramid, maps: Tensor) -> Taps:
    """Return the network's answer and everything that BRS may enter at."""
    head = network.head
    tap_a, x4 = head.tap_a(pyramid, maps)
    tap_b, _ = head.tap_b(tap_a, x4)
    tap_c = head.tap_c(tap_b)
    logits = enlarge(head.logits4(tap_c), (maps.shape[-2], maps.shape[-1]))
    return Taps(rgb, maps, pyramid, tap_a, x4, tap_b, tap_c, logits)


class Problem:
    """What one mode of BRS minimises.

    Attributes:
        n_variables: how many numbers it changes; all zero is the network as it is.
    """

    def __init__(self, network: FbrsNet, taps: Taps, mode: BrsMode, targets: Targets) -> None:
        self._network, self._taps, self._mode = network, taps, mode
        size_px = int(taps.maps.shape[-1])
        if mode == "local":
            logits = taps.logits[0, 0].float().numpy()
            self._targets = targets.pressing(logits).with_anchors(logits)
            self._tail = LocalTail(network.head, taps.tap_b, self._targets)
        else:
            self._targets = targets
            squares = click_squares(targets, (size_px, size_px))
            self._squares = [torch.from_numpy(square).to(taps.maps.dtype) for square in squares]
        cells = (size_px // _GRID_STRIDE) ** 2
        sizes = {
            "a": 2 * taps.tap_a.shape[1],
            "b": 2 * taps.tap_b.shape[1],
            "local": 2 * taps.tap_b.shape[1],
            "c": 2 * taps.tap_c.shape[1],
            "distmap": 2 * cells,
            "rgb": 3 * cells,
        }
        self.n_variables: int = sizes[mode]

    def evaluate(self, point: Variables) -> Evaluation:
        """Return objective and gradient; enough is when every click is obeyed (with margin, if local)."""
        variables = torch.tensor(point, dtype=self._taps.maps.dtype, requires_grad=True)
        with torch.enable_grad():
            if self._mode == "local":
                patches = self._tail.logits(*variables.chunk(2))
                targets = self._targets
                signs, weights = torch.from_numpy(targets.signs), torch.from_numpy(targets.weights)
                value = margin_objective(
                    patches, self._tail.is_inside, signs.to(patches.dtype), weights.to(patches.dtype)
                )
                at_points, margin = patches[:, 4], MARGIN
            else:
                logits = self._logits(variables)[0, 0]
                value = published_objective(logits, self._squares[0], self._squares[1])
                at_points, margin = logits[self._targets.rows, self._targets.cols], 0.0
            value = value + self._penalty(variables)
        value.backward()
        assert variables.grad is not None
        is_enough = self._targets.are_obeyed(at_points.detach().float().numpy(), margin=margin)
        return Evaluation(float(value.detach()), variables.grad.numpy().astype(np.float64), is_enough)

    @torch.no_grad()
    def answer(self, point: Variables) -> Logits:
        """Return the logits (S, S) float32 for some variables."""
        logits: Logits = self._logits(torch.tensor(point, dtype=self._taps.maps.dtype))[0, 0].float().numpy()
        return logits

    def _logits(self, variables: Tensor) -> Tensor:
        head, taps = self._network.head, self._taps
        size_hw = (taps.maps.shape[-2], taps.maps.shape[-1])
        match self._mode:
            case "a":
                tap_b, _ = head.tap_b(_changed(taps.tap_a, variables), taps.x4)
                tap_c = head.tap_c(tap_b)
            case "b" | "local":
                tap_c = head.tap_c(_changed(taps.tap_b, variables))
            case "c":
                tap_c = _changed(taps.tap_c, variables)
            case "distmap":
                offset = self._offset(variables, 2)
                maps = torch.cat([taps.maps[:, :2] + offset, taps.maps[:, 2:]], dim=1)
                return self._network.click(taps.pyramid, maps).logits
            case _:
                # The offset is one of the normalised picture, as published.
                network = self._network
                std = cast(Tensor, network.encoder.std)
                return cast(Tensor, network(taps.rgb + self._offset(variables, 3) * std, taps.maps).logits)
        return enlarge(head.logits4(tap_c), size_hw)

    def _offset(self, variables: Tensor, n_planes: int) -> Tensor:
        size_px = int(self._taps.maps.shape[-1])
        side = size_px // _GRID_STRIDE
        return enlarge(variables.view(1, n_planes, side, side), (size_px, size_px))

    def _penalty(self, variables: Tensor) -> Tensor:
        if self._mode in ("distmap", "rgb"):
            offset = self._offset(variables, 2 if self._mode == "distmap" else 3)
            return LAMBDA * (offset**2).sum()
        scale, bias = variables.chunk(2)
        return scale_penalty(scale, bias)


def _changed(tap: Tensor, variables: Tensor) -> Tensor:
    scale, bias = variables.chunk(2)
    return tap * (1.0 + scale[:, None, None]) + bias[:, None, None]


def problem_of(network: FbrsNet, taps: Taps, mode: BrsMode, targets: Targets) -> Problem | None:
    """Return what a mode has to do; the published ones do nothing at the first click."""
    least = 1 if mode == "local" else 2
    if mode == "none" or targets.n_clicks < least:
        return None
    return Problem(network, taps, mode, targets)


def refine_steps(
    problem: Problem, warm: NDArray[np.float32] | None, *, most_evaluations: int, may_stop_early: bool
) -> Generator[None, None, Solution]:
    """Yield after every evaluation; return the best variables seen, never worse than none or ``warm``.

    Args:
        problem: what to minimise.
        warm: variables of the click before, (n,) float32, or None.
        most_evaluations: in all.
        may_stop_early: also stop when two evaluations in a row gain less than a thousandth. Stopping when the
            mask hardly moves, as published, is left out: it gives up with clicks still disobeyed.
    """
    zero = np.zeros(problem.n_variables)
    at_zero = problem.evaluate(zero)
    begin, first = zero, at_zero
    n_spent = 1
    if warm is not None and len(warm) == problem.n_variables:
        at_warm = problem.evaluate(warm.astype(np.float64))
        n_spent += 1
        if at_warm.value < at_zero.value:
            begin, first = warm.astype(np.float64), at_warm
    if first.is_enough or n_spent >= most_evaluations:
        return Solution(begin, first.value, n_spent)
    yield
    gains: list[float] = []
    lowest = first.value

    def evaluate(point: Variables) -> Evaluation:
        nonlocal lowest
        found = problem.evaluate(point)
        gains.append((lowest - found.value) / max(abs(lowest), 1e-12))
        lowest = min(lowest, found.value)
        is_stuck = may_stop_early and len(gains) > 2 and max(gains[-2:]) < _SMALL_DECREASE
        return Evaluation(found.value, found.gradient, found.is_enough or is_stuck)

    solution = yield from minimise(evaluate, begin, most_evaluations=most_evaluations - n_spent)
    if solution.value > first.value:
        return Solution(begin, first.value, n_spent + solution.n_evaluations)
    return Solution(solution.variables, solution.value, n_spent + solution.n_evaluations)
