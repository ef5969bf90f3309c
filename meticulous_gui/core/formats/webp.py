"""Cut-outs as WebP with transparency: 8-bit RGB, exact by default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.formats.item import ExportItem, colours_of

__all__ = ["WebpExporter", "WebpOptions"]

_MAX_SIDE_PX: Final = 16_383
"""What the format can say in its 14 bits."""


@dataclass(frozen=True)
class WebpOptions:
    """How a cut-out is written as WebP.

    Attributes:
        is_decontaminated: take the background's colour out of soft edges.
        is_lossless: every pixel as it is; else ``quality`` counts for the colours, alpha stays exact.
        quality: 0..100.
        keeps_exif: camera, date and place travel on.
    """

    is_decontaminated: bool = True
    is_lossless: bool = True
    quality: int = 90
    keeps_exif: bool = True


@dataclass(frozen=True)
class WebpExporter:
    """RGBA WebP, smaller than PNG and slower to write."""

    name: str = "webp"
    title: str = "WebP with transparency"
    suffixes: tuple[str, ...] = (".webp",)
    options_type: type[WebpOptions] = WebpOptions

    def write(self, item: ExportItem, path: Path, options: WebpOptions) -> None:
        height, width = item.photo.size_hw
        if max(height, width) > _MAX_SIDE_PX:
            raise ExportError(
                f"{path} was not written: WebP holds at most {_MAX_SIDE_PX} px a side and "
                f"{item.photo.name} is {width} x {height} px; export as PNG."
            )
        colours = colours_of(item, is_decontaminated=options.is_decontaminated, keeps_source=False)
        straight = Image.fromarray(np.dstack([colours.pixels, item.alpha]))
        # ``exact`` keeps the colours under alpha 0, which stop a later blur from bleeding.
        details: dict[str, Any] = {"lossless": options.is_lossless, "quality": options.quality, "exact": True}
        if options.is_lossless:
            details |= {
                "quality": 40,
                "method": 1,
            }  # effort, not quality: a third of the time for 3 % more bytes
        if colours.icc is not None:
            details["icc_profile"] = colours.icc
        if options.keeps_exif and item.photo.exif is not None:
            details["exif"] = item.photo.exif
        with atomic_write(path) as stream:
            straight.save(stream, "WEBP", **details)
