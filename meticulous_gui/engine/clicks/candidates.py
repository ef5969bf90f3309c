"""One click can mean a part, the object or a group: the answers at several scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from meticulous_gui.engine.clicks.answer import Outcome
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.crop import Crop, square_crop
from meticulous_gui.engine.clicks.piece import Piece
from meticulous_gui.engine.clicks.state import PlacedClick, State

__all__ = ["Readings", "candidate_crops", "distinct", "names_of"]

_SHARES: Final = (0.25, 0.5, 1.0)  # of the photo's long side
_ALIKE: Final = 0.9


@dataclass(frozen=True)
class Readings:
    """What the only click may mean: the state of the click itself, and the masks, the smallest first."""

    state: State
    found: tuple[tuple[Piece, Outcome | None], ...]

    def are_of(self, click: PlacedClick, settings: ClickSettings) -> bool:
        """Say whether they are those of this click with these settings."""
        return self.state.clicks == (click,) and self.state.settings == settings

    def place_of(self, shown: Piece) -> int:
        """Return which of the masks this one is, the first where it is none of them."""
        places = (
            n
            for n, (piece, _) in enumerate(self.found)
            if piece.box == shown.box and (piece.mask == shown.mask).all()
        )
        return next(places, 0)


def candidate_crops(click: PlacedClick, size_hw: tuple[int, int], *, size_px: int) -> list[Crop]:
    """Return crops of three sizes around a click, the smallest first."""
    x, y = click.xy
    return [
        square_crop((x, y, x, y), size_hw, size_px=size_px, least_px=share * max(size_hw))
        for share in _SHARES
    ]


def distinct(masks: Sequence[Piece]) -> list[int]:
    """Return the places of masks that differ enough from those before them, the smallest mask first.

    Empty masks are left out.
    """
    kept: list[int] = []
    for place, mask in enumerate(masks):
        if mask.mask.any() and all(_iou(mask, masks[other]) < _ALIKE for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda place: np.count_nonzero(masks[place].mask))


def _iou(first: Piece, second: Piece) -> float:
    shared = first.box.clip(second.box)
    both = np.count_nonzero(first.at(shared) & second.at(shared))
    return both / (np.count_nonzero(first.mask) + np.count_nonzero(second.mask) - both)


def names_of(n_candidates: int) -> tuple[str, ...]:
    """Return what to call candidates in order of their area."""
    return {1: ("object",), 2: ("part", "object"), 3: ("part", "object", "group")}.get(
        n_candidates, ("detail", "part", "object", "group")[:n_candidates]
    )
