"""“Only where nothing else is”: layers never take pixels from each other, and never lose their own."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from tests.core.documents import A, B, flat, open_document, paint

SMALL = (6, 7)
WHOLE = Box.whole(SMALL)
alphas = arrays(np.uint8, SMALL)


def two_layers(mine: Any, other: Any) -> Document:
    """Return a document whose upper, active layer is `mine`; it may not take pixels of the lower one."""
    document = open_document(SMALL)
    document.apply(Edit(1, WHOLE, other))
    document.add_layer("Mine", mine)
    document.only_where_empty = True
    return document


@given(alphas, alphas, alphas, st.booleans())
def test_the_sum_of_two_layers_stays_whole_and_nothing_else_changes(
    mine: Any, other: Any, wanted: Any, is_network: bool
) -> None:
    document = two_layers(mine, other)
    if is_network:
        with document.transaction("Find") as transaction:
            transaction.apply_result(WHOLE, wanted, document.revision)
    else:
        document.apply(Edit(document.active.id, WHOLE, wanted))
    now = document.active.alpha.astype(int)
    room = np.maximum(255 - other.astype(int), mine)
    np.testing.assert_array_equal(now, np.minimum(wanted, room))
    np.testing.assert_array_equal(document.layers[0].alpha, other)
    assert (now >= np.minimum(wanted, mine)).all(), "what it had and is still wanted stays"


@given(alphas, alphas, alphas)
def test_a_stroke_in_two_pieces_is_the_stroke_in_one(mine: Any, other: Any, wanted: Any) -> None:
    once, twice = two_layers(mine, other), two_layers(mine, other)
    wanted = np.maximum(wanted, mine)
    once.apply(Edit(once.active.id, WHOLE, wanted))
    twice.apply(Edit(twice.active.id, WHOLE, np.maximum(wanted // 2, mine)))
    twice.apply(Edit(twice.active.id, WHOLE, wanted))
    np.testing.assert_array_equal(once.active.alpha, twice.active.alpha)


def test_only_layers_that_are_seen_or_locked_are_spared() -> None:
    document = open_document()
    paint(document, A, 255)
    document.add_layer("Upper")
    document.only_where_empty = True
    told: list[str] = []
    document.subscribe_spared(lambda: told.append("spared"))
    assert paint(document, A, 255).is_empty
    assert told == ["spared"]
    document.set_layer_state(1, visible=False, locked=True)
    assert paint(document, A, 255).is_empty, "locked counts, seen or not"
    document.set_layer_state(1, locked=False)
    assert not paint(document, A, 255).is_empty
    assert told == ["spared", "spared"]


def test_pixels_that_were_refused_are_not_decided() -> None:
    document = open_document()
    paint(document, A, 255)
    document.add_layer("Upper")
    document.only_where_empty = True
    paint(document, B, 255)
    decided = document.active.decided.to_mask()
    assert not decided[A.slices()][B.clip(A).translate(-A.x0, -A.y0).slices()].any()
    assert decided[55, 290]


def test_taking_away_is_always_allowed() -> None:
    document = open_document()
    paint(document, A, 255)
    document.add_layer("Upper", flat(document.box, 255))
    document.only_where_empty = True
    paint(document, B, 0)
    assert document.active.alpha[25, 250] == 0
