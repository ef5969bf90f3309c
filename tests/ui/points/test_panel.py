"""Every control of clicks: folded away, remembered, at work at once, and set back at a press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as fields_of
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from meticulous_gui.core.settings import PointSettings
from meticulous_gui.engine.clicks.commands import ChangeSettings, ClickSettings, StartClicks
from meticulous_gui.ui.points.options import click_settings
from meticulous_gui.ui.points.panel import BESIDE_THE_NETWORK, PointPanel
from tests.ui.point_stage import PointStage, fields


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[PointStage]:
    stage = PointStage(tmp_path, qtbot)
    stage.open_picture(fields())
    stage.take_tool()
    yield stage
    stage.session.close()


def unfolded(stage: PointStage) -> PointPanel:
    stage.window.actions_set.trigger("point_panel")
    stage.settle()
    return stage.window.points.panel


def test_the_usual_options_are_the_engines_own() -> None:
    assert click_settings(PointSettings()) == ClickSettings()


def test_every_option_has_a_control_with_a_name(stage: PointStage) -> None:
    panel = unfolded(stage)
    assert {*panel.fields, *BESIDE_THE_NETWORK} == {field.name for field in fields_of(PointSettings)}
    for field in panel.fields.values():
        assert field.accessibleName()
        assert field.accessibleDescription().endswith(".")


def test_it_is_folded_away_until_wanted_and_that_is_remembered(stage: PointStage) -> None:
    panel = stage.window.points.panel
    assert not panel.isVisible()
    unfolded(stage)
    assert panel.isVisible()
    assert stage.window.choices.settings.points.has_panel
    stage.press(Qt.Key.Key_B)
    assert not panel.isVisible()
    stage.press(Qt.Key.Key_P)
    assert panel.isVisible()
    QTest.mouseClick(panel.close_button, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    assert not stage.window.choices.settings.points.has_panel


def test_a_change_looks_at_the_clicks_again_and_begins_the_next_object(stage: PointStage) -> None:
    panel = unfolded(stage)
    stage.click(55, 45)
    method = panel.fields["method"]
    assert isinstance(method, QComboBox)
    QTest.keyClick(method, Qt.Key.Key_Down)
    stage.pointing._send_options()
    stage.settle()
    command = stage.server.commands[-1]
    assert isinstance(command, ChangeSettings)
    assert command.settings.mode == "none"
    assert len(stage.pointing.marks) == 1
    stage.press(Qt.Key.Key_Escape)
    stage.pointing.prepare()
    stage.settle()
    starts = [one for one in stage.server.commands if isinstance(one, StartClicks)]
    assert starts[-1].settings.mode == "none"


def test_reset_sets_everything_back_but_the_switches_of_the_tool(stage: PointStage) -> None:
    panel = unfolded(stage)
    stage.window.toolbox.active.set_option("sharpens", False)
    evaluations = panel.fields["evaluations"]
    assert isinstance(evaluations, QSpinBox)
    assert not panel.reset_button.isEnabled()
    evaluations.setValue(7)
    assert stage.window.choices.settings.points.evaluations == 7
    assert panel.reset_button.isEnabled()
    QTest.mouseClick(panel.reset_button, Qt.MouseButton.LeftButton)
    assert evaluations.value() == 20
    assert not stage.pointing.options.sharpens
    assert panel.isVisible()
