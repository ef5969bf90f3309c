"""Photographs with several objects whose outlines are known: cut-outs of a mask set put over its photos.

Sets with every object outlined are small; from these a click network learns which of several things was
meant.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Alpha, Mask, RgbImage
from training.common.augment import compress
from training.common.composite import matched_light
from training.common.instances import Instance, Scene
from training.common.shards import Pair, PairSet

_N_PASTED = (1, 3)
_SCALE = (0.15, 0.7)  # of the photo's long side that a cut-out's takes
_MOST_ENLARGED = 1.5
_MOST_DEGREES = 20.0
_LEAST_VISIBLE = 0.3  # of an object; what is hidden more than that is nobody's object
_FEATHER_PX = 0.7


@dataclass(frozen=True)
class PastedScenes:
    """Scenes out of the pairs of one set: each photo, object and all, is the ground of others' objects."""

    photos: PairSet

    def __len__(self) -> int:
        return len(self.photos)

    def scene(self, index: int, rng: np.random.Generator) -> Scene:
        """Return photo ``index`` with one to three cut-outs of other photos over it.

        Args:
            index: of the photo.
            rng: which cut-outs, how large, where.

        Returns:
            The photo's own object comes first, if enough of it is left to see.
        """
        ground = self.photos[index]
        size_hw = ground.rgb.shape[0], ground.rgb.shape[1]
        picture = ground.rgb.astype(np.float32)
        whole, seen = [ground.alpha >= 128], [ground.alpha >= 128]
        for _ in range(int(rng.integers(_N_PASTED[0], _N_PASTED[1] + 1))):
            thing = cut_out(self.photos[int(rng.integers(len(self.photos)))])
            colours, coverage = _placed(thing, size_hw, rng)
            colours = matched_light(colours, coverage, ground.rgb, amount=float(rng.uniform(0.0, 0.5)))
            picture += coverage[:, :, None] * (colours - picture)
            mask = coverage >= 0.5
            seen = [*(other & ~mask for other in seen), mask]
            whole.append(mask)
        rgb = np.clip(np.round(picture), 0, 255).astype(np.uint8)
        # The grain of one compression over all of it: without it a cut-out tells itself by its own.
        rgb = compress(rgb, quality=int(rng.integers(60, 96)))
        objects = [
            _instance(number, mask)
            for number, (mask, full) in enumerate(zip(seen, whole, strict=True))
            if mask.any() and np.count_nonzero(mask) >= _LEAST_VISIBLE * np.count_nonzero(full)
        ]
        return Scene(ground.key, rgb, tuple(objects))


def cut_out(pair: Pair) -> Pair:
    """Return the part of a pair, (h, w), that holds its object, its hard edge softened."""
    mask = pair.alpha >= 128
    if not mask.any():
        return pair
    rows, cols = bounding_box(mask).pad(2).clip(Box.whole(mask.shape)).slices()
    alpha = cv2.GaussianBlur(np.ascontiguousarray(pair.alpha[rows, cols]), (0, 0), _FEATHER_PX)
    return Pair(pair.key, np.ascontiguousarray(pair.rgb[rows, cols]), alpha)


def _placed(
    thing: Pair, size_hw: tuple[int, int], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return colours (H, W, 3) and coverage (H, W) 0..1 of a cut-out somewhere on a picture of that size."""
    rgb, alpha = _sized(thing, float(rng.uniform(*_SCALE)) * max(size_hw))
    if rng.random() < 0.5:
        rgb, alpha = np.ascontiguousarray(rgb[:, ::-1]), np.ascontiguousarray(alpha[:, ::-1])
    height, width = alpha.shape
    turn = float(rng.uniform(-_MOST_DEGREES, _MOST_DEGREES))
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), turn, 1.0)
    # The middle of a cut-out lies in the picture; a part of it may not.
    matrix[0, 2] += float(rng.uniform(0, size_hw[1])) - width / 2
    matrix[1, 2] += float(rng.uniform(0, size_hw[0])) - height / 2
    size_wh = (size_hw[1], size_hw[0])
    colours = cv2.warpAffine(
        rgb.astype(np.float32), matrix, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    coverage = cv2.warpAffine(alpha.astype(np.float32) / 255, matrix, size_wh, flags=cv2.INTER_LINEAR)
    return colours.astype(np.float32), coverage.astype(np.float32)


def _sized(thing: Pair, long_px: float) -> tuple[RgbImage, Alpha]:
    factor = min(long_px / max(thing.alpha.shape), _MOST_ENLARGED)
    size_hw = (max(4, round(thing.alpha.shape[0] * factor)), max(4, round(thing.alpha.shape[1] * factor)))
    return resize(thing.rgb, size_hw), resize(thing.alpha, size_hw)


def _instance(number: int, mask: Mask) -> Instance:
    box = bounding_box(mask)
    return Instance(number, box, np.ascontiguousarray(mask[box.slices()]))
