"""Annotations from files: objects of COCO, LabelMe, YOLO or Pascal VOC become layers of the open photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from meticulous_gui.core.annotation_file import (
    ANNOTATION_SUFFIXES,
    AnnotationFile,
    photo_named_in,
    read_annotations,
)
from meticulous_gui.core.document import Document
from meticulous_gui.core.layer import Layer
from meticulous_gui.ui.annotation_link import AnnotationLink
from meticulous_gui.ui.mask_files import MaskFiles, add_on_top, step_of
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.session import Session

TOPIC = "mask"


class AnnotationFiles(QObject):
    """Takes annotations for the open document, or opens the photo that they name.

    Args:
        masks: knows where the layers of a document came from.
        open_photo: opens a photo, after a question where work is unsaved.
        export: lets the person export.
    """

    def __init__(
        self,
        session: Session,
        masks: MaskFiles,
        open_photo: Callable[[Path], None],
        export: Callable[[], None],
    ) -> None:
        super().__init__(session)
        self._session = session
        self._masks = masks
        self._open_photo = open_photo
        self._export = export
        self._waiting: tuple[Path, Path] | None = None
        session.document_opened.connect(self._on_opened)

    def use(self, path: Path) -> None:
        """Read annotations in the background and put each object on a layer of its own: one undo step."""
        document = self._session.document
        if document is None or document.photo.path is None:
            self._open_named(path)
        else:
            self._read(document, path)

    def _read(self, document: Document, path: Path) -> None:
        photo, limits = document.photo, self._session.limits
        folder = None if photo.path is None else photo.path.parent
        self._session.background.run(
            lambda: read_annotations(path, photo.name, photo.size_hw, limits, photo_folder=folder),
            lambda found: self._make(document, found),
        )

    def use_with_photo(self, photo: Path, path: Path) -> None:
        """Open a photo and put annotations on it."""
        self._waiting = photo, path
        self._open_photo(photo)

    def _open_named(self, path: Path) -> None:
        """Open the photo that a LabelMe file lies beside; others go on an open picture without a file."""

        def take(photo: Path | None) -> None:
            document = self._session.document
            if photo is not None:
                self.use_with_photo(photo, path)
                return
            if document is not None:
                self._read(document, path)
                return
            sentence = self.tr("Open the photo first, then drop {name} on it.")
            self._session.message(sentence.format(name=path.name), kind="warning", topic=TOPIC)

        self._session.background.run(lambda: photo_named_in(path), take)

    def _make(self, document: Document, found: AnnotationFile) -> None:
        if document is not self._session.document or self._was_opened_with(found.path):
            return
        ids = iter([document.new_layer_id() for _ in found.objects])
        self._session.background.run(
            lambda: list(found.layers(ids.__next__)), lambda layers: self._add(document, found, layers)
        )

    def _add(self, document: Document, found: AnnotationFile, layers: list[Layer]) -> None:
        """Put the layers on top; an untouched first layer makes room for them."""
        if document is not self._session.document:
            return
        title = self.tr("Use annotations")
        step_id, _ = step_of(document, lambda: add_on_top(self._session, document, layers, title))
        if found.source is not None and document.photo.path is not None:
            objects = {layer.id: index for index, layer in enumerate(layers)}
            self._masks.tie(document, AnnotationLink(found, found.path, objects, step_id))
        sentence = self.tr("{name} holds {count} objects; each has a layer now.")
        if len(layers) == 1:
            sentence = self.tr("{name} holds one object; it has a layer now.")
        text = sentence.format(name=found.path.name, count=len(layers))
        choices = (
            Choice(self.tr("Refine the edge"), self._session.asking.refine_all),
            Choice(self.tr("Export them…"), self._export),
        )
        message = Message(text, choices=choices, topic=TOPIC, is_brief=True, about=document)
        self._session.post(message)
        if found.note:
            self._session.message(found.note, kind="warning", topic="annotations")

    def _was_opened_with(self, path: Path) -> bool:
        """Return whether the photo has just come with these annotations by itself: they lie beside it."""
        link = self._masks.link
        return (
            isinstance(link, AnnotationLink)
            and link.step_id is None
            and link.path == path
            and not self._session.has_unsaved_work
        )

    def _on_opened(self) -> None:
        document, waiting = self._session.document, self._waiting
        self._waiting = None
        if document is not None and waiting is not None and document.photo.path == waiting[0]:
            self.use(waiting[1])


def is_annotation(path: Path) -> bool:
    """Return whether a file may hold annotations, by its suffix."""
    return path.suffix.lower() in ANNOTATION_SUFFIXES


def sorted_out(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Return annotations and everything else."""
    annotations = [path for path in paths if is_annotation(path)]
    return annotations, [path for path in paths if path not in annotations]
