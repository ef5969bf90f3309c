"""The click network: shapes, and that its stages are its forward pass."""

from __future__ import annotations

import pytest
import torch

from meticulous_gui.engine.models import build
from meticulous_gui.engine.models.fbrs import FbrsNet

SMALL = {"encoder": "mobilenet_v2", "is_deep": False, "width": 16, "context": 24}


@pytest.fixture
def network() -> FbrsNet:
    torch.manual_seed(0)
    built = build("fbrs", SMALL)
    assert isinstance(built, FbrsNet)
    return built.eval()


@torch.no_grad()
def test_taps_have_the_shapes_they_name(network: FbrsNet) -> None:
    pyramid = network.encode(torch.rand(2, 3, 64, 64))
    assert [tuple(level.shape) for level in pyramid] == [(2, 16, 16, 16), (2, 16, 8, 8), (2, 16, 4, 4)]
    tap_a, x4 = network.head.tap_a(pyramid, torch.zeros(2, 3, 64, 64))
    tap_b, coarse = network.head.tap_b(tap_a, x4)
    tap_c = network.head.tap_c(tap_b)
    assert tap_a.shape == (2, 40, 4, 4)
    assert tap_b.shape == (2, 32, 16, 16)
    assert tap_c.shape == (2, 16, 16, 16)
    assert coarse.shape == (2, 1, 4, 4)
    assert network.head.logits4(tap_c).shape == (2, 1, 16, 16)


@torch.no_grad()
def test_clicks_on_kept_features_are_the_whole_pass(network: FbrsNet) -> None:
    rgb, maps = torch.rand(1, 3, 64, 64), torch.rand(1, 3, 64, 64)
    output = network(rgb, maps)
    assert output.logits.shape == (1, 1, 64, 64)
    assert torch.equal(network.click(network.encode(rgb), maps).logits, output.logits)


@torch.no_grad()
def test_several_states_of_each_crop(network: FbrsNet) -> None:
    rgb, maps = torch.rand(2, 3, 64, 64), torch.rand(4, 3, 64, 64)
    both = network(rgb, maps).logits
    assert torch.allclose(both[2:], network(rgb, maps[2:]).logits, atol=1e-5)


def test_odd_sides_are_refused(network: FbrsNet) -> None:
    with pytest.raises(ValueError, match="multiples of 16"):
        network.encode(torch.rand(1, 3, 60, 64))


def test_unknown_options_are_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        build("fbrs", {"colour": 3})
