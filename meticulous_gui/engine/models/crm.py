"""CRM, the Continuous Refinement Model (Shen et al. 2022).

Features of a photo and a mask at stride 2, and an implicit function of the position: a small MLP that gives
the mask's logit at any place, mixed from the four cells around it. Two modes share the class: ``exact``, as
published, for comparison, and ``recommended``, which depends on no absolute position, so that tiles equal the
whole.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final, Literal, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .backbones import build_encoder
from .blocks import ConvNormAct, enlarge

FEATURES: Final = 256
HIDDEN: Final = 32
STRIDE: Final = 2  # input pixels per feature cell
LOGIT_LIMIT: Final = 4.0
"""A mask that comes in is cut to +- this, as by MOS_H: to overturn a pixel takes a correction of 8."""

_WIDTHS: Final = (64, 64, 128)  # of the three aligned maps
_AREA_FLOOR: Final = 1e-9
_NUDGE: Final = 1e-6


@dataclass(frozen=True)
class CrmConfig:
    """Structure of a CRM; stored in the card of its weights."""

    mode: Literal["recommended", "exact"] = "recommended"
    encoder: str = "mobilenet_v2_deeplab_voc"

    @staticmethod
    def from_options(options: dict[str, Any]) -> CrmConfig:
        """Return the configuration of a card; refuse options that this version does not know (ValueError)."""
        if unknown := sorted(set(options) - {field.name for field in fields(CrmConfig)}):
            raise ValueError(f"unknown options of CRM: {', '.join(unknown)}")
        return CrmConfig(**options)


class _Align(nn.Module):
    """The continuous alignment module: three maps at stride 2, fused to 256 channels.

    ``exact``: double norms, dropout of a half and a dense convolution, enlarged with aligned corners, as
    published. Otherwise single norms, little dropout on the deepest map, a separable convolution and
    half-pixel alignment.
    """

    def __init__(self, channels: tuple[int, int, int], *, is_exact: bool) -> None:
        super().__init__()
        self.is_exact = is_exact
        maps = [ConvNormAct(inputs, width) for inputs, width in zip(channels, _WIDTHS, strict=True)]
        if is_exact:
            self.maps = nn.ModuleList(
                nn.Sequential(each, nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.Dropout(0.5))
                for each, width in zip(maps, _WIDTHS, strict=True)
            )
            self.fuse = nn.Sequential(ConvNormAct(FEATURES, FEATURES, 3), nn.Dropout(0.5))
        else:
            self.maps = nn.ModuleList([maps[0], maps[1], nn.Sequential(maps[2], nn.Dropout(0.1))])
            self.fuse = nn.Sequential(
                ConvNormAct(FEATURES, FEATURES, 3, groups=FEATURES), ConvNormAct(FEATURES, FEATURES)
            )

    def forward(self, f2: Tensor, f4: Tensor, f8: Tensor) -> Tensor:
        return cast(Tensor, self.fuse(self.aligned(f2, f4, f8)))

    def at_cells(self, f2: Tensor, f4: Tensor, f8: Tensor, cells: Tensor) -> Tensor:
        """Return what ``forward`` gives in some cells only: [N, 256] for flat indexes [N] of one picture.

        Not in exact mode, whose last convolution is dense.
        """
        blurred = cast(Tensor, self.fuse[0](self.aligned(f2, f4, f8)))
        rows = blurred.permute(0, 2, 3, 1).reshape(-1, FEATURES)[cells]
        column = rows.t().reshape(1, FEATURES, -1, 1)
        return cast(Tensor, self.fuse[1](column))[0, :, :, 0].t()

    def aligned(self, f2: Tensor, f4: Tensor, f8: Tensor) -> Tensor:
        """Return the three maps at stride 2, one behind the other: [B, 256, h, w]."""
        size_hw = (f2.shape[-2], f2.shape[-1])
        aligned = []
        for module, x in zip(self.maps, (f2, f4, f8), strict=True):
            y = cast(Tensor, module(x))
            if not self.is_exact:
                y = enlarge(y, size_hw)
            elif (y.shape[-2], y.shape[-1]) != size_hw:
                y = F.interpolate(y, size=size_hw, mode="bilinear", align_corners=True)
            aligned.append(y)
        return torch.cat(aligned, dim=1)


class CrmNet(nn.Module):
    """CRM.

    Input: RGB in 0..1, float32 [B, 3, H, W], and logits of a mask [B, 1, H, W]; sides divisible by 8.

    Attributes:
        config: the structure.
    """

    def __init__(self, config: CrmConfig) -> None:
        super().__init__()
        self.config = config
        self.is_exact = config.mode == "exact"
        self.encoder = build_encoder(config.encoder, is_deep=False, extra_channels=1, output_stride=8)
        c2, c4, _, deep = self.encoder.channels
        self.align = _Align((c2, c4, deep), is_exact=self.is_exact)
        coordinates = 6 if self.is_exact else 4
        self.first = nn.Linear(FEATURES + coordinates, HIDDEN)
        self.middle = nn.ModuleList(nn.Linear(HIDDEN, HIDDEN) for _ in range(3))
        self.last = nn.Linear(HIDDEN, 1)
        if not self.is_exact:
            # The answer is a correction of the logit that came in, so training begins with the identity.
            nn.init.zeros_(self.last.weight)
            nn.init.zeros_(self.last.bias)

    def features(self, rgb: Tensor, logits: Tensor) -> Tensor:
        """Return F: [B, 256, H / 2, W / 2].

        Args:
            rgb: [B, 3, H, W] 0..1.
            logits: [B, 1, H, W] of the mask; seen through tanh(z / 2), which is 2p - 1.
        """
        return cast(Tensor, self.align(*self.maps(rgb, logits)))

    def maps(self, rgb: Tensor, logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the encoder's maps at strides 2, 4 and 8 of what ``features`` takes."""
        height, width = rgb.shape[-2:]
        if height % 8 or width % 8:
            raise ValueError(f"sides must be multiples of 8, got {height} x {width}")
        mask = torch.tanh(logits.float().clamp(-LOGIT_LIMIT, LOGIT_LIMIT) / 2).to(rgb.dtype)
        found = self.encoder.features_of(self.encoder.normalise(torch.cat([rgb, mask], dim=1)))
        return found.f2, found.f4, found.deep

    def projected(self, features: Tensor) -> Tensor:
        """Return G: what the first layer makes of the features, [B, 32, h, w], once for all queries.

        W1 [F; x] + b = (Wf F + b) + Wx x, so the wide half of the layer is a 1 x 1 convolution.
        """
        weight = self.first.weight[:, :FEATURES, None, None]
        return F.conv2d(features, weight, self.first.bias)

    def at_pixels(self, maps: tuple[Tensor, Tensor, Tensor], wanted: Tensor) -> Tensor:
        """Return what the implicit function says at some pixels of the input's own size.

        The same numbers as ``query`` everywhere, but the wide layers run only in the cells around them.

        Args:
            maps: of one picture, see ``maps``.
            wanted: (H, W) bool, H and W twice those of the first map.

        Returns:
            [N] in the order of ``wanted.nonzero()``.
        """
        width = maps[0].shape[-1]
        pixels = wanted.nonzero()
        at_yx = ((pixels + 0.5) / STRIDE - 0.5).unsqueeze(0)
        cell_yx = torch.full((2,), 1 / STRIDE, device=wanted.device)
        around = self._neighbours(at_yx, (maps[0].shape[-2], width))
        flats = [index[0, :, 0] * width + index[0, :, 1] for index, _ in around]
        places = torch.zeros(maps[0].shape[-2] * width, dtype=torch.long, device=wanted.device)
        for flat in flats:
            places[flat] = 1
        cells = places.nonzero().squeeze(1)
        places[cells] = torch.arange(len(cells), device=wanted.device)
        features = self.align.at_cells(*maps, cells)
        rows = F.linear(features, self.first.weight[:, :FEATURES], self.first.bias)
        answer = torch.zeros(len(pixels), device=rows.device)
        for (index, weight), flat in zip(around, flats, strict=True):
            coordinates = self._coordinates(at_yx, index, cell_yx, maps[0].shape[-2:])
            x = F.linear(coordinates, self.first.weight[:, FEATURES:])[0] + rows[places[flat]]
            answer = answer + weight[0] * self._rest(x)
        return answer

    def query(self, projected: Tensor, at_yx: Tensor, cell_yx: Tensor) -> Tensor:
        """Return what the implicit function says at some places.

        Args:
            projected: G, [B, 32, h, w].
            at_yx: [B, N, 2] places in feature cells: 0 is the middle of the first cell.
            cell_yx: [2] feature cells per output pixel (1 / 2 where the output has the input's size).

        Returns:
            [B, N] logits: of the mask in exact mode, corrections of the input's otherwise.
        """
        batch, _, height, width = projected.shape
        # Rows of 32 numbers lie together: many times faster to pick than the same from 32 planes.
        rows = projected.permute(0, 2, 3, 1).reshape(-1, HIDDEN)
        starts = torch.arange(batch, device=rows.device).unsqueeze(1) * (height * width)
        answer = projected.new_zeros(at_yx.shape[:2])
        for index, weight in self._neighbours(at_yx, (height, width)):
            flat = starts + index[..., 0] * width + index[..., 1]
            coordinates = self._coordinates(at_yx, index, cell_yx, projected.shape[-2:])
            x = F.linear(coordinates, self.first.weight[:, FEATURES:]) + F.embedding(flat, rows)
            answer = answer + weight * self._rest(x)
        return answer

    def forward(
        self, rgb: Tensor, logits: Tensor, at_yx: Tensor | None = None, cell_yx: Tensor | None = None
    ) -> Tensor:
        """Return the refined logits at the input's own size, or what ``query`` says at some places.

        Args:
            rgb: [B, 3, H, W] 0..1.
            logits: [B, 1, H, W] of the mask.
            at_yx: places as in ``query``; None: all pixels.
            cell_yx: as in ``query``, with places only.

        Returns:
            [B, 1, H, W] float32; with places [B, N] float32.
        """
        projected = self.projected(self.features(rgb, logits))
        with torch.autocast(rgb.device.type, enabled=False):
            if at_yx is not None and cell_yx is not None:
                return self.query(projected.float(), at_yx, cell_yx)
            batch, _, height, width = rgb.shape
            places = pixel_places((height, width), device=rgb.device).unsqueeze(0).expand(batch, -1, -1)
            cell_yx = torch.full((2,), 1 / STRIDE, device=rgb.device)
            answer = self.query(projected.float(), places, cell_yx).view(batch, 1, height, width)
            return answer if self.is_exact else answer + logits.float().clamp(-LOGIT_LIMIT, LOGIT_LIMIT)

    def _rest(self, x: Tensor) -> Tensor:
        """Return the MLP behind its first layer: [B, N, 32] before the ReLU -> [B, N]."""
        x = F.relu(x)
        for layer in self.middle:
            x = F.relu(layer(x))
        return cast(Tensor, self.last(x)).squeeze(-1)

    def _neighbours(self, at_yx: Tensor, size_hw: tuple[int, int]) -> list[tuple[Tensor, Tensor]]:
        """Return the four cells around each place, int64 [B, N, 2], with their weights [B, N].

        Exact mode takes the nearest cells of four shifted places and areas as published; the other mode floor
        and fraction, which are the same numbers without the published formula's degenerate last row.
        """
        limit = torch.tensor([size_hw[0] - 1, size_hw[1] - 1], device=at_yx.device)
        if not self.is_exact:
            low = torch.floor(at_yx)
            part = at_yx - low
            found = []
            for down in (0, 1):
                for right in (0, 1):
                    index = torch.clamp(low.long() + torch.tensor([down, right], device=low.device), min=0)
                    weight_y = part[..., 0] if down else 1 - part[..., 0]
                    weight_x = part[..., 1] if right else 1 - part[..., 1]
                    found.append((torch.minimum(index, limit), weight_y * weight_x))
            return found
        indices, areas = [], []
        for down in (-1, 1):
            for right in (-1, 1):
                shift = torch.tensor([down * 0.5 + _NUDGE, right * 0.5 + _NUDGE], device=at_yx.device)
                index = torch.minimum(torch.clamp(torch.round(at_yx + shift), min=0).long(), limit)
                indices.append(index)
                areas.append((at_yx - index).prod(dim=-1).abs() + _AREA_FLOOR)
        total = torch.stack(areas).sum(dim=0)
        # Each cell gets the area that the diagonally opposite one spans.
        return [(index, areas[3 - place] / total) for place, index in enumerate(indices)]

    def _coordinates(
        self, at_yx: Tensor, index: Tensor, cell_yx: Tensor, size_hw: tuple[int, int] | torch.Size
    ) -> Tensor:
        """Return the inputs beside the feature, [B, N, 4] or [B, N, 6]; a feature cell is two units long."""
        relative = 2 * (at_yx - index)
        cell = cell_yx.to(relative).expand_as(relative)
        if not self.is_exact:
            return torch.cat([relative, -torch.log2(cell)], dim=-1)
        sides = torch.tensor([size_hw[0], size_hw[1]], device=at_yx.device)
        absolute = 2 * (at_yx + 0.5) / sides - 1
        return torch.cat([relative, absolute, 2 * cell], dim=-1)


def pixel_places(size_hw: tuple[int, int], *, device: torch.device | None = None) -> Tensor:
    """Return the middles of all pixels of an input, row by row, in its feature cells: float32 [H * W, 2]."""
    rows = (torch.arange(size_hw[0], device=device) + 0.5) / STRIDE - 0.5
    columns = (torch.arange(size_hw[1], device=device) + 0.5) / STRIDE - 0.5
    return torch.stack(torch.meshgrid(rows, columns, indexing="ij"), dim=-1).view(-1, 2)
