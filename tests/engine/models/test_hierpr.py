"""Choice and sampling of points."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.engine.models.hierpr import at_points, random_others, smallest, uncertainty_keys


def test_equal_logits_choose_the_first_cells() -> None:
    chosen = smallest(uncertainty_keys(torch.full((2, 1, 6, 7), 0.5)), 5)
    assert chosen.tolist() == [[0, 1, 2, 3, 4]] * 2


@given(seed=st.integers(0, 10_000), count=st.integers(1, 30))
def test_the_least_certain_cells_are_chosen(seed: int, count: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(3, 1, 5, 6, generator=generator)
    chosen = smallest(uncertainty_keys(logits), count)
    expected = logits.abs().flatten(1).argsort(dim=1, stable=True)[:, :count].sort(dim=1).values
    assert torch.equal(chosen, expected)


def test_a_logit_that_is_not_finite_counts_as_the_least_certain() -> None:
    logits = torch.tensor([3.0, float("nan"), 0.1, float("inf")]).view(1, 1, 2, 2)
    assert smallest(uncertainty_keys(logits), 2).tolist() == [[1, 3]]


@given(count=st.integers(1, 20))
def test_random_others_are_new_and_differ(count: int) -> None:
    chosen = torch.tensor([[0, 5, 7, 9], [1, 2, 3, 4]])
    others = random_others(chosen, 24, count)
    for first, second in zip(chosen, others, strict=True):
        together = torch.cat([first, second])
        assert together.unique().numel() == together.numel()


def test_points_on_the_map_s_own_grid_are_its_values() -> None:
    maps = torch.arange(24.0).view(1, 2, 3, 4)
    index = torch.tensor([[0, 5, 11]])
    assert at_points(maps, index, (3, 4)).tolist() == [[[0.0, 12.0], [5.0, 17.0], [11.0, 23.0]]]


def test_points_on_a_finer_grid_are_bilinear_with_clamped_borders() -> None:
    maps = torch.rand(2, 3, 5, 6)
    index = torch.arange(10 * 12).repeat(2, 1)
    sampled = at_points(maps, index, (10, 12))
    enlarged = torch.nn.functional.interpolate(maps, (10, 12), mode="bilinear", align_corners=False)
    assert torch.allclose(sampled, enlarged.flatten(2).transpose(1, 2), atol=1e-6)
