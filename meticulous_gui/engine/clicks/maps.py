"""What a person pointed at, drawn for the network: one plane for what belongs, one for what does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.prompts import BoxPrompt, Click, Stroke
from meticulous_gui.core.types import Probability

__all__ = [
    "DISK_RADIUS_PX",
    "Planes",
    "draw_box",
    "draw_disk",
    "draw_path",
    "prompt_planes",
    "quantised",
]

DISK_RADIUS_PX: Final = 5.0
"""Radius of a click's disc in network pixels."""

_FRAME_PX: Final = 3
_VIRTUAL_CLICK_PX: Final = 6.0  # outside the middle of each edge of a box
_SUBPIXEL_BITS: Final = 4

Planes = NDArray[np.uint8]
"""(2, S, S) uint8, 0 or 1: include, exclude."""


def draw_disk(plane: NDArray[np.uint8], x: float, y: float, radius_px: float = DISK_RADIUS_PX) -> None:
    """Set the pixels whose centres lie within ``radius_px`` of the point; it may lie outside the plane."""
    height, width = plane.shape
    x0, x1 = max(0, int(np.floor(x - radius_px))), min(width, int(np.ceil(x + radius_px)) + 1)
    y0, y1 = max(0, int(np.floor(y - radius_px))), min(height, int(np.ceil(y + radius_px)) + 1)
    if x0 >= x1 or y0 >= y1:
        return
    dx = np.arange(x0, x1) + 0.5 - x
    dy = np.arange(y0, y1) + 0.5 - y
    plane[y0:y1, x0:x1][dy[:, None] ** 2 + dx[None, :] ** 2 <= radius_px**2] = 1


def draw_path(plane: NDArray[np.uint8], points_xy: Iterable[tuple[float, float]]) -> None:
    """Draw a scribble as a line as thick as a click's disc."""
    points = np.array([(x, y) for x, y in points_xy], np.float64)
    codes = np.rint((points - 0.5) * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    thickness = int(2 * DISK_RADIUS_PX) + 1
    cv2.polylines(plane, [codes.reshape(-1, 1, 2)], False, 1, thickness, cv2.LINE_8, _SUBPIXEL_BITS)


def draw_box(planes: Planes, x0: float, y0: float, x1: float, y1: float) -> None:
    """Draw a box as a thin frame outside it and four discs outside its edges, all of them excluding."""
    plane = planes[1]
    inner = np.rint([x0, y0, x1, y1]).astype(int)
    outer = inner + np.array([-_FRAME_PX, -_FRAME_PX, _FRAME_PX, _FRAME_PX])
    frame = np.zeros_like(plane)
    for (left, top, right, bottom), value in ((outer, 1), (inner, 0)):
        frame[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = value
    np.maximum(plane, frame, out=plane)
    middle_x, middle_y, away = (x0 + x1) / 2, (y0 + y1) / 2, _VIRTUAL_CLICK_PX
    for x, y in (
        (middle_x, y0 - away),
        (middle_x, y1 + away),
        (x0 - away, middle_y),
        (x1 + away, middle_y),
    ):
        draw_disk(plane, x, y)


def prompt_planes(prompts: Iterable[Click | BoxPrompt | Stroke], size_px: int) -> Planes:
    """Return the planes of prompts given in network pixels."""
    planes = np.zeros((2, size_px, size_px), np.uint8)
    for prompt in prompts:
        match prompt:
            case Click():
                draw_disk(planes[0 if prompt.is_positive else 1], prompt.x, prompt.y)
            case Stroke():
                draw_path(planes[0 if prompt.is_adding else 1], [(x, y) for x, y, _ in prompt.points_xy])
            case BoxPrompt(box=box):
                draw_box(planes, box.x0, box.y0, box.x1, box.y1)
    return planes


def quantised(probability: Probability) -> NDArray[np.uint8]:
    """Return a mask in the coding in which the network is given it again: 0..255.

    What is kept for undo is exactly what the next step reads.
    """
    return np.rint(probability * np.float32(255)).astype(np.uint8)
