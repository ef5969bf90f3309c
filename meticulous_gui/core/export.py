"""Results to files: the registry of formats, the one-call exports, and atomic writing for all of them."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import atomic_write, next_free_path
from meticulous_gui.core.formats.item import Exporter, ExportItem
from meticulous_gui.core.formats.mask import MaskExporter, MaskOptions, write_mask
from meticulous_gui.core.formats.png import PngExporter, PngOptions
from meticulous_gui.core.formats.webp import WebpExporter, WebpOptions
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.types import Alpha

__all__ = [
    "EXPORTERS",
    "ExportItem",
    "Exporter",
    "MaskOptions",
    "PngOptions",
    "WebpOptions",
    "atomic_write",
    "export_cutout",
    "export_mask",
    "exporter_for",
    "next_free_path",
]

_ALL: Final[tuple[Exporter, ...]] = (PngExporter(), MaskExporter(), WebpExporter())

EXPORTERS: Final = MappingProxyType({exporter.name: exporter for exporter in _ALL})
"""Every format by name, in the order of a menu."""


def exporter_for(name: str) -> Exporter:
    """Return the exporter of a format.

    Raises:
        ExportError: there is no such format; the sentence lists those there are.
    """
    try:
        return EXPORTERS[name]
    except KeyError:
        known = ", ".join(EXPORTERS)
        raise ExportError(f'There is no export format "{name}"; choose one of {known}.') from None


def export_cutout(
    photo: Photo,
    alpha: Alpha,
    path: Path | str,
    *,
    format: str = "png",  # noqa: A002 - what everyone calls it
    options: Any = None,
) -> None:
    """Write the object of a photo with transparency.

    Args:
        photo: colours, profile, depth, resolution, EXIF.
        alpha: (H, W) uint8 of the photo's size.
        path: the file, replaced atomically.
        format: a name in ``EXPORTERS``.
        options: of that format (``PngOptions``, ``MaskOptions``, ``WebpOptions``), None for its defaults.

    Raises:
        ExportError: one sentence; the target is what it was before.
        TypeError: options of another format.
    """
    exporter = exporter_for(format)
    chosen = exporter.options_type() if options is None else options
    if not isinstance(chosen, exporter.options_type):
        raise TypeError(
            f"options of {format} must be {exporter.options_type.__name__}, got {type(chosen).__name__}"
        )
    exporter.write(ExportItem(photo, alpha), Path(path), chosen)


def export_mask(alpha: Alpha, path: Path | str, *, bits: Literal[1, 8] = 8, is_binary: bool = False) -> None:
    """Write a mask as grey PNG.

    Args:
        alpha: (H, W) uint8.
        path: the file, replaced atomically.
        bits: 8 for coverage 0..255, 1 for a bit a pixel (alpha >= 128).
        is_binary: with 8 bits, only 0 and 255.

    Raises:
        ExportError: one sentence; the target is what it was before.
    """
    write_mask(alpha, Path(path), MaskOptions(bits=bits, is_binary=is_binary))
