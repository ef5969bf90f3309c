"""The course of an object: what is asked of the networks, what comes back, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.engine.clicks.commands import (
    AddClick,
    ClickCommand,
    ClickSettings,
    FindReadings,
    RedoClick,
    UndoClick,
)
from meticulous_gui.engine.jobs import Finished, Partial
from meticulous_gui.ui.points.open_object import Mark, Part
from meticulous_gui.ui.points.opened import Opened
from meticulous_gui.ui.points.options import PointOptions
from meticulous_gui.ui.points.readiness import Readiness
from meticulous_gui.ui.points.sentences import Sentences
from meticulous_gui.ui.points.sessions import Answers, ClickSessions
from meticulous_gui.ui.points.sharpening import sharpen
from meticulous_gui.ui.points.waiting import Waiting

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session


class Course(QObject):
    """Leads an object from its first click to its end; every question of a person goes through here.

    Attributes:
        opened: the object.
        ready: what is prepared for the next one.

    Signals (window thread):
        changed: other clicks, another state, or other readings of a click.
    """

    changed = Signal()

    def __init__(
        self, session: Session, options: PointOptions, sentences: Sentences, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._options = options
        self._sentences = sentences
        answers = Answers(pixels=self._take_pixels, done=self._take_answer, failed=self._take_failure)
        self._sessions = ClickSessions(session, answers)
        self._waiting = Waiting(self, give_up=self.lose_patience)

        def settings() -> ClickSettings:
            return options.for_sessions

        self.ready = Readiness(session, self._sessions, settings, self)
        self.opened = Opened(session, self._sessions, self.ready, settings)

    @property
    def is_open(self) -> bool:
        """Whether there are clicks to keep or to drop, or some may come of what the networks work on."""
        return self.opened.object is not None and (self.opened.is_touched or self.is_waiting)

    @property
    def is_waiting(self) -> bool:
        """Whether the networks work on what the person has pointed at."""
        return self._sessions.is_waiting

    @property
    def is_idle(self) -> bool:
        """Whether nothing at all is asked of the networks."""
        return self._sessions.line.is_empty

    @property
    def keeps(self) -> bool:
        """Whether the object is kept as soon as the clicks under way are answered."""
        return self._waiting.keeps

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The clicks, those that are not answered yet last."""
        return (*self.opened.marks, *self._waiting.marks)

    # --- asking -------------------------------------------------------------------------------------------

    def part_for(self, document: Document) -> Part:
        """Return the part that the next click belongs to; what was to be kept after the last one goes on."""
        self._waiting.keeps = False
        opened = self.opened.object
        if opened is not None and opened.layer_id != document.active.id:
            self.lose_patience()
        return self.opened.part_for(document, self.tr("Point at the object"))

    def another_part(self, document: Document) -> Part:
        """Return a part beside what the clicks have selected."""
        self.part_for(document)
        return self.opened.another_part(document)

    def ask(self, part: Part, command: ClickCommand, mark: Mark | None = None) -> None:
        """Ask for something that the person waits for.

        Args:
            part: of the object.
            command: to its session.
            mark: how a new click is drawn until it is answered.
        """
        if mark is not None:
            self._waiting.marks.append(mark)
        if not isinstance(command, UndoClick | RedoClick):
            self.opened.forget_redo()
        self._sessions.ask(part, command)
        self.changed.emit()

    def networks_changed(self, *, are_others: bool) -> None:
        """Go on where there are networks and a photo now; other networks know nothing of the clicks."""
        if are_others:
            self.opened.lose_sessions()
        self.ready.forgive()
        self._sessions.line.flush()

    def refuse(self, why: MeticulousError) -> None:
        """Tell those who wait that there are no networks."""
        self._sessions.line.fail(str(why))

    # --- answers ------------------------------------------------------------------------------------------

    def _take_pixels(self, part: Part, event: Partial) -> None:
        opened = self.opened.object
        if opened is None or part is not opened.part or part.is_lost:
            return
        try:
            opened.take(part, event.box, event.alpha)
        except MeticulousError as error:
            self._take_failure(part, str(error))

    def _take_answer(self, part: Part, command: ClickCommand, event: Finished) -> None:
        if event.report.clicks is not None:
            part.known = event.report.clicks
        opened = self.opened.object
        if opened is not None and opened.is_untouched:
            opened.rest()
        if isinstance(command, AddClick) and self._waiting.marks:
            self._waiting.marks.pop(0)
        if event.report.message and not isinstance(command, UndoClick | RedoClick):
            self._sentences.warn(event.report.message)
        if not self.is_waiting:
            self._go_on(part, command)
        self.changed.emit()

    def _go_on(self, part: Part, command: ClickCommand) -> None:
        """Do what waited for the last click; else look what else it may mean."""
        if self._waiting.keeps:
            self._keep_now()
        elif part is self.opened.part and not self.is_open:
            if not part.can_redo:
                self.close()  # its only click was refused
        elif part.is_unread and not isinstance(command, FindReadings):
            self._sessions.ask(part, FindReadings(), weight="spare")

    def _take_failure(self, part: Part, why: str) -> None:
        """Say what is wrong; what the clicks have selected so far stays open.

        Args:
            why: a sentence, or "" where the networks were started anew; then only who waited is told.
        """
        was_waited_for = bool(self._waiting.marks) or self.is_waiting
        part.is_lost = True
        self._sessions.line.drop_waited()
        self._waiting.marks.clear()
        self.ready.fail(part, is_for_good=bool(why))
        if why or was_waited_for:
            self._sentences.failed(why)
        if self._waiting.keeps:
            self._keep_now()
        elif not self.is_open:
            self.close()
        else:
            self._waiting.run()
        self.changed.emit()

    # --- the end ------------------------------------------------------------------------------------------

    def keep(self) -> bool:
        """Make the object part of the layer, as one step, when the clicks under way are done.

        Returns:
            Whether there was one.
        """
        was_open = self.is_open
        self._waiting.keeps = was_open and self.is_waiting
        if not was_open:
            self.close()
        elif not self.is_waiting:
            self._keep_now()
        return was_open

    def drop(self) -> bool:
        """Leave the layer as it was before the first click; say whether there was one."""
        opened, was_open = self.opened.object, self.is_open
        if opened is not None and was_open:
            self._sessions.line.drop_waited()
            opened.drop()
            self.close()
        return was_open

    def end(self) -> None:
        """Let the object's step be as it is: its layer is gone, or somebody else undid it."""
        opened = self.opened.object
        if opened is not None:
            self._sessions.line.drop_waited()
            opened.end()
            self.close()

    def rests(self, then: Callable[[], object]) -> bool:
        """Keep what is open before something else happens.

        Args:
            then: called when the clicks under way are done, if there are any.

        Returns:
            Whether the caller may go on at once.
        """
        self.keep()
        if not self.is_waiting:
            return True
        self._waiting.add(then)
        return False

    def lose_patience(self) -> None:
        """Keep what there is without the clicks that are still under way."""
        self._sessions.line.drop_waited()
        if self._waiting.marks:
            self._sentences.click_left_out()
        self._waiting.marks.clear()
        if self.is_open:
            self._keep_now()
        else:
            self.close()

    def forget(self) -> None:
        """Another document is open: nothing of the last one is asked or shown any more."""
        self._sessions.line.drop_all()
        self.opened.object = None
        self._waiting.forget()
        self.ready.let_go()
        self.ready.forgive()
        self.ready.prepare_soon()
        self._waiting.run()
        self.changed.emit()

    def close(self) -> None:
        """Be ready for another object, and for what waited for the end of this one."""
        opened = self.opened.close()
        self._waiting.forget()
        if opened is not None:
            self.ready.prepare_soon()
        self._waiting.run()
        self.changed.emit()

    def _keep_now(self) -> None:
        opened = self.opened.object
        assert opened is not None
        box, changed = opened.keep()
        self.close()
        if self._options.now.sharpens and not box.is_empty:
            sharpen(self._session, opened, box, changed)
