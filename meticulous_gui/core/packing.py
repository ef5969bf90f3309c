"""Pixels kept small in memory and in autosave's file: packed by LZ4, which unpacks as fast as memory copies.

zlib packs as small but takes forty times as long to unpack: undo of a whole mask of 100 megapixels must not
be felt. What has one value everywhere, as most tiles of a mask have, is that value and costs nothing at all.
"""

from __future__ import annotations

from math import prod
from zlib import crc32

import lz4.block
import numpy as np
from numpy.typing import NDArray

__all__ = ["PackedImage", "check", "is_plain", "pack", "plain_value", "unpack", "unpack_image", "unpack_own"]

_CHECK_BYTES = 4
_SIZE_BYTES = 4
_PLAIN_BYTES = _SIZE_BYTES + 1 + _CHECK_BYTES
_NOTHING = bytes(_SIZE_BYTES)
_STRIP_ROWS = 256


def pack(values: NDArray[np.uint8]) -> bytes:
    """Return an array's bytes, packed, with a check of them at the end."""
    if is_plain(values):
        small = values.size.to_bytes(_SIZE_BYTES, "little") + int(values.flat[0]).to_bytes(1, "little")
    else:
        small = lz4.block.compress(np.ascontiguousarray(values).data)
    return small + crc32(small).to_bytes(_CHECK_BYTES, "little")


def is_plain(values: NDArray[np.uint8]) -> bool:
    """Return whether there are values, and all of them equal."""
    # The two corners first: they tell most tiles apart that are not plain.
    return values.size > 0 and values.flat[0] == values.flat[-1] and bool((values == values.flat[0]).all())


def plain_value(packed: bytes) -> int | None:
    """Return the one value that all of what was packed has; None where it has several, or is nothing."""
    # No LZ4 block of anything is so short.
    return packed[_SIZE_BYTES] if len(packed) == _PLAIN_BYTES and packed[:_SIZE_BYTES] != _NOTHING else None


def check(packed: bytes) -> None:
    """Look whether what was packed came through unharmed: once, where it is read from a file.

    Raises:
        ValueError: ``packed`` is damaged.
    """
    small = memoryview(packed)[:-_CHECK_BYTES]
    if len(small) < _SIZE_BYTES or crc32(small).to_bytes(_CHECK_BYTES, "little") != packed[-_CHECK_BYTES:]:
        raise ValueError("packed pixels are damaged")


def unpack(packed: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return what `pack` was given, a new array of ``shape``.

    Raises:
        ValueError: ``packed`` is damaged or of another size.
    """
    check(packed)
    return unpack_own(packed, shape)


def unpack_own(packed: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return what `unpack` does of what never left this process, or was checked: in half the time.

    Raises:
        ValueError: ``packed`` is of another size.
    """
    if int.from_bytes(packed[:_SIZE_BYTES], "little") != prod(shape):
        raise ValueError(f"packed pixels do not fill {shape}")
    plain = plain_value(packed)
    if plain is not None:
        return np.full(shape, plain, np.uint8)
    try:
        # Not bytes: they cannot be written to.
        raw = lz4.block.decompress(memoryview(packed)[:-_CHECK_BYTES], return_bytearray=True)
    except lz4.block.LZ4BlockError as error:
        raise ValueError("packed pixels are damaged") from error
    return np.frombuffer(raw, np.uint8).reshape(shape)


class PackedImage:
    """A large (H, W) image that is packed strip by strip, when there is time; strips of zeros take nothing.

    Attributes:
        is_done: whether all of it is packed, and the image itself no longer needed.
    """

    def __init__(self, image: NDArray[np.uint8]) -> None:
        """Begin; ``image`` is read until `is_done` and must not change."""
        self._image: NDArray[np.uint8] | None = image
        self._size_hw = image.shape[0], image.shape[1]
        self._parts: list[bytes] = []
        self._n_rows = 0

    @property
    def is_done(self) -> bool:
        return self._image is None

    @property
    def n_bytes(self) -> int:
        """Memory of what is packed so far."""
        return sum(len(part) for part in self._parts)

    def pack_strip(self) -> None:
        """Pack another few hundred rows."""
        if self._image is None:
            return
        strip = self._image[self._n_rows : self._n_rows + _STRIP_ROWS]
        small = pack(strip) if strip.any() else b""
        self._parts += [len(small).to_bytes(_SIZE_BYTES, "little"), small]
        self._n_rows += _STRIP_ROWS
        if self._n_rows >= self._size_hw[0]:
            self._image = None

    def finish(self) -> bytes:
        """Pack what is left and return it all, for `unpack_image`."""
        while not self.is_done:
            self.pack_strip()
        return b"".join(self._parts)

    def unpack(self) -> NDArray[np.uint8]:
        """Return the image, a new array."""
        return unpack_image(self.finish(), self._size_hw)


def unpack_image(packed: bytes, size_hw: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the image that a `PackedImage` packed, a new array; memory under strips of zeros is not touched.

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
