"""Layers come, go and change, and all of it can be undone or is known to be unsaved."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import photo_from_array
from tests.core.documents import SIZE_HW, A, B, flat, open_document, paint


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


def test_a_new_layer_has_a_colour_that_no_other_has_while_there_is_one() -> None:
    document = open_document()
    for _ in range(7):
        document.add_layer()
    assert len({layer.colour for layer in document.layers}) == 8
    assert document.add_layer().colour == document.layers[0].colour


def test_names_and_colours_are_things_to_save_but_showing_and_hiding_is_not() -> None:
    document = open_document()
    document.set_layer_state(1, visible=False, locked=True)
    assert not document.unsaved.is_any
    document.set_layer_state(1, name="Dog", colour=(1, 2, 3), category="animal")
    assert document.unsaved.is_any
    document.unsaved.mark_saved()
    document.set_layer_state(1, name="Dog")
    assert not document.unsaved.is_any
    document.set_layer_state(1, category="")
    assert document.active.category is None


def test_redo_survives_showing_hiding_and_saving() -> None:
    document = open_document()
    paint(document, A, 255)
    document.undo()
    document.set_layer_state(1, visible=False)
    document.unsaved.mark_saved()
    assert document.redo() is not None
    assert document.unsaved.is_any
    document.undo()
    assert not document.unsaved.is_any


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
