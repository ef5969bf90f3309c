"""Moving the mask in the real window, by mouse and by arrow keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.shift import shifted_box
from meticulous_gui.core.types import Alpha
from tests.ui.fakes import make_photo
from tests.ui.mouse import LEFT, NO_BUTTON, drag, send
from tests.ui.window_stage import WindowStage

SHIFT = Qt.KeyboardModifier.ShiftModifier
SIZE_HW = (120, 200)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    rng = np.random.default_rng(5)
    alpha = np.zeros(SIZE_HW, np.uint8)
    alpha[30:90, 40:130] = rng.integers(1, 256, (60, 90))
    stage.open_picture(rng.integers(0, 256, (*SIZE_HW, 3), dtype=np.uint8), alpha)
    stage.press(Qt.Key.Key_M)
    yield stage
    stage.session.close()


def moved(alpha: Alpha, dx: int, dy: int) -> Alpha:
    return shifted_box(alpha, Box.whole(SIZE_HW), dx=dx, dy=dy)


def drag_by(stage: WindowStage, dx: float, dy: float) -> None:
    drag(stage.window.canvas, stage.at(100, 60), stage.at(100 + dx, 60 + dy))
    stage.settle()


def n_steps(stage: WindowStage) -> int:
    document = stage.session.document
    assert document is not None
    return document.history.n_done


def test_a_drag_moves_the_mask_as_one_decided_step(stage: WindowStage) -> None:
    before = stage.alpha
    drag_by(stage, 12, -7)
    np.testing.assert_array_equal(stage.alpha, moved(before, 12, -7))
    document = stage.session.document
    assert document is not None
    np.testing.assert_array_equal(document.active.decided.to_mask(), stage.alpha != before)
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(stage.alpha, before)
    assert n_steps(stage) == 0


def test_the_mask_follows_the_hand_before_it_is_put_down(stage: WindowStage) -> None:
    before, canvas = stage.alpha, stage.window.canvas
    send(canvas, QEvent.Type.MouseButtonPress, stage.at(100, 60), button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, stage.at(120, 70), button=NO_BUTTON, held=LEFT)
    np.testing.assert_array_equal(stage.shown_alpha(), moved(before, 20, 10))
    np.testing.assert_array_equal(stage.alpha, before)
    stage.press(Qt.Key.Key_Escape)
    np.testing.assert_array_equal(stage.shown_alpha(), before)
    send(canvas, QEvent.Type.MouseButtonRelease, stage.at(120, 70), button=LEFT, held=NO_BUTTON)
    assert n_steps(stage) == 0


def test_arrow_keys_move_by_one_pixel_and_with_shift_by_ten(stage: WindowStage) -> None:
    before = stage.alpha
    stage.press(Qt.Key.Key_Right)
    stage.press(Qt.Key.Key_Down, SHIFT)
    stage.press(Qt.Key.Key_Down)
    np.testing.assert_array_equal(stage.alpha, moved(before, 1, 11))
    assert n_steps(stage) == 1, "pushes that follow each other are one step"
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(stage.alpha, before)


def test_a_held_arrow_key_is_shown_at_once_and_put_down_when_let_go(stage: WindowStage) -> None:
    before, canvas = stage.alpha, stage.window.canvas
    for is_repeat in (False, True, True):
        kind, no_keys = QEvent.Type.KeyPress, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(canvas, QKeyEvent(kind, Qt.Key.Key_Left, no_keys, "", is_repeat))
    np.testing.assert_array_equal(stage.shown_alpha(), moved(before, -3, 0))
    np.testing.assert_array_equal(stage.alpha, before)
    release = QKeyEvent(QEvent.Type.KeyRelease, Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, release)
    np.testing.assert_array_equal(stage.alpha, moved(before, -3, 0))


def test_a_key_that_is_let_go_in_another_window_puts_the_mask_down(stage: WindowStage) -> None:
    before, canvas = stage.alpha, stage.window.canvas
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, key)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    np.testing.assert_array_equal(stage.alpha, moved(before, 0, -1))


def test_a_key_that_is_still_held_when_the_photo_is_left_puts_the_mask_down(stage: WindowStage) -> None:
    stage.document.unsaved.mark_saved()
    make_photo(stage.folder / "z.png", (40, 60))
    stage.window.open_paths([stage.folder])
    stage.settle()
    stage.runner.job.paint(Box(0, 0, 30, 20), 255)
    stage.runner.job.finish()
    stage.settle()
    left, before = stage.document, stage.alpha
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stage.window.canvas, key)
    stage.press(Qt.Key.Key_PageDown)
    assert stage.document is not left
    np.testing.assert_array_equal(left.active.alpha, moved(before, 0, 1))


def test_what_leaves_the_photo_comes_back_until_the_move_is_over(stage: WindowStage) -> None:
    before = stage.alpha
    drag_by(stage, 90, 0)
    assert (stage.alpha != moved(moved(before, 90, 0), -90, 0)).any()
    drag_by(stage, -90, 0)
    np.testing.assert_array_equal(stage.alpha, before)
    drag_by(stage, 90, 0)
    stage.press(Qt.Key.Key_Return)
    drag_by(stage, -90, 0)
    np.testing.assert_array_equal(stage.alpha, moved(moved(before, 90, 0), -90, 0))
    assert n_steps(stage) == 2


def test_a_drag_back_to_the_start_leaves_no_step(stage: WindowStage) -> None:
    before = stage.alpha
    drag_by(stage, 30, 10)
    drag_by(stage, -30, -10)
    np.testing.assert_array_equal(stage.alpha, before)
    assert n_steps(stage) == 0


def test_escape_in_a_second_drag_keeps_the_first(stage: WindowStage) -> None:
    before, canvas = stage.alpha, stage.window.canvas
    drag_by(stage, 15, 5)
    send(canvas, QEvent.Type.MouseButtonPress, stage.at(100, 60), button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, stage.at(160, 60), button=NO_BUTTON, held=LEFT)
    stage.press(Qt.Key.Key_Escape)
    np.testing.assert_array_equal(stage.alpha, moved(before, 15, 5))
    assert n_steps(stage) == 1


def test_a_change_between_two_moves_makes_them_two_steps(stage: WindowStage) -> None:
    before = stage.alpha
    drag_by(stage, 15, 5)
    stage.press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    drag_by(stage, 4, 4)
    assert n_steps(stage) == 3
    np.testing.assert_array_equal(stage.alpha, moved(255 - moved(before, 15, 5), 4, 4))


def test_another_photo_of_the_same_size_stays_where_it_is(stage: WindowStage) -> None:
    drag_by(stage, 15, 5)
    canvas = stage.window.canvas
    send(canvas, QEvent.Type.MouseButtonPress, stage.at(100, 60), button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, stage.at(120, 60), button=NO_BUTTON, held=LEFT)
    stage.session.opener.open_path(make_photo(stage.folder / "other.png", SIZE_HW))
    stage.settle()
    stage.runner.job.finish()
    stage.settle()
    send(canvas, QEvent.Type.MouseButtonRelease, stage.at(130, 60), button=LEFT, held=NO_BUTTON)
    assert n_steps(stage) == 0
    assert not stage.alpha.any()


def test_a_locked_layer_stays(stage: WindowStage) -> None:
    before = stage.alpha
    stage.window.actions_set.trigger("lock_layer")
    drag_by(stage, 15, 5)
    stage.press(Qt.Key.Key_Right)
    np.testing.assert_array_equal(stage.alpha, before)
    assert any("locked" in text for text in stage.texts)


def test_with_other_tools_the_arrows_move_the_picture(stage: WindowStage) -> None:
    before = stage.alpha
    stage.press(Qt.Key.Key_V)
    place = stage.window.canvas.place
    stage.press(Qt.Key.Key_Right)
    assert stage.window.canvas.place != place
    np.testing.assert_array_equal(stage.alpha, before)


def test_a_network_that_has_begun_is_not_undone_by_the_next_move(stage: WindowStage) -> None:
    before = stage.alpha
    drag_by(stage, 10, 0)
    stage.session.asking.refine_all()
    stage.settle()
    drag_by(stage, 5, 0)
    np.testing.assert_array_equal(stage.alpha, moved(before, 15, 0))
    stage.runner.job.paint(Box(0, 0, 4, 4), 99)
    stage.runner.job.finish()
    stage.settle()
    assert (stage.alpha[:4, :4] == 99).all()
