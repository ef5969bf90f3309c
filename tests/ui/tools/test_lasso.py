"""The lasso, driven by real events."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.brush import rasterise_lasso
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import Lasso
from tests.ui.canvas_stage import ALT, RIGHT, Stage, ViewPoint

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
