"""A robot that clicks where a mask is wrong: for the published protocol, and as a person might."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Mask

INNER = 0.5  # share of the largest depth that counts as inside


@dataclass(frozen=True)
class RobotClick:
    """A pixel and what the truth says of it."""

    row: int
    col: int
    is_positive: bool


def depth_of(mask: Mask) -> NDArray[np.float32]:
    """Return the distance in px, (H, W), to the nearest pixel outside; the image's border is outside."""
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]


def next_click(
    truth: Mask,
    predicted: Mask,
    *,
    clicked: Iterable[tuple[int, int]] = (),
    rng: np.random.Generator | None = None,
    inner: float = INNER,
) -> RobotClick | None:
    """Return a click in the deepest error, None where nothing is wrong.

    Args:
        truth: (H, W) bool.
        predicted: (H, W) bool.
        clicked: (row, col) of earlier clicks; these pixels are not clicked again.
        rng: None: the deepest pixel, the first in raster order (published protocol). Else a random
            pixel of the same kind of error, deeper than ``inner`` of the deepest.
        inner: 0 allows the whole error, its rim included.
    """
    wrong = truth ^ predicted
    missing, surplus = depth_of(wrong & truth), depth_of(wrong & ~truth)
    for row, col in clicked:
        missing[row, col] = surplus[row, col] = 0.0
    is_positive = bool(missing.max() > surplus.max())
    depth = missing if is_positive else surplus
    deepest = float(depth.max())
    if deepest == 0.0:
        return None
    if rng is None:
        place = int(depth.argmax())
    else:
        place = int(rng.choice(np.flatnonzero(depth > inner * deepest)))
    row, col = divmod(place, truth.shape[1])
    return RobotClick(row, col, is_positive)


def count_probabilities(gamma: float, largest: int, *, with_zero: bool) -> NDArray[np.float64]:
    """Return P(k) in proportion to gamma^k for k = 0 or 1 .. ``largest``; entry i belongs to the i-th k."""
    weights = gamma ** np.arange(0 if with_zero else 1, largest + 1, dtype=np.float64)
    return weights / weights.sum()
