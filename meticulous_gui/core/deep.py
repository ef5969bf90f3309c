"""Pixels of more than 8 bits, which Pillow cuts to 8 without a word: by OpenCV and libheif."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import PhotoError

__all__ = ["deep_grey", "deep_pixels", "is_deep_colour", "png_depth"]

_PHOTOMETRIC, _EXTRA_SAMPLES = 262, 338
_WHITE_IS_ZERO = 0
_NO_ALPHA, _PREMULTIPLIED = 0, 1
"""The first is anything else, such as the infrared of a scanner."""
_BAND_ROWS: Final = 256


def is_deep_colour(image: Image.Image, stream: BinaryIO) -> bool:
    """Say whether the file holds more than 8 bits of colour, which Pillow would cut."""
    if image.mode not in ("RGB", "RGBA", "LA", "RGBX"):
        return False
    if image.format == "HEIF":
        return int(image.info.get("bit_depth") or 8) > 8
    if image.format == "PNG":
        return png_depth(stream) == 16
    if image.format == "TIFF":
        tags = _tags_of(image)
        bits = tags.get(258, (8,))
        return (
            tuple(bits)[:1] == (16,) and tags.get(_PHOTOMETRIC) in (1, 2) and set(tags.get(339, (1,))) == {1}
        )
    return False


def png_depth(stream: BinaryIO) -> int:
    """Return the bits of one channel of a PNG; the stream is left where it was."""
    position = stream.tell()
    stream.seek(24)
    depth = stream.read(1)[0]
    stream.seek(position)
    return depth


def deep_pixels(stream: BinaryIO, image: Image.Image) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return the pixels and the alpha of such a file, uint16.

    Raises:
        OSError: the data is damaged.
    """
    stream.seek(0)
    if image.format == "HEIF":
        return _heif_pixels(stream)
    if image.format == "PNG":
        _require_png_end(stream)
    encoded = np.frombuffer(stream.read(), np.uint8)
    raw = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
    if raw is None or raw.dtype != np.uint16 or raw.shape[:2] != (image.height, image.width):
        raise OSError("the 16-bit picture data cannot be read")
    if raw.ndim == 2:
        return raw, None
    extra = _tags_of(image).get(_EXTRA_SAMPLES, ())[:1]
    has_alpha = raw.shape[2] == 4 and extra != (_NO_ALPHA,)
    alpha = np.ascontiguousarray(raw[..., 3]) if has_alpha else None
    # OpenCV spreads the one channel of a grey PNG with alpha (colour type 4) over three.
    if image.format == "PNG" and encoded[25] == 4:
        return np.ascontiguousarray(raw[..., 0]), alpha
    pixels = cv2.cvtColor(raw, cv2.COLOR_BGRA2RGB if raw.shape[2] == 4 else cv2.COLOR_BGR2RGB)
    if alpha is not None and extra == (_PREMULTIPLIED,):
        _make_straight(pixels, alpha)
    return pixels, alpha


def _tags_of(image: Image.Image) -> Mapping[int, Any]:
    """Return the tags of a TIFF; of other pictures none."""
    tags: Mapping[int, Any] = getattr(image, "tag_v2", {})
    return tags


def _make_straight(pixels: NDArray[Any], alpha: NDArray[Any]) -> None:
    """Divide (H, W, 3) uint16 colours that hold their alpha by it, in place."""
    for y0 in range(0, len(pixels), _BAND_ROWS):
        band = pixels[y0 : y0 + _BAND_ROWS]
        share = np.maximum(alpha[y0 : y0 + _BAND_ROWS], 1).astype(np.float32)[..., None] / np.float32(65535)
        band[:] = np.rint(np.minimum(band / share, 65535))


def _require_png_end(stream: BinaryIO) -> None:
    """Raise where a PNG is cut short; OpenCV would hand out the missing part as black."""
    size = stream.seek(0, 2)
    position = 8
    kind = b""
    while position + 12 <= size and kind != b"IEND":
        stream.seek(position)
        header = stream.read(8)
        kind = header[4:]
        position += 12 + int.from_bytes(header[:4], "big")
    stream.seek(0)
    if kind != b"IEND" or position > size:
        raise OSError("image file is truncated")


def _heif_pixels(stream: BinaryIO) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return 10 and 12 bits in the upper ones of 16; libheif has turned the picture already."""
    import pillow_heif

    picture = pillow_heif.open_heif(stream, convert_hdr_to_8bit=False)
    raw = np.asarray(picture)
    if raw.dtype != np.uint16 or raw.ndim != 3:
        raise OSError("the 10-bit picture data cannot be read")
    alpha = np.ascontiguousarray(raw[..., 3]) if raw.shape[2] == 4 else None
    return np.ascontiguousarray(raw[..., :3]), alpha


def deep_grey(path: Path, image: Image.Image) -> NDArray[np.uint16]:
    """Return (H, W) of a grey picture of more than 8 bits.

    Raises:
        PhotoError: its values do not fit into 16 bits.
    """
    values = np.asarray(image)
    if values.size and (values.min() < 0 or values.max() > 65535):
        raise PhotoError(
            f"{path} holds whole numbers from {values.min()} to {values.max()}, more than 16 bits; "
            "save it as a 16-bit TIFF or PNG and open that."
        )
    grey = values.astype(np.uint16)
    # Pillow turns negatives of 8 bits over, those of 16 bits not.
    is_negative = image.mode.startswith("I;16") and _tags_of(image).get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    return np.uint16(65535) - grey if is_negative else grey
