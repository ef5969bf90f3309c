"""The LabelMe file that the layers of a document came from, so that they can go back there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from meticulous_gui.core.annotation_back import record_of, write_back
from meticulous_gui.core.annotation_file import AnnotationFile
from meticulous_gui.core.document import Document
from meticulous_gui.core.project import copy_layers, note_annotations
from meticulous_gui.ui.mask_link import Written, is_applied

__all__ = ["AnnotationLink"]


@dataclass(frozen=True, eq=False)
class AnnotationLink:
    """A file of annotations and the layers that its objects became; all layers go back into it.

    Attributes:
        found: what was read; it has a source.
        path: where it is written back to.
        objects: which of its objects each layer is, by the layer's id.
        step_id: the step of the history that brought them; None where the photo was opened with them.
    """

    found: AnnotationFile
    path: Path
    objects: Mapping[int, int]
    step_id: int | None = None

    @property
    def stamp(self) -> tuple[int, int]:
        """When the file was written (ns) and how long it was, as it was read."""
        assert self.found.source is not None
        return self.found.source.stamp

    @property
    def is_resized(self) -> bool:
        """Annotations are always of the photo's size."""
        return False

    def moved_to(self, path: Path) -> AnnotationLink:
        """Return the link to another file, which gets what this one holds."""
        return replace(self, path=path)

    def is_alive(self, document: Document) -> bool:
        """Return whether the annotations are in the document: their step was not undone."""
        return is_applied(self.step_id, document)

    def writing(self, document: Document, place: Path | None) -> Callable[[], Written]:
        """Return the work of writing all layers, for the executor.

        Args:
            document: as it is now.
            place: where its layers are saved, None for beside the photo; what they agree with is noted there.
        """
        layers, photo, on_disk = copy_layers(document), document.photo, document.on_disk

        def write() -> Written:
            back = write_back(self.found, layers, self.objects, self.path)
            note_annotations(photo, place, record_of(back.found, back.objects), on_disk=on_disk)
            return Written(replace(self, found=back.found, objects=back.objects), is_all=back.is_all)

        return write
