"""Back-propagating refinement: gradients, the local tail, the solver, and that it never worsens anything."""

from __future__ import annotations

from collections.abc import Generator
from typing import cast, get_args

import numpy as np
import pytest
import torch
from torch import Tensor

from meticulous_gui.core.prompts import Click
from meticulous_gui.engine.clicks.brs import Problem, Taps, problem_of, refine_steps, taps_of
from meticulous_gui.engine.clicks.maps import prompt_planes
from meticulous_gui.engine.clicks.solver import Evaluation, Solution, Variables, minimise
from meticulous_gui.engine.clicks.tail import LocalTail
from meticulous_gui.engine.clicks.targets import Targets, click_squares, published_objective, scale_penalty
from meticulous_gui.engine.models.blocks import enlarge
from meticulous_gui.engine.models.fbrs import FbrsNet
from meticulous_gui.engine.roles import BrsMode
from tests.engine.clicks.toy import toy_network

SIZE_PX = 64
MODES = tuple(mode for mode in get_args(BrsMode) if mode != "none")
CLICKS = (
    Click(0.5, 0.5),
    Click(63.5, 63.5, is_positive=False),
    Click(20.5, 33.5, is_positive=False),
    Click(40.2, 12.9),
)


def _taps(network: FbrsNet, *, seed: int = 0) -> Taps:
    rng = np.random.default_rng(seed)
    dtype = next(network.parameters()).dtype
    rgb = torch.from_numpy(rng.random((1, 3, SIZE_PX, SIZE_PX))).to(dtype)
    maps = torch.zeros(1, 3, SIZE_PX, SIZE_PX, dtype=dtype)
    maps[0, :2] = torch.from_numpy(prompt_planes(CLICKS, SIZE_PX)).to(dtype)
    with torch.no_grad():
        return taps_of(network, rgb, network.encode(rgb), maps)


def _problem(mode: str, *, seed: int = 0, is_double: bool = True) -> Problem:
    network = toy_network(seed)
    if is_double:
        network = network.double()
    network.requires_grad_(False)
    problem = problem_of(
        network, _taps(network, seed=seed), cast(BrsMode, mode), Targets.of_clicks(CLICKS, SIZE_PX)
    )
    assert problem is not None
    return problem


@pytest.mark.parametrize("mode", MODES)
def test_gradients_agree_with_differences(mode: str) -> None:
    problem = _problem(mode)
    rng = np.random.default_rng(1)
    point = rng.normal(0, 0.02, problem.n_variables)
    gradient = problem.evaluate(point).gradient
    step = 1e-6
    errors = []
    for place in rng.choice(problem.n_variables, size=20, replace=False):
        nudge = np.zeros(problem.n_variables)
        nudge[place] = step
        numeric = (problem.evaluate(point + nudge).value - problem.evaluate(point - nudge).value) / (2 * step)
        errors.append(abs(numeric - gradient[place]))
    # A probe whose step crosses a kink of an activation says nothing of the gradient: one in twenty may.
    assert sorted(errors)[-2] < 1e-6 * max(np.abs(gradient).max(), 1e-3)


@pytest.mark.parametrize("mode", MODES)
def test_gradients_in_single_precision(mode: str) -> None:
    single, double = _problem(mode, is_double=False), _problem(mode)
    point = np.random.default_rng(2).normal(0, 0.02, double.n_variables)
    given, expected = single.evaluate(point).gradient, double.evaluate(point).gradient
    assert np.abs(given - expected).max() < 1e-3 * max(np.abs(expected).max(), 1e-3)


def test_the_local_tail_is_the_tail() -> None:
    network = toy_network().double().requires_grad_(False)
    taps = _taps(network)
    corners = [Click(x, y) for x in (0.5, 1.5, 31.5, 62.5, 63.5) for y in (0.5, 2.5, 30.5, 63.5)]
    targets = Targets.of_clicks(corners, SIZE_PX)
    rng = np.random.default_rng(3)
    n_channels = taps.tap_b.shape[1]
    scale, bias = (torch.from_numpy(rng.normal(0, 0.3, n_channels)) for _ in range(2))
    tail = LocalTail(network.head, taps.tap_b, targets)
    local = tail.logits(scale, bias)
    changed = taps.tap_b * (1.0 + scale[:, None, None]) + bias[:, None, None]
    whole = enlarge(network.head.logits4(network.head.tap_c(changed)), (SIZE_PX, SIZE_PX))[0, 0]
    for n in range(len(corners)):
        for place, (dr, dc) in enumerate((r, c) for r in (-1, 0, 1) for c in (-1, 0, 1)):
            row, col = int(targets.rows[n]) + dr, int(targets.cols[n]) + dc
            is_inside = 0 <= row < SIZE_PX and 0 <= col < SIZE_PX
            assert bool(tail.is_inside[n, place]) == is_inside
            if is_inside:
                assert float(local[n, place]) == pytest.approx(float(whole[row, col]), abs=1e-9)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("seed", [0, 1])
def test_brs_never_worsens_its_objective(mode: str, seed: int) -> None:
    problem = _problem(mode, seed=seed, is_double=False)
    warm = np.random.default_rng(seed).normal(0, 0.05, problem.n_variables).astype(np.float32)
    solution = _run(refine_steps(problem, warm, most_evaluations=6, may_stop_early=mode == "local"))
    at_zero = problem.evaluate(np.zeros(problem.n_variables)).value
    at_warm = problem.evaluate(warm.astype(np.float64)).value
    assert solution.value <= min(at_zero, at_warm)
    assert problem.evaluate(solution.variables).value == pytest.approx(solution.value, rel=1e-6)
    assert solution.n_evaluations <= 6
    assert np.isfinite(problem.answer(solution.variables)).all()


def test_published_modes_wait_for_the_second_click() -> None:
    network = toy_network().requires_grad_(False)
    first = Targets.of_clicks(CLICKS[:1], SIZE_PX)
    assert problem_of(network, _taps(network), "b", first) is None
    assert problem_of(network, _taps(network), "local", first) is not None
    assert problem_of(network, _taps(network), "none", Targets.of_clicks(CLICKS, SIZE_PX)) is None


def _run(steps: Generator[None, None, Solution]) -> Solution:
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return cast(Solution, stop.value)


F1 = torch.tensor([[1.0, 0.5], [-0.5, 2.0]], dtype=torch.float64)
F2 = torch.tensor([[0.2, -1.0], [1.5, 0.3]], dtype=torch.float64)
INCLUDE = torch.tensor([[1.0, 0.0], [0.0, 0.0]], dtype=torch.float64)
EXCLUDE = torch.tensor([[0.0, 0.0], [0.0, 1.0]], dtype=torch.float64)


def _two_channels(point: Variables) -> tuple[Tensor, Evaluation]:
    variables = torch.tensor(point, requires_grad=True)
    scale, bias = variables.chunk(2)
    first = F1 * (1 + scale[0]) + bias[0]
    second = F2 * (1 + scale[1]) + bias[1]
    logits = 0.8 * first - 0.6 * second + 0.1
    value = published_objective(logits, INCLUDE, EXCLUDE) + scale_penalty(scale, bias)
    value.backward()
    assert variables.grad is not None
    return logits.detach(), Evaluation(float(value.detach()), variables.grad.numpy())


@pytest.mark.parametrize(
    ("point", "logits", "value", "gradient"),
    [
        (
            [0.0, 0.0, 0.0, 0.0],
            [0.78, 1.1, -1.2, 1.52],
            0.772073,
            [0.278259, -0.027240, 0.084936, -0.063702],
        ),
        (
            [0.1, -0.2, 0.05, -0.1],
            [0.984, 1.12, -0.96, 1.816],
            0.813952,
            [0.245174, -0.024726, 0.080374, -0.061530],
        ),
    ],
)
def test_the_published_objective(
    point: list[float], logits: list[float], value: float, gradient: list[float]
) -> None:
    given, evaluation = _two_channels(np.array(point))
    assert given.flatten().tolist() == pytest.approx(logits, abs=1e-9)
    assert evaluation.value == pytest.approx(value, abs=1e-6)
    assert evaluation.gradient.tolist() == pytest.approx(gradient, abs=1e-6)


def test_the_solver_with_its_published_settings() -> None:
    solution = _run(minimise(lambda point: _two_channels(point)[1], np.zeros(4), most_evaluations=20))
    assert solution.n_evaluations == 17
    assert solution.variables.tolist() == pytest.approx([-3.776572, -1.464592, 2.330446, -1.747834], abs=1e-3)
    assert solution.value == pytest.approx(0.233897, abs=1e-5)
    probability = torch.sigmoid(_two_channels(solution.variables)[0])
    assert float(probability[0, 0]) == pytest.approx(0.700053, abs=1e-3)
    assert float(probability[1, 1]) == pytest.approx(0.206553, abs=1e-3)


def test_the_solver_can_be_left_at_any_point() -> None:
    seen: list[Variables] = []

    def evaluate(point: Variables) -> Evaluation:
        seen.append(point)
        return Evaluation(float(point @ point), 2 * point)

    steps = minimise(evaluate, np.ones(3), most_evaluations=50)
    next(steps)
    steps.close()
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("point", "n_pixels"), [((0, 10), 6), ((0, 0), 4), ((19, 19), 4), ((19, 4), 6), ((10, 10), 9)]
)
def test_click_squares_are_cut_at_the_border(point: tuple[int, int], n_pixels: int) -> None:
    row, col = point
    include, exclude = click_squares(Targets.of_clicks([Click(col + 0.5, row + 0.5)], 20), (20, 20))
    assert np.count_nonzero(include) == n_pixels
    assert not exclude.any()
