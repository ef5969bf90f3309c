"""Moving a mask there and back is the mask again, as far as it never left the photo."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.decided_steps import release_decided
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.shift import shift_edit, shifted_box
from meticulous_gui.core.types import Alpha
from tests.core.documents import SIZE_HW, open_document, paint

HW = (30, 50)
WHOLE = Box.whole(HW)
steps = st.integers(-60, 60)


def noise(seed: int) -> Alpha:
    return np.random.default_rng(seed).integers(0, 256, HW, dtype=np.uint8)


@given(st.integers(0, 9), steps, steps)
def test_each_pixel_comes_from_where_the_move_says(seed: int, dx: int, dy: int) -> None:
    alpha = noise(seed)
    moved = shifted_box(alpha, WHOLE, dx=dx, dy=dy)
    for y, x in ((0, 0), (29, 49), (15, 20), (3, 44)):
        is_inside = 0 <= y - dy < HW[0] and 0 <= x - dx < HW[1]
        assert moved[y, x] == (alpha[y - dy, x - dx] if is_inside else 0)


@given(st.integers(0, 9), steps, steps)
def test_there_and_back_is_the_same_wherever_it_stayed_inside(seed: int, dx: int, dy: int) -> None:
    alpha = noise(seed)
    there = shifted_box(alpha, WHOLE, dx=dx, dy=dy)
    back = shifted_box(there, WHOLE, dx=-dx, dy=-dy)
    stayed = WHOLE.translate(dx, dy).clip(WHOLE).translate(-dx, -dy)
    if not stayed.is_empty:
        np.testing.assert_array_equal(back[stayed.slices()], alpha[stayed.slices()])


@given(st.integers(0, 9), steps, steps, st.integers(0, 40), st.integers(0, 20), st.integers(1, 30))
def test_a_box_shows_what_the_whole_shows(seed: int, dx: int, dy: int, x: int, y: int, side: int) -> None:
    alpha, box = noise(seed), Box(x, y, x + side, y + side).clip(WHOLE)
    whole = shifted_box(alpha, WHOLE, dx=dx, dy=dy)
    np.testing.assert_array_equal(shifted_box(alpha, box, dx=dx, dy=dy), whole[box.slices()])


@given(st.integers(-600, 600), st.integers(-400, 400))
def test_an_edit_moves_the_layer_and_decides_what_changed(dx: int, dy: int) -> None:
    document = open_document()
    paint(document, Box(40, 30, 300, 200), 255)
    release_decided(document, 1)
    before = document.active.alpha.copy()
    edit = shift_edit(document.active, dx=dx, dy=dy, title="Move")
    expected = shifted_box(before, Box.whole(SIZE_HW), dx=dx, dy=dy)
    if edit is None:
        np.testing.assert_array_equal(expected, before)
        return
    document.apply(edit)
    np.testing.assert_array_equal(document.active.alpha, expected)
    np.testing.assert_array_equal(document.active.decided.to_mask(), expected != before)
    document.undo()
    np.testing.assert_array_equal(document.active.alpha, before)


def test_an_empty_mask_has_nothing_to_move() -> None:
    assert shift_edit(open_document().active, dx=3, dy=4, title="Move") is None
