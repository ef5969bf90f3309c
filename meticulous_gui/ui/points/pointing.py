"""Pointing at objects: one object is open at a time, its clicks go to the networks, the layer shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.core.settings import PointSettings
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.commands import (
    AddClick,
    AddPrompt,
    ChangeSettings,
    ClickCommand,
    FindReadings,
    MoveClick,
    NextCandidate,
    RedoClick,
    RemoveClick,
    ResetClicks,
    UndoClick,
)
from meticulous_gui.engine.jobs import Finished, JobRunner, Partial
from meticulous_gui.ui.points.afterwards import Afterwards
from meticulous_gui.ui.points.open_object import Mark, OpenObject, Part
from meticulous_gui.ui.points.options import click_settings
from meticulous_gui.ui.points.readiness import Readiness
from meticulous_gui.ui.points.sessions import Answers, ClickSessions
from meticulous_gui.ui.points.sharpening import sharpen

if TYPE_CHECKING:
    from meticulous_gui.ui.session import Session

TOPIC: Final = "clicks"
OPTIONS_MS: Final = 150


class Pointing(QObject):
    """What pointing does to the document of a session.

    Attributes:
        options: what the person has set; the window keeps it.

    Signals (window thread):
        changed: other clicks, another state, or other readings of a click.
        options_wanted: (PointSettings) the person has chosen other options.
    """

    changed = Signal()
    options_wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.options = PointSettings()
        self._session = session
        answers = Answers(pixels=self._take_pixels, done=self._take_answer, failed=self._take_failure)
        self._sessions = ClickSessions(session, answers)
        self._ready = Readiness(session, self._sessions, lambda: click_settings(self.options), self)
        self._after = Afterwards(self, give_up=self._lose_patience)
        self._runner: JobRunner | None = None
        self._object: OpenObject | None = None
        self._keeps = False
        self._coming: list[Mark] = []
        self._options_soon = QTimer(self, singleShot=True, interval=OPTIONS_MS)
        self._options_soon.timeout.connect(self._send_options)
        session.changed.connect(self._follow)
        session.pixels_changed.connect(self._follow)
        session.document_opened.connect(self._forget)

    # --- what there is ------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether there are clicks to keep or to drop."""
        return bool(self._coming) or (self._object is not None and not self._object.is_untouched)

    @property
    def is_waiting(self) -> bool:
        """Whether the networks work on what the person has pointed at."""
        return self._sessions.is_waiting

    @property
    def can_undo(self) -> bool:
        return self.is_open

    @property
    def can_redo(self) -> bool:
        return self._object is not None and self._object.can_redo

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The clicks, those that are not answered yet last."""
        return (*(self._object.marks if self._object is not None else []), *self._coming)

    @property
    def prompts(self) -> tuple[BoxPrompt | Stroke, ...]:
        """Boxes and scribbles of the open object."""
        return tuple(self._object.prompts) if self._object is not None else ()

    @property
    def n_parts(self) -> int:
        """How many parts the open object has, 0 for none."""
        return self._object.place + 1 if self._object is not None else 0

    @property
    def readings(self) -> tuple[str, ...]:
        """What the only click may mean: part, object, group; empty where it is clear or not known."""
        return self._object.part.known.readings if self._object is not None else ()

    @property
    def reading(self) -> str:
        """Which of `readings` is shown."""
        return self._object.part.known.reading if self._object is not None else ""

    # --- pointing -----------------------------------------------------------------------------------------

    def set_active(self, is_active: bool) -> None:
        """Begin or end pointing: the tool is in hand, or another one is; then what is open is kept."""
        if is_active == self._ready.is_wanted:
            return
        self._ready.is_wanted = is_active
        if is_active:
            self._ready.forgive()
            self._ready.prepare()
        else:
            self.keep()
            self._ready.let_go()
        self.changed.emit()

    def click(self, x: float, y: float, *, is_positive: bool) -> None:
        """Say that a point of the photo belongs to the object, or that it does not."""
        document = self._changeable()
        if document is None:
            return
        if not document.box.contains_xy(x, y):
            self._say(self.tr("Click on the photo itself; outside there is nothing to select."))
            return
        part = self._part(document)
        mark = Mark(None, x, y, is_positive, is_waiting=True)
        self._do(part, AddClick(x, y, is_positive), mark)

    def move(self, click_id: int, x: float, y: float) -> None:
        """Put a click of the current part elsewhere."""
        document = self._changeable()
        if document is None or self._object is None:
            return
        if not document.box.contains_xy(x, y):
            self._say(self.tr("A click must stay on the photo; it is where it was."))
            return
        self._do(self._object.part, MoveClick(click_id, x, y))

    def remove(self, click_id: int) -> None:
        """Take a click of the current part away."""
        if self._changeable() is not None and self._object is not None:
            self._do(self._object.part, RemoveClick(click_id))

    def add_box(self, box: Box) -> None:
        """Look for an object in a box; what the layer holds already stays."""
        document = self._changeable()
        if document is None or box.clip(document.box).is_empty:
            return
        part = self._part(document)
        # A box begins an object: it must not ask which piece of an older mask is meant.
        if part.base is None and (not part.is_untouched or bool((part.start >= 128).any())):
            part = self._begin_part(document)
        self._do(part, AddPrompt(BoxPrompt(box.clip(document.box))))

    def add_scribble(self, stroke: Stroke) -> None:
        """Say of a whole line that it belongs to the object, or that it does not."""
        document = self._changeable()
        if document is not None:
            self._do(self._part(document), AddPrompt(stroke))

    def begin_part(self) -> None:
        """Leave what the clicks have selected as it is; the next click begins something else beside it."""
        document = self._changeable()
        if document is None:
            return
        if self.is_waiting:
            self._say(self.tr("The networks still work on the last click; begin another part after it."))
            return
        self._begin_part(document)
        self.changed.emit()

    def next_reading(self, n_steps: int = 1) -> None:
        """Show a larger thing that the only click may mean (smaller: -1); after the largest the smallest."""
        if self._object is not None and self.readings:
            self._do(self._object.part, NextCandidate(n_steps))

    def choose_reading(self, name: str) -> None:
        """Show this one of `readings`."""
        if name in self.readings and self.reading in self.readings:
            self.next_reading(self.readings.index(name) - self.readings.index(self.reading))

    def clear(self) -> None:
        """Take all clicks of the current part back; undo brings them again."""
        if self._object is not None and not self._object.part.is_untouched:
            self._do(self._object.part, ResetClicks())

    # --- back, forth, and the end -------------------------------------------------------------------------

    def undo(self) -> bool:
        """Take the newest click back; False: there is none, and what is older may be undone."""
        opened = self._object
        if opened is None or not self.is_open:
            self._close_object()
            return False
        if opened.part.known.can_undo or self.is_waiting:
            self._do(opened.part, UndoClick())
        elif opened.place > 0:
            opened.place -= 1
            self.changed.emit()
        else:
            self.drop()
        return True

    def redo(self) -> bool:
        """Bring a click back; False: nothing is open, and what is older may be done again."""
        opened = self._object
        if opened is None:
            return False
        if opened.part.known.can_redo or self.is_waiting:
            self._do(opened.part, RedoClick())
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
        was_open = self.is_open
        self._keeps = was_open and self.is_waiting
        if not was_open:
            self._close_object()
        elif not self.is_waiting:
            self._keep_now()
        return was_open

    def drop(self) -> bool:
        """Leave the layer as it was before the first click; say whether there was one."""
        opened, was_open = self._object, self.is_open
        if opened is not None and was_open:
            self._sessions.line.drop_waited()
            opened.drop()
            self._close_object()
        return was_open

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
        self._after.add(then)
        return False

    # --- options and networks -----------------------------------------------------------------------------

    def choose(self, options: PointSettings) -> None:
        """Take other options; the window keeps them, and the open object follows."""
        if options != self.options:
            self.set_options(options)
            self.options_wanted.emit(options)

    def set_options(self, options: PointSettings) -> None:
        """Follow the settings."""
        is_other = click_settings(options) != click_settings(self.options)
        self.options = options
        if is_other:
            self._options_soon.start()
        self.changed.emit()

    def networks_changed(self) -> None:
        """Go on where there are networks and a photo now; other networks know nothing of the clicks."""
        before, self._runner = self._runner, self._session.runner
        if before is not None and before is not self._runner and self._object is not None:
            for part in self._object.parts:
                part.is_lost = True
        self._ready.forgive()
        self._sessions.line.flush()
        self._follow()

    def refuse(self, why: MeticulousError) -> None:
        """Tell those who wait that there are no networks."""
        self._sessions.line.fail(str(why))

    @property
    def hovered_part(self) -> Part | None:
        """The part that a click here would belong to, if it can be asked without waiting for anything."""
        if not self._ready.is_wanted or not self._sessions.line.is_empty or self._session.work.is_running:
            return None
        if self._object is None:
            return self._ready.part
        return None if self._object.part.is_lost else self._object.part

    def mask_in(self, box: Box) -> Mask | None:
        """Return the (box.height, box.width) mask that a preview differs from; None without a document."""
        document = self._session.document
        if self._object is not None:
            return self._object.mask[box.slices()]
        return document.active.alpha[box.slices()] >= 128 if document is not None else None

    def prepare(self) -> None:
        """Let the networks look at the layer before the first click on it."""
        if self._object is None:
            self._ready.prepare()

    # --- parts --------------------------------------------------------------------------------------------

    def _changeable(self) -> Document | None:
        """Return the document if pointing may change its active layer; else say why not."""
        document = self._session.document
        if document is None:
            return None
        if not document.active.visible:
            self._say(self.tr("The layer is hidden; show it to change it."))
        elif document.active.locked:
            self._say(self.tr("The layer is locked; unlock it to change it."))
        else:
            return document
        return None

    def _part(self, document: Document) -> Part:
        """Return the part that the next click belongs to; what was to be kept after the last one goes on."""
        self._keeps = False
        opened = self._object
        if opened is not None and opened.layer_id != document.active.id:
            self._lose_patience()
            opened = None
        if opened is None:
            title = self.tr("Point at the object")
            opened = OpenObject(document, document.active.id, self._ready.take(document), title)
            self._object = opened
        elif opened.part.is_lost:
            opened.begin_anew(self._sessions.new_part(document.active.alpha.copy()))
            self._start(document, opened.part)
        return opened.part

    def _begin_part(self, document: Document) -> Part:
        self._part(document)
        opened = self._object
        assert opened is not None
        if opened.part.is_untouched and opened.part.base is not None:
            return opened.part
        part = self._sessions.new_part(opened.part.start, base=opened.mask.copy())
        for unreachable in opened.begin_part(part):
            self._sessions.close(unreachable)
        self._start(document, part)
        return part

    def _start(self, document: Document, part: Part) -> None:
        self._sessions.start(document, document.active, part, click_settings(self.options))

    # --- answers ------------------------------------------------------------------------------------------

    def _do(self, part: Part, command: ClickCommand, mark: Mark | None = None) -> None:
        """Ask for something that the person waits for."""
        if mark is not None:
            self._coming.append(mark)
        opened = self._object
        if opened is not None and not isinstance(command, UndoClick | RedoClick):
            for unreachable in opened.parts[opened.place + 1 :]:
                self._sessions.close(unreachable)
            del opened.parts[opened.place + 1 :]
        self._sessions.ask(part, command)
        self.changed.emit()

    def _take_pixels(self, part: Part, event: Partial) -> None:
        if self._object is None or part is not self._object.part or part.is_lost:
            return
        try:
            self._object.take(part, event.box, event.alpha)
        except MeticulousError as error:
            self._take_failure(part, str(error))

    def _take_answer(self, part: Part, command: ClickCommand, event: Finished) -> None:
        if event.report.clicks is not None:
            part.known = event.report.clicks
        if self._object is not None and self._object.is_untouched:
            self._object.rest()
        if isinstance(command, AddClick) and self._coming:
            self._coming.pop(0)
        if event.report.message and not isinstance(command, UndoClick | RedoClick):
            self._say(event.report.message)
        if not self.is_waiting:
            self._go_on(part, command)
        self.changed.emit()

    def _go_on(self, part: Part, command: ClickCommand) -> None:
        """Do what waited for the last click; else look what else it may mean."""
        if self._keeps:
            self._keep_now()
        elif self._object is not None and part is self._object.part and not self.is_open:
            if not part.known.can_redo:
                self._close_object()  # its only click was refused
        elif isinstance(command, AddClick) and not part.is_lost and len(part.known.clicks) == 1:
            self._sessions.ask(part, FindReadings(), weight="spare")

    def _take_failure(self, part: Part, why: str) -> None:
        """Say what is wrong; what the clicks have selected so far stays open.

        Args:
            why: a sentence, or "" where the networks were started anew; then only who waited is told.
        """
        was_waited_for = bool(self._coming) or self.is_waiting
        part.is_lost = True
        self._sessions.line.drop_waited()
        self._coming.clear()
        self._ready.fail(part, is_for_good=bool(why))
        if why or was_waited_for:
            lost = self.tr("The networks were started anew before the click was done; click again.")
            self._session.message(why or lost, kind="error", topic=TOPIC)
        if self._keeps:
            self._keep_now()
        elif not self.is_open:
            self._close_object()
        else:
            self._after.run()
        self.changed.emit()

    # --- the end of an object -----------------------------------------------------------------------------

    def _keep_now(self) -> None:
        opened = self._object
        assert opened is not None
        box, changed = opened.keep()
        self._close_object()
        if self.options.sharpens and not box.is_empty:
            sharpen(self._session, opened, box, changed)

    def _close_object(self) -> None:
        """Be ready for another object, and for what waited for the end of this one."""
        opened, self._object = self._object, None
        self._keeps = False
        self._coming.clear()
        if opened is not None:
            for part in opened.parts:
                self._sessions.close(part)
            self._follow()
        self._after.run()
        self.changed.emit()

    def _lose_patience(self) -> None:
        """Keep what there is without the clicks that are still under way."""
        self._sessions.line.drop_waited()
        if self._coming:
            self._say(self.tr("The networks had not finished the last click; it was left out."))
        self._coming.clear()
        if self.is_open:
            self._keep_now()
        else:
            self._close_object()

    def _forget(self) -> None:
        """Another document is open: nothing of the last one is asked or shown any more."""
        self._sessions.line.drop_all()
        self._object = None
        self._keeps = False
        self._ready.let_go()
        self._ready.forgive()
        self._coming.clear()
        self._after.run()
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        """See what others did: undid the object's step, removed its layer, went to another one."""
        opened, document = self._object, self._session.document
        if opened is not None and document is opened.document:
            if opened.is_gone:
                self._sessions.line.drop_waited()
                opened.end()
                self._close_object()
            elif opened.layer_id != document.active.id and not self._keeps:
                self.keep()
        if self._object is None:
            self._ready.prepare_soon()

    def _send_options(self) -> None:
        """Look at the clicks again with the options that the person has chosen."""
        opened = self._object
        if opened is None:
            self._ready.let_go()
            self._ready.prepare_soon()
        elif not opened.part.is_lost:
            self._do(opened.part, ChangeSettings(click_settings(self.options)))

    def _say(self, sentence: str) -> None:
        self._session.message(sentence, kind="warning", topic=TOPIC)
