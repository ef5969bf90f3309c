"""Contact sheets: rows of pictures of one height, with a line of text under each row."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.resample import resize
from meticulous_gui.core.types import Alpha, RgbImage

_TEXT_PX = 16


def grey_picture(values: Alpha | NDArray[np.float32]) -> RgbImage:
    """Return a map, (H, W), as a grey picture, (H, W, 3); floats are probabilities 0..1."""
    scale = 1.0 if values.dtype == np.uint8 else 255.0
    codes = np.round(scale * np.clip(values.astype(np.float32), 0.0, 255.0 / scale)).astype(np.uint8)
    return np.repeat(codes[:, :, None], 3, axis=2)


def error_picture(rgb: RgbImage, predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> RgbImage:
    """Return the photo, (H, W, 3), in grey with what is too much in orange and what is missing in blue."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    shown = np.repeat((grey // 2 + 64)[:, :, None], 3, axis=2)
    shown[predicted & ~truth] = (230, 159, 0)
    shown[truth & ~predicted] = (0, 114, 178)
    return shown


def contact_sheet(rows: Sequence[tuple[str, Sequence[RgbImage]]], *, height_px: int = 160) -> RgbImage:
    """Return one picture of all rows.

    Args:
        rows: text and pictures of each row, any sizes.
        height_px: height to which every picture is brought.

    Returns:
        (H, W, 3) uint8.
    """
    strips = []
    for text, pictures in rows:
        shown = [
            resize(picture, (height_px, max(1, round(picture.shape[1] * height_px / picture.shape[0]))))
            for picture in pictures
        ]
        line = np.full((_TEXT_PX, sum(p.shape[1] for p in shown), 3), 255, np.uint8)
        cv2.putText(line, text, (3, 12), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0), 1, cv2.LINE_AA)
        strips.append(np.vstack([np.hstack(shown), line]))
    width = max((strip.shape[1] for strip in strips), default=1)
    padded = [np.pad(s, ((0, 0), (0, width - s.shape[1]), (0, 0)), constant_values=255) for s in strips]
    return np.vstack(padded) if padded else np.full((1, 1, 3), 255, np.uint8)
