"""Which crop to look at: the object with some room, and no more changes than needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt
from meticulous_gui.engine.clicks.crop import (
    EXPANSION,
    LEAST_SIDE_PX,
    Crop,
    Rect,
    overlap,
    square_crop,
    whole_crop,
)
from meticulous_gui.engine.clicks.piece import Piece
from meticulous_gui.engine.clicks.state import State

__all__ = ["crop_for", "next_crop", "runs_out", "wanted_crop"]

_CLICK_MARGIN_NET_PX: Final = 8.0
_LEAST_OVERLAP: Final = 0.72
_SHRINK_BELOW: Final = 0.85
_NEAR_BOXES: Final = 0.5  # of the box's longer side: excluding clicks farther away do not widen the crop
_SNAP: Final = 32  # corners lie on multiples of side / 32, sides on a geometric series
_SERIES: Final = 1.06


def crop_for(state: State, mask: Piece, size_hw: tuple[int, int], *, size_px: int) -> Crop:
    """Return the crop to look at for the clicks and prompts of a state.

    Args:
        state: its crop is the one of the answer before.
        mask: so far.
        size_hw: of the photo.
        size_px: side of the network's picture.
    """
    settings = state.settings
    n_prompts = len(state.clicks) + len(state.prompts)
    if not settings.zoom or n_prompts <= settings.zoom_after:
        return whole_crop(size_hw, size_px=size_px)
    include = [click.xy for click in state.clicks if click.is_positive]
    exclude = [click.xy for click in state.clicks if not click.is_positive]
    for prompt in state.prompts:
        if isinstance(prompt, BoxPrompt):
            corners = prompt.box.clip(Box.whole(size_hw))
            include += [(float(corners.x0), float(corners.y0)), (float(corners.x1), float(corners.y1))]
        elif prompt.is_adding:
            include += [(x, y) for x, y, _ in prompt.points_xy]
    return next_crop(
        state.crop, mask, include, exclude, size_hw, size_px=size_px, expansion=settings.expansion
    )


def wanted_crop(
    box: Box,
    include: Sequence[tuple[float, float]],
    exclude: Sequence[tuple[float, float]],
    size_hw: tuple[int, int],
    *,
    size_px: int,
    expansion: float = EXPANSION,
) -> Crop:
    """Return the crop for a mask's box and the clicks: all of the mask and of what was pointed at, and room.

    Sides and corners are snapped, so that nearly equal wishes give one crop and its encoding is used again.

    Args:
        box: of the mask, empty for none.
        include, exclude: (x, y) of the clicks in image pixels.
        size_hw: of the image.
        size_px: side of the network's picture.
        expansion: how much larger the crop is than what it must show.
    """
    points = list(include)
    if not box.is_empty:
        room = _NEAR_BOXES * max(box.size_hw)
        near = (box.x0 - room, box.y0 - room, box.x1 + room, box.y1 + room)
        points += [(x, y) for x, y in exclude if near[0] <= x < near[2] and near[1] <= y < near[3]]
    xs = [x for x, _ in points] + ([] if box.is_empty else [float(box.x0), float(box.x1)])
    ys = [y for _, y in points] + ([] if box.is_empty else [float(box.y0), float(box.y1)])
    if not xs:
        return whole_crop(size_hw, size_px=size_px)
    rect = (min(xs), min(ys), max(xs), max(ys))
    wished = square_crop(rect, size_hw, size_px=size_px, expansion=expansion)
    side = LEAST_SIDE_PX
    while side < wished.side:
        side *= _SERIES
    if side >= max(size_hw):
        return whole_crop(size_hw, size_px=size_px)
    step = side / _SNAP
    # Down to the grid first, then back inside: the same wish near an edge gives the same crop.
    corners = []
    middle_xy = ((rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2)
    for middle, length in zip(middle_xy, (size_hw[1], size_hw[0]), strict=True):
        corner = round((middle - side / 2) / step) * step
        corners.append((length - side) / 2 if side >= length else min(max(corner, 0.0), length - side))
    return Crop(corners[0], corners[1], side, size_px)


def next_crop(
    current: Crop | None,
    mask: Piece,
    include: Sequence[tuple[float, float]],
    exclude: Sequence[tuple[float, float]],
    size_hw: tuple[int, int],
    *,
    size_px: int,
    expansion: float = EXPANSION,
) -> Crop:
    """Return ``current`` where it still serves, else the wanted crop.

    It serves while every including click lies well inside, it overlaps the wanted one by most, the mask does
    not run out of it, and it is hardly larger than wanted.

    Args:
        current: the crop of the answer before.
        mask: so far, its box as small as it can be.
        include, exclude, size_hw: see `wanted_crop`.
        size_px: side of the network's picture.
        expansion: see `wanted_crop`.
    """
    wanted = wanted_crop(mask.box, include, exclude, size_hw, size_px=size_px, expansion=expansion)
    if current is None or current.size_px != size_px:
        return wanted
    is_whole = current.side >= max(size_hw)
    has_clicks = is_whole or all(
        current.contains(x, y, margin_net_px=_inner_margin(current, size_hw, x, y)) for x, y in include
    )
    if (
        has_clicks
        and overlap(_visible(current, size_hw), _visible(wanted, size_hw)) >= _LEAST_OVERLAP
        and (is_whole or not runs_out(mask, current, size_hw))
        and wanted.side >= _SHRINK_BELOW * current.side
    ):
        return current
    return wanted


def _inner_margin(crop: Crop, size_hw: tuple[int, int], x: float, y: float) -> float:
    """Return how far from the rim a click must lie: not at all where the rim is the image's own."""
    margin = _CLICK_MARGIN_NET_PX / crop.scale
    x0, y0, x1, y1 = crop.rect
    at_image_edge = (
        (x - x0 < margin and x0 <= 0)
        or (y - y0 < margin and y0 <= 0)
        or (x1 - x <= margin and x1 >= size_hw[1])
        or (y1 - y <= margin and y1 >= size_hw[0])
    )
    return 0.0 if at_image_edge else _CLICK_MARGIN_NET_PX


def _visible(crop: Crop, size_hw: tuple[int, int]) -> Rect:
    x0, y0, x1, y1 = crop.rect
    return max(x0, 0.0), max(y0, 0.0), min(x1, float(size_hw[1])), min(y1, float(size_hw[0]))


def runs_out(mask: Piece, crop: Crop, size_hw: tuple[int, int]) -> bool:
    """Say whether the mask lies on the crop's rim anywhere but at the image's own edge."""
    box = crop.box_in(size_hw)
    if box.is_empty:
        return True
    sides = (
        (box.x0 > 0, Box(box.x0, box.y0, box.x0 + 1, box.y1)),
        (box.x1 < size_hw[1], Box(box.x1 - 1, box.y0, box.x1, box.y1)),
        (box.y0 > 0, Box(box.x0, box.y0, box.x1, box.y0 + 1)),
        (box.y1 < size_hw[0], Box(box.x0, box.y1 - 1, box.x1, box.y1)),
    )
    return any(is_inner and mask.touches(line) for is_inner, line in sides)
