"""Joins the open document, the networks and whatever shows them; works without any window.

The work of networks is in `ui.work`, what they get of it in `ui.engine_link`, what the canvas shows in
`ui.shown`; files are opened by `ui.opener` and written in `ui.saving`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from meticulous_gui.core.document import Changed, Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.photo import DecodeLimits
from meticulous_gui.core.settings import Settings
from meticulous_gui.engine.jobs import JobRunner, PhotoRef
from meticulous_gui.ui.asking import Asking
from meticulous_gui.ui.background import Background
from meticulous_gui.ui.doubts import Doubts
from meticulous_gui.ui.engine_link import EngineLink
from meticulous_gui.ui.inbox import Inbox
from meticulous_gui.ui.landing import Landing
from meticulous_gui.ui.layer_refusal import refusal
from meticulous_gui.ui.messages import Message, MessageKind
from meticulous_gui.ui.opener import Opener
from meticulous_gui.ui.opening import Opened
from meticulous_gui.ui.places import LayerPlaces
from meticulous_gui.ui.points.hover import Hover
from meticulous_gui.ui.points.pointing import Pointing
from meticulous_gui.ui.shown import Shown
from meticulous_gui.ui.tools.brush_settings import BrushSettings
from meticulous_gui.ui.wish import Outcome
from meticulous_gui.ui.wishes import find_wish
from meticulous_gui.ui.work import NetworkWork

Value = TypeVar("Value")

FREE_MS = 300
"""A large photo takes 30 ms to be freed: when the next one is on screen."""


class Session(QObject):
    """The open document and everything that happens to it.

    It is the `ToolContext` of the tools and the model of the canvas.

    Attributes:
        brush: the brush, shared by all tools.
        opener: opens photos; what it has opened becomes the document here.
        work: what networks do for the document.
        asking: what a person asks of them.
        doubts: where they are not sure of it.
        shown: what the canvas shows.
        inbox: brings calls of other threads into the window thread.
        background: does slow work.
        chores: does slow work that nobody waits for.
        landing: knows which changes are still being worked out.
        settings: what the person has chosen; the program sets it.
        places: where the layers of photos are kept that are not beside them.
        pointing: the object that is pointed at.
        hover: what the next click would change.

    Signals (window thread):
        document_opened: another document is open.
        changed: something changed that actions, panels or the title show.
        undone: (Changed) an undo or redo changed something there.
        nothing_found: (bool, whether it was in a box only) a network looked and found no object.
        posted: (Message) there is something to say.
    """

    document_opened = Signal()
    changed = Signal()
    undone = Signal(object)
    nothing_found = Signal(bool)
    posted = Signal(object)

    def __init__(
        self, executor: Executor, *, chores: Executor | None = None, places: LayerPlaces | None = None
    ) -> None:
        super().__init__()
        self.places = places or LayerPlaces(None)
        self.brush = BrushSettings(self)
        self.inbox = Inbox(self)
        self.background = Background(executor, self.inbox, failed=self._say)
        self.chores = Background(chores or executor, self.inbox, failed=self._say)
        self.landing = Landing(self.background, failed=self._say)
        self.work = NetworkWork(self.inbox, self)
        self.asking = Asking(self)
        self.doubts = Doubts(self.work, self.background, self)
        self.settings = Settings()
        self.opener = Opener(
            self.background, self.inbox, self.places, lambda: self.settings, self, state=self._state
        )
        self._engine = EngineLink(self.work, self.background, self)
        self._document: Document | None = None
        self._unsubscribe: list[Callable[[], None]] = []
        self.shown = Shown(self.opener, self.doubts, self)
        self.pointing = Pointing(self)
        self.hover = Hover(self, self.pointing)
        self.opener.changed.connect(self.changed)
        self.opener.preview_changed.connect(self.changed)
        self.opener.opened.connect(self._adopt)
        self.opener.failed.connect(lambda error: self._say(error, is_of_opening=True))
        self._engine.refused.connect(self._on_networks_refused)
        self._engine.refused.connect(self.pointing.refuse)
        self._engine.changed.connect(self.pointing.networks_changed)
        self.work.changed.connect(self.changed)
        self.work.ended.connect(self._on_work_ended)
        self.doubts.scene_changed.connect(self.changed)

    # --- what is open -------------------------------------------------------------------------------------

    @property
    def document(self) -> Document | None:
        """The open document; None before the first, and while the first picture of another one is shown."""
        return self._document if self.opener.preview is None else None

    @property
    def limits(self) -> DecodeLimits:
        """How large a photo may be."""
        return self.settings.decode.limits()

    @property
    def has_unsaved_work(self) -> bool:
        """Whether closing the document would lose something that a person did."""
        is_any = self._document is not None and self._document.unsaved.is_any
        return is_any and not self.work.is_only_by_itself

    def close(self) -> None:
        """Stop everything and let go of the document and the networks."""
        self._engine.set_document(None)
        self._forget_document()
        self.inbox.close()

    # --- networks -----------------------------------------------------------------------------------------

    @property
    def runner(self) -> JobRunner | None:
        """The networks, None before they come."""
        return self._engine.runner

    @property
    def photo_ref(self) -> PhotoRef | None:
        """The name under which the runner knows the photo, None until it does."""
        return self._engine.photo

    def set_runner(self, runner: JobRunner) -> None:
        """Use these networks from now on; see `EngineLink.set_runner`."""
        self._engine.set_runner(runner)
        self.changed.emit()

    def refuse_networks(self, error: MeticulousError) -> None:
        """Say why there are no networks, now and whenever one is asked for."""
        self._engine.refuse(error)

    # --- edits --------------------------------------------------------------------------------------------

    def commit(self, edit: Edit) -> None:
        """Apply one edit as its own undo step; a refusal (a locked layer) is said in the bar."""
        if self._document is None:
            return
        try:
            self._document.apply(edit)
        except MeticulousError as error:
            self._refuse(error)

    def commit_all(self, title: str, edits: Sequence[Edit]) -> bool:
        """Apply several edits as one undo step; False for a refusal, which is said in the bar."""
        if self._document is None or not edits:
            return True
        try:
            with self._document.transaction(title, edits[0].layer_id) as transaction:
                for edit in edits:
                    transaction.apply(edit)
        except MeticulousError as error:
            self._refuse(error)
            return False
        return True

    def compute(self, work: Callable[[], Value], done: Callable[[Value], None]) -> None:
        """Work out in the executor what changes the mask; `done` makes it so, and who goes on waits."""
        self.landing.run(work, done)

    def cancel(self) -> bool:
        """Drop the open object, or stop the networks and keep what is done; say whether there was any."""
        return self.pointing.drop() or self.work.cancel()

    def undo(self) -> None:
        """Take back the newest thing: a click, the running network if it is that, else the newest step.

        What is still being worked out becomes a step first, and is taken back then.
        """
        if not self.landing.rests(self.undo):
            return
        if self._document is None or self.pointing.undo() or self.work.restore_newest():
            return
        self._tell_undone(self._document.undo())

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._document is not None and not self.pointing.redo():
            self._tell_undone(self._document.redo())

    def changeable(self) -> Document | None:
        """Return the document if its active layer may be changed; else say why not."""
        document = self._document
        if document is None:
            return None
        why_not = refusal(document)
        if why_not is not None:
            self.post(why_not)
        return document if why_not is None else None

    def message(self, text: str, *, kind: MessageKind = "note", topic: str = "") -> None:
        """Say one sentence in the bar."""
        self.post(Message(text, kind, topic=topic))

    def post(self, message: Message) -> None:
        """Say something, perhaps with buttons."""
        self.posted.emit(message)

    # --- inner works --------------------------------------------------------------------------------------

    def _adopt(self, opened: Opened) -> None:
        self._engine.set_document(None)
        gone = [self._document, self.shown.leave()]
        QTimer.singleShot(FREE_MS, gone.clear)
        self._forget_document()
        document = opened.document
        self._document = document
        self.shown.set_document(document, opened.scenery)
        self._unsubscribe = [
            document.subscribe_layers(lambda _event: self.changed.emit()),
            document.subscribe_history(self.changed.emit),
        ]
        start = opened.head_start
        self._engine.set_document(document, start.photo if start is not None else None)
        self.doubts.set_document(document, opened.scenery)
        self.document_opened.emit()
        self.shown.scene_replaced.emit()
        self.changed.emit()
        for note in opened.notes:
            self.message(note)
        if start is not None and start.run is not None:
            self.work.take_run(start.run)
        elif start is not None and start.outcome is not None:
            self.work.take_outcome(start.outcome)
        if opened.wants_mask and self.settings.engine.finds_on_open:
            self.work.add(find_wish(document, document.active.id, is_automatic=True))

    def _state(self) -> tuple[Document | None, int]:
        """Return what tells that the open document is another one, or was changed."""
        return self._document, self._document.revision if self._document is not None else 0

    def _forget_document(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        self._document = None
        self.shown.leave()
        self.doubts.set_document(None, None)

    def _on_work_ended(self, outcome: Outcome) -> None:
        document = self._document
        if outcome.end == "failed":
            self.message(outcome.message, kind="error", topic="network")
        elif outcome.end == "kept" and not outcome.changed.is_empty:
            sentence = self.tr("Stopped; the parts that were finished are kept.")
            self.post(Message(sentence, topic="network", about=document))
        elif outcome.found_nothing:
            self.nothing_found.emit(outcome.wish.box != (document.box if document else None))
        elif outcome.end == "done" and outcome.sentence:
            self.post(Message(outcome.sentence, topic="network", about=document))
        is_only_step = document is not None and document.history.n_done == 1 and not outcome.changed.is_empty
        if document is not None and outcome.wish.is_automatic and is_only_step:
            document.unsaved.mark_saved()  # nobody's work is lost with a mask that comes by itself
        self.changed.emit()

    def _on_networks_refused(self, error: MeticulousError) -> None:
        self.message(str(error), kind="error", topic="network")

    def _tell_undone(self, changed: Changed | None) -> None:
        if changed is not None:
            self.undone.emit(changed)

    def _refuse(self, error: MeticulousError) -> None:
        """Say why an edit was refused; where the layer is the reason, with the way out."""
        why_not = refusal(self._document) if self._document is not None else None
        self.post(why_not or Message(str(error), "error"))

    def _say(self, error: MeticulousError, *, is_of_opening: bool = False) -> None:
        self.post(Message(str(error), "error", is_of_opening=is_of_opening))
