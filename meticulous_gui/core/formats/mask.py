"""Masks as grey PNG: coverage, yes/no with 0 and 255, or one bit a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.formats.item import ExportItem
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.types import Alpha

__all__ = ["MaskExporter", "MaskOptions", "write_mask"]

_INSIDE: Final = 128
"""From this coverage on a pixel counts as inside."""


@dataclass(frozen=True)
class MaskOptions:
    """How a mask is written.

    Attributes:
        bits: 8 for grey, 1 for a bit a pixel.
        is_binary: with 8 bits, write only 0 and 255.
    """

    bits: Literal[1, 8] = 8
    is_binary: bool = False


@dataclass(frozen=True)
class MaskExporter:
    """The mask alone, without the photo's colours."""

    name: str = "mask"
    title: str = "Mask (grey PNG)"
    suffixes: tuple[str, ...] = (".png",)
    options_type: type[MaskOptions] = MaskOptions

    def write(self, item: ExportItem, path: Path, options: MaskOptions) -> None:
        write_mask(item.alpha, path, options, dpi=item.photo.dpi)


def write_mask(
    alpha: Alpha, path: Path, options: MaskOptions, *, dpi: tuple[float, float] | None = None
) -> None:
    """Write ``alpha`` as grey PNG.

    Raises:
        ExportError: the file cannot be written; nothing is left behind.
        ValueError: ``bits`` is neither 1 nor 8.
    """
    if options.bits not in (1, 8):
        raise ValueError(f"bits must be 1 or 8, got {options.bits}")
    pixels: np.ndarray = alpha
    if options.bits == 1:
        pixels = alpha >= _INSIDE
    elif options.is_binary:
        pixels = np.where(alpha >= _INSIDE, np.uint8(255), np.uint8(0))
    with atomic_write(path) as stream:
        write_png(stream, pixels, dpi=dpi)
