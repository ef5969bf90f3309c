"""What part of a photo the click network sees: a square, a value that the way in and back share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from meticulous_gui.core.geometry import Affine, Box
from meticulous_gui.core.types import AnyImage, Logits, Mask

__all__ = ["CROP_PX", "EXPANSION", "LEAST_SIDE_PX", "Crop", "Rect", "overlap", "square_crop", "whole_crop"]

CROP_PX: Final = 320
"""Side of the network's picture, unless a person chooses another one."""

EXPANSION: Final = 1.4
"""A crop is this much larger than what it must show."""

LEAST_SIDE_PX: Final = 96.0
"""Smallest side of a crop in image pixels: beyond that a photo has no more to show."""

_TILE_PX: Final = 512

Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 in image pixels, half-open."""


@dataclass(frozen=True)
class Crop:
    """A square of the image, ``side`` image pixels wide, shown to the network at ``size_px`` pixels.

    It may reach beyond the image: there the network sees its own grey.

    Attributes:
        x0, y0: left top corner in image pixels (the corner of the first pixel is (0, 0)).
        side: > 0, image pixels.
        size_px: side of the network's picture.
    """

    x0: float
    y0: float
    side: float
    size_px: int

    @property
    def scale(self) -> float:
        """Network pixels per image pixel, the same on both axes."""
        return self.size_px / self.side

    @property
    def rect(self) -> Rect:
        return self.x0, self.y0, self.x0 + self.side, self.y0 + self.side

    @property
    def image_to_net(self) -> Affine:
        return Affine.scale(self.scale, self.scale).compose(Affine.translation(-self.x0, -self.y0))

    def contains(self, x: float, y: float, *, margin_net_px: float = 0.0) -> bool:
        """Say whether an image point lies inside, at least ``margin_net_px`` network pixels from the rim."""
        margin = margin_net_px / self.scale
        x0, y0, x1, y1 = self.rect
        return x0 + margin <= x < x1 - margin and y0 + margin <= y < y1 - margin

    def box_in(self, size_hw: tuple[int, int]) -> Box:
        """Return the image pixels whose centres lie inside."""
        x0, y0, x1, y1 = (int(np.ceil(edge - 0.5)) for edge in self.rect)
        return Box(x0, y0, x1, y1).clip(Box.whole(size_hw))

    def level(self, n_levels: int) -> int:
        """Return the level of the photo's pyramid to read: it is shrunk by less than two from there."""
        level = 0
        while level + 1 < n_levels and self.scale * 2 ** (level + 1) <= 1.0:
            level += 1
        return level

    def sample(self, image: AnyImage, *, level: int = 0, pad: tuple[float, ...] = (0.0,)) -> AnyImage:
        """Return what the crop shows of an image, (size_px, size_px[, C]).

        Args:
            image: the level of the image's pyramid, (h, w[, C]) uint8 or float32.
            level: which one; its pixel i covers [i 2^level, (i + 1) 2^level) of the image.
            pad: colour beyond the image, one value for each channel.
        """
        step = 1.0 / (self.scale * 2**level)
        # Pixel centres are at +.5, OpenCV counts from the first one's centre.
        to_source = np.array(
            [
                [step, 0.0, 0.5 * step + self.x0 / 2**level - 0.5],
                [0.0, step, 0.5 * step + self.y0 / 2**level - 0.5],
            ]
        )
        size = (self.size_px, self.size_px)
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(image, to_source, size, flags=flags, borderValue=pad)

    def paste(self, values: Logits, box: Box) -> Logits:
        """Return network values (size_px, size_px) float32 at the image pixels of ``box``."""
        scale = self.scale
        to_source = np.array(
            [
                [scale, 0.0, (box.x0 + 0.5 - self.x0) * scale - 0.5],
                [0.0, scale, (box.y0 + 0.5 - self.y0) * scale - 0.5],
            ]
        )
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(
            values, to_source, (box.width, box.height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )

    def paste_mask(self, values: Logits, box: Box) -> Mask:
        """Return where network values are not negative, at the image pixels of ``box``: ``paste(...) >= 0``.

        Tiles whose values have one sign are filled; only the others are interpolated.
        """
        mask = np.zeros(box.size_hw, np.bool_)
        scale, size_px = self.scale, self.size_px
        # One more on each side than a tile reads: interpolation looks at neighbours.
        for tile in box.tiles(_TILE_PX):
            left, right = (_whole((x - self.x0) * scale, size_px) for x in (tile.x0, tile.x1))
            top, bottom = (_whole((y - self.y0) * scale, size_px) for y in (tile.y0, tile.y1))
            read = values[max(top - 2, 0) : bottom + 3, max(left - 2, 0) : right + 3]
            at = tile.translate(-box.x0, -box.y0).slices()
            if read.min() >= 0:
                mask[at] = True
            elif read.max() >= 0:
                np.greater_equal(self.paste(values, tile), 0, out=mask[at])
        return mask


def _whole(place: float, size_px: int) -> int:
    return min(max(int(np.floor(place)), 0), size_px - 1)


def square_crop(
    rect: Rect,
    size_hw: tuple[int, int],
    *,
    size_px: int,
    expansion: float = EXPANSION,
    least_px: float = LEAST_SIDE_PX,
) -> Crop:
    """Return the square around ``rect``, grown by ``expansion``, moved inside the image where it fits.

    Along an axis where the square is larger than the image, it reaches beyond both edges by the same amount.
    """
    x0, y0, x1, y1 = rect
    side = max(expansion * max(x1 - x0, y1 - y0), least_px)
    corners = []
    for low, high, length in ((x0, x1, size_hw[1]), (y0, y1, size_hw[0])):
        corner = (low + high - side) / 2
        corners.append((length - side) / 2 if side >= length else min(max(corner, 0.0), length - side))
    return Crop(corners[0], corners[1], side, size_px)


def whole_crop(size_hw: tuple[int, int], *, size_px: int) -> Crop:
    """Return the square that shows the whole image."""
    return square_crop((0.0, 0.0, size_hw[1], size_hw[0]), size_hw, size_px=size_px, expansion=1.0)


def overlap(first: Rect, second: Rect) -> float:
    """Return the IoU of the columns times the IoU of the rows: 1 for equal, 0 for disjoint ones."""
    product = 1.0
    for axis in (0, 1):
        low, high = (first[axis], second[axis]), (first[axis + 2], second[axis + 2])
        inner, outer = min(high) - max(low), max(high) - min(low)
        product *= max(inner, 0.0) / outer if outer > 0 else 0.0
    return product
