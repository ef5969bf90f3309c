"""The steps of a document, in the order in which they lie on each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from meticulous_gui.core.hand_bits import HandBits, Lost
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.shelf import WORTH_PX, Shelf
from meticulous_gui.core.step import Step, StepInfo
from meticulous_gui.core.structure import Presence, Structure

__all__ = ["DEFAULT_BUDGET_BYTES", "History"]

DEFAULT_BUDGET_BYTES: Final = 256 * 1024 * 1024

_MAX_LOST: Final = 32


class History:
    """Applied steps as a chain, undone steps above them, within a budget of bytes.

    Only a document changes a history; windows read `steps`, `n_dropped` and `n_bytes`.

    Attributes:
        shelf: whole alphas of the states beside large steps, as long as the budget has room for them.
        state: tells what the applied steps have made; the same again only when they are the same.
    """

    def __init__(self, budget_bytes: int = DEFAULT_BUDGET_BYTES) -> None:
        self.budget_bytes = budget_bytes
        self.shelf = Shelf()
        self.n_dropped = 0
        self.state = 0
        self._applied: list[Step] = []
        self._undone: list[Step] = []
        self._lost: list[Lost] = []
        self._n_steps_ever = 0
        self._n_stamps_ever = 0
        self._n_closed_bytes = 0
        self._open: list[Step] = []

    @classmethod
    def rebuilt(
        cls,
        applied: Iterable[Step],
        waiting: Iterable[Step],
        *,
        n_dropped: int,
        counters: tuple[int, int],
        budget_bytes: int = DEFAULT_BUDGET_BYTES,
    ) -> History:
        """Return a history of closed steps that were read back, each in the order of `steps`.

        Args:
            applied: the lowest first.
            waiting: the one that redo brings back first is first.
            n_dropped, counters: as the history had them.
        """
        history = cls(budget_bytes)
        history._applied, history._undone = list(applied), list(waiting)[::-1]
        history.n_dropped = n_dropped
        history._n_steps_ever, history._n_stamps_ever = counters
        for step in history._applied:
            history.state ^= step.stamp
        history._n_closed_bytes = sum(step.n_bytes for step in history._applied + history._undone)
        history.keep_to_budget()
        return history

    @property
    def counters(self) -> tuple[int, int]:
        """How many steps and how many stamps there ever were."""
        return self._n_steps_ever, self._n_stamps_ever

    @property
    def applied(self) -> tuple[Step, ...]:
        """The steps that lie below the present state, the lowest first."""
        return tuple(self._applied)

    @property
    def growing(self) -> tuple[Step, ...]:
        """The steps that are still open."""
        return tuple(self._open)

    @property
    def layers(self) -> list[Layer]:
        """The layers that came or went in some step, each once."""
        found: dict[int, Layer] = {}
        for step in self.listed:
            for one in step.structures:
                if isinstance(one, Presence):
                    found[one.layer.id] = one.layer
        return list(found.values())

    @property
    def n_done(self) -> int:
        """How many steps lie below the present state, those included that were dropped for memory."""
        return self.n_dropped + len(self._applied)

    @property
    def steps(self) -> tuple[StepInfo, ...]:
        """All steps in their order: the applied ones, then those that redo would bring back."""
        applied = [step.info(is_applied=True) for step in self._applied]
        return tuple(applied + [step.info(is_applied=False) for step in reversed(self._undone)])

    @property
    def listed(self) -> tuple[Step, ...]:
        """The applied steps, then those that redo would bring back: `steps` without a word about each."""
        return (*self._applied, *reversed(self._undone))

    @property
    def n_bytes(self) -> int:
        """Memory of all steps, applied and undone, of the shelf and of layers that only they still hold."""
        n_differences = self._n_closed_bytes + sum(step.n_bytes for step in self._open)
        return n_differences + self.shelf.n_bytes + sum(layer.n_aside_bytes for layer in self.layers)

    @property
    def top(self) -> Step | None:
        """The step that undo would take back."""
        return self._applied[-1] if self._applied else None

    @property
    def next(self) -> Step | None:
        """The step that redo would bring back."""
        return self._undone[-1] if self._undone else None

    def begin(self, title: str, revision: int, structures: Sequence[Structure] = ()) -> Step:
        """Put a new, open, empty step on top of the applied ones."""
        self._n_steps_ever += 1
        step = Step(self._n_steps_ever, title, revision, structures=structures)
        self._applied.append(step)
        self._open.append(step)
        return step

    def renew(self, step: Step, revision: int, *, grows: bool = True) -> None:
        """Note that ``step`` is about to grow; its first growth makes what was undone unreachable.

        Args:
            step: which.
            revision: of the document from now on.
            grows: False where it speaks about pixels without changing any.
        """
        if grows and not step.has_grown:
            step.has_grown = True
            self._n_closed_bytes -= sum(undone.n_bytes for undone in self._undone)
            self._undone.clear()
        self.restamp(step)
        step.last_revision = revision

    def shelve(self, step: Step, layer: Layer, n_px: int) -> bool:
        """Keep what ``layer`` holds without ``step``, which is about to change ``n_px`` of its pixels.

        Returns:
            Whether that is worth its memory, and so: the step is on top and has changed none of them yet.
        """
        is_worth = n_px >= WORTH_PX and layer.alpha.nbytes <= self.budget_bytes
        if not is_worth or step is not self.top or layer.id in step.boxes:
            return False
        self.shelf.keep(layer, self.state ^ step.stamp)
        return True

    def restamp(self, step: Step) -> None:
        """Note that an applied step is another one from now on: its effect changed."""
        self.state ^= step.stamp
        step.stamp = self._new_stamp()
        self.state ^= step.stamp

    def _new_stamp(self) -> int:
        """Return a number never given before; XOR of any few of them is unique for all practical purposes."""
        self._n_stamps_ever += 1
        mixed = (self._n_stamps_ever * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return mixed ^ (mixed >> 31)

    def close(self, step: Step) -> None:
        """End the growth of ``step``; one that changed nothing is no step.

        While another step grows it stays all the same: the person has spoken about these pixels, and the
        result that is under way must know.
        """
        self._open.remove(step)
        step.is_open = False
        step.settle()
        self._n_closed_bytes += step.n_bytes
        if step.is_without_effect and not self._open:
            self.remove(step, step.last_revision)
        self.keep_to_budget()

    def remove(self, step: Step, revision: int) -> None:
        """Take a step (rolled back, or without effect) out of the chain."""
        self._lose(step, revision)
        self._applied.remove(step)
        self.state ^= step.stamp
        if step.is_open:
            self._open.remove(step)
            step.is_open = False
        else:
            self._n_closed_bytes -= step.n_bytes

    def resettle(self, step: Step) -> None:
        """Compress a closed step again after another step's change passed through it."""
        if not step.is_open:
            self._n_closed_bytes -= step.n_bytes
            step.settle()
            self._n_closed_bytes += step.n_bytes

    def undone(self, revision: int) -> None:
        """Move the top step over to the undone ones."""
        step = self._applied.pop()
        self.state ^= step.stamp
        self._undone.append(step)
        self._lose(step, revision)

    def redone(self, revision: int) -> None:
        """Move the next undone step back on top."""
        step = self._undone.pop()
        self.state ^= step.stamp
        self._applied.append(step)
        step.last_revision = revision

    def above(self, step: Step) -> list[Step]:
        """Return the applied steps that came after ``step``, lowest first."""
        index = len(self._applied) - 1
        while self._applied[index] is not step:  # from the top: nearly always it is the last one
            index -= 1
        return self._applied[index + 1 :]

    def waiting(self) -> Iterator[Step]:
        """Yield the undone steps in the order in which redo would bring them back."""
        return reversed(self._undone)

    def hands_since(self, step: Step, since_revision: int) -> HandBits:
        """Return what a person touched below ``step`` after a revision.

        What lies above ``step`` is not asked: such pixels keep their look without it.
        """
        n_below = len(self._applied) - len(self.above(step)) - 1
        steps = [
            lower
            for lower in self._applied[:n_below]
            if lower.by_hand and lower.last_revision > since_revision
        ]
        lost = [lost for lost in self._lost if since_revision < lost.revision <= step.begun_revision]
        return HandBits(steps, lost)

    def keep_to_budget(self) -> None:
        """Empty the shelf, put layers aside to sleep, forget the oldest steps: as far as memory needs it."""
        self.shelf.keep_only(self._reachable_states() if len(self.shelf) else ())
        while self.n_bytes > self.budget_bytes and self.shelf.drop_oldest():
            pass
        # A layer that was removed stays as it is as long as there is room: unpacking it can be felt.
        for layer in self.layers:
            if self.n_bytes <= self.budget_bytes:
                return
            if layer.is_aside:
                layer.sleep()
        # The newest step stays in any case: a person can always take back the last thing done.
        while self.n_bytes > self.budget_bytes and len(self._applied) > 1 and not self._applied[0].is_open:
            oldest = self._applied.pop(0)
            self._n_closed_bytes -= oldest.n_bytes
            self.n_dropped += 1
            self._lose(oldest, oldest.last_revision)

    def _reachable_states(self) -> set[int]:
        """Return what `state` will be after undo and redo, however often."""
        states = set()
        for steps in (self._applied, self._undone):
            state = self.state
            for step in reversed(steps):
                state ^= step.stamp
                states.add(state)
        return states

    def _lose(self, step: Step, revision: int) -> None:
        if not step.by_hand:
            return
        tiles = {key: tile.packed_touched() for key, tile in step.items()}
        self._lost.append(Lost(revision, tiles))
        if len(self._lost) > _MAX_LOST:
            self._lost[:2] = [self._lost[0].merge(self._lost[1])]
