from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from meticulous_gui.core.errors import UsageError
from training.common.schedule import (
    AverageOfWeights,
    average_decay,
    freeze_statistics,
    parse_sizes,
    rate_factor,
    size_at,
)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_rate_rises_for_three_hundredths_of_the_run_and_then_only_falls(
    first: float, second: float
) -> None:
    low, high = sorted((first, second))
    if high <= 0.03:
        assert rate_factor(low) <= rate_factor(high)
    if low >= 0.03:
        assert rate_factor(low) >= rate_factor(high)
    assert 0.009 < rate_factor(low) <= 1.0


def test_the_rate_has_its_full_height_after_the_warm_up_and_a_hundredth_at_the_end() -> None:
    assert rate_factor(0.03) == pytest.approx(1.0)
    assert rate_factor(1.0) == pytest.approx(0.01)
    assert rate_factor(1.5) == pytest.approx(0.01)


def test_the_average_is_short_at_first_and_then_a_thousand_steps_long() -> None:
    assert average_decay(0) == pytest.approx(0.1)
    assert average_decay(90) == pytest.approx(0.91)
    assert average_decay(100_000) == 0.999


def test_sizes_change_at_their_share_of_the_run() -> None:
    stages = parse_sizes("224,336@0.75")
    assert [size_at(stages, progress) for progress in (0.0, 0.74, 0.75, 1.0)] == [224, 224, 336, 336]
    assert parse_sizes("160") == ((0.0, 160),)


@pytest.mark.parametrize(
    "text", ["224@0.5", "224,336@0", "224,336@1", "225", "0", "224,336@0.5,400@0.4", "big", "224@x"]
)
def test_sizes_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_sizes(text)


def test_an_average_moves_by_the_rest_of_its_decay_and_swaps_back_exactly() -> None:
    convolution = nn.Conv2d(1, 2, 1)
    network = nn.Sequential(convolution, nn.BatchNorm2d(2))
    average = AverageOfWeights(network)
    start = convolution.weight.detach().clone()
    with torch.no_grad():
        convolution.weight.add_(1.0)
    average.update(network, decay=0.75)
    torch.testing.assert_close(average.tensors["0.weight"], start + 0.25)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    average.swap_with(network)
    torch.testing.assert_close(convolution.weight.detach(), start + 0.25)
    average.swap_with(network)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])


def test_frozen_statistics_stay_while_scales_go_on_learning() -> None:
    norm = nn.BatchNorm2d(2)
    network = nn.Sequential(norm).train()
    freeze_statistics(network)
    network(torch.randn(4, 2, 3, 3) + 5).sum().backward()
    assert norm.running_mean is not None
    assert torch.equal(norm.running_mean, torch.zeros(2))
    assert norm.weight.grad is not None
