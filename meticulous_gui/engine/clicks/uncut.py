"""An answer that is cut off by the crop it was given for is asked for again, on a wider crop."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from meticulous_gui.engine.clicks.answer import Answering, Outcome
from meticulous_gui.engine.clicks.crop import Crop, whole_crop
from meticulous_gui.engine.clicks.evidence import Evidence
from meticulous_gui.engine.clicks.piece import Piece
from meticulous_gui.engine.clicks.policy import crop_for, runs_out
from meticulous_gui.engine.clicks.state import State

__all__ = ["uncut_steps"]


def uncut_steps(
    answering: Answering,
    state: State,
    crop: Crop,
    base: Piece,
    size_hw: tuple[int, int],
    *,
    newest: int | None,
    evidence: Evidence | None = None,
) -> Generator[None, None, Outcome]:
    """Return the outcome on ``crop``, or, where the object runs out, on a wider one that is told of it.

    If it runs out of that one as well, all of the photo is looked at.

    Args:
        answering: asks the network.
        state, crop, base, newest, evidence: see `Answering.steps`.
        size_hw: of the photo.
    """
    outcome = yield from answering.steps(state, crop, base, newest=newest, evidence=evidence)
    for is_last in (False, True):
        found = outcome.piece.tight()
        if found.box.is_empty or not runs_out(found, crop, size_hw):
            break
        if is_last:
            crop = whole_crop(size_hw, size_px=crop.size_px)
        else:
            crop = crop_for(replace(state, crop=crop), found, size_hw, size_px=crop.size_px)
        known = replace(state, crop=crop, previous=answering.prior(crop, found))
        outcome = yield from answering.steps(known, crop, base, newest=newest, evidence=evidence)
    return outcome
