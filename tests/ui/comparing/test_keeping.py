"""A comparison leaves the mask as it is until one of its edges is kept, as one step."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.engine.catalog import Card, Catalog
from meticulous_gui.engine.jobs import RefineRequest
from meticulous_gui.ui.comparing.comparison import BEFORE
from meticulous_gui.ui.comparing.wipe import WipeTool
from tests.ui.comparing.stage import (
    CTRL,
    INK,
    OPTIONS,
    SHIFT,
    answer,
    compare,
    comparison_of,
    disc,
    drag_box,
    jobs_of,
    make_stage,
    n_steps,
    refined,
    wiped,
)
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage, paint_a_stroke

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
    assert stage.texts[-1] == "“Object 1” is locked; unlock it to change it."


def test_a_layer_hidden_meanwhile_is_not_changed_unseen(stage: WindowStage) -> None:
    compare(stage, 255, 0)
    stage.window.actions_set.trigger("toggle_layer")
    stage.press(Qt.Key.Key_Comma)
    np.testing.assert_array_equal(stage.alpha, disc())
    assert stage.texts[-1] == "“Object 1” is hidden; show it to change it."
    stage.window.actions_set.trigger("toggle_layer")
    stage.press(Qt.Key.Key_Comma)
    np.testing.assert_array_equal(stage.alpha, refined(255))


# --- real networks ----------------------------------------------------------------------------------------


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

        qtbot.waitUntil(are_both_whole)
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
