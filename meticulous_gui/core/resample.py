"""The one way in which arrays change size: half-pixel aligned, area down, bilinear up, no shift."""

from __future__ import annotations

import cv2
import numpy as np

from meticulous_gui.core.types import AnyImage

__all__ = ["resize", "resize_area", "resize_bilinear", "scaled_hw"]


def scaled_hw(size_hw: tuple[int, int], scale: float) -> tuple[int, int]:
    """Return ``scale`` times a size in whole pixels, at least 1 on both axes."""
    return max(round(size_hw[0] * scale), 1), max(round(size_hw[1] * scale), 1)


def resize_area(image: AnyImage, size_hw: tuple[int, int]) -> AnyImage:
    """Return ``image`` at ``size_hw``, every new pixel the mean of the area it covers.

    Args:
        image: (H, W) or (H, W, C), C <= 4; uint8, uint16 or float32.
        size_hw: new size, at least 1 and at most the old size on both axes.

    Raises:
        ValueError: a side is smaller than 1 or would grow.
    """
    _check(image, size_hw)
    if size_hw[0] > image.shape[0] or size_hw[1] > image.shape[1]:
        raise ValueError(f"resize_area only shrinks: {image.shape[:2]} to {size_hw} would grow")
    return _resized(image, size_hw, cv2.INTER_AREA)


def resize_bilinear(image: AnyImage, size_hw: tuple[int, int]) -> AnyImage:
    """Return ``image`` at ``size_hw`` by linear interpolation between pixel centres.

    Right for enlarging; when shrinking it skips pixels (use ``resize`` or ``resize_area``).

    Args:
        image: (H, W) or (H, W, C), C <= 4; uint8, uint16 or float32.
        size_hw: new size, at least 1 on both axes.

    Raises:
        ValueError: a side is smaller than 1.
    """
    _check(image, size_hw)
    return _resized(image, size_hw, cv2.INTER_LINEAR)


def resize(image: AnyImage, size_hw: tuple[int, int]) -> AnyImage:
    """Return ``image`` at ``size_hw``: by area along the axes that shrink, bilinear along those that grow.

    Args:
        image: (H, W) or (H, W, C), C <= 4; uint8, uint16 or float32.
        size_hw: new size, at least 1 on both axes.

    Returns:
        A new array of the same type, also when the size stays.

    Raises:
        ValueError: a side is smaller than 1.
    """
    _check(image, size_hw)
    small_hw = (min(size_hw[0], image.shape[0]), min(size_hw[1], image.shape[1]))
    shrunk = _resized(image, small_hw, cv2.INTER_AREA)
    return shrunk if small_hw == tuple(size_hw) else _resized(shrunk, size_hw, cv2.INTER_LINEAR)


def _check(image: AnyImage, size_hw: tuple[int, int]) -> None:
    if image.ndim not in (2, 3) or image.size == 0:
        raise ValueError(f"image must be (H, W) or (H, W, C) and not empty, got shape {image.shape}")
    if size_hw[0] < 1 or size_hw[1] < 1:
        raise ValueError(f"size_hw must be at least (1, 1), got {tuple(size_hw)}")


def _resized(image: AnyImage, size_hw: tuple[int, int], interpolation: int) -> AnyImage:
    if image.shape[:2] == tuple(size_hw):
        return np.array(image, copy=True, order="C")
    resized = cv2.resize(image, (int(size_hw[1]), int(size_hw[0])), interpolation=interpolation)
    # OpenCV drops a channel axis of length 1.
    return resized.reshape(resized.shape[:2] + image.shape[2:])
