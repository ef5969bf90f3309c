"""Pointing at objects in the real window: clicked, corrected, kept, dropped, taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import Stroke
from meticulous_gui.engine.clicks.commands import AddClick, MoveClick, RemoveClick, StartClicks
from tests.ui.mouse import LEFT
from tests.ui.point_stage import (
    CYAN,
    IN_CYAN,
    IN_OTHER,
    IN_RED,
    ON_BLUE,
    OTHER_RED,
    RED,
    RIGHT,
    PointStage,
    fields,
)

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_a_click_selects_the_object_and_enter_makes_it_one_step(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    assert point_stage.has_most_of(RED)
    assert point_stage.share_of(CYAN) == 0
    point_stage.click(*IN_OTHER, button=RIGHT)
    assert not point_stage.mask[82, 162]
    before = point_stage.mask
    point_stage.press(Qt.Key.Key_Return)
    assert point_stage.titles == ["Point at the object"]
    assert np.array_equal(point_stage.mask, before)
    assert not point_stage.pointing.marks
    point_stage.press(Qt.Key.Key_Z, CTRL)  # the sharpening that still runs is a thing of its own
    assert np.array_equal(point_stage.mask, before)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    assert not point_stage.mask.any()
    point_stage.press(Qt.Key.Key_Y, CTRL)
    assert np.array_equal(point_stage.mask, before)


def test_what_is_under_the_clicks_is_the_persons_word(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    point_stage.click(*ON_BLUE, button=RIGHT)
    point_stage.press(Qt.Key.Key_Return)
    document = point_stage.session.document
    assert document is not None
    decided = document.active.decided.get(document.box)
    for x, y in (IN_RED, ON_BLUE):
        assert decided[y, x]
        assert decided[y - 3 : y + 4, x - 3 : x + 4].sum() <= 9
    assert decided.sum() <= 18


def test_undo_and_redo_go_through_the_clicks_bit_for_bit(point_stage: PointStage) -> None:
    masks = [point_stage.mask]
    for x, y, button in ((*IN_RED, LEFT), (*IN_CYAN, LEFT), (*IN_OTHER, RIGHT)):
        point_stage.click(x, y, button)
        masks.append(point_stage.mask)
    for mask in masks[-2::-1]:
        point_stage.press(Qt.Key.Key_Z, CTRL)
        assert np.array_equal(point_stage.mask, mask)
    assert point_stage.titles == []
    assert not point_stage.session.has_unsaved_work
    for mask in masks[1:]:
        point_stage.press(Qt.Key.Key_Y, CTRL)
        assert np.array_equal(point_stage.mask, mask)
    assert len(point_stage.pointing.marks) == 3


def test_escape_leaves_the_layer_as_it_was_and_redo_brings_the_object_back(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    selected = point_stage.mask
    point_stage.press(Qt.Key.Key_Escape)
    assert not point_stage.mask.any()
    assert not point_stage.session.has_unsaved_work
    assert not point_stage.pointing.is_open
    point_stage.press(Qt.Key.Key_Y, CTRL)
    assert np.array_equal(point_stage.mask, selected)


def test_clicks_correct_the_mask_that_is_there_and_leave_the_rest_of_it(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    alpha = np.zeros((120, 200), np.uint8)
    alpha[RED.slices()] = 255
    alpha[CYAN.slices()] = 77  # softer than half: no object, but not nothing either
    alpha[RED.y0 : RED.y1, RED.x1] = 100
    stage.open_picture(fields(), alpha)
    stage.take_tool()
    stage.click(*IN_OTHER)
    assert stage.has_most_of(OTHER_RED)
    far = np.ones((120, 200), np.bool_)
    far[OTHER_RED.pad(6).clip(Box(0, 0, 200, 120)).slices()] = False
    assert np.array_equal(stage.alpha[far], alpha[far])
    stage.press(Qt.Key.Key_Z, CTRL)
    assert np.array_equal(stage.alpha, alpha)
    stage.session.close()


def test_marks_are_moved_by_dragging_and_taken_away_by_delete_or_the_other_button(
    point_stage: PointStage,
) -> None:
    point_stage.click(*IN_RED)
    point_stage.click(*IN_CYAN)
    assert point_stage.has_most_of(CYAN)
    point_stage.drag(IN_CYAN, IN_OTHER)
    assert isinstance(point_stage.server.commands[-1], MoveClick)
    assert point_stage.share_of(CYAN) == 0
    assert [(mark.x, mark.y) for mark in point_stage.pointing.marks][1] == (162.5, 82.5)
    point_stage.hover(*IN_OTHER)
    point_stage.press(Qt.Key.Key_Delete)
    assert any(isinstance(command, RemoveClick) for command in point_stage.server.commands[-2:])
    assert len(point_stage.pointing.marks) == 1
    point_stage.click(*IN_RED, button=RIGHT)
    assert not point_stage.pointing.marks
    assert not point_stage.mask.any()
    point_stage.press(Qt.Key.Key_Z, CTRL)
    assert point_stage.mask[45, 55]


def test_a_box_begins_an_object_and_leaves_an_older_mask_alone(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    alpha = np.zeros((120, 200), np.uint8)
    alpha[RED.slices()] = 255
    stage.open_picture(fields(), alpha)
    stage.take_tool()
    stage.drag((CYAN.x0 - 4, CYAN.y0 - 4), (CYAN.x1 + 4, CYAN.y1 + 4))
    assert len(stage.pointing.opened.prompts) == 1
    stage.click(*IN_CYAN)
    assert stage.has_most_of(CYAN)
    assert stage.share_of(RED) == 1.0
    stage.session.close()


def test_shift_and_drag_scribbles(point_stage: PointStage) -> None:
    point_stage.drag((30, 30), (80, 60), keys=SHIFT)
    (first,) = point_stage.pointing.opened.prompts
    assert isinstance(first, Stroke)
    assert first.is_adding
    point_stage.drag((100, 90), (130, 110), button=RIGHT)
    second = point_stage.pointing.opened.prompts[1]
    assert isinstance(second, Stroke)
    assert not second.is_adding
    assert point_stage.pointing.is_open


def test_another_part_is_added_beside_what_is_selected(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    red = point_stage.mask
    point_stage.press(Qt.Key.Key_Return, SHIFT)
    point_stage.click(*IN_CYAN)
    assert point_stage.pointing.opened.n_parts == 2
    assert point_stage.mask[red].all()
    assert point_stage.has_most_of(CYAN)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    assert point_stage.pointing.opened.n_parts == 1
    assert np.array_equal(point_stage.mask, red)
    point_stage.press(Qt.Key.Key_Y, CTRL)
    point_stage.press(Qt.Key.Key_Y, CTRL)
    assert point_stage.has_most_of(CYAN)
    point_stage.press(Qt.Key.Key_Return)
    assert point_stage.titles == ["Point at the object"]
    assert len(point_stage.server.sessions) <= 1, "at most the one that waits for the next click"


def test_the_networks_sharpen_the_new_edge_and_no_other(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    alpha = np.zeros((120, 200), np.uint8)
    alpha[RED.slices()] = 255
    stage.open_picture(fields(), alpha)
    stage.take_tool()
    stage.click(*IN_OTHER)
    stage.press(Qt.Key.Key_Return)
    (refine,) = stage.refines
    assert refine.region_mask is not None
    assert refine.region_box.clip(RED).is_empty
    assert refine.region_mask.any()
    stage.session.close()


def test_sharpening_can_be_turned_off_and_that_is_remembered(point_stage: PointStage) -> None:
    tool = point_stage.window.toolbox.active
    tool.set_option("sharpens", False)
    assert not point_stage.window.choices.settings.points.sharpens
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_Return)
    assert point_stage.refines == []


def test_another_tool_or_layer_keeps_the_object(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_B)
    assert point_stage.titles == ["Point at the object"]
    point_stage.press(Qt.Key.Key_P)
    point_stage.click(*IN_CYAN)
    point_stage.window.actions_set.trigger("add_layer")
    point_stage.settle()
    assert point_stage.titles == ["Point at the object", "Point at the object", "Add layer"]
    document = point_stage.session.document
    assert document is not None
    below = document.layers[0].alpha.copy()
    point_stage.click(*IN_OTHER)
    assert np.array_equal(document.layers[0].alpha, below)
    document.set_active(document.layers[0].id)
    point_stage.settle()
    assert not point_stage.pointing.is_open
    assert document.layers[1].alpha[82, 162] == 255


def test_a_click_under_way_is_waited_for_before_saving(point_stage: PointStage) -> None:
    point_stage.is_slow = True
    point_stage.click(*IN_RED)
    (mark,) = point_stage.pointing.marks
    assert mark.is_waiting
    asked: list[str] = []
    assert not point_stage.pointing.rests(lambda: asked.append("saved"))
    assert asked == []
    point_stage.answer()
    assert asked == ["saved"]
    assert point_stage.titles == ["Point at the object"]


def test_nobody_waits_for_ever(point_stage: PointStage) -> None:
    point_stage.is_slow = True
    point_stage.click(*IN_RED)
    asked: list[str] = []
    point_stage.pointing.rests(lambda: asked.append("saved"))
    point_stage.pointing._course.lose_patience()
    assert asked == ["saved"]
    assert "left out" in point_stage.texts[-1]
    assert not point_stage.pointing.is_open


def test_clicks_that_come_quickly_are_all_done_in_order(point_stage: PointStage) -> None:
    point_stage.is_slow = True
    for point in (IN_RED, IN_CYAN):
        point_stage.click(*point)
    point_stage.click(*IN_OTHER, button=RIGHT)
    assert [mark.is_waiting for mark in point_stage.pointing.marks] == [True] * 3
    point_stage.answer()
    assert [mark.is_waiting for mark in point_stage.pointing.marks] == [False] * 3
    assert [mark.is_positive for mark in point_stage.pointing.marks] == [True, True, False]
    assert point_stage.mask[45, 55]
    assert point_stage.mask[25, 130]


def test_locked_and_hidden_layers_and_points_outside_are_refused_in_words(point_stage: PointStage) -> None:
    document = point_stage.session.document
    assert document is not None
    document.set_layer_state(document.active.id, locked=True)
    point_stage.click(*IN_RED)
    assert "locked" in point_stage.texts[-1]
    document.set_layer_state(document.active.id, locked=False, visible=False)
    point_stage.click(*IN_RED)
    assert "hidden" in point_stage.texts[-1]
    document.set_layer_state(document.active.id, visible=True)
    point_stage.click(-3, 40)
    assert "outside" in point_stage.texts[-1]
    assert point_stage.messages[-1].goes_by_itself, "it is about one click"
    assert not any(isinstance(command, AddClick) for command in point_stage.server.commands)
    assert not point_stage.pointing.is_open


def test_pixels_of_a_locked_layer_stay_out_of_the_object(point_stage: PointStage) -> None:
    document = point_stage.session.document
    assert document is not None
    first = document.active
    half = np.zeros((120, 200), np.uint8)
    half[RED.y0 : RED.y1, RED.x0 : RED.x0 + 30] = 255
    document.apply(Edit(first.id, document.box, half))
    document.set_layer_state(first.id, locked=True)
    document.add_layer("above")
    point_stage.settle()
    point_stage.click(75, 45)
    assert point_stage.mask[45, 75]
    assert not (point_stage.mask & (half > 0)).any()
    point_stage.click(30, 45)
    assert "locked layer" in point_stage.texts[-1]
    assert len(point_stage.pointing.marks) == 1


def test_a_stroke_by_hand_is_not_taken_back_by_a_click(point_stage: PointStage) -> None:
    document = point_stage.session.document
    assert document is not None
    hole = Box(60, 30, 80, 40)
    nothing = np.zeros(hole.size_hw, np.uint8)
    touched = np.ones(hole.size_hw, np.bool_)
    document.apply(Edit.by_hand(document.active, hole, nothing, touched=touched, title="Eraser"))
    point_stage.settle()
    point_stage.click(40, 60)
    assert point_stage.has_most_of(RED)
    assert point_stage.share_of(hole) == 0


def test_another_part_waits_for_the_last_click(point_stage: PointStage) -> None:
    point_stage.is_slow = True
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_Return, SHIFT)
    assert "still work" in point_stage.texts[-1]
    point_stage.answer()
    assert point_stage.pointing.opened.n_parts == 1


def test_clear_takes_a_click_back_that_is_still_worked_on(point_stage: PointStage) -> None:
    point_stage.is_slow = True
    point_stage.click(*IN_RED)
    point_stage.pointing.clear()
    point_stage.answer()
    assert not point_stage.mask.any()
    assert point_stage.pointing.marks == ()
    assert not point_stage.texts


def test_a_box_that_begins_a_part_waits_for_the_last_click(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    point_stage.is_slow = True
    point_stage.click(*IN_OTHER)
    point_stage.drag((CYAN.x0 - 4, CYAN.y0 - 4), (CYAN.x1 + 4, CYAN.y1 + 4))
    assert "still work" in point_stage.texts[-1]
    point_stage.answer()
    assert point_stage.mask[IN_OTHER[1], IN_OTHER[0]]
    assert point_stage.pointing.opened.n_parts == 1


def test_a_photo_opened_next_begins_without_a_click(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    n_starts = sum(isinstance(command, StartClicks) for command in point_stage.server.commands)
    point_stage.open("next.png")
    assert not point_stage.pointing.is_open
    assert point_stage.pointing.marks == ()
    point_stage.pointing.prepare()
    assert sum(isinstance(command, StartClicks) for command in point_stage.server.commands) == n_starts + 1
