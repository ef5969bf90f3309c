"""Two refined edges of one region, or one and the edge before: looked at side by side, then one is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha, Mask
from meticulous_gui.engine.jobs import Partial, PhotoRef, Request
from meticulous_gui.ui.comparing.answer import Answer, Base, on_grid
from meticulous_gui.ui.refiners import Refiners
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.trial import Showing, Trial
from meticulous_gui.ui.wish import Outcome
from meticulous_gui.ui.wishes import refine_wish

BEFORE: Final = ""
"""The side that shows the mask as it was."""

Side = Literal["a", "b"]


@dataclass(frozen=True)
class _Question:
    """What every refiner is asked for.

    Attributes:
        layer_id: whose mask is refined.
        box, mask, focus_xy, my_strokes_too: see `refine_wish`.
    """

    layer_id: int
    box: Box
    mask: Mask | None
    focus_xy: tuple[float, float]
    my_strokes_too: bool


class Comparison(QObject):
    """Asks refiners without changing the mask, shows A left and B right of a line, and keeps one if wanted.

    Whatever changes the layer meanwhile, or leaves it, ends the comparison: what was compared is no more.

    Attributes:
        refiners: that can be asked.

    Signals:
        changed: it began or ended, a side is another one, an answer is whole.
        line_moved: the line between A and B is elsewhere.
    """

    changed = Signal()
    line_moved = Signal()

    def __init__(
        self, session: Session, refiners: Refiners, surface: Showing, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.refiners = refiners
        self._session = session
        self._trial = Trial(session.shown, surface)
        self._question: _Question | None = None
        self._base: Base | None = None
        self._answers: dict[str, Answer] = {}
        self._sides: dict[Side, str] = {"a": BEFORE, "b": BEFORE}
        self._line_x = 0
        self._unsubscribe: Callable[[], None] | None = None
        # Several answers, or moves of the line, in one turn of the event loop are shown once.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        session.work.ended.connect(self._on_ended)
        session.changed.connect(self._on_session)
        session.document_opened.connect(self.drop)

    # --- what is compared ---------------------------------------------------------------------------------

    @property
    def is_on(self) -> bool:
        """Whether there is something to choose from, or on its way."""
        return self._question is not None

    @property
    def box(self) -> Box:
        """The region, in image pixels; empty without one."""
        return self._question.box if self._question is not None else Box(0, 0, 0, 0)

    @property
    def line_x(self) -> int:
        """The first column of pixels right of the line."""
        return self._line_x

    def name(self, side: Side) -> str:
        """Return which refiner a side shows, or `BEFORE`."""
        return self._sides[side]

    def text(self, side: Side) -> str:
        """Return what a side shows, for people."""
        name = self._sides[side]
        return self.tr("Before") if name == BEFORE else self.refiners.text(name)

    def is_whole(self, side: Side) -> bool:
        """Say whether all of a side is there."""
        name = self._sides[side]
        return self.is_on and (name == BEFORE or self._answers[name].is_done)

    # --- what a person does -------------------------------------------------------------------------------

    def start(
        self, mask: Mask | None, box: Box, focus_xy: tuple[float, float], *, my_strokes_too: bool = False
    ) -> None:
        """Ask two refiners for a region of the active layer, or the only one there is.

        Args:
            mask: (box.height, box.width) bool, where the person painted; None: all of ``box``.
            box: the region; what lies outside the photo is cut off.
            focus_xy: image pixels; patches nearest to it come first.
            my_strokes_too: whether decided pixels may change as well.
        """
        self.drop()
        document = self._session.document
        if document is None or box.clip(document.box).is_empty:
            return
        if not self.refiners.taken:
            self._session.asking.refine_all()  # which says what is missing
            return
        self._question = _Question(document.active.id, box, mask, focus_xy, my_strokes_too)
        region = box.clip(document.box)
        self._line_x = (region.x0 + region.x1) // 2
        taken = self.refiners.taken
        others = [entry.name for entry in self.refiners.installed if entry.name != taken]
        self._sides = {"a": taken, "b": others[0]} if others else {"a": BEFORE, "b": taken}
        for name in self._sides.values():
            self._ask(name)
        self.changed.emit()

    def set_side(self, side: Side, name: str) -> None:
        """Show another refiner, or `BEFORE`, on a side; what the other one shows changes places."""
        other: Side = "b" if side == "a" else "a"
        if not self.is_on or self._sides[side] == name:
            return
        if self._sides[other] == name:
            self.swap()
            return
        self._sides[side] = name
        self._ask(name)
        self._soon.start()
        self.changed.emit()

    def swap(self) -> None:
        """Let A and B change places."""
        if self.is_on:
            self._sides = {"a": self._sides["b"], "b": self._sides["a"]}
            self._soon.start()
            self.changed.emit()

    def move_line(self, x: float) -> None:
        """Bring the line to a column of the photo."""
        document = self._session.document
        if document is None or not self.is_on:
            return
        self._line_x = min(max(round(x), 0), document.box.x1)
        self._soon.start()
        self.line_moved.emit()

    def keep(self, side: Side) -> None:
        """Make what a side shows the mask, as one undo step; nothing while it is not whole, or not seen."""
        if not self.is_whole(side):
            return
        answer = self._answers.get(self._sides[side])
        if answer is not None and self._session.changeable() is None:
            return
        self.drop()
        if answer is not None:
            self._session.work.write(answer.wish, answer.partials, since_revision=answer.revision)

    def drop(self) -> bool:
        """Stop comparing, the mask stays as it was; say whether anything was compared."""
        if self._question is None:
            return False
        wishes = [answer.asked for answer in self._answers.values()]
        for answer in self._answers.values():
            answer.let_go()
        self._question, self._base, self._answers = None, None, {}
        self._soon.stop()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._session.work.cancel_those(lambda wish: any(wish is mine for mine in wishes))
        self._trial.clear()
        self.changed.emit()
        return True

    # --- inner works --------------------------------------------------------------------------------------

    def _ask(self, name: str) -> None:
        question, document = self._question, self._session.document
        if name == BEFORE or name in self._answers or question is None or document is None:
            return
        wish = refine_wish(
            document,
            question.layer_id,
            mask=question.mask,
            box=question.box,
            focus_xy=question.focus_xy,
            my_strokes_too=question.my_strokes_too,
            refiner=name,
        )

        def make_request(photo: PhotoRef) -> Request:
            self._begin(answer)
            return wish.make_request(photo)

        def look(partial: Partial) -> None:
            answer.take(partial)
            self._soon.start()

        doing = self.tr("Comparing, {name}").format(name=self.refiners.text(name))
        asked = replace(wish, title=self.tr("Compare"), doing=doing, make_request=make_request, look=look)
        self._answers[name] = answer = Answer(name, wish, asked)
        self._session.work.add(asked)

    def _begin(self, answer: Answer) -> None:
        """Take the mask as it is when the first refiner's turn comes; from now on it must stay."""
        document, question = self._session.document, self._question
        assert document is not None
        assert question is not None
        if self._base is None:
            box = on_grid(question.box, document.box)
            self._base = Base(box, document.snapshot(question.layer_id).alpha(box), document.revision)
            self._unsubscribe = document.subscribe(self._on_pixels)
        answer.begin(self._base, document.revision)

    def _show(self) -> None:
        if self._base is not None:
            self._trial.show(self._wiped)

    def _wiped(self, level: Alpha, k: int, box: Box) -> Alpha:
        """Return the mask with A left and B right of the line."""
        shown = level[box.slices()].copy()
        column = min(max(round(self._line_x / 2**k), box.x0), box.x1)
        left, right = Box(box.x0, box.y0, column, box.y1), Box(column, box.y0, box.x1, box.y1)
        for name, part in ((self._sides["a"], left), (self._sides["b"], right)):
            answer = self._answers.get(name)
            if answer is not None and not part.is_empty:
                answer.paint(shown[part.translate(-box.x0, -box.y0).slices()], k, part)
        return shown

    def _on_ended(self, outcome: Outcome) -> None:
        answer = next((one for one in self._answers.values() if one.asked is outcome.wish), None)
        if answer is None:
            return
        if outcome.end == "done":
            answer.is_done = True
            self._soon.start()
            self.changed.emit()
            self._judge(outcome.message)
        elif outcome.end == "failed":
            self._do_without(answer.name)
        else:
            self.drop()

    def _do_without(self, name: str) -> None:
        """Show the mask before where a refiner failed, or end where nothing is left to compare."""
        self._answers.pop(name).let_go()
        self._sides = {side: BEFORE if shown == name else shown for side, shown in self._sides.items()}
        if not self._answers:
            self.drop()
        else:
            self._soon.start()
            self.changed.emit()

    def _judge(self, message: str) -> None:
        """End where there is nothing to choose: every answer is the mask as it is."""
        base = self._base
        if base is None or not all(answer.is_done for answer in self._answers.values()):
            return
        if all(answer.is_like(base) for answer in self._answers.values()):
            self.drop()
            if not message:
                self._session.message(self.tr("Refining would change nothing here."), topic="network")

    def _on_pixels(self, layer_id: int, _box: Box) -> None:
        if self._question is not None and layer_id == self._question.layer_id:
            self.drop()

    def _on_session(self) -> None:
        """Follow the person: to another layer, or none; changes of how layers look are drawn anew."""
        document, question = self._session.document, self._question
        if question is None:
            return
        if document is None or document.active.id != question.layer_id or document.active.locked:
            self.drop()
        else:
            self._soon.start()
