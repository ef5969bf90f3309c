"""Every control of clicks: folded away, remembered, at work at once, and set back at a press."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QSpinBox

from meticulous_gui.core.settings import PointSettings
from meticulous_gui.engine.clicks.commands import ChangeSettings, ClickSettings, FindReadings, StartClicks
from meticulous_gui.ui.points.options import click_settings
from meticulous_gui.ui.points.panel import BESIDE_THE_NETWORK, OVERLAY, PointPanel
from tests.ui.point_stage import PointStage


def unfolded(stage: PointStage) -> PointPanel:
    stage.window.actions_set.trigger("point_panel")
    stage.settle()
    return stage.window.points.panel


def test_the_usual_options_are_the_engines_own() -> None:
    assert click_settings(PointSettings()) == ClickSettings()


def test_every_option_has_a_control_with_a_name(point_stage: PointStage) -> None:
    panel = unfolded(point_stage)
    options = {field.name for field in fields_of(PointSettings)}
    assert {*panel.fields, *BESIDE_THE_NETWORK} == options | {OVERLAY}
    for field in panel.fields.values():
        assert field.accessibleName()
        assert field.accessibleDescription().endswith(".")


def test_it_is_folded_away_until_wanted_and_that_is_remembered(point_stage: PointStage) -> None:
    panel = point_stage.window.points.panel
    assert not panel.isVisible()
    unfolded(point_stage)
    assert panel.isVisible()
    assert point_stage.window.choices.settings.points.has_panel
    point_stage.press(Qt.Key.Key_B)
    assert not panel.isVisible()
    point_stage.press(Qt.Key.Key_P)
    assert panel.isVisible()
    QTest.mouseClick(panel.close_button, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    assert not point_stage.window.choices.settings.points.has_panel


def test_a_change_looks_at_the_clicks_again_and_begins_the_next_object(point_stage: PointStage) -> None:
    panel = unfolded(point_stage)
    point_stage.click(55, 45)
    method = panel.fields["method"]
    assert isinstance(method, QComboBox)
    QTest.keyClick(method, Qt.Key.Key_Down)
    point_stage.pointing.options.rest.emit()
    point_stage.settle()
    command = next(one for one in point_stage.server.commands[::-1] if not isinstance(one, FindReadings))
    assert isinstance(command, ChangeSettings)
    assert command.settings.mode == "none"
    assert len(point_stage.pointing.marks) == 1
    point_stage.press(Qt.Key.Key_Escape)
    point_stage.pointing.prepare()
    point_stage.settle()
    starts = [one for one in point_stage.server.commands if isinstance(one, StartClicks)]
    assert starts[-1].settings.mode == "none"


def test_reset_sets_everything_back_but_the_switches_of_the_tool(point_stage: PointStage) -> None:
    panel = unfolded(point_stage)
    point_stage.window.toolbox.active.set_option("sharpens", False)
    evaluations = panel.fields["evaluations"]
    assert isinstance(evaluations, QSpinBox)
    assert not panel.reset_button.isEnabled()
    evaluations.setValue(7)
    assert point_stage.window.choices.settings.points.evaluations == 7
    assert panel.reset_button.isEnabled()
    QTest.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert evaluations.value() == 20
    assert not point_stage.pointing.options.now.sharpens
    assert panel.isVisible()


def test_the_overlay_is_as_strong_as_is_said_here_or_in_the_preferences(point_stage: PointStage) -> None:
    panel, window = unfolded(point_stage), point_stage.window
    strength = panel.fields[OVERLAY]
    assert isinstance(strength, QSpinBox)
    strength.setValue(0)
    assert window.canvas.views.overlay_opacity == 0.0
    settings = window.choices.settings
    window.choices.take(replace(settings, view=replace(settings.view, overlay_opacity=0.7)))
    assert strength.value() == 70
    QTest.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert (strength.value(), window.canvas.views.overlay_opacity) == (50, 0.5)
    assert not panel.reset_button.isEnabled()


def test_where_there_is_room_nothing_is_scrolled(point_stage: PointStage) -> None:
    point_stage.window.resize(1280, 800)
    panel = unfolded(point_stage)
    assert not panel.scrolled.verticalScrollBar().isVisible()
    view = panel.scrolled.viewport().rect()
    assert all(view.contains(field.geometry()) for field in panel.fields.values())


def test_it_leaves_room_for_messages_and_their_buttons(point_stage: PointStage) -> None:
    window = point_stage.window
    window.actions_set.trigger("point_panel")
    point_stage.settle()
    panel = window.points.panel
    assert panel.isVisible()
    top = panel.y()
    point_stage.session.message("Something went wrong.", kind="error")
    point_stage.settle()
    assert window.messages.isVisible()
    assert not panel.geometry().intersects(window.messages.geometry())
    window.messages.clear()
    point_stage.settle()
    assert panel.y() == top


@pytest.mark.parametrize("with_strip", [False, True])
def test_in_the_smallest_window_every_control_is_reached_and_nothing_is_covered(
    point_stage: PointStage, with_strip: bool
) -> None:
    window = point_stage.window
    window.resize(window.minimumSize())
    if with_strip:
        window.actions_set.trigger("strip")
    point_stage.settle()
    panel = unfolded(point_stage)
    canvas = window.canvas.geometry()
    assert canvas.contains(panel.geometry())
    assert not panel.geometry().intersects(window.points.bar.geometry())
    assert panel.rect().contains(panel.close_button.geometry())
    view = panel.scrolled.viewport()
    next(iter(panel.fields.values())).setFocus()
    for field in panel.fields.values():
        assert not field.isEnabled() or field.hasFocus()
        area = QRect(field.mapTo(view, QPoint()), field.size())
        assert view.rect().contains(area) or not field.isEnabled(), field.accessibleName()
        assert field.width() >= field.minimumSizeHint().width()
        if field.isEnabled():
            QTest.keyClick(field, Qt.Key.Key_Tab)
