"""Resampling of parts: any box of an enlarged map, whole-number shrinking, crops beyond the image's edge.

Pixels are areas (half-pixel centres) as in `core.resample`. What is computed for a pixel never depends on the
box it was computed in, so that tiles meet to the bit.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import AnyImage
from meticulous_gui.engine.types import Logits, RgbImage

__all__ = ["crop_padded", "enlarge_crop", "shrink_by", "shrink_steps", "shrunk_hw", "source_box"]


def enlarge_crop(values: Logits, box: Box, *, scale_yx: tuple[float, float]) -> Logits:
    """Return the pixels of ``box`` of an enlarged ``values``, bilinear, its border repeated outwards.

    Args:
        values: (h, w) float32, the small map.
        box: pixels of the large map; may lie beyond its edge.
        scale_yx: small pixels per large pixel on each axis, <= 1.

    Returns:
        (box.height, box.width) float32.
    """
    if scale_yx == (1.0, 1.0):
        return crop_padded(values, box, outside="clamp")
    above, below, weight_y = _taps(box.y0, box.y1, scale_yx[0], values.shape[0])
    left, right, weight_x = _taps(box.x0, box.x1, scale_yx[1], values.shape[1])
    first = int(above.min()) if above.size else 0
    rows = values[first : int(below.max()) + 1] if below.size else values[:0]
    wide: Logits = rows[:, left] * (1 - weight_x) + rows[:, right] * weight_x
    weight = weight_y[:, None]
    result: Logits = wide[above - first] * (1 - weight) + wide[below - first] * weight
    return result


def source_box(box: Box, *, scale_yx: tuple[float, float], size_hw: tuple[int, int]) -> Box:
    """Return the small pixels that ``enlarge_crop`` reads for ``box``, inside a small map of ``size_hw``."""
    above, below, _ = _taps(box.y0, box.y1, scale_yx[0], size_hw[0])
    left, right, _ = _taps(box.x0, box.x1, scale_yx[1], size_hw[1])
    return Box(int(left[0]), int(above[0]), int(right[-1]) + 1, int(below[-1]) + 1)


def _taps(
    start: int, stop: int, scale: float, n_source: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
    """Return for each target index the two source indexes and the weight of the second."""
    position = (np.arange(start, stop, dtype=np.float64) + 0.5) * scale - 0.5
    lower = np.floor(position)
    weight = (position - lower).astype(np.float32)
    index = lower.astype(np.int64)
    return np.clip(index, 0, n_source - 1), np.clip(index + 1, 0, n_source - 1), weight


def shrunk_hw(size_hw: tuple[int, int], factor: int) -> tuple[int, int]:
    """Return the size of an image shrunk by a whole ``factor``; a rest counts as a full pixel."""
    return -(-size_hw[0] // factor), -(-size_hw[1] // factor)


def shrink_by(image: AnyImage, factor: int) -> AnyImage:
    """Return ``image`` with each ``factor`` x ``factor`` block averaged; see `shrink_steps`."""
    height, width = shrunk_hw((image.shape[0], image.shape[1]), factor)
    result = np.empty((height, width, *image.shape[2:]), image.dtype)
    for _ in shrink_steps(image, factor, out=result):
        pass
    return result


def shrink_steps(image: AnyImage, factor: int, *, out: AnyImage) -> Iterator[None]:
    """Write ``image``, each ``factor`` x ``factor`` block averaged, into ``out``, strip by strip.

    The last row and column are repeated to fill the rest: pixel i of the result covers exactly
    [i factor, (i + 1) factor), as in `core.pyramid`. Needs no copy of the whole image.

    Args:
        image: (H, W) or (H, W, C) uint8 or float32.
        factor: >= 1.
        out: of ``shrunk_hw`` and the image's type.
    """
    height, width = shrunk_hw((image.shape[0], image.shape[1]), factor)
    strip = max(1, 1024 // factor)
    for row in range(0, height, strip):
        rows = min(strip, height - row)
        block = image[row * factor : (row + rows) * factor]
        missing_y, missing_x = rows * factor - block.shape[0], width * factor - block.shape[1]
        if missing_y or missing_x:
            block = cv2.copyMakeBorder(block, 0, missing_y, 0, missing_x, cv2.BORDER_REPLICATE)
        small = cv2.resize(block, (width, rows), interpolation=cv2.INTER_AREA)
        out[row : row + rows] = small.reshape(rows, width, *image.shape[2:])
        yield


def crop_padded(image: AnyImage, box: Box, *, outside: str = "reflect") -> AnyImage:
    """Return a copy of the pixels of ``box``, which may reach beyond the edges.

    Args:
        image: (H, W) or (H, W, C).
        box: where; must meet the image.
        outside: "reflect" mirrors the image at its edges, "clamp" repeats its last pixels.

    Raises:
        ValueError: the box does not meet the image, or ``outside`` is neither of the two.
    """
    if outside not in ("reflect", "clamp"):
        raise ValueError(f"outside must be 'reflect' or 'clamp', got {outside!r}")
    height, width = image.shape[:2]
    inside = box.clip(Box(0, 0, width, height))
    if inside.is_empty:
        raise ValueError(f"{box} does not meet an image of {height} x {width}")
    if inside == box:
        return image[box.slices()].copy()
    rows = _source_index(box.y0, box.y1, height, outside)
    columns = _source_index(box.x0, box.x1, width, outside)
    return image[rows[:, None], columns[None, :]]


def _source_index(start: int, stop: int, n: int, outside: str) -> NDArray[np.int64]:
    """Return which of ``n`` pixels stand at ``start`` to ``stop``, beyond the edges too."""
    index = np.arange(start, stop)
    if outside == "reflect":  # again and again, where more is missing than there is
        index %= 2 * n
        return np.minimum(index, 2 * n - 1 - index)
    return np.clip(index, 0, n - 1)


def as_batch_rgb(crop: RgbImage) -> NDArray[np.float32]:
    """Return (3, S, S) float32 in 0..1 of an (S, S, 3) uint8 crop."""
    return np.ascontiguousarray(crop.transpose(2, 0, 1)).astype(np.float32) * np.float32(1 / 255)
