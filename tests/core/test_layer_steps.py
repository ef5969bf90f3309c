"""Whole layers are moved, copied, merged and renamed: each an undo step, and nothing is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.layer_steps import add_layers, duplicate_layer, merge_down, move_layer
from meticulous_gui.core.recovery import recoverable_works
from tests.core.autosaves import die
from tests.core.documents import A, B, flat, open_document, paint

SMALL = (12, 16)


def look(document: Document) -> list[tuple[Any, ...]]:
    """Return everything that a person sees of the layers, in their order."""
    return [
        (
            layer.id,
            layer.name,
            layer.colour,
            layer.category,
            layer.alpha.tobytes(),
            layer.decided.to_mask().tobytes(),
        )
        for layer in document.layers
    ]


def do(document: Document, choice: int, which: int, value: int) -> None:
    """Do one of the things that a person does with layers."""
    layer = document.layers[which % len(document.layers)]
    steps: tuple[Callable[[], object], ...] = (
        lambda: document.add_layer(),
        lambda: document.remove_layer(layer.id),
        lambda: move_layer(document, layer.id, value % 4),
        lambda: duplicate_layer(document, layer.id, f"{layer.name} copy"),
        lambda: merge_down(document, layer.id),
        lambda: document.set_layer_state(layer.id, name=f"N{value}"),
        lambda: document.set_layer_state(layer.id, colour=(value, 0, 0)),
        lambda: document.set_layer_state(layer.id, category=f"C{value % 3}" if value % 3 else ""),
        lambda: paint(document, Box(value % 8, value % 5, value % 8 + 6, value % 5 + 4), value),
    )
    try:
        steps[choice]()
    except MeticulousError:
        pass  # the only layer, nothing below: a refusal changes nothing, which the caller checks


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(0, 255)), max_size=14))
def test_undo_walks_back_through_every_state_and_redo_forward(things: list[tuple[int, int, int]]) -> None:
    document = open_document(SMALL)
    states = [look(document)]
    for choice, which, value in things:
        n_before = document.history.n_done
        do(document, choice, which, value)
        if document.history.n_done > n_before:
            assert document.undo_title
            states.append(look(document))
        assert look(document) == states[-1]
    for state in reversed(states[:-1]):
        assert document.undo() is not None
        assert look(document) == state
    assert not document.can_undo
    assert not document.unsaved.is_any
    for state in states[1:]:
        assert document.redo() is not None
        assert look(document) == state
    assert not document.can_redo


def test_a_moved_layer_keeps_its_neighbours_in_their_order() -> None:
    document = open_document(SMALL)
    for name in "bcd":
        document.add_layer(name)
    assert move_layer(document, 1, 2)
    assert [layer.name for layer in document.layers] == ["b", "c", "Object 1", "d"]
    assert document.undo_title == "Move layer"
    assert not move_layer(document, 1, 2), "it is there already"
    move_layer(document, 1, 99)
    assert document.layers[-1].id == 1


def test_a_duplicate_is_independent_and_lies_above() -> None:
    document = open_document()
    paint(document, A, 200)
    document.set_layer_state(1, category="dog", locked=True, visible=False)
    twin = duplicate_layer(document, 1, "Dog copy")
    assert document.active is twin
    assert document.layers == (document.layer(1), twin)
    assert np.array_equal(twin.alpha, document.layer(1).alpha)
    assert np.array_equal(twin.decided.to_mask(), document.layer(1).decided.to_mask())
    assert (twin.category, twin.visible, twin.locked) == ("dog", True, False)
    assert twin.colour != document.layer(1).colour
    paint(document, B, 90)
    assert not np.array_equal(twin.alpha, document.layer(1).alpha)


def test_merging_takes_the_larger_coverage_and_every_decision() -> None:
    document = open_document()
    paint(document, A, 120)
    upper = document.add_layer("Upper")
    document.apply(Edit(upper.id, B, flat(B, 200)))
    merge_down(document, upper.id)
    (left,) = document.layers
    assert document.active is left
    assert left.alpha[25, 250] == 200, "the overlap"
    assert left.alpha[15, 15] == 120
    assert left.decided.to_mask().sum() == A.width * A.height
    document.undo()
    assert document.active.id == upper.id
    assert document.layers[0].alpha[25, 250] == 120


def test_merging_is_refused_in_one_sentence_that_says_what_to_do() -> None:
    document = open_document()
    with pytest.raises(MeticulousError, match="lowest layer; there is nothing below"):
        merge_down(document, 1)
    upper = document.add_layer("Upper")
    document.set_layer_state(1, locked=True)
    with pytest.raises(MeticulousError, match="“Object 1” is locked; unlock it"):
        merge_down(document, upper.id)
    document.set_layer_state(1, locked=False, visible=False)
    with pytest.raises(MeticulousError, match="“Object 1” is hidden; show it"):
        merge_down(document, upper.id)
    assert document.undo_title == "Add layer"


def test_merging_ignores_that_the_upper_layer_holds_the_pixels() -> None:
    document = open_document()
    upper = document.add_layer("Upper")
    paint(document, A, 255)
    document.only_where_empty = True
    merge_down(document, upper.id)
    assert document.active.alpha[15, 15] == 255


def test_several_layers_come_in_place_of_one_as_one_step() -> None:
    document = open_document(SMALL)
    new = [Layer(document.new_layer_id(), name, np.full(SMALL, 9, np.uint8)) for name in "ab"]
    add_layers(document, new, "Use a mask", in_place_of=[1])
    assert [layer.name for layer in document.layers] == ["a", "b"]
    assert document.active.name == "b"
    document.undo()
    assert [layer.id for layer in document.layers] == [1]
    assert document.active.id == 1
    document.redo()
    assert [layer.alpha[0, 0] for layer in document.layers] == [9, 9]


def test_the_order_survives_a_crash(tmp_path: Any) -> None:
    document = open_document()
    document.add_layer("Upper")
    autosave = Autosave(document, folder=tmp_path)
    move_layer(document, 1, 1)
    autosave.write_now()
    die(autosave)
    (found,) = recoverable_works(tmp_path)
    assert [layer.name for layer in found.restore().layers] == ["Upper", "Object 1"]
