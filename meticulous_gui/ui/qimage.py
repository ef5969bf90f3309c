"""Arrays to QImage and back; the only place where numpy and Qt share pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from meticulous_gui.core.types import RgbImage


def qimage_from_rgb(image: RgbImage) -> QImage:
    """Return an RGB888 copy of `image`, which Qt owns.

    Args:
        image: (H, W, 3) uint8, any strides.
    """
    contiguous = np.ascontiguousarray(image)
    height, width = contiguous.shape[:2]
    return QImage(contiguous.data, width, height, contiguous.strides[0], QImage.Format.Format_RGB888).copy()


def qimage_from_rgba(image: NDArray[np.uint8]) -> QImage:
    """Return an RGBA8888 copy (straight alpha) of a (H, W, 4) uint8 array."""
    contiguous = np.ascontiguousarray(image)
    height, width = contiguous.shape[:2]
    return QImage(contiguous.data, width, height, contiguous.strides[0], QImage.Format.Format_RGBA8888).copy()


def qimage_over_bgrx(frame: NDArray[np.uint8]) -> QImage:
    """Return a QImage that shows the bytes of `frame` without a copy.

    The caller keeps `frame` alive as long as the picture: Qt does not.

    Args:
        frame: (H, W, 4) uint8, C-contiguous, blue first, fourth byte unused.
    """
    if frame.ndim != 3 or frame.shape[2] != 4:
        msg = f"frame must be (H, W, 4), got {frame.shape}"
        raise ValueError(msg)
    if not frame.flags.c_contiguous:
        msg = "frame must be C-contiguous, or Qt would read rows from the wrong place"
        raise ValueError(msg)
    height, width = frame.shape[:2]
    return QImage(frame.data, width, height, frame.strides[0], QImage.Format.Format_RGB32)


def rgba_from_qimage(picture: QImage) -> NDArray[np.uint8]:
    """Return the pixels of any QImage as an own (H, W, 4) uint8 array with straight alpha."""
    converted = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    height, width = converted.height(), converted.width()
    # Scan lines may be padded, so the row length in bytes is Qt's, not width * 4.
    rows = np.frombuffer(converted.constBits(), dtype=np.uint8).reshape(height, converted.bytesPerLine())
    return rows[:, : width * 4].reshape(height, width, 4).copy()


def rgb_from_qimage(picture: QImage) -> RgbImage:
    """Return the colours of any QImage as an own (H, W, 3) uint8 array; alpha is left out."""
    return np.ascontiguousarray(rgba_from_qimage(picture)[:, :, :3])
