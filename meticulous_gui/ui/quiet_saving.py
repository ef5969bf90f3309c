"""Leaving a photo without a question: its layers are saved in the background while the next one opens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.project import Saved, prepare_save
from meticulous_gui.ui.core_sentences import spoken
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.opening import Opened
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.scenery import Scenery
from meticulous_gui.ui.session import Session

log = logging.getLogger(__name__)


class QuietSaving(QObject):
    """Saves what is left, and keeps every document whole in memory until it is on disk.

    Args:
        saving: what saves when the person asks for it.
        ask: the question about unsaved work, for what cannot be saved quietly.
        choose_folder: lets the person choose a folder.

    Signals (window thread):
        leaving: (Document) it is being saved and may be replaced in the window meanwhile.
        safe: (Document) it is on disk, or nobody wants it.
    """

    leaving = Signal(object)
    safe = Signal(object)

    def __init__(
        self,
        session: Session,
        saving: Saving,
        *,
        ask: Callable[[Callable[[], None]], None],
        choose_folder: Callable[[Callable[[Path], None]], None],
    ) -> None:
        super().__init__(session)
        self._session = session
        self._saving = saving
        self._ask = ask
        self._choose_folder = choose_folder
        self._kept: dict[Path, Document] = {}
        self._failed: set[Path] = set()
        self._elsewhere: dict[Path, Path] = {}
        self._writing: dict[Future[Saved], tuple[Document, int]] = {}
        session.opener.kept = self._opening_of_kept
        saving.saved.connect(lambda: self._forget(session.document))
        saving.discarded.connect(self._forget)

    @property
    def unsafe(self) -> tuple[Path, ...]:
        """Photos that were left and whose layers could not be saved."""
        open_document = self._session.document
        return tuple(path for path in self._failed if self._kept[path] is not open_document)

    def keeps(self, path: Path) -> bool:
        """Return whether a photo was left and disk does not have all of its layers yet."""
        return path in self._kept

    def is_writing(self, document: Document) -> bool:
        """Return whether all that was done to a document is on its way to disk."""
        return (document, document.revision) in self._writing.values()

    def leave(self, then: Callable[[], None]) -> None:
        """Do `then`, with the open document's unsaved work on its way to disk; ask where that cannot be."""
        session, document = self._session, self._session.document
        if document is None or document.photo.path is None or not session.settings.history.saves_on_leaving:
            self._ask(then)
            return
        session.work.cancel()  # patches that are done become a step, and are saved like one
        folder = document.photo.path.parent
        if any(path.parent == folder for path in self._failed):
            self._ask(then)  # one document in memory is enough
            return
        if document.unsaved.is_any:
            self.save(document)
        then()

    def save(self, document: Document, folder: Path | None = None) -> None:
        """Write the layers of a document that has a file; it is kept until that has gone well.

        Args:
            folder: where to; by default where they were kept before, else `.meticulous` beside the photo.
        """
        revision, path = document.revision, document.photo.path
        assert path is not None
        place = folder or self._session.places.folder_of(path) or self._elsewhere.get(path.parent)
        self._kept[path] = document
        write = prepare_save(document, place)
        self.leaving.emit(document)

        def done(saved: Saved) -> None:
            del self._writing[writing]
            for note in saved.notes:
                self._session.message(note, kind="warning")
            if place is not None:
                self._session.places.note(path, place)
            if document.revision == revision:
                document.unsaved.mark_saved()
                self._forget(document)

        def failed(error: MeticulousError) -> None:
            del self._writing[writing]
            self._on_failed(document, error)

        writing = self._saving.run_save(document, write, done, failed)
        self._writing[writing] = document, revision

    def wait_until_written(self) -> None:
        """Wait for what is being written: the program leaves, and nobody is told any more how it went."""
        for writing in wait(list(self._writing)).done:
            document, revision = self._writing[writing]
            if writing.exception() is not None:
                log.error("layers could not be saved while the program left: %s", writing.exception())
            elif document.revision == revision:
                self._forget(document)

    def _forget(self, document: Document | None) -> None:
        """Let go of a document that is safe, or that nobody wants."""
        path = document.photo.path if document is not None else None
        if path is not None and self._kept.get(path) is document:
            del self._kept[path]
            self._failed.discard(path)
            self.safe.emit(document)

    def _on_failed(self, document: Document, error: MeticulousError) -> None:
        path = document.photo.path
        assert path is not None
        if self._kept.get(path) is not document:
            return  # saved elsewhere meanwhile
        self._failed.add(path)
        choices = [Choice(self.tr("Save elsewhere…"), lambda: self._save_elsewhere(document))]
        if document is not self._session.document:
            open_path = self._session.opener.open_path
            choices.append(Choice(self.tr("Go back to it"), lambda: self.leave(lambda: open_path(path))))
        sentence = self.tr("The layers of {name} are only in memory: {why}")
        text = sentence.format(name=path.name, why=spoken(str(error)))
        self._session.post(Message(text, "error", tuple(choices), topic=f"save {path.parent}"))

    def _opening_of_kept(self, path: Path) -> Callable[[], Opened] | None:
        """Return what opens a photo that was left with its history; None where disk has it all."""
        document = self._kept.get(path)
        if document is None:
            return None
        return lambda: Opened(document, Scenery(document), has_saved_layers=True)

    def _save_elsewhere(self, document: Document) -> None:
        """Save in another folder, and whatever follows from the same folder of photos, too."""

        def save(folder: Path) -> None:
            path = document.photo.path
            assert path is not None
            self._elsewhere[path.parent] = folder
            self.save(document, folder)

        self._choose_folder(save)
