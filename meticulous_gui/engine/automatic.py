"""Which refiner suits a mask: CRM where its edge is nearly right, else MOS_H (docs/decisions/0035)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import softened
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.fields import AlphaField
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.resample import as_batch_rgb
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.types import Alpha

__all__ = ["choose_refiner", "places_on_edge"]

NEARLY_RIGHT_PX: Final = 1.4
"""An edge that MOS_H moves by less than this on the mean is nearly right."""

_N_PLACES: Final = 4
_N_LINES: Final = 256  # rows, and columns, in which the edge is looked for


def choose_refiner(
    photo: PhotoLevels,
    refiners: tuple[Refiner, ...],
    *,
    alpha: Alpha,
    alpha_box: Box,
    region: Region,
) -> Refiner:
    """Return the refiner that suits the edge of a mask best.

    The last one is tried at a few places of the edge: how far it moves the edge says how far that is off.

    Args:
        photo: the photo.
        refiners: the only one; or the one for an edge that is nearly right and the one for all others.
        alpha: (alpha_box.height, alpha_box.width) uint8, the mask.
        alpha_box: where it lies on the photo; holds the region.
        region: what is to be refined.
    """
    *nearly_right, otherwise = refiners
    places = places_on_edge(alpha, alpha_box, region) if nearly_right else []
    if not places:
        return refiners[0]
    side = otherwise.patch_px
    height, width = photo.size_hw
    corners = [
        (min(max(x - side // 2, 0), max(width - side, 0)), min(max(y - side // 2, 0), max(height - side, 0)))
        for x, y in places
    ]
    boxes = [Box(x, y, x + side, y + side) for x, y in dict.fromkeys(corners)]
    field = AlphaField(alpha, alpha_box, photo.size_hw, ramp=otherwise.ramp)
    given = np.stack([softened(field.crop(box)) for box in boxes])
    rgb = np.stack([as_batch_rgb(photo.crop(1, box)) for box in boxes])
    answers = otherwise.refine(rgb, given[:, None])[:, 0]
    n_changed = n_edge = 0
    for box, before, after in zip(boxes, given >= 0, answers >= 0, strict=True):
        counted = _centre(box, photo.size_hw, otherwise.margin_px).slices()
        inside = before[counted]
        n_changed += int(np.count_nonzero(inside != after[counted]))
        n_edge += int(np.count_nonzero(inside[1:] != inside[:-1]))
        n_edge += int(np.count_nonzero(inside[:, 1:] != inside[:, :-1]))
    return nearly_right[0] if n_changed < NEARLY_RIGHT_PX * max(1, n_edge) else otherwise


def _centre(box: Box, size_hw: tuple[int, int], margin_px: int) -> Box:
    """Return the pixels of a patch, counted from its corner, that lie on the photo and have enough around."""
    left, top = (0 if start == 0 else margin_px for start in (box.x0, box.y0))
    right, bottom = (
        length - start if end >= length else end - start - margin_px
        for start, end, length in ((box.x0, box.x1, size_hw[1]), (box.y0, box.y1, size_hw[0]))
    )
    return Box(left, top, right, bottom)


def places_on_edge(alpha: Alpha, alpha_box: Box, region: Region) -> list[tuple[int, int]]:
    """Return a few pixels (x, y) of the photo, spread along the edge that may change; [] without one.

    Args:
        alpha: (alpha_box.height, alpha_box.width) uint8.
        alpha_box: where it lies; holds the region.
        region: what may change.
    """
    box, found = region.box, []
    for y in range(box.y0, box.y1, max(1, box.height // _N_LINES)):
        row = Box(box.x0, y, box.x1, y + 1)
        found += [(x, y) for x in _crossings(alpha, alpha_box, region, row) + box.x0]
    for x in range(box.x0, box.x1, max(1, box.width // _N_LINES)):
        column = Box(x, box.y0, x + 1, box.y1)
        found += [(x, y) for y in _crossings(alpha, alpha_box, region, column) + box.y0]
    chosen = np.linspace(0, len(found) - 1, min(_N_PLACES, len(found)) + 2)[1:-1]
    return [(int(found[round(index)][0]), int(found[round(index)][1])) for index in chosen]


def _crossings(alpha: Alpha, alpha_box: Box, region: Region, line: Box) -> NDArray[np.intp]:
    """Return where the edge crosses a line one pixel wide and may change, counted from its start."""
    inside = alpha[line.translate(-alpha_box.x0, -alpha_box.y0).slices()].ravel() >= 128
    return np.flatnonzero((inside[1:] != inside[:-1]) & region.allowed(line).ravel()[1:]) + 1
