"""Photographs of a mask set in which several things lie apart from one another.

Their mask says what stands out: two birds, a bottle and a glass. Each thing that lies apart is an object of
its own, with the others beside it as the camera saw them, which nothing that is pasted can show.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha
from training.common.instances import Instance, Scene
from training.common.shards import PairSet

_LEAST_SHARE: Final = 0.01  # of the picture: smaller pieces are specks and cut-off tips


class ApartScenes:
    """A sequence of the scenes with at least two things; every mask is read once to find them.

    Attributes:
        keys: of the photos, in a fixed order.
    """

    def __init__(self, photos: PairSet) -> None:
        self._photos = photos
        self._places = [n for n in range(len(photos)) if len(things_apart(photos.mask(n))) > 1]
        self.keys = tuple(photos.keys[place] for place in self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> Scene:
        pair = self._photos[self._places[index]]
        return Scene(pair.key, pair.rgb, things_apart(pair.alpha))


def things_apart(alpha: Alpha) -> tuple[Instance, ...]:
    """Return the pieces of a mask, (H, W) 0..255, that do not touch, none below a hundredth of it."""
    n_labels, labels, stats, _ = cv2.connectedComponentsWithStats((alpha >= 128).view(np.uint8))
    things = []
    for number in range(1, n_labels):
        x0, y0, width, height, area = (int(value) for value in stats[number])
        if area >= _LEAST_SHARE * alpha.size:
            box = Box(x0, y0, x0 + width, y0 + height)
            things.append(Instance(number, box, labels[box.slices()] == number))
    return tuple(things)
