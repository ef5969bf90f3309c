"""Where the edge of a mask is new, so that a refiner sharpens that much of it and no more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.crop import CROP_PX, EXPANSION

__all__ = ["LEAST_REACH_PX", "NewEdge", "new_edge"]

OFF_BY_NET_PX: Final = 3.0
LEAST_REACH_PX: Final = 8
COARSEST: Final = 8


@dataclass(frozen=True, eq=False)
class NewEdge:
    """An edge to sharpen.

    Attributes:
        box: where.
        mask: (box.height, box.width) bool, what may change.
        coarsest: how far off the edge may be, as a refine takes it: a power of two.
    """

    box: Box
    mask: Mask
    coarsest: int


def new_edge(mask: Mask, box: Box, changed: Mask) -> NewEdge | None:
    """Return the surroundings of the edge that a change of a mask has made; None where it made none.

    Args:
        mask: (H, W) bool, as it is now.
        box: where it changed.
        changed: (box.height, box.width) bool, the pixels that did.
    """
    if box.is_empty:
        return None
    scale = max(box.size_hw) * EXPANSION / CROP_PX  # photo pixels to one of the network's
    reach = max(LEAST_REACH_PX, math.ceil(OFF_BY_NET_PX * scale))
    around = box.pad(reach).clip(Box.whole((mask.shape[0], mask.shape[1])))
    inside = mask[around.slices()].view(np.uint8)
    near = np.zeros(around.size_hw, np.uint8)
    near[box.translate(-around.x0, -around.y0).slices()] = changed
    near = np.asarray(cv2.dilate(near, np.ones((3, 3), np.uint8)), np.uint8)
    edge = cv2.morphologyEx(inside, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) & near
    if not edge.any():
        return None
    band = np.asarray(cv2.dilate(edge, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)), np.uint8) > 0
    tight = bounding_box(band)
    coarsest = min(COARSEST, 2 ** max(0, round(math.log2(max(scale, 1.0)))))
    where = tight.translate(around.x0, around.y0)
    return NewEdge(where, np.ascontiguousarray(band[tight.slices()]), coarsest)
