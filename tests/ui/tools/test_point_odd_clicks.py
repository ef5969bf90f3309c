"""Clicks nobody planned for, in the real window: no error, nothing lost, and each one still counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import Stroke
from meticulous_gui.engine.clicks.commands import AddClick, MoveClick
from tests.ui.mouse import LEFT
from tests.ui.point_stage import (
    CYAN,
    IN_OTHER,
    IN_RED,
    OTHER_RED,
    RED,
    RIGHT,
    SIZE_HW,
    PointStage,
    fields,
)

SHIFT = Qt.KeyboardModifier.ShiftModifier
N_MANY = 200


def test_of_two_opposite_clicks_on_one_pixel_the_later_one_counts(point_stage: PointStage) -> None:
    point_stage.is_slow = True  # the first is still under way: it cannot be taken back by the second
    point_stage.click(*IN_RED)
    point_stage.click(*IN_RED, button=RIGHT)
    point_stage.answer()
    assert not point_stage.mask[45, 55]
    assert [mark.is_positive for mark in point_stage.pointing.marks] == [True, False]
    point_stage.is_slow = False
    point_stage.window.canvas.setFocus()
    point_stage.click(IN_RED[0] + 20, IN_RED[1])
    assert point_stage.mask[45, 75]
    assert not point_stage.mask[45, 55]
    assert not point_stage.texts


def test_once_it_is_answered_the_other_button_takes_a_click_back(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    point_stage.click(*IN_RED, button=RIGHT)
    assert not point_stage.pointing.marks
    assert not point_stage.mask.any()
    point_stage.click(*IN_RED, button=RIGHT)
    assert [mark.is_positive for mark in point_stage.pointing.marks] == [False]


@pytest.mark.parametrize("button", [LEFT, RIGHT], ids=["include", "exclude"])
def test_clicks_on_the_pixels_of_the_border_are_clicks(qtbot: QtBot, tmp_path: Path, button: object) -> None:
    stage = PointStage(tmp_path, qtbot)
    alpha = np.full(SIZE_HW, 255 if button == RIGHT else 0, np.uint8)
    stage.open_picture(fields(), alpha)
    stage.take_tool()
    height, width = SIZE_HW
    corners = [(x, y) for x in (0, width - 1) for y in (0, height - 1)]
    for x, y in (*corners, (width // 2, 0), (0, height // 2)):
        stage.click(x + 0.5, y + 0.5, button=button)  # type: ignore[arg-type]
        assert stage.mask[y, x] == (button == LEFT), (x, y)
    assert len(stage.pointing.marks) == 6
    assert not stage.texts
    stage.session.close()


def test_to_exclude_from_an_empty_layer_selects_nothing_and_is_remembered(point_stage: PointStage) -> None:
    point_stage.click(130, 25, button=RIGHT)
    assert not point_stage.mask.any()
    assert len(point_stage.pointing.marks) == 1
    point_stage.click(*IN_RED)
    assert point_stage.has_most_of(RED)
    assert point_stage.share_of(CYAN) == 0
    assert not point_stage.texts


def test_a_photo_of_twenty_pixels(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    rgb = np.full((20, 20, 3), (30, 40, 160), np.uint8)
    rgb[4:16, 5:15] = (200, 30, 30)
    stage.open_picture(rgb)
    stage.take_tool()
    stage.click(10, 10)
    assert stage.mask[10, 10]
    stage.click(0.5, 19.5, button=RIGHT)
    stage.click(19.5, 19.5)
    assert not stage.mask[19, 0]
    assert stage.mask[10, 10]
    assert stage.mask[19, 19]
    assert not stage.texts
    stage.session.close()


def test_another_part_leaves_the_clicks_of_the_first_one_right(point_stage: PointStage) -> None:
    """The second part would take all of the other red field, where the first part was told not to go."""
    point_stage.click(*IN_RED)
    point_stage.click(*IN_OTHER, button=RIGHT)
    point_stage.press(Qt.Key.Key_Return, SHIFT)
    point_stage.click(OTHER_RED.x0 + 6, OTHER_RED.y0 + 6)
    assert point_stage.has_most_of(OTHER_RED)
    assert not point_stage.mask[IN_OTHER[1], IN_OTHER[0]]


def test_what_another_part_only_adds_to_is_not_excluded_from_without_a_word(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    inside = 75, 60
    assert point_stage.mask[inside[1], inside[0]]
    point_stage.press(Qt.Key.Key_Return, SHIFT)
    n_asked = len(point_stage.server.commands)
    point_stage.click(*inside, button=RIGHT)
    assert "stays" in point_stage.texts[-1]
    assert not any(isinstance(command, AddClick) for command in point_stage.server.commands[n_asked:])
    point_stage.click(100, 100, button=RIGHT)
    point_stage.drag((100, 100), inside)
    assert len(point_stage.texts) == 2
    assert not any(isinstance(command, MoveClick) for command in point_stage.server.commands[n_asked:])


def test_what_is_painted_while_a_click_is_worked_on_stays(point_stage: PointStage) -> None:
    point_stage.is_slow = True
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_B)
    document, hole = point_stage.document, Box(60, 30, 80, 40)
    nothing, touched = np.zeros(hole.size_hw, np.uint8), np.ones(hole.size_hw, np.bool_)
    document.apply(Edit.by_hand(document.active, hole, nothing, touched=touched, title="Eraser"))
    point_stage.answer()
    assert point_stage.has_most_of(RED)
    assert point_stage.share_of(hole) == 0


def test_an_edit_by_others_ends_the_object_that_knows_nothing_of_it(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    document = point_stage.document
    document.apply(Edit(document.active.id, document.box, np.zeros(SIZE_HW, np.uint8), title="Paste"))
    point_stage.settle()
    assert not point_stage.pointing.is_open
    point_stage.click(*IN_RED)
    assert point_stage.has_most_of(RED)


def test_a_scribble_beside_the_photo_is_refused_in_words(point_stage: PointStage) -> None:
    point_stage.pointing.add_scribble(Stroke(((-9.0, 5.0, 1.0), (-4.0, 90.0, 1.0)), radius_px=3.0))
    point_stage.settle()
    assert "outside" in point_stage.texts[-1]
    assert not point_stage.pointing.is_open


@pytest.mark.slow
def test_two_hundred_clicks_are_all_obeyed_and_all_taken_back(point_stage: PointStage) -> None:
    height, width = SIZE_HW
    places = np.random.default_rng(0).choice(height * width, size=N_MANY, replace=False).tolist()
    pointing = point_stage.pointing
    for n, place in enumerate(places):
        pointing.click(place % width + 0.5, place // width + 0.5, is_positive=n % 2 == 0)
    point_stage.settle()
    commands = [command for command in point_stage.server.commands if isinstance(command, AddClick)]
    assert len(commands) == len(pointing.marks) == N_MANY
    mask = point_stage.mask
    assert all(mask[place // width, place % width] == (n % 2 == 0) for n, place in enumerate(places))
    for _ in range(N_MANY):
        point_stage.session.undo()
    point_stage.settle()
    assert not point_stage.mask.any()
