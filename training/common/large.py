"""Large photographs whose truth is exact: drawn shapes over held-out photos, at 2 to 15 megapixels.

No set at hand has masks right to a pixel at that size, so these stand in for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from meticulous_gui.core.resample import resize
from training.common.augment import generator
from training.common.composite import composite, drawn_object, far_ground
from training.common.shards import Pair, PairSet

LARGE_SET: Final = "composites"
_MEGAPIXELS: Final = (2.0, 15.0)
_NOISE_SIGMA: Final = 3.0  # of a sensor, in codes; an enlarged photo has none of its own
_SEED: Final = 15


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
        low, high = np.log(_MEGAPIXELS)
        side_px = int(np.sqrt(1e6 * np.exp(low + (high - low) * (index + 0.5) / self._n_scenes)))
        thing = drawn_object(self._photos, rng, side_px=side_px)
        ground = self._photos[int(rng.integers(len(self._photos)))].rgb
        ground = resize(far_ground(ground, rng), (side_px, side_px))
        rgb, alpha = composite(thing, ground, rng, side_px=side_px, scale=(0.7, 0.95))
        noise = np.empty(rgb.shape, np.int16)
        cv2.setRNGSeed(index)
        cv2.randn(noise, 0, _NOISE_SIGMA)
        noisy = cv2.add(rgb, noise, dtype=cv2.CV_8U)
        return Pair(f"composite_{index:03d}", noisy, alpha)
