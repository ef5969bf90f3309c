"""The click network: a crop is encoded once, each click is a small forward pass (late fusion).

Named after f-BRS (Sofiiuk et al. 2020), whose refinement by back-propagation works on the taps A, B and C
of the head; the disc maps and the previous mask as inputs follow RITM (Sofiiuk et al. 2021).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple, cast

import torch
from torch import Tensor, nn

from .backbones import build_encoder
from .blocks import DilatedDepthwise2d, enlarge

STRIDE: Final = 16
"""Sides of the network's picture are multiples of this."""


@dataclass(frozen=True)
class FbrsConfig:
    """Structure of a click network; stored in the card of its weights."""

    encoder: str = "mobilenet_v2_deeplab_voc"
    is_deep: bool = True  # keep the encoder's last stages: which parts make one object
    width: int = 64  # of the pyramid and of the decoder
    context: int = 128  # of the map at stride 16

    @staticmethod
    def from_options(options: dict[str, Any]) -> FbrsConfig:
        """Return the configuration of a card; refuse options that this version does not know (ValueError)."""
        known = {field.name for field in fields(FbrsConfig)}
        if unknown := sorted(set(options) - known):
            raise ValueError(f"unknown options of the click network: {', '.join(unknown)}")
        return FbrsConfig(**options)


class FeaturePyramid(NamedTuple):
    """What is kept of a crop: features [B, width, S / s, S / s] at strides s of 4, 8 and 16."""

    p4: Tensor
    p8: Tensor
    p16: Tensor


class FbrsOutput(NamedTuple):
    """Logits of the object: [B, 1, S, S], and the coarse ones [B, 1, S / 16, S / 16] for the loss."""

    logits: Tensor
    coarse: Tensor


class Separable(nn.Sequential):
    """3 x 3 depthwise and 1 x 1 convolution, BatchNorm, ReLU."""

    def __init__(self, inputs: int, outputs: int, *, stride: int = 1, dilation: int = 1) -> None:
        if dilation == 2:
            depthwise: nn.Conv2d = DilatedDepthwise2d(inputs)
        else:
            depthwise = nn.Conv2d(
                inputs, inputs, 3, stride, padding=dilation, dilation=dilation, groups=inputs, bias=False
            )
        super().__init__(
            depthwise,
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class _Context(nn.Module):
    """Four separable blocks with growing dilation, then a gate for each channel from the mean of the map."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.first = Separable(inputs, width)
        self.wider = nn.ModuleList(Separable(width, width, dilation=dilation) for dilation in (2, 4, 8))
        self.gate = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        for block in self.wider:
            x = x + block(x)
        return x * torch.sigmoid(self.gate(x.mean(dim=(2, 3))))[:, :, None, None]


class Head(nn.Module):
    """From the pyramid and the maps of the clicks to logits, in stages, so that BRS can enter between them.

    Taps: A [B, context + width, S/16, S/16] before the context, B [B, 2 width, S/4, S/4] before the decoder,
    C [B, width, S/4, S/4] before the last block.
    """

    def __init__(self, width: int, context: int) -> None:
        super().__init__()
        self.maps = nn.Sequential(
            nn.Conv2d(3, 16, 3, 2, 1), nn.LeakyReLU(0.2, inplace=True), nn.Conv2d(16, width, 3, 2, 1)
        )
        self.at4 = Separable(width, width)
        self.down8 = Separable(width, width, stride=2)
        self.at8 = Separable(2 * width, width)
        self.down16 = Separable(width, context, stride=2)
        self.context = _Context(context + width, context)
        self.coarse = nn.Conv2d(context, 1, 1)
        self.narrow = nn.Conv2d(context, width, 1)
        self.decode = Separable(2 * width, width)
        self.last = Separable(width, width)
        self.logit = nn.Conv2d(width, 1, 1)

    def tap_a(self, pyramid: FeaturePyramid, maps: Tensor) -> tuple[Tensor, Tensor]:
        """Return tap A and the fused features at stride 4 for maps [B, 3, S, S]."""
        x4 = self.at4(pyramid.p4 + self.maps(maps))
        x8 = self.at8(torch.cat([self.down8(x4), pyramid.p8], dim=1))
        return torch.cat([self.down16(x8), pyramid.p16], dim=1), x4

    def tap_b(self, tap_a: Tensor, x4: Tensor) -> tuple[Tensor, Tensor]:
        """Return tap B and the coarse logits."""
        x16 = self.context(tap_a)
        below = enlarge(self.narrow(x16), (x4.shape[-2], x4.shape[-1]))
        return torch.cat([below, x4], dim=1), self.coarse(x16)

    def tap_c(self, tap_b: Tensor) -> Tensor:
        """Return tap C."""
        return cast(Tensor, self.decode(tap_b))

    def logits4(self, tap_c: Tensor) -> Tensor:
        """Return the logits at stride 4."""
        return cast(Tensor, self.logit(self.last(tap_c)))


MapsOf = Callable[[FeaturePyramid], Tensor]


class FbrsNet(nn.Module):
    """The click network.

    Attributes:
        config: the structure.
        mean_rgb: colour in 0..1 beyond the photo's edge.
    """

    def __init__(self, config: FbrsConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = build_encoder(config.encoder, is_deep=config.is_deep, extra_channels=0)
        self.mean_rgb: tuple[float, ...] = self.encoder.mean_rgb
        _, c4, c8, deep = self.encoder.channels
        self.lateral4 = nn.Conv2d(c4, config.width, 1)
        self.lateral8 = nn.Conv2d(c8, config.width, 1)
        self.lateral16 = nn.Conv2d(deep, config.width, 1)
        self.head = Head(config.width, config.context)

    def encode(self, rgb: Tensor) -> FeaturePyramid:
        """Return what clicks need of crops: RGB in 0..1, [B, 3, S, S], S a multiple of 16."""
        if rgb.shape[-1] % STRIDE or rgb.shape[-2] % STRIDE:
            raise ValueError(f"sides must be multiples of {STRIDE}, got {tuple(rgb.shape[-2:])}")
        maps = self.encoder(rgb)
        p16 = self.lateral16(maps.deep)
        p8 = self.lateral8(maps.f8) + enlarge(p16, (maps.f8.shape[-2], maps.f8.shape[-1]))
        p4 = self.lateral4(maps.f4) + enlarge(p8, (maps.f4.shape[-2], maps.f4.shape[-1]))
        return FeaturePyramid(p4, p8, p16)

    def click(self, pyramid: FeaturePyramid, maps: Tensor) -> FbrsOutput:
        """Return logits for maps [B, 3, S, S]: include, exclude (0 or 1) and the previous mask (0..1)."""
        tap_b, coarse = self.head.tap_b(*self.head.tap_a(pyramid, maps))
        logits4 = self.head.logits4(self.head.tap_c(tap_b))
        return FbrsOutput(enlarge(logits4, (maps.shape[-2], maps.shape[-1])), coarse)

    def forward(self, rgb: Tensor, maps: Tensor | MapsOf) -> FbrsOutput:
        """Return logits for crops and the maps of their clicks.

        Args:
            rgb: [B, 3, S, S] in 0..1.
            maps: [K B, 3, S, S], K states of each crop, all crops in their first state first; or a function
                that makes them out of the crops' features (training simulates a person who sees the answers).
        """
        pyramid = self.encode(rgb)
        given = maps if isinstance(maps, Tensor) else maps(pyramid)
        n_states = given.shape[0] // rgb.shape[0]
        if n_states > 1:
            pyramid = FeaturePyramid(*(torch.cat([level] * n_states) for level in pyramid))
        return self.click(pyramid, given)
