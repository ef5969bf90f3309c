"""The looks for a first click: at the whole photo, at what is known of it, then closer at what was found."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from meticulous_gui.core.prompts import BoxPrompt
from meticulous_gui.engine.clicks.answer import Answering, Glance, Outcome
from meticulous_gui.engine.clicks.crop import whole_crop
from meticulous_gui.engine.clicks.evidence import Evidence
from meticulous_gui.engine.clicks.piece import NOTHING, Piece
from meticulous_gui.engine.clicks.policy import crop_for
from meticulous_gui.engine.clicks.state import State
from meticulous_gui.engine.clicks.uncut import uncut_steps
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.looks import object_found
from meticulous_gui.engine.roles import Segmenter

__all__ = ["FirstLooks"]


class FirstLooks:
    """Answers clicks that begin with nothing.

    Args:
        photo: in its levels.
        answering: of the session.
        finder: finds the object of a whole photo; None: the click network is alone.
    """

    def __init__(self, photo: PhotoLevels, answering: Answering, finder: Segmenter | None) -> None:
        self._photo, self._answering, self._finder = photo, answering, finder

    def evidence_steps(self) -> Generator[None, None, Evidence | None]:
        """Return what is known of the whole photo; looked at once, None without a finder."""
        if self._finder is None:
            return None
        prediction = yield from object_found(self._photo, self._finder)
        return Evidence(prediction.logits, self._photo.size_hw)

    def glance_steps(self, state: State) -> Generator[None, None, tuple[Glance, Evidence | None]]:
        """Return a first look from nothing, and what is known of the whole photo if it means the same."""
        size_hw, size_px = self._photo.size_hw, self._answering.size_px(state.settings)
        if any(isinstance(prompt, BoxPrompt) for prompt in state.prompts):
            crop = crop_for(state, NOTHING, size_hw, size_px=size_px)
        else:  # where the object ends is not known yet
            crop = whole_crop(size_hw, size_px=size_px)
        glance = yield from self._answering.glance_steps(state, crop)
        if state.prompts:  # they say more than a photo alone
            return glance, None
        evidence = yield from self.evidence_steps()
        if evidence is None:
            return glance, None
        include = [(click.row, click.col) for click in state.clicks if click.is_positive]
        return glance, evidence.of_clicks(include, glance.logits, crop)

    def steps(self, state: State, *, newest: int | None) -> Generator[None, None, Outcome]:
        """Return the outcome of two looks from nothing: at the whole photo, then closer at what was found.

        The second one is taken also where the crop stays: the network does better when it is told its own
        first answer.
        """
        glance, evidence = yield from self.glance_steps(state)
        box = glance.box if evidence is None else glance.box.union(evidence.box)
        found = Piece(box, np.ones(box.size_hw, np.bool_))
        size_px = self._answering.size_px(state.settings)
        closer = crop_for(replace(state, crop=glance.crop), found, self._photo.size_hw, size_px=size_px)
        known = replace(state, crop=closer, previous=glance.previous(closer))
        return (
            yield from uncut_steps(
                self._answering,
                known,
                closer,
                NOTHING,
                self._photo.size_hw,
                newest=newest,
                evidence=evidence,
            )
        )
