"""Refined edges side by side: the mask stays as it is until one of them is kept, as one step."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.catalog import Card, Catalog
from meticulous_gui.engine.jobs import RefineRequest
from meticulous_gui.ui.bars.list_control import ListControl
from meticulous_gui.ui.comparing.comparison import BEFORE, Comparison, Side
from meticulous_gui.ui.comparing.wipe import WipeTool
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from tests.ui.fakes import FakeJob
from tests.ui.mouse import drag
from tests.ui.test_preferences import install_card
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SIZE_HW = (240, 330)
REGION = Box(60, 40, 260, 160)
INK = Box(100, 60, 220, 140)
"""Where refiners answer something else than the mask."""
OPTIONS = {"is_deep": False, "width8": 32, "width4": 24, "width2": 16, "point_hidden": 16}
"""A small MOS_H."""


def disc() -> Alpha:
    alpha = np.zeros(SIZE_HW, np.uint8)
    cv2.circle(alpha, (150, 110), 60, 255, -1, cv2.LINE_AA)
    return alpha


def make_stage(qtbot: QtBot, folder: Path) -> WindowStage:
    stage = WindowStage(folder, qtbot)
    rng = np.random.default_rng(5)
    stage.open_picture(rng.integers(0, 256, (*SIZE_HW, 3), dtype=np.uint8), disc())
    stage.window.canvas.zoom_to(1.0)
    return stage


@pytest.fixture
def alone(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    """A window where only MOS_H has weights."""
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    stage = make_stage(qtbot, tmp_path)
    yield stage
    stage.session.close()


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    """A window with two refiners."""
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    install_card(tmp_path / "data" / "weights", "crm", "refiner", architecture="crm")
    stage = make_stage(qtbot, tmp_path)
    yield stage
    stage.session.close()


def comparison_of(stage: WindowStage) -> Comparison:
    return stage.window.comparing.comparison


def n_steps(stage: WindowStage) -> int:
    assert stage.session.document is not None
    return stage.session.document.history.n_done


def drag_box(stage: WindowStage) -> None:
    """Ask for `REGION` with the Refine tool that compares."""
    stage.press(Qt.Key.Key_C)
    drag(
        stage.window.canvas,
        stage.at(REGION.x0 + 0.5, REGION.y0 + 0.5),
        stage.at(REGION.x1 - 0.5, REGION.y1 - 0.5),
        keys=SHIFT,
    )
    stage.settle()


def jobs_of(stage: WindowStage) -> list[FakeJob]:
    """Return the refines that were asked for."""
    return [job for job in stage.runner.jobs if isinstance(job.request, RefineRequest)]


def answer(stage: WindowStage, value: int) -> None:
    stage.runner.job.paint(INK, value)
    stage.runner.job.finish()
    stage.settle()


def compare(stage: WindowStage, *values: int) -> None:
    """Ask, and let each refiner answer one value in `INK`."""
    drag_box(stage)
    for value in values:
        answer(stage, value)


def refined(value: int) -> Alpha:
    """Return the mask after a refine that answered this."""
    alpha = disc()
    alpha[INK.slices()] = value
    return alpha


def wiped(stage: WindowStage, left: Alpha, right: Alpha) -> Alpha:
    """Return what the canvas must show."""
    x = comparison_of(stage).line_x
    return np.concatenate([left[:, :x], right[:, x:]], axis=1)


# --- looking ----------------------------------------------------------------------------------------------


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


# --- keeping ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "value"), [(Qt.Key.Key_Comma, 255), (Qt.Key.Key_Period, 0)])
def test_keeping_a_side_is_one_step_and_gives_what_was_shown(
    stage: WindowStage, key: Qt.Key, value: int
) -> None:
    compare(stage, 255, 0)
    stage.press(key)
    np.testing.assert_array_equal(stage.alpha, refined(value))
    np.testing.assert_array_equal(stage.shown_alpha(), refined(value))
    assert n_steps(stage) == 1
    assert not comparison_of(stage).is_on
    assert not stage.window.comparing.bar.isVisible()
    assert stage.window.canvas.tool is stage.window.toolbox.tools["refine"]
    document = stage.session.document
    assert document is not None
    assert not document.active.decided.to_mask().any(), "a network said it, not a person"
    stage.press(Qt.Key.Key_Z, CTRL)
    np.testing.assert_array_equal(stage.alpha, disc())
    assert n_steps(stage) == 0


def test_keeping_the_mask_before_changes_nothing(alone: WindowStage) -> None:
    compare(alone, 255)
    alone.press(Qt.Key.Key_Comma)
    np.testing.assert_array_equal(alone.alpha, disc())
    assert n_steps(alone) == 0
    assert not comparison_of(alone).is_on


def test_what_is_not_whole_cannot_be_kept(stage: WindowStage) -> None:
    compare(stage, 255)
    assert stage.window.actions_set["compare_keep_a"].isEnabled()
    assert not stage.window.actions_set["compare_keep_b"].isEnabled()
    stage.runner.job.paint(INK, 0)
    comparison_of(stage).keep("b")
    assert comparison_of(stage).is_on
    np.testing.assert_array_equal(stage.alpha, disc())
    answer(stage, 0)
    assert stage.window.actions_set["compare_keep_b"].isEnabled()


def test_painted_pixels_stay(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_E)
    paint_a_stroke(stage, reach=40)
    painted = stage.alpha != disc()
    assert painted[INK.slices()].any()
    before = stage.alpha
    compare(stage, 255, 255)
    request = jobs_of(stage)[-1].request
    assert isinstance(request, RefineRequest)
    assert request.decided is not None
    assert request.decided.any()
    stage.press(Qt.Key.Key_Period)
    np.testing.assert_array_equal(stage.alpha[painted], before[painted])
    assert (stage.alpha != before).any()


def test_my_strokes_too_counts_here_as_well(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_E)
    paint_a_stroke(stage, reach=40)
    stage.window.toolbox.tools["refine"].set_option("my_strokes_too", True)
    compare(stage, 255, 255)
    stage.press(Qt.Key.Key_Period)
    assert (stage.alpha[INK.slices()] == 255).all()


# --- ending -----------------------------------------------------------------------------------------------


def test_escape_keeps_what_was_before_and_stops_what_runs(stage: WindowStage) -> None:
    drag_box(stage)
    stage.runner.job.paint(INK, 255)
    stage.settle()
    running = stage.runner.job
    stage.press(Qt.Key.Key_Escape)
    assert running.is_cancelled
    assert len(jobs_of(stage)) == 1, "the other one is not asked any more"
    np.testing.assert_array_equal(stage.alpha, disc())
    np.testing.assert_array_equal(stage.shown_alpha(), disc())
    assert not stage.session.work.is_running
    assert n_steps(stage) == 0
    assert stage.texts == []
    compare_again_and_escape(stage)


def compare_again_and_escape(stage: WindowStage) -> None:
    drag(stage.window.canvas, stage.at(70, 60), stage.at(250, 150), keys=SHIFT)
    stage.settle()
    for value in (255, 0):
        answer(stage, value)
    assert comparison_of(stage).is_on
    stage.press(Qt.Key.Key_Escape)
    assert not comparison_of(stage).is_on
    np.testing.assert_array_equal(stage.shown_alpha(), disc())
    assert n_steps(stage) == 0


@pytest.mark.parametrize("leave", ["tool_brush", "invert_mask", "add_layer", "adjust_edge", "clear_mask"])
def test_whatever_leaves_or_changes_the_layer_ends_it(stage: WindowStage, leave: str) -> None:
    compare(stage, 255, 0)
    stage.window.actions_set.trigger(leave)
    stage.settle()
    assert not comparison_of(stage).is_on
    assert not stage.window.comparing.bar.isVisible()
    assert not isinstance(stage.window.canvas.tool, WipeTool)


def test_undo_ends_it_and_takes_back_the_step_before(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_E)
    paint_a_stroke(stage, reach=40)
    painted = stage.alpha
    compare(stage, 255, 0)
    stage.press(Qt.Key.Key_Z, CTRL)
    assert not comparison_of(stage).is_on
    np.testing.assert_array_equal(stage.alpha, disc())
    assert (painted != disc()).any()


def test_another_photo_ends_it(stage: WindowStage) -> None:
    drag_box(stage)
    stage.open("other.png")
    assert not comparison_of(stage).is_on
    assert stage.runner.jobs[1].is_cancelled


def test_a_refiner_that_fails_gives_way_to_the_mask_before(stage: WindowStage) -> None:
    compare(stage, 255)
    stage.runner.job.fail("The weights of crm are damaged; copy them again.")
    stage.settle()
    assert stage.texts[-1] == "The weights of crm are damaged; copy them again."
    assert [comparison_of(stage).name(side) for side in ("a", "b")] == ["mos_h", BEFORE]
    np.testing.assert_array_equal(stage.shown_alpha(), wiped(stage, refined(255), disc()))
    stage.press(Qt.Key.Key_Comma)
    np.testing.assert_array_equal(stage.alpha, refined(255))


def test_where_refining_changes_nothing_that_is_said_and_nothing_is_asked(stage: WindowStage) -> None:
    drag_box(stage)
    stage.runner.job.finish()
    stage.settle()
    assert comparison_of(stage).is_on, "the other one may still change something"
    stage.runner.job.finish()
    stage.settle()
    assert not comparison_of(stage).is_on
    assert stage.texts[-1] == "Refining would change nothing here."


def test_a_locked_layer_is_said_and_nobody_is_asked(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("lock_layer")
    drag_box(stage)
    assert not comparison_of(stage).is_on
    assert jobs_of(stage) == []
    assert stage.texts[-1] == "The layer is locked; unlock it to change it."


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


def sides(stage: WindowStage) -> list[str]:
    names: tuple[Side, ...] = ("a", "b")
    return [comparison_of(stage).name(side) for side in names]


def test_two_real_networks_are_compared_and_the_second_is_kept(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torch import nn

    from meticulous_gui.engine.models import build
    from meticulous_gui.engine.models.crm import CrmConfig, CrmNet
    from meticulous_gui.engine.runner import Runner
    from meticulous_gui.engine.weights import write_weights

    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data" / "weights").mkdir(parents=True)
    crm = CrmNet(CrmConfig())
    nn.init.normal_(crm.last.weight, std=0.3)  # as it comes it changes nothing
    for name, network in (("mos_h", build("mos_h", OPTIONS)), ("crm", crm)):
        card = Card(name, "refiner", name, OPTIONS if name == "mos_h" else {})
        write_weights(network, card, tmp_path / "data" / "weights" / f"{name}.safetensors")
    stage = make_stage(qtbot, tmp_path)
    gc.collect()
    gc.disable()  # widgets of earlier tests must not be freed by the runner's thread
    runner = Runner(Catalog.default(), "cpu")
    try:
        stage.session.set_runner(runner)
        stage.settle()
        drag_box(stage)

        def are_both_whole() -> bool:
            stage.settle()
            return comparison_of(stage).is_whole("a") and comparison_of(stage).is_whole("b")

        qtbot.waitUntil(are_both_whole, timeout=60_000)
        x = comparison_of(stage).line_x
        shown = stage.shown_alpha()
        np.testing.assert_array_equal(stage.alpha, disc())
        np.testing.assert_array_equal(shown[:, :x], disc()[:, :x])
        assert (shown[:, x:] != disc()[:, x:]).any()
        stage.press(Qt.Key.Key_Period)
        np.testing.assert_array_equal(stage.alpha[:, x:], shown[:, x:])
        assert n_steps(stage) == 1
    finally:
        stage.session.close()
        runner.close()
        gc.enable()


# --- which refiner ----------------------------------------------------------------------------------------


def list_control(stage: WindowStage) -> ListControl:
    controls = stage.window.context_bar.findChildren(ListControl)
    return next(control for control in controls if control.isVisible())


def test_the_refiner_is_one_choice_in_two_places(stage: WindowStage) -> None:
    stage.window.resize(1500, 700)
    stage.press(Qt.Key.Key_R)
    control = list_control(stage)
    assert control.list.currentText() == "MOS_H"
    assert "For most edges" in control.note
    control.list.setCurrentIndex(control.list.findData("crm"))
    control.list.activated.emit(control.list.currentIndex())
    stage.settle()
    assert stage.window.choices.settings.engine.refiner == "crm"
    assert "Where MOS_H spoils an edge" in list_control(stage).note
    stage.window.actions_set.trigger("preferences")
    stage.settle()
    dialog = stage.dialog(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    box = dialog.networks.boxes["refiner"]
    assert box.currentData() == "crm"
    box.setCurrentIndex(box.findData("mos_h"))
    box.activated.emit(box.currentIndex())
    stage.settle()
    assert list_control(stage).list.currentData() == "mos_h"
    control = list_control(stage)
    control.list.setCurrentIndex(control.list.findData("crm"))
    control.list.activated.emit(control.list.currentIndex())
    assert box.currentData() == "crm"
    assert "Where MOS_H spoils an edge" in dialog.networks.refiner_use.text()
    dialog.close()


def test_a_refiner_without_weights_is_greyed_out_with_the_reason(alone: WindowStage) -> None:
    alone.press(Qt.Key.Key_R)
    box: QComboBox = list_control(alone).list
    assert [box.itemText(index) for index in range(box.count())] == [
        "MOS_H",
        "CRM (its weights are not installed)",
    ]
    assert not box.model().flags(box.model().index(1, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_the_one_that_is_taken_is_a(stage: WindowStage) -> None:
    comparison_of(stage).refiners.take("crm")
    drag_box(stage)
    assert sides(stage) == ["crm", "mos_h"]
