"""What an export will look like: the whole result reduced, or a part of it pixel for pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.finish import Frame, cleaned_colours, frame_around, make_backdrop, over
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.resample import resize, scaled_hw
from meticulous_gui.core.types import Alpha, RgbImage

__all__ = ["Preview", "PreviewSource", "preview_annotations", "preview_cutout", "preview_detail"]

_HALO_PX = 96
"""How far around a part the cleaning of its edges looks."""
_TINT = 0.5


@dataclass(frozen=True, eq=False)
class Preview:
    """A picture of a result.

    Attributes:
        rgba: (h, w, 4) uint8 sRGB, straight.
        size_hw: of the result itself.
    """

    rgba: NDArray[np.uint8]
    size_hw: tuple[int, int]


class PreviewSource:
    """A cut-out prepared for many previews: what is slow at the photo's size is done once.

    Args:
        photo: whose cut-out.
        alpha: (H, W) uint8, which nobody changes meanwhile.
        max_side_px: of the previews.
    """

    def __init__(self, photo: Photo, alpha: Alpha, *, max_side_px: int) -> None:
        self.photo = photo
        self.alpha = alpha
        self.max_side_px = max_side_px
        self._tight = bounding_box(alpha)
        self._step = 1
        while max(alpha.shape) / self._step >= 4 * max_side_px:
            self._step *= 2
        height, width = (max(side // self._step, 1) for side in alpha.shape)
        self._small_rgb = photo.rgb if self._step == 1 else resize(photo.rgb, (height, width))
        self._small_alpha = alpha if self._step == 1 else resize(alpha, (height, width))

    def frame(self, recipe: Recipe) -> Frame:
        """Return the frame of the result.

        Raises:
            ExportError: it is impossible.
        """
        return frame_around(self._tight, Box.whole((self.alpha.shape[0], self.alpha.shape[1])), recipe)

    def part(self, box: Box, size_hw: tuple[int, int]) -> tuple[RgbImage, Alpha]:
        """Return colours and alpha of a part at a size, from the reduced photo where that is sharp enough."""
        is_sharp = box.width / self._step >= size_hw[1] and box.height / self._step >= size_hw[0]
        rgb, alpha = (self._small_rgb, self._small_alpha) if is_sharp else (self.photo.rgb, self.alpha)
        scaled = box.scaled(1 / self._step) if is_sharp and self._step > 1 else box
        inner = scaled.clip(Box.whole((alpha.shape[0], alpha.shape[1]))).slices()
        return (
            resize(np.ascontiguousarray(rgb[inner]), size_hw),
            resize(np.ascontiguousarray(alpha[inner]), size_hw),
        )


def preview_cutout(source: PreviewSource, recipe: Recipe) -> Preview:
    """Return the whole result, reduced to the source's largest side; of a mask its grey values.

    Raises:
        ExportError: the frame is impossible, or the background cannot be read.
    """
    frame = source.frame(recipe)
    scale = min(1.0, source.max_side_px / max(frame.size_hw))
    content = scaled_hw(frame.content_hw, scale)
    rgb, small_alpha = source.part(frame.box, content)
    size_hw = tuple(
        max(side, inner) for side, inner in zip(scaled_hw(frame.size_hw, scale), content, strict=True)
    )
    y0, x0 = (size_hw[0] - content[0]) // 2, (size_hw[1] - content[1]) // 2
    placed_alpha = np.zeros(size_hw, np.uint8)
    placed_alpha[y0 : y0 + content[0], x0 : x0 + content[1]] = small_alpha
    if recipe.format == "mask":
        return Preview(_grey(placed_alpha, recipe), frame.size_hw)
    colours = np.zeros((*size_hw, 3), np.uint8)
    cleaned = cleaned_colours(rgb, small_alpha, percent=recipe.edge_cleaning_percent)
    colours[y0 : y0 + content[0], x0 : x0 + content[1]] = cleaned
    return Preview(_on_background(colours, placed_alpha, recipe), frame.size_hw)


def preview_detail(
    source: PreviewSource, recipe: Recipe, *, centre: tuple[float, float], size_wh: tuple[int, int]
) -> Preview:
    """Return a part of the result pixel for pixel.

    Args:
        source: the cut-out.
        recipe: how.
        centre: of the part, in shares 0..1 of the result's width and height.
        size_wh: of the part, at most.

    Raises:
        ExportError: as ``preview_cutout``.
    """
    photo, alpha, frame = source.photo, source.alpha, source.frame(recipe)
    view = _view_of(frame, centre, size_wh)
    # The photo's part that is seen, with what the cleaning looks at around it.
    scale = frame.scale
    x0, y0 = ((view.x0 - frame.origin_xy[0]) / scale, (view.y0 - frame.origin_xy[1]) / scale)
    seen = Box(int(x0), int(y0), int(x0 + view.width / scale) + 1, int(y0 + view.height / scale) + 1)
    part = seen.translate(frame.box.x0, frame.box.y0).pad(_HALO_PX).clip(frame.box)
    colours = np.zeros((view.height, view.width, 3), np.uint8)
    placed_alpha = np.zeros((view.height, view.width), np.uint8)
    if not part.is_empty:
        part_alpha = np.ascontiguousarray(alpha[part.slices()])
        rgb = np.ascontiguousarray(photo.rgb[part.slices()])
        cleaned = cleaned_colours(rgb, part_alpha, percent=recipe.edge_cleaning_percent)
        here_x = frame.origin_xy[0] + (part.x0 - frame.box.x0) * scale - view.x0
        here_y = frame.origin_xy[1] + (part.y0 - frame.box.y0) * scale - view.y0
        # Half-pixel aligned, as resampling is everywhere.
        move = np.array([[scale, 0, here_x + (scale - 1) / 2], [0, scale, here_y + (scale - 1) / 2]])
        how = cv2.INTER_NEAREST if scale == 1 else cv2.INTER_LINEAR
        # Colours go on beyond the rim: mixed with black they would draw a line around it.
        colours = cv2.warpAffine(
            cleaned, move, (view.width, view.height), flags=how, borderMode=cv2.BORDER_REPLICATE
        )
        cv2.warpAffine(part_alpha, move, (view.width, view.height), dst=placed_alpha, flags=how)
    if recipe.format == "mask":
        return Preview(_grey(placed_alpha, recipe), frame.size_hw)
    return Preview(_on_background(colours, placed_alpha, recipe, frame, view), frame.size_hw)


def preview_annotations(rgb: RgbImage, layers: Sequence[Layer], *, max_side_px: int) -> Preview:
    """Return the photo with every object in the colour of its layer.

    Args:
        rgb: (H, W, 3) uint8.
        layers: those that are written, the lowest first.
        max_side_px: of the picture.
    """
    size_hw = (rgb.shape[0], rgb.shape[1])
    small_hw = scaled_hw(size_hw, min(1.0, max_side_px / max(size_hw)))
    picture = resize(rgb, small_hw)
    for layer in layers:
        inside = resize(layer.alpha, small_hw) >= 128
        tinted = picture[inside] * (1 - _TINT) + np.array(layer.colour) * _TINT
        picture[inside] = np.rint(tinted)
        rim = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
        picture[rim] = layer.colour
    opaque = np.full((*small_hw, 1), 255, np.uint8)
    return Preview(np.concatenate([picture, opaque], axis=2), size_hw)


def _view_of(frame: Frame, centre: tuple[float, float], size_wh: tuple[int, int]) -> Box:
    """Return the part of the result that is seen, moved so that it stays inside."""
    height, width = frame.size_hw
    view_w, view_h = min(size_wh[0], width), min(size_wh[1], height)
    x0 = min(max(round(centre[0] * width - view_w / 2), 0), width - view_w)
    y0 = min(max(round(centre[1] * height - view_h / 2), 0), height - view_h)
    return Box(x0, y0, x0 + view_w, y0 + view_h)


def _grey(alpha: Alpha, recipe: Recipe) -> NDArray[np.uint8]:
    values = alpha if recipe.mask_values == "grey" else np.where(alpha >= 128, 255, 0).astype(np.uint8)
    return np.dstack([values, values, values, np.full_like(values, 255)])


def _on_background(
    colours: RgbImage, alpha: Alpha, recipe: Recipe, frame: Frame | None = None, view: Box | None = None
) -> NDArray[np.uint8]:
    """Return (h, w, 4): on the recipe's background if it has one, else transparent."""
    if not recipe.background:
        return np.dstack([colours, alpha])
    if frame is None or view is None:
        behind = make_backdrop(recipe.background, alpha.shape)
    else:
        behind = make_backdrop(recipe.background, frame.size_hw)[view.slices()]
    return np.dstack([over(colours, alpha, behind), np.full_like(alpha, 255)])
