"""Building blocks that several networks share: convolutions, pooling, resampling of feature maps."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

POOL_BINS = (1, 2, 3, 6)


def enlarge(x: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """Enlarge a map [B, C, h, w] bilinearly, half-pixel aligned, to ``size_hw``."""
    if (x.shape[-2], x.shape[-1]) == size_hw:
        return x
    return F.interpolate(x, size=size_hw, mode="bilinear", align_corners=False)


def shrink(x: Tensor, size_hw: tuple[int, int]) -> Tensor:
    """Shrink a map [B, C, h, w] to ``size_hw`` by averaging areas."""
    height, width = x.shape[-2:]
    if (height, width) == size_hw:
        return x
    if height % size_hw[0] == 0 and width % size_hw[1] == 0:
        return F.avg_pool2d(x, (height // size_hw[0], width // size_hw[1]))
    return F.adaptive_avg_pool2d(x, size_hw)


class SameConv2d(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding: output side ceil(n / stride).

    The smaller half of the padding goes left and top.
    Encoders that were trained that way sit half a pixel off at every stride-2 layer under symmetric padding.
    """

    def forward(self, input: Tensor) -> Tensor:
        pads: list[int] = []
        for axis in (1, 0):
            n = input.shape[2 + axis]
            stride = self.stride[axis]
            extent = self.dilation[axis] * (self.kernel_size[axis] - 1) + 1
            total = max((-(-n // stride) - 1) * stride + extent - n, 0)
            pads += [total // 2, total - total // 2]
        symmetric = pads[0] == pads[1] and pads[2] == pads[3]
        padding = (pads[2], pads[0]) if symmetric else (0, 0)
        x = input if symmetric else F.pad(input, pads)
        return F.conv2d(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class DilatedDepthwise2d(nn.Conv2d):
    """3 x 3 depthwise convolution with dilation 2, computed as four undilated ones where the sides are even.

    The pixels of one phase (every second row and column) only meet each other, so the phases go into the
    batch. The numbers are the same; the gradient of dilated depthwise convolutions is several times slower on
    a CPU.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, channels, 3, padding=2, dilation=2, groups=channels, bias=False)

    def forward(self, input: Tensor) -> Tensor:
        batch, channels, height, width = input.shape
        if height % 2 or width % 2:
            return super().forward(input)
        phases = input.view(batch, channels, height // 2, 2, width // 2, 2).permute(0, 3, 5, 1, 2, 4)
        x = phases.reshape(batch * 4, channels, height // 2, width // 2)
        x = x.contiguous(memory_format=torch.channels_last)
        x = F.conv2d(x, self.weight, self.bias, 1, 1, 1, self.groups)
        x = x.view(batch, 2, 2, channels, height // 2, width // 2).permute(0, 3, 4, 1, 5, 2)
        return x.reshape(batch, channels, height, width).contiguous(memory_format=torch.channels_last)


class ConvNormAct(nn.Sequential):
    """Convolution without bias, BatchNorm, ReLU; keeps the size at stride 1."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, *, groups: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class DepthwiseSeparable(nn.Sequential):
    """3 x 3 depthwise and 1 x 1 convolution, each with BatchNorm and ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__(
            ConvNormAct(channels, channels, 3, groups=channels),
            ConvNormAct(channels, channels),
        )


class PyramidPooling(nn.Module):
    """Global context: averages over 1, 2, 3 and 6 bins beside the map itself (PSPNet, section 3.2).

    Tensors: [B, inputs, h, w] -> [B, outputs, h, w]. ``bottleneck`` narrows the input first (mobile build);
    without it every bin keeps the full width, as the published network does.
    """

    def __init__(self, inputs: int, outputs: int, *, bottleneck: bool) -> None:
        super().__init__()
        width = outputs if bottleneck else inputs
        branch = outputs // 4 if bottleneck else inputs
        self.narrow = ConvNormAct(inputs, width) if bottleneck else nn.Identity()
        self.branches = nn.ModuleList(nn.Conv2d(width, branch, 1, bias=False) for _ in POOL_BINS)
        self.fuse = ConvNormAct(width + branch * len(POOL_BINS), outputs)

    def forward(self, x: Tensor) -> Tensor:
        x = self.narrow(x)
        size_hw = (x.shape[-2], x.shape[-1])
        pooled = [
            enlarge(branch(F.adaptive_avg_pool2d(x, bins)), size_hw)
            for bins, branch in zip(POOL_BINS, self.branches, strict=True)
        ]
        return cast(Tensor, self.fuse(torch.cat([x, *pooled], dim=1)))


class SeparableUp(nn.Module):
    """Enlarge a map onto the grid of its skip feature and fuse both; depthwise-separable residual.

    The 1 x 1 fusion of (enlarged map, skip) is computed as a sum, the map's half before it is enlarged: the
    same numbers, because 1 x 1 convolution and bilinear enlargement commute, for a quarter of the work.
    """

    def __init__(self, inputs: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.from_below = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.from_skip = nn.Conv2d(skip, outputs, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.residual = nn.Sequential(DepthwiseSeparable(outputs), DepthwiseSeparable(outputs))

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        below = enlarge(self.from_below(x), (skip.shape[-2], skip.shape[-1]))
        fused = F.relu(self.norm(below + self.from_skip(skip)))
        return fused + cast(Tensor, self.residual(fused))


class DenseUp(nn.Module):
    """The published up-block: two residual pairs of dense 3 x 3 convolutions behind the concatenation."""

    def __init__(self, inputs: int, skip: int, outputs: int) -> None:
        super().__init__()
        self.first = nn.Sequential(
            ConvNormAct(inputs + skip, outputs, 3),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
        self.second = nn.Sequential(
            ConvNormAct(outputs, outputs, 3),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = enlarge(x, (skip.shape[-2], skip.shape[-1]))
        x = self.first(torch.cat([x, skip], dim=1)) + self.shortcut(x)
        return F.relu(x + self.second(x))
