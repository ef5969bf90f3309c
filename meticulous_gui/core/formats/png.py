"""Cut-outs as PNG: straight alpha, clean edge colours, the photo's depth, profile, resolution and EXIF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.finish import finish
from meticulous_gui.core.formats.item import ExportItem
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.recipe import Recipe

__all__ = ["PngExporter"]


@dataclass(frozen=True)
class PngExporter:
    """RGBA PNG, or grey with alpha for a grey photo, 16-bit where the photo is; opaque on a background."""

    name: str = "png"
    title: str = "PNG"
    suffixes: tuple[str, ...] = (".png",)

    def write(self, item: ExportItem, path: Path, recipe: Recipe) -> None:
        done = finish(item.photo, item.alpha, recipe)
        with atomic_write(path) as stream:
            write_png(stream, done.joined(), icc=done.icc, exif=item.exif(recipe), dpi=item.photo.dpi)
