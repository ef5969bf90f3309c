"""Where the mask of the open document came from, so that it can go back there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from meticulous_gui.core.document import Document
from meticulous_gui.core.files import stamp_of
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_file import MaskFile
from meticulous_gui.core.mask_write import free_value, write_mask_file
from meticulous_gui.core.photo_states import result_of
from meticulous_gui.core.structure import Looks

if TYPE_CHECKING:
    from meticulous_gui.ui.annotation_link import AnnotationLink

__all__ = ["MaskLink", "Written", "is_applied", "link_of"]


@dataclass(frozen=True, eq=False)
class Written:
    """What came of writing layers back.

    Attributes:
        link: to the file as it is now.
        is_all: whether the file alone keeps all that a person did with the layers.
    """

    link: MaskLink | AnnotationLink
    is_all: bool


@dataclass(frozen=True)
class MaskLink:
    """A mask file and the layers that it became.

    Attributes:
        mask: what was read; its encoding is how it is written back.
        path: where it is written back to.
        looks: of each layer by its id, as they came; the file itself holds no names.
        values: of each layer of a label map by its id.
        step_id: the step of the history that brought it; None where nothing changed by it.
    """

    mask: MaskFile
    path: Path
    looks: dict[int, Looks]
    values: dict[int, int]
    step_id: int | None

    @property
    def stamp(self) -> tuple[int, int]:
        """When the file was written (ns) and how long it was, as it was read."""
        return self.mask.stamp

    @property
    def is_resized(self) -> bool:
        """Whether the file will have another size than before."""
        return self.mask.is_resized

    @property
    def is_label_map(self) -> bool:
        return self.mask.kind in ("labels", "colours")

    def is_alive(self, document: Document) -> bool:
        """Return whether the mask is in the document: its step was not undone and its layers are there."""
        return is_applied(self.step_id, document) and any(layer.id in self.looks for layer in document.layers)

    def moved_to(self, path: Path) -> MaskLink:
        """Return the link to another file, which gets the form of this one."""
        return replace(self, path=path)

    def writing(self, document: Document, _place: Path | None) -> Callable[[], Written]:
        """Return the work of writing the layers that belong into the file, for the executor.

        Raises:
            ExportError: one sentence; a label map holds no more.
        """
        link, is_all = self._with_values_for(document), self.holds_everything(document)
        layers = [layer.copy() for layer in document.layers if self.is_label_map or layer.id in self.looks]
        photo_path = document.photo.path

        def write() -> Written:
            with result_of(photo_path, link.path):
                write_mask_file(link.mask, layers, link.path, values=link.values)
            mask = replace(link.mask, stamp=stamp_of(link.path), is_resized=False)
            return Written(replace(link, mask=mask), is_all)

        return write

    def holds_everything(self, document: Document) -> bool:
        """Return whether the file alone keeps all that a person did with the layers."""
        if any(Looks.of(layer) != self.looks.get(layer.id) for layer in document.layers if layer.alpha.any()):
            return False
        return self.is_label_map or sum(bool(layer.alpha.any()) for layer in document.layers) <= 1

    def _with_values_for(self, document: Document) -> MaskLink:
        """Return the link with a value for every layer of a label map."""
        if not self.is_label_map:
            return self
        values = dict(self.values)
        for layer in document.layers:
            if layer.id not in values:
                values[layer.id] = free_value(self.mask, list(values.values()))
        return replace(self, values=values)


def is_applied(step_id: int | None, document: Document) -> bool:
    """Return whether a step counts: it was not undone; one dropped to save memory was not, either."""
    if step_id is None:
        return True
    applied = {step.id for step in document.history.steps if step.is_applied}
    was_dropped = document.history.n_dropped > 0 and step_id < min(applied, default=0)
    return step_id in applied or was_dropped


def link_of(mask: MaskFile, layers: dict[int, Layer], step_id: int | None) -> MaskLink | None:
    """Return the link of a mask that became layers, None where it has no file or lost its objects.

    Args:
        layers: by the value they have in a label map; of another mask by any number.
        step_id: the step that brought them.
    """
    if mask.path is None or mask.is_joint:
        return None
    looks = {layer.id: Looks.of(layer) for layer in layers.values()}
    values = {layer.id: value for value, layer in layers.items()}
    return MaskLink(mask, mask.path, looks, values, step_id)
