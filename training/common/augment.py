"""From picture and alpha to one training sample: framing, colour, noise, and what each pixel weighs.

Every random choice comes from the generator handed in, so a sample is a function of (seed, step, index)
and an interrupted run goes on with exactly the samples it would have seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Alpha, RgbImage

EDGE_PX = 5  # every pixel loss within this distance of the true edge counts five times
EDGE_WEIGHT = 5


@dataclass(frozen=True)
class Framed:
    """A picture brought to the square that the network sees.

    Attributes:
        rgb: (S, S, 3) uint8.
        alpha: (S, S) uint8 coverage.
        valid: (S, S) bool, False where there is no picture or only a reflection of it.
    """

    rgb: RgbImage
    alpha: Alpha
    valid: NDArray[np.bool_]


@dataclass(frozen=True)
class ColourChange:
    """How far colours may move (fractions), and how often the rarer changes happen."""

    brightness: float = 0.2
    contrast: float = 0.2
    saturation: float = 0.2
    hue: float = 0.05  # of the full circle
    grey_chance: float = 0.05
    jpeg_chance: float = 0.3
    jpeg_quality: tuple[int, int] = (60, 100)
    noise_chance: float = 0.0
    noise_sigma: float = 4.0  # largest standard deviation, in codes of 255


def generator(seed: int, step: int, index: int) -> np.random.Generator:
    """Return the random numbers of one sample.

    Args:
        seed: of the run.
        step: optimiser step, from 0.
        index: place in the whole batch of that step, over all processes.
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, step, index))))


def random_crop_box(
    size_hw: tuple[int, int],
    rng: np.random.Generator,
    *,
    area: tuple[float, float],
    ratio: tuple[float, float],
) -> Box:
    """Return a random box inside the picture: a share ``area`` of it, proportions changed by ``ratio``."""
    height, width = size_hw
    share = float(rng.uniform(*area))
    stretch = float(np.exp(rng.uniform(np.log(ratio[0]), np.log(ratio[1]))))
    crop_w = min(width, max(1, round(width * np.sqrt(share * stretch))))
    crop_h = min(height, max(1, round(height * np.sqrt(share / stretch))))
    left = int(rng.integers(0, width - crop_w + 1))
    top = int(rng.integers(0, height - crop_h + 1))
    return Box(left, top, left + crop_w, top + crop_h)


def random_crop_keeping_object(
    rgb: RgbImage, alpha: Alpha, rng: np.random.Generator
) -> tuple[RgbImage, Alpha]:
    """Return a random crop that still shows most of the object, (h, w, 3) and (h, w); all where none does."""
    mask = alpha >= 128
    n_object = int(mask.sum())
    for _ in range(4):
        rows, cols = random_crop_box(alpha.shape, rng, area=(0.5, 1.0), ratio=(0.75, 1.33)).slices()
        # A salient object that is mostly cut off would no longer be what a person calls the object.
        if int(mask[rows, cols].sum()) >= 0.6 * n_object:
            return rgb[rows, cols], alpha[rows, cols]
    return rgb, alpha


def rotate(rgb: RgbImage, alpha: Alpha, degrees: float) -> Framed:
    """Return picture (H, W, 3) and alpha (H, W) turned about the centre; corners are reflected, not valid."""
    height, width = alpha.shape
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    size_wh = (width, height)
    turned = cv2.warpAffine(rgb, turn, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    turned_alpha = cv2.warpAffine(
        alpha, turn, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    inside = np.full((height, width), 255, np.uint8)
    inside = cv2.warpAffine(inside, turn, size_wh, flags=cv2.INTER_NEAREST, borderValue=0)
    return Framed(turned, turned_alpha, inside > 0)


def change_colours(rgb: RgbImage, rng: np.random.Generator, change: ColourChange) -> RgbImage:
    """Return the picture, (H, W, 3), in other colours, sometimes grey, noisy or compressed.

    Brightness, contrast and saturation are linear in the colours, so they are one 3 x 4 matrix: one pass
    over the pixels instead of three.
    """
    brightness = 1.0 + rng.uniform(-change.brightness, change.brightness)
    contrast = 1.0 + rng.uniform(-change.contrast, change.contrast)
    saturation = 1.0 + rng.uniform(-change.saturation, change.saturation)
    hue = rng.uniform(-change.hue, change.hue)
    is_grey = rng.random() < change.grey_chance
    grey_row = np.array((0.299, 0.587, 0.114))
    if is_grey:
        saturation = 0.0
    mix = saturation * (_hue_matrix(hue)) + (1.0 - saturation) * grey_row[None, :]
    mix *= brightness * contrast
    mean_code = float(cv2.mean(rgb)[1]) * brightness
    offset = np.full((3, 1), mean_code * (1.0 - contrast))
    changed = cv2.transform(rgb, np.hstack([mix, offset]).astype(np.float32))
    if rng.random() < change.noise_chance:
        sigma = rng.uniform(0.0, change.noise_sigma)
        noise = rng.standard_normal(changed.shape, dtype=np.float32) * np.float32(sigma)
        changed = np.clip(changed + noise + 0.5, 0, 255).astype(np.uint8)
    if rng.random() < change.jpeg_chance:
        changed = compress(
            changed, quality=int(rng.integers(change.jpeg_quality[0], change.jpeg_quality[1] + 1))
        )
    return changed


def _hue_matrix(turn: float) -> NDArray[np.float64]:
    """Return the 3 x 3 matrix that turns colours about the grey axis by a fraction of the circle."""
    cosine, sine = np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)
    third, root = 1.0 / 3.0, np.sqrt(1.0 / 3.0)
    across = np.array([[0.0, -root, root], [root, 0.0, -root], [-root, root, 0.0]])
    return cosine * np.eye(3) + (1.0 - cosine) * third + sine * across


def compress(rgb: RgbImage, *, quality: int) -> RgbImage:
    """Return the picture, (H, W, 3), as it looks after JPEG at this quality, 0..100."""
    is_done, stream = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert is_done
    decoded = cv2.imdecode(stream, cv2.IMREAD_COLOR)
    assert decoded is not None
    return np.ascontiguousarray(decoded[..., ::-1])


def pixel_weight(alpha: Alpha, valid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return what each pixel's loss counts: 0 where invalid, 5 within 5 px of the true edge, else 1.

    Args:
        alpha: (H, W) uint8 coverage; its edge is where it crosses one half.
        valid: (H, W) bool.

    Returns:
        (H, W) uint8.
    """
    mask = (alpha >= 128).astype(np.uint8)
    weight = np.ones(alpha.shape, np.uint8)
    n_object = int(mask.sum())
    if 0 < n_object < mask.size:
        # Distance to the nearest pixel of the other side; the first pixel beyond the edge has distance 1.
        to_outside = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        to_inside = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        weight[np.maximum(to_outside, to_inside) <= EDGE_PX] = EDGE_WEIGHT
    weight[~valid] = 0
    return weight


def coarse_sample(
    rgb: RgbImage,
    alpha: Alpha,
    rng: np.random.Generator,
    *,
    side_px: int,
) -> dict[str, NDArray[np.uint8]]:
    """Return one sample of MOS_L, squeezed into a square.

    The program keeps proportions (engine.networks.coarse_size); either way nothing but photo is seen.

    Args:
        rgb: (H, W, 3) photo.
        alpha: (H, W) its object.
        rng: the sample's own generator.
        side_px: side of the network's square.

    Returns:
        ``image`` (S, S, 3), ``target`` (S, S) coverage, ``weight`` (S, S), all uint8.
    """
    if rng.random() < 0.7:  # the program shows the network whole photos, so a third of the samples is whole
        rgb, alpha = random_crop_keeping_object(rgb, alpha, rng)
    if rng.random() < 0.5:
        rgb, alpha = rgb[:, ::-1], alpha[:, ::-1]
    degrees = float(rng.uniform(-15.0, 15.0)) if rng.random() < 0.5 else 0.0
    size_hw = (side_px, side_px)
    rgb, alpha = resize(np.ascontiguousarray(rgb), size_hw), resize(np.ascontiguousarray(alpha), size_hw)
    rgb = change_colours(rgb, rng, ColourChange())
    framed = Framed(rgb, alpha, np.ones(size_hw, np.bool_))
    if degrees != 0.0:
        framed = rotate(rgb, alpha, degrees)
    return {"image": framed.rgb, "target": framed.alpha, "weight": pixel_weight(framed.alpha, framed.valid)}
