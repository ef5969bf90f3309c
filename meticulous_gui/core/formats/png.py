"""Cut-outs as PNG: straight alpha, clean edge colours, the photo's depth, profile, resolution and EXIF."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.formats.item import ExportItem, colours_of
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.types import Alpha

__all__ = ["PngExporter", "PngOptions"]


@dataclass(frozen=True)
class PngOptions:
    """How a cut-out is written as PNG.

    Attributes:
        is_decontaminated: take the background's colour out of soft edges.
        keeps_exif: camera, date and place travel on.
    """

    is_decontaminated: bool = True
    keeps_exif: bool = True


@dataclass(frozen=True)
class PngExporter:
    """RGBA PNG, or grey with alpha for a grey photo, 16-bit where the photo is."""

    name: str = "png"
    title: str = "PNG with transparency"
    suffixes: tuple[str, ...] = (".png",)
    options_type: type[PngOptions] = PngOptions

    def write(self, item: ExportItem, path: Path, options: PngOptions) -> None:
        colours = colours_of(item, is_decontaminated=options.is_decontaminated)
        straight = _with_alpha(colours.pixels, item.alpha)
        with atomic_write(path) as stream:
            write_png(
                stream,
                straight,
                icc=colours.icc,
                exif=item.photo.exif if options.keeps_exif else None,
                dpi=item.photo.dpi,
            )


_ALPHA_SCALE: Final = {np.dtype(np.uint8): 1, np.dtype(np.uint16): 257}


def _with_alpha(pixels: NDArray[Any], alpha: Alpha) -> NDArray[Any]:
    """Return the colours with alpha as their last channel, in the depth of the colours."""
    planes = pixels[..., None] if pixels.ndim == 2 else pixels
    straight = np.empty((*alpha.shape, planes.shape[2] + 1), pixels.dtype)
    straight[..., :-1] = planes
    # 255 -> 65535: every code of 8 bits has its exact place in 16.
    np.multiply(alpha, pixels.dtype.type(_ALPHA_SCALE[pixels.dtype]), out=straight[..., -1])
    return straight
