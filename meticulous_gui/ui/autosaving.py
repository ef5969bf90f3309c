"""Keeps unsaved work where a crash cannot take it, and offers it again at the next start."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from meticulous_gui.core.autosave import Autosave, RecoverableWork, recoverable_works
from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.opening import Opened, open_recovered
from meticulous_gui.ui.session import Session

log = logging.getLogger(__name__)


class Autosaver(QObject):
    """Follows the session's document; the executor writes.

    Args:
        unless_unsaved: does something after asking about unsaved work; for restoring over an open document.
        folder: of all works; that of the platform without one.
    """

    def __init__(
        self,
        session: Session,
        *,
        unless_unsaved: Callable[[Callable[[], None]], None],
        folder: Path | None = None,
    ) -> None:
        super().__init__(session)
        self._session = session
        self._unless_unsaved = unless_unsaved
        self._folder = folder
        self._autosave: Autosave | None = None
        self._document: Document | None = None
        self._leaving: set[Document] = set()
        self._held: dict[Document, Autosave] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write_if_due)
        session.document_opened.connect(self._on_document_opened)
        session.changed.connect(self._schedule)
        session.pixels_changed.connect(self._schedule)

    def offer(self) -> None:
        """Look for work that another start left behind and ask what to do with it."""
        self._session.background.run(lambda: recoverable_works(self._folder), self._ask)

    def write_now(self) -> None:
        """Write at once and wait for it: the program is told to leave."""
        work = self._autosave.take() if self._autosave is not None else None
        if work is None:
            return
        try:
            work()
        except MeticulousError as error:
            log.error("the work could not be kept: %s", error)  # nobody is there to read a message

    def give_up(self) -> None:
        """Remove what was kept: the work is saved, or the person does not want it."""
        if self._autosave is not None:
            self._autosave.close()
            self._autosave = None
        self._timer.stop()

    def hold(self, document: Document) -> None:
        """Keep what there is of a document that is left before its layers are on disk."""
        self._leaving.add(document)

    def release(self, document: Document) -> None:
        """Remove what was kept of a document that has been left: it is safe now."""
        self._leaving.discard(document)
        held = self._held.pop(document, None)
        if held is not None:
            held.close()

    def _on_document_opened(self) -> None:
        left = self._document
        if left is not None and left in self._leaving and self._autosave is not None:
            self._write(lambda: None)
            self._held[left], self._autosave = self._autosave, None
        self.give_up()
        self._document = document = self._session.document
        if document is not None and self._session.settings.history.autosaves:
            self._autosave = Autosave(document, folder=self._folder)

    def _schedule(self) -> None:
        due_s = self._autosave.due_in_s() if self._autosave is not None else None
        if due_s is not None and not self._timer.isActive():
            self._timer.start(round(due_s * 1000))

    def _write_if_due(self) -> None:
        if self._autosave is None:
            return
        due_s = self._autosave.due_in_s()
        if due_s is not None and due_s > 0:  # painted again meanwhile: wait for a quiet moment
            self._timer.start(max(round(due_s * 1000), 1))
            return
        self._write(lambda: None)

    def _write(self, then: Callable[[], None]) -> None:
        work = self._autosave.take() if self._autosave is not None else None
        if work is not None:
            self._session.background.run(work, lambda _nothing: then(), self._on_failed)

    def _on_failed(self, error: MeticulousError) -> None:
        self._session.message(str(error), kind="warning", topic="autosave")

    def _ask(self, works: list[RecoverableWork]) -> None:
        for work in works:
            self._session.post(self._question(work))

    def _question(self, work: RecoverableWork) -> Message:
        sentence = self.tr("Work from {time} on {name} was not saved.")
        text = sentence.format(time=work.saved_at.strftime("%x %H:%M"), name=work.photo_name)
        choices = (
            Choice(self.tr("Restore"), lambda: self._ask_and_restore(work)),
            Choice(self.tr("Discard"), work.discard),
        )
        return Message(text, "warning", choices, topic=str(work.folder))

    def _ask_and_restore(self, work: RecoverableWork) -> None:
        self._unless_unsaved(lambda: self._restore(work))

    def _restore(self, work: RecoverableWork) -> None:
        limits, budget = self._session.limits, self._session.opener.history_budget_bytes

        def read() -> Opened:
            return open_recovered(work.restore(limits), budget_bytes=budget)

        def done(document: Document) -> None:
            document.mark_unsaved()
            self._write(work.discard)  # only when the work is safe under its new name

        self._session.opener.open_prepared(Path(work.photo_name), read, done)
