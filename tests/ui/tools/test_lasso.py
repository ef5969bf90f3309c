"""The lasso, driven by real events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.lasso import rasterise_lasso
from meticulous_gui.core.prompts import Lasso
from meticulous_gui.core.types import Alpha
from tests.ui.canvas_stage import ALT, RIGHT, SHIFT, Stage, ViewPoint

OUTLINE: list[ViewPoint] = [(100.0, 90.0), (250.0, 100.0), (240.0, 210.0), (120.0, 190.0)]


def test_the_inside_of_the_outline_is_added_as_one_step(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    points_xy = tuple(stage.image_at(position) for position in OUTLINE)
    stage.drag(OUTLINE)
    box, coverage = rasterise_lasso(Lasso(points_xy), stage.document.photo.size_hw)
    np.testing.assert_array_equal(stage.alpha[box.slices()], coverage)
    stage.document.undo()
    assert not stage.alpha.any()
    assert not stage.document.can_undo


def test_right_button_and_alt_take_the_inside_away(qtbot: QtBot) -> None:
    for button, keys in ((RIGHT, Qt.KeyboardModifier.NoModifier), (Qt.MouseButton.LeftButton, ALT)):
        stage = Stage(qtbot, tool="lasso")
        stage.drag(OUTLINE)
        stage.drag(OUTLINE, button, keys)
        column, row = (int(value) for value in stage.image_at((180.0, 150.0)))
        assert stage.alpha[row, column] == 0


def test_escape_drops_the_outline(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    stage.press(OUTLINE[0])
    for position in OUTLINE[1:]:
        stage.move(position)
    stage.key(Qt.Key.Key_Escape)
    stage.release(OUTLINE[-1])
    assert not stage.alpha.any()


def test_a_mere_click_changes_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    stage.drag([OUTLINE[0]])
    assert not stage.document.can_undo


def test_an_outline_beyond_the_photo_stays_inside_it(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    stage.drag([(1.0, 1.0), (399.0, 1.0), (399.0, 299.0), (1.0, 299.0)])
    assert (stage.alpha == 255).all()


def test_a_locked_layer_refuses_with_a_sentence(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    stage.document.set_layer_state(stage.document.active.id, locked=True)
    stage.drag(OUTLINE)
    assert len(stage.desk.messages) == 1


def test_the_sign_is_an_option(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    stage.document.apply(_whole(stage))
    stage.tools["lasso"].set_option("sign", "take_away")
    stage.drag(OUTLINE)
    column, row = (int(value) for value in stage.image_at((180.0, 150.0)))
    assert stage.alpha[row, column] == 0


def test_the_outline_is_drawn_while_it_grows_and_is_gone_after(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    before = stage.canvas.grab().toImage()
    stage.press(OUTLINE[0])
    stage.move(OUTLINE[1])
    stage.move(OUTLINE[2])
    assert stage.canvas.grab().toImage() != before
    stage.canvas.cancel_gesture()
    assert stage.canvas.grab().toImage() == before


def _whole(stage: Stage) -> Edit:
    size_hw = stage.document.photo.size_hw
    return Edit(stage.document.active.id, Box.whole(size_hw), np.full(size_hw, 255, np.uint8))


def click(stage: Stage, position: ViewPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    stage.press(position, button)
    stage.release(position, button)


def expected_alpha(stage: Stage, corners: list[ViewPoint]) -> Alpha:
    points_xy = tuple(stage.image_at(position) for position in corners)
    box, coverage = rasterise_lasso(Lasso(points_xy), stage.document.photo.size_hw)
    whole = np.zeros(stage.document.photo.size_hw, np.uint8)
    whole[box.slices()] = coverage
    return whole


def test_clicks_set_corners_and_a_click_on_the_first_closes_the_polygon(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    for corner in OUTLINE:
        click(stage, corner)
        assert not stage.alpha.any()
    click(stage, (OUTLINE[0][0] + 3.0, OUTLINE[0][1] - 4.0))
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, OUTLINE))
    assert stage.document.undo_title == "Polygon"
    stage.document.undo()
    assert not stage.document.can_undo


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_closes_the_polygon(qtbot: QtBot, key: Qt.Key) -> None:
    stage = Stage(qtbot, tool="lasso")
    for corner in OUTLINE:
        click(stage, corner)
    stage.key(key)
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, OUTLINE))
    stage.key(key)
    assert len(stage.document.history.steps) == 1


def test_a_second_click_on_the_last_corner_closes_the_polygon(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    for corner in OUTLINE:
        click(stage, corner)
    click(stage, OUTLINE[-1])
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, OUTLINE))


def test_a_layer_hidden_or_locked_between_the_corners_refuses_and_the_corners_wait(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    for corner in OUTLINE:
        click(stage, corner)
    for is_visible, is_locked in ((False, False), (True, True)):
        stage.document.set_layer_state(stage.document.active.id, visible=is_visible, locked=is_locked)
        stage.key(Qt.Key.Key_Return)
        assert not stage.alpha.any()
        assert len(stage.desk.messages) == 1
        stage.desk.messages.clear()
    stage.document.set_layer_state(stage.document.active.id, locked=False)
    stage.key(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, OUTLINE))


def test_backspace_takes_the_last_corner_back_and_at_last_the_polygon(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    for corner in [*OUTLINE, (390.0, 290.0), (10.0, 280.0)]:
        click(stage, corner)
    stage.key(Qt.Key.Key_Backspace)
    stage.key(Qt.Key.Key_Backspace)
    stage.key(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, OUTLINE))
    click(stage, OUTLINE[0])
    click(stage, OUTLINE[1])
    stage.key(Qt.Key.Key_Backspace)
    stage.key(Qt.Key.Key_Backspace)
    assert not stage.tools["lasso"].is_busy


def test_a_drag_between_corners_is_a_piece_by_hand(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    click(stage, OUTLINE[0])
    stage.drag([OUTLINE[1], (262.0, 150.0), OUTLINE[2]])
    click(stage, OUTLINE[3])
    stage.key(Qt.Key.Key_Return)
    corners = [OUTLINE[0], OUTLINE[1], (262.0, 150.0), OUTLINE[2], OUTLINE[3]]
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, corners))


def test_a_polygon_takes_away_with_the_right_button(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    stage.document.apply(_whole(stage))
    for corner in OUTLINE:
        click(stage, corner, RIGHT)
    stage.key(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, 255 - expected_alpha(stage, OUTLINE))
    assert stage.document.undo_title == "Polygon, take away"


def test_escape_and_another_tool_drop_the_polygon(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    before = stage.canvas.grab().toImage()
    for drop in (lambda: stage.key(Qt.Key.Key_Escape), lambda: stage.canvas.set_tool(stage.tools["lasso"])):
        for corner in OUTLINE:
            click(stage, corner)
        drop()
        stage.key(Qt.Key.Key_Return)
        assert not stage.document.can_undo
    assert stage.canvas.grab().toImage() == before


def test_two_corners_enclose_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    click(stage, OUTLINE[0])
    click(stage, OUTLINE[1])
    stage.key(Qt.Key.Key_Return)
    click(stage, OUTLINE[1])
    assert not stage.document.can_undo
    assert stage.tools["lasso"].is_busy, "the corners wait for a third"


def test_the_next_side_follows_the_pointer(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    click(stage, OUTLINE[0])
    stage.hover(OUTLINE[1])
    first = stage.canvas.grab().toImage()
    stage.hover(OUTLINE[2])
    assert stage.canvas.grab().toImage() != first
    stage.hover(OUTLINE[1])
    assert stage.canvas.grab().toImage() == first


def test_a_polygon_by_keyboard_alone(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="lasso")
    stage.canvas.show_keyboard_cursor(True)
    for arrow in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        stage.key(Qt.Key.Key_Return)
        for _ in range(3):
            stage.key(arrow, keys=SHIFT)
    stage.key(Qt.Key.Key_Return)
    stage.key(Qt.Key.Key_Return)
    assert stage.alpha[100:130, 150:180].mean() == pytest.approx(255, abs=20)
    assert not stage.tools["lasso"].is_busy
