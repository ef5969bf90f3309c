"""What holds for both panels that change the whole edge: where they lie, and that nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.panels.adjust import AdjustPanel
from meticulous_gui.ui.panels.clean_up import CleanUpPanel
from meticulous_gui.ui.panels.floating import FloatingPanel
from tests.ui.edge_panels.stage import begin_in_a_folder, blot, n_steps, open_adjust, open_clean_up
from tests.ui.window_stage import WindowStage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.mark.parametrize("name", ["adjust_edge", "clean_up"])
def test_a_hidden_layer_is_not_changed_unseen(stage: WindowStage, name: str) -> None:
    stage.document.set_layer_state(stage.document.active.id, visible=False)
    stage.window.actions_set.trigger(name)
    assert stage.window.edge_panels.open_panel is None
    assert "is hidden; show it" in stage.texts[-1]


@pytest.mark.parametrize("opened", [open_adjust, open_clean_up])
def test_a_layer_hidden_while_the_panel_is_open_is_not_changed_unseen(
    stage: WindowStage, opened: Callable[[WindowStage], AdjustPanel | CleanUpPanel]
) -> None:
    panel = opened(stage)
    if isinstance(panel, AdjustPanel):
        panel.grow.field.setValue(3.0)
    stage.window.actions_set.trigger("toggle_layer")
    panel.apply()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, blot())
    assert "is hidden; show it" in stage.texts[-1]
    assert panel.isVisible()
    stage.window.actions_set.trigger("toggle_layer")
    panel.apply()
    stage.settle()
    assert (stage.alpha != blot()).any()


def test_only_one_panel_is_open(stage: WindowStage) -> None:
    first = open_adjust(stage)
    second = open_clean_up(stage)
    assert not first.isVisible()
    assert second.isVisible()


def test_every_control_of_the_panels_has_a_name(stage: WindowStage) -> None:
    for panel in (open_adjust(stage), open_clean_up(stage)):
        for widget in (panel, *panel.findChildren(QWidget)):
            is_inner = widget.objectName().startswith("qt_")
            is_holder = type(widget).__name__ == "NumberControl" or widget is panel.note
            assert widget.accessibleName() or is_inner or is_holder, widget


def test_a_click_on_the_panel_does_not_paint_below_it(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    stage.settle()
    assert n_steps(stage) == 0


def test_the_panel_stays_in_the_corner_of_the_canvas(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    for width, height in ((1100, 800), (760, 560)):
        stage.window.resize(width, height)
        stage.settle()
        canvas = stage.window.canvas.geometry()
        assert canvas.contains(panel.geometry())
        assert canvas.right() - panel.geometry().right() < 30


@pytest.mark.parametrize("opens", [open_adjust, open_clean_up])
@pytest.mark.parametrize("wh", [(853, 480), (1000, 700)])
def test_the_panel_leaves_the_pointing_bar_free(
    stage: WindowStage, opens: Callable[[WindowStage], FloatingPanel], wh: tuple[int, int]
) -> None:
    stage.window.resize(*wh)
    stage.window.toolbox.choose("point")
    stage.settle()
    panel, bar = opens(stage), stage.window.points.bar
    assert bar.isVisible()
    assert not panel.geometry().intersects(bar.geometry())
    assert stage.window.canvas.geometry().contains(panel.geometry())


@pytest.mark.parametrize("is_clean_up", [False, True])
def test_what_is_applied_goes_to_the_layer_it_was_seen_on(stage: WindowStage, is_clean_up: bool) -> None:
    document = stage.document
    blotted = document.active
    other = document.add_layer(alpha=blot())
    document.set_active(blotted.id)
    stage.settle()
    if is_clean_up:
        open_clean_up(stage).largest.setChecked(True)
        stage.settle()
        stage.window.edge_panels.apply()
    else:
        open_adjust(stage).grow.field.setValue(5.0)
        stage.settle()
        stage.window.edge_panels.apply()
    stage.window.commands.layers.choose(other.id)
    stage.settle()
    np.testing.assert_array_equal(other.alpha, blot())
    assert (blotted.alpha != blot()).any()
    assert stage.window.edge_panels.open_panel is None


@pytest.mark.parametrize("opens", [open_adjust, open_clean_up])
def test_a_layer_that_is_removed_while_it_is_worked_on_closes_the_panel(
    stage: WindowStage, opens: Callable[[WindowStage], AdjustPanel | CleanUpPanel]
) -> None:
    other = stage.document.add_layer(alpha=blot())
    stage.settle()
    panel = opens(stage)
    if isinstance(panel, AdjustPanel):
        panel.grow.field.setValue(5.0)
    panel.apply()
    stage.window.commands.layers.remove()
    stage.settle()
    assert not stage.document.has_layer(other.id)
    assert not panel.isVisible()
    np.testing.assert_array_equal(stage.alpha, blot())


def test_what_was_dropped_does_not_come_when_the_panel_is_opened_again(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    panel.apply()
    panel.drop()
    panel.open()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, blot())
    assert panel.isVisible()


@pytest.mark.parametrize("opens", [open_adjust, open_clean_up])
@pytest.mark.parametrize("is_dropped", [False, True])
def test_who_goes_on_before_it_is_worked_out_loses_nothing(
    stage: WindowStage, opens: Callable[[WindowStage], AdjustPanel | CleanUpPanel], is_dropped: bool
) -> None:
    document, panel = begin_in_a_folder(stage), opens(stage)
    if isinstance(panel, AdjustPanel):
        panel.grow.field.setValue(5.0)
    else:
        panel.largest.setChecked(True)
    panel.apply()
    stage.window.actions_set.trigger("next_photo")
    if is_dropped:
        panel.drop()
    stage.settle()
    assert stage.document is not document
    assert (document.active.alpha != blot()).any() != is_dropped


@pytest.mark.parametrize("is_clean_up", [False, True])
def test_what_cannot_be_worked_out_is_said_and_nobody_waits_for_it(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch, is_clean_up: bool
) -> None:
    def fail(*_wishes: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("meticulous_gui.ui.panels.adjust.adjusted_parts", fail)
    monkeypatch.setattr("meticulous_gui.ui.panels.clean_up.Findings", fail)
    before = stage.alpha
    if is_clean_up:
        stage.press(Qt.Key.Key_G, CTRL | SHIFT)
    else:
        open_adjust(stage).grow.field.setValue(5.0)
        stage.press(Qt.Key.Key_Return)
    stage.settle()
    assert stage.window.edge_panels.open_panel is (None if is_clean_up else stage.window.edge_panels.adjust)
    assert "no room" in stage.texts[-1]
    assert stage.window.edge_panels.rests(lambda: None)
    np.testing.assert_array_equal(stage.alpha, before)


def test_who_clicks_another_photo_before_it_is_worked_out_loses_nothing(stage: WindowStage) -> None:
    document, panel = begin_in_a_folder(stage), open_adjust(stage)
    panel.grow.field.setValue(5.0)
    panel.apply()
    stage.window.folder.strip.view.wanted.emit(stage.folder / "z.png")
    stage.settle()
    assert stage.document.photo.name == "z.png"
    assert (document.active.alpha != blot()).any()
    assert not document.unsaved.is_any, "it was saved on the way"


def test_what_becomes_of_unsaved_work_is_asked_when_it_is_worked_out(stage: WindowStage) -> None:
    document, panel = begin_in_a_folder(stage), open_adjust(stage)
    document.unsaved.mark_saved()
    panel.grow.field.setValue(5.0)
    panel.apply()
    gone: list[bool] = []
    stage.window.commands.files.unless_unsaved(lambda: gone.append(True))
    stage.settle()
    assert not gone
    assert stage.dialog(UnsavedQuestion).isVisible()
    assert (document.active.alpha != blot()).any()


def test_the_title_is_seen_however_small_the_window(stage: WindowStage) -> None:
    stage.window.resize(640, 420)
    stage.window.toolbox.choose("point")
    stage.window.actions_set.trigger("strip")
    stage.settle()
    panel = open_clean_up(stage)
    assert panel.geometry().top() >= stage.window.canvas.geometry().top()
