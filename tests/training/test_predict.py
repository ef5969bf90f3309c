"""What training measures is what the program does, in float32: one look, and all of them joined."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from meticulous_gui.core.resample import resize
from meticulous_gui.engine import device
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.looks import look_again
from meticulous_gui.engine.models import build
from meticulous_gui.engine.networks import COARSE_PX, MosSegmenter
from meticulous_gui.engine.steps import result_of
from tests.engine.stubs import disc_photo
from training.common.predict import joined_logits, photo_logits

OPTIONS = {"is_deep": False, "width8": 32, "width4": 24, "width2": 16, "point_hidden": 16}


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    network = build("mos_l", OPTIONS).eval()
    with torch.no_grad():
        for name, values in network.named_parameters():
            if name.startswith("head"):
                values.mul_(10.0)  # a network that has not learnt says hardly anything
    return network


def test_one_look_and_all_looks_are_those_of_the_program(
    network: torch.nn.Module, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "has_bfloat16", lambda: False)
    rgb = disc_photo((90, 120))
    program = MosSegmenter(Card("l", "segmenter", "mos_l"), copy.deepcopy(network), torch.device("cpu"))
    first = program.segment(rgb)
    one_look = photo_logits(network, rgb, side_px=COARSE_PX)
    np.testing.assert_allclose(one_look, resize(first.logits, (90, 120)), atol=2e-3)
    expected = resize(result_of(look_again(rgb, program, first)).logits, (90, 120))
    np.testing.assert_allclose(joined_logits(network, rgb), expected, atol=2e-3)
    assert np.abs(expected - one_look).max() > 0.05
