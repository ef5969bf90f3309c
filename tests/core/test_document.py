"""Steps of a document: done, undone, redone, within a budget; who hears of them."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer_list import LayerChange, LayerEvent
from tests.core.documents import A, B, flat, noise, open_document, paint


def test_a_document_begins_with_one_empty_clean_layer() -> None:
    document = open_document()
    assert [layer.name for layer in document.layers] == ["Object 1"]
    assert document.active is document.layers[0]
    assert not document.active.alpha.any()
    assert not document.unsaved.is_any
    assert document.undo() is None
    assert document.redo() is None
    assert (document.undo_title, document.redo_title) == ("", "")


def test_undo_and_redo_bring_back_pixels_and_decided_bits() -> None:
    document = open_document()
    paint(document, A, 255)
    paint(document, B, 90, "Fill")
    after = document.active.alpha.copy(), document.active.decided.to_mask()
    assert document.undo_title == "Fill"
    undone = document.undo()
    assert undone is not None
    assert (undone.layer_id, undone.box, undone.title) == (document.active.id, B, "Fill")
    assert document.active.alpha[25, 250] == 255
    assert document.redo_title == "Fill"
    document.undo()
    assert not document.active.alpha.any()
    assert document.active.decided.is_empty()
    document.redo()
    document.redo()
    assert np.array_equal(document.active.alpha, after[0])
    assert np.array_equal(document.active.decided.to_mask(), after[1])


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    document = open_document()
    assert document.apply(Edit(1, A, flat(A, 0))).is_empty
    paint(document, A, 255)
    paint(document, A, 255)
    assert [step.title for step in document.history.steps] == ["Brush"]


def test_a_document_knows_since_when_it_is_unsaved() -> None:
    document = open_document()
    assert document.unsaved.since is None
    paint(document, A, 255)
    since = document.unsaved.since
    assert since is not None
    paint(document, B, 255)
    assert document.unsaved.since is since, "the first change counts"
    document.unsaved.mark_saved()
    assert document.unsaved.since is None
    document.undo()
    again = document.unsaved.since
    assert again is not None
    assert again > since
    document.redo()
    assert document.unsaved.since is None
    document.unsaved.mark_lost(2, since)
    assert document.unsaved.since is since


def test_a_new_edit_makes_undone_steps_unreachable() -> None:
    document = open_document()
    paint(document, A, 255)
    document.undo()
    paint(document, B, 255)
    assert not document.can_redo


def test_a_transaction_is_one_step_and_an_exception_takes_it_back() -> None:
    document = open_document()
    with document.transaction("Both") as transaction:
        transaction.apply(Edit(1, A, flat(A, 255)))
        document.apply(Edit(1, B, flat(B, 255), title="inside"))
    assert [step.title for step in document.history.steps] == ["Both"]
    before = document.active.alpha.copy()
    with pytest.raises(ValueError, match="outside the photo"):
        _fill_and_fail(document)
    assert np.array_equal(document.active.alpha, before)
    assert document.undo_title == "Both"


def _fill_and_fail(document: Document) -> None:
    beside = Box(510, 0, 530, 5)
    with document.transaction("Fails"):
        document.apply(Edit(1, A, flat(A, 7)))
        document.apply(Edit(1, beside, flat(beside, 7)))


def test_a_finished_transaction_takes_no_more_edits_and_ends_only_once() -> None:
    document = open_document()
    transaction = document.begin("Stroke")
    transaction.apply(Edit(1, A, flat(A, 255)))
    transaction.commit()
    transaction.commit()
    transaction.rollback()
    assert document.active.alpha[15, 15] == 255
    with pytest.raises(ValueError, match="is over"):
        transaction.apply(Edit(1, A, flat(A, 0)))


def test_undo_ends_a_step_that_is_still_growing_without_a_trace() -> None:
    document = open_document()
    transaction = document.begin("Refine")
    transaction.apply_result(A, flat(A, 200), document.revision)
    assert document.undo_title == "Refine"
    undone = document.undo()
    assert undone is not None
    assert undone.box == A
    assert not document.active.alpha.any()
    assert not transaction.is_open
    assert not document.can_redo
    assert transaction.apply_result(A, flat(A, 200), document.revision).is_empty
    assert not document.active.alpha.any()


def test_observers_hear_of_pixels_layers_and_steps_until_they_leave() -> None:
    document = open_document()
    pixels: list[tuple[int, Box]] = []
    events: list[LayerEvent] = []
    titles: list[str] = []
    leave = document.subscribe(lambda layer_id, box: pixels.append((layer_id, box)))
    document.subscribe_layers(events.append)
    document.subscribe_history(lambda: titles.append(document.undo_title))
    paint(document, A, 255)
    assert pixels == [(1, A)]
    assert titles[-1] == "Brush"
    document.undo()
    assert pixels == [(1, A), (1, A)]
    assert titles[-1] == ""
    layer = document.add_layer()
    assert events == [LayerEvent(LayerChange.ADDED, layer.id), LayerEvent(LayerChange.ACTIVE, layer.id)]
    document.set_layer_state(layer.id, visible=False)
    document.set_active(1)
    document.set_active(1)
    document.remove_layer(layer.id)
    assert [event.kind for event in events[2:]] == [
        LayerChange.STATE,
        LayerChange.ACTIVE,
        LayerChange.REMOVED,
    ]
    leave()
    leave()
    paint(document, A, 255)
    assert len(pixels) == 2


def test_every_change_makes_the_revision_grow() -> None:
    document = open_document()
    revisions = [document.revision]
    paint(document, A, 255)
    revisions.append(document.revision)
    document.undo()
    revisions.append(document.revision)
    document.redo()
    revisions.append(document.revision)
    document.add_layer()
    revisions.append(document.revision)
    assert revisions == sorted(set(revisions))


def test_the_history_stays_within_its_budget_and_forgets_the_oldest_first() -> None:
    document = open_document(budget_bytes=700_000)
    states = [document.active.alpha.copy()]
    for seed in range(8):
        noise(document, seed)
        states.append(document.active.alpha.copy())
        assert document.history.n_bytes <= 700_000
    assert document.history.n_dropped + len(document.history.steps) == 8
    assert document.history.n_done == 8
    assert document.history.n_dropped > 0
    while document.can_undo:
        document.undo()
        assert np.array_equal(document.active.alpha, states[document.history.n_done])
    assert document.history.n_done == document.history.n_dropped
    assert document.unsaved.is_any


def test_the_newest_step_can_be_undone_however_small_the_budget() -> None:
    document = open_document(budget_bytes=1)
    noise(document, 0)
    noise(document, 1)
    assert len(document.history.steps) == 1
    assert document.undo() is not None


def test_a_step_that_grows_over_many_tiles_keeps_few_of_them_open() -> None:
    document = open_document((256, 256 * 300))
    transaction = document.begin("Wide")
    for x in range(0, 256 * 300, 256):
        box = Box(x, 0, x + 256, 256)
        transaction.apply_result(box, flat(box, 255), document.revision)
    assert document.history.n_bytes < 260 * 81_920
    transaction.rollback()
    assert not document.active.alpha.any()


def test_an_edit_of_another_shape_than_its_box_is_refused() -> None:
    with pytest.raises(ValueError, match="alpha must have"):
        Edit(1, A, np.zeros((2, 2), np.uint8))
    with pytest.raises(ValueError, match="decided must have"):
        Edit(1, A, flat(A, 1), np.zeros((2, 2), np.bool_))
    with pytest.raises(ValueError, match="not empty"):
        Edit(1, Box(0, 0, 0, 0), np.zeros((0, 0), np.uint8))
    with pytest.raises(ValueError, match="uint8"):
        Edit(1, A, np.zeros(A.size_hw, np.float32))


def test_painting_what_is_painted_already_makes_no_step_and_costs_no_redo() -> None:
    document = open_document()
    paint(document, A, 255)
    paint(document, B, 255)
    document.undo()
    document.unsaved.mark_saved()
    paint(document, A, 255)
    assert document.can_redo
    assert not document.unsaved.is_any
    assert [step.title for step in document.history.steps] == ["Brush", "Brush"]
    document.redo()
    assert (document.active.alpha[B.slices()] == 255).all()


def test_a_result_gives_way_to_pixels_that_were_painted_as_they_were() -> None:
    document = open_document()
    plain = Edit(document.active.id, A, flat(A, 255), touched=np.ones(A.size_hw, np.bool_))
    document.apply(plain)
    transaction = document.begin("Refine")
    since = document.revision
    document.apply(plain)
    transaction.apply_result(A, flat(A, 0), since)
    assert (document.active.alpha[A.slices()] == 255).all()
