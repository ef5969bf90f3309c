"""A document is the only writer of its layers; a person's hand wins over a network."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from numpy.typing import NDArray

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.layer_list import LayerChange, LayerEvent
from meticulous_gui.core.photo import photo_from_array

SIZE_HW = (300, 520)


def open_document(size_hw: tuple[int, int] = SIZE_HW, **options: int) -> Document:
    return Document(photo_from_array(np.zeros((*size_hw, 3), np.uint8)), **options)


def flat(box: Box, value: int) -> NDArray[np.uint8]:
    return np.full(box.size_hw, value, np.uint8)


def paint(document: Document, box: Box, value: int, title: str = "Brush") -> Box:
    touched = np.ones(box.size_hw, np.bool_)
    return document.apply(Edit.by_hand(document.active, box, flat(box, value), touched=touched, title=title))


def noise(document: Document, seed: int) -> Box:
    """Paint something that does not compress."""
    values = np.random.default_rng(seed).integers(0, 256, document.box.size_hw, dtype=np.uint8)
    return document.apply(Edit(document.active.id, document.box, values))


A = Box(10, 10, 280, 30)
B = Box(200, 20, 300, 60)


def test_a_document_begins_with_one_empty_clean_layer() -> None:
    document = open_document()
    assert [layer.name for layer in document.layers] == ["Object 1"]
    assert document.active is document.layers[0]
    assert not document.active.alpha.any()
    assert not document.is_dirty
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
    with pytest.raises(RuntimeError, match="half way"), document.transaction("Fails"):
        document.apply(Edit(1, A, flat(A, 7)))
        raise RuntimeError("half way")
    assert np.array_equal(document.active.alpha, before)
    assert document.undo_title == "Both"


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


# --- a person's hand wins


def test_a_result_leaves_decided_pixels_alone_unless_told_otherwise() -> None:
    document = open_document()
    paint(document, A, 255)
    with document.transaction("Refine") as transaction:
        changed = transaction.apply_result(B, flat(B, 100), document.snapshot(1).revision)
        assert document.active.alpha[25, 250] == 255
        assert document.active.alpha[50, 250] == 100
        assert B.contains(changed)
        assert transaction.n_kept_px == A.clip(B).area
    with document.transaction("Mine too") as transaction:
        transaction.apply_result(B, flat(B, 100), document.revision, respect_decided=False)
    assert document.active.alpha[25, 250] == 100
    assert document.active.decided.get(A).all()


def test_a_result_leaves_pixels_alone_that_were_edited_after_its_snapshot() -> None:
    document = open_document()
    revision = document.snapshot(1).revision
    document.apply(Edit(1, A, flat(A, 50)))  # nothing decided: only time protects it
    with document.transaction("Late") as transaction:
        transaction.apply_result(B, flat(B, 200), revision, respect_decided=False)
    assert document.active.alpha[25, 250] == 50
    assert document.active.alpha[50, 250] == 200


def test_a_stroke_that_repeats_the_value_protects_its_pixels_too() -> None:
    document = open_document()
    paint(document, A, 255)
    revision = document.snapshot(1).revision
    transaction = document.begin("My strokes too")
    paint(document, A, 255)
    transaction.apply_result(A, flat(A, 0), revision, respect_decided=False)
    assert (document.active.alpha[A.slices()] == 255).all()


def test_an_undo_after_the_snapshot_counts_as_an_edit() -> None:
    document = open_document()
    document.apply(Edit(1, A, flat(A, 50)))
    revision = document.snapshot(1).revision
    document.undo()
    with document.transaction("Late") as transaction:
        transaction.apply_result(A, flat(A, 200), revision)
    assert not document.active.alpha.any()


def test_a_result_that_comes_under_a_stroke_is_found_when_the_stroke_is_undone() -> None:
    document = open_document()
    revision = document.snapshot(1).revision
    transaction = document.begin("Refine")
    paint(document, A, 255)
    transaction.apply_result(B, flat(B, 100), revision)
    assert document.active.alpha[25, 250] == 255
    document.undo()
    assert document.active.alpha[25, 250] == 100
    document.redo()
    assert document.active.alpha[25, 250] == 255
    transaction.rollback()
    assert document.active.alpha[25, 250] == 255
    assert document.active.alpha[50, 250] == 0
    document.undo()
    assert not document.active.alpha.any()


def test_later_parts_of_one_run_replace_its_earlier_ones() -> None:
    document = open_document()
    revision = document.snapshot(1).revision
    with document.transaction("Cascade") as transaction:
        transaction.apply_result(A, flat(A, 100), revision)
        transaction.apply_result(A, flat(A, 180), revision)
    assert (document.active.alpha[A.slices()] == 180).all()
    document.undo()
    assert not document.active.alpha.any()


def test_a_result_is_cut_at_the_photos_edge_and_goes_to_the_layer_it_is_for() -> None:
    document = open_document()
    other = document.add_layer("Other")
    box = Box(-5, -5, 5, 5)
    transaction = document.begin("Refine", layer_id=1)
    assert transaction.apply_result(box, flat(box, 9), document.revision) == Box(0, 0, 5, 5)
    transaction.apply_result(box, flat(box, 8), document.revision, layer_id=other.id)
    assert document.layer(1).alpha[0, 0] == 9
    assert other.alpha[0, 0] == 8
    with pytest.raises(ValueError, match="alpha must be"):
        transaction.apply_result(box, np.zeros((3, 3), np.uint8), document.revision)


def test_clearing_decided_pixels_lets_networks_speak_again_and_can_be_undone() -> None:
    document = open_document()
    paint(document, A, 255)
    mask = np.zeros(B.size_hw, np.bool_)
    mask[:, :50] = True
    assert document.clear_decided(1, B, mask) == Box(200, 20, 250, 30)
    assert not document.active.decided.get(Box(200, 20, 250, 30)).any()
    assert document.active.decided.get(Box(250, 20, 280, 30)).all()
    assert document.active.alpha[25, 210] == 255
    document.undo()
    assert document.active.decided.get(A).all()
    document.clear_decided(1)
    assert document.active.decided.is_empty()
    assert len(document.history.steps) == 2


def test_a_snapshot_reads_copies() -> None:
    document = open_document()
    paint(document, A, 255)
    snapshot = document.snapshot(1)
    crop = snapshot.alpha(A)
    crop[:] = 0
    assert document.active.alpha[15, 15] == 255
    assert snapshot.decided(A).all()
    assert snapshot.alpha().shape == SIZE_HW
    assert snapshot.decided().sum() == A.area


# --- layers


def test_layers_are_added_and_removed_as_undo_steps_with_their_pixels() -> None:
    document = open_document()
    alpha = np.random.default_rng(0).integers(0, 256, SIZE_HW, dtype=np.uint8)
    layer = document.add_layer("Cat", alpha, category="animal")
    assert document.active is layer
    document.apply(Edit(layer.id, A, flat(A, 7)))
    document.remove_layer(layer.id)
    assert [one.name for one in document.layers] == ["Object 1"]
    assert document.active.id == 1
    document.undo()
    assert document.active is layer
    assert layer.alpha[15, 15] == 7
    document.undo()
    assert np.array_equal(layer.alpha, alpha)
    document.undo()
    assert document.active.id == 1
    while document.can_redo:
        document.redo()
    assert [one.name for one in document.layers] == ["Object 1"]


def test_the_memory_of_a_removed_layer_is_counted_and_freed_with_its_step() -> None:
    document = open_document(budget_bytes=100_000)
    layer = document.add_layer("Noise", np.random.default_rng(0).integers(0, 256, SIZE_HW, dtype=np.uint8))
    document.remove_layer(layer.id)
    assert document.history.n_bytes > 100_000
    watched = weakref.ref(layer)
    del layer
    paint(document, A, 255)
    gc.collect()
    assert watched() is None
    assert document.history.n_bytes <= 100_000


def test_the_last_layer_stays() -> None:
    with pytest.raises(MeticulousError, match="only layer"):
        open_document().remove_layer(1)


def test_a_locked_layer_refuses_edits_in_one_sentence() -> None:
    document = open_document()
    document.set_layer_state(1, locked=True)
    with pytest.raises(MeticulousError, match="“Object 1” is locked"):
        paint(document, A, 255)
    with pytest.raises(MeticulousError, match="locked"), document.transaction("Refine") as transaction:
        transaction.apply_result(A, flat(A, 1), document.revision)
    assert not document.history.steps


def test_a_layer_that_is_gone_is_named() -> None:
    with pytest.raises(MeticulousError, match="no layer 7"):
        open_document().apply(Edit(7, A, flat(A, 1)))


def test_an_edit_outside_the_photo_is_refused_and_leaves_no_step() -> None:
    document = open_document()
    box = Box(510, 0, 530, 5)
    with pytest.raises(ValueError, match="outside the photo"):
        document.apply(Edit(1, box, flat(box, 1)))
    assert not document.history.steps


def test_a_result_for_a_layer_that_was_removed_meanwhile_is_dropped() -> None:
    document = open_document()
    other = document.add_layer("Other")
    transaction = document.begin("Refine", other.id)
    transaction.apply_result(A, flat(A, 200), document.revision)
    document.remove_layer(other.id)
    assert transaction.apply_result(B, flat(B, 200), document.revision).is_empty
    transaction.rollback()
    document.undo()
    assert document.active.id == other.id
    assert not other.alpha.any()


def test_names_and_colours_are_things_to_save_but_showing_and_hiding_is_not() -> None:
    document = open_document()
    document.set_layer_state(1, visible=False, locked=True)
    assert not document.is_dirty
    document.set_layer_state(1, name="Dog", colour=(1, 2, 3), category="animal")
    assert document.is_dirty
    document.mark_saved()
    document.set_layer_state(1, name="Dog")
    assert not document.is_dirty
    document.set_layer_state(1, category="")
    assert document.active.category is None


def test_redo_survives_showing_hiding_and_saving() -> None:
    document = open_document()
    paint(document, A, 255)
    document.undo()
    document.set_layer_state(1, visible=False)
    document.mark_saved()
    assert document.redo() is not None
    assert document.is_dirty
    document.undo()
    assert not document.is_dirty


def test_starting_layers_keep_their_ids_and_new_ones_get_others() -> None:
    photo = photo_from_array(np.zeros((4, 5, 3), np.uint8))
    layers = [Layer(4, "a", np.zeros((4, 5), np.uint8)), Layer(2, "b", np.ones((4, 5), np.uint8))]
    document = Document(photo, layers=layers)
    assert [layer.id for layer in document.layers] == [4, 2]
    assert document.add_layer().id == 5
    with pytest.raises(ValueError, match="different ids"):
        Document(photo, layers=[layers[0], layers[0]])
    with pytest.raises(ValueError, match="photo's"):
        Document(photo, layers=[Layer(1, "a", np.zeros((5, 5), np.uint8))])


# --- observers, budget, the beginning


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
    assert document.is_dirty


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


def test_forgetting_the_history_makes_the_present_the_beginning() -> None:
    document = open_document()
    paint(document, A, 255)
    document.mark_saved()
    transaction = document.begin("Open")
    with pytest.raises(ValueError, match="still growing"):
        document.forget_history()
    transaction.rollback()
    document.forget_history()
    assert not document.can_undo
    assert not document.is_dirty
    assert document.active.alpha[15, 15] == 255


def test_an_edit_of_another_shape_than_its_box_is_refused() -> None:
    with pytest.raises(ValueError, match="alpha must have"):
        Edit(1, A, np.zeros((2, 2), np.uint8))
    with pytest.raises(ValueError, match="decided must have"):
        Edit(1, A, flat(A, 1), np.zeros((2, 2), np.bool_))
    with pytest.raises(ValueError, match="not empty"):
        Edit(1, Box(0, 0, 0, 0), np.zeros((0, 0), np.uint8))
    with pytest.raises(ValueError, match="uint8"):
        Edit(1, A, np.zeros(A.size_hw, np.float32))  # type: ignore[arg-type]
