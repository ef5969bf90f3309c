"""Annotations: the objects of a photo as classes and masks, as training programs want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.types import INSIDE, Mask

__all__ = ["NO_CATEGORY", "Annotated", "AnnotationExporter", "Instance", "annotated", "refuse_twins"]

NO_CATEGORY: Final = "object"
"""The class of a layer without a category."""


@dataclass(frozen=True, eq=False)
class Instance:
    """One object.

    Attributes:
        label: its class.
        name: what the person called it.
        mask: (H, W) bool, not empty.
    """

    label: str
    name: str
    mask: Mask

    @property
    def box(self) -> Box:
        """The tight box of the mask."""
        return bounding_box(self.mask)


@dataclass(frozen=True, eq=False)
class Annotated:
    """A photo and its objects, the lowest first.

    Attributes:
        file_name: of the photo, without a folder.
        size_hw: of the upright photo.
    """

    file_name: str
    size_hw: tuple[int, int]
    instances: tuple[Instance, ...]

    @property
    def stem(self) -> str:
        return Path(self.file_name).stem


class AnnotationExporter(Protocol):
    """A way to write annotations.

    Attributes:
        name: key in the registry.
        title: for a list that a person reads.
        suffixes: of the file it writes, the first one is the default; empty where it fills a folder.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    def file_of(self, photo_name: str, target: Path) -> Path:
        """Return the file that says what is on a photo: the one of its stem, or the target itself."""

    def write(self, pictures: Iterable[Annotated], target: Path, recipe: Recipe) -> tuple[str, ...]:
        """Write all pictures, each file atomically.

        Args:
            pictures: read one by one, so that a folder of thousands needs the memory of one; no two share a
                file (`refuse_twins`).
            target: the file, or the folder, which is made where it is missing.
            recipe: its options for annotations count.

        Returns:
            One sentence for everything the format could not hold.

        Raises:
            ExportError: one sentence.
        """


def annotated(
    file_name: str, size_hw: tuple[int, int], layers: Sequence[Layer], *, active_id: int | None = None
) -> Annotated:
    """Return the objects of a photo; hidden and empty layers are none.

    Args:
        file_name: of the photo.
        size_hw: of the photo.
        layers: the lowest first.
        active_id: only this layer, hidden or not; None for all visible ones.
    """
    instances = []
    for layer in layers:
        if layer.visible if active_id is None else layer.id == active_id:
            mask = layer.alpha >= INSIDE
            if mask.any():
                label = " ".join((layer.category or "").splitlines())  # lists of classes have a line for each
                instances.append(Instance(label or NO_CATEGORY, layer.name, mask))
    return Annotated(file_name, size_hw, tuple(instances))


def refuse_twins(file_names: Iterable[str]) -> None:
    """Refuse photos that would share a file in formats with one for each, such as dog.jpg and dog.png.

    Raises:
        ExportError: the first two.
    """
    by_stem: dict[str, str] = {}
    for name in file_names:
        other = by_stem.setdefault(Path(name).stem.casefold(), name)
        if other != name:
            raise ExportError(
                f"{other} and {name} would be written to one file; rename one, or choose COCO, which has one "
                "for all photos."
            )
