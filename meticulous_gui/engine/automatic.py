"""The refiner that chooses: CRM where an edge is nearly right, CRM and MOS_H together where it is off."""

from __future__ import annotations

from typing import Final

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.continuous import CrmRefiner, contour_distance
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.tiling import FADE_PX
from meticulous_gui.engine.types import Batch, Logits

NEAR_PX: Final = 2.0
"""Up to this distance from the contour that came in CRM alone is right more often than with MOS_H."""

FAR_PX: Final = 6.0
"""From this distance on the two have one vote each: together they are right more often than either."""


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
        self._answered = Box(0, 0, near.patch_px, near.patch_px).pad(FADE_PX - near.margin_px)
        self._seen = self._answered.pad(far.margin_px)

    @property
    def batch_size(self) -> int:
        return self._near.batch_size

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        """Return better logits; of a patch's margin only what fades into its neighbours is answered."""
        answer = self._near.refine(rgb, logits)
        rows, columns = self._answered.slices()
        for index, given in enumerate(logits[:, 0]):
            distance = contour_distance(given[self._seen.slices()])
            inner = self._answered.translate(-self._seen.x0, -self._seen.y0).slices()
            found, distance = answer[index, 0, rows, columns], distance[inner]
            moved = (found >= 0) != (given[rows, columns] >= 0)
            if (moved & (distance > NEAR_PX)).any():
                share = 0.5 * np.clip((distance - NEAR_PX) / np.float32(FAR_PX - NEAR_PX), 0, 1)
                other = self._second_answer(rgb[index], given)[inner]
                answer[index, 0, rows, columns] = found + share * (other - found)
        return answer

    def _second_answer(self, rgb: Batch, given: Logits) -> Logits:
        """Return what MOS_H says of the part of one patch that it sees."""
        rows, columns = self._seen.slices()
        second: Logits = self._far.refine(
            np.ascontiguousarray(rgb[None, :, rows, columns]),
            np.ascontiguousarray(given[None, None, rows, columns]),
        )[0, 0]
        return second
