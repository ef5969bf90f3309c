"""The normalised focal loss, against figures computed by hand."""

from __future__ import annotations

import pytest
import torch

from training.fbrs.losses import click_loss, normalised_focal_loss

LOGITS = torch.tensor([[2.0, -1.0], [-0.5, 0.25]]).view(1, 1, 2, 2)
TRUTH = torch.tensor([[1.0, 0.0], [1.0, 0.0]]).view(1, 1, 2, 2)


@pytest.mark.parametrize(
    ("weights", "alpha", "loss", "gradient"),
    [
        ([1, 1, 1, 1], 0.5, 0.419541, [-0.003083, 0.033278, -0.332992, 0.257104]),
        ([1, 1, 0, 1], 0.5, 0.354579, [-0.006050, 0.065305, 0.0, 0.504548]),
        ([1, 1, 1, 1], 0.25, 0.389313, None),
    ],
)
def test_normalised_focal_loss(
    weights: list[float], alpha: float, loss: float, gradient: list[float] | None
) -> None:
    logits = LOGITS.clone().requires_grad_()
    weight = torch.tensor(weights, dtype=torch.float32).view(1, 1, 2, 2)
    value = normalised_focal_loss(logits, TRUTH, weight, alpha=alpha)
    assert value.shape == (1,)
    assert float(value.detach()) == pytest.approx(loss, abs=2e-6)
    if gradient is not None:
        value.sum().backward()
        assert logits.grad is not None
        assert logits.grad.flatten().tolist() == pytest.approx(gradient, abs=2e-6)


def test_clicks_beyond_their_margin_cost_nothing() -> None:
    truth = torch.zeros(1, 1, 8, 8)
    truth[..., :4] = 1
    planes = torch.zeros(1, 2, 8, 8)
    planes[0, 0, 4, 2] = planes[0, 1, 4, 6] = 1
    right = torch.where(truth > 0, 2.0, -2.0)
    assert float(click_loss(right, planes, truth)) == 0.0
    assert float(click_loss(-right, planes, truth)) == pytest.approx(9.0)


def test_a_disc_counts_only_where_it_is_true() -> None:
    truth = torch.zeros(1, 1, 8, 8)
    planes = torch.zeros(1, 2, 8, 8)
    planes[0, 0] = 1
    assert float(click_loss(torch.full((1, 1, 8, 8), -3.0), planes, truth)) == 0.0
