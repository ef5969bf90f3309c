"""An object under the pointer is a growing step: written exactly, kept as one, dropped without a trace."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.clicks.commands import ClickSummary
from meticulous_gui.ui.points.open_object import OpenObject, Part, disc_around
from tests.core.documents import forget_history

SIZE_HW = 24, 30
WHOLE = Box.whole(SIZE_HW)


def document_with(alpha: Alpha | None = None) -> Document:
    """Return a document of one layer."""
    document = Document(photo_from_array(np.zeros((*SIZE_HW, 3), np.uint8)))
    if alpha is not None:
        document.apply(Edit(document.active.id, WHOLE, alpha))
        forget_history(document)
        document.unsaved.mark_saved()
    return document


def soft_square() -> Alpha:
    """A mask with a soft rim."""
    alpha = np.zeros(SIZE_HW, np.uint8)
    alpha[5:15, 5:15] = 90
    alpha[6:14, 6:14] = 255
    return alpha


def opened(document: Document) -> OpenObject:
    return OpenObject(document, document.active.id, Part("one", document.active.alpha.copy()), "Point")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans()), max_size=6))
def test_the_layer_is_what_the_clicks_say_and_elsewhere_what_it_was(
    boxes: list[tuple[int, int, bool]],
) -> None:
    start = soft_square()
    document = document_with(start)
    one = opened(document)
    said = start >= 128
    for x, y, is_in in boxes:
        box = Box(x, y, x + 9, y + 7).clip(WHOLE)
        one.take(one.part, box, np.full(box.size_hw, 255 if is_in else 0, np.uint8))
        said[box.slices()] = is_in
        alpha = document.active.alpha
        assert np.array_equal(alpha >= 128, said)
        same = said == (start >= 128)
        assert np.array_equal(alpha[same], start[same])
    one.drop()
    assert np.array_equal(document.active.alpha, start)
    assert not document.unsaved.is_any


def test_kept_it_is_one_step_and_the_discs_of_its_clicks_are_decided() -> None:
    document = document_with()
    one = opened(document)
    for row in (4, 8):
        one.take(one.part, Box(3, row, 12, row + 4), np.full((4, 9), 255, np.uint8))
    one.part.known = ClickSummary(clicks=((1, 6.5, 6.5, True), (2, 20.5, 20.5, False)))
    box, changed = one.keep()
    assert box == Box(3, 4, 12, 12)
    assert changed.all()
    assert [step.title for step in document.history.steps] == ["Point"]
    decided = document.active.decided.get(WHOLE)
    assert decided[6, 6]
    assert decided[20, 20]
    assert decided.sum() == 2 * disc_around(6.5, 6.5, WHOLE)[1].sum()
    document.undo()
    assert not document.active.alpha.any()
    assert not document.active.decided.get(WHOLE).any()


def test_a_part_adds_and_never_takes_from_what_it_lies_on() -> None:
    document = document_with(soft_square())
    one = opened(document)
    before = one.mask.copy()
    one.begin_part(Part("two", one.part.start, base=one.mask.copy()))
    one.take(one.part, Box(10, 10, 20, 20), np.zeros((10, 10), np.uint8))
    assert np.array_equal(one.mask, before)
    one.take(one.part, Box(10, 10, 20, 20), np.full((10, 10), 255, np.uint8))
    assert one.mask[19, 19]
    assert (one.mask & before).sum() == before.sum()


def test_dropped_below_a_newer_step_it_leaves_that_step_alone() -> None:
    document = document_with()
    one = opened(document)
    one.take(one.part, Box(0, 0, 10, 10), np.full((10, 10), 255, np.uint8))
    stroke = Box(5, 5, 15, 15)
    touched = np.ones(stroke.size_hw, np.bool_)
    alpha = np.full(stroke.size_hw, 200, np.uint8)
    document.apply(Edit.by_hand(document.active, stroke, alpha, touched=touched, title="Brush"))
    one.drop()
    assert (document.active.alpha[stroke.slices()] == 200).all()
    assert document.active.alpha.astype(int).sum() == 200 * stroke.area


def test_somebody_elses_undo_is_noticed() -> None:
    document = document_with()
    one = opened(document)
    one.take(one.part, Box(0, 0, 10, 10), np.full((10, 10), 255, np.uint8))
    assert not one.is_gone
    document.undo()
    assert one.is_gone


def test_without_clicks_it_is_no_step_and_nothing_is_unsaved() -> None:
    document = document_with()
    one = opened(document)
    one.take(one.part, Box(0, 0, 10, 10), np.full((10, 10), 255, np.uint8))
    one.take(one.part, Box(0, 0, 10, 10), np.zeros((10, 10), np.uint8))
    one.rest()
    assert document.history.steps == ()
    assert not document.unsaved.is_any


def test_with_its_layer_gone_no_step_stays_open() -> None:
    document = document_with()
    document.add_layer("other")
    document.set_active(document.layers[0].id)
    one = opened(document)
    one.take(one.part, Box(0, 0, 10, 10), np.full((10, 10), 255, np.uint8))
    document.remove_layer(one.layer_id)
    assert one.is_gone
    one.end()
    assert not any(step.is_open for step in document.history.steps)
    forget_history(document)


def test_a_locked_layer_refuses() -> None:
    document = document_with()
    one = opened(document)
    document.set_layer_state(document.active.id, locked=True)
    with pytest.raises(MeticulousError, match="locked"):
        one.take(one.part, Box(0, 0, 10, 10), np.full((10, 10), 255, np.uint8))
