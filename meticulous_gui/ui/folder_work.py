"""Work on the photos of a folder: from one to the next, how far each is, and what of that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.files import is_file, remove_leftovers
from meticulous_gui.core.photo_states import PhotoState, is_cutout_of, note_states, read_states
from meticulous_gui.core.project_index import FOLDER_NAME
from meticulous_gui.ui.ahead import Ahead
from meticulous_gui.ui.messages import Message
from meticulous_gui.ui.opening import photos_in
from meticulous_gui.ui.photo_list import PhotoList
from meticulous_gui.ui.quiet_saving import QuietSaving
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.wish import Outcome

BY_HAND = (PhotoState.EDITED, PhotoState.DONE, PhotoState.EXPORTED)
FINISHED = (PhotoState.DONE, PhotoState.EXPORTED)


class FolderWork(QObject):
    """Follows what happens to the open document and notes it for its photo.

    Attributes:
        photos: the photos of the folder, or those that were opened together.
        quiet: saves what is left.
        ahead: reads the next photo before it is asked for.
    """

    def __init__(self, session: Session, saving: Saving, photos: PhotoList, quiet: QuietSaving) -> None:
        super().__init__(session)
        self.photos = photos
        self.quiet = quiet
        self._session = session
        self.ahead = Ahead(session, photos, quiet)
        self._to_note: dict[Path, dict[str, PhotoState]] = {}
        self._noting: Path | None = None
        self._mute: set[Path] = set()
        self._warned: Document | None = None
        # Later in the turn: a mask that comes by itself counts as a change until it is marked as saved.
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.timeout.connect(self._look_for_changes)
        photos.listed.connect(self._on_listed)
        session.document_opened.connect(self._on_opened)
        session.changed.connect(lambda: self._looking.start(0))
        session.work.ended.connect(self._on_work_ended)
        saving.photo_exported.connect(self._on_exported)

    # --- going from photo to photo ------------------------------------------------------------------------

    def step(self, n_steps: int) -> None:
        """Go on (positive) or back among the photos that are shown; say so at either end."""
        path = self.photos.neighbour(n_steps)
        self.ahead.turn(n_steps)
        if path is not None:
            self.go_to(path)
            return
        last, first = self.tr("This is the last photo here."), self.tr("This is the first photo here.")
        paths = self.photos.paths
        if n_steps > 0 and len(paths) > 1 and all(self.photos.state(one) in FINISHED for one in paths):
            last = self.tr("All {count} photos here are done.").format(count=len(paths))
        self._session.message(last if n_steps > 0 else first, topic="step")

    def go_to(self, path: Path) -> None:
        """Open a photo of the list; what was done to the open one is saved on the way."""
        document = self._session.document
        if document is not None and document.photo.path == path and self._session.opener.opening is None:
            return

        def go() -> None:
            if self.photos.holds(path):
                self.photos.choose(path)
            prepared = None if self.quiet.keeps(path) else self.ahead.take(path)
            if prepared is not None:
                self._session.opener.open_at_once(prepared)
            else:
                self._session.opener.open_path(path)

        self.quiet.leave(go)

    def go_back_to_unsafe(self) -> bool:
        """Open a photo whose layers could not be saved, if there is one: the program must not end over it."""
        unsafe = self.quiet.unsafe
        if unsafe:
            self.go_to(unsafe[0])
            sentence = self.tr(
                "The layers of {name} are not saved yet; save them somewhere, or discard them."
            )
            self._session.message(sentence.format(name=unsafe[0].name), kind="warning", topic="leave")
        return bool(unsafe)

    # --- how far photos are -------------------------------------------------------------------------------

    def toggle_done(self) -> None:
        """Mark the open photo as done, with its layers on disk; or take the mark back."""
        document = self._document_of_list()
        if document is None or document.photo.path is None or self._is_not_shown():
            return
        if self.photos.state(document.photo.path) is PhotoState.DONE:
            self._note(document.photo.path, PhotoState.EDITED)
        elif not self._is_too_early(document):
            self._finish(document, document.photo.path)

    def finish_and_step(self) -> None:
        """Mark the open photo as done and go to the next one; pass by one that does not open."""
        document, is_not_shown = self._document_of_list(), self._is_not_shown()
        if is_not_shown and self._session.opener.opening is not None:
            return
        if document is not None and document.photo.path is not None and not is_not_shown:
            if self._is_too_early(document):
                return
            self._finish(document, document.photo.path)
        self.step(1)

    def _is_not_shown(self) -> bool:
        """Return whether the canvas still shows another photo than the one whose turn it is; say why."""
        document, current = self._document_of_list(), self.photos.current
        if document is None or current is None or document.photo.path == current:
            return False
        opening, broken = (
            self.tr("{name} is still being opened."),
            self.tr("{name} does not open and cannot be marked as done; go on to the next photo."),
        )
        sentence = opening if self._session.opener.opening is not None else broken
        self._session.post(Message(sentence.format(name=current.name), topic="step", is_of_opening=True))
        return True

    def _is_too_early(self, document: Document) -> bool:
        """Return whether a network still works on the mask and nobody was told; tell it.

        Done stops the network: no mask that is half there, or not at all, is called right by accident.
        """
        if not self._session.work.is_running or self._warned is document:
            return False
        self._warned = document
        sentence = self.tr(
            "A network still works on {name}; wait for it, or press again to take it as it is."
        )
        text = sentence.format(name=document.photo.name)
        self._session.post(Message(text, topic="step", about=document))
        return True

    def _finish(self, document: Document, path: Path) -> None:
        self._session.work.cancel()
        self.quiet.save(document)
        self._note(path, PhotoState.DONE)

    def _document_of_list(self) -> Document | None:
        document = self._session.document
        return document if document is not None and self.photos.holds(document.photo.path) else None

    def _on_opened(self) -> None:
        document = self._session.document
        path = document.photo.path if document is not None else None
        if document is None or path is None:
            return
        if not self.photos.holds(path):  # unsaved work that came back brings its folder
            self.photos.show([path])
        if self.photos.n_photos == 1 and self.photos.holds(path):
            self._list_neighbours(path)
        if document.photo.alpha is not None:
            self._raise_to_masked(path)

    def _list_neighbours(self, path: Path) -> None:
        """List the folder of a photo that was opened alone, as a viewer of pictures does."""

        def take(found: list[Path]) -> None:
            if self.photos.paths == (path,) and path in found and len(found) > 1:
                self.photos.show(found, at=path)

        # A folder that cannot be listed is no failure here: the photo itself is open.
        self._session.background.run(lambda: photos_in([path.parent]), take, lambda _error: None)

    def _on_listed(self) -> None:
        for folder in dict.fromkeys(path.parent for path in self.photos.paths):
            self._read_states(folder)

    def _read_states(self, folder: Path) -> None:
        def take(states: Mapping[str, PhotoState]) -> None:
            self.photos.set_states({folder / name: state for name, state in states.items()})

        elsewhere = self._session.places.of_photos_in(folder)

        def read() -> dict[str, PhotoState]:
            for place in (folder, folder / FOLDER_NAME):
                remove_leftovers(place)
            saved = {name for name, place in elsewhere.items() if is_file(place / f"{name}.json")}
            return dict.fromkeys(saved, PhotoState.EDITED) | read_states(folder)

        self._session.background.run(read, take)

    def _look_for_changes(self) -> None:
        document = self._document_of_list()
        if document is None or self.quiet.is_writing(document):
            return  # one that was marked as done stays so while it is being saved
        if self._session.has_unsaved_work:
            path = document.photo.path
            assert path is not None
            self._note(path, PhotoState.EDITED)

    def _on_work_ended(self, outcome: Outcome) -> None:
        self._warned = None
        document = self._document_of_list()
        if document is not None and outcome.end == "done" and not outcome.found_nothing:
            assert document.photo.path is not None
            self._raise_to_masked(document.photo.path)

    def _raise_to_masked(self, path: Path) -> None:
        if self.photos.state(path) is PhotoState.UNTOUCHED:
            self.photos.set_state(path, PhotoState.MASKED)

    def _on_exported(self, path: Path, file: Path) -> None:
        """Mark a photo; what lies beside it under another name than a cut-out's does not tell by itself."""
        is_beside = file.parent == path.parent
        self._note(path, PhotoState.EXPORTED, is_kept=is_beside and is_cutout_of(file.name) != path.stem)

    def note_exported(self, path: Path) -> None:
        """Mark a photo whose cut-out was written where the files beside it do not tell."""
        self._note(path, PhotoState.EXPORTED, is_kept=True)

    # --- keeping the marks --------------------------------------------------------------------------------

    def _note(self, path: Path, state: PhotoState, *, is_kept: bool = False) -> None:
        """Show a state and keep it, unless the files tell it anyway."""
        if not self.photos.holds(path) or self.photos.state(path) is state:
            return
        was = self.photos.state(path)
        self.photos.set_state(path, state)
        if is_kept or state is PhotoState.DONE or was in BY_HAND:
            self._to_note.setdefault(path.parent, {})[path.name] = state
            self._write_next()

    def _write_next(self) -> None:
        if self._noting is not None or not self._to_note:
            return
        folder, states = self._to_note.popitem()
        self._noting = folder

        def done(_nothing: None) -> None:
            self._noting = None
            self._mute.discard(folder)
            self._write_next()

        def failed(error: MeticulousError) -> None:
            self._noting = None
            if folder not in self._mute:  # once is enough
                self._mute.add(folder)
                self._session.message(str(error), kind="warning", topic=f"marks {folder}")
            self._write_next()

        self._session.background.run(lambda: note_states(folder, states), done, failed)
