"""CRM in the role of a refiner: large patches with the exact halo, asked only where the mask is uncertain."""

from __future__ import annotations

import copy
from typing import Final, cast

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from meticulous_gui.core.errors import WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.device import place
from meticulous_gui.engine.models.crm import LOGIT_LIMIT, CrmNet
from meticulous_gui.engine.tiling import FADE_PX as REACH_PX
from meticulous_gui.engine.types import Batch, Logits

HALO_PX: Final = 144
"""Farther away nothing of a photo reaches a pixel's answer, so tiles equal the whole."""

CORE_PX: Final = 256
"""Pixels of a patch that are answered. A contour of 8,000 px on a 4K photo needs 25 such patches, 7.4 million
pixels with their halos; 192, 320 and 512 need 8.3, 7.8 and 7.7, and a stroke of the marker more.
"""

UNCERTAIN: Final = 2.94
"""Logits nearer to zero than this, a probability between 5 and 95 %, are asked again."""

NEAR_PX: Final = 12
"""Pixels this near to the contour are asked again: as far as the cascade writes."""

FADE_PX: Final = 24
"""Changes fade out from ``NEAR_PX`` to this distance from the contour that came in, so none leaks far."""

_MAPS_PX: Final = 16
"""So much around the pixels asked is cut from the maps: a cell of the coarsest and a few of the finest."""

_CPU_BATCH: Final = 1

_UNCHANGED: Final = 1e-3
"""A correction as small as this means "leave it"."""


class CrmRefiner:
    """CRM as a `Refiner`.

    Attributes:
        patch_px, margin_px, has_halo, temperature, ramp: see `Refiner`.
        fades: whether changes fade with the distance from the contour that came in.
    """

    patch_px: int = CORE_PX + 2 * HALO_PX
    margin_px: int = HALO_PX
    has_halo: bool = True

    def __init__(self, card: Card, network: nn.Module, device: torch.device) -> None:
        if cast(CrmNet, network).is_exact:
            raise WeightsError(
                f"{card.name} is a CRM of the published mode, which is only for comparison; "
                "choose one of the recommended mode."
            )
        self.card = card
        self.temperature = card.temperature
        self.ramp = card.ramp
        self.fades = True
        side = self.patch_px
        step = torch.linspace(-8, 8, side).expand(1, 1, side, side)
        example = (torch.rand(1, 3, side, side), step.contiguous(), torch.ones(1, 1, side, side))
        batch_size = _CPU_BATCH if device.type == "cpu" else None
        self.placed = place(network, banded_logits, example, device=device, batch_size=batch_size)

    @property
    def batch_size(self) -> int:
        return self.placed.ladder.batch_size

    def unfaded(self) -> CrmRefiner:
        """Return the same network, in memory once, that may change uncertain pixels at any distance."""
        twin = copy.copy(self)
        twin.fades = False
        return twin

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        """Return better logits near the contour and where they are uncertain, the same ones elsewhere.

        Of a patch's margin only what fades into its neighbours is answered.
        """
        weights = np.zeros_like(logits)
        middle = Box.whole(logits.shape[2:]).pad(REACH_PX - self.margin_px)
        around = middle.pad(FADE_PX)
        inner = middle.translate(-around.x0, -around.y0).slices()
        for weight, given in zip(weights[:, 0], logits[:, 0], strict=True):
            weight[middle.slices()] = change_weight(given[around.slices()], fades=self.fades)[inner]
        answer: Batch = self.placed.run(
            torch.from_numpy(rgb), torch.from_numpy(logits), torch.from_numpy(weights)
        ).numpy()
        return np.where(weights > 0, answer, logits)


def change_weight(logits: Logits, *, fades: bool = True) -> Logits:
    """Return how much of a change counts at each pixel: 1 near the contour, fading to 0 farther away.

    Args:
        logits: (H, W) float32 of the mask that came in.
        fades: False lets a change of uncertain pixels count fully at any distance.

    Returns:
        (H, W) float32 0..1; 0 where nothing needs to be asked.
    """
    distance = contour_distance(logits)
    wanted = (distance <= NEAR_PX) | (np.abs(logits) < UNCERTAIN)
    if not fades or np.isinf(distance).all():
        return wanted.astype(np.float32)
    fading = np.clip((FADE_PX - distance) / np.float32(FADE_PX - NEAR_PX), 0, 1)
    return np.where(wanted, fading, 0).astype(np.float32)


def contour_distance(logits: Logits) -> NDArray[np.float32]:
    """Return how far each pixel lies from the nearest one of the other side, infinite where there is none.

    Args:
        logits: (H, W) float32 of a mask.

    Returns:
        (H, W) float32, in pixels, at least 1.
    """
    inside = (logits >= 0).astype(np.uint8)
    if inside.all() or not inside.any():
        return np.full(logits.shape, np.inf, np.float32)
    to_outside = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    to_inside = cv2.distanceTransform(1 - inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(np.maximum(to_outside, to_inside), np.float32)


def banded_logits(network: nn.Module, rgb: Tensor, logits: Tensor, weight: Tensor) -> Tensor:
    """Return CRM's logits where the weight is not zero, mixed with those that came in by the weight.

    Args:
        network: a `CrmNet` of the recommended mode.
        rgb: [B, 3, S, S] 0..1.
        logits: [B, 1, S, S].
        weight: [B, 1, S, S] 0..1.

    Returns:
        [B, 1, S, S] float32; exactly those that came in where the network leaves them.
    """
    crm = cast(CrmNet, network)
    result = logits.float().clone()
    asked = [_box_around(each[0] > 0) for each in weight]
    chosen = [index for index, box in enumerate(asked) if box is not None]
    if not chosen:
        return result
    maps = crm.maps(rgb[chosen], logits[chosen])
    for place_in, index in enumerate(chosen):
        box = asked[index]
        assert box is not None
        rows, columns = box.slices()
        parts = [
            x[place_in : place_in + 1, :, box.y0 // k : box.y1 // k, box.x0 // k : box.x1 // k]
            for x, k in zip(maps, (2, 4, 8), strict=True)
        ]
        share = weight[index, 0, rows, columns]
        wanted = share > 0
        change = crm.at_pixels((parts[0], parts[1], parts[2]), wanted).float()
        given = result[index, 0, rows, columns][wanted]
        better = given.clamp(-LOGIT_LIMIT, LOGIT_LIMIT) + change
        mixed = given + share[wanted].float() * (better - given)
        result[index, 0, rows, columns][wanted] = torch.where(change.abs() <= _UNCHANGED, given, mixed)
    return result


def _box_around(wanted: Tensor) -> Box | None:
    """Return the part of the maps that pixels (H, W) need, on the grid of the coarsest; None without any."""
    rows, columns = wanted.any(dim=1).nonzero(), wanted.any(dim=0).nonzero()
    if len(rows) == 0:
        return None
    box = Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1).pad(_MAPS_PX)
    on_grid = Box(box.x0 // 8 * 8, box.y0 // 8 * 8, -(-box.x1 // 8) * 8, -(-box.y1 // 8) * 8)
    return on_grid.clip(Box.whole((wanted.shape[0], wanted.shape[1])))
