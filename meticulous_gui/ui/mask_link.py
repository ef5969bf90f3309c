"""Where the mask of the open document came from, so that it can go back there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from meticulous_gui.core.document import Document
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_file import MaskFile
from meticulous_gui.core.mask_write import free_value
from meticulous_gui.core.structure import Looks

__all__ = ["MaskLink", "link_of"]


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
    def is_label_map(self) -> bool:
        return self.mask.kind in ("labels", "colours")

    def is_alive(self, document: Document) -> bool:
        """Return whether the mask is in the document: its step was not undone and its layers are there."""
        applied = {step.id for step in document.history.steps if step.is_applied}
        if self.step_id is not None and self.step_id not in applied:
            was_dropped = document.history.n_dropped > 0 and self.step_id < min(applied, default=0)
            if not was_dropped:  # to save memory, which does not take it back
                return False
        return any(layer.id in self.looks for layer in document.layers)

    def layers(self, document: Document) -> list[Layer]:
        """Return copies of the layers that belong into the file, the lowest first."""
        return [layer.copy() for layer in document.layers if self.is_label_map or layer.id in self.looks]

    def holds_everything(self, document: Document) -> bool:
        """Return whether the file alone keeps all that a person did with the layers."""
        if any(Looks.of(layer) != self.looks.get(layer.id) for layer in document.layers if layer.alpha.any()):
            return False
        return self.is_label_map or sum(bool(layer.alpha.any()) for layer in document.layers) <= 1

    def with_values_for(self, document: Document) -> MaskLink:
        """Return the link with a value for every layer of a label map.

        Raises:
            ExportError: the label map holds no more.
        """
        if not self.is_label_map:
            return self
        values = dict(self.values)
        for layer in document.layers:
            if layer.id not in values:
                values[layer.id] = free_value(self.mask, list(values.values()))
        return replace(self, values=values)


def link_of(mask: MaskFile, layers: dict[int, Layer], step_id: int | None) -> MaskLink | None:
    """Return the link of a mask that became layers, None where it has no file or lost its objects.

    Args:
        layers: by the value they have in a label map; of another mask by any number.
        step_id: the step that brought them.
    """
    is_joint = mask.values is not None and len(layers) != len(mask.labels)
    if mask.path is None or is_joint:
        return None
    looks = {layer.id: Looks.of(layer) for layer in layers.values()}
    values = {layer.id: value for value, layer in layers.items()}
    return MaskLink(mask, mask.path, looks, values, step_id)
