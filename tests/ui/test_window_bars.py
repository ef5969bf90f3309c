"""What the bars above and below the canvas say and offer as tools, widths and work change."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from meticulous_gui.engine.jobs import Progress
from meticulous_gui.ui.actions import action
from meticulous_gui.ui.key_map import with_keys
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage


def test_the_status_bar_says_device_network_zoom_and_pointer(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.window.canvas.zoom_to(2.0)
    QTest.mouseMove(stage.window.canvas, QPoint(400, 300))
    stage.settle()
    text = " ".join(label.text() for label in stage.window.status.labels)
    assert "CPU" in text
    assert "MOS_L, MOS_H" in text
    assert "200 %" in text


def test_the_sign_of_the_brush_shows_in_the_bar_without_an_echo(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_X)
    assert stage.session.brush.is_subtracting
    assert stage.window.actions_set["swap"].isChecked()
    stage.press(Qt.Key.Key_X)
    assert not stage.session.brush.is_subtracting


def test_the_status_bar_says_what_runs_and_how_long_the_last_took(stage: WindowStage) -> None:
    stage.open()
    stage.runner.job.tell(Progress(1, 4))
    stage.settle()
    text = " ".join(label.text() for label in stage.window.status.labels)
    assert "Finding the object, 1 of 4 patches" in text
    stage.runner.job.finish()
    stage.settle()
    text = " ".join(label.text() for label in stage.window.status.labels)
    assert re.search(r"Find the object: \d+\.\d s", text)


@pytest.mark.parametrize("action_id", ["export", "copy"])
def test_the_status_bar_says_that_something_is_written(stage: WindowStage, action_id: str) -> None:
    def work() -> str:
        return stage.window.status.labels[1].text()

    stage.open_with_mask()
    stage.window.actions_set.trigger(action_id)
    assert work() == "Writing…"
    stage.settle()
    assert work().startswith("Find the object")


@pytest.mark.parametrize("width", [1400, 1000, 900, 760, 640])
def test_every_option_of_the_brush_is_reached_however_narrow_the_window(
    stage: WindowStage, qtbot: QtBot, width: int
) -> None:
    window, bar = stage.window, stage.window.context_bar
    window.resize(width, 600)
    qtbot.waitUntil(lambda: bar.width() == width)

    def is_all_in_reach() -> bool:
        """Return whether nothing lies behind Qt's own button, which is twelve pixels wide."""
        extension = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        return extension is None or not extension.isVisible()

    qtbot.waitUntil(is_all_in_reach)
    names = {field.accessibleName() for field in bar.findChildren(QAbstractSpinBox)}
    assert {"Size", "Hardness", "Opacity"} <= names
    window.toolbox.choose("refine")
    window.toolbox.choose("brush")
    qtbot.waitUntil(is_all_in_reach)


@pytest.mark.parametrize("tool", ["hand", "lasso", "similar", "point", "refine", "find_box"])
def test_a_tool_says_what_it_does_when_it_is_chosen(stage: WindowStage, qtbot: QtBot, tool: str) -> None:
    window = stage.window
    window.resize(1280, 700)
    window.toolbox.choose(tool)
    line = window.context_bar.help_line
    qtbot.waitUntil(lambda: window.context_bar.width() == 1280)
    qtbot.waitUntil(lambda: line.shown != "")
    assert line.toolTip() == window.toolbox.active.help
    assert line.geometry().right() <= window.context_bar.width()


def test_an_outline_of_corners_says_how_it_is_closed(stage: WindowStage) -> None:
    stage.open_with_mask()
    window = stage.window
    window.toolbox.choose("lasso")
    before = window.context_bar.help_line.toolTip()
    drag(window.canvas, (200.0, 200.0))
    assert "closes" in window.context_bar.help_line.toolTip()
    stage.press(Qt.Key.Key_Escape)
    assert window.context_bar.help_line.toolTip() == before


def test_options_name_the_keys_that_change_them_as_they_are(stage: WindowStage) -> None:
    bar, choices = stage.window.context_bar, stage.window.choices

    def tips() -> set[str]:
        return {widget.toolTip().partition("\n")[0] for widget in bar.findChildren(QWidget)}

    named = {"Mode (X)", "Size ([ ])", "Hardness ({ })", "Stop at edges (Shift+B)"}
    assert named <= tips()
    choices.take(with_keys(choices.settings, action("swap"), ("F9",)))
    stage.settle()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert named - {"Mode (X)"} | {"Mode (F9)"} <= tips()
    assert "Mode (X)" not in tips()
    stage.window.toolbox.choose("refine")
    assert {"Size ([ ])", "Compare (C)"} <= tips()


def test_choosing_tools_again_and_again_leaves_nothing_behind(stage: WindowStage, qtbot: QtBot) -> None:
    def choose_both() -> tuple[int, int]:
        for tool in ("refine", "brush"):
            stage.window.toolbox.choose(tool)
        qtbot.wait(0)
        stage.settle()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(stage.window.context_bar.children()), len(QApplication.allWidgets())

    choose_both()
    assert choose_both() == choose_both() == choose_both()
