"""MeticulousNet: encoder, three decoding cycles with mask feedback, seven HierPR blocks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final, Literal, NamedTuple, Self, cast

import torch
from torch import Tensor, nn

from .backbones import build_encoder
from .blocks import ConvNormAct, DenseUp, DepthwiseSeparable, PyramidPooling, SeparableUp, enlarge, shrink
from .hierpr import PointMlp, Refined, refine_points

BLOCK_NAMES: Final = ("s8_0", "s8_1", "s8_2", "s4_2", "s8_3", "s4_3", "s2_3")
PRIOR_LIMIT: Final = 4.0


@dataclass(frozen=True)
class MosConfig:
    """Structure of a MeticulousNet; stored in the card of its weights."""

    encoder: str = "mobilenet_v2_deeplab_voc"
    is_deep: bool = (
        True  # keep the encoder's last stages: the meaning of the scene, which a patch does not need
    )
    blocks: Literal["separable", "dense"] = "separable"  # dense: as published, for the ResNet-50 size
    width8: int = 128
    width4: int = 96
    width2: int = 48
    stem: int = 8  # channels of the full-resolution feature
    point_hidden: int = 64
    point_fraction: float = 0.1  # share of cells each block corrects; the published value
    has_feedback: bool = True  # the two mask-encoding feedbacks; off only to measure what they are worth

    @classmethod
    def from_options(cls, options: dict[str, Any]) -> Self:
        """Return the configuration of a card; refuse options that this network does not have (ValueError)."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(options) - known):
            raise ValueError(f"unknown options of MeticulousNet: {', '.join(unknown)}")
        return cls(**options)


class MosOutput(NamedTuple):
    """Logits of the seven blocks in the order of ``BLOCK_NAMES``, each float32 [B, 1, h, w] on its own grid.

    Attributes:
        refined: after the points were corrected; the last one has the input's size and is the answer.
        coarse: before it, for the auxiliary loss.
        chosen: int64 [B, K], the corrected cells of each block.
    """

    refined: tuple[Tensor, ...]
    coarse: tuple[Tensor, ...]
    chosen: tuple[Tensor, ...]

    @property
    def logits(self) -> Tensor:
        """The answer: float32 [B, 1, H, W] at the input's size."""
        return self.refined[-1]


class _Head(nn.Sequential):
    """1 x 1 convolutions from features to one residual logit; the last can start at zero."""

    def __init__(self, inputs: int, *, starts_at_zero: bool) -> None:
        last = nn.Conv2d(32, 1, 1)
        if starts_at_zero:
            nn.init.zeros_(last.weight)
            nn.init.zeros_(cast(Tensor, last.bias))
        super().__init__(ConvNormAct(inputs, 32), last)


class _MaskEncode(nn.Module):
    """Feed two masks of the cycle before back into the stride-8 map (one set of weights for both uses)."""

    def __init__(self, width: int, *, blocks: str) -> None:
        super().__init__()
        body: nn.Sequential
        if blocks == "dense":
            body = nn.Sequential(ConvNormAct(width + 2, width + 2, 3), ConvNormAct(width + 2, width, 3))
        else:
            body = nn.Sequential(
                ConvNormAct(width + 2, width), DepthwiseSeparable(width), DepthwiseSeparable(width)
            )
        self.body = body

    def forward(self, x: Tensor, first: Tensor, second: Tensor) -> Tensor:
        size_hw = (x.shape[-2], x.shape[-1])
        masks = [shrink(torch.tanh(mask / 2), size_hw).to(x.dtype) for mask in (first, second)]
        return cast(Tensor, self.body(torch.cat([x, *masks], dim=1)))


class MeticulousNet(nn.Module):
    """The network of both MOS_L and MOS_H (Yang et al. 2021).

    Input: RGB in 0..1, float32 [B, 3, H, W], sides divisible by 16; with a prior also logits [B, 1, H, W] of
    a mask.
    Output: ``MosOutput``. Feedback masks are averaged from their own grid (stride 4 or 2) onto stride 8.

    Attributes:
        config: the structure.
    """

    def __init__(self, config: MosConfig, *, has_prior: bool) -> None:
        super().__init__()
        self.config = config
        self.has_prior = has_prior
        extra = 1 if has_prior else 0
        self.encoder = build_encoder(config.encoder, is_deep=config.is_deep, extra_channels=extra)
        c2, c4, c8, deep = self.encoder.channels
        is_dense = config.blocks == "dense"
        up = DenseUp if is_dense else SeparableUp
        self.stem = ConvNormAct(3 + extra, config.stem, 3)
        self.context = PyramidPooling(deep, config.width8, bottleneck=not is_dense)
        self.dec8: nn.Module = nn.Identity() if is_dense else SeparableUp(config.width8, c8, config.width8)
        self.mask_encode = _MaskEncode(config.width8, blocks=config.blocks)
        self.up4 = up(config.width8, c4, config.width4)
        self.up2 = up(config.width4, c2, config.width2)
        self.head_deep = _Head(deep, starts_at_zero=has_prior)
        self.head8 = _Head(config.width8, starts_at_zero=has_prior)
        self.head4 = _Head(config.width4, starts_at_zero=has_prior)
        self.head2 = _Head(config.width2, starts_at_zero=has_prior)
        self.point = PointMlp(c2 + config.stem, config.point_hidden)

    def decode(self, rgb: Tensor, prior: Tensor | None) -> MosOutput:
        """Return all outputs for a batch; ``prior`` are the input mask's logits or None."""
        height, width = rgb.shape[-2:]
        if height % 16 or width % 16:
            raise ValueError(f"sides must be multiples of 16, got {height} x {width}")
        if prior is None:
            x = self.encoder.normalise(rgb)
            prior = rgb.new_zeros((rgb.shape[0], 1, height, width))
        else:
            prior = prior.float().clamp(-PRIOR_LIMIT, PRIOR_LIMIT)
            x = self.encoder.normalise(torch.cat([rgb, torch.tanh(prior / 2).to(rgb.dtype)], dim=1))
        run = _Decoding(self, x, prior)
        return run.output()


class _Decoding:
    """One pass through the decoder: keeps the features and collects the seven blocks' results."""

    def __init__(self, net: MeticulousNet, x: Tensor, prior: Tensor) -> None:
        self.net = net
        self.features = net.encoder.features_of(x)
        self.size_hw = (x.shape[-2], x.shape[-1])
        stem = net.stem(x)
        finest = (self.features.f2, stem)
        half = (self.features.f2, shrink(stem, self._grid(2)))
        self.point_maps = {1: finest, 2: half, 4: tuple(shrink(maps, self._grid(4)) for maps in half)}
        self.prior = {stride: shrink(prior, self._grid(stride)) for stride in (1, 2, 4)}
        self.results: list[Refined] = []

    def _grid(self, stride: int) -> tuple[int, int]:
        return self.size_hw[0] // stride, self.size_hw[1] // stride

    def _block(self, coarse: Tensor, *, grid_stride: int, previous: Refined | None = None) -> Refined:
        result = refine_points(
            coarse,
            self.prior[grid_stride],
            previous.residual if previous is not None else None,
            self.point_maps[grid_stride],
            self.net.point,
            level={4: 0, 2: 1, 1: 2}[grid_stride],
            fraction=self.net.config.point_fraction,
            is_training=self.net.training,
        )
        self.results.append(result)
        return result

    def _encode(self, d8: Tensor, first: Tensor, second: Tensor) -> Tensor:
        return cast(Tensor, self.net.mask_encode(d8, first, second)) if self.net.config.has_feedback else d8

    def output(self) -> MosOutput:
        net, maps = self.net, self.features
        context = net.context(maps.deep)
        d8 = context if net.config.blocks == "dense" else net.dec8(context, maps.f8)
        # The first block stands on the deep features themselves: it supervises the encoder and steadies the
        # feedback.
        s8_0 = self._block(enlarge(net.head_deep(maps.deep).float(), self._grid(8)), grid_stride=4)
        s8_1 = self._block(net.head8(d8), grid_stride=4)
        # Both later cycles start from the first d8: the feedback is not accumulated.
        d8_2 = self._encode(d8, s8_0.logits, s8_1.logits)
        s8_2 = self._block(net.head8(d8_2), grid_stride=4)
        s4_2 = self._block(net.head4(net.up4(d8_2, maps.f4)), grid_stride=2, previous=s8_2)
        d8_3 = self._encode(d8, s8_0.logits, (enlarge(s8_2.logits, self._grid(2)) + s4_2.logits) / 2)
        s8_3 = self._block(net.head8(d8_3), grid_stride=4)
        d4_3 = net.up4(d8_3, maps.f4)
        s4_3 = self._block(net.head4(d4_3), grid_stride=2, previous=s8_3)
        self._block(net.head2(net.up2(d4_3, maps.f2)), grid_stride=1, previous=s4_3)
        return MosOutput(
            tuple(result.logits for result in self.results),
            tuple(result.merged for result in self.results),
            tuple(result.chosen for result in self.results),
        )
