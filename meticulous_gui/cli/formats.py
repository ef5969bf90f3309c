"""What a result is written as: a cut-out, its coverage or its mask, and in which format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, assert_never

from meticulous_gui.cli.plan import UsageError
from meticulous_gui.core.export import EXPORTERS, export_cutout
from meticulous_gui.core.photo import PHOTO_SUFFIXES, Photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.types import Alpha

Kind = Literal["cutout", "alpha", "mask"]


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


Write = Callable[[Photo, Alpha, Path], None]


def choose_format(
    name: str | None, *, kind: Kind, out: Path, recipe: Recipe | None = None, keeps_location: bool = False
) -> TargetFormat:
    """Return the format that ``--format`` names, else the one of OUT's suffix, else the recipe's or PNG.

    Raises:
        UsageError: an unknown format, one that contradicts OUT's suffix, or a suffix that cannot be written.
    """
    suffixes_by_name = {
        exporter.name: exporter.suffixes for exporter in EXPORTERS.values() if exporter.name != "mask"
    }
    if kind != "cutout":
        suffixes_by_name = {"png": (".png",)}
    if name is not None and name not in suffixes_by_name:
        known = ", ".join(suffixes_by_name)
        what = "a cut-out" if kind == "cutout" else "a mask"
        raise UsageError(f"{what} is not written as {name!r}; --format can be {known}.")
    suffix = "" if out.is_dir() else out.suffix.lower()
    by_suffix = next((key for key, known in suffixes_by_name.items() if suffix in known), None)
    if by_suffix is None and suffix in PHOTO_SUFFIXES:
        fitting = ", ".join(first for first, *_ in suffixes_by_name.values())
        raise UsageError(f"{out} cannot be written as {suffix}; -o takes a folder or a name in {fitting}.")
    if by_suffix is not None and name is not None and by_suffix != name:
        raise UsageError(f"{out} ends in {suffix}, which contradicts --format {name}; leave one of them out.")
    wanted = recipe.format if recipe is not None and recipe.format in suffixes_by_name else "png"
    chosen = name or by_suffix or wanted
    recipe = recipe or Recipe(name="{name}")
    return TargetFormat(kind, chosen, suffixes_by_name[chosen], recipe, keeps_location)
