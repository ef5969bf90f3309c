"""One click can mean a part, the object or a group: what an answer holds, and answers at other scales."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Logits, Mask
from meticulous_gui.engine.clicks.answer import Answering, Outcome
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.crop import LEAST_SIDE_PX, Crop, square_crop, whole_crop
from meticulous_gui.engine.clicks.evidence import Evidence
from meticulous_gui.engine.clicks.piece import NOTHING, Piece
from meticulous_gui.engine.clicks.policy import runs_out, wanted_crop
from meticulous_gui.engine.clicks.state import PlacedClick, State

__all__ = ["Readings", "candidate_crops", "distinct", "level_sets", "names_of", "readings_steps"]

_SCALES: Final = (0.5, 2.5)  # of the long side of what was found: crops that may show a part, a group
_LEAST_STEP: Final = 1.3  # crops that differ less in size show the same
_ALIKE: Final = 0.9
_MOST_SMALLER, _MOST_LARGER = 2, 1  # the nearest in area: more have no name
_LEVELS: Final = np.arange(-4.5, 5.0, 0.5)  # logits
_STABLE: Final = 0.8  # share of the area that is left one logit higher
_PART: Final = (0.03, 0.8)  # of the area of the answer
_GROUP: Final = (1.25, 8.0)
_SHRED_PX: Final = 11  # of the network's picture
_SOLID: Final = 0.7  # share of what a group adds that is wider than that


@dataclass(frozen=True)
class Readings:
    """What the only click may mean.

    Attributes:
        state: of the click itself.
        found: masks, the smallest first; None for what the click gave at once.
        object_place: which of them that is.
    """

    state: State
    found: tuple[tuple[Piece, Outcome | None], ...]
    object_place: int

    @property
    def names(self) -> tuple[str, ...]:
        """What to call them; empty where there is but one."""
        return names_of(self.object_place, len(self.found)) if len(self.found) > 1 else ()

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


def readings_steps(
    answering: Answering, state: State, shown: Piece, size_hw: tuple[int, int], evidence: Evidence | None
) -> Generator[None, None, Readings]:
    """Return what the only click of ``state`` may mean, with a stop after each piece of work.

    Other commands may come in between: what is looked at is the click as it was at the beginning.

    Args:
        answering: of the session.
        state: after the click.
        shown: the mask after the click.
        size_hw: of the photo.
        evidence: what the network for whole photos has found; None: not known.
    """
    click = state.clicks[0]
    size_px = answering.size_px(state.settings)
    fresh = replace(state, crop=None, previous=None, variables=None)
    found: list[tuple[Piece, Outcome | None]] = [(Piece(shown.box, shown.mask.copy()), None)]
    under_click = None if evidence is None else evidence.under(click.row, click.col)
    if under_click is not None:
        crop = wanted_crop(under_click.box, [click.xy], [], size_hw, size_px=size_px)
        outcome = answering.outcome_of(fresh, crop, under_click.on(crop))
        found.append((outcome.piece.tight(), outcome))
        yield
    if state.crop is not None and state.previous is not None:
        places = state.crop.image_to_net.apply_xy(*click.xy)
        col, row = (min(int(place), state.crop.size_px - 1) for place in places)
        for logits in level_sets(state.previous, row, col):
            outcome = answering.outcome_of(fresh, state.crop, logits)
            found.append((outcome.piece.tight(), outcome))
            yield
    for crop in candidate_crops(click, found[0][0].box, size_hw, size_px=size_px):
        outcome = yield from answering.steps(fresh, crop, NOTHING, newest=None)
        piece = outcome.piece.tight()
        if not runs_out(piece, crop, size_hw):  # else it is a piece of something larger
            found.append((piece, outcome))
    order = distinct([piece for piece, _ in found])
    at = order.index(0)
    kept = order[max(at - _MOST_SMALLER, 0) : at + 1 + _MOST_LARGER]
    return Readings(state, tuple(found[place] for place in kept), kept.index(0))


def candidate_crops(click: PlacedClick, found: Box, size_hw: tuple[int, int], *, size_px: int) -> list[Crop]:
    """Return crops around a click, the smallest first: closer than the object, wider, the whole photo.

    Args:
        click: where.
        found: box of what the click found, empty for nothing.
        size_hw: of the photo.
        size_px: side of the network's picture.
    """
    longest = float(max(size_hw))
    object_px = max(found.size_hw) if not found.is_empty else longest / 2
    x, y = click.xy
    crops: list[Crop] = []
    for scale in _SCALES:
        side = scale * object_px
        if LEAST_SIDE_PX <= side < longest / _LEAST_STEP:
            crops.append(square_crop((x, y, x, y), size_hw, size_px=size_px, least_px=side))
    return [*crops, whole_crop(size_hw, size_px=size_px)]


def level_sets(previous: NDArray[np.uint8], row: int, col: int) -> list[Logits]:
    """Return what else an answer holds: a part of which the network is surer, a group of which it is less.

    The piece around the click is followed through all thresholds; where it hardly changes from one to the
    next, it is a thing of its own.

    Args:
        previous: uint8 (S, S), the answer as the next look is told of it, 255 sure inside.
        row, col: of the click.

    Returns:
        At most one part and one group, as logits (S, S) that are positive in the piece alone.
    """
    probability = np.clip(previous.astype(np.float32) / 255, 1 / 510, 1 - 1 / 510)
    logits: Logits = np.log(probability / (1 - probability))
    pieces: list[Mask] = []
    for level in _LEVELS:
        _, labels = cv2.connectedComponents((logits > level).astype(np.uint8))
        pieces.append((labels == labels[row, col]) & (labels > 0))
    areas = np.array([max(np.count_nonzero(piece), 1) for piece in pieces], np.float64)
    stable = np.zeros(len(areas))
    stable[1:-1] = areas[2:] / areas[:-2]
    shares = areas / areas[len(_LEVELS) // 2]
    found: list[Logits] = []
    for least, most in (_PART, _GROUP):
        fits = np.where((shares >= least) & (shares <= most) & (stable >= _STABLE), stable, 0.0)
        place = int(fits.argmax())
        if fits[place] > 0 and not _is_ragged(pieces[place] & ~pieces[len(_LEVELS) // 2]):
            shifted = logits - np.float32(_LEVELS[place])
            found.append(np.where(pieces[place], shifted, np.minimum(shifted, -1.0)).astype(np.float32))
    return found


def _is_ragged(added: Mask) -> bool:
    """Say whether what a group adds to the object are shreds, not things."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_SHRED_PX, _SHRED_PX))
    solid = cv2.morphologyEx(added.view(np.uint8), cv2.MORPH_OPEN, kernel)
    return int(np.count_nonzero(solid)) < _SOLID * int(np.count_nonzero(added))


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


def names_of(place: int, n_candidates: int) -> tuple[str, ...]:
    """Return what to call candidates in order of their area, of which the one at ``place`` is the object."""
    smaller, larger = ("detail", "part")[2 - place :], ("group",) * (n_candidates - 1 - place)
    return (*smaller, "object", *larger)
