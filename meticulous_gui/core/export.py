"""Pictures to files: the registry of formats, the one-call export, and atomic writing for all of them."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Final

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import atomic_write, next_free_path
from meticulous_gui.core.formats.item import Exporter, ExportItem
from meticulous_gui.core.formats.mask import MaskExporter
from meticulous_gui.core.formats.png import PngExporter
from meticulous_gui.core.formats.psd import PsdExporter
from meticulous_gui.core.formats.tiff import TiffExporter
from meticulous_gui.core.formats.webp import WebpExporter
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.types import Alpha

__all__ = [
    "EXPORTERS",
    "ExportItem",
    "Exporter",
    "Recipe",
    "atomic_write",
    "export_cutout",
    "exporter_for",
    "next_free_path",
]

_ALL: Final[tuple[Exporter, ...]] = (
    PngExporter(),
    WebpExporter(),
    TiffExporter(),
    PsdExporter(),
    MaskExporter(),
)

EXPORTERS: Final = MappingProxyType({exporter.name: exporter for exporter in _ALL})
"""Every format of pictures by name, in the order of a menu."""

_DEFAULT: Final = Recipe()


def exporter_for(name: str) -> Exporter:
    """Return the exporter of a format of pictures.

    Raises:
        ExportError: there is no such format; the sentence lists those there are.
    """
    try:
        return EXPORTERS[name]
    except KeyError:
        known = ", ".join(EXPORTERS)
        raise ExportError(f'There is no export format "{name}"; choose one of {known}.') from None


def export_cutout(
    photo: Photo, alpha: Alpha, path: Path | str, recipe: Recipe = _DEFAULT, *, keeps_location: bool = False
) -> None:
    """Write the object of a photo.

    Args:
        photo: colours, profile, depth, resolution, EXIF.
        alpha: (H, W) uint8 of the photo's size.
        path: the file, replaced atomically.
        recipe: format, frame, edges, background.
        keeps_location: whether the place in the photo's EXIF travels on; cut-outs are made to be shown.

    Raises:
        ExportError: one sentence; the target is what it was before.
    """
    exporter_for(recipe.format).write(ExportItem(photo, alpha, keeps_location), Path(path), recipe)
