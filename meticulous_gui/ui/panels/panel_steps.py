"""What was set in an open panel, to be taken back: one step each time that another control is touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class _Step:
    """A control had this value; so many steps of the document were done when it was touched."""

    index: int
    value: float
    n_done: int


class PanelSteps:
    """Knows the values that the controls of a panel had.

    Args:
        changed: called when there is something else to take back, or to do again.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._controls: list[tuple[Callable[[], float], Callable[[float], None]]] = []
        self._known: list[float] = []
        self._done: list[_Step] = []
        self._undone: list[_Step] = []
        self._n_done: Callable[[], int] = lambda: 0
        self._n_at_first = 0
        self._is_going = False

    def add(self, read: Callable[[], float], write: Callable[[float], None]) -> Callable[[], None]:
        """Look after a control and return what to call when a person has changed it."""
        index = len(self._controls)
        self._controls.append((read, write))
        return lambda: self._note(index)

    def begin(self, n_done: Callable[[], int]) -> None:
        """Begin anew with the values as they are.

        Args:
            n_done: how many steps of the document are done; those after a control was touched come first.
        """
        self._known = [read() for read, _write in self._controls]
        self._done, self._undone = [], []
        self._n_done, self._n_at_first = n_done, n_done()

    @property
    def is_newest(self) -> bool:
        """Whether the document was not changed after the panel was."""
        return self._n_done() <= (self._done[-1].n_done if self._done else self._n_at_first)

    @property
    def can_redo(self) -> bool:
        """Whether something that was taken back can be done again."""
        return bool(self._undone)

    def undo(self) -> bool:
        """Give the control that was touched last the value it had before; say whether there was one."""
        return self._go(self._done, self._undone)

    def redo(self) -> bool:
        """Do again what was taken back last; say whether there was something."""
        return self._go(self._undone, self._done)

    def _go(self, source: list[_Step], other: list[_Step]) -> bool:
        if not source:
            return False
        step = source.pop()
        other.append(_Step(step.index, self._known[step.index], self._n_done()))
        self._is_going = True
        self._controls[step.index][1](step.value)
        self._is_going = False
        self._known[step.index] = self._controls[step.index][0]()
        self._changed()
        return True

    def _note(self, index: int) -> None:
        if self._is_going or not self._known:
            return
        n_done = self._n_done()
        if not self._done or (self._done[-1].index, self._done[-1].n_done) != (index, n_done):
            self._done.append(_Step(index, self._known[index], n_done))
        self._known[index] = self._controls[index][0]()
        self._undone.clear()
        self._changed()
