"""Goes from one doubtful place of the edge to the next, and takes a person's word that one is right."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.doubt import Place, edge_band
from meticulous_gui.core.edit import Edit
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.doubts import Doubts
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.wish import Outcome

CONTEXT_PX = 64
"""How much is shown around a place, in photo pixels: an edge is judged by what it belongs to."""


class LookHere(QObject):
    """Where a person is in the list of doubtful places.

    Signals:
        changed: another place, or none, or how many are left.
    """

    changed = Signal()

    def __init__(self, session: Session, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._current: Place | None = None
        self._last: Place | None = None
        self._is_on = False
        self._waits_for_check = False
        session.doubts.changed.connect(self._on_list)
        session.document_opened.connect(self.leave)
        session.work.ended.connect(self._on_work_ended)

    @property
    def is_on(self) -> bool:
        """Whether the person is going through the list."""
        return self._is_on

    @property
    def current(self) -> Place | None:
        """The place that is looked at; None between two, when it has left the list."""
        return self._current

    @property
    def index(self) -> int:
        """The number of the current place in the list, from 0; -1 without one."""
        return self._doubts.places.index(self._current) if self._current in self._doubts.places else -1

    @property
    def sentence(self) -> str:
        """How much is left, for the status bar; "" while networks have said nothing."""
        doubts = self._doubts
        if not doubts.is_known or not doubts.has_edge:
            return ""
        count, percent = len(doubts.places), self._percent()
        if count == 0:
            return "" if self._is_unfinished else self.tr("No place of the edge is in doubt")
        one = self.tr("1 place to look at, {percent} of the edge")
        many = self.tr("{count} places to look at, {percent} of the edge")
        return (one if count == 1 else many).format(count=count, percent=percent)

    @property
    def position(self) -> str:
        """Where in the list the person is, for the bar over the canvas."""
        count = len(self._doubts.places)
        if self._current is not None:
            here = self.tr("Place {index} of {count}, {percent} of the edge left")
            return here.format(index=self.index + 1, count=count, percent=self._percent())
        if count == 1:
            return self.tr("Done here, 1 place left")
        return self.tr("Done here, {count} places left").format(count=count)

    def next(self) -> None:
        """Go to the next place, the most doubtful first; after the last one again to the first."""
        self._step(is_forward=True)

    def previous(self) -> None:
        """Go back to the place before."""
        self._step(is_forward=False)

    def accept(self) -> None:
        """Say that the edge is right here, and go on; networks leave it alone from now on."""
        document, current = self._session.document, self._current
        if document is None or current is None:
            return
        layer = document.active
        box, band = edge_band(layer.alpha, current)
        alpha = layer.alpha[box.slices()].copy()
        revision = document.revision
        self._session.commit(
            Edit.by_hand(layer, box, alpha, touched=band, title=self.tr("The edge is right here"))
        )
        if document.revision != revision:  # a locked layer takes nobody's word
            self._step(is_forward=True)

    def leave(self) -> None:
        """Stop looking; the list stays."""
        self._is_on = self._waits_for_check = False
        self._last = None
        self._show(None)

    @property
    def _doubts(self) -> Doubts:
        return self._session.doubts

    @property
    def _is_unfinished(self) -> bool:
        """Whether a network still draws: what has come of the mask says nothing of the rest."""
        return self._session.work.is_changing_the_mask

    def _step(self, *, is_forward: bool) -> None:
        if self._session.document is None:
            return
        self._doubts.settle()
        places = self._doubts.places
        if not self._doubts.is_known or (not places and self._is_unfinished):
            self._ask_networks()
            return
        if not places:
            self.leave()
            self._say(self.tr("There is nothing left to look at: no place of the edge is in doubt."))
            return
        self._is_on = True
        self._show(_neighbour(places, self._last, is_forward=is_forward))
        self._go()

    def _ask_networks(self) -> None:
        session, document = self._session, self._session.document
        assert document is not None
        if session.work.is_running:
            self._waits_for_check = True
            self._say(self.tr("The networks are still at work; the first place comes when they are done."))
        elif not (document.active.alpha >= 128).any():
            self._say(self.tr("This layer has no edge yet; find the object or paint it first."))
        else:
            self._waits_for_check = True
            self._say(self.tr("The networks look over the edge first; the mask stays as it is."))
            session.asking.check_edge()

    def _go(self) -> None:
        place, view = self._current, self._canvas.place
        if place is not None and view is not None:
            around = place.box.pad(max(CONTEXT_PX, max(place.box.size_hw) // 2))
            self._canvas.go(view.on_box(around))

    def _show(self, place: Place | None) -> None:
        self._current = place
        self._last = place or self._last
        self._canvas.highlights.mark(place.box if place is not None else None)
        self.changed.emit()

    def _on_list(self) -> None:
        """Follow the list: the current place may have shrunk, or left it."""
        if self._current is not None:
            self._show(_same(self._doubts.places, self._current))
        elif self._is_on and not self._doubts.places:
            self.leave()
        else:
            self.changed.emit()

    def _on_work_ended(self, outcome: Outcome) -> None:
        if not self._waits_for_check or self._session.work.n_waiting:
            return
        self._waits_for_check = False
        if outcome.end == "done":
            self._doubts.settle()
            if self._doubts.is_known:
                self.next()

    def _percent(self) -> str:
        share = self._doubts.share_left
        return (
            self.tr("under 1 %")
            if 0 < share < 0.01
            else self.tr("{share} %").format(share=round(100 * share))
        )

    def _say(self, sentence: str) -> None:
        self._session.message(sentence, topic="look")


def _neighbour(places: tuple[Place, ...], last: Place | None, *, is_forward: bool) -> Place:
    """Return the place after or before the last one, which may have left the list; round and round."""
    if last is None:
        return places[0] if is_forward else places[-1]
    if is_forward:
        return next((place for place in places if place.order > last.order), places[0])
    return next((place for place in reversed(places) if place.order < last.order), places[-1])


def _same(places: tuple[Place, ...], before: Place) -> Place | None:
    """Return the place that holds most of what ``before`` held, None when nothing of it is left."""
    cells = {piece.cell for piece in before.pieces}
    shared = [sum(piece.cell in cells for piece in place.pieces) for place in places]
    return places[shared.index(max(shared))] if shared and max(shared) > 0 else None
