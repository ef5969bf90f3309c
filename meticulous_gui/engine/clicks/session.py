"""One object selected by clicks: every click is obeyed, every step can be undone bit for bit."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.answer import Answering, Outcome
from meticulous_gui.engine.clicks.commands import ClickSettings, Obeyed
from meticulous_gui.engine.clicks.crop import Crop, whole_crop
from meticulous_gui.engine.clicks.first import FirstLooks
from meticulous_gui.engine.clicks.only_click import OnlyClick
from meticulous_gui.engine.clicks.piece import Piece
from meticulous_gui.engine.clicks.policy import crop_for
from meticulous_gui.engine.clicks.state import PlacedClick, State
from meticulous_gui.engine.clicks.timeline import Timeline, after
from meticulous_gui.engine.clicks.uncut import uncut_steps
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import ClickSegmenter, Segmenter

__all__ = ["ClickReport", "ClickSession", "Steps"]


@dataclass(frozen=True)
class ClickReport:
    """What a command did.

    Attributes:
        box: pixels that may have changed; empty where nothing did.
        obeyed: what obeyed each click, by its id.
        confidence: how stable the answer is, 0..1.
        message: one sentence where a person must know, else "".
        was_refused: the command changed nothing, and ``message`` says why.
    """

    box: Box
    obeyed: dict[int, Obeyed]
    confidence: float = 1.0
    message: str = ""
    was_refused: bool = False


Steps: TypeAlias = Generator[None, None, ClickReport]
"""Work in pieces; the report is its value. Leaving it half-way leaves the session as it was."""


class ClickSession:
    """The clicks on one object of a photo and the mask they make.

    Commands that need the network are generators (`Steps`), for the runner; run one to its end before the
    next. The mask given at the start is shown unchanged until the first click.
    """

    def __init__(
        self,
        photo: PhotoLevels,
        segmenter: ClickSegmenter,
        *,
        finder: Segmenter | None = None,
        initial: Mask | None = None,
        locked: Mask | None = None,
        decided: Mask | None = None,
        settings: ClickSettings | None = None,
    ) -> None:
        """Begin an object.

        Args:
            photo: in its levels.
            segmenter: the network.
            finder: finds the object of a photo, as evidence of what a first click means; None: no evidence.
            initial: (H, W) bool, a mask to correct; None: from nothing.
            locked: (H, W) bool, pixels that belong to something else and never change.
            decided: (H, W) bool, pixels a person has drawn by hand: only a click on one changes it.
            settings: None: the defaults.

        Raises:
            ValueError: a mask is not of the photo's size.
        """
        for name, given in (("initial", initial), ("locked", locked), ("decided", decided)):
            if given is not None and given.shape != photo.size_hw:
                raise ValueError(f"{name} must be {photo.size_hw} (H, W), got {given.shape}")
        self._locked = locked
        self._size_hw = photo.size_hw
        self._timeline = Timeline(initial, photo.size_hw, settings or ClickSettings())
        self._has_initial = not self._timeline.start.box.is_empty
        self._answering = Answering(photo, segmenter, self._has_initial, locked, decided)
        self._first = FirstLooks(photo, self._answering, None if self._has_initial else finder)
        self._only_click = OnlyClick(self._timeline, self._answering, self._first, photo.size_hw)
        self._next_id = 1

    @property
    def mask(self) -> Mask:
        """The mask as it is, (H, W) bool; read-only by agreement."""
        return self._timeline.mask

    @property
    def clicks(self) -> tuple[PlacedClick, ...]:
        return self.state.clicks

    @property
    def state(self) -> State:
        return self._timeline.state

    @property
    def can_undo(self) -> bool:
        return self._timeline.can_undo

    @property
    def can_redo(self) -> bool:
        return self._timeline.can_redo

    def prepare_steps(self) -> Generator[None, None, None]:
        """Do what the first click needs before it comes: encode what it will look at."""
        size_px = self._answering.size_px(self.state.settings)
        crop = whole_crop(self._size_hw, size_px=size_px)
        if self._has_initial:
            crop = self._crop_for(self.state, self._timeline.start)
        yield from self._answering.prepare_steps(crop)
        yield from self._first.evidence_steps()

    def click(self, x: float, y: float, *, is_positive: bool = True) -> Steps:
        """Add a click at image pixels (x, y)."""
        refusal = self._refusal(x, y)
        if refusal:
            return self._refused(refusal)
        col, row = int(np.floor(x)), int(np.floor(y))
        here = [click for click in self.clicks if (click.row, click.col) == (row, col)]
        if here and here[-1].is_positive == is_positive and self.state.obeyed[here[-1].id] != "overridden":
            return self._refused("There is such a click on this pixel already.")
        placed = PlacedClick(self._next_id, row, col, is_positive)
        self._next_id += 1
        return self._with_newest(replace(self.state, clicks=(*self.clicks, placed)))

    def move(self, click_id: int, x: float, y: float) -> Steps:
        """Move a click; all clicks are then looked at together, in no order."""
        refusal = self._refusal(x, y) or self._unknown(click_id)
        if refusal:
            return self._refused(refusal)
        col, row = int(np.floor(x)), int(np.floor(y))
        moved = tuple(
            replace(click, row=row, col=col) if click.id == click_id else click for click in self.clicks
        )
        return self._anew(replace(self.state, clicks=moved))

    def remove(self, click_id: int) -> Steps:
        """Take a click away; the others are then looked at together, in no order."""
        refusal = self._unknown(click_id)
        if refusal:
            return self._refused(refusal)
        return self._anew(
            replace(self.state, clicks=tuple(click for click in self.clicks if click.id != click_id))
        )

    def add_prompt(self, prompt: BoxPrompt | Stroke) -> Steps:
        """Add a box (it takes the place of an earlier one) or a scribble, in image pixels."""
        kept = tuple(
            p for p in self.state.prompts if not isinstance(p, type(prompt)) or isinstance(p, Stroke)
        )
        return self._with_newest(replace(self.state, prompts=(*kept, prompt)))

    def next_candidate(self, step: int = 1) -> Steps:
        """Show the next larger (or smaller) thing that the first click may have meant."""
        if not self._only_click.is_there:
            return self._refused("Other readings of a click can only be shown after the first one.")
        return self._other_reading(step)

    def find_readings(self) -> Generator[None, None, None]:
        """Look what else the only click may mean; the mask stays. Nothing happens where there are others."""
        if self._only_click.is_there:
            yield from self._only_click.look_steps()

    @property
    def readings(self) -> tuple[str, ...]:
        """What the only click may mean, the smallest first; empty where not known, or only one thing."""
        return self._only_click.names

    @property
    def reading(self) -> str:
        """Which of `readings` is shown, "" where there are none."""
        return self._only_click.name

    def change_settings(self, settings: ClickSettings) -> Steps:
        """Look at all clicks again with other settings."""
        return self._anew(replace(self.state, settings=settings))

    def reset(self) -> ClickReport:
        """Forget all clicks and prompts; one step that can be undone."""
        return self._commit(State(settings=self.state.settings), self._timeline.start)

    def undo(self) -> ClickReport:
        """Go one step back; no network runs."""
        if not self.can_undo:
            return self._report("There is nothing to undo.", was_refused=True)
        return self._moved(self._timeline.undo())

    def redo(self) -> ClickReport:
        """Go one step forward again; no network runs."""
        if not self.can_redo:
            return self._report("There is nothing to redo.", was_refused=True)
        return self._moved(self._timeline.redo())

    def preview(
        self, x: float, y: float, *, is_positive: bool = True
    ) -> Generator[None, None, tuple[Box, Mask] | None]:
        """Return box and mask inside it that a click would give; None where it would be refused.

        The session is not changed.
        """
        if self._refusal(x, y):
            return None
        placed = PlacedClick(0, int(np.floor(y)), int(np.floor(x)), is_positive)
        state = replace(self.state, clicks=(*self.clicks, placed))
        if self._has_nothing:
            glance, evidence = yield from self._first.glance_steps(state)
            outcome = self._answering.outcome_of(state, glance.crop, glance.with_evidence(evidence))
        else:
            crop = self._crop_for(state, self._timeline.piece)
            outcome = yield from self._answering.steps(
                state, crop, self._timeline.piece, newest=placed.id, with_brs=False
            )
        return outcome.piece.box, outcome.piece.mask

    @property
    def _has_nothing(self) -> bool:
        """Whether nothing is selected: where the object ends, nobody knows yet."""
        return self.state.extent.is_empty

    def _refusal(self, x: float, y: float) -> str:
        """Return why a click cannot be there, "" where it can."""
        if not Box.whole(self._size_hw).contains_xy(x, y):
            return "The click lies outside the photo."
        if self._locked is not None and self._locked[int(np.floor(y)), int(np.floor(x))]:
            return "This part belongs to a locked layer; unlock it to click there."
        return ""

    def _unknown(self, click_id: int) -> str:
        """Return why a click cannot be changed, "" where it can."""
        is_known = any(click.id == click_id for click in self.clicks)
        return "" if is_known else "This click is not there any more."

    def _refused(self, message: str) -> Steps:
        yield from ()
        return self._report(message, was_refused=True)

    def _report(self, message: str, *, was_refused: bool = False) -> ClickReport:
        state = self.state
        return ClickReport(Box(0, 0, 0, 0), state.obeyed, state.confidence, message, was_refused)

    def _crop_for(self, state: State, mask: Piece) -> Crop:
        """Return the crop to look at for the clicks and prompts of a state and the mask so far."""
        return crop_for(state, mask, self._size_hw, size_px=self._answering.size_px(state.settings))

    def _with_newest(self, state: State) -> Steps:
        """Look at a state whose last click or prompt is new."""
        newest = state.clicks[-1].id if len(state.clicks) > len(self.clicks) else None
        if self._has_nothing:
            outcome = yield from self._first.steps(state, newest=newest)
        else:
            crop = self._crop_for(state, self._timeline.piece)
            outcome = yield from uncut_steps(
                self._answering, state, crop, self._timeline.piece, self._size_hw, newest=newest
            )
        return self._taken(state, outcome)

    def _anew(self, state: State) -> Steps:
        """Look at all clicks together, from the initial mask; their order does not matter."""
        fresh = replace(state, crop=None, previous=None, variables=None)
        if not fresh.clicks and not fresh.prompts:
            yield from ()
            return self._commit(replace(fresh, obeyed={}, confidence=1.0), self._timeline.start)
        if not self._has_initial:
            outcome = yield from self._first.steps(fresh, newest=None)
            return self._taken(fresh, outcome)
        answering = self._answering
        crop = self._crop_for(fresh, self._timeline.start)
        first = yield from answering.steps(fresh, crop, self._timeline.start, newest=None, with_brs=False)
        known = replace(fresh, crop=crop, previous=first.previous)
        found = first.piece.tight()
        closer = self._crop_for(known, found)
        outcome = yield from uncut_steps(answering, known, closer, found, self._size_hw, newest=None)
        return self._taken(fresh, outcome)

    def _other_reading(self, step: int) -> Steps:
        other = yield from self._only_click.other_steps(step)
        if other is None:
            return self._report("The click has only one reading.", was_refused=True)
        return self._commit(*other)

    def _taken(self, state: State, outcome: Outcome) -> ClickReport:
        return self._commit(after(state, outcome), outcome.piece.tight(), message=outcome.message)

    def _commit(self, state: State, piece: Piece, *, message: str = "") -> ClickReport:
        return self._moved(self._timeline.commit(state, piece), message=message)

    def _moved(self, box: Box, *, message: str = "") -> ClickReport:
        """Return the report of a step that changed a box."""
        return ClickReport(box, self.state.obeyed, self.state.confidence, message)
