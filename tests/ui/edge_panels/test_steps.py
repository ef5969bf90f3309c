"""Ctrl+Z in a panel over the canvas takes back what was done last: in the panel, never a step below it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.edge_panels.stage import n_steps, open_adjust, open_clean_up
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage(stage: WindowStage) -> WindowStage:
    """Put one step below the panel."""
    paint_a_stroke(stage)
    return stage


def undo(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_Z, CTRL)


def redo(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_Z, CTRL | SHIFT)


def test_the_control_touched_last_goes_back_then_the_panel_closes_then_the_step_goes(
    stage: WindowStage,
) -> None:
    n_before, before = n_steps(stage), stage.alpha
    panel = open_adjust(stage)
    for _ in range(4):
        stage.press(Qt.Key.Key_Right)
    smooth = panel.smooth.field.value()
    panel.grow.field.setValue(3.0)
    undo(stage)
    assert panel.adjustment.grow_px == 0.0
    assert panel.adjustment.smooth_px == smooth > 0
    undo(stage)
    assert panel.adjustment.is_identity
    assert panel.isVisible()
    np.testing.assert_array_equal(stage.shown_alpha(), before)
    undo(stage)
    assert not panel.isVisible()
    assert n_steps(stage) == n_before
    np.testing.assert_array_equal(stage.alpha, before)
    undo(stage)
    assert n_steps(stage) == n_before - 1


def test_what_was_taken_back_in_the_panel_comes_again(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    stage.settle()
    shown = stage.shown_alpha()
    undo(stage)
    redo(stage)
    assert panel.adjustment.grow_px == 3.0
    stage.settle()
    np.testing.assert_array_equal(stage.shown_alpha(), shown)
    redo(stage)
    assert panel.adjustment.grow_px == 3.0, "there is no more to do again"
    panel.grow.field.setValue(5.0)
    undo(stage)
    undo(stage)
    assert not panel.isVisible()


def test_a_stroke_after_a_change_in_the_panel_goes_first(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    stage.settle()
    n_before = n_steps(stage)
    canvas = stage.window.canvas
    drag(canvas, (canvas.width() / 2, canvas.height() / 2), (canvas.width() / 2 + 20, canvas.height() / 2))
    stage.settle()
    assert n_steps(stage) == n_before + 1
    undo(stage)
    assert n_steps(stage) == n_before
    assert panel.adjustment.grow_px == 3.0
    undo(stage)
    assert n_steps(stage) == n_before
    assert panel.adjustment.is_identity


def test_ctrl_z_in_a_field_takes_back_what_is_typed_then_what_was_set(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    n_before = n_steps(stage)
    field = panel.grow.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7")
    undo(stage)
    assert field.text() == "0.0 px", "typed, and not taken yet"
    field.selectAll()
    QTest.keyClicks(field, "7")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    field.setFocus()
    assert panel.adjustment.grow_px == 7.0
    undo(stage)
    assert panel.adjustment.is_identity
    assert n_steps(stage) == n_before


def test_ctrl_z_while_it_is_worked_out_leaves_the_mask_as_it_was(stage: WindowStage) -> None:
    panel, before = open_adjust(stage), stage.alpha
    panel.grow.field.setValue(3.0)
    panel.apply()
    stage.window.commands.mask.undo()
    stage.settle()
    assert not panel.isVisible()
    np.testing.assert_array_equal(stage.alpha, before)


def test_a_switch_of_the_other_panel_goes_back_too(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.largest.setChecked(True)
    panel.holes.field.setValue(9)
    undo(stage)
    assert panel.wish.hole_px != 9
    assert panel.wish.keeps_largest_only
    undo(stage)
    assert not panel.wish.keeps_largest_only
    undo(stage)
    assert not panel.isVisible()


def test_undo_can_be_had_in_a_panel_where_the_document_has_no_step(stage: WindowStage) -> None:
    while stage.document.can_undo:
        undo(stage)
    panel = open_adjust(stage)
    assert QApplication.focusWidget() is panel.smooth.slider
    undo(stage)
    assert not panel.isVisible()
