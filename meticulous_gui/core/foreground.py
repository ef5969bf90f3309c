"""Colours of the object itself, free of its background, at half-transparent pixels: blur fusion in tiles."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.types import Alpha

__all__ = ["blur_fusion", "estimate_foreground"]

FloatImage: TypeAlias = NDArray[np.floating[Any]]

_FIRST_SIDE_PX: Final = 91
"""Smallest side of the first pass: a box of 15 px sees no sure colour beside a soft edge of 8 px."""
_SECOND_SIDE_PX: Final = 7
_TILE_PX: Final = 512
_EPSILON: Final = 1e-5
_FILL_MARGIN_PX: Final = 64
"""Nearest colours reach this far from the object; what lies beyond no resize brings near an edge."""


def estimate_foreground(pixels: NDArray[Any], alpha: Alpha) -> NDArray[Any]:
    """Return the colours to store with ``alpha`` as straight RGBA: no background left in soft edges.

    Where alpha is 255 the pixels stay as they are. Between, blur fusion in two passes separates object
    and background, on encoded values as is customary. Where alpha is 0 the nearest colour of the object
    is repeated for 64 pixels, then the mean of those edge colours, so that a later blur or resize does
    not bring the background back and the file stays small.

    Args:
        pixels: (H, W) or (H, W, 3), uint8 or uint16.
        alpha: (H, W) uint8.

    Returns:
        A new array of the shape and type of ``pixels``.

    Raises:
        ValueError: the sizes differ or the type is another one.

    Source:
        Forte 2021, "Approximate fast foreground colour estimation", with odd box sides that scale with
        the picture.
    """
    if pixels.shape[:2] != alpha.shape:
        raise ValueError(f"alpha must have the pixels' (H, W) = {pixels.shape[:2]}, got {alpha.shape}")
    if pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"pixels must be uint8 or uint16, got {pixels.dtype}")
    colours = np.array(pixels, order="C")
    first_side = max(_FIRST_SIDE_PX, max(alpha.shape) // 40) | 1
    soft = bounding_box(cv2.inRange(alpha, 1, 254))
    for tile in soft.tiles(_TILE_PX):
        _decontaminate_into(colours, pixels, alpha, tile=tile, first_side=first_side)
    _fill_outside_into(colours, alpha)
    return colours


def blur_fusion(
    image: FloatImage,
    foreground: FloatImage,
    background: FloatImage,
    alpha: FloatImage,
    *,
    weight: FloatImage,
    side_px: int,
) -> tuple[FloatImage, FloatImage]:
    """Return a better foreground and background of one plane by one pass of blur fusion.

    Args:
        image: (H, W) float, 0..1.
        foreground: first guess, as ``image`` (the image itself to begin with).
        background: first guess, as ``image``.
        alpha: (H, W) float, 0..1.
        weight: (H, W) float, ``alpha`` blurred by a box of that side; the same for all planes.
        side_px: side of the box blur; odd sides are centred.

    Returns:
        Foreground and blurred background, as ``image``.
    """
    rest = 1 - alpha
    smooth_foreground = _blur(foreground * alpha, side_px) / (weight + _EPSILON)
    smooth_background = _blur(background * rest, side_px) / (1 - weight + _EPSILON)
    better = smooth_foreground + alpha * (image - alpha * smooth_foreground - rest * smooth_background)
    return np.clip(better, 0, 1), smooth_background


def _blur(values: FloatImage, side_px: int) -> FloatImage:
    return cv2.blur(values, (side_px, side_px))


def _decontaminate_into(
    colours: NDArray[Any], pixels: NDArray[Any], alpha: Alpha, *, tile: Box, first_side: int
) -> None:
    """Replace the soft pixels of one tile; reads ``pixels`` beyond it so that no seam appears."""
    whole = Box.whole((alpha.shape[0], alpha.shape[1]))
    soft = bounding_box(cv2.inRange(alpha[tile.slices()], 1, 254)).translate(tile.x0, tile.y0)
    if soft.is_empty:
        return
    halo = soft.pad(first_side // 2 + _SECOND_SIDE_PX // 2).clip(whole)
    near = soft.pad(_SECOND_SIDE_PX // 2).clip(whole)
    scale = np.float32(np.iinfo(pixels.dtype).max)
    coverage = alpha[halo.slices()].astype(np.float32) * np.float32(1.0 / 255.0)
    weight = _blur(coverage, first_side)
    near_in_halo, soft_in_near = _inside(near, halo), _inside(soft, near)
    near_coverage = np.ascontiguousarray(coverage[near_in_halo])
    near_weight = _blur(near_coverage, _SECOND_SIDE_PX)
    part = alpha[soft.slices()]
    is_soft = (part > 0) & (part < 255)
    for plane in range(1 if pixels.ndim == 2 else pixels.shape[2]):
        source = pixels if pixels.ndim == 2 else pixels[..., plane]
        target = colours if pixels.ndim == 2 else colours[..., plane]
        image = source[halo.slices()].astype(np.float32) * (1 / scale)
        foreground, background = blur_fusion(
            image, image, image, coverage, weight=weight, side_px=first_side
        )
        foreground, _ = blur_fusion(
            np.ascontiguousarray(image[near_in_halo]),
            foreground[near_in_halo],
            background[near_in_halo],
            near_coverage,
            weight=near_weight,
            side_px=_SECOND_SIDE_PX,
        )
        target[soft.slices()][is_soft] = np.rint(foreground[soft_in_near][is_soft] * scale)


def _inside(inner: Box, outer: Box) -> tuple[slice, slice]:
    return inner.translate(-outer.x0, -outer.y0).slices()


def _fill_outside_into(colours: NDArray[Any], alpha: Alpha) -> None:
    """Give every pixel outside the object a colour of the object."""
    is_outside = cv2.inRange(alpha, 0, 0)
    if not is_outside.any():
        return
    rim = cv2.dilate(is_outside, np.ones((3, 3), np.uint8)) & cv2.bitwise_not(is_outside)
    # Without a rim there is no object at all.
    rim_colours = colours[rim > 0]
    beyond = np.rint(rim_colours.mean(axis=0)).astype(colours.dtype) if len(rim_colours) else 0
    whole = Box.whole((alpha.shape[0], alpha.shape[1]))
    plain = np.full((_TILE_PX, _TILE_PX, *colours.shape[2:]), beyond, colours.dtype)
    for tile in whole.tiles(_TILE_PX):
        # copyTo writes into the view; numpy's masked assignment takes ten times as long.
        cv2.copyTo(plain[: tile.height, : tile.width], is_outside[tile.slices()], colours[tile.slices()])
    # The rim keeps its colours, so the tiles may be filled one after the other.
    for tile in bounding_box(rim).pad(_FILL_MARGIN_PX).clip(whole).tiles(_TILE_PX):
        _fill_near_into(colours, rim, is_outside, tile=tile)


def _fill_near_into(colours: NDArray[Any], rim: Alpha, is_outside: Alpha, *, tile: Box) -> None:
    """Repeat the nearest rim colour in the outside pixels of one tile."""
    whole = Box.whole((rim.shape[0], rim.shape[1]))
    halo = tile.pad(_FILL_MARGIN_PX).clip(whole)
    seeds = rim[halo.slices()]
    if not seeds.any() or not is_outside[tile.slices()].any():
        return
    distance, labels = cv2.distanceTransformWithLabels(
        cv2.bitwise_not(seeds), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    inner = _inside(tile, halo)
    is_near = (is_outside[tile.slices()] > 0) & (distance[inner] <= _FILL_MARGIN_PX)
    # Labels count the seeds row by row, from 1.
    nearest = labels[inner][is_near] - 1
    colours[tile.slices()][is_near] = colours[halo.slices()][seeds > 0][nearest]
