"""What is shown of a click before it and after: outlines, readings, marks, and what the bar says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.clicks.commands import FindReadings, PreviewClick
from meticulous_gui.ui.points.marks import EXCLUDE, INCLUDE
from meticulous_gui.ui.qimage import rgba_from_qimage
from tests.engine.stubs import Staircase, nested_things
from tests.ui.point_stage import CYAN, IN_CYAN, IN_RED, ON_BLUE, RED, RIGHT, SIZE_HW, PointStage

SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_what_hangs_under_the_pointer_is_outlined_before_the_click(point_stage: PointStage) -> None:
    point_stage.hover(*IN_RED)
    point_stage.session.hover._ask()
    point_stage.settle()
    assert isinstance(point_stage.server.commands[-1], PreviewClick)
    points = np.concatenate(point_stage.session.hover.outline)
    assert abs(float(points[:, 0].min()) - RED.x0) < 6
    assert abs(float(points[:, 1].min()) - RED.y0) < 6
    assert not point_stage.mask.any()
    point_stage.click(*IN_RED)
    assert point_stage.session.hover.outline == []


def test_an_outline_goes_when_the_mask_is_another_one_or_nothing_can_be_asked(
    point_stage: PointStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    hover, document = point_stage.session.hover, point_stage.document

    def outline() -> None:
        point_stage.pointing.prepare()
        point_stage.settle()
        point_stage.hover(*IN_RED)
        hover._ask()
        point_stage.settle()
        assert hover.outline

    outline()
    document.apply(Edit(document.active.id, CYAN, np.full(CYAN.size_hw, 255, np.uint8)))
    assert hover.outline == []
    outline()
    document.add_layer("above")
    assert hover.outline == []
    outline()
    monkeypatch.setattr(type(point_stage.pointing), "hovered_part", None)
    point_stage.hover(*IN_CYAN)
    hover._ask()
    assert hover.outline == []


def test_the_outline_of_another_part_is_what_it_would_add(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    opened = point_stage.pointing.opened
    point_stage.press(Qt.Key.Key_Return, SHIFT)
    nothing = np.zeros(SIZE_HW, np.bool_)
    change = opened.change_by(nothing, Box.whole(SIZE_HW))
    assert change is not None
    assert not change.any(), "what the first part selected stays"


def test_tab_goes_through_the_readings_only_where_there_are_any(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    stage.server.networks.click_network = Staircase()
    stage.open_picture(nested_things())
    stage.take_tool()
    canvas, opened = stage.window.canvas, stage.pointing.opened
    assert not stage.window.toolbox.active.takes_tab
    stage.click(80, 50)
    buttons = stage.window.points.bar.readings
    assert tuple(buttons) == opened.readings == ("part", "object", "group")
    assert opened.reading == "object"
    areas = {}
    for name in ("group", "part", "object"):
        stage.press(Qt.Key.Key_Tab)
        assert opened.reading == name
        assert buttons[name].isChecked()
        areas[name] = np.count_nonzero(stage.mask)
    assert areas["part"] < areas["object"] < areas["group"]
    buttons["part"].click()
    stage.settle()
    assert np.count_nonzero(stage.mask) == areas["part"]
    assert canvas.hasFocus()
    stage.click(10, 10)
    assert stage.pointing.opened.readings == ()
    stage.press(Qt.Key.Key_Tab)
    assert not canvas.hasFocus(), "nobody may be caught on the canvas"
    stage.session.close()


def test_x_swaps_what_the_buttons_mean_and_the_bar_says_so(point_stage: PointStage) -> None:
    bar = point_stage.window.points.bar
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_Return)
    point_stage.press(Qt.Key.Key_X)
    assert bar.text.startswith("Click what does not belong")
    point_stage.click(*IN_RED)
    assert not point_stage.pointing.marks[0].is_positive
    assert not point_stage.mask[IN_RED[1], IN_RED[0]]
    point_stage.click(*IN_CYAN, button=RIGHT)
    assert point_stage.has_most_of(CYAN)
    point_stage.press(Qt.Key.Key_Return)
    point_stage.press(Qt.Key.Key_X)
    assert bar.text.startswith("Click the object")


def test_tab_stays_with_the_click_while_its_readings_are_looked_for(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    stage.server.networks.click_network = Staircase()
    stage.open_picture(nested_things())
    stage.take_tool()
    stage.is_slow = True
    stage.click(80, 50)
    stage.press(Qt.Key.Key_Tab)
    assert stage.window.canvas.hasFocus()
    stage.answer()
    assert stage.pointing.opened.reading == "group"
    assert not stage.texts
    stage.session.close()


def test_readings_are_those_of_a_click_that_was_moved(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    stage.server.networks.click_network = Staircase()
    stage.open_picture(nested_things())
    stage.take_tool()
    stage.click(80, 50)
    stage.drag((80, 50), (75, 45))
    assert isinstance(stage.server.commands[-1], FindReadings)
    assert stage.pointing.opened.readings == ("part", "object", "group")
    stage.session.close()


def test_the_bar_says_how_to_begin_and_how_to_end(point_stage: PointStage) -> None:
    bar = point_stage.window.points.bar
    assert bar.isVisible()
    assert bar.text.startswith("Click the object")
    point_stage.click(*IN_RED)
    point_stage.click(*ON_BLUE, button=RIGHT)
    assert bar.text == "Clicks: 2"
    point_stage.press(Qt.Key.Key_B)
    assert not bar.isVisible()


def test_the_bar_says_how_to_go_on_after_a_box_alone(point_stage: PointStage) -> None:
    point_stage.drag((CYAN.x0 - 4, CYAN.y0 - 4), (CYAN.x1 + 4, CYAN.y1 + 4))
    bar = point_stage.window.points.bar
    assert bar.text == "Click what is missing, right-click what is too much"
    point_stage.click(*IN_CYAN)
    assert bar.text == "Clicks: 1"


def test_marks_differ_in_shape_and_colour(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    point_stage.click(*ON_BLUE, button=RIGHT)
    point_stage.hover(5, 5)
    canvas = point_stage.window.canvas
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = canvas.device_pixel_ratio
    for (x, y), colour in ((IN_RED, INCLUDE), (ON_BLUE, EXCLUDE)):
        left, top = point_stage.at(x + 0.5, y + 0.5)
        seen = image.pixelColor(round((left - 3) * ratio), round((top - 3) * ratio))
        assert seen.rgb() == colour.rgb()


def test_the_small_cut_out_follows_the_clicks(point_stage: PointStage, qtbot: QtBot) -> None:
    chip = point_stage.window.drag_out.chip

    def share() -> float:
        return float((rgba_from_qimage(chip.picture)[..., 3] > 0).mean()) if not chip.picture.isNull() else 0

    point_stage.click(*IN_RED)
    qtbot.waitUntil(lambda: share() > 0)
    before = share()
    point_stage.click(*IN_CYAN)
    qtbot.waitUntil(lambda: share() > before)
