"""A small picture of what one step of the history changed, made from the step alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Rgb
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.resample import resize, resize_area, scaled_hw
from meticulous_gui.core.step import Step
from meticulous_gui.core.tiles import TILE_PX, TileKey, unpack_bits, unpack_pixels
from meticulous_gui.core.types import Probability, RgbImage

__all__ = ["StepSketch", "draw_photo", "draw_sketch", "sketch_step"]

CONTEXT = 0.35
"""How much of the photo is shown around a change, of its longer side."""

MIN_SIDE_PX = 48
"""Less of the photo would be a blur."""

DIMMED = 0.55
STRENGTH = 0.75


@dataclass(frozen=True, eq=False)
class StepSketch:
    """What a picture is made of; quick to take, and safe to hand to another thread.

    Attributes:
        crop: (h, w, 3) uint8, a little more of the photo than was changed, about as large as the picture.
        view: the part of the photo in ``crop``.
        tiles: the changed tiles and their differences, compressed.
        colour: of the layer.
    """

    crop: RgbImage
    view: Box
    tiles: tuple[tuple[TileKey, tuple[bytes, bytes]], ...]
    colour: Rgb


def sketch_step(step: Step, photo: Pyramid, colours: dict[int, Rgb], *, side_px: int) -> StepSketch | None:
    """Return what the picture of a closed step is made of, None for a step that changed no pixel.

    Args:
        step: of several layers the one with most changes counts.
        photo: its levels.
        colours: of the layers, by id.
        side_px: of the picture.
    """
    if step.is_open or not step.boxes:
        return None
    layer_id, box = max(step.boxes.items(), key=lambda entry: entry[1].area)
    if box.is_empty:
        return None
    tiles = []
    for (owner, key), diff in step.items():
        parts = diff.packed()
        if owner == layer_id and isinstance(parts[0], bytes) and isinstance(parts[1], bytes):
            tiles.append((key, (parts[0], parts[1])))
    view = _around(box, photo.box)
    level = photo.level_for(side_px / max(view.width, view.height))
    crop = photo.level(level)[view.scaled(0.5**level).clip(Box.whole(photo.level(level).shape[:2])).slices()]
    return StepSketch(np.array(crop), view, tuple(tiles), colours.get(layer_id, (128, 128, 128)))


def draw_sketch(sketch: StepSketch, *, side_px: int) -> RgbImage:
    """Return the picture, (h, w, 3) uint8: the photo dimmed, and what changed in the layer's colour.

    Args:
        side_px: its longer side.
    """
    size_hw = _fitted(sketch.view, side_px)
    photo = resize(sketch.crop, size_hw).astype(np.float32)
    changed = _changed(sketch, size_hw)[:, :, None]
    tint = np.array(sketch.colour, np.float32) * STRENGTH + photo * (1 - STRENGTH)
    return np.clip(photo * DIMMED * (1 - changed) + tint * changed + 0.5, 0, 255).astype(np.uint8)


def draw_photo(photo: Pyramid, *, side_px: int) -> RgbImage:
    """Return the whole photo small, (h, w, 3) uint8 with the longer side ``side_px``."""
    level = photo.level(photo.level_for(side_px / max(photo.size_hw)))
    return resize(level, _fitted(photo.box, side_px))


def _fitted(box: Box, side_px: int) -> tuple[int, int]:
    return scaled_hw(box.size_hw, side_px / max(box.size_hw))


def _around(box: Box, photo: Box) -> Box:
    """Return a square around a change, as far as the photo reaches, with some of what lies around it."""
    side = max(round(max(box.width, box.height) * (1 + CONTEXT)), MIN_SIDE_PX)
    width, height = min(side, photo.width), min(side, photo.height)
    x0 = min(max((box.x0 + box.x1 - width) // 2, 0), photo.width - width)
    y0 = min(max((box.y0 + box.y1 - height) // 2, 0), photo.height - height)
    return Box(x0, y0, x0 + width, y0 + height)


def _changed(sketch: StepSketch, size_hw: tuple[int, int]) -> Probability:
    """Return how much of each pixel of the picture changed, (h, w) float32 0..1.

    Each tile is shrunk by itself: a change of a whole photo of 100 MP is never there in full.
    """
    view = sketch.view
    cell = 1  # pixels of a shrunk tile's side: at least those of the picture
    while cell < TILE_PX and cell * view.width < size_hw[1] * TILE_PX:
        cell *= 2
    rows = range(view.y0 // TILE_PX, (view.y1 - 1) // TILE_PX + 1)
    columns = range(view.x0 // TILE_PX, (view.x1 - 1) // TILE_PX + 1)
    mosaic = np.zeros((len(rows) * cell, len(columns) * cell), np.uint8)
    for (row, column), packed in sketch.tiles:
        if row in rows and column in columns:
            place = Box(0, 0, cell, cell).translate((column - columns[0]) * cell, (row - rows[0]) * cell)
            mosaic[place.slices()] = resize_area(_changed_pixels(packed), (cell, cell))
    scale = cell / TILE_PX
    inside = view.translate(-columns[0] * TILE_PX, -rows[0] * TILE_PX).scaled(scale)
    cut = np.ascontiguousarray(mosaic[inside.clip(Box.whole(mosaic.shape)).slices()])
    return resize(cut, size_hw).astype(np.float32) / np.float32(255)


def _changed_pixels(packed: Sequence[bytes]) -> NDArray[np.uint8]:
    alpha, bits = unpack_pixels(packed[0]), np.unpackbits(unpack_bits(packed[1]), axis=1)
    return np.where((alpha != 0) | (bits != 0), np.uint8(255), np.uint8(0))
