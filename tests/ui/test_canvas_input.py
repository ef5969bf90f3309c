"""Mouse, wheel, pinch, pen, fingers and keys on the canvas: where the view goes and who gets the gesture."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.canvas_stage import ALT, CTRL, LEFT, MIDDLE, SHIFT, Stage, ViewPoint
from tests.ui.received import received

CURSOR: ViewPoint = (130.25, 90.5)
HALF_PX = 0.5 + 1e-6


def moved_px(stage: Stage, before: ViewPoint, position: ViewPoint) -> float:
    """Return how far the image point that was at `position` is from it now, in device pixels, per axis."""
    view_x, view_y = stage.canvas.view.image_to_view(*before)
    ratio = stage.canvas.device_pixel_ratio
    return max(abs(view_x - position[0] * ratio), abs(view_y - position[1] * ratio))


# --- wheel and pinch -------------------------------------------------------------------------------------


def test_the_wheel_zooms_and_keeps_the_pixel_under_the_cursor(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    held, zoom = stage.image_at(CURSOR), stage.canvas.view.zoom
    for n_notches in range(1, 13):
        stage.wheel(CURSOR, angle=(0, 120))
        assert moved_px(stage, held, CURSOR) <= HALF_PX
        assert stage.canvas.view.zoom == pytest.approx(zoom * 2.0 ** (n_notches / 4.0))


def test_zooming_in_and_out_again_comes_back_to_the_pixel(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    held = stage.image_at(CURSOR)
    for angle in [120] * 10 + [-120] * 10:
        stage.wheel(CURSOR, angle=(0, angle))
    assert moved_px(stage, held, CURSOR) <= HALF_PX


def test_small_wheel_steps_add_up_to_a_notch(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(2.0)
    for _ in range(8):
        stage.wheel(CURSOR, angle=(0, 15))
    assert stage.canvas.view.zoom == pytest.approx(2.0 ** (1.0 + 1.0 / 4.0))


def test_a_notch_that_would_pass_100_percent_stops_there(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(0.93)
    stage.wheel(CURSOR, angle=(0, 120))
    assert stage.canvas.view.zoom == 1.0
    stage.wheel(CURSOR, angle=(0, 120))
    assert stage.canvas.view.zoom == pytest.approx(2.0**0.25)


def test_a_pinch_is_caught_at_100_percent_and_leaves_again(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(0.95)
    zooms = []
    for _ in range(12):
        stage.pinch(CURSOR, 0.01)
        zooms.append(stage.canvas.view.zoom)
    assert zooms.count(1.0) >= 3
    assert zooms[-1] == pytest.approx(0.95 * 1.01**12)


def test_a_pinch_keeps_the_pixel_under_the_fingers(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    held = stage.image_at(CURSOR)
    for _ in range(20):
        stage.pinch(CURSOR, 0.05)
        assert moved_px(stage, held, CURSOR) <= HALF_PX


def test_zoom_has_limits(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    for _ in range(60):
        stage.wheel(CURSOR, angle=(0, 120))
    assert stage.canvas.view.zoom == 64.0
    for _ in range(80):
        stage.wheel(CURSOR, angle=(0, -120))
    assert stage.canvas.view.zoom == 0.5


def test_two_fingers_on_a_touchpad_move_the_picture_exactly(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    held, zoom = stage.image_at((200.0, 150.0)), stage.canvas.view.zoom
    stage.wheel((200.0, 150.0), angle=(10, 20), pixels=(7, -12), phase=Qt.ScrollPhase.ScrollUpdate)
    assert stage.image_at((207.0, 138.0)) == pytest.approx(held)
    assert stage.canvas.view.zoom == zoom


def test_ctrl_and_a_touchpad_zoom_smoothly(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(2.0)
    stage.wheel(CURSOR, angle=(0, 20), pixels=(0, 12), keys=CTRL, phase=Qt.ScrollPhase.ScrollUpdate)
    assert 2.0 < stage.canvas.view.zoom < 2.2


def test_ctrl_and_a_wheel_zoom_too(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(2.0)
    stage.wheel(CURSOR, angle=(0, 120), keys=CTRL)
    assert stage.canvas.view.zoom == pytest.approx(2.0**1.25)


@pytest.mark.parametrize("angle", [(0, -120), (-120, 0)])
def test_shift_and_the_wheel_move_sideways_on_whichever_axis_it_comes(
    qtbot: QtBot, angle: tuple[int, int]
) -> None:
    stage = Stage(qtbot)
    before = stage.canvas.view
    stage.wheel(CURSOR, angle=angle, keys=SHIFT)
    assert stage.canvas.view.origin_x > before.origin_x
    assert stage.canvas.view.origin_y == before.origin_y


@pytest.mark.parametrize("angle", [(0, 120), (120, 0)])
def test_alt_and_the_wheel_change_the_brush_on_whichever_axis_it_comes(
    qtbot: QtBot, angle: tuple[int, int]
) -> None:
    stage = Stage(qtbot)
    before, radius_px = stage.canvas.view, stage.desk.brush.radius_px
    stage.wheel(CURSOR, angle=angle, keys=ALT)
    assert stage.desk.brush.radius_px > radius_px
    assert stage.canvas.view == before


# --- pan -------------------------------------------------------------------------------------------------


def test_the_middle_button_pans_with_any_tool(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    held = stage.image_at((200.0, 150.0))
    stage.drag([(200.0, 150.0), (221.0, 133.0)], MIDDLE)
    assert stage.image_at((221.0, 133.0)) == pytest.approx(held)
    assert not stage.alpha.any()


def test_a_pan_shows_the_same_pixels_as_a_whole_repaint(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag([(60.0, 60.0), (180.0, 140.0)])
    stage.canvas.zoom_to(1.7)
    stage.canvas.grab()
    for dx, dy in ((17, -9), (-33, 40), (5, 5), (0, -1), (-260, 3)):
        stage.canvas.pan_by(dx, dy)
        shown = stage.canvas.frame_pixels.copy()
        stage.canvas.invalidate_all()
        assert (shown == stage.canvas.frame_pixels).all()


def test_space_makes_a_hand_while_it_is_held(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    held = stage.image_at((200.0, 150.0))
    stage.key(Qt.Key.Key_Space)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    stage.key(Qt.Key.Key_Space, is_repeat=True)
    stage.drag([(200.0, 150.0), (231.0, 160.0)])
    assert stage.image_at((231.0, 160.0)) == pytest.approx(held)
    stage.key(Qt.Key.Key_Space, kind=QEvent.Type.KeyRelease)
    assert stage.canvas.cursor().shape() == Qt.CursorShape.BlankCursor
    assert not stage.alpha.any()
    stage.drag([(200.0, 150.0), (231.0, 160.0)])
    assert stage.alpha.any()


def test_a_repeated_release_of_space_does_not_let_go(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.key(Qt.Key.Key_Space)
    stage.key(Qt.Key.Key_Space, kind=QEvent.Type.KeyRelease, is_repeat=True)
    assert stage.canvas.hands.is_space_held


def test_space_is_let_go_when_the_focus_is_lost(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.key(Qt.Key.Key_Space)
    QApplication.sendEvent(
        stage.canvas, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    )
    assert not stage.canvas.hands.is_space_held
    stage.drag([(200.0, 150.0), (231.0, 160.0)])
    assert stage.alpha.any()


def test_space_let_go_in_the_middle_of_a_pan_ends_nothing_by_force(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.key(Qt.Key.Key_Space)
    stage.press((200.0, 150.0))
    stage.key(Qt.Key.Key_Space, kind=QEvent.Type.KeyRelease)
    held = stage.image_at((200.0, 150.0))
    stage.move((220.0, 150.0))
    assert stage.image_at((220.0, 150.0)) == pytest.approx(held)
    stage.release((220.0, 150.0))
    assert not stage.alpha.any()


def test_arrows_pan_and_shift_pans_a_page(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(8.0)
    before = stage.canvas.view
    stage.key(Qt.Key.Key_Right)
    step = (stage.canvas.view.origin_x - before.origin_x) * 8.0
    assert step > 0
    stage.key(Qt.Key.Key_Down, keys=SHIFT)
    page = (stage.canvas.view.origin_y - before.origin_y) * 8.0
    assert page > 2 * step


def test_the_middle_of_the_view_stays_over_the_photo(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.pan_by(100_000, -100_000)
    x, y = stage.image_at((200.0, 150.0))
    assert x == pytest.approx(0.0, abs=1.0)
    assert y == pytest.approx(200.0, abs=1.0)


# --- keyboard cursor -------------------------------------------------------------------------------------


def test_enter_dabs_where_the_keyboard_cursor_is_and_delete_takes_away(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(1.0)
    stage.canvas.show_keyboard_cursor(True)
    assert stage.canvas.has_keyboard_cursor
    stage.key(Qt.Key.Key_Right, keys=SHIFT)
    stage.key(Qt.Key.Key_Down)
    stage.key(Qt.Key.Key_Return)
    assert stage.alpha[101, 160] == 255
    stage.key(Qt.Key.Key_Delete)
    assert stage.alpha[101, 160] == 0
    stage.canvas.show_keyboard_cursor(False)
    before = stage.canvas.view
    stage.key(Qt.Key.Key_Right)
    assert stage.canvas.view != before


def test_shift_and_enter_draw_a_line_between_two_dabs(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(1.0)
    stage.canvas.show_keyboard_cursor(True)
    stage.key(Qt.Key.Key_Return)
    for _ in range(6):
        stage.key(Qt.Key.Key_Right, keys=SHIFT)
    stage.key(Qt.Key.Key_Return, keys=SHIFT)
    assert (stage.alpha[100, 150:211] == 255).all()


def test_the_keyboard_drags_a_box_from_enter_to_enter(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="find_box")
    stage.canvas.zoom_to(1.0)
    stage.canvas.show_keyboard_cursor(True)
    stage.key(Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        stage.key(key, keys=SHIFT)
    stage.key(Qt.Key.Key_Return)
    (box,) = stage.desk.boxes
    assert (box.x0, box.y0, box.width, box.height) == (150, 100, 11, 21)


def test_the_view_follows_the_keyboard_cursor(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(8.0)
    stage.canvas.show_keyboard_cursor(True)
    for _ in range(12):
        stage.key(Qt.Key.Key_Left, keys=SHIFT)
    assert stage.canvas.visible_box.contains_xy(30.5, 100.5)


# --- who gets what ---------------------------------------------------------------------------------------


def test_escape_without_a_gesture_is_passed_on(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    pressed = received(stage.canvas.escape_pressed)
    stage.key(Qt.Key.Key_Escape)
    assert len(pressed) == 1


def test_the_original_is_shown_while_its_key_is_held(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag([(100.0, 100.0), (200.0, 150.0)])
    masked = stage.canvas.frame_pixels.copy()
    stage.key(Qt.Key.Key_H, "h")
    stage.key(Qt.Key.Key_H, "h", is_repeat=True)
    assert (stage.canvas.frame_pixels != masked).any()
    stage.key(Qt.Key.Key_H, "h", kind=QEvent.Type.KeyRelease)
    assert (stage.canvas.frame_pixels == masked).all()


def test_the_original_is_let_go_when_the_focus_is_lost(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.key(Qt.Key.Key_H, "h")
    QApplication.sendEvent(stage.canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert not stage.views.is_original_held


def test_a_pen_that_leaves_ends_its_stroke(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.pen(QEvent.Type.TabletPress, (150.0, 120.0), pressure=0.8)
    stage.pen(QEvent.Type.TabletMove, (190.0, 130.0), pressure=0.8)
    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.TabletLeaveProximity))
    assert not stage.canvas.is_gesture_running
    assert stage.document.can_undo


def test_one_finger_paints_and_two_fingers_move_and_zoom(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    device = QTest.createTouchDevice()
    canvas = stage.canvas

    sequence = QTest.touchEvent(canvas, device, False)

    def touch(*moves: tuple[str, int, tuple[int, int]]) -> None:
        for kind, finger, position in moves:
            if kind == "stationary":
                sequence.stationary(finger)
            else:
                getattr(sequence, kind)(finger, QPoint(*position), canvas)
        sequence.commit()

    touch(("press", 0, (150, 120)))
    touch(("move", 0, (180, 120)))
    touch(("release", 0, (180, 120)))
    assert stage.alpha.any()
    painted, zoom = stage.alpha.copy(), canvas.view.zoom
    touch(("press", 0, (150, 150)))
    touch(("stationary", 0, (150, 150)), ("press", 1, (250, 150)))
    held = stage.image_at((200.0, 150.0))
    touch(("move", 0, (110, 160)), ("move", 1, (310, 160)))
    assert canvas.view.zoom == pytest.approx(zoom * 2.0, rel=0.02)
    assert stage.canvas.view.image_to_view(*held) == pytest.approx((210.0, 160.0), abs=1.0)
    touch(("release", 0, (110, 160)), ("stationary", 1, (310, 160)))
    touch(("move", 1, (200, 200)))
    touch(("release", 1, (200, 200)))
    assert (stage.alpha == painted).all()


def test_the_ring_follows_the_pointer_and_hides_when_it_leaves(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    bare = stage.canvas.grab().toImage()
    stage.hover((150.0, 120.0))
    first = stage.canvas.grab().toImage()
    stage.hover((250.0, 180.0))
    second = stage.canvas.grab().toImage()
    assert first != bare
    # The ring's left rim: there with the pointer, the photo again afterwards.
    rim = (130, 120)
    assert first.pixelColor(*rim) != bare.pixelColor(*rim)
    assert second.pixelColor(*rim) == bare.pixelColor(*rim)
    assert second.pixelColor(230, 180) != bare.pixelColor(230, 180)
    QApplication.sendEvent(stage.canvas, QEvent(QEvent.Type.Leave))
    assert stage.canvas.grab().toImage() == bare


def test_alt_turns_the_ring_into_the_one_that_takes_away(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.hover((150.0, 120.0))
    adding = stage.canvas.grab().toImage()
    # An event carries the modifiers from before it; Qt adds or takes the key itself.
    stage.key(Qt.Key.Key_Alt)
    assert stage.canvas.grab().toImage() != adding
    stage.key(Qt.Key.Key_Alt, keys=ALT, kind=QEvent.Type.KeyRelease)
    assert stage.canvas.grab().toImage() == adding


def test_the_ring_is_shown_in_the_middle_while_a_slider_changes_the_size(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    bare = stage.canvas.grab().toImage()
    stage.desk.brush.radius_px = 30.0
    assert stage.canvas.grab().toImage().pixelColor(170, 150) != bare.pixelColor(170, 150)
    qtbot.waitUntil(lambda: stage.canvas.grab().toImage() == bare)


def test_the_pointer_is_reported_in_image_pixels(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    moves = received(stage.canvas.pointer_moved)
    stage.hover(stage.at(12.5, 34.5))
    assert moves[-1][0] == pytest.approx((12.5, 34.5))


def test_without_a_photo_nothing_is_painted_and_nothing_fails(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.set_scene(None)
    stage.drag([(100.0, 100.0), (200.0, 150.0)], LEFT)
    stage.wheel(CURSOR, angle=(0, 120))
    stage.pinch(CURSOR, 0.1)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Space):
        stage.key(key)
    stage.canvas.grab()
    assert not stage.alpha.any()
