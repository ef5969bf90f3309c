"""Encoders: padding, strides, published tensors, frozen blocks."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from meticulous_gui.engine.models.backbones import ENCODERS, build_encoder
from meticulous_gui.engine.models.blocks import DilatedDepthwise2d, SameConv2d, enlarge, shrink
from meticulous_gui.engine.models.pretrained import load_pretrained


@pytest.mark.parametrize("name", ENCODERS)
def test_taps_have_the_strides_and_widths_that_the_encoder_names(name: str) -> None:
    encoder = build_encoder(name, is_deep=True, extra_channels=1).eval()
    with torch.no_grad():
        features = encoder(torch.rand(1, 4, 64, 96))
    deep_stride = 8 if name == "resnet50v2" else 16
    maps = (features.f2, features.f4, features.f8, features.deep)
    for tap, width, stride in zip(maps, encoder.channels, (2, 4, 8, deep_stride), strict=True):
        assert tap.shape == (1, width, 64 // stride, 96 // stride)


def test_same_padding_puts_the_odd_pixel_right_and_below() -> None:
    convolution = SameConv2d(1, 1, 3, 2, bias=False)
    nn.init.ones_(convolution.weight)
    picture = torch.arange(16.0).view(1, 1, 4, 4)
    # TensorFlow: windows start at 0 and 2, only the far side is padded.
    assert convolution(picture).flatten().tolist() == [45.0, 39.0, 66.0, 50.0]
    odd = torch.ones(1, 1, 5, 5)
    assert convolution(odd).shape[-2:] == (3, 3)
    assert convolution(odd)[0, 0, 0, 0] == 4.0


@pytest.mark.parametrize("size_hw", [(14, 20), (21, 14), (7, 9)])
def test_phases_equal_the_dilated_convolution(size_hw: tuple[int, int]) -> None:
    convolution = DilatedDepthwise2d(6)
    picture = torch.randn(2, 6, *size_hw)
    expected = nn.functional.conv2d(picture, convolution.weight, padding=2, dilation=2, groups=6)
    assert torch.allclose(convolution(picture), expected, atol=1e-6)


def test_a_further_input_channel_starts_without_effect() -> None:
    plain = build_encoder("mobilenet_v2", is_deep=False, extra_channels=0).eval()
    wide = build_encoder("mobilenet_v2", is_deep=False, extra_channels=1).eval()
    assert load_pretrained(wide, plain.state_dict()) == []
    picture = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        expected = plain(picture).deep
        assert torch.allclose(
            wide(torch.cat([picture, torch.rand(1, 1, 32, 32)], dim=1)).deep, expected, atol=1e-6
        )


def test_tensors_of_another_network_are_refused() -> None:
    encoder = build_encoder("mobilenet_v2", is_deep=False, extra_channels=0)
    with pytest.raises(ValueError, match="none of the file's tensors"):
        load_pretrained(encoder, {"foreign.weight": torch.zeros(3)})
    with pytest.raises(ValueError, match=r"features\.0\.0\.weight"):
        load_pretrained(encoder, {"features.0.0.weight": torch.zeros(8, 3, 3, 3)})


def test_frozen_blocks_neither_learn_nor_follow_statistics() -> None:
    encoder = build_encoder("mobilenet_v2", is_deep=False, extra_channels=0)
    encoder.freeze(*list(encoder.features)[:3])  # type: ignore[arg-type]
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    encoder.train()
    encoder(torch.rand(2, 3, 32, 32)).deep.mean().backward()
    after = encoder.state_dict()
    assert torch.equal(before["features.0.1.running_mean"], after["features.0.1.running_mean"])
    assert not torch.equal(
        before["features.5.conv.0.1.running_mean"], after["features.5.conv.0.1.running_mean"]
    )
    trainable = {name.split(".")[1] for name, value in encoder.named_parameters() if value.grad is not None}
    assert {"0", "1", "2"}.isdisjoint(trainable)
    assert "3" in trainable


def test_unknown_encoders_are_named() -> None:
    with pytest.raises(ValueError, match="no_such"):
        build_encoder("no_such", is_deep=True, extra_channels=0)


def test_shrinking_and_enlarging_keep_a_ramp_in_place() -> None:
    ramp = torch.arange(32.0).view(1, 1, 1, 32).expand(1, 1, 32, 32)
    there_and_back = enlarge(shrink(ramp, (8, 8)), (32, 32))
    assert torch.allclose(there_and_back[..., 4:-4, 4:-4], ramp[..., 4:-4, 4:-4], atol=1e-5)
