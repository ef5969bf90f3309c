"""Photographs with several objects whose outlines are known: cut-outs of a mask set put over its photos.

Sets with every object outlined are small; from these a click network learns which of several things was
meant. Things of all kinds over one another tell themselves by what they are; things of one kind (a crowd, a
row of cars) only by their outlines, so there are scenes of both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

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


_KIN_PASTED = (1, 4)
_KIN_SCALE = (0.6, 1.25)  # of the extent of the photo's own object
_KIN_LARGEST = 0.5  # of the photo's long side
_SAME_THING_CHANCE = 0.4
_BEHIND_CHANCE = 0.4
_KIND: Final = re.compile(r"duts_(n\d{8})_|(ccp)_")  # ImageNet's class, or a set of one kind


@dataclass(frozen=True)
class _Painted:
    """A picture under way, (H, W, 3) float32, and its objects: all of each, and what is seen of it."""

    rgb: NDArray[np.float32]
    whole: tuple[Mask, ...]
    seen: tuple[Mask, ...]

    def with_thing(
        self,
        colours: NDArray[np.float32],
        coverage: NDArray[np.float32],
        front: NDArray[np.float32] | None = None,
    ) -> _Painted:
        """Return it with a thing, (H, W, 3) and (H, W) 0..1, in front of all but what ``front`` covers."""
        if front is None:
            front = np.zeros_like(coverage)
        mask, hidden = coverage >= 0.5, front >= 0.5
        rgb = self.rgb + (coverage * (1.0 - front))[:, :, None] * (colours - self.rgb)
        seen = tuple(other & (~mask | hidden) for other in self.seen)
        return _Painted(rgb, (*self.whole, mask), (*seen, mask & ~hidden))

    def scene(self, key: str, rng: np.random.Generator) -> Scene:
        """Return the finished picture with the objects of which enough is seen."""
        rgb = np.clip(np.round(self.rgb), 0, 255).astype(np.uint8)
        # The grain of one compression over all of it: without it a cut-out tells itself by its own.
        rgb = compress(rgb, quality=int(rng.integers(60, 96)))
        objects = [
            _instance(number, mask)
            for number, (mask, full) in enumerate(zip(self.seen, self.whole, strict=True))
            if mask.any() and np.count_nonzero(mask) >= _LEAST_VISIBLE * np.count_nonzero(full)
        ]
        return Scene(key, rgb, tuple(objects))


def _begun(ground: Pair) -> _Painted:
    own = ground.alpha >= 128
    return _Painted(ground.rgb.astype(np.float32), (own,), (own,))


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
        painted = _begun(ground)
        for _ in range(int(rng.integers(_N_PASTED[0], _N_PASTED[1] + 1))):
            thing = cut_out(self.photos[int(rng.integers(len(self.photos)))])
            long_px = float(rng.uniform(*_SCALE)) * max(ground.alpha.shape)
            painted = painted.with_thing(*_placed(thing, ground.rgb, long_px, rng))
        return painted.scene(ground.key, rng)


@dataclass(frozen=True)
class KinScenes:
    """As ``PastedScenes``, but with things of the kind of the photo's own, of about its size, or it again.

    What is pasted may lie behind the photo's own object, whose edge to it is then a real one.
    """

    photos: PairSet

    def __len__(self) -> int:
        return len(self.photos)

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, key in enumerate(self.photos.keys):
            places.setdefault(kind_of(key), []).append(place)
        return places

    def scene(self, index: int, rng: np.random.Generator) -> Scene:
        """Return photo ``index`` with one to four things of its object's kind; see ``PastedScenes.scene``."""
        ground = self.photos[index]
        painted = _begun(ground)
        front = np.multiply(ground.alpha, 1 / 255, dtype=np.float32)
        extent = max(cut_out(ground).alpha.shape)
        base_px = min(extent, _KIN_LARGEST * max(ground.alpha.shape))
        kin = self._places[kind_of(ground.key)]
        for _ in range(int(rng.integers(_KIN_PASTED[0], _KIN_PASTED[1] + 1))):
            is_same = rng.random() < _SAME_THING_CHANCE
            thing = cut_out(ground if is_same else self.photos[kin[int(rng.integers(len(kin)))]])
            colours, coverage = _placed(thing, ground.rgb, base_px * float(rng.uniform(*_KIN_SCALE)), rng)
            if rng.random() < _BEHIND_CHANCE:
                painted = painted.with_thing(colours, coverage, front)
            else:
                painted = painted.with_thing(colours, coverage)
                front = np.multiply(front, 1.0 - coverage, dtype=np.float32)
        return painted.scene(ground.key, rng)


def kind_of(key: str) -> str:
    """Return what a picture's object is, as far as its key says; a key that does not is a kind of its own."""
    found = _KIND.match(key)
    return next(group for group in found.groups() if group) if found else key


def cut_out(pair: Pair) -> Pair:
    """Return the part of a pair, (h, w), that holds its object, its hard edge softened."""
    mask = pair.alpha >= 128
    if not mask.any():
        return pair
    rows, cols = bounding_box(mask).pad(2).clip(Box.whole(mask.shape)).slices()
    alpha = cv2.GaussianBlur(np.ascontiguousarray(pair.alpha[rows, cols]), (0, 0), _FEATHER_PX)
    return Pair(pair.key, np.ascontiguousarray(pair.rgb[rows, cols]), alpha)


def _placed(
    thing: Pair, ground: RgbImage, long_px: float, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return colours (H, W, 3) and coverage (H, W) 0..1 of a cut-out somewhere on a picture, in its light."""
    size_hw = (ground.shape[0], ground.shape[1])
    rgb, alpha = _sized(thing, long_px)
    if rng.random() < 0.5:
        rgb, alpha = np.ascontiguousarray(rgb[:, ::-1]), np.ascontiguousarray(alpha[:, ::-1])
    height, width = alpha.shape
    turn = float(rng.uniform(-_MOST_DEGREES, _MOST_DEGREES))
    matrix = cv2.getRotationMatrix2D((width / 2 - 0.5, height / 2 - 0.5), turn, 1.0)
    # The middle of a cut-out lies in the picture; a part of it may not.
    matrix[0, 2] += float(rng.uniform(0, size_hw[1])) - width / 2
    matrix[1, 2] += float(rng.uniform(0, size_hw[0])) - height / 2
    size_wh = (size_hw[1], size_hw[0])
    warped = cv2.warpAffine(
        rgb.astype(np.float32), matrix, size_wh, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    coverage = cv2.warpAffine(alpha.astype(np.float32) / 255, matrix, size_wh, flags=cv2.INTER_LINEAR)
    coverage = coverage.astype(np.float32)
    return matched_light(warped, coverage, ground, amount=float(rng.uniform(0.0, 0.5))), coverage


def _sized(thing: Pair, long_px: float) -> tuple[RgbImage, Alpha]:
    factor = min(long_px / max(thing.alpha.shape), _MOST_ENLARGED)
    size_hw = (max(4, round(thing.alpha.shape[0] * factor)), max(4, round(thing.alpha.shape[1] * factor)))
    return resize(thing.rgb, size_hw), resize(thing.alpha, size_hw)


def _instance(number: int, mask: Mask) -> Instance:
    box = bounding_box(mask)
    return Instance(number, box, np.ascontiguousarray(mask[box.slices()]))
