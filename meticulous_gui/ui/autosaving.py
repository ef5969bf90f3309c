"""Keeps unsaved work where a crash cannot take it, and offers it again at the next start."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from meticulous_gui.core.autosave import COPY_PATIENCE_S, Autosave
from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.recovery import RecoverableWork, UnreadableWork, recoverable_works
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.moments import moment_text
from meticulous_gui.ui.opening import Opened, open_recovered
from meticulous_gui.ui.session import Session

COPY_S = 0.0005
"""How long one turn of the window may copy: a dozen tiles. A move of the brush may wait for it, and is to be
seen within 4 ms."""

LATE_COPY_S = 0.008
"""The same once copying takes long: still no frame that comes late."""

MIN_LATE_COPIES = 4
"""So many of these at least, then, once patience has ended, the rest is copied at once."""

MAX_HELD_TURNS = 5
"""How often paints that are due come before copying, in one write: a busy or hidden window has one always."""

COPY_PAUSE_MS = 2
"""Between two such turns: whatever the hand has done meanwhile comes first."""

LATE_S = 0.01
"""A turn that comes so much later than asked, though this thread did not work, was held up by the machine."""

PATIENCE_WITH_MACHINE_S = 0.1
"""Where turns that were held up come to so much in one write, the rest is copied at once: the machine is so
busy with other things that no slice makes the window smooth, and a dozen of them take more than a second."""

log = logging.getLogger(__name__)


class Autosaver(QObject):
    """Follows the session's document; an executor writes.

    Args:
        executor: for the writes alone: they must not wait for exports, or for photos that are read.
        unless_unsaved: does its first argument after asking about unsaved work, its second where the person
            stays; for restoring over an open document.
        is_paint_due: whether the canvas is about to show what a hand has done: no copying comes between.
        folder: of all works; that of the platform without one.
    """

    def __init__(
        self,
        session: Session,
        executor: Executor,
        *,
        unless_unsaved: Callable[[Callable[[], None], Callable[[], None]], None],
        is_paint_due: Callable[[], bool] = lambda: False,
        folder: Path | None = None,
    ) -> None:
        super().__init__(session)
        self._session = session
        self._executor = executor
        self._unless_unsaved = unless_unsaved
        self._is_paint_due = is_paint_due
        self._folder = folder
        self._autosave: Autosave | None = None
        self._document: Document | None = None
        self._leaving: set[Document] = set()
        self._held: dict[Document, Autosave] = {}
        self._writing: Autosave | None = None
        self._noting: Autosave | None = None
        self._is_in_trouble = False
        self._restored: dict[Autosave, RecoverableWork] = {}
        self._offered: list[RecoverableWork | UnreadableWork] = []
        self._discarded: list[RecoverableWork | UnreadableWork] = []
        self._copying_since_s: float | None = None
        self._n_late_copies = self._n_held_turns = 0
        self._held_up_s = 0.0
        self._timer_from_s = 0.0, 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write_if_due)
        session.document_opened.connect(self._on_document_opened)
        session.changed.connect(self._schedule)

    def offer(self) -> None:
        """Look for work that another start left behind and ask what to do with it."""

        def look() -> list[RecoverableWork | UnreadableWork]:
            unreadable: list[UnreadableWork] = []
            return [*recoverable_works(self._folder, on_unreadable=unreadable.append), *unreadable]

        self._session.background.run(look, self._on_found)

    def write_now(self) -> None:
        """Write at once and wait for it: the program is told to leave."""
        if self._autosave is not None and self._session.work.is_only_by_itself:
            self.give_up()
        for autosave in (*self._held.values(), *([self._autosave] if self._autosave is not None else [])):
            try:
                autosave.write_now()
                self._let_restored_go(autosave)
            except MeticulousError as error:
                log.error("the work could not be kept: %s", error)  # nobody is there to read a message

    def give_up(self) -> None:
        """Remove what was kept: the work is saved, or the person does not want it."""
        if self._autosave is not None:
            self._autosave.close()
            self._let_restored_go(self._autosave)
            self._autosave = None
        self._timer.stop()

    def follow_settings(self) -> None:
        """Begin to keep what is open, or keep nothing of it any more: the person has chosen that just now."""
        if not self._session.settings.history.autosaves:
            self.give_up()
        elif self._autosave is None:
            self._follow_document()

    def hold(self, document: Document) -> None:
        """Keep what there is of a document that is left before its layers are on disk."""
        self._leaving.add(document)

    def release(self, document: Document) -> None:
        """Remove what was kept of a document that has been left: it is safe now."""
        self._leaving.discard(document)
        held = self._held.pop(document, None)
        if held is not None:
            held.close()
            self._let_restored_go(held)

    def close(self) -> None:
        """Remove for good what the person discarded."""
        self._timer.stop()
        while self._discarded:
            self._discarded.pop().discard()

    # --- writing ------------------------------------------------------------------------------------------

    def _on_document_opened(self) -> None:
        left = self._document
        if left is not None and left in self._leaving and self._autosave is not None:
            self._held[left] = self._autosave
            self._write(self._autosave)
            self._autosave = None
        self.give_up()
        self._document = self._session.document
        self._begin_anew()
        self._follow_document()

    def _follow_document(self) -> None:
        if self._document is not None and self._session.settings.history.autosaves:
            self._autosave = Autosave(self._document, folder=self._folder, noticed=self._schedule)
            self._schedule()

    @property
    def _is_held_up(self) -> bool:
        """Whether there is nothing to write now: a write is under way, or nothing would be lost."""
        return self._writing is self._autosave or self._session.work.is_only_by_itself

    def _schedule(self) -> None:
        if self._autosave is None or self._is_held_up or self._timer.isActive():
            return
        due_s = self._autosave.due_in_s()
        if due_s is not None:
            self._start_timer(round(due_s * 1000))

    def _write_if_due(self) -> None:
        if self._autosave is None or self._is_held_up:
            return  # what ends later schedules the next one
        self._note_lateness()
        due_s = self._autosave.due_in_s()
        if due_s is None:
            return
        if due_s > 0:
            self._start_timer(max(round(due_s * 1000), 1))
        elif (
            self._autosave.is_urgent()
            or self._held_up_s >= PATIENCE_WITH_MACHINE_S
            or (not self._is_painting_first() and self._copy_some(self._autosave))
        ):
            self._begin_anew()
            self._write(self._autosave)
        else:
            self._start_timer(COPY_PAUSE_MS)

    def _start_timer(self, delay_ms: int) -> None:
        self._timer_from_s = time.monotonic() + delay_ms / 1000, time.thread_time()
        self._timer.start(delay_ms)

    def _note_lateness(self) -> None:
        """Add up by how much the machine, and no work of this thread, made turns come later than asked."""
        due_s, own_s = self._timer_from_s
        late_s = time.monotonic() - due_s - (time.thread_time() - own_s)
        if late_s >= LATE_S:
            self._held_up_s += late_s

    def _begin_anew(self) -> None:
        """Let the next write have all its patience."""
        self._copying_since_s = None
        self._n_late_copies = self._n_held_turns = 0
        self._held_up_s = 0.0

    def _is_painting_first(self) -> bool:
        """Return whether the canvas is to show first what a hand has just done."""
        if not self._is_paint_due():
            return False
        self._n_held_turns += 1
        return self._n_held_turns <= MAX_HELD_TURNS

    def _copy_some(self, autosave: Autosave) -> bool:
        """Copy for one turn of the window; return whether the write may begin.

        Where it takes long (a busy machine, or a step over the whole mask that held the window up) larger
        slices follow, and when patience ends all that is left at once, so that the write is in time.
        """
        now_s = time.monotonic()
        if self._copying_since_s is None:
            self._copying_since_s = now_s
        passed_s = now_s - self._copying_since_s
        if passed_s < COPY_PATIENCE_S / 2:
            return autosave.copy_some(COPY_S)
        self._n_late_copies += 1
        is_over = passed_s >= COPY_PATIENCE_S and self._n_late_copies >= MIN_LATE_COPIES
        return autosave.copy_some(LATE_COPY_S) or is_over

    def _write(self, autosave: Autosave) -> None:
        work = autosave.take()
        if work is None:
            self._let_restored_go(autosave)  # it is saved
            return
        self._writing = autosave

        def done(_nothing: None) -> None:
            if self._writing is autosave:
                self._writing = None
            self._let_restored_go(autosave)
            if self._is_in_trouble:
                self._is_in_trouble = False
                self._session.message(self.tr("Unsaved work is kept again."), topic="autosave")
            self._schedule()
            self._note_photo(autosave)

        def failed(error: MeticulousError) -> None:
            if self._writing is autosave:
                self._writing = None
            if not self._is_in_trouble:  # once; it is tried again all the time
                self._session.message(str(error), kind="warning", topic="autosave")
            self._is_in_trouble = True
            self._schedule()

        self._session.background.run(work, done, failed, executor=self._executor)

    def _note_photo(self, autosave: Autosave) -> None:
        """Have it noted what the photo is like: once, however many writes end until that is done."""
        if self._noting is autosave or not autosave.wants_note:
            return
        self._noting = autosave

        def ended(_nothing: object) -> None:
            if self._noting is autosave:
                self._noting = None

        self._session.background.run(autosave.note_photo, ended, ended)

    def _let_restored_go(self, autosave: Autosave) -> None:
        """Remove the files that a document was restored from: it is safe elsewhere, or given up."""
        restored = self._restored.pop(autosave, None)
        if restored is not None:
            restored.discard()

    # --- bringing back ------------------------------------------------------------------------------------

    def _on_found(self, works: list[RecoverableWork | UnreadableWork]) -> None:
        self._offered = works
        self._ask_next()

    def _ask_next(self) -> None:
        """Ask about the newest work that waits for an answer, those that cannot be read at last.

        One question at a time, whatever there is.
        """
        if self._offered:
            self._session.post(self._question(self._offered[0], len(self._offered) - 1))

    def _question(self, work: RecoverableWork | UnreadableWork, n_more: int) -> Message:
        def answer(then: Callable[[], None]) -> None:
            self._offered.remove(work)
            then()
            self._ask_next()

        choices: tuple[Choice, ...] = (
            Choice(self.tr("Discard"), lambda: answer(lambda: self._discard(work))),
            Choice(self.tr("Later"), lambda: answer(lambda: None)),
        )
        if isinstance(work, UnreadableWork):
            sentence = self.tr(
                "Unsaved work cannot be read: {path} is damaged, or another version of Meticulous wrote it; "
                "open it with that one, or discard it."
            )
            text = sentence.format(path=work.path)
        else:
            readable = work
            restore = Choice(self.tr("Restore"), lambda: answer(lambda: self._ask_and_restore(readable)))
            choices = (restore, *choices)
            sentence = self.tr("Work from {time} on {name} was not saved.")
            text = sentence.format(time=moment_text(work.saved_at), name=work.photo_name)
        if n_more:
            text += " " + self.tr("There is more such work: {count}.").format(count=n_more)
        return Message(text, "warning", choices, topic="restore")

    def _discard(self, work: RecoverableWork | UnreadableWork) -> None:
        """Give a work up; until the program ends it can be had back."""
        self._discarded.append(work)

        def keep() -> None:
            self._discarded.remove(work)
            self._offer_again(work)

        if isinstance(work, UnreadableWork):
            sentence = self.tr("The work that cannot be read was discarded.")
        else:
            sentence = self.tr("The unsaved work on {name} was discarded.").format(name=work.photo_name)
        self._session.post(Message(sentence, choices=(Choice(self.tr("Undo"), keep),), is_brief=True))

    def _offer_again(self, work: RecoverableWork | UnreadableWork) -> None:
        self._offered.insert(0, work)
        self._ask_next()

    def _ask_and_restore(self, work: RecoverableWork) -> None:
        self._unless_unsaved(lambda: self._restore(work), lambda: self._offer_again(work))

    def _restore(self, work: RecoverableWork) -> None:
        limits, budget = self._session.limits, self._session.opener.history_budget_bytes

        def read() -> Opened:
            try:
                return open_recovered(work.restore(limits, budget_bytes=budget))
            except MeticulousError:
                work.let_go()  # the person may mend what is wrong and try again
                self._session.inbox.put(lambda: self._offer_again(work))
                raise

        def done(_document: Document) -> None:
            if self._autosave is not None:
                self._restored[self._autosave] = work  # stays until the document is safe under its new name
            else:
                work.let_go()

        self._session.opener.open_prepared(Path(work.photo_name), read, done)
