"""Masks as grey PNG: coverage, yes/no with 0 and 255, or one bit a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.finish import finish_alpha
from meticulous_gui.core.formats.item import ExportItem
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.types import INSIDE, Alpha

__all__ = ["MaskExporter", "write_mask"]


@dataclass(frozen=True)
class MaskExporter:
    """The mask alone, without the photo's colours, framed as the cut-out would be."""

    name: str = "mask"
    title: str = "Mask (grey PNG)"
    suffixes: tuple[str, ...] = (".png",)

    def write(self, item: ExportItem, path: Path, recipe: Recipe) -> None:
        alpha = finish_alpha(item.alpha, recipe)
        write_mask(alpha, path, values=recipe.mask_values, dpi=item.photo.dpi)


def write_mask(
    alpha: Alpha, path: Path, *, values: str = "grey", dpi: tuple[float, float] | None = None
) -> None:
    """Write ``alpha`` as grey PNG.

    Args:
        alpha: (H, W) uint8.
        path: the file, replaced atomically.
        values: "grey" for coverage 0..255, "binary" for 0 and 255, "bits" for one bit a pixel.
        dpi: horizontal, vertical.

    Raises:
        ExportError: the file cannot be written; nothing is left behind.
        ValueError: other values.
    """
    pixels: NDArray[Any] = alpha
    match values:
        case "grey":
            pass
        case "binary":
            pixels = np.where(alpha >= INSIDE, np.uint8(255), np.uint8(0))
        case "bits":
            pixels = alpha >= INSIDE
        case _:
            raise ValueError(f'values must be "grey", "binary" or "bits", got {values!r}')
    with atomic_write(path) as stream:
        write_png(stream, pixels, dpi=dpi)
