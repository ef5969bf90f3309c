"""What a result is written as: a cut-out, its coverage or its mask, and in which format."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, assert_never

from meticulous_gui.core.export import export_cutout
from meticulous_gui.core.finish import backdrop_path
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.types import Alpha

Kind = Literal["cutout", "alpha", "mask"]


def kind_of(recipe: Recipe) -> Kind:
    """Return what a recipe of a picture writes; a mask of one bit a pixel counts as a mask."""
    if recipe.format != "mask":
        return "cutout"
    return "alpha" if recipe.mask_values == "grey" else "mask"


@dataclass(frozen=True)
class TargetFormat:
    """How results are written.

    Attributes:
        kind: what is written.
        name: the exporter of a cut-out, "png" for coverage and masks.
        suffixes: of its files, the default first.
        recipe: how the result is framed, cleaned and named.
        keeps_location: whether the place in the photo's EXIF travels on.
    """

    kind: Kind
    name: str
    suffixes: tuple[str, ...]
    recipe: Recipe = field(default=Recipe(name="{name}"))
    keeps_location: bool = False

    @property
    def also_read(self) -> tuple[Path, ...]:
        """The files that every result is made with, which none may replace: the picture behind the object."""
        backdrop = backdrop_path(self.recipe.background)
        return () if backdrop is None else (backdrop,)

    def write(self, photo: Photo, alpha: Alpha, path: Path) -> None:
        """Write one result atomically; raise ``ExportError`` and leave nothing behind where that fails."""
        match self.kind:
            case "cutout":
                recipe = replace(self.recipe, format=self.name)
            case "alpha":
                recipe = replace(self.recipe, format="mask", mask_values="grey")
            case "mask":
                recipe = replace(self.recipe, format="mask", mask_values="binary")
            case _:
                assert_never(self.kind)
        export_cutout(photo, alpha, path, recipe, keeps_location=self.keeps_location)
