"""An including click that is all there is, and what else it may mean."""

from __future__ import annotations

from collections.abc import Generator

from meticulous_gui.engine.clicks.answer import Answering
from meticulous_gui.engine.clicks.candidates import Readings, readings_steps
from meticulous_gui.engine.clicks.first import FirstLooks
from meticulous_gui.engine.clicks.piece import Piece
from meticulous_gui.engine.clicks.state import State
from meticulous_gui.engine.clicks.timeline import Timeline, after

__all__ = ["OnlyClick"]


class OnlyClick:
    """Looks at the only click of a session at several scales, once, when somebody asks."""

    def __init__(
        self, timeline: Timeline, answering: Answering, first: FirstLooks, size_hw: tuple[int, int]
    ) -> None:
        self._timeline, self._answering, self._first = timeline, answering, first
        self._size_hw = size_hw
        self._readings: Readings | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is one click, an including one, and neither prompts nor a mask from before."""
        state = self._timeline.state
        is_only = len(state.clicks) == 1 and not state.prompts and self._timeline.start.box.is_empty
        return is_only and state.clicks[0].is_positive

    @property
    def names(self) -> tuple[str, ...]:
        """What it may mean, the smallest first; empty where not known, or only one thing."""
        known = self._known
        return known.names if known is not None else ()

    @property
    def name(self) -> str:
        """Which of `names` is shown, "" where there are none."""
        known = self._known
        return known.names[known.place_of(self._timeline.piece)] if known is not None and known.names else ""

    def look_steps(self) -> Generator[None, None, Readings]:
        """Return what it may mean, with a stop after each piece of work; only where `is_there`."""
        known = self._known
        if known is None:
            state, piece = self._timeline.state, self._timeline.piece
            evidence = yield from self._first.evidence_steps()
            known = yield from readings_steps(self._answering, state, piece, self._size_hw, evidence)
            self._readings = known
        return known

    def other_steps(self, step: int) -> Generator[None, None, tuple[State, Piece] | None]:
        """Return state and mask of another reading, so many places on; None where there is but one."""
        known = yield from self.look_steps()
        if len(known.found) < 2:
            return None
        place = (known.place_of(self._timeline.piece) + step) % len(known.found)
        piece, outcome = known.found[place]
        return (known.state if outcome is None else after(known.state, outcome)), piece

    @property
    def _known(self) -> Readings | None:
        state, known = self._timeline.state, self._readings
        if known is None or not self.is_there or not known.are_of(state.clicks[0], state.settings):
            return None
        return known
