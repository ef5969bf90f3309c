"""Follows where the edge of the active layer is doubtful, while networks and people change it.

What changed is looked at again tile by tile, a few milliseconds at a time; the list of places is made anew
in the background when nothing has changed for a moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from meticulous_gui.core.confidence import Confidences
from meticulous_gui.core.document import Document, LayerEvent
from meticulous_gui.core.doubt import DoubtMap, Place, found_places
from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.background import Background
from meticulous_gui.ui.scenery import Scenery
from meticulous_gui.ui.wish import Outcome, Verdict
from meticulous_gui.ui.work import NetworkWork

SOON_MS = 40
QUIET_MS = 250
SLICE_S = 0.002
"""A brush's paint is not to wait for a longer one."""


class Doubts(QObject):
    """What networks think of the masks, and what is left to look at of the active one.

    Args:
        work: whose verdicts count.
        background: puts the list of places together.

    Signals (window thread):
        scene_changed: there is a confidence to show, or none any more.
        drawn: (Box) the picture of confidence changed there.
        changed: the list of places, or how much is left, changed.
    """

    scene_changed = Signal()
    drawn = Signal(object)
    changed = Signal()

    def __init__(self, work: NetworkWork, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._document: Document | None = None
        self._scenery: Scenery | None = None
        self._confidences = Confidences((1, 1))
        self._map = DoubtMap((1, 1))
        self._layer_id = 0
        self._growing_id: int | None = None
        self._pending: dict[Box, None] = {}
        self._is_stale = False
        self._n_changes = 0
        self._places: tuple[Place, ...] = ()
        self._share_left = 0.0
        self._has_edge = False
        self._unsubscribe: list[Callable[[], None]] = []
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._go_on)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._list_anew)
        work.verdict_arrived.connect(self._on_verdict)
        work.ended.connect(self._on_ended)

    @property
    def places(self) -> tuple[Place, ...]:
        """What is left to look at, the largest expected wrong area first."""
        return self._places

    @property
    def share_left(self) -> float:
        """How much of the edge the places are, 0..1."""
        return self._share_left

    @property
    def has_edge(self) -> bool:
        """Whether the active layer has an edge at all, as far as networks have spoken about it."""
        return self._has_edge

    @property
    def is_known(self) -> bool:
        """Whether networks have spoken about the whole edge of the active layer."""
        return self._document is not None and self._confidences.is_overseen(self._layer_id)

    def set_document(self, document: Document | None, scenery: Scenery | None) -> None:
        """Turn to another document."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._document, self._scenery, self._growing_id = document, scenery, None
        self._unsubscribe = []
        self._confidences = scenery.confidences if scenery is not None else Confidences((1, 1))
        if document is not None:
            # A search that was begun ahead may still run.
            self._growing_id = next((step.id for step in document.history.steps if step.is_open), None)
            self._unsubscribe = [
                document.subscribe(self._on_pixels),
                document.subscribe_layers(self._on_layers),
                document.subscribe_history(self._on_history),
            ]
        self._begin_layer()

    def settle(self) -> None:
        """Look at everything that changed, now."""
        while self._pending:
            self._look_at(next(iter(self._pending)))
        if self._is_stale:
            self._take_list(*(found_places(self._map) if self.is_known else ((), 0)))

    def _begin_layer(self) -> None:
        """Start from nothing on the layer that is active now."""
        document = self._document
        self._layer_id = document.active.id if document is not None else 0
        self._map = DoubtMap(document.photo.size_hw if document is not None else (1, 1))
        self._pending.clear()
        self._soon.stop()
        self._take_list((), 0)
        has_something = self._confidences.has(self._layer_id)
        if self._scenery is not None and self._scenery.show_confidence(has_something):
            self.scene_changed.emit()
        if document is not None and has_something:
            self._note(document.box)

    def _on_verdict(self, verdict: Verdict) -> None:
        document, layer_id = self._document, verdict.wish.layer_id
        if document is None:
            return
        was_there = self._confidences.has(layer_id)
        if verdict.step_id is not None and verdict.step_id != self._growing_id:
            self._growing_id = verdict.step_id
            if verdict.wish.pointed_at is not None:
                self._confidences.look(
                    layer_id, verdict.wish.box, verdict.wish.pointed_at, step_id=verdict.step_id
                )
                self._changed_in([(layer_id, verdict.wish.box)])
        note_verdict(self._confidences, verdict, document.box)
        if layer_id == self._layer_id and not was_there:
            self._begin_layer()
        else:
            self._changed_in([(layer_id, verdict.box)])

    def _on_ended(self, outcome: Outcome) -> None:
        step_id, self._growing_id = self._growing_id, None
        if step_id is not None and outcome.end in ("restored", "failed"):
            self._changed_in(self._confidences.take_back(step_id))
        layer_id, has_something = outcome.wish.layer_id, self._confidences.has(self._layer_id)
        if outcome.wish.kind == "check" and outcome.end == "done":
            self._confidences.oversee(layer_id)  # of a mask beyond doubt not one pixel was told
        if layer_id == self._layer_id and not has_something and self._confidences.has(layer_id):
            self._begin_layer()
        self._on_history()
        self._n_changes += 1
        self._is_stale = True
        self._quiet.start()

    def _on_pixels(self, layer_id: int, box: Box) -> None:
        self._changed_in([(layer_id, box)])

    def _on_layers(self, _event: LayerEvent) -> None:
        if self._document is not None and self._document.active.id != self._layer_id:
            self._begin_layer()

    def _on_history(self) -> None:
        if self._document is not None:
            steps = self._document.history.steps
            self._changed_in(self._confidences.follow(steps, growing_id=self._growing_id))

    def _changed_in(self, boxes: Iterable[tuple[int, Box]]) -> None:
        for layer_id, box in boxes:
            if layer_id == self._layer_id and self._confidences.has(layer_id):
                self._note(box)

    def _note(self, box: Box) -> None:
        self._n_changes += 1
        for tile in self._map.tiles_around(box):
            self._pending[tile] = None
        if self._pending and not self._soon.isActive():
            self._soon.start(SOON_MS)

    def _go_on(self) -> None:
        end_s = time.monotonic() + SLICE_S
        while self._pending and time.monotonic() < end_s:
            self._look_at(next(iter(self._pending)))
        if self._pending:
            self._soon.start(0)

    def _look_at(self, tile: Box) -> None:
        del self._pending[tile]
        document = self._document
        if document is None:
            return
        layer, around = document.layer(self._layer_id), self._map.around(tile)
        settled = layer.decided.get(around) | self._confidences.looked(layer.id, around)
        confidence = self._confidences.read(layer.id, tile)
        confidence[settled[tile.translate(-around.x0, -around.y0).slices()]] = 255
        self._map.update(tile, layer.alpha, confidence, settled)
        if self._scenery is not None and self._scenery.update_confidence(tile, confidence):
            self.drawn.emit(tile)
        self._is_stale = True
        self._quiet.start()

    def _list_anew(self) -> None:
        """Have the list put together; one that comes after another change is not taken."""
        if self._pending:
            self._quiet.start()
            return
        if not self.is_known:
            self._take_list((), 0)
            return
        before, doubts = self._n_changes, self._map.copy()

        def take(found: tuple[tuple[Place, ...], int]) -> None:
            if self._n_changes == before:
                self._take_list(*found)

        self._background.run(lambda: found_places(doubts), take)

    def _take_list(self, places: tuple[Place, ...], length_px: int) -> None:
        """Take the places, of an edge so long, for what is left now."""
        self._n_changes += 1
        self._is_stale = False
        self._places, self._has_edge = places, length_px > 0
        left_px = sum(place.length_px for place in places)
        self._share_left = left_px / length_px if length_px else 0.0
        self.changed.emit()


def note_verdict(confidences: Confidences, verdict: Verdict, whole: Box) -> None:
    """Keep what a network says of a photo whose box is ``whole``."""
    layer_id, step_id = verdict.wish.layer_id, verdict.step_id
    if verdict.wish.pointed_at is None and verdict.wish.box == whole:
        confidences.oversee(layer_id, step_id=step_id)
    confidences.write(layer_id, verdict.box, verdict.confidence, step_id=step_id)
