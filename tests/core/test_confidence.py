"""What networks said goes and comes with the steps in which they said it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.confidence import Confidences
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.step import StepInfo

SIZE_HW = 300, 500
WHOLE = Box.whole(SIZE_HW)


def history(n_applied: int, n_all: int, *, first: int = 1) -> list[StepInfo]:
    """The steps from ``first`` on, of which the lowest ``n_applied`` are applied."""
    return [
        StepInfo(number, "Find", (), is_applied=number <= n_applied, is_open=False, n_bytes=0)
        for number in range(first, n_all + 1)
    ]


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x, y = draw(st.integers(0, SIZE_HW[1] - 1)), draw(st.integers(0, SIZE_HW[0] - 1))
    return Box(x, y, x + draw(st.integers(1, 400)), y + draw(st.integers(1, 300))).clip(WHOLE)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(boxes(), st.integers(0, 255)), min_size=1, max_size=5),
    st.lists(st.integers(0, 5), max_size=6),
)
def test_any_way_through_the_history_shows_what_was_said_up_to_there(
    steps: list[tuple[Box, int]], visits: list[int]
) -> None:
    said = Confidences(SIZE_HW)
    states = [said.read(1, WHOLE)]
    for number, (box, value) in enumerate(steps, 1):
        said.write(1, box, np.full(box.size_hw, value, np.uint8), step_id=number)
        states.append(said.read(1, WHOLE))
    for visit in [min(visit, len(steps)) for visit in visits]:
        before = said.read(1, WHOLE)
        changed = said.follow(history(visit, len(steps)))
        now = said.read(1, WHOLE)
        np.testing.assert_array_equal(now, states[visit])
        for _, box in changed:  # nothing changed elsewhere
            before[box.slices()] = now[box.slices()]
        np.testing.assert_array_equal(now, before)


def test_a_step_that_is_taken_back_was_never_there() -> None:
    said = Confidences(SIZE_HW)
    said.write(1, Box(0, 0, 40, 40), np.full((40, 40), 7, np.uint8), step_id=1)
    said.look(1, Box(0, 0, 40, 40), np.ones((40, 40), np.bool_), step_id=1)
    said.oversee(1, step_id=1)
    assert said.has(1)
    assert said.follow([], growing_id=1) == []
    assert {layer_id for layer_id, _ in said.take_back(1)} == {1}
    assert not said.has(1)
    assert not said.looked(1, WHOLE).any()
    assert (said.read(1, WHOLE) == 255).all()


def test_a_step_that_was_forgotten_keeps_what_it_said() -> None:
    said = Confidences(SIZE_HW)
    said.write(1, Box(0, 0, 40, 40), np.full((40, 40), 7, np.uint8), step_id=1)
    said.look(1, Box(0, 0, 40, 40), np.ones((40, 40), np.bool_), step_id=1)
    said.oversee(1, step_id=1)
    assert said.follow(history(4, 4, first=3)) == []
    assert said.is_overseen(1)
    assert said.looked(1, Box(30, 30, 50, 50)).sum() == 100
    assert (said.read(1, Box(0, 0, 40, 40)) == 7).all()


def test_layers_do_not_speak_for_each_other() -> None:
    said = Confidences(SIZE_HW)
    said.write(1, Box(0, 0, 40, 40), np.zeros((40, 40), np.uint8))
    assert said.has(1)
    assert not said.is_overseen(1)
    assert not said.has(2)
    assert (said.read(2, WHOLE) == 255).all()
