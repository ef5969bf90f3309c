"""What of a session's clicks and prompts counts in a crop, and how the network is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt, Click, Stroke
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.crop import Crop
from meticulous_gui.engine.clicks.state import PlacedClick, State

__all__ = ["ON_A_STROKE", "apart", "in_net", "includes", "last_on_each_pixel", "net_click", "on_strokes"]

ON_A_STROKE: Final = -1
"""The id of points that stand for a scribble; clicks have ids from 0 on."""

_LEAST_APART_NET_PX: Final = 1.0
_STROKE_STEP_NET_PX: Final = 8.0
_MOST_STROKE_POINTS: Final = 24


def on_strokes(
    prompts: Sequence[BoxPrompt | Stroke], crop: Crop, size_hw: tuple[int, int], fixed: Mask | None
) -> list[PlacedClick]:
    """Return points along the scribbles that must be obeyed like clicks; the network sees the lines."""
    points: list[PlacedClick] = []
    for prompt in prompts:
        if not isinstance(prompt, Stroke):
            continue
        path = np.array([(x, y) for x, y, _ in prompt.points_xy], np.float64)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
        n_points = int(np.clip(along[-1] * crop.scale / _STROKE_STEP_NET_PX + 1, 1, _MOST_STROKE_POINTS))
        places = np.linspace(0.0, along[-1], n_points)
        for x, y in zip(*(np.interp(places, along, path[:, axis]) for axis in (0, 1)), strict=True):
            row, col = int(np.floor(y)), int(np.floor(x))
            is_inside = 0 <= row < size_hw[0] and 0 <= col < size_hw[1]
            if is_inside and (fixed is None or not fixed[row, col]):
                points.append(PlacedClick(ON_A_STROKE, row, col, prompt.is_adding))
    return points


def last_on_each_pixel(clicks: Sequence[PlacedClick]) -> list[PlacedClick]:
    """Return the clicks without those that a later one on their pixel covers."""
    latest = {(click.row, click.col): click for click in clicks}
    return [click for click in clicks if latest[(click.row, click.col)] is click]


def apart(clicks: Sequence[PlacedClick], crop: Crop) -> list[PlacedClick]:
    """Leave out clicks that a later one of the other sign nearly covers: no answer could obey both."""
    places = np.array([click.xy for click in clicks], np.float64).reshape(-1, 2)
    signs = np.array([click.is_positive for click in clicks], np.bool_)
    distances = np.linalg.norm(places[:, None] - places[None], axis=2) * crop.scale
    is_covered = (distances < _LEAST_APART_NET_PX) & (signs[:, None] != signs[None])
    is_covered = np.triu(is_covered, 1).any(axis=1)
    return [click for click, covered in zip(clicks, is_covered, strict=True) if not covered]


def net_click(click: PlacedClick, crop: Crop) -> Click:
    """Return a click in pixels of the network's picture."""
    x, y = crop.image_to_net.apply_xy(*click.xy)
    return Click(x, y, click.is_positive)


def in_net(prompts: Sequence[BoxPrompt | Stroke], crop: Crop) -> tuple[BoxPrompt | Stroke, ...]:
    """Return boxes and scribbles in pixels of the network's picture."""
    to_net = crop.image_to_net
    moved: list[BoxPrompt | Stroke] = []
    for prompt in prompts:
        if isinstance(prompt, BoxPrompt):
            x0, y0 = to_net.apply_xy(prompt.box.x0, prompt.box.y0)
            x1, y1 = to_net.apply_xy(prompt.box.x1, prompt.box.y1)
            moved.append(BoxPrompt(Box(round(x0), round(y0), round(x1), round(y1))))
        else:
            points = tuple((*to_net.apply_xy(x, y), pressure) for x, y, pressure in prompt.points_xy)
            moved.append(Stroke(points, prompt.radius_px * crop.scale, is_adding=prompt.is_adding))
    return tuple(moved)


def includes(state: State) -> bool:
    """Say whether anything points at the object itself."""
    return any(click.is_positive for click in state.clicks) or any(
        isinstance(prompt, BoxPrompt) or prompt.is_adding for prompt in state.prompts
    )
