"""A person's hand wins over a network, always."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core.decided_steps import release_decided
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from tests.core.documents import SIZE_HW, A, B, flat, open_document, paint


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
    assert document.layer(1).alpha[0, 0] == 9
    assert not other.alpha.any()
    with pytest.raises(ValueError, match="alpha must be"):
        transaction.apply_result(box, np.zeros((3, 3), np.uint8), document.revision)


def test_clearing_decided_pixels_lets_networks_speak_again_and_can_be_undone() -> None:
    document = open_document()
    paint(document, A, 255)
    assert release_decided(document, 1, Box(200, 20, 250, 60)) == Box(200, 20, 250, 30)
    assert not document.active.decided.get(Box(200, 20, 250, 30)).any()
    assert document.active.decided.get(Box(250, 20, 280, 30)).all()
    assert document.active.alpha[25, 210] == 255
    document.undo()
    assert document.active.decided.get(A).all()
    release_decided(document, 1)
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


def test_a_stroke_that_came_and_went_over_a_saved_result_leaves_the_document_unsaved() -> None:
    """The result gave its pixels up to the stroke; that they are gone with it is a change."""
    document = open_document()
    stroke = document.begin("Brush")
    with document.transaction("Refine") as transaction:
        transaction.apply_result(A, flat(A, 200), document.revision)
    document.unsaved.mark_saved()
    stroke.apply(Edit(1, A, flat(A, 90)))
    stroke.rollback()
    assert not document.active.alpha[A.slices()].any()
    assert document.unsaved.is_any
