"""Photoshop files as far as they hold a flattened picture: 16 bits, and the sentence where there is none."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from meticulous_gui.core.errors import PhotoError
from meticulous_gui.core.stored import DecodeLimits, Stored

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["deep_psd_size", "is_deep_psd", "read_deep_psd", "refuse_without_picture"]

_GREY, _RGB = 1, 3
_ICC, _VERSION_INFO, _RESOLUTION = 1039, 1057, 1005


def is_deep_psd(head: bytes) -> bool:
    """Say whether a file starts as a PSD of 16 bits, which Pillow does not read."""
    return head[:4] == b"8BPS" and head[22:24] == b"\x00\x10"


def deep_psd_size(path: Path, stream: BinaryIO, limits: DecodeLimits) -> tuple[int, int]:
    """Return (height, width) from the header alone.

    Raises:
        PhotoError: it is too large, or neither grey nor RGB.
    """
    height, width, _depth, mode = struct.unpack(">IIHH", stream.read(26)[14:])
    stream.seek(0)
    limits.check(path, (width, height))
    if mode not in (_GREY, _RGB):
        raise PhotoError(
            f"{path} is a 16-bit PSD that is neither RGB nor grey; save it as RGB, or flat as TIFF."
        )
    return height, width


def read_deep_psd(path: Path, stream: BinaryIO, limits: DecodeLimits) -> Stored:
    """Return the flattened picture of a 16-bit PSD.

    Raises:
        PhotoError: one sentence; too large, damaged, neither grey nor RGB, or no flattened picture.
    """
    deep_psd_size(path, stream, limits)
    from psd_tools.psd import PSD  # a sixth of a second, and few people have such files

    record = PSD.read(stream)
    resources, header = record.image_resources, record.header
    info = resources.get_data(_VERSION_INFO)
    if info is not None and not info.has_composite:
        raise _no_picture(path)
    n_colours = 1 if header.color_mode == _GREY else 3
    planes = [
        np.frombuffer(bytes(plane), ">u2").reshape(header.height, header.width)
        for plane in record.image_data.get_data(header)[:n_colours]
    ]
    pixels = planes[0].astype(np.uint16) if n_colours == 1 else np.stack(planes, axis=2).astype(np.uint16)
    mode = "L" if n_colours == 1 else "RGB"
    icc, dpi = resources.get_data(_ICC), _dpi(resources.get_data(_RESOLUTION))
    return Stored(pixels, mode, mode, icc=icc, dpi=dpi)


def _dpi(resolution: Any) -> tuple[float, float] | None:
    """Return what the resource says, which counts in 65,536ths of pixels an inch."""
    if resolution is None or resolution.horizontal <= 0 or resolution.vertical <= 0:
        return None
    return resolution.horizontal / 65536, resolution.vertical / 65536


def refuse_without_picture(path: Path, image: Image.Image) -> None:
    """Refuse an 8-bit PSD that Photoshop saved without its flattened picture.

    Raises:
        PhotoError: there is none.
    """
    resources: list[tuple[int, bytes, bytes]] = getattr(image, "resources", [])
    for number, _name, data in resources:
        if number == _VERSION_INFO and len(data) > 4 and data[4] == 0:
            raise _no_picture(path)


def _no_picture(path: Path) -> PhotoError:
    return PhotoError(
        f"{path} holds layers but no flattened picture; save it in Photoshop with “Maximize Compatibility” "
        "on, or flat as TIFF."
    )
