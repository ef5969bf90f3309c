"""Pictures whose truth is exact: objects with known coverage over held-out photos, up to 15 megapixels.

No set at hand has masks right to a pixel at that size, so these stand in for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import RgbImage
from training.common.augment import generator
from training.common.composite import composite, drawn_object, far_ground
from training.common.mixture import CompositeSettings, Mixture
from training.common.shards import Pair, PairSet

LARGE_SET: Final = "composites"
_MEGAPIXELS: Final = (2.0, 15.0)
_NOISE_SIGMA: Final = 3.0  # of a sensor, in codes; an enlarged photo has none of its own
_SEED: Final = 15
_SCENE_SEED: Final = 16


class LargeScenes(Sequence[Pair]):
    """A fixed number of scenes, each a function of its index and of the photos.

    Args:
        photos: held-out photos, for grounds and colours.
        n_scenes: how many.
    """

    def __init__(self, photos: PairSet, n_scenes: int = 24) -> None:
        self._photos, self._n_scenes = photos, n_scenes

    def __len__(self) -> int:
        return self._n_scenes

    def __getitem__(self, index: int) -> Pair:  # type: ignore[override]  # slices are not asked for
        if not 0 <= index < self._n_scenes:
            raise IndexError(index)
        rng = generator(_SEED, 0, index)
        side_px = square_sides(self._n_scenes, _MEGAPIXELS)[index]
        thing = drawn_object(self._photos, rng, side_px=side_px)
        ground = self._photos[int(rng.integers(len(self._photos)))].rgb
        ground = resize(far_ground(ground, rng), (side_px, side_px))
        rgb, alpha = composite(thing, ground, rng, side_px=side_px, scale=(0.7, 0.95))
        return Pair(f"composite_{index:03d}", _with_noise(rgb, index), alpha)


class Scenes(Sequence[Pair]):
    """Pictures with one thing to find: an object with exact coverage over a piece of a photo without one.

    Each is a function of its index and of the mixture.

    Args:
        mixture: of held-out ``emoji`` or drawn ``shapes``, with photos for grounds.
        sides_px: sides of the square pictures, one for each.
        name: what keys begin with.
    """

    def __init__(self, mixture: Mixture, sides_px: Sequence[int], *, name: str) -> None:
        self._mixture, self._sides_px, self._name = mixture, tuple(sides_px), name

    def __len__(self) -> int:
        return len(self._sides_px)

    def __getitem__(self, index: int) -> Pair:  # type: ignore[override]  # slices are not asked for
        if not 0 <= index < len(self):
            raise IndexError(index)
        rng = generator(_SCENE_SEED, 0, index)
        composites = CompositeSettings(self._sides_px[index], scale=(0.4, 0.9), has_empty_ground=True)
        rgb, alpha, _ = self._mixture.scene(index, rng, composites=composites)
        return Pair(f"{self._name}_{index:03d}", _with_noise(rgb, index), alpha)


def square_sides(n_scenes: int, megapixels: tuple[float, float]) -> list[int]:
    """Return the sides of ``n_scenes`` squares whose areas are spread evenly in octaves, smallest first."""
    low, high = np.log(megapixels)
    return [
        int(np.sqrt(1e6 * np.exp(low + (high - low) * (index + 0.5) / n_scenes))) for index in range(n_scenes)
    ]


def _with_noise(rgb: RgbImage, seed: int) -> RgbImage:
    """Return the picture with the noise of a sensor, the same for the same seed."""
    noise = np.empty(rgb.shape, np.int16)
    cv2.setRNGSeed(seed)
    cv2.randn(noise, 0, _NOISE_SIGMA)
    return cv2.add(rgb, noise, dtype=cv2.CV_8U)
