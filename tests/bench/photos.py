"""Large photographs with detail at full size: a sample behind, and hair, leaves and noise drawn.

An enlarged photo alone would be smooth everywhere: no refiner would be tried by it and no decoder slowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.resources import resource_dir
from meticulous_gui.core.types import Alpha, Mask, RgbImage

SEED = 7
_BAND_ROWS = 512


@dataclass(frozen=True)
class BenchPhoto:
    """A drawn photograph and the truth about it.

    Attributes:
        rgb: (H, W, 3) uint8.
        alpha: (H, W) uint8, exact coverage of the object.
        contour_px: length of the boundary of ``alpha >= 128``.
    """

    rgb: RgbImage
    alpha: Alpha
    contour_px: int


def bench_photo(*, size_hw: tuple[int, int]) -> BenchPhoto:
    """Return a furry creature in front of leaves and a blurred sample photograph."""
    rng = np.random.default_rng(SEED)
    unit = min(size_hw) / 4000  # lengths below are those of a 24 MP photo
    rgb = _background(size_hw)
    _draw_leaves(rgb, rng, n_leaves=round(420 * _area_ratio(size_hw)), unit=unit)
    body = _body_polygon(size_hw, rng)
    alpha = np.zeros(size_hw, np.uint8)
    cv2.fillPoly(alpha, [_fixed(body)], 255, cv2.LINE_AA, shift=4)
    fur = _fur_colour(size_hw)
    _draw_hair(alpha, fur, body, rng, n_hairs=round(2600 * _area_ratio(size_hw) ** 0.5), unit=unit)
    _compose_into(rgb, fur, alpha)
    _add_sensor_noise(rgb, rng)
    return BenchPhoto(rgb, alpha, contour_length_px(alpha >= 128))


def bench_jpeg(folder: Path, *, size_hw: tuple[int, int]) -> tuple[Path, int]:
    """Return the file of a benchmark photo, drawn once and kept in ``folder``, and its contour length."""
    name = folder / f"bench-{size_hw[1]}x{size_hw[0]}-{SEED}"
    photo, length = name.with_suffix(".jpg"), name.with_suffix(".contour")
    if not (photo.exists() and length.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        made = bench_photo(size_hw=size_hw)
        cv2.imwrite(str(photo), made.rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        cv2.imwrite(str(name.with_suffix(".alpha.png")), made.alpha)
        length.write_text(str(made.contour_px), encoding="utf-8")
    return photo, int(length.read_text(encoding="utf-8"))


def plan_shapes(size_hw: tuple[int, int] = (4000, 6000)) -> dict[str, Mask]:
    """Return the three shapes that patch counts are stated for: a disc, a wavy blob and a hairy disc.

    Their contours are 7,916, 15,376 and 107,640 px long where the counts come from; these here are
    drawn to match.
    """
    centre_xy = np.array([size_hw[1] / 2, size_hw[0] / 2])
    angles = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    wavy = 1400 * (1 + 0.085 * np.sin(24 * angles) + 0.04 * np.sin(41 * angles + 1))
    disc = 1400 * np.ones_like(angles)
    shapes = {"disc": disc, "wavy": wavy, "hairy": disc}
    masks: dict[str, Mask] = {}
    for name, radii in shapes.items():
        canvas = np.zeros(size_hw, np.uint8)
        body = centre_xy + circle * radii[:, None]
        cv2.fillPoly(canvas, [_fixed(body)], 255, cv2.LINE_AA, shift=4)
        if name == "hairy":
            rng = np.random.default_rng(SEED)
            _draw_hair(canvas, None, body, rng, n_hairs=500, unit=1.0, longest_px=220)
        masks[name] = canvas >= 128
    return masks


def contour_length_px(mask: Mask) -> int:
    """Return how many pixels of ``mask`` touch a pixel outside it (4-neighbours)."""
    inside = mask.astype(np.uint8)
    core = cv2.erode(inside, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    return int(cv2.countNonZero(inside - core))


def _area_ratio(size_hw: tuple[int, int]) -> float:
    return size_hw[0] * size_hw[1] / 24e6


def _sample(name: str) -> RgbImage:
    found = cv2.imread(str(resource_dir() / "samples" / name), cv2.IMREAD_COLOR)
    if found is None:
        raise FileNotFoundError(f"the sample photograph {name} is missing in {resource_dir() / 'samples'}")
    return cv2.cvtColor(found, cv2.COLOR_BGR2RGB)


def _background(size_hw: tuple[int, int]) -> RgbImage:
    """Enlarge a sample: out of focus, as the background of a portrait is."""
    table = _sample("coffee.png")[40:160, 420:600]  # wood, and no second object
    return cv2.resize(table, size_hw[::-1], interpolation=cv2.INTER_CUBIC)


def _body_polygon(size_hw: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (N, 2) points x, y of a wavy blob in the middle."""
    angles = np.linspace(0, 2 * np.pi, 6000, endpoint=False)
    radii = np.ones_like(angles)
    for waves, strength in ((3, 0.10), (7, 0.05), (17, 0.03), (31, 0.02)):
        radii += strength * np.sin(waves * angles + rng.uniform(0, 2 * np.pi))
    height, width = size_hw
    return np.stack(
        [
            width / 2 + 0.31 * height * radii * np.cos(angles),
            height / 2 + 0.31 * height * radii * np.sin(angles),
        ],
        axis=1,
    )


def _fur_colour(size_hw: tuple[int, int]) -> RgbImage:
    """Return a whole picture of fur: the cat's coat, repeated and streaked at full size."""
    coat = _sample("cat.png")[110:260, 150:330]
    fur = cv2.resize(coat, size_hw[::-1], interpolation=cv2.INTER_CUBIC)
    streaks = np.empty(size_hw, np.float32)
    np.random.default_rng(SEED + 1).standard_normal(out=streaks, dtype=np.float32)
    streaks = cv2.GaussianBlur(streaks, (0, 0), sigmaX=0.8, sigmaY=6.0)
    for y0 in range(0, size_hw[0], _BAND_ROWS):
        rows = slice(y0, y0 + _BAND_ROWS)
        fur[rows] = np.clip(fur[rows] + 60 * streaks[rows, :, None], 0, 255).astype(np.uint8)
    return fur


def _draw_hair(
    alpha: Alpha,
    fur: RgbImage | None,
    body: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    n_hairs: int,
    unit: float,
    longest_px: float = 170,
) -> None:
    """Draw bent hairs out of the outline into ``alpha``, each with its own shade in ``fur``."""
    centre = body.mean(axis=0)
    for start in rng.integers(0, len(body), n_hairs):
        root = body[start]
        outwards = (root - centre) / np.linalg.norm(root - centre)
        sideways = np.array([-outwards[1], outwards[0]])
        length_px = rng.uniform(30, longest_px) * unit
        steps = np.linspace(-0.15, 1, 12)[:, None]
        bend = rng.normal(0, 0.5) * steps**2 + rng.normal(0, 0.35) * steps
        line = [_fixed(root + length_px * (steps * outwards + bend * sideways))]
        thickness = int(rng.integers(1, max(2, round(4 * unit)) + 1))
        cv2.polylines(alpha, line, False, int(rng.integers(170, 256)), thickness, cv2.LINE_AA, shift=4)
        if fur is not None:
            shade = np.clip(fur[_inside(root, fur)].astype(int) + rng.integers(-45, 46), 0, 255)
            cv2.polylines(fur, line, False, shade.tolist(), thickness + 2, cv2.LINE_8, shift=4)


def _inside(xy: NDArray[np.float64], image: RgbImage) -> tuple[int, int]:
    row, column = int(xy[1]), int(xy[0])
    return min(max(row, 0), image.shape[0] - 1), min(max(column, 0), image.shape[1] - 1)


def _draw_leaves(rgb: RgbImage, rng: np.random.Generator, *, n_leaves: int, unit: float) -> None:
    """Draw sharp leaves with veins all over the background, fewer in the middle."""
    height, width = rgb.shape[:2]
    along = np.linspace(0, 1, 24)
    for _ in range(n_leaves):
        centre = np.array([rng.uniform(0, width), rng.uniform(0, height)])
        length_px, turn = rng.uniform(60, 260) * unit, rng.uniform(0, 2 * np.pi)
        half = 0.28 * np.sin(np.pi * along) * length_px
        outline = np.concatenate(
            [np.stack([along * length_px, half], 1), np.stack([along * length_px, -half], 1)[::-1]]
        )
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        green = (int(rng.integers(20, 90)), int(rng.integers(70, 150)), int(rng.integers(15, 70)))
        cv2.fillPoly(rgb, [_fixed(centre + outline @ rotation.T)], green, cv2.LINE_AA, shift=4)
        vein = np.array([[0.0, 0.0], [length_px, 0.0]]) @ rotation.T + centre
        cv2.polylines(rgb, [_fixed(vein)], False, tuple(c // 2 for c in green), 2, cv2.LINE_AA, shift=4)


def _compose_into(rgb: RgbImage, front: RgbImage, alpha: Alpha) -> None:
    """Lay ``front`` over ``rgb`` with coverage ``alpha``, in bands so that 100 MP stay affordable."""
    for y0 in range(0, rgb.shape[0], _BAND_ROWS):
        rows = slice(y0, y0 + _BAND_ROWS)
        share = alpha[rows, :, None].astype(np.float32) / 255
        mixed = share * front[rows] + (1 - share) * rgb[rows]
        rgb[rows] = np.rint(mixed).astype(np.uint8)


def _add_sensor_noise(rgb: RgbImage, rng: np.random.Generator) -> None:
    """Add noise that grows with brightness, as a sensor's does."""
    for y0 in range(0, rgb.shape[0], _BAND_ROWS):
        rows = rgb[y0 : y0 + _BAND_ROWS]
        noise = np.empty(rows.shape, np.float32)
        rng.standard_normal(out=noise, dtype=np.float32)
        noisy = rows + noise * (1.5 + 0.012 * rows)
        rows[...] = np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _fixed(points_xy: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return points in OpenCV's fixed point with 4 fractional bits; its pixel centres are whole numbers."""
    return np.rint((points_xy - 0.5) * 16).astype(np.int32).reshape(-1, 1, 2)
