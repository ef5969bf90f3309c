"""An open photo with its layers and its history: the only place where any of them changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from meticulous_gui.core.changes import Result, take_back, toggle, write_by_hand, write_result
from meticulous_gui.core.disk_version import DiskVersion
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.history import DEFAULT_BUDGET_BYTES, History
from meticulous_gui.core.layer import DecidedMap, Layer, Rgb
from meticulous_gui.core.layer_list import LayerChange, LayerEvent, LayerList
from meticulous_gui.core.observed import Changed, Observed
from meticulous_gui.core.room import limit_edit, limit_result
from meticulous_gui.core.step import Step
from meticulous_gui.core.structure import Structure
from meticulous_gui.core.transaction import Snapshot, Transaction
from meticulous_gui.core.types import Alpha
from meticulous_gui.core.unsaved import Unsaved

if TYPE_CHECKING:
    from meticulous_gui.core.photo import Photo

__all__ = ["Changed", "Document", "LayerChange", "LayerEvent", "Snapshot", "Transaction"]

NOTHING: Final = Box(0, 0, 0, 0)


class Document(Observed):
    """A photo, its layers and how they came to be.

    There is always at least one layer, and one of them is active.

    Attributes:
        photo: what was opened; read-only.
        history: the steps, for windows to show.
        revision: grows with every change of any pixel or layer.
        unsaved: what of it is not saved yet.
        on_disk: the version of the files that the layers were read from or written to last (`core.project`).
        layer_name: what new layers are called, "{number}" stands for their number.
        only_where_empty: whether edits and results leave pixels alone that other layers hold (`core.room`).
    """

    def __init__(
        self,
        photo: Photo,
        *,
        layers: Sequence[Layer] = (),
        history: History | None = None,
        budget_bytes: int = DEFAULT_BUDGET_BYTES,
        layer_name: str = "Object {number}",
    ) -> None:
        """Open a document on ``photo``.

        Args:
            photo: its alpha channel, where it has one, becomes the first layer's.
            layers: what to start with (from a project), ids differ; without any, one layer is made.
            history: how ``layers`` came to be, where that is known.
            budget_bytes: memory that a new history may hold.
            layer_name: what layers are called that nobody named, in the person's language.
        """
        super().__init__()
        self.photo = photo
        self.box = Box.whole(photo.size_hw)
        self.history = History(budget_bytes) if history is None else history
        self.revision = 0
        self.on_disk = DiskVersion()
        self.only_where_empty = False
        self.layer_name = layer_name
        if not layers:
            alpha = photo.alpha if photo.alpha is not None else np.zeros(photo.size_hw, np.uint8)
            layers = [Layer(1, layer_name.format(number=1), alpha)]
        for layer in layers:
            self._check_size(layer.alpha)
        removed = [layer for layer in self.history.layers if layer not in layers]
        self._layers = LayerList(layers, removed)
        self.history.keep_to_budget()
        self._joined: list[Transaction] = []
        # No method of ours: a document in a cycle would hold its memory until the next collection.
        self.unsaved = Unsaved(self.history, self._history_observers.tell)

    # --- layers

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers, the lowest first."""
        return tuple(self._layers)

    @property
    def active(self) -> Layer:
        """The layer that tools work on."""
        return self._layers.active

    def has_layer(self, layer_id: int) -> bool:
        return layer_id in self._layers

    def layer(self, layer_id: int) -> Layer:
        """Return one layer.

        Raises:
            MeticulousError: there is none with this id (any more).
        """
        return self._layers.get(layer_id)

    def add_layer(
        self,
        name: str | None = None,
        alpha: Alpha | None = None,
        *,
        colour: Rgb | None = None,
        category: str | None = None,
        decided: DecidedMap | None = None,
        visible: bool = True,
        locked: bool = False,
    ) -> Layer:
        """Add a layer on top, make it active and return it: one undo step.

        Args:
            name: `layer_name` with its number without one.
            alpha: (H, W) uint8 of the photo's size, copied; empty without one.
            colour: the next colour-blind safe one without one.
        """
        layer_id = self.new_layer_id()
        start = np.zeros(self.photo.size_hw, np.uint8) if alpha is None else alpha
        self._check_size(start)
        layer = Layer(
            layer_id,
            name if name is not None else self.layer_name.format(number=layer_id),
            start,
            decided=decided,
            colour=colour if colour is not None else self.free_colour(),
            category=category,
            visible=visible,
            locked=locked,
        )
        self.restructure("Add layer", [self._layers.adding(layer)])
        return layer

    def remove_layer(self, layer_id: int) -> None:
        """Remove a layer: one undo step.

        Raises:
            MeticulousError: it is the only one.
        """
        self.restructure("Remove layer", [self._layers.removing(layer_id)])

    def set_active(self, layer_id: int) -> None:
        """Let tools work on this layer from now on."""
        layer = self.layer(layer_id)
        if layer is not self._layers.active:
            self._layers.active = layer
            self._layer_observers.tell(LayerEvent(LayerChange.ACTIVE, layer_id))

    def set_layer_state(
        self,
        layer_id: int,
        *,
        visible: bool | None = None,
        locked: bool | None = None,
        name: str | None = None,
        colour: Rgb | None = None,
        category: str | None = None,
    ) -> None:
        """Change how a layer is shown and called; None leaves a value (an empty category takes it away).

        Another name, colour or category is an undo step and a thing to save. Showing and locking are neither:
        redo survives them, and no undo ever unlocks a layer.
        """
        layer = self.layer(layer_id)
        relook = self._layers.relooking(layer_id, name=name, colour=colour, category=category)
        if relook is not None:
            title = (
                "Rename layer" if name is not None else "Recolour layer" if colour is not None else "Category"
            )
            self.restructure(title, [relook])
        shown = (layer.visible, layer.locked)
        layer.visible = layer.visible if visible is None else visible
        layer.locked = layer.locked if locked is None else locked
        if shown != (layer.visible, layer.locked):
            self.revision += 1
            self._layer_observers.tell(LayerEvent(LayerChange.STATE, layer_id))
            self._tell_history()

    def new_layer_id(self) -> int:
        """Return an id for another layer."""
        return self._layers.new_id()

    def free_colour(self) -> Rgb:
        """Return the layer colour that is used least."""
        return self._layers.free_colour()

    def restructure(self, title: str, structures: Sequence[Structure], edits: Sequence[Edit] = ()) -> None:
        """Change the list of layers, and pixels with it, as one undo step (use `core.layer_steps`)."""
        self.revision += 1
        step = self.history.begin(title, self.revision, structures)
        self.history.renew(step, self.revision)
        events = [event for one in structures for event in self._layers.place(one, is_forward=True)]
        for edit in edits:
            write_by_hand(self.history, step, self.layer(edit.layer_id), edit, self.revision)
        self.history.close(step)
        self._tell_changes(events, step.boxes)

    # --- pixels

    def apply(self, edit: Edit) -> Box:
        """Make a person's edit: one undo step, or part of the enclosing ``with document.transaction(...)``.

        Returns:
            The box of what changed; empty where nothing did, and then there is no step.

        Raises:
            MeticulousError: the layer is locked or gone.
            ValueError: the box reaches outside the photo.
        """
        if self._joined:
            return self._joined[-1].apply(edit)
        with self._committing(self.begin(edit.title, edit.layer_id)) as transaction:
            return transaction.apply(edit)

    def begin(self, title: str, layer_id: int | None = None) -> Transaction:
        """Begin a step that grows until its commit; other edits may come above it meanwhile.

        Args:
            title: what the undo step is called.
            layer_id: where results go; the active layer without one.
        """
        layer = self.active if layer_id is None else self.layer(layer_id)
        transaction = Transaction(self, self.history.begin(title, self.revision), layer.id)
        self._tell_history()
        return transaction

    @contextmanager
    def transaction(self, title: str, layer_id: int | None = None) -> Iterator[Transaction]:
        """Make everything applied inside the ``with`` one undo step; an exception takes it all back."""
        with self._committing(self.begin(title, layer_id)) as transaction:
            self._joined.append(transaction)
            try:
                yield transaction
            finally:
                self._joined.remove(transaction)

    def snapshot(self, layer_id: int) -> Snapshot:
        """Return the layer as it is now, for a network to work on."""
        return Snapshot(self.layer(layer_id), self.revision)

    # --- back and forth

    @property
    def can_undo(self) -> bool:
        return self.history.top is not None

    @property
    def can_redo(self) -> bool:
        return self.history.next is not None

    @property
    def undo_title(self) -> str:
        """What undo would take back, "" for nothing."""
        return self.history.top.title if self.history.top is not None else ""

    @property
    def redo_title(self) -> str:
        """What redo would bring back, "" for nothing."""
        return self.history.next.title if self.history.next is not None else ""

    def undo(self) -> Changed | None:
        """Take back the newest step (one still growing ends without a trace); None: nothing to undo."""
        step = self.history.top
        if step is None:
            return None
        if step.is_open:
            return self.roll_back_step(step)
        self._turn_over(step)
        self.history.undone(self.revision)
        return self._tell_step(step, step.boxes, is_forward=False)

    def redo(self) -> Changed | None:
        """Bring back the step that was undone last. None: nothing to redo."""
        step = self.history.next
        if step is None:
            return None
        self._turn_over(step)
        self.history.redone(self.revision)
        return self._tell_step(step, step.boxes, is_forward=True)

    # --- for transactions

    def write_step(self, step: Step, edit: Edit) -> Box:
        """Write an edit as part of ``step`` (use `Transaction.apply`)."""
        layer = self._editable(edit.layer_id)
        if not self.box.contains(edit.box):
            raise ValueError(f"{edit.box} reaches outside the photo of (H, W) = {self.box.size_hw}")
        if self.only_where_empty:
            edit = limit_edit(edit, layer, self._layers, step.spared)
        self.revision += 1
        is_kept = self.history.shelve(step, layer, edit.box.area)
        changed = write_by_hand(self.history, step, layer, edit, self.revision)
        if is_kept and changed.is_empty:
            self.history.shelf.give_back(layer, self.history.state ^ step.stamp)
        self._tell_pixels(layer.id, changed)
        return changed

    def write_step_result(self, step: Step, layer_id: int, result: Result) -> tuple[Box, int]:
        """Write a network's result as part of ``step`` (use `Transaction.apply_result`)."""
        layer = self._editable(layer_id)
        if self.only_where_empty:
            alpha = limit_result(result.alpha, result.box, layer, self._layers, step.spared)
            result = replace(result, alpha=alpha)
        self.revision += 1
        changed, n_kept_px = write_result(self.history, step, layer, result, self.revision)
        self._tell_pixels(layer.id, changed)
        return changed, n_kept_px

    def close_step(self, step: Step) -> None:
        """End a step (use `Transaction.commit`)."""
        self.history.close(step)
        self._tell_history()
        if step.spared.is_most:
            self._spared_observers.tell()

    def roll_back_step(self, step: Step) -> Changed:
        """Take a growing step back as if it had never been (use `Transaction.rollback`)."""
        self.revision += 1
        boxes = take_back(self.history, step, self._layers.by_id, self.revision)
        return self._tell_step(step, boxes, is_forward=False)

    # --- private

    @contextmanager
    def _committing(self, transaction: Transaction) -> Iterator[Transaction]:
        try:
            yield transaction
        except BaseException:
            transaction.rollback()
            raise
        transaction.commit()

    def _turn_over(self, step: Step) -> None:
        """Take back the step on top, or bring back the next one."""
        self.revision += 1
        here, layers = self.history.state, self._layers.by_id
        changed = [layers[layer_id] for layer_id in step.boxes if layer_id in layers]
        shelf, there = self.history.shelf, here ^ step.stamp
        done = {layer.id for layer in changed if shelf.exchange(layer, here, there)}
        toggle(step, layers, done)

    def _editable(self, layer_id: int) -> Layer:
        layer = self.layer(layer_id)
        if layer.locked:
            raise MeticulousError(f"“{layer.name}” is locked; unlock it in the list of layers to change it.")
        return layer

    def _check_size(self, alpha: Alpha) -> None:
        if alpha.shape != self.photo.size_hw:
            raise ValueError(f"alpha must have the photo's (H, W) = {self.photo.size_hw}, got {alpha.shape}")

    def _tell_step(self, step: Step, boxes: dict[int, Box], *, is_forward: bool) -> Changed:
        structures = step.structures if is_forward else step.structures[::-1]
        events = [event for one in structures for event in self._layers.place(one, is_forward=is_forward)]
        self.history.keep_to_budget()
        self._tell_changes(events, boxes)
        layer_id, box = next(iter(boxes.items()), (self.active.id, NOTHING))
        return Changed(layer_id, box, step.title)

    def _tell_changes(self, events: Sequence[LayerEvent], boxes: dict[int, Box]) -> None:
        for event in events:
            self._layer_observers.tell(event)
        for layer_id, box in boxes.items():
            if self.has_layer(layer_id):
                self._tell_pixels(layer_id, box)
        self._tell_history()

    def _tell_history(self) -> None:
        self.unsaved.follow()
        self._history_observers.tell()

    def _tell_pixels(self, layer_id: int, box: Box) -> None:
        if not box.is_empty:
            self._pixel_observers.tell(layer_id, box)
