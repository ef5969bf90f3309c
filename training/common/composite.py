"""Objects with exact alpha over photographs: the only edges here that are right to the last pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Alpha, RgbImage
from training.common.augment import random_crop_box
from training.common.shapes import draw_shape
from training.common.shards import Pair, PairSet

_BLUR_CHANCE = 0.4
_MOST_BLUR_PX = 1.2  # standard deviation
_FAR_CHANCE = 0.3  # grounds out of focus, behind drawn shapes


def empty_background(photos: PairSet, rng: np.random.Generator) -> RgbImage:
    """Return a crop of a photograph without its object, (h, w, 3) uint8.

    Eight random crops are tried; where each holds some of the object, the last one is blurred until
    it is nothing that a person would cut out.
    """
    pair = photos[int(rng.integers(len(photos)))]
    crop: RgbImage = pair.rgb
    for _ in range(8):
        rows, cols = random_crop_box(pair.alpha.shape, rng, area=(0.15, 0.6), ratio=(0.6, 1.67)).slices()
        crop = pair.rgb[rows, cols]
        if float(np.mean(pair.alpha[rows, cols] >= 128)) < 0.005:
            return np.ascontiguousarray(crop)
    return cv2.GaussianBlur(np.ascontiguousarray(crop), (0, 0), max(crop.shape[:2]) / 12.0)


def drawn_object(photos: PairSet, rng: np.random.Generator, *, side_px: int) -> Pair:
    """Return a drawn shape, ``side_px`` square, in the colours of a piece of a photograph.

    Args:
        photos: where colours come from.
        rng: the only source of chance.
        side_px: side of the square drawing.
    """
    alpha = draw_shape(rng, side_px)
    photo = photos[int(rng.integers(len(photos)))].rgb
    rows, cols = random_crop_box(photo.shape[:2], rng, area=(0.02, 0.5), ratio=(0.5, 2.0)).slices()
    colours = resize(np.ascontiguousarray(photo[rows, cols]), (side_px, side_px))
    light = float(rng.uniform(0.4, 1.5))
    return Pair("shape", np.clip(colours.astype(np.float32) * light, 0, 255).astype(np.uint8), alpha)


def far_ground(ground: RgbImage, rng: np.random.Generator) -> RgbImage:
    """Return the ground, (H, W, 3), sometimes as a lens sees it that looks at something nearer."""
    if rng.random() >= _FAR_CHANCE:
        return ground
    return cv2.GaussianBlur(ground, (0, 0), float(rng.uniform(0.005, 0.03)) * max(ground.shape[:2]))


def composite(
    object_pair: Pair,
    background: RgbImage,
    rng: np.random.Generator,
    *,
    side_px: int,
    scale: tuple[float, float],
) -> tuple[RgbImage, Alpha]:
    """Return an object put over a background, with its exact alpha.

    Colours are mixed as they are stored (sRGB), as photo editors do.

    Args:
        object_pair: colours (not premultiplied) and alpha of an object.
        background: any size.
        rng: place, size, turn and light.
        side_px: side of the square result.
        scale: smallest and largest share of the side that the object's longer side takes; above 1 it is cut.

    Returns:
        (S, S, 3) picture and (S, S) coverage.
    """
    ground = resize(background, (side_px, side_px))
    rgb, alpha = object_pair.rgb, object_pair.alpha
    if rng.random() < 0.5:
        rgb, alpha = rgb[:, ::-1], alpha[:, ::-1]
    target_px = float(rng.uniform(*scale)) * side_px
    factor = target_px / max(alpha.shape)
    # A pixel of the result must not be finer than the object's own pixels: its edge would be soft.
    factor = min(factor, 1.25)
    size_hw = (max(4, round(alpha.shape[0] * factor)), max(4, round(alpha.shape[1] * factor)))
    straight = np.ascontiguousarray(rgb).astype(np.float32)
    coverage = np.ascontiguousarray(alpha).astype(np.float32) / 255.0
    coverage = resize(coverage, size_hw)
    straight = resize(straight, size_hw)
    matrix = cv2.getRotationMatrix2D(
        (size_hw[1] / 2 - 0.5, size_hw[0] / 2 - 0.5), float(rng.uniform(-30, 30)), 1.0
    )
    room_x, room_y = side_px - size_hw[1], side_px - size_hw[0]
    matrix[0, 2] += float(rng.uniform(min(0, room_x), max(0, room_x)))
    matrix[1, 2] += float(rng.uniform(min(0, room_y), max(0, room_y)))
    placed = cv2.warpAffine(
        straight, matrix, (side_px, side_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    placed_alpha = cv2.warpAffine(
        coverage, matrix, (side_px, side_px), flags=cv2.INTER_LINEAR, borderValue=0.0
    )
    placed = matched_light(placed, placed_alpha, ground, amount=float(rng.uniform(0.0, 0.6)))
    mixed = placed_alpha[:, :, None] * placed + (1.0 - placed_alpha[:, :, None]) * ground.astype(np.float32)
    if rng.random() < _BLUR_CHANCE:
        # A lens softens the object, its edge and the ground alike; without it every drawn edge is too sharp.
        sigma_px = float(rng.uniform(0.3, _MOST_BLUR_PX))
        mixed = cv2.GaussianBlur(mixed, (0, 0), sigma_px)
        placed_alpha = cv2.GaussianBlur(placed_alpha, (0, 0), sigma_px)
    alpha_u8 = np.round(255.0 * placed_alpha).astype(np.uint8)
    return np.clip(np.round(mixed), 0, 255).astype(np.uint8), alpha_u8


def matched_light(
    rgb: NDArray[np.float32], alpha: NDArray[np.float32], ground: RgbImage, *, amount: float
) -> NDArray[np.float32]:
    """Return the object's colours moved towards the ground's mean, so that light alone does not give it away.

    Args:
        rgb: (H, W, 3) colours, 0..255.
        alpha: (H, W) the object's coverage, 0..1.
        ground: what it is put over.
        amount: 0 nothing, 1 all the way (a factor of .4 to 2 at most).
    """
    weight = float(alpha.sum())
    if weight < 1.0:
        return rgb
    mean = (rgb * alpha[:, :, None]).sum(axis=(0, 1)) / weight
    ground_mean = ground.reshape(-1, 3).mean(axis=0)
    gain = 1.0 + amount * (np.clip((ground_mean + 20.0) / (mean + 20.0), 0.4, 2.0) - 1.0)
    return rgb * gain.astype(np.float32)
