"""Holes and specks are counted and seen before they go."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from meticulous_gui.core.clean_up import CleanUp, Findings
from tests.ui.edge_panels.stage import assert_enter_makes, blot, n_steps, open_clean_up
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage


def test_holes_and_specks_are_counted_before_anything_happens(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    assert panel.hole_count.text() == "Holes to fill: 2 of 3"
    assert panel.piece_count.text() == "Pieces to remove: 2 of 4"
    panel.specks.field.setValue(1000)
    panel.holes.field.setValue(5)
    assert panel.hole_count.text() == "Holes to fill: 1 of 3"
    assert panel.piece_count.text() == "Pieces to remove: 3 of 4"
    panel.holes.field.setValue(1)
    panel.specks.field.setValue(1)
    assert panel.hole_count.text().endswith(": 0 of 3")
    assert panel.piece_count.text().endswith(": 0 of 4")
    np.testing.assert_array_equal(stage.alpha, blot())


def test_what_is_shown_is_what_enter_makes(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.specks.field.setValue(30)
    stage.settle()
    expected, _ = Findings(blot()).cleaned(CleanUp(hole_px=64, speck_px=30))
    np.testing.assert_array_equal(stage.shown_alpha(), expected)
    np.testing.assert_array_equal(stage.alpha, blot())
    assert_enter_makes(stage, panel, expected)


def test_enter_right_after_the_last_change_waits_for_it(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.specks.field.setValue(500)
    panel.apply()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, Findings(blot()).cleaned(CleanUp(hole_px=64, speck_px=500))[0])


def test_keeping_the_largest_drops_all_others(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.holes.field.setValue(1)
    QTest.mouseClick(panel.largest, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.largest.height() // 2))
    assert panel.piece_count.text() == "Pieces to remove: 3 of 4"
    assert not panel.specks.isEnabled()
    stage.press(Qt.Key.Key_Return)
    assert len(Findings(stage.alpha).pieces) == 1
    assert len(Findings(stage.alpha).holes) == 3
    panel = open_clean_up(stage)
    panel.largest.setChecked(False)


def test_escape_leaves_every_speck(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    stage.press(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    np.testing.assert_array_equal(stage.shown_alpha(), blot())
    assert n_steps(stage) == 0


def test_a_stroke_while_the_panel_is_open_is_counted(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    drag(stage.window.canvas, stage.at(20, 200))
    stage.settle()
    assert panel.piece_count.text().endswith("of 5")
    assert (stage.shown_alpha()[150:, :60] > 0).any()


def test_nothing_to_clean_leaves_no_step(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.holes.field.setValue(1)
    panel.specks.field.setValue(1)
    stage.press(Qt.Key.Key_Return)
    assert n_steps(stage) == 0
    assert not panel.isVisible()
