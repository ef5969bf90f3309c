"""Which readings of a click are shown, and what they are called."""

from __future__ import annotations

import numpy as np

from meticulous_gui.engine.clicks.candidates import candidate_crops, distinct, names_of
from meticulous_gui.engine.clicks.piece import piece_of
from meticulous_gui.engine.clicks.state import PlacedClick


def _square(side: int) -> np.ndarray:
    mask = np.zeros((100, 100), np.bool_)
    mask[:side, :side] = True
    return mask


def test_only_masks_that_differ_are_shown_smallest_first() -> None:
    masks = [piece_of(_square(side)) for side in (60, 20, 61, 0, 90)]
    assert distinct(masks) == [1, 0, 4]


def test_crops_hold_the_click() -> None:
    click = PlacedClick(1, 3, 390, True)
    crops = candidate_crops(click, (300, 400), size_px=64)
    assert [round(crop.side) for crop in crops] == [100, 200, 400]
    assert all(crop.contains(*click.xy) for crop in crops)


def test_names_go_by_area() -> None:
    assert names_of(3) == ("part", "object", "group")
    assert names_of(2) == ("part", "object")
    assert len(names_of(4)) == 4
