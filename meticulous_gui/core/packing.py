"""Pixels kept small in memory and in autosave's file: packed by LZ4, which unpacks as fast as memory copies.

zlib packs as small but takes forty times as long to unpack: undo of a whole mask of 100 megapixels must not
be felt.
"""

from __future__ import annotations

from math import prod
from zlib import crc32

import lz4.block
import numpy as np
from numpy.typing import NDArray

__all__ = ["pack", "pack_image", "unpack", "unpack_image"]

_CHECK_BYTES = 4
_SIZE_BYTES = 4
_STRIP_ROWS = 256


def pack(values: NDArray[np.uint8]) -> bytes:
    """Return an array's bytes, packed, with a check of them at the end."""
    small: bytes = lz4.block.compress(np.ascontiguousarray(values).data)
    return small + crc32(small).to_bytes(_CHECK_BYTES, "little")


def unpack(packed: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return what `pack` was given, a new array of ``shape``.

    Raises:
        ValueError: ``packed`` is damaged or of another size.
    """
    small, check = packed[:-_CHECK_BYTES], packed[-_CHECK_BYTES:]
    n_bytes = prod(shape)
    if len(small) < _SIZE_BYTES or crc32(small).to_bytes(_CHECK_BYTES, "little") != check:
        raise ValueError("packed pixels are damaged")
    if int.from_bytes(small[:_SIZE_BYTES], "little") != n_bytes:
        raise ValueError(f"packed pixels do not fill {shape}")
    try:
        raw = lz4.block.decompress(small, return_bytearray=True)  # not bytes: they cannot be written to
    except lz4.block.LZ4BlockError as error:
        raise ValueError("packed pixels are damaged") from error
    return np.frombuffer(raw, np.uint8).reshape(shape)


def pack_image(image: NDArray[np.uint8]) -> bytes:
    """Return a large (H, W) image packed strip by strip; strips of zeros take four bytes."""
    parts = []
    for first in range(0, image.shape[0], _STRIP_ROWS):
        strip = image[first : first + _STRIP_ROWS]
        small = pack(strip) if strip.any() else b""
        parts += [len(small).to_bytes(_SIZE_BYTES, "little"), small]
    return b"".join(parts)


def unpack_image(packed: bytes, size_hw: tuple[int, int]) -> NDArray[np.uint8]:
    """Return what `pack_image` was given, a new array; memory under strips of zeros is not touched.

    Raises:
        ValueError: ``packed`` is damaged or of another size.
    """
    image = np.zeros(size_hw, np.uint8)
    at = 0
    for first in range(0, size_hw[0], _STRIP_ROWS):
        strip = image[first : first + _STRIP_ROWS]
        start = at + _SIZE_BYTES
        at = start + int.from_bytes(packed[at:start], "little")
        if at > start:
            strip[:] = unpack(packed[start:at], strip.shape)
    if at != len(packed):
        raise ValueError("packed pixels are damaged")
    return image
