from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import Stroke
from meticulous_gui.core.rims import REACH_PX, along_rims, rim_signs
from tests.core.documents import open_document, stroke_edit

SIZE_HW = (90, 120)
WHOLE = Box.whole(SIZE_HW)


def slow_signs(alpha: NDArray[np.uint8], decided: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return what the definition says, pixel by pixel."""
    signs = np.zeros(alpha.shape, np.int8)
    cores = {value: np.argwhere(decided & (alpha == value)) for value in (255, 0)}
    for row, column in np.argwhere(decided & (alpha > 0) & (alpha < 255)):
        near = alpha[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2]
        if int(near.max()) - int(near.min()) < 8:
            continue
        to_in, to_out = (
            min((int(np.abs(core - (row, column)).sum()) for core in cores[value]), default=10**6)
            for value in (255, 0)
        )
        if min(to_in, to_out) <= REACH_PX:
            signs[row, column] = 1 if to_in <= to_out else -1
    return signs


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), size_hw=st.tuples(st.integers(1, 12), st.integers(1, 90)))
def test_rims_are_what_the_definition_says(seed: int, size_hw: tuple[int, int]) -> None:
    rng = np.random.default_rng(seed)
    alpha = rng.choice(np.array([0, 3, 100, 250, 255], np.uint8), size_hw, p=[0.3, 0.2, 0.2, 0.2, 0.1])
    decided = rng.random(size_hw) < rng.uniform(0.02, 1.0)
    np.testing.assert_array_equal(rim_signs(alpha, decided), slow_signs(alpha, decided))


def painted(*, is_adding: bool, opacity: float = 1.0, begins_with: int = 0) -> Document:
    """Return a document with one soft stroke across it."""
    document = open_document(SIZE_HW)
    layer = document.active
    layer.writable_alpha()[:] = begins_with
    stroke = Stroke(((30, 45, 1.0), (90, 45, 1.0)), radius_px=14, is_adding=is_adding)
    edit = stroke_edit(layer, stroke, hardness=0.6, opacity=opacity)
    assert edit is not None
    document.apply(edit)
    return document


def find(document: Document, *values: int) -> NDArray[np.uint8]:
    """Return the mask after a network's results, one after the other, in one step."""
    revision = document.revision
    with document.transaction("Find", document.active.id) as step:
        for value in values:
            step.apply_result(WHOLE, np.full(SIZE_HW, value, np.uint8), revision)
    return document.active.alpha.copy()


def test_no_groove_is_left_round_a_stroke_inside_what_a_network_finds() -> None:
    assert (find(painted(is_adding=True), 255) == 255).all()


def test_no_line_is_left_round_what_was_taken_away_from_the_ground() -> None:
    assert (find(painted(is_adding=False, begins_with=255), 0) == 0).all()


def test_a_stroke_that_a_network_disagrees_with_stays_soft_rim_and_all() -> None:
    added = painted(is_adding=True)
    before = added.active.alpha.copy()
    np.testing.assert_array_equal(find(added, 0), before)
    taken = painted(is_adding=False, begins_with=255)
    before = taken.active.alpha.copy()
    np.testing.assert_array_equal(find(taken, 255), before)


def test_a_rim_forgets_what_a_network_said_first() -> None:
    document = painted(is_adding=True)
    before = document.active.alpha.copy()
    np.testing.assert_array_equal(find(document, 255, 200, 0), before)


def test_an_even_stroke_of_half_the_opacity_stays_half_transparent() -> None:
    document = painted(is_adding=True, opacity=0.5)
    before = document.active.alpha.copy()
    after = find(document, 255)
    decided = document.active.decided.to_mask()
    np.testing.assert_array_equal(after[decided], before[decided])


def test_undo_gives_the_soft_rim_back() -> None:
    document = painted(is_adding=True)
    before = document.active.alpha.copy()
    found = find(document, 255)
    document.undo()
    np.testing.assert_array_equal(document.active.alpha, before)
    document.redo()
    np.testing.assert_array_equal(document.active.alpha, found)


def test_results_go_with_a_rim_only_the_way_of_its_stroke() -> None:
    signs = np.array([[1, 1, -1, -1, 0]], np.int8)
    before = np.array([[90, 90, 90, 90, 90]], np.uint8)
    result = np.array([[40, 200, 40, 200, 200]], np.uint8)
    np.testing.assert_array_equal(along_rims(signs, before, result), [[90, 200, 40, 90, 200]])
