"""Changes of the mask that are worked out in the background: who reads or leaves the photo waits for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.ui.background import Background

Value = TypeVar("Value")


class Landing:
    """Knows what is under way, and calls those who wait when all of it is there.

    Args:
        failed: told what could not be worked out.
    """

    def __init__(self, background: Background, *, failed: Callable[[MeticulousError], None]) -> None:
        self._background = background
        self._failed = failed
        self._n_under_way = 0
        self._waiting: list[Callable[[], object]] = []

    def run(self, work: Callable[[], Value], done: Callable[[Value], None]) -> None:
        """Do `work` in the executor; `done` makes a change of what came of it, in the window thread."""
        self._n_under_way += 1

        def land(value: Value) -> None:
            try:
                done(value)
            finally:
                self._end()

        def fail(error: MeticulousError) -> None:
            self._failed(error)
            self._end()

        self._background.run(work, land, fail)

    def rests(self, then: Callable[[], object]) -> bool:
        """Return whether nothing is under way; else `then` is called when nothing is any more."""
        if self._n_under_way:
            self._waiting.append(then)
        return not self._n_under_way

    def _end(self) -> None:
        self._n_under_way -= 1
        if not self._n_under_way:
            waiting, self._waiting = self._waiting, []
            for call in waiting:
                call()
