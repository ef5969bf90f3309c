"""From a document to the pixels of a viewport: any zoom, any view, only the box that is asked for.

The cost follows the viewport: a whole frame costs the same for one megapixel and for a hundred, and a box
shows exactly what the same box of a whole frame would show, to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.ground import STRIP_ROWS, Ground
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.sampling import Window, sample, sample_bgrx, shown_box
from meticulous_gui.core.types import Alpha, AnyImage
from meticulous_gui.core.view import NEAREST_FROM_ZOOM, View, ViewMode

__all__ = ["NEAREST_FROM_ZOOM", "Frame", "Scene", "SceneLayer", "View", "ViewMode", "render_into"]

Frame = NDArray[np.uint8]
"""(vh, vw, 4) uint8: blue, green, red, 255 in device pixels (Qt's RGB32 on little-endian machines)."""

_CHECKER_PX: Final = 8
_CHECKER_GREYS: Final = (154, 204)
_CONTOUR_REACH_PX: Final = 2
_DOUBT_RGB: Final = (213, 94, 0)
_HAND_RGB: Final = (86, 180, 233)


class SceneLayer(NamedTuple):
    """One layer as it is shown.

    Attributes:
        alpha: pyramid of the layer's (H, W) uint8 alpha.
        colour: (red, green, blue) 0..255.
        visible: whether it is drawn.
    """

    alpha: Pyramid
    colour: tuple[int, int, int]
    visible: bool = True


@dataclass
class Scene:
    """What a canvas shows.

    Attributes:
        photo: pyramid of the (H, W, 3) uint8 image.
        layers: the lowest first; a plain (pyramid, colour, visible) serves as well.
        active: index of the layer that is drawn on top.
        doubt: pyramid of uint8, how unsure networks are (0: sure, .. 255: a coin toss); None without any.
        decided: pyramid of uint8, 255 where a person has decided; None where nobody wants to see it.
        overlay_opacity: 0..1.
        overlay_inverted: the colour lies on the background of all visible layers instead.
        backdrop_rgb: what is seen beside the photo.
        ground: remembers the photo's pixels from one rendering to the next; None for a single one.
    """

    photo: Pyramid
    layers: Sequence[SceneLayer | tuple[Pyramid, tuple[int, int, int], bool]] = field(default_factory=list)
    doubt: Pyramid | None = None
    decided: Pyramid | None = None
    overlay_opacity: float = 0.5
    overlay_inverted: bool = False
    active: int = -1
    backdrop_rgb: tuple[int, int, int] = (43, 43, 43)
    ground: Ground | None = None

    def visible_layers(self) -> list[SceneLayer]:
        """Return the visible layers in the order of drawing: the active one last."""
        layers = [SceneLayer(*layer) for layer in self.layers]
        if layers:
            layers.append(layers.pop(self.active % len(layers)))
        return [layer for layer in layers if layer.visible]


def render_into(frame: Frame, scene: Scene, view: View, box: Box, mode: ViewMode) -> None:
    """Draw one box of a viewport.

    Args:
        frame: (vh, vw, 4) uint8 device pixels; only ``box`` of it is written.
        scene: what to show.
        view: where the photo lies in the viewport.
        box: device pixels; what lies outside the frame is ignored.
        mode: how to show it.
    """
    box = box.clip(Box.whole((frame.shape[0], frame.shape[1])))
    inner = box.clip(shown_box(view, scene.photo.size_hw))
    _fill_around(frame, box, inner, scene.backdrop_rgb)
    layers = scene.visible_layers()
    for y0 in range(inner.y0 // STRIP_ROWS * STRIP_ROWS, inner.y1, STRIP_ROWS):
        strip = Box(inner.x0, max(y0, inner.y0), inner.x1, min(y0 + STRIP_ROWS, inner.y1))
        window = Window(view, strip, scene.photo.size_hw)
        frame[strip.slices()] = _composed(scene, layers, window, mode)


def _composed(scene: Scene, layers: list[SceneLayer], window: Window, mode: ViewMode) -> Frame:
    """Return the (h, w, 4) pixels of a window that lies inside the photo."""
    match mode:
        case ViewMode.PHOTO:
            return _photo(scene, window)
        case ViewMode.OVERLAY:
            return _overlaid(scene, layers, window)
        case ViewMode.CONTOUR:
            return _contoured(scene, layers, window)
        case ViewMode.ALPHA:
            return _grey(_joint_alpha(layers, window))
        case ViewMode.BLACK:
            return _over(_photo(scene, window), _joint_alpha(layers, window))
        case ViewMode.WHITE:
            alpha = _joint_alpha(layers, window)
            return _over(_photo(scene, window), alpha, np.full(alpha.shape, 255, np.uint8))
        case ViewMode.CHECKERBOARD:
            return _over(_photo(scene, window), _joint_alpha(layers, window), _checkerboard(window))
        case ViewMode.CONFIDENCE:
            return _doubted(scene, window)
        case ViewMode.DECIDED:
            return _decided(scene, window)


def _photo(scene: Scene, window: Window) -> Frame:
    """Return the (h, w, 4) pixels of the photo, a new array."""
    if scene.ground is None:
        return sample_bgrx(scene.photo, window)
    return scene.ground.read(scene.photo, window)


def _overlaid(scene: Scene, layers: list[SceneLayer], window: Window) -> Frame:
    image = _photo(scene, window)
    if scene.overlay_inverted and layers:
        outside = _bytes(cv2.bitwise_not(_joint_alpha(layers, window)))
        _tint_into(image, outside, layers[-1].colour, scene.overlay_opacity)
        return image
    for layer in layers:
        _tint_into(image, sample(layer.alpha, window), layer.colour, scene.overlay_opacity)
    return image


def _contoured(scene: Scene, layers: list[SceneLayer], window: Window) -> Frame:
    """Return the photo with two lines along alpha 128: the layer's colour inside, black outside.

    One of the two is seen on any ground; between them lies the edge, and nothing hides it.
    """
    image = _photo(scene, window)
    wide = window.padded(_CONTOUR_REACH_PX)
    kernel = np.ones((3, 3), np.uint8)
    for layer in layers:
        mask = cv2.threshold(sample(layer.alpha, wide), 127, 255, cv2.THRESH_BINARY)[1]
        n_inside = cv2.countNonZero(mask)
        if n_inside in (0, mask.size):
            continue  # no edge in sight
        outer = wide.crop(cv2.subtract(cv2.dilate(mask, kernel), mask), window)
        inner = wide.crop(cv2.subtract(mask, cv2.erode(mask, kernel)), window)
        red, green, blue = (128 + channel // 2 for channel in layer.colour)
        for line, colour in ((outer, (0, 0, 0)), (inner, (red, green, blue))):
            part = bounding_box(line)
            if not part.is_empty:
                cv2.copyTo(_plain(part.size_hw, colour), line[part.slices()], image[part.slices()])
    return image


def _doubted(scene: Scene, window: Window) -> Frame:
    """Return the photo in grey with orange where the network was not sure."""
    image = _photo(scene, window)
    if scene.doubt is None:
        return image
    pale = _pale(image)
    _tint_into(pale, sample(scene.doubt, window), _DOUBT_RGB, 0.9)
    return pale


def _decided(scene: Scene, window: Window) -> Frame:
    """Return the photo in grey with blue where a person has decided."""
    image = _photo(scene, window)
    if scene.decided is None:
        return image
    pale = _pale(image)
    _tint_into(pale, sample(scene.decided, window), _HAND_RGB, 0.8)
    return pale


def _pale(image: Frame) -> Frame:
    """Return a photo in greys that leave room for a colour."""
    grey = cv2.convertScaleAbs(cv2.cvtColor(image, cv2.COLOR_BGRA2GRAY), alpha=0.6, beta=40.0)
    return _grey(_bytes(grey))


def _tint_into(image: Frame, alpha: Alpha, colour: tuple[int, int, int], opacity: float) -> None:
    """Lay ``colour`` over ``image`` as far as alpha and opacity say."""
    part = bounding_box(alpha)
    if part.is_empty:
        return
    keep, add = _tint_tables(colour, round(min(max(opacity, 0.0), 1.0) * 255))
    seen, below = alpha[part.slices()], image[part.slices()]
    cv2.multiply(below, _looked_up(seen, keep), dst=below, scale=1.0 / 255.0)
    cv2.add(below, _looked_up(seen, add), dst=below)


@lru_cache(maxsize=64)
def _tint_tables(colour: tuple[int, int, int], opacity: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return for each alpha how much of the photo is kept and what is added, (256,) words of four bytes.

    The fourth byte adds just what was not kept of 255. Words, not bytes: a pixel is looked up once, not once
    for each channel, and a whole frame of overlay takes half the time.
    """
    weight = np.rint(np.arange(256) * (opacity / 255.0))[:, None]
    bgrx = np.array((colour[2], colour[1], colour[0], 255))
    keep = np.repeat(255.0 - weight, 4, axis=1).astype(np.uint8)
    add = np.rint(weight * bgrx / 255.0).astype(np.uint8)
    return keep.view(np.int32)[:, 0].copy(), add.view(np.int32)[:, 0].copy()


def _looked_up(values: Alpha, words: NDArray[np.int32]) -> Frame:
    """Return the (h, w, 4) bytes of the words that a table has for (h, w) values."""
    return cv2.LUT(values, words).view(np.uint8).reshape(*values.shape, 4)


def _over(image: Frame, alpha: Alpha, ground: Alpha | None = None) -> Frame:
    """Return the cut-out on grey values, on black without any."""
    cut = cv2.multiply(image, _grey(alpha), scale=1.0 / 255.0)
    shine = cv2.bitwise_not(alpha)
    if ground is not None:
        cut = cv2.add(cut, _grey(_bytes(cv2.multiply(ground, shine, scale=1.0 / 255.0))))
    cut[..., 3] = 255
    return _bytes(cut)


def _joint_alpha(layers: list[SceneLayer], window: Window) -> Alpha:
    """Return the alpha of all layers together: of each pixel the largest."""
    if not layers:
        return np.zeros(window.box.size_hw, np.uint8)
    joint = sample(layers[0].alpha, window)
    for layer in layers[1:]:
        joint = _bytes(cv2.max(joint, sample(layer.alpha, window)))
    return joint


def _checkerboard(window: Window) -> Alpha:
    """Return (h, w) greys of squares that move with the photo when it is panned."""
    rows = np.arange(window.box.y0, window.box.y1) + round(window.view.origin_y * window.view.zoom)
    columns = np.arange(window.box.x0, window.box.x1) + round(window.view.origin_x * window.view.zoom)
    kinds = (columns // _CHECKER_PX + np.array([[0], [1]])) % 2
    return np.array(_CHECKER_GREYS, np.uint8)[kinds][rows // _CHECKER_PX % 2]


def _grey(values: Alpha) -> Frame:
    return _bytes(cv2.cvtColor(values, cv2.COLOR_GRAY2BGRA))


def _plain(size_hw: tuple[int, int], rgb: tuple[int, int, int]) -> Frame:
    """Return (h, w, 4) pixels of one colour."""
    # As 32-bit words: five times faster than filling bytes.
    word = np.array((rgb[2], rgb[1], rgb[0], 255), np.uint8).view(np.uint32)[0]
    return np.full(size_hw, word, np.uint32).view(np.uint8).reshape(*size_hw, 4)


def _bytes(image: AnyImage) -> NDArray[np.uint8]:
    """Return OpenCV's answer under its real type."""
    return np.asarray(image, np.uint8)


def _fill_around(frame: Frame, box: Box, inner: Box, rgb: tuple[int, int, int]) -> None:
    """Fill ``box`` without ``inner`` with a colour."""
    if inner.is_empty:
        inner = Box(box.x1, box.y1, box.x1, box.y1)
    for part in (
        Box(box.x0, box.y0, box.x1, inner.y0),
        Box(box.x0, inner.y1, box.x1, box.y1),
        Box(box.x0, inner.y0, inner.x0, inner.y1),
        Box(inner.x1, inner.y0, box.x1, inner.y1),
    ):
        if not part.is_empty:
            frame[part.slices()] = _plain(part.size_hw, rgb)
