"""Refined edges side by side: who is asked, what is shown, and how the line moves."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.jobs import RefineRequest
from meticulous_gui.ui.comparing.comparison import BEFORE
from meticulous_gui.ui.comparing.wipe import WipeTool
from tests.ui.comparing.stage import (
    INK,
    REGION,
    SHIFT,
    SIZE_HW,
    answer,
    compare,
    comparison_of,
    disc,
    drag_box,
    jobs_of,
    n_steps,
    refined,
    wiped,
)
from tests.ui.mouse import drag
from tests.ui.weight_files import install_card
from tests.ui.window_stage import WindowStage


def test_two_refiners_are_asked_and_only_shown(stage: WindowStage) -> None:
    drag_box(stage)
    assert isinstance(stage.window.canvas.tool, WipeTool)
    first = stage.runner.job
    assert isinstance(first.request, RefineRequest)
    assert (first.request.refiner, first.request.region_box) == ("mos_h", REGION)
    first.paint(INK, 255)
    stage.settle()
    np.testing.assert_array_equal(stage.shown_alpha(), wiped(stage, refined(255), disc()))
    first.finish()
    stage.settle()
    second = stage.runner.job
    assert isinstance(second.request, RefineRequest)
    assert (second.request.refiner, second.request.region_box) == ("crm", REGION)
    np.testing.assert_array_equal(second.request.alpha_crop, first.request.alpha_crop)
    second.paint(INK, 0)
    second.finish()
    stage.settle()
    np.testing.assert_array_equal(stage.shown_alpha(), wiped(stage, refined(255), refined(0)))
    np.testing.assert_array_equal(stage.alpha, disc())
    assert n_steps(stage) == 0
    bar = stage.window.comparing.bar
    assert bar.isVisible()
    assert [bar.lists[side].currentText() for side in ("a", "b")] == ["MOS_H", "CRM"]


def test_with_one_refiner_before_lies_left_of_after(alone: WindowStage) -> None:
    compare(alone, 255)
    assert len(jobs_of(alone)) == 1
    np.testing.assert_array_equal(alone.shown_alpha(), wiped(alone, disc(), refined(255)))
    box = alone.window.comparing.bar.lists["b"]
    assert [box.itemText(index) for index in range(box.count())] == [
        "Before",
        "MOS_H",
        "CRM (its weights are not installed)",
    ]
    assert not box.model().flags(box.model().index(2, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_the_line_follows_the_mouse_and_the_arrow_keys(stage: WindowStage) -> None:
    compare(stage, 255, 0)
    comparison = comparison_of(stage)
    middle = comparison.line_x
    assert middle == (REGION.x0 + REGION.x1) // 2
    drag(stage.window.canvas, stage.at(middle + 4, 100), stage.at(124, 120))
    stage.settle()
    assert comparison.line_x == 120, "taken near it, it keeps its distance from the pointer"
    drag(stage.window.canvas, stage.at(200, 100), stage.at(180, 100))
    stage.settle()
    assert comparison.line_x == 180, "pressed elsewhere it comes there"
    np.testing.assert_array_equal(stage.shown_alpha(), wiped(stage, refined(255), refined(0)))
    stage.press(Qt.Key.Key_Left)
    assert comparison.line_x == 172
    stage.press(Qt.Key.Key_Right, SHIFT)
    assert comparison.line_x == 236
    np.testing.assert_array_equal(stage.shown_alpha(), wiped(stage, refined(255), refined(0)))
    assert n_steps(stage) == 0


def test_each_arrow_key_moves_the_line_also_where_pixels_are_large(stage: WindowStage) -> None:
    compare(stage, 255, 0)
    stage.window.canvas.zoom_to(32.0)
    before = comparison_of(stage).line_x
    stage.press(Qt.Key.Key_Right)
    assert comparison_of(stage).line_x == before + 1


@pytest.mark.parametrize("zoom", [0.5, 0.3])
def test_zoomed_out_the_same_is_shown_smaller(stage: WindowStage, zoom: float) -> None:
    stage.window.canvas.zoom_to(zoom)
    compare(stage, 255, 0)
    comparison_of(stage).move_line(160)
    stage.settle()
    shown = stage.shown_alpha()
    whole = wiped(stage, refined(255), refined(0))
    half = cv2.resize(whole, (shown.shape[1], shown.shape[0]), interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - half).max() <= 2


def test_a_key_swaps_the_sides_and_a_list_changes_one(stage: WindowStage) -> None:
    compare(stage, 255, 0)
    stage.press(Qt.Key.Key_Y)
    np.testing.assert_array_equal(stage.shown_alpha(), wiped(stage, refined(0), refined(255)))
    box = stage.window.comparing.bar.lists["a"]
    box.setCurrentIndex(box.findData(BEFORE))
    box.activated.emit(box.currentIndex())
    stage.settle()
    np.testing.assert_array_equal(stage.shown_alpha(), wiped(stage, disc(), refined(255)))
    box.setCurrentIndex(box.findData("mos_h"))
    box.activated.emit(box.currentIndex())
    stage.settle()
    assert [comparison_of(stage).name(side) for side in ("a", "b")] == ["mos_h", BEFORE]
    assert len(jobs_of(stage)) == 2, "what was asked once is not asked again"
    assert stage.window.canvas.hasFocus()


def test_a_refiner_that_is_chosen_later_is_asked_then(alone: WindowStage, tmp_path: Path) -> None:
    compare(alone, 255)
    install_card(tmp_path / "download", "crm", "refiner", architecture="crm")
    alone.window.networks.add_weights(
        tmp_path / "download" / "crm.safetensors", lambda _card: None, pytest.fail
    )
    alone.settle()
    assert alone.runner.catalogs[-1].cards["crm"].name == "crm", "the networks can be asked for it by name"
    box = alone.window.comparing.bar.lists["a"]
    box.setCurrentIndex(box.findData("crm"))
    box.activated.emit(box.currentIndex())
    answer(alone, 0)
    np.testing.assert_array_equal(alone.shown_alpha(), wiped(alone, refined(0), refined(255)))


def test_the_whole_edge_is_compared_from_the_menu(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("compare_all")
    stage.settle()
    request = stage.runner.job.request
    assert isinstance(request, RefineRequest)
    assert request.region_box == Box.whole(SIZE_HW)
    assert stage.window.toolbox.active.id == "refine"


def test_the_key_of_compare_takes_the_tool_and_lets_it_change_at_once_again(stage: WindowStage) -> None:
    tool = stage.window.toolbox.tools["refine"]
    stage.press(Qt.Key.Key_C)
    assert stage.window.toolbox.active is tool
    assert stage.window.actions_set["compare"].isChecked()
    stage.press(Qt.Key.Key_C)
    assert not stage.window.actions_set["compare"].isChecked()
    stage.press(Qt.Key.Key_C)
    drag(stage.window.canvas, stage.at(70, 60), stage.at(250, 150), keys=SHIFT)
    stage.settle()
    assert comparison_of(stage).is_on
