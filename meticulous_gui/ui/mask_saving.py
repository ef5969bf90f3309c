"""Ctrl+S: a mask that came from a file goes back there, after a question the first time; layers are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.files import next_free_path, stamp_of
from meticulous_gui.core.mask_write import as_png, can_write_back
from meticulous_gui.core.project_index import has_saved_layers
from meticulous_gui.ui.annotation_link import AnnotationLink
from meticulous_gui.ui.mask_files import Link, MaskFiles
from meticulous_gui.ui.mask_link import MaskLink, Written
from meticulous_gui.ui.mask_words import kind_text
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session

TOPIC = "save"

Then = Callable[[], None] | None


class MaskSaving(QObject):
    """Writes masks back to their files; nothing of a person's is replaced without a word.

    The question is asked once for each folder and run of the program, and again where another program has
    changed the file meanwhile. What a file cannot hold is kept with the layers beside the photo.
    """

    def __init__(self, session: Session, saving: Saving, masks: MaskFiles) -> None:
        super().__init__(session)
        self._session = session
        self._saving = saving
        self._masks = masks
        self._agreed: set[Path] = set()
        self._after: dict[Document, list[Callable[[], None]]] = {}

    @property
    def place(self) -> str:
        """Where `save` puts the work on the open photo, as a sentence."""
        link, folder = self._live_link(), self._saving.layers_folder
        if link is not None:
            return self.tr("Saving writes the mask back to {name}.").format(name=link.path.name)
        if folder is None:
            return self.tr("Saving asks for a folder for the layers.")
        return self.tr("Saving keeps the layers in {folder}.").format(folder=folder)

    def save(self, then: Then = None) -> None:
        """Write the mask back where it came from, or keep the layers beside the photo.

        Args:
            then: what to do when everything is safe.
        """
        document, link = self._session.document, self._live_link()
        if document in self._after:
            self._after[document].append(lambda: self._save_again(document, then))
        elif document is None or link is None:
            self._saving.save_layers(then=then)
        elif isinstance(link, MaskLink) and not can_write_back(link.mask):
            self._offer_png(document, link, then)
        elif is_changed_by_others(link):
            sentence = self.tr(
                "{name} was changed by another program since it was read. Replace it all the same?"
            )
            self._ask(document, link, sentence.format(name=link.path.name), then)
        elif link.path.parent not in self._agreed or link.is_resized:
            self._ask(document, link, self._question(link), then)
        else:
            self._write(document, link, then)

    def write_quietly(self, document: Document) -> None:
        """Write the mask of a photo that is being left, where the person has agreed to that before."""
        if document in self._after:  # the file is ours, and will be another one
            self._after[document].append(lambda: self.write_quietly(document))
            return
        link = self._masks.tied(document)
        if link is None or not link.is_alive(document):
            return
        can_write = not isinstance(link, MaskLink) or can_write_back(link.mask)
        is_agreed = link.path.parent in self._agreed and not link.is_resized
        if can_write and is_agreed and not is_changed_by_others(link):
            self._write(document, link, None, is_quiet=True)

    def agree(self, folder: Path) -> None:
        """Take the person's word that masks of this folder may be replaced, each in its own form."""
        self._agreed.add(folder)

    def disagree(self, folder: Path) -> None:
        """Take that word back."""
        self._agreed.discard(folder)

    def has_agreed(self, folder: Path) -> bool:
        """Return whether masks of this folder are written back without a question."""
        return folder in self._agreed

    def _live_link(self) -> Link | None:
        document, link = self._session.document, self._masks.link
        return link if document is not None and link is not None and link.is_alive(document) else None

    def _question(self, link: Link) -> str:
        if isinstance(link, AnnotationLink):
            sentence = self.tr("Write your layers into {name}? What you did not change stays as it is there.")
            return sentence.format(name=link.path.name)
        sentence = self.tr("Replace {name} with your mask, in its own form ({kind})?")
        if link.is_resized:
            sentence = self.tr(
                "Replace {name} with your mask ({kind})? It will be as large as the photo then."
            )
        return sentence.format(name=link.path.name, kind=kind_text(link.mask))

    def _ask(self, document: Document, link: Link, sentence: str, then: Then) -> None:
        beside = next_free_path(link.path)

        def agree(path: Path) -> None:
            if document is self._session.document:
                self._agreed.add(path.parent)
                self._write(document, link.moved_to(path), then)

        choices = (
            Choice(self.tr("Replace {name}").format(name=link.path.name), lambda: agree(link.path)),
            Choice(self.tr("Save as {name}").format(name=beside.name), lambda: agree(beside)),
            Choice(self.tr("Only keep the layers"), lambda: self._keep_only_layers(then)),
        )
        self._session.post(Message(sentence, "warning", choices, topic=TOPIC, about=document))

    def _offer_png(self, document: Document, link: MaskLink, then: Then) -> None:
        """Offer the closest form of a mask whose own format is read only; from then on it is that file."""
        beside = next_free_path(link.path.with_suffix(".png"))
        sentence = self.tr(
            "{name} cannot be written back, for it is a {kind}; a PNG holds the same. Write that beside it?"
        )

        def agree() -> None:
            if document is self._session.document:
                self._agreed.add(beside.parent)
                self._write(document, replace(link, path=beside, mask=as_png(link.mask)), then)

        choices = (
            Choice(self.tr("Save as {name}").format(name=beside.name), agree),
            Choice(self.tr("Only keep the layers"), lambda: self._keep_only_layers(then)),
        )
        text = sentence.format(name=link.path.name, kind=kind_text(link.mask))
        self._session.post(Message(text, "warning", choices, topic=TOPIC, about=document))

    def _save_again(self, document: Document, then: Then) -> None:
        """Save what was wanted while a write was under way, unless the photo was left, which has saved it."""
        if document is self._session.document:
            self.save(then)

    def _keep_only_layers(self, then: Then) -> None:
        document = self._session.document
        if document is not None:
            self._masks.tie(document, None)
        self._saving.save_layers(then=then)

    def _write(self, document: Document, link: Link, then: Then, *, is_quiet: bool = False) -> None:
        place = self._session.places.folder_of(document.photo.path)
        try:
            write = link.writing(document, place)
        except MeticulousError as error:
            self._on_failed(error, then)
            return
        revision, has_saved = document.revision, has_saved_layers(document.photo, place)
        before = self._masks.tied(document)

        def done(written: Written) -> None:
            is_open = document is self._session.document
            if self._masks.tied(document) is before:  # else another file was chosen meanwhile, or none
                self._masks.tie(document, written.link)
            if is_quiet:
                return
            if is_open and (has_saved or not written.is_all):
                self._saving.save_layers(then=then)  # says itself where they are
                return
            if is_open and document.revision == revision:
                document.unsaved.mark_saved()
            sentence = self.tr("{name} is saved in {folder}.")
            text = sentence.format(name=link.path.name, folder=link.path.parent)
            self._session.message(text, topic=TOPIC)
            self._saving.saved.emit()
            if then is not None and is_open and document.revision != revision:
                self.save(then)  # what was painted meanwhile is to be safe, too
            elif then is not None:
                then()

        def failed(error: MeticulousError) -> None:
            if is_quiet or document is not self._session.document:  # its layers were saved on leaving
                self._session.message(str(error), kind="error", topic=TOPIC)
            else:
                self._on_failed(error, then)

        def ends(tell: Callable[[Any], None]) -> Callable[[Any], None]:
            def end(answer: Any) -> None:
                waiting = self._after.pop(document)
                tell(answer)
                for call in waiting:
                    call()

            return end

        # One after the other: what is written last is the newest, and the file is known as it is then.
        self._after[document] = []
        self._saving.run_save(document, write, ends(done), ends(failed))

    def _on_failed(self, error: MeticulousError, then: Then) -> None:
        keep = Choice(
            self.tr("Keep the layers beside the photo"), lambda: self._saving.save_layers(then=then)
        )
        message = Message(str(error), "error", (keep,), topic=TOPIC, about=self._session.document)
        self._session.post(message)


def is_changed_by_others(link: Link) -> bool:
    """Return whether the file is another one than that which was read; a file that is gone hurts nobody."""
    try:
        return link.stamp != stamp_of(link.path)
    except OSError:
        return False
