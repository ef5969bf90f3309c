"""The mask of an object and the states it went through, so that undo gives every bit back."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.answer import Outcome
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.piece import Piece, piece_of
from meticulous_gui.engine.clicks.state import State, flips_of

__all__ = ["Timeline", "after"]

_MOST_STATES: Final = 200


class Timeline:
    """Where a session is, and the way back and forth.

    Attributes:
        mask: as it is, (H, W) bool; read-only by agreement.
        start: the mask before the first click.
    """

    def __init__(self, initial: Mask | None, size_hw: tuple[int, int], settings: ClickSettings) -> None:
        """Begin.

        Args:
            initial: (H, W) bool, not modified; None: nothing.
            size_hw: of the photo.
            settings: of the first state.
        """
        self.mask: Mask = np.zeros(size_hw, np.bool_) if initial is None else initial.copy()
        first = piece_of(self.mask)
        self.start = Piece(first.box, first.mask.copy())  # no copy of a large photo's whole mask
        self._states = [State(settings=settings, extent=self.start.box)]
        self._place = 0

    @property
    def state(self) -> State:
        return self._states[self._place]

    @property
    def piece(self) -> Piece:
        """The mask as it is; changes with it."""
        extent = self.state.extent
        return Piece(extent, self.mask[extent.slices()])

    @property
    def can_undo(self) -> bool:
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        return self._place + 1 < len(self._states)

    def undo(self) -> Box:
        """Go one step back, which there must be; return what changed."""
        box = self._flip()
        self._place -= 1
        return box

    def redo(self) -> Box:
        """Go one step forward, which there must be; return what changed."""
        self._place += 1
        return self._flip()

    def commit(self, state: State, piece: Piece) -> Box:
        """Make ``piece`` the mask, remember the way back, and return what changed; nothing can be redone."""
        box = self.state.extent.union(piece.box)
        new = piece.mask if piece.box == box else piece.at(box)
        flips = flips_of(self.mask[box.slices()], new, box)
        self.mask[box.slices()] = new
        del self._states[self._place + 1 :]
        self._states.append(replace(state, flips=flips, extent=piece.box))
        if len(self._states) > _MOST_STATES + 1:
            del self._states[0]
        self._place = len(self._states) - 1
        return flips.box

    def _flip(self) -> Box:
        flips = self.state.flips
        flips.apply(self.mask)
        return flips.box


def after(state: State, outcome: Outcome) -> State:
    """Return a state with what was found out for its clicks."""
    return replace(
        state,
        crop=outcome.crop,
        previous=outcome.previous,
        variables=outcome.variables,
        obeyed=outcome.obeyed,
        confidence=outcome.confidence,
    )
