"""Metadata of a picture: orientation, resolution, and the EXIF block that travels on with an export."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

__all__ = ["Metadata", "entries_of", "read_metadata", "with_resolution", "without_location"]

_LOG = logging.getLogger(__name__)

_ORIENTATION: Final = 0x0112
_X_RESOLUTION: Final = 0x011A
_Y_RESOLUTION: Final = 0x011B
_RESOLUTION_UNIT: Final = 0x0128
_PER_INCH: Final = {2: 1.0, 3: 2.54}
_EXIF_IFD: Final = 0x8769
_GPS_IFD: Final = 0x8825
_PIXEL_SIZE: Final = (0xA002, 0xA003)

_DESCRIPTIVE: Final = frozenset(
    (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F, 0x4746)
)
"""Tags of the first directory that say something about the photo and nothing about the file's layout."""


class _Text(str):
    """Text of EXIF as Pillow reads it, a letter a byte; it is written as the same bytes.

    Pillow itself writes a question mark for every letter that is not ASCII: nobody's name would come through.
    """

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """Return the bytes that were read, whatever is asked for."""
        return super().encode("latin-1", "replace")


@dataclass(frozen=True)
class Metadata:
    """What a file says about its picture.

    Attributes:
        orientation: 1..8 as EXIF counts; 1 where the decoder has turned the picture already.
        exif: TIFF-structured block (no "Exif" prefix) with orientation 1 and without the thumbnail,
            which would show the background of a cut-out; None where there is nothing to keep.
        dpi: horizontal and vertical resolution as stored, None where unknown.
        is_damaged: the block could not be read.
    """

    orientation: int
    exif: bytes | None
    dpi: tuple[float, float] | None
    is_damaged: bool

    def notes(self, path: Path) -> tuple[str, ...]:
        """Return what a person should know about it."""
        if not self.is_damaged:
            return ()
        return (f"The EXIF data of {path.name} is damaged and was left out.",)


def read_metadata(image: Image.Image) -> Metadata:
    """Return the metadata of a loaded picture; damage is reported, never raised."""
    dpi = _dpi(image.info.get("dpi"))
    try:
        source = image.getexif()
        value = source.get(_ORIENTATION, 1)
        orientation = value if isinstance(value, int) and 1 <= value <= 8 else 1
        dpi = dpi or _resolution(source)
        return Metadata(orientation, _kept(source, orientation), dpi, is_damaged=False)
    except Exception:  # noqa: BLE001 - a parser of foreign bytes raises nearly everything
        _LOG.debug("EXIF of a %s file cannot be read", image.format, exc_info=True)
        return Metadata(1, None, dpi, is_damaged=True)


def without_location(exif: bytes) -> bytes | None:
    """Return an EXIF block of ``Metadata`` without the place; None where nothing but orientation is left."""
    kept = Image.Exif()
    for tag, value in entries_of(exif).items():
        if tag != _GPS_IFD:
            kept[tag] = value
    if set(kept) <= {_ORIENTATION}:
        return None
    return kept.tobytes().removeprefix(b"Exif\x00\x00")


def with_resolution(exif: bytes | None, dpi: tuple[float, float] | None) -> bytes | None:
    """Return an EXIF block that names the resolution, too, for a format with no other place for it."""
    if dpi is None:
        return exif
    from PIL.TiffImagePlugin import IFDRational  # as Pillow does; the program starts without

    block = Image.Exif()
    for tag, entry in entries_of(exif).items() if exif is not None else ():
        block[tag] = entry
    for tag, value in zip((_X_RESOLUTION, _Y_RESOLUTION), dpi, strict=True):
        block[tag] = IFDRational(round(value * 1000), 1000)
    block[_RESOLUTION_UNIT] = 2
    return block.tobytes().removeprefix(b"Exif\x00\x00")


def entries_of(exif: bytes) -> dict[int, Any]:
    """Return what an EXIF block of ``Metadata`` says, by tag, ready to be written; directories are dicts."""
    source = Image.Exif()
    source.load(exif)
    entries = _as_written({tag: value for tag, value in source.items() if tag not in (_EXIF_IFD, _GPS_IFD)})
    directories = {tag: _as_written(source.get_ifd(tag)) for tag in (_EXIF_IFD, _GPS_IFD)}
    return entries | {tag: directory for tag, directory in directories.items() if directory}


def _as_written(entries: Mapping[int, Any]) -> dict[int, Any]:
    """Return entries of a directory such that their texts are written as the bytes that were read."""
    return {tag: _Text(value) if isinstance(value, str) else value for tag, value in entries.items()}


def _kept(source: Image.Exif, orientation: int) -> bytes | None:
    kept = Image.Exif()
    described = {tag: value for tag, value in source.items() if tag in _DESCRIPTIVE}
    for tag, value in _as_written(described).items():
        kept[tag] = value
    details = _as_written(source.get_ifd(_EXIF_IFD))
    if orientation >= 5 and all(tag in details for tag in _PIXEL_SIZE):
        details[_PIXEL_SIZE[0]], details[_PIXEL_SIZE[1]] = details[_PIXEL_SIZE[1]], details[_PIXEL_SIZE[0]]
    for directory, entries in ((_EXIF_IFD, details), (_GPS_IFD, _as_written(source.get_ifd(_GPS_IFD)))):
        if entries:
            kept[directory] = entries
    if not len(kept):
        return None
    kept[_ORIENTATION] = 1
    return kept.tobytes().removeprefix(b"Exif\x00\x00")


def _resolution(source: Image.Exif) -> tuple[float, float] | None:
    """Return the resolution that EXIF names, in dots an inch; None where there is none or it is of no use."""
    across = source.get(_X_RESOLUTION)
    dpi = _dpi((across, source.get(_Y_RESOLUTION, across)))
    factor = _PER_INCH.get(source.get(_RESOLUTION_UNIT, 2))
    return None if dpi is None or factor is None else (dpi[0] * factor, dpi[1] * factor)


def _dpi(value: Any) -> tuple[float, float] | None:
    try:
        x, y = float(value[0]), float(value[1])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) and x > 0 and y > 0 else None
