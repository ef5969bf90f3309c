"""Pointing at objects: one object is open at a time, its clicks go to the networks, the layer shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.engine.clicks.commands import (
    AddClick,
    AddPrompt,
    ChangeSettings,
    MoveClick,
    NextCandidate,
    RedoClick,
    RemoveClick,
    ResetClicks,
    UndoClick,
)
from meticulous_gui.engine.jobs import JobRunner
from meticulous_gui.ui.points.course import Course
from meticulous_gui.ui.points.open_object import Mark, Part
from meticulous_gui.ui.points.opened import Opened
from meticulous_gui.ui.points.options import PointOptions
from meticulous_gui.ui.points.sentences import Sentences

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session


class Pointing(QObject):
    """What pointing does to the document of a session.

    Attributes:
        options: what the person has set.

    Signals (window thread):
        changed: other clicks, another state, other options, or other readings of a click.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._runner: JobRunner | None = None
        self.options = PointOptions(self)
        self._sentences = Sentences(session, self)
        self._course = Course(session, self.options, self._sentences, self)
        self._course.changed.connect(self.changed)
        self.options.changed.connect(self.changed)
        self.options.rest.connect(self._send_options)
        session.changed.connect(self._follow)
        session.shown.pixels_changed.connect(self._follow)
        session.document_opened.connect(self._course.forget)

    # --- what there is ------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether there are clicks to keep, to drop or to undo."""
        return self._course.is_open

    @property
    def is_waiting(self) -> bool:
        """Whether the networks work on what the person has pointed at."""
        return self._course.is_waiting

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The clicks, those that are not answered yet last."""
        return self._course.marks

    @property
    def opened(self) -> Opened:
        """The object, as far as the networks have answered."""
        return self._course.opened

    @property
    def may_have_readings(self) -> bool:
        """Whether the only click may mean several things, or that is still being looked at."""
        opened = self.opened
        if opened.readings or opened.object is None:
            return bool(opened.readings)
        part, marks = opened.object.part, self.marks
        is_only = len(marks) == 1 and marks[0].is_positive and not opened.prompts and not part.is_lost
        return is_only and not self._course.is_idle and not (part.start >= 128).any()

    @property
    def hovered_part(self) -> Part | None:
        """The part that a click here would belong to, if it can be asked without waiting for anything."""
        ready, part = self._course.ready, self.opened.part
        if not ready.is_wanted or not self._course.is_idle or self._session.work.is_running:
            return None
        if part is None:
            return ready.part
        return None if part.is_lost else part

    # --- pointing -----------------------------------------------------------------------------------------

    def set_active(self, is_active: bool) -> None:
        """Begin or end pointing: the tool is in hand, or another one is; then what is open is kept."""
        ready = self._course.ready
        if is_active == ready.is_wanted:
            return
        ready.is_wanted = is_active
        if is_active:
            ready.forgive()
            ready.prepare()
        else:
            self.keep()
            ready.let_go()
        self.changed.emit()

    def prepare(self) -> None:
        """Let the networks look at the layer before the first click on it."""
        if self.opened.object is None:
            self._course.ready.prepare()

    def click(self, x: float, y: float, *, is_positive: bool) -> None:
        """Say that a point of the photo belongs to the object, or that it does not."""
        document = self._session.changeable()
        if document is None:
            return
        if not document.box.contains_xy(x, y):
            self._sentences.click_is_outside()
            return
        part = self._course.part_for(document)
        if not is_positive and part.holds(x, y):
            self._sentences.part_before_stays()
            return
        mark = Mark(None, x, y, is_positive, is_waiting=True)
        self._course.ask(part, AddClick(x, y, is_positive), mark)

    def move(self, click_id: int, x: float, y: float) -> None:
        """Put a click of the current part elsewhere."""
        document, part = self._session.changeable(), self.opened.part
        if document is None or part is None:
            return
        if not document.box.contains_xy(x, y):
            self._sentences.click_must_stay()
            return
        if click_id in part.excluding and part.holds(x, y):
            self._sentences.part_before_stays()
            return
        self._course.ask(part, MoveClick(click_id, x, y))

    def remove(self, click_id: int) -> None:
        """Take a click of the current part away."""
        part = self.opened.part
        if self._session.changeable() is not None and part is not None:
            self._course.ask(part, RemoveClick(click_id))

    def add_box(self, box: Box) -> None:
        """Look for an object in a box; what the layer holds already stays."""
        document = self._session.changeable()
        if document is None or box.clip(document.box).is_empty:
            return
        part = self._course.part_for(document)
        # A box begins an object: it must not ask which piece of an older mask is meant.
        if part.base is None and (not part.is_untouched or bool((part.start >= 128).any())):
            if self.is_waiting:
                self._sentences.part_comes_later()
                return
            part = self._course.another_part(document)
        self._course.ask(part, AddPrompt(BoxPrompt(box.clip(document.box))))

    def add_scribble(self, stroke: Stroke) -> None:
        """Say of a whole line that it belongs to the object, or that it does not."""
        document = self._session.changeable()
        if document is None:
            return
        if not any(document.box.contains_xy(x, y) for x, y, _ in stroke.points_xy):
            self._sentences.click_is_outside()
            return
        self._course.ask(self._course.part_for(document), AddPrompt(stroke))

    def begin_part(self) -> None:
        """Leave what the clicks have selected as it is; the next click begins something else beside it."""
        document = self._session.changeable()
        if document is None:
            return
        if self.is_waiting:
            self._sentences.part_comes_later()
            return
        self._course.another_part(document)
        self.changed.emit()

    def next_reading(self, n_steps: int = 1) -> None:
        """Show a larger thing that the only click may mean (smaller: -1); after the largest the smallest."""
        part = self.opened.part
        if part is not None and self.may_have_readings:
            self._course.ask(part, NextCandidate(n_steps))

    def choose_reading(self, name: str) -> None:
        """Show this one of the object's readings."""
        names, shown = self.opened.readings, self.opened.reading
        if name in names and shown in names:
            self.next_reading(names.index(name) - names.index(shown))

    def clear(self) -> None:
        """Take all clicks of the current part back; undo brings them again."""
        part = self.opened.part
        if part is None or (part.is_untouched and not self.is_waiting):
            return
        if part.is_lost:
            self.drop()
        else:
            self._course.ask(part, ResetClicks())

    # --- back, forth, and the end -------------------------------------------------------------------------

    def undo(self) -> bool:
        """Take the newest click back; False: there is none, and what is older may be undone."""
        opened = self.opened.object
        if opened is None or not self.is_open:
            self._course.close()
            return False
        if opened.part.can_undo or self.is_waiting:
            self._course.ask(opened.part, UndoClick())
        elif opened.place > 0 and opened.part.is_untouched:
            opened.place -= 1
            self.changed.emit()
        else:  # nothing before, or clicks that the engine has forgotten
            self.drop()
        return True

    def redo(self) -> bool:
        """Bring a click back; False: nothing is open, and what is older may be done again."""
        opened = self.opened.object
        if opened is None:
            return False
        if opened.part.can_redo or self.is_waiting:
            self._course.ask(opened.part, RedoClick())
        elif opened.place + 1 < len(opened.parts):
            opened.place += 1
            self.changed.emit()
        else:
            return self.is_open
        return True

    def keep(self) -> bool:
        """Make the object part of the layer, as one step, when the clicks under way are done.

        Returns:
            Whether there was one.
        """
        return self._course.keep()

    def drop(self) -> bool:
        """Leave the layer as it was before the first click; say whether there was one."""
        return self._course.drop()

    def rests(self, then: Callable[[], object]) -> bool:
        """Keep what is open before something else happens; see `Course.rests`."""
        return self._course.rests(then)

    # --- what others do -----------------------------------------------------------------------------------

    def networks_changed(self) -> None:
        """Go on where there are networks and a photo now."""
        before, self._runner = self._runner, self._session.runner
        self._course.networks_changed(are_others=before is not None and before is not self._runner)
        self._follow()

    def prepare_anew(self) -> None:
        """Let what is prepared for the next object go: other networks, or other options, will look at it."""
        self._course.ready.let_go()
        self._course.ready.prepare_soon()

    def refuse(self, why: MeticulousError) -> None:
        """Tell those who wait that there are no networks."""
        self._course.refuse(why)

    def _follow(self) -> None:
        """See what others did: undid the object's step, removed its layer, went to another one."""
        opened, document = self.opened.object, self._session.document
        if opened is not None and document is opened.document:
            is_left = opened.is_overtaken or opened.layer_id != document.active.id
            if opened.is_gone:
                self._course.end()
            elif is_left and not self._course.keeps:
                self.keep()
        if self.opened.object is None:
            self._course.ready.prepare_soon()

    def _send_options(self) -> None:
        """Look at the clicks again with the options that the person has chosen."""
        part = self.opened.part
        if part is None:
            self.prepare_anew()
        elif not part.is_lost:
            self._course.ask(part, ChangeSettings(self.options.for_sessions))
