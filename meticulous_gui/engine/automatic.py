"""The refiner that chooses: CRM where an edge is nearly right, MOS_H with it around what is far off."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.continuous import CrmRefiner, contour_distance
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.tiling import FADE_PX as REACH_PX
from meticulous_gui.engine.types import Batch, Logits, Mask

FAR_PX: Final = 3.0
"""From this distance to the edge that came in a change is far: there MOS_H is asked as well."""

AROUND_PX: Final = 20
FADE_PX: Final = 8
"""So far around such a change both networks count alike; over so many pixels more MOS_H's share falls."""


class AutomaticRefiner:
    """CRM and MOS_H as one `Refiner` (docs/decisions/0035).

    Attributes:
        patch_px, margin_px, has_halo, temperature, ramp: those of CRM, see `Refiner`.
    """

    def __init__(self, near: CrmRefiner, far: Refiner) -> None:
        """Take CRM, which is always asked, and MOS_H, which is asked where CRM moved an edge far."""
        self._near, self._far = near, far
        self.patch_px, self.margin_px, self.has_halo = near.patch_px, near.margin_px, near.has_halo
        self.temperature, self.ramp = near.temperature, near.ramp
        # What is answered of a patch, and as much around it as the other network needs.
        self._answered = Box(0, 0, near.patch_px, near.patch_px).pad(REACH_PX - near.margin_px)
        self._seen = self._answered.pad(far.margin_px)

    @property
    def batch_size(self) -> int:
        return self._near.batch_size

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        """Return better logits; of a patch's margin only what fades into its neighbours is answered."""
        answer = self._near.refine(rgb, logits)
        rows, columns = self._answered.slices()
        inner = self._answered.translate(-self._seen.x0, -self._seen.y0).slices()
        for index, given in enumerate(logits[:, 0]):
            found = answer[index, 0, rows, columns]
            distance = contour_distance(given[self._seen.slices()])[inner]
            far = ((found >= 0) != (given[rows, columns] >= 0)) & (distance > FAR_PX)
            if far.any():
                other = self._second_answer(rgb[index], given)[inner]
                answer[index, 0, rows, columns] = found + share_of_second(far) * (other - found)
        return answer

    def _second_answer(self, rgb: Batch, given: Logits) -> Logits:
        """Return what MOS_H says of the part of one patch that it sees."""
        rows, columns = self._seen.slices()
        second: Logits = self._far.refine(
            np.ascontiguousarray(rgb[None, :, rows, columns]),
            np.ascontiguousarray(given[None, None, rows, columns]),
        )[0, 0]
        return second


def share_of_second(far: Mask) -> NDArray[np.float32]:
    """Return how much MOS_H counts: one half around far changes, falling to 0 farther away.

    Args:
        far: (H, W) bool, where changes are far.

    Returns:
        (H, W) float32 0..0.5.
    """
    distance = cv2.distanceTransform((~far).astype(np.uint8), cv2.DIST_L2, 5)
    share = (AROUND_PX + FADE_PX - distance) / np.float32(2 * FADE_PX)
    return np.asarray(np.clip(share, 0, 0.5), np.float32)
