"""Which format results are written in, by the arguments of a command."""

from __future__ import annotations

from pathlib import Path

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.export import EXPORTERS
from meticulous_gui.core.files import is_folder
from meticulous_gui.core.photo import PHOTO_SUFFIXES
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.target_format import Kind, TargetFormat


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
    suffix = "" if is_folder(out) else out.suffix.lower()
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
