"""CRM in the role of a refiner: large patches with the exact halo, asked only where the mask is uncertain."""

from __future__ import annotations

from typing import Final, cast

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from meticulous_gui.core.errors import WeightsError
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.device import place
from meticulous_gui.engine.models.crm import LOGIT_LIMIT, STRIDE, CrmNet, pixel_places
from meticulous_gui.engine.types import Batch, Logits

HALO_PX: Final = 144
"""Farther away nothing of a photo reaches a pixel's answer (fact sheet 4.5), so tiles equal the whole."""

CORE_PX: Final = 256
UNCERTAIN: Final = 2.94
"""Logits nearer to zero than this, a probability between 5 and 95 %, are asked again."""

NEAR_PX: Final = 12
"""Pixels this near to the contour are asked again: as far as the cascade writes."""

FADE_PX: Final = 24
"""Changes fade out from ``NEAR_PX`` to this distance from the contour that came in, so none leaks far."""


class CrmRefiner:
    """CRM as a `Refiner`.

    Attributes:
        patch_px, margin_px, temperature, ramp: see `Refiner`.
    """

    patch_px: int = CORE_PX + 2 * HALO_PX
    margin_px: int = HALO_PX

    def __init__(self, card: Card, network: nn.Module, device: torch.device) -> None:
        if cast(CrmNet, network).is_exact:
            raise WeightsError(
                f"{card.name} is a CRM of the published mode, which is only for comparison; "
                "choose one of the recommended mode."
            )
        self.card = card
        self.temperature = card.temperature
        self.ramp = card.ramp
        side = self.patch_px
        step = torch.linspace(-8, 8, side).expand(1, 1, side, side)
        example = (torch.rand(1, 3, side, side), step.contiguous(), torch.ones(1, 1, side, side))
        self.placed = place(network, banded_logits, example, device=device)

    @property
    def batch_size(self) -> int:
        return self.placed.ladder.batch_size

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        """Return better logits near the contour and where they are uncertain, the same ones elsewhere."""
        weights = np.stack([change_weight(each[0]) for each in logits])[:, None]
        answer: Batch = self.placed.run(
            torch.from_numpy(rgb), torch.from_numpy(logits), torch.from_numpy(weights)
        ).numpy()
        return np.where(weights > 0, answer, logits)


def change_weight(logits: Logits) -> Logits:
    """Return how much of a change counts at each pixel: 1 near the contour, fading to 0 farther away.

    Args:
        logits: (H, W) float32 of the mask that came in.

    Returns:
        (H, W) float32 0..1; 0 where nothing needs to be asked.
    """
    inside = (logits >= 0).astype(np.uint8)
    if inside.all() or not inside.any():
        return (np.abs(logits) < UNCERTAIN).astype(np.float32)
    to_outside = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    to_inside = cv2.distanceTransform(1 - inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    distance = np.maximum(to_outside, to_inside)
    fading = np.clip((FADE_PX - distance) / np.float32(FADE_PX - NEAR_PX), 0, 1)
    wanted = (distance <= NEAR_PX) | (np.abs(logits) < UNCERTAIN)
    return np.where(wanted, fading, 0).astype(np.float32)


def banded_logits(network: nn.Module, rgb: Tensor, logits: Tensor, weight: Tensor) -> Tensor:
    """Return CRM's logits where the weight is not zero, mixed with those that came in by the weight.

    Args:
        network: a `CrmNet` of the recommended mode.
        rgb: [B, 3, S, S] 0..1.
        logits: [B, 1, S, S].
        weight: [B, 1, S, S] 0..1.

    Returns:
        [B, 1, S, S] float32.
    """
    crm = cast(CrmNet, network)
    projected = crm.projected(crm.features(rgb, logits))
    places = pixel_places((rgb.shape[-2], rgb.shape[-1]), device=rgb.device).to(projected.dtype)
    cell_yx = torch.full((2,), 1 / STRIDE, device=rgb.device)
    limited = logits.float().clamp(-LOGIT_LIMIT, LOGIT_LIMIT).flatten(1)
    result = limited.clone()
    for index in range(rgb.shape[0]):
        flat = weight[index].flatten().nonzero().squeeze(1)
        if flat.numel() == 0:
            continue
        change = crm.query(projected[index : index + 1], places[flat].unsqueeze(0), cell_yx)[0].float()
        result[index, flat] += change * weight[index].flatten()[flat].float()
    return result.view_as(logits)
