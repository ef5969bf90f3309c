"""What layers held beside a large step: kept while there is room, and given back instead of worked out."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core import history
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from tests.core.documents import SIZE_HW, A, noise, open_document, paint

N_PX = SIZE_HW[0] * SIZE_HW[1]


@pytest.fixture(autouse=True)
def _whole_masks_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "WORTH_PX", N_PX)


def test_undo_and_redo_of_a_large_step_change_memory_and_not_a_pixel() -> None:
    document = open_document()
    paint(document, A, 200)
    before, painted = document.active.alpha, document.active.alpha.copy()
    noise(document, 1)
    after, noisy = document.active.alpha, document.active.alpha.copy()
    paint(document, A, 7)  # into what the step had left
    document.undo()
    for _ in range(2):
        document.undo()
        assert document.active.alpha is before
        assert np.array_equal(before, painted)
        document.redo()
        assert document.active.alpha is after
        assert np.array_equal(after, noisy)


def test_nothing_is_kept_that_no_undo_and_no_redo_reaches() -> None:
    document = open_document()
    noise(document, 1)
    document.undo()
    assert len(document.history.shelf) == 1
    paint(document, A, 200)
    assert len(document.history.shelf) == 0


def test_what_is_kept_goes_before_any_step_is_forgotten() -> None:
    budget_bytes = N_PX * 7 // 2
    document = open_document(budget_bytes=budget_bytes)
    for seed in range(2):
        noise(document, seed)  # does not compress
    assert len(document.history.shelf) == 1
    assert document.history.n_bytes <= budget_bytes
    assert document.history.n_dropped == 0
    document.undo()
    document.undo()
    assert not document.active.alpha.any()


def test_an_edit_that_changes_nothing_keeps_nothing() -> None:
    document = open_document()
    before = document.active.alpha
    document.apply(Edit(document.active.id, document.box, before.copy()))
    assert document.active.alpha is before
    assert len(document.history.shelf) == 0


def test_a_step_over_two_layers_gives_each_its_own_back() -> None:
    document = open_document()
    lower, upper = document.active, document.add_layer()
    alphas = lower.alpha, upper.alpha
    white = np.full(SIZE_HW, 255, np.uint8)
    with document.transaction("Both") as both:
        for layer in (lower, upper):
            both.apply(Edit(layer.id, document.box, white))
    document.undo()
    assert all(layer.alpha is alpha for layer, alpha in zip((lower, upper), alphas, strict=True))
    assert not lower.alpha.any()
    assert not upper.alpha.any()


def test_what_a_network_wrote_below_is_not_undone_with_a_large_step() -> None:
    document = open_document()
    refine = document.begin("Refine")
    noise(document, 1)
    result = np.full((4, 4), 255, np.uint8)
    refine.apply_result(Box(0, 0, 4, 4), result, document.revision)
    document.undo()
    assert np.array_equal(document.active.alpha[:4, :4], result)


def test_a_layer_that_was_removed_comes_back_with_what_it_held() -> None:
    document = open_document()
    document.add_layer()
    noise(document, 1)
    noisy = document.active.alpha.copy()
    _remove_and_bring_back(document)
    assert np.array_equal(document.active.alpha, noisy)
    document.undo()
    assert not document.active.alpha.any()


def _remove_and_bring_back(document: Document) -> None:
    document.remove_layer(document.active.id)
    for layer in document.history.layers:
        layer.sleep()
    document.undo()
