"""What every exporter gets: a photo, its alpha, and what of the photo's data may travel on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.exif import without_location
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.types import Alpha

__all__ = ["ExportItem", "Exporter"]


@dataclass(frozen=True, eq=False)
class ExportItem:
    """One cut-out to be written.

    Attributes:
        photo: where the colours, the profile, the resolution and the metadata come from.
        alpha: (H, W) uint8 of the photo's size.
        keeps_location: whether the place in the photo's EXIF travels on.

    Raises:
        ExportError: alpha has another size than the photo.
    """

    photo: Photo
    alpha: Alpha
    keeps_location: bool = False

    def __post_init__(self) -> None:
        if self.alpha.shape != self.photo.size_hw or self.alpha.dtype != np.uint8:
            height, width = self.photo.size_hw
            shape = " x ".join(str(side) for side in self.alpha.shape[::-1])
            raise ExportError(
                f"The mask is {shape} px ({self.alpha.dtype}) and {self.photo.name} {width} x {height} px; "
                "export a mask of the photo's size."
            )

    def exif(self, recipe: Recipe) -> bytes | None:
        """Return the EXIF block to write, None where there is nothing to keep."""
        exif = self.photo.exif
        if exif is None or not recipe.keeps_exif:
            return None
        return exif if self.keeps_location else without_location(exif)


class Exporter(Protocol):
    """A way to write an item.

    Attributes:
        name: key in the registry.
        title: for a list that a person reads.
        suffixes: file names it writes, the first one is the default.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def write(self, item: ExportItem, path: Path, recipe: Recipe) -> None:
        """Write the file atomically.

        Raises:
            ExportError: one sentence; nothing is left behind.
        """
