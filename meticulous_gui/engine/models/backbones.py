"""Encoders: MobileNetV2, EfficientNet-Lite0 and ResNet-50 v2, with feature maps at several strides.

Parameter names follow torchvision where it has the network, so that published weights load by name. Every
encoder takes RGB in 0..1 (plus further channels behind it) and normalises inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .blocks import DilatedDepthwise2d, SameConv2d

IMAGENET_MEAN: Final = (0.485, 0.456, 0.406)
IMAGENET_STD: Final = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class Features:
    """Feature maps of one picture batch: strides 2, 4, 8 and the deepest one (stride 16 or 8)."""

    f2: Tensor
    f4: Tensor
    f8: Tensor
    deep: Tensor


class Encoder(nn.Module):
    """Base of the encoders: normalisation and the widths of the taps.

    Attributes:
        channels: widths of (f2, f4, f8, deep).
        mean_rgb: the colour in 0..1 that is zero after normalisation; pictures are padded with it.
    """

    channels: tuple[int, int, int, int]

    def __init__(self, mean: tuple[float, ...], std: tuple[float, ...], extra_channels: int) -> None:
        super().__init__()
        self.mean_rgb = mean
        self.extra_channels = extra_channels
        self._frozen: tuple[nn.Module, ...] = ()
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1), persistent=False)

    def normalise(self, x: Tensor) -> Tensor:
        """Return [B, 3 + extra, H, W] with the colours normalised and the further channels as they are."""
        rgb = (x[:, :3] - cast(Tensor, self.mean)) / cast(Tensor, self.std)
        return torch.cat([rgb, x[:, 3:]], dim=1) if self.extra_channels else rgb

    def features_of(self, x: Tensor) -> Features:
        """Return the taps of an already normalised batch."""
        raise NotImplementedError

    def freeze(self, *blocks: nn.Module) -> None:
        """Keep the weights and statistics of these first blocks as they are while the rest trains."""
        self._frozen = blocks
        for block in blocks:
            block.requires_grad_(False)
        self.train(self.training)

    def train(self, mode: bool = True) -> Encoder:
        """Set the mode of all but the frozen blocks, which stay in evaluation mode."""
        super().train(mode)
        for block in self._frozen:
            block.train(False)
        return self

    def forward(self, x: Tensor) -> Features:
        return self.features_of(self.normalise(x))


def _conv(
    inputs: int, outputs: int, kernel: int, *, stride: int, dilation: int, groups: int, same: bool
) -> nn.Conv2d:
    if dilation == 2 and groups == inputs == outputs and kernel == 3:
        return DilatedDepthwise2d(inputs)
    if same:
        return SameConv2d(inputs, outputs, kernel, stride, dilation=dilation, groups=groups, bias=False)
    padding = dilation * (kernel // 2)
    return nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False)


class _InvertedResidual(nn.Module):
    """MobileNetV2 block with torchvision's names: ``conv.0.0`` expands, ``conv.1.0`` is depthwise."""

    def __init__(
        self, inputs: int, outputs: int, *, expansion: int, stride: int, dilation: int, same: bool
    ) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.is_residual = stride == 1 and inputs == outputs
        layers: list[nn.Module] = []
        if expansion != 1:
            layers.append(
                nn.Sequential(
                    nn.Conv2d(inputs, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True)
                )
            )
        depthwise = _conv(hidden, hidden, 3, stride=stride, dilation=dilation, groups=hidden, same=same)
        layers.append(nn.Sequential(depthwise, nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True)))
        layers += [nn.Conv2d(hidden, outputs, 1, bias=False), nn.BatchNorm2d(outputs)]
        self.conv = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        y = cast(Tensor, self.conv(x))
        return x + y if self.is_residual else y


class MobileNetV2(Encoder):
    """MobileNetV2 1.0 (Sandler et al. 2018, table 2) without classifier.

    ``is_deep`` keeps all 17 blocks, those from the 14th on at stride 16 with dilation 2 (320 channels);
    without it the encoder ends at the 13th block (96 channels), enough for patches that need no global
    meaning. At an output stride of 8 the block that loses its stride keeps an undilated kernel, as the
    published DeepLab weights expect; at 16 it is dilated too, as the trained weights of MOS_L are.
    """

    # expansion, channels, blocks, stride
    STAGES = (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )
    TAPS = (1, 3, 6)

    def __init__(
        self,
        *,
        is_deep: bool,
        same_padding: bool,
        imagenet_norm: bool,
        extra_channels: int,
        output_stride: int = 16,
    ) -> None:
        mean, std = (IMAGENET_MEAN, IMAGENET_STD) if imagenet_norm else ((0.5,) * 3, (0.5,) * 3)
        super().__init__(mean, std, extra_channels)
        stem = _conv(3 + extra_channels, 32, 3, stride=2, dilation=1, groups=1, same=same_padding)
        blocks: list[nn.Module] = [nn.Sequential(stem, nn.BatchNorm2d(32), nn.ReLU6(inplace=True))]
        channels, total_stride, dilation = 32, 2, 1
        for expansion, outputs, n_blocks, stage_stride in self.STAGES[: 7 if is_deep else 5]:
            for index in range(n_blocks):
                stride = stage_stride if index == 0 else 1
                loses_stride = stride == 2 and total_stride == output_stride
                if loses_stride:
                    stride = 1
                    if output_stride == 16:
                        dilation = 2
                total_stride *= stride
                blocks.append(
                    _InvertedResidual(
                        channels,
                        outputs,
                        expansion=expansion,
                        stride=stride,
                        dilation=dilation,
                        same=same_padding,
                    )
                )
                if loses_stride:
                    dilation = 2
                channels = outputs
        self.features = nn.ModuleList(blocks)
        self.channels = (16, 24, 32, channels)

    def features_of(self, x: Tensor) -> Features:
        taps: list[Tensor] = []
        for index, block in enumerate(self.features):
            x = block(x)
            if index in self.TAPS:
                taps.append(x)
        return Features(taps[0], taps[1], taps[2], x)


class _LiteBlock(nn.Module):
    """EfficientNet-Lite block: expand, depthwise, project; no squeeze-and-excite, ReLU6."""

    def __init__(
        self, inputs: int, outputs: int, *, expansion: int, kernel: int, stride: int, dilation: int
    ) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.is_residual = stride == 1 and inputs == outputs
        layers: list[nn.Module] = []
        if expansion != 1:
            layers.append(
                nn.Sequential(nn.Conv2d(inputs, hidden, 1, bias=False), nn.BatchNorm2d(hidden, eps=1e-3))
            )
        depthwise = _conv(hidden, hidden, kernel, stride=stride, dilation=dilation, groups=hidden, same=True)
        layers.append(nn.Sequential(depthwise, nn.BatchNorm2d(hidden, eps=1e-3)))
        layers.append(
            nn.Sequential(nn.Conv2d(hidden, outputs, 1, bias=False), nn.BatchNorm2d(outputs, eps=1e-3))
        )
        self.block = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for index, layer in enumerate(self.block):
            y = layer(y)
            if index < len(self.block) - 1:
                y = F.relu6(y, inplace=True)
        return x + y if self.is_residual else y


class EfficientNetLite0(Encoder):
    """EfficientNet-Lite0 without its 1 x 1 head.

    The last two stages stay at stride 16 with dilation 2 (320 channels).
    """

    # expansion, kernel, stride, channels, blocks
    STAGES = (
        (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3),
        (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
    )  # fmt: skip

    def __init__(self, *, is_deep: bool, extra_channels: int) -> None:
        super().__init__((127 / 255,) * 3, (128 / 255,) * 3, extra_channels)
        stem = SameConv2d(3 + extra_channels, 32, 3, 2, bias=False)
        stages: list[nn.Module] = [nn.Sequential(stem, nn.BatchNorm2d(32, eps=1e-3), nn.ReLU6(inplace=True))]
        channels, total_stride, dilation = 32, 2, 1
        for expansion, kernel, stage_stride, outputs, n_blocks in self.STAGES[: 7 if is_deep else 5]:
            stage: list[nn.Module] = []
            for index in range(n_blocks):
                stride = stage_stride if index == 0 else 1
                if stride == 2 and total_stride == 16:
                    stride, dilation = 1, 2
                total_stride *= stride
                stage.append(
                    _LiteBlock(
                        channels,
                        outputs,
                        expansion=expansion,
                        kernel=kernel,
                        stride=stride,
                        dilation=dilation,
                    )
                )
                channels = outputs
            stages.append(nn.Sequential(*stage))
        self.features = nn.ModuleList(stages)
        self.channels = (16, 24, 40, channels)

    def features_of(self, x: Tensor) -> Features:
        taps: list[Tensor] = []
        for index, stage in enumerate(self.features):
            x = stage(x)
            if index in (1, 2, 3):
                taps.append(x)
        return Features(taps[0], taps[1], taps[2], x)


class _PreActivationBottleneck(nn.Module):
    """ResNet v2 bottleneck (He et al. 2016b): BatchNorm and ReLU before each convolution."""

    def __init__(self, inputs: int, width: int, *, stride: int, dilation: int, has_projection: bool) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, dilation, dilation, bias=False)
        self.bn3 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, width * 4, 1, bias=False)
        self.downsample = nn.Conv2d(inputs, width * 4, 1, stride, bias=False) if has_projection else None

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(x))
        shortcut = self.downsample(y) if self.downsample is not None else x
        y = self.conv1(y)
        y = self.conv2(F.relu(self.bn2(y)))
        return cast(Tensor, self.conv3(F.relu(self.bn3(y)))) + shortcut


class ResNet50V2(Encoder):
    """ResNet-50 v2 at output stride 8, the size of the published MeticulousNet encoder.

    Stages 3 and 4 keep stride 8 with dilation 2 and 4 (the first block of each keeps the dilation before it).
    Published weights cover the stem and stages 1 to 3; stage 4, which ``is_deep`` adds, starts at random.
    """

    def __init__(self, *, extra_channels: int, is_deep: bool = True) -> None:
        super().__init__(IMAGENET_MEAN, IMAGENET_STD, extra_channels)
        self.bn0 = nn.BatchNorm2d(3 + extra_channels)
        self.conv1 = nn.Conv2d(3 + extra_channels, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = self._stage(64, 64, 3, stride=1, dilations=(1, 1))
        self.layer2 = self._stage(256, 128, 4, stride=2, dilations=(1, 1))
        self.layer3 = self._stage(512, 256, 6, stride=1, dilations=(1, 2))
        self.is_deep = is_deep
        if is_deep:
            self.layer4 = self._stage(1024, 512, 3, stride=1, dilations=(2, 4))
            self.norm4 = nn.BatchNorm2d(2048)
        else:
            self.norm3 = nn.BatchNorm2d(1024)
        self.channels = (64, 256, 512, 2048 if is_deep else 1024)

    @staticmethod
    def _stage(
        inputs: int, width: int, n_blocks: int, *, stride: int, dilations: tuple[int, int]
    ) -> nn.Sequential:
        blocks = [
            _PreActivationBottleneck(inputs, width, stride=stride, dilation=dilations[0], has_projection=True)
        ]
        blocks += [
            _PreActivationBottleneck(width * 4, width, stride=1, dilation=dilations[1], has_projection=False)
            for _ in range(n_blocks - 1)
        ]
        return nn.Sequential(*blocks)

    def features_of(self, x: Tensor) -> Features:
        f2 = F.relu(self.bn1(self.conv1(self.bn0(x))))
        x = self.layer1(F.max_pool2d(f2, 3, 2, 1))
        f4 = F.relu(cast(_PreActivationBottleneck, self.layer2[0]).bn1(x))
        x = self.layer2(x)
        f8 = F.relu(cast(_PreActivationBottleneck, self.layer3[0]).bn1(x))
        x = self.layer3(x)
        deep = self.norm4(self.layer4(x)) if self.is_deep else self.norm3(x)
        return Features(f2, f4, f8, deep=F.relu(deep))


ENCODERS: Final = (
    "mobilenet_v2",
    "mobilenet_v2_deeplab_voc",
    "mobilenet_v2_oid_detector",
    "efficientnet_lite0",
    "resnet50v2",
)


def build_encoder(name: str, *, is_deep: bool, extra_channels: int, output_stride: int = 16) -> Encoder:
    """Return an encoder with random weights.

    Args:
        name: one of ``ENCODERS``; the three MobileNetV2 differ in padding and normalisation, as their weights
            do.
        is_deep: keep the last stages.
        extra_channels: input channels behind RGB, such as a mask.
        output_stride: of the deepest map, 16 or 8; ResNet has 8, EfficientNet-Lite0 16.

    Raises:
        ValueError: unknown name, or a stride that the encoder does not have.
    """
    match name:
        case "mobilenet_v2":
            return MobileNetV2(
                is_deep=is_deep,
                same_padding=False,
                imagenet_norm=True,
                extra_channels=extra_channels,
                output_stride=output_stride,
            )
        case "mobilenet_v2_deeplab_voc" | "mobilenet_v2_oid_detector":
            return MobileNetV2(
                is_deep=is_deep,
                same_padding=True,
                imagenet_norm=False,
                extra_channels=extra_channels,
                output_stride=output_stride,
            )
        case "efficientnet_lite0":
            if output_stride != 16:
                raise ValueError(f"efficientnet_lite0 has an output stride of 16, got {output_stride}")
            return EfficientNetLite0(is_deep=is_deep, extra_channels=extra_channels)
        case "resnet50v2":
            return ResNet50V2(extra_channels=extra_channels, is_deep=is_deep)
        case _:
            raise ValueError(f"encoder must be one of {', '.join(ENCODERS)}, got {name!r}")
