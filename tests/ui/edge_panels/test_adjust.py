"""Sliders for the whole edge: seen first, exact at full size, one step, or nothing at all."""

from __future__ import annotations

import cv2
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from meticulous_gui.core.adjust import Adjustment, adjusted
from tests.ui.edge_panels.stage import SIZE_HW, assert_enter_makes, blot, n_steps, open_adjust
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage


def test_sliders_show_what_enter_then_makes_at_full_size(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(1.0)
    panel = open_adjust(stage)
    panel.grow.field.setValue(4.5)
    panel.feather.field.setValue(3.0)
    panel.contrast.field.setValue(20)
    stage.settle()
    expected = adjusted(blot(), Adjustment(grow_px=4.5, feather_px=3.0, contrast=0.2))
    np.testing.assert_array_equal(stage.alpha, blot())
    np.testing.assert_array_equal(stage.shown_alpha(), expected)  # all of it is in view
    assert_enter_makes(stage, panel, expected)


def test_zoomed_out_the_smaller_level_is_shown_and_the_truth_is_made(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(0.4)
    panel = open_adjust(stage)
    panel.grow.field.setValue(8.0)
    stage.settle()
    shown = stage.shown_alpha()
    assert shown.shape == (120, 165)
    whole = adjusted(blot(), Adjustment(grow_px=8.0))
    half = cv2.resize(whole, (165, 120), interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - half).mean() < 2.0
    stage.press(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, whole)


def test_escape_drops_it_and_nothing_has_happened(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.smooth.field.setValue(10)
    stage.settle()
    assert (stage.shown_alpha() != blot()).any()
    stage.press(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    np.testing.assert_array_equal(stage.shown_alpha(), blot())
    assert n_steps(stage) == 0
    assert QApplication.focusWidget() is stage.window.canvas
    assert open_adjust(stage).adjustment.is_identity


def test_escape_and_enter_on_the_canvas_mean_the_panel(stage: WindowStage) -> None:
    for key, n_done in ((Qt.Key.Key_Escape, 0), (Qt.Key.Key_Return, 1)):
        panel = open_adjust(stage)
        panel.grow.field.setValue(3.0)
        stage.window.canvas.setFocus()
        stage.press(key)
        assert not panel.isVisible()
        assert n_steps(stage) == n_done


def test_a_value_typed_into_a_field_counts_when_enter_is_pressed(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setFocus()
    panel.grow.field.selectAll()
    QTest.keyClicks(panel.grow.field, "6")
    QTest.keyClick(panel.grow.field, Qt.Key.Key_Return)
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, adjusted(blot(), Adjustment(grow_px=6.0)))


def test_sliders_move_by_the_arrow_keys(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    assert QApplication.focusWidget() is panel.smooth.slider
    for _ in range(16):
        stage.press(Qt.Key.Key_Right)
    stage.press(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, adjusted(blot(), Adjustment(smooth_px=4)))


def test_the_buttons_do_what_the_keys_do(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    QTest.mouseClick(panel.cancel_button, Qt.MouseButton.LeftButton)
    assert n_steps(stage) == 0
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    QTest.mouseClick(panel.apply_button, Qt.MouseButton.LeftButton)
    stage.settle()
    assert n_steps(stage) == 1


def test_a_stroke_while_the_panel_is_open_is_adjusted_too(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    stage.settle()
    drag(stage.window.canvas, stage.at(30, 200), stage.at(60, 210))
    stage.settle()
    painted = stage.alpha
    assert (painted != blot()).any()
    shown = stage.shown_alpha()
    stage.window.edge_panels.apply()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, adjusted(painted, Adjustment(grow_px=5.0)))
    assert (shown != painted).any()
    assert n_steps(stage) == 2


def test_a_stroke_while_the_whole_photo_is_worked_on_is_not_lost(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    panel.apply()
    drag(stage.window.canvas, stage.at(30, 200), stage.at(60, 210))
    painted = stage.alpha
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, adjusted(painted, Adjustment(grow_px=5.0)))


def test_hiding_and_showing_the_layer_or_another_one_keeps_the_change_in_sight(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(1.0)
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    stage.settle()
    shown = stage.shown_alpha()
    for _ in range(2):
        stage.window.actions_set.trigger("toggle_layer")
        stage.settle()
    np.testing.assert_array_equal(stage.shown_alpha(), shown)
    stage.window.actions_set.trigger("add_layer")
    stage.settle()
    assert not stage.shown_alpha().any()
    stage.press(Qt.Key.Key_Escape)
    assert n_steps(stage) == 1


def test_panning_shows_the_change_in_what_comes_into_view(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(6.0)
    panel = open_adjust(stage)
    panel.grow.field.setValue(6.0)
    stage.settle()
    stage.window.canvas.pan_by(-300, 0)
    box = stage.window.canvas.visible_box
    expected = adjusted(blot(), Adjustment(grow_px=6.0))
    np.testing.assert_array_equal(stage.shown_alpha()[box.slices()], expected[box.slices()])


def test_a_locked_layer_is_refused_in_one_sentence_and_the_panel_stays(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    stage.window.actions_set.trigger("lock_layer")
    panel.apply()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, blot())
    assert any("locked" in text for text in stage.texts)
    assert panel.isVisible()


def test_another_photo_closes_the_panel(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    panel.apply()
    stage.open("other.png", SIZE_HW)
    assert not panel.isVisible()
    assert not stage.alpha.any()


def test_each_change_alone_has_its_own_name_in_the_history(stage: WindowStage) -> None:
    titles = []
    for name, value in (("smooth", 4), ("grow", 3), ("grow", -3), ("feather", 5), ("contrast", 50)):
        panel = open_adjust(stage)
        getattr(panel, name).field.setValue(value)
        stage.press(Qt.Key.Key_Return)
        document = stage.session.document
        assert document is not None
        titles.append(document.undo_title)
    assert len(set(titles)) == 5
