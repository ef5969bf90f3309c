"""Which readings of a click are shown, and what they are called."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.clicks.candidates import candidate_crops, distinct, level_sets, names_of
from meticulous_gui.engine.clicks.maps import quantised
from meticulous_gui.engine.clicks.piece import piece_of
from meticulous_gui.engine.clicks.state import PlacedClick


def _square(side: int) -> np.ndarray:
    mask = np.zeros((100, 100), np.bool_)
    mask[:side, :side] = True
    return mask


def test_only_masks_that_differ_are_shown_smallest_first() -> None:
    masks = [piece_of(_square(side)) for side in (60, 20, 61, 0, 90)]
    assert distinct(masks) == [1, 0, 4]


def test_crops_go_from_closer_than_the_object_to_the_whole_photo() -> None:
    click = PlacedClick(1, 3, 3900, True)
    crops = candidate_crops(click, Box(3400, 0, 4000, 400), (3000, 4000), size_px=64)
    assert [round(crop.side) for crop in crops] == [300, 1500, 4000]
    assert all(crop.contains(*click.xy) for crop in crops)


@pytest.mark.parametrize("found", [Box(0, 0, 0, 0), Box(0, 0, 400, 300), Box(10, 10, 14, 14)])
def test_there_are_few_crops_and_none_twice(found: Box) -> None:
    crops = candidate_crops(PlacedClick(1, 11, 11, True), found, (300, 400), size_px=64)
    sides = [crop.side for crop in crops]
    assert sides == sorted(set(sides))
    assert sides[0] >= 96 or sides == [400]
    assert sides[-1] == 400


def test_the_answer_is_the_object_and_the_others_are_named_by_their_area() -> None:
    assert names_of(0, 2) == ("object", "group")
    assert names_of(1, 2) == ("part", "object")
    assert names_of(1, 3) == ("part", "object", "group")
    assert names_of(2, 4) == ("detail", "part", "object", "group")


def test_a_surer_part_and_a_group_that_is_less_sure_are_readings() -> None:
    """A head on a body beside a companion: the network is surest of the first, least sure of the last."""
    logits = np.full((64, 64), -6.0, np.float32)
    logits[10:30, 10:30], logits[30:50, 10:40], logits[20:60, 40:62] = 4.0, 1.2, -1.7
    previous = quantised((1 / (1 + np.exp(-logits))).astype(np.float32))
    part, group = level_sets(previous, 20, 20)
    assert ((part > 0) == (logits == 4)).all()
    assert ((group > 0) == (logits > -6)).all()
    (group_alone,) = level_sets(previous, 40, 20)  # the click is on the body: no part holds it alone
    assert ((group_alone > 0) == (logits > -6)).all()


def test_an_answer_that_is_sure_everywhere_has_one_reading() -> None:
    previous = np.where(_square(40), np.uint8(255), np.uint8(0))
    assert not level_sets(previous, 5, 5)
    assert not level_sets(np.zeros((16, 16), np.uint8), 5, 5)
