"""Annotations beside the photos of a folder, as LabelMe keeps them; written back if that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.annotation_back import new_annotations
from meticulous_gui.core.annotation_file import AnnotationFile
from meticulous_gui.core.document import Document
from meticulous_gui.core.files import is_file
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.layer_steps import add_layers
from meticulous_gui.core.mask_pairs import annotated_names, annotations_of
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.annotation_link import AnnotationLink
from meticulous_gui.ui.choices import Choices, MaskFolderChoice
from meticulous_gui.ui.mask_files import MaskFiles, step_of
from meticulous_gui.ui.mask_saving import MaskSaving
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.opening import Opened
from meticulous_gui.ui.photo_list import PhotoList
from meticulous_gui.ui.session import Session

TOPIC = "mask folder"


class FolderAnnotations(QObject):
    """Ties photos to the annotations beside them.

    They are used without a question, for they can be of nothing else; writing them back is asked about.

    Signals:
        unwanted: (Path) the annotations beside the photos of a folder shall be left alone.

    Args:
        masks: holds where the layers of a document came from.
        keeping: writes them back.
        choices: remembers what was chosen for a folder.
    """

    unwanted = Signal(object)

    def __init__(
        self, session: Session, photos: PhotoList, masks: MaskFiles, keeping: MaskSaving, choices: Choices
    ) -> None:
        super().__init__(session)
        self._session = session
        self._photos = photos
        self._masks = masks
        self._keeping = keeping
        self._choices = choices
        self._is_written: set[Path] = set()

    def look(self, photos: Path, then: Callable[[bool], None], *, is_written: bool) -> None:
        """Mark the photos of the list that have annotations beside them.

        Args:
            photos: their folder.
            then: told whether there are any.
            is_written: whether it was chosen before that changes are written back.
        """
        names = [path.name for path in self._photos.paths if path.parent == photos]

        def take(found: list[str]) -> None:
            self._photos.set_states({photos / name: PhotoState.MASKED for name in found})
            if found and is_written:
                self._agree(photos)
            if found and self._photos.is_folder:
                self._say(photos, len(found), is_written=photos in self._is_written)
            then(bool(found))

        # A folder that cannot be listed is said by who lists its photos.
        self._session.background.run(lambda: annotated_names(photos, names), take, lambda _error: then(False))

    def tie(self, opened: Opened, path: Path) -> None:
        """Tie a document that was opened to the annotations beside its photo, or that it will get."""
        document = opened.document
        found = opened.paired.annotations if opened.paired is not None else None
        if found is None:
            self._tie_new(document, path)
        elif opened.annotated is not None:
            self._masks.tie(document, AnnotationLink(found, found.path, opened.annotated))
        else:
            self._ask_which(document, found)

    def _tie_new(self, document: Document, path: Path) -> None:
        """Let a photo without annotations get some, where those of its folder are written back."""
        target = annotations_of(path)
        if path.parent in self._is_written and not is_file(target):
            found = new_annotations(target, path.name, document.photo.size_hw)
            self._masks.tie(document, AnnotationLink(found, target, {}))

    def _say(self, photos: Path, count: int, *, is_written: bool) -> None:
        reading = self.tr("Photos with LabelMe annotations beside them: {count}. These are the layers.")
        writing = self.tr("Photos with LabelMe annotations: {count}. Changes are written back, as before.")
        write = Choice(self.tr("Write changes back"), lambda: self._write_back(photos))
        stop = Choice(self.tr("Stop that"), lambda: self._leave_alone(photos))
        alone = Choice(self.tr("Leave them alone"), lambda: self._leave_alone(photos))
        text = (writing if is_written else reading).format(count=count)
        choices = (stop,) if is_written else (write, alone)
        self._session.post(Message(text, choices=choices, topic=TOPIC, is_brief=True))

    def _leave_alone(self, photos: Path) -> None:
        self._is_written.discard(photos)
        self.unwanted.emit(photos)

    def _write_back(self, photos: Path) -> None:
        self._choices.note_mask_folder(photos, MaskFolderChoice(photos, is_written=True))
        self._agree(photos)

    def _agree(self, photos: Path) -> None:
        self._is_written.add(photos)
        self._keeping.agree(photos)
        document = self._session.document
        path = document.photo.path if document is not None else None
        if document is not None and path is not None and self._masks.link is None:
            self._tie_new(document, path)

    def _ask_which(self, document: Document, found: AnnotationFile) -> None:
        """Ask which count where the layers saved for a photo are others than its annotations."""
        sentence = self.tr(
            "{name} and the layers that were saved for this photo differ; these layers are shown."
        )

        def keep() -> None:
            self._masks.tie(document, AnnotationLink(found, found.path, {}))

        use = Choice(self.tr("Use {name}").format(name=found.path.name), lambda: self._use(document, found))
        choices = (use, Choice(self.tr("Keep these layers"), keep)) if found.objects else ()
        text = sentence.format(name=found.path.name)
        self._session.post(Message(text, "warning", choices, topic=TOPIC, about=document))

    def _use(self, document: Document, found: AnnotationFile) -> None:
        """Put the objects of a file in the place of all layers: one undo step."""
        ids = iter([document.new_layer_id() for _ in found.objects])

        def put(layers: list[Layer]) -> None:
            if document is not self._session.document:
                return
            old = [layer.id for layer in document.layers]
            for layer_id in old:
                self._session.work.drop_on_layer(layer_id)
            title = self.tr("Use annotations")
            step_id, _ = step_of(document, lambda: add_layers(document, layers, title, in_place_of=old))
            objects = {layer.id: index for index, layer in enumerate(layers)}
            self._masks.tie(document, AnnotationLink(found, found.path, objects, step_id))

        self._session.background.run(lambda: list(found.layers(ids.__next__)), put)
