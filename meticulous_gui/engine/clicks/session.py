"""One object selected by clicks: every click is obeyed, every step can be undone bit for bit."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.answer import Answering, Outcome
from meticulous_gui.engine.clicks.candidates import candidate_crops, distinct, names_of
from meticulous_gui.engine.clicks.commands import ClickSettings, Obeyed
from meticulous_gui.engine.clicks.crop import Crop, whole_crop
from meticulous_gui.engine.clicks.policy import next_crop
from meticulous_gui.engine.clicks.state import PlacedClick, State, flips_of
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import ClickSegmenter

__all__ = ["ClickReport", "ClickSession", "Steps", "finish"]

_MOST_STATES: Final = 200


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
        initial: Mask | None = None,
        locked: Mask | None = None,
        decided: Mask | None = None,
        settings: ClickSettings | None = None,
    ) -> None:
        """Begin an object.

        Args:
            photo: in its levels.
            segmenter: the network.
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
        self._initial = None if initial is None or not initial.any() else initial.copy()
        self._locked = locked
        self._mask: Mask = np.zeros(photo.size_hw, np.bool_) if self._initial is None else initial.copy()  # type: ignore[union-attr]
        self._size_hw = photo.size_hw
        self._answering = Answering(photo, segmenter, self._initial, locked, decided)
        self._states = [State(settings=settings or ClickSettings())]
        self._place = 0
        self._next_id = 1
        self._readings: tuple[tuple[int, ClickSettings], State, list[tuple[Mask, Outcome | None]]] | None = (
            None
        )

    @property
    def mask(self) -> Mask:
        """The mask as it is, (H, W) bool; read-only by agreement."""
        return self._mask

    @property
    def clicks(self) -> tuple[PlacedClick, ...]:
        return self.state.clicks

    @property
    def state(self) -> State:
        return self._states[self._place]

    @property
    def can_undo(self) -> bool:
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        return self._place + 1 < len(self._states)

    def prepare_steps(self) -> Generator[None, None, None]:
        """Do what the first click needs before it comes: encode what it will look at."""
        size_px = self._answering.size_px(self.state.settings)
        crop = whole_crop(self._size_hw, size_px=size_px)
        if self._initial is not None:
            crop = self._crop_for(self.state, self._mask)
        yield from self._answering.prepare_steps(crop)

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
        refusal = self._refusal(x, y)
        if refusal:
            return self._refused(refusal)
        col, row = int(np.floor(x)), int(np.floor(y))
        moved = tuple(
            replace(click, row=row, col=col) if click.id == click_id else click for click in self.clicks
        )
        return self._anew(replace(self.state, clicks=moved))

    def remove(self, click_id: int) -> Steps:
        """Take a click away; the others are then looked at together, in no order."""
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
        click = self._only_click
        if click is None:
            return self._refused("Other readings of a click can only be shown after the first one.")
        return self._other_reading(click, step)

    def find_readings(self) -> Generator[None, None, None]:
        """Look what else the only click may mean; the mask stays. Nothing happens where there are others."""
        click = self._only_click
        if click is not None:
            yield from self._readings_steps(click)

    @property
    def readings(self) -> tuple[str, ...]:
        """What the only click may mean, the smallest first; empty where not known, or only one thing."""
        click = self._only_click
        if click is None or self._readings is None:
            return ()
        key, _, found = self._readings
        return names_of(len(found)) if key == (click.id, self.state.settings) and len(found) > 1 else ()

    @property
    def reading(self) -> str:
        """Which of `readings` is shown, "" where there are none."""
        return self.readings[self._reading_place] if self.readings else ""

    @property
    def _only_click(self) -> PlacedClick | None:
        """The click, if an including one is all there is."""
        is_only = len(self.clicks) == 1 and self._initial is None and not self.state.prompts
        return self.clicks[0] if is_only and self.clicks[0].is_positive else None

    def change_settings(self, settings: ClickSettings) -> Steps:
        """Look at all clicks again with other settings."""
        return self._anew(replace(self.state, settings=settings))

    def reset(self) -> ClickReport:
        """Forget all clicks and prompts; one step that can be undone."""
        before = self._initial if self._initial is not None else np.zeros(self._size_hw, np.bool_)
        return self._commit(
            State(settings=self.state.settings), before.copy(), Box.whole(self._size_hw), message=""
        )

    def undo(self) -> ClickReport:
        """Go one step back; no network runs."""
        if not self.can_undo:
            return self._report("There is nothing to undo.", was_refused=True)
        flips = self.state.flips
        flips.apply(self._mask)
        self._place -= 1
        return ClickReport(flips.box, self.state.obeyed, self.state.confidence)

    def redo(self) -> ClickReport:
        """Go one step forward again; no network runs."""
        if not self.can_redo:
            return self._report("There is nothing to redo.", was_refused=True)
        self._place += 1
        self.state.flips.apply(self._mask)
        return ClickReport(self.state.flips.box, self.state.obeyed, self.state.confidence)

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
        crop = self._crop_for(state, self._mask) if self.clicks or self._initial is not None else None
        crop = crop or whole_crop(self._size_hw, size_px=self._answering.size_px(state.settings))
        outcome = yield from self._answering.steps(state, crop, self._mask, newest=placed.id, with_brs=False)
        return outcome.box, outcome.mask

    def _refusal(self, x: float, y: float) -> str:
        """Return why a click cannot be there, "" where it can."""
        if not Box.whole(self._size_hw).contains_xy(x, y):
            return "The click lies outside the photo."
        if self._locked is not None and self._locked[int(np.floor(y)), int(np.floor(x))]:
            return "This part belongs to a locked layer; unlock it to click there."
        return ""

    def _refused(self, message: str) -> Steps:
        yield from ()
        return self._report(message, was_refused=True)

    def _report(self, message: str, *, was_refused: bool = False) -> ClickReport:
        state = self.state
        return ClickReport(Box(0, 0, 0, 0), state.obeyed, state.confidence, message, was_refused)

    def _crop_for(self, state: State, mask: Mask) -> Crop:
        """Return the crop to look at for the clicks and prompts of a state and the mask so far."""
        settings = state.settings
        size_px = self._answering.size_px(settings)
        n_prompts = len(state.clicks) + len(state.prompts)
        if not settings.zoom or n_prompts <= settings.zoom_after:
            return whole_crop(self._size_hw, size_px=size_px)
        box = bounding_box(mask)
        include = [click.xy for click in state.clicks if click.is_positive]
        exclude = [click.xy for click in state.clicks if not click.is_positive]
        for prompt in state.prompts:
            if isinstance(prompt, BoxPrompt):
                corners = prompt.box.clip(Box.whole(self._size_hw))
                include += [(float(corners.x0), float(corners.y0)), (float(corners.x1), float(corners.y1))]
            elif prompt.is_adding:
                include += [(x, y) for x, y, _ in prompt.points_xy]
        return next_crop(
            state.crop, mask, box, include, exclude, size_px=size_px, expansion=settings.expansion
        )

    def _with_newest(self, state: State) -> Steps:
        """Look at a state whose last click or prompt is new."""
        newest = state.clicks[-1].id if len(state.clicks) > len(self.clicks) else None
        size_px = self._answering.size_px(state.settings)
        if self.state.crop is None and self._initial is None and not self._has_box(state):
            # Where the object ends is not known yet: the whole photo first, then, on its answer, closer.
            crop = whole_crop(self._size_hw, size_px=size_px)
        else:
            crop = self._crop_for(state, self._mask)
        is_first = self.state.crop is None and self._initial is None
        outcome = yield from self._answering.steps(
            state, crop, self._mask, newest=newest, with_brs=not is_first
        )
        if is_first:
            outcome = yield from self._closer(state, crop, outcome, newest=newest)
        return self._taken(state, outcome)

    @staticmethod
    def _has_box(state: State) -> bool:
        return any(isinstance(prompt, BoxPrompt) for prompt in state.prompts)

    def _closer(
        self, state: State, crop: Crop, outcome: Outcome, *, newest: int | None
    ) -> Generator[None, None, Outcome]:
        """Return the outcome of a second look, on the object that the first one found.

        Also where the crop stays: the network does better when it is told its own first answer.
        """
        found = self._filled(outcome)
        known = replace(state, crop=crop, previous=outcome.previous)
        closer = self._crop_for(known, found)
        second = yield from self._answering.steps(known, closer, found, newest=newest)
        return dataclasses.replace(
            second, mask=self._on_union(outcome, second), box=outcome.box.union(second.box)
        )

    def _anew(self, state: State) -> Steps:
        """Look at all clicks together, from the initial mask; their order does not matter."""
        start = self._initial if self._initial is not None else np.zeros(self._size_hw, np.bool_)
        fresh = replace(state, crop=None, previous=None, variables=None)
        if not fresh.clicks and not fresh.prompts:
            yield from ()
            return self._commit(fresh, start.copy(), Box.whole(self._size_hw), message="")
        if self._initial is not None or self._has_box(fresh):
            crop = self._crop_for(fresh, start)
        else:
            crop = whole_crop(self._size_hw, size_px=self._answering.size_px(fresh.settings))
        outcome = yield from self._answering.steps(fresh, crop, start, newest=None, with_brs=False)
        found = self._filled(outcome, start)
        second = replace(fresh, crop=crop, previous=outcome.previous)
        closer = self._crop_for(second, found)
        outcome = yield from self._answering.steps(second, closer, found, newest=None)
        whole = self._filled(outcome, found)
        after = replace(fresh, crop=closer, previous=outcome.previous, variables=outcome.variables)
        after = replace(after, obeyed=outcome.obeyed, confidence=outcome.confidence)
        return self._commit(after, whole, Box.whole(self._size_hw), message=outcome.message)

    def _other_reading(self, click: PlacedClick, step: int) -> Steps:
        yield from self._readings_steps(click)
        assert self._readings is not None
        _, original, readings = self._readings
        if len(readings) < 2:
            return self._report("The click has only one reading.", was_refused=True)
        place = (self._reading_place + step) % len(readings)
        mask, chosen = readings[place]
        state = original
        if chosen is not None:
            state = replace(
                state,
                crop=chosen.crop,
                previous=chosen.previous,
                variables=chosen.variables,
                obeyed=chosen.obeyed,
                confidence=chosen.confidence,
            )
        return self._commit(state, mask.copy(), Box.whole(self._size_hw), message="")

    def _readings_steps(self, click: PlacedClick) -> Generator[None, None, None]:
        """Look at the only click at several scales, unless that was done."""
        if self._readings is not None and self._readings[0] == (click.id, self.state.settings):
            return
        empty = np.zeros(self._size_hw, np.bool_)
        fresh = replace(self.state, crop=None, previous=None, variables=None)
        found: list[tuple[Mask, Outcome | None]] = [(self._mask.copy(), None)]
        size_px = self._answering.size_px(fresh.settings)
        for crop in candidate_crops(click, self._size_hw, size_px=size_px):
            outcome = yield from self._answering.steps(fresh, crop, empty, newest=None)
            found.append((self._filled(outcome, empty), outcome))
        order = distinct([mask for mask, _ in found])
        key = (click.id, self.state.settings)
        self._readings = (key, self.state, [found[place] for place in order])

    @property
    def _reading_place(self) -> int:
        """Which of the readings is shown; the first where none is."""
        assert self._readings is not None
        return next((n for n, (mask, _) in enumerate(self._readings[2]) if (mask == self._mask).all()), 0)

    def _filled(self, outcome: Outcome, base: Mask | None = None) -> Mask:
        """Return the whole mask with an outcome written into it."""
        whole = (self._mask if base is None else base).copy()
        whole[outcome.box.slices()] = outcome.mask
        return whole

    def _on_union(self, first: Outcome, second: Outcome) -> Mask:
        """Return the mask of the union of both boxes after the second look."""
        whole = self._filled(first)
        whole[second.box.slices()] = second.mask
        return whole[first.box.union(second.box).slices()]

    def _taken(self, state: State, outcome: Outcome) -> ClickReport:
        after = replace(
            state,
            crop=outcome.crop,
            previous=outcome.previous,
            variables=outcome.variables,
            obeyed=outcome.obeyed,
            confidence=outcome.confidence,
        )
        return self._commit(after, outcome.mask, outcome.box, message=outcome.message)

    def _commit(self, state: State, mask: Mask, box: Box, *, message: str) -> ClickReport:
        """Make ``mask`` inside ``box`` the new content and remember the way back."""
        flips = flips_of(self._mask[box.slices()], mask, box)
        self._mask[box.slices()] = mask
        del self._states[self._place + 1 :]
        self._states.append(replace(state, flips=flips))
        if len(self._states) > _MOST_STATES + 1:
            del self._states[0]
        self._place = len(self._states) - 1
        return ClickReport(flips.box, state.obeyed, state.confidence, message)


def finish(steps: Steps) -> ClickReport:
    """Run a command to its end."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            report: ClickReport = stop.value
            return report
