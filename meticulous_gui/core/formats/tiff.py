"""Cut-outs as TIFF: 8 and 16 bits, straight alpha, profile, resolution and EXIF, packed without loss.

Pillow writes no 16-bit colour and OpenCV no profile, so the pixels are packed here and Pillow, which knows
every tag, writes the directories.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

from meticulous_gui.core.colour import rgb_profile_of_grey
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.exif import entries_of
from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.finish import Finished, finish
from meticulous_gui.core.formats.item import ExportItem
from meticulous_gui.core.recipe import Recipe

__all__ = ["TiffExporter", "write_tiff"]

_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIP_OFFSETS, _SAMPLES, _ROWS_PER_STRIP, _STRIP_BYTES = 273, 277, 278, 279
_X_DPI, _Y_DPI, _PLANAR, _UNIT, _PREDICTOR, _EXTRA, _FORMAT = 282, 283, 284, 296, 317, 338, 339
_ICC = 34675

_DEFLATE, _DIFFERENCES, _INCH, _STRAIGHT_ALPHA, _LONG = 8, 2, 2, 2, 4
_MIN_IS_BLACK, _RGB = 1, 2
_LAYOUT: Final = frozenset(
    (_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC, _STRIP_OFFSETS, _SAMPLES, _ROWS_PER_STRIP,
     _STRIP_BYTES, _X_DPI, _Y_DPI, _PLANAR, _UNIT, _PREDICTOR, _EXTRA, _FORMAT, _ICC)
)  # fmt: skip
"""Tags that are about this file's layout, whatever the photo's EXIF says."""

_STRIP_ROWS: Final = 64
_MAX_BYTES: Final = 2**32 - 2**20
"""Offsets have 32 bits."""


@dataclass(frozen=True)
class TiffExporter:
    """What printers and retouchers take: nothing of the photo is lost."""

    name: str = "tiff"
    title: str = "TIFF"
    suffixes: tuple[str, ...] = (".tif", ".tiff")

    def write(self, item: ExportItem, path: Path, recipe: Recipe) -> None:
        done = _widely_read(finish(item.photo, item.alpha, recipe))
        with atomic_write(path) as stream:
            write_tiff(
                stream,
                done.joined(),
                has_alpha=done.alpha is not None,
                icc=done.icc,
                exif=item.exif(recipe),
                dpi=item.photo.dpi,
            )


def _widely_read(done: Finished) -> Finished:
    """Return 16-bit grey with transparency as colour that looks the same: few programs read the former.

    Pillow refuses it, OpenCV and what else asks libtiff for RGBA get 8 bits without transparency.
    """
    if done.alpha is None or done.pixels.ndim == 3 or done.pixels.dtype == np.uint8:
        return done
    icc = None if done.icc is None else rgb_profile_of_grey(done.icc)
    if icc is None and done.icc is not None:
        return done  # right colours for few rather than wrong ones for all
    return Finished(cv2.cvtColor(done.pixels, cv2.COLOR_GRAY2RGB), done.alpha, icc)


def write_tiff(
    stream: BinaryIO,
    pixels: NDArray[Any],
    *,
    has_alpha: bool,
    icc: bytes | None = None,
    exif: bytes | None = None,
    dpi: tuple[float, float] | None = None,
) -> None:
    """Write one picture as little-endian TIFF, deflated with differences of neighbours.

    Args:
        stream: where to; it can seek.
        pixels: (H, W) or (H, W, C), uint8 or uint16: grey or RGB, the last channel alpha if there is one.
        has_alpha: whether it is.
        icc: profile of the same colour space as ``pixels``.
        exif: TIFF-structured block.
        dpi: horizontal, vertical.

    Raises:
        ExportError: more than 4 GB.
        ValueError: another type or shape, or an empty picture.
    """
    planes = pixels[..., None] if pixels.ndim == 2 else pixels
    n_colours = planes.shape[2] - has_alpha if planes.ndim == 3 else 0
    if n_colours not in (1, 3) or planes.size == 0 or planes.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"pixels must be uint8 or uint16 grey or RGB, got {pixels.dtype} {pixels.shape}")
    stream.write(struct.pack("<2sHI", b"II", 42, 0))
    offsets, sizes = [], []
    for strip in _strips(planes):
        offsets.append(stream.tell())
        sizes.append(len(strip))
        if offsets[-1] + len(strip) > _MAX_BYTES:
            raise ExportError("The picture is too large for TIFF, which ends at 4 GB; export as PNG.")
        stream.write(strip)
    directory = _described(exif)
    height, width, channels = planes.shape
    directory[_WIDTH], directory[_HEIGHT] = width, height
    directory[_BITS] = (planes.dtype.itemsize * 8,) * channels
    directory[_COMPRESSION], directory[_PREDICTOR], directory[_PLANAR] = _DEFLATE, _DIFFERENCES, 1
    directory[_PHOTOMETRIC] = _MIN_IS_BLACK if n_colours == 1 else _RGB
    directory.tagtype[_STRIP_OFFSETS] = directory.tagtype[_STRIP_BYTES] = _LONG
    directory[_STRIP_OFFSETS], directory[_STRIP_BYTES] = (0,) * len(offsets), tuple(sizes)
    directory[_SAMPLES], directory[_ROWS_PER_STRIP] = channels, _STRIP_ROWS
    if has_alpha:
        directory[_EXTRA] = _STRAIGHT_ALPHA
    if icc is not None:
        directory[_ICC] = icc
    if dpi is not None:
        directory[_X_DPI], directory[_Y_DPI] = (IFDRational(round(value * 1000), 1000) for value in dpi)
        directory[_UNIT] = _INCH
    stream.write(b"\0" * (stream.tell() % 2))  # a directory begins at an even place
    place = stream.tell()
    stream.write(_with_offsets(directory.tobytes(place), place, offsets))
    stream.seek(4)
    stream.write(struct.pack("<I", place))
    stream.seek(0, 2)


def _with_offsets(directory: bytes, place: int, offsets: list[int]) -> bytes:
    """Return a directory that lies at ``place`` with the strips' offsets filled in.

    Pillow counts them from the end of the directory, for files whose pixels follow it; ours are written
    before it, strip by strip, so that a large picture is never held packed as a whole.
    """
    filled = bytearray(directory)
    n_entries = struct.unpack_from("<H", directory)[0]
    for entry in range(2, 2 + 12 * n_entries, 12):
        tag, _, count, value = struct.unpack_from("<HHII", directory, entry)
        if tag == _STRIP_OFFSETS:
            struct.pack_into(f"<{count}I", filled, entry + 8 if count == 1 else value - place, *offsets)
    return bytes(filled)


def _described(exif: bytes | None) -> ImageFileDirectory_v2:
    """Return a directory that holds what the photo's EXIF says."""
    directory = ImageFileDirectory_v2()
    if exif is None:
        return directory
    for tag, value in entries_of(exif).items():
        if tag not in _LAYOUT:
            directory[tag] = value
    return directory


def _strips(planes: NDArray[Any]) -> Iterator[bytes]:
    """Yield the rows in packed strips."""
    for y0 in range(0, planes.shape[0], _STRIP_ROWS):
        band = np.ascontiguousarray(planes[y0 : y0 + _STRIP_ROWS]).astype(planes.dtype.newbyteorder("<"))
        band[:, 1:] -= band[:, :-1].copy()
        yield zlib.compress(band.tobytes(), 3)
