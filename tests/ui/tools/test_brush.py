"""The brush and the eraser, driven by real events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.prompts import Stroke
from meticulous_gui.core.types import Alpha
from tests.core.documents import stroke_edit
from tests.ui.canvas_stage import ALT, RIGHT, SHIFT, Stage, ViewPoint, noise_image

WAY: list[ViewPoint] = [(100.0, 90.0), (131.5, 104.25), (180.0, 160.0), (240.0, 150.5)]


def expected_alpha(stage: Stage, way: list[ViewPoint], *, is_adding: bool = True) -> Alpha:
    """Return what core's painter makes of the way on an empty layer."""
    document = Document(photo_from_array(noise_image()))
    if not document.layers:
        document.add_layer()
    brush, zoom = stage.desk.brush, stage.canvas.view.zoom
    radius_px = brush.radius_image_px(zoom=zoom, device_pixel_ratio=stage.canvas.device_pixel_ratio)
    points = [(*stage.image_at(position), 1.0) for position in [*way, way[-1]]]
    stroke = Stroke(tuple(points), radius_px, is_adding)
    edit = stroke_edit(document.active, stroke, hardness=brush.hardness, opacity=brush.opacity)
    assert edit is not None
    document.apply(edit)
    return document.active.alpha


def test_a_stroke_of_real_events_equals_the_painters_pixels(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag(WAY)
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, WAY))
    assert stage.alpha.max() == 255


def test_a_stroke_is_one_undo_step_and_comes_back_bit_for_bit(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag(WAY)
    painted = stage.alpha.copy()
    assert stage.document.undo() is not None
    assert not stage.alpha.any()
    assert not stage.document.can_undo
    assert stage.document.redo() is not None
    np.testing.assert_array_equal(stage.alpha, painted)


def test_the_canvas_shows_the_stroke_as_a_whole_repaint_would(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.press(WAY[0])
    for position in WAY[1:]:
        stage.move(position)
        shown = stage.canvas.frame_pixels.copy()
    stage.release(WAY[-1])
    shown = stage.canvas.frame_pixels.copy()
    stage.canvas.invalidate_all()
    np.testing.assert_array_equal(stage.canvas.frame_pixels, shown)


@pytest.mark.parametrize("smoothing", [0.0, 0.3, 1.0])
def test_escape_takes_the_stroke_back(qtbot: QtBot, smoothing: float) -> None:
    stage = Stage(qtbot)
    stage.desk.brush.smoothing = smoothing
    stage.press(WAY[0])
    for position in WAY[1:]:
        stage.move(position)
    assert stage.alpha.any()
    stage.key(Qt.Key.Key_Escape)
    assert not stage.alpha.any()
    assert not stage.document.can_undo
    stage.release(WAY[-1])
    assert not stage.alpha.any()


@pytest.mark.parametrize(("button", "keys"), [(RIGHT, Qt.KeyboardModifier.NoModifier), (None, ALT)])
def test_right_button_and_alt_take_away(
    qtbot: QtBot, button: Qt.MouseButton | None, keys: Qt.KeyboardModifier
) -> None:
    stage = Stage(qtbot)
    stage.drag(WAY)
    stage.drag(WAY, button or Qt.MouseButton.LeftButton, keys)
    # A soft rim leaves what one stroke could not take; the middle of the way is gone.
    column, row = (int(value) for value in stage.image_at(WAY[1]))
    assert stage.alpha[row, column] == 0
    assert stage.document.undo_title == "Eraser"


def test_x_swaps_adding_and_taking_away(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.key(Qt.Key.Key_X, "x")
    assert stage.desk.brush.is_subtracting
    stage.drag(WAY, RIGHT)
    assert stage.alpha.any()


def test_the_eraser_tool_takes_away_and_its_right_button_adds(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag(WAY)
    column, row = (int(value) for value in stage.image_at(WAY[1]))
    stage.canvas.set_tool(stage.tools["eraser"])
    stage.drag(WAY)
    assert stage.alpha[row, column] == 0
    stage.drag(WAY, RIGHT)
    assert stage.alpha[row, column] == 255


def test_the_bar_of_the_eraser_says_what_its_left_button_does(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    eraser = stage.tools["eraser"]
    assert {option.id: option.value for option in eraser.options()}["sign"] == "take_away"
    eraser.set_option("sign", "add")
    assert {option.id: option.value for option in eraser.options()}["sign"] == "add"
    assert stage.desk.brush.is_subtracting, "the brush is turned round with it, as by X"


def test_shift_draws_a_straight_line_from_the_end_of_the_last_stroke(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag([(60.0, 150.0)])
    stage.drag([(260.0, 150.0)], keys=SHIFT)
    columns = range(int(stage.image_at((60.0, 150.0))[0]), int(stage.image_at((260.0, 150.0))[0]))
    row = int(stage.image_at((60.0, 150.0))[1])
    assert (stage.alpha[row, columns.start : columns.stop] == 255).all()


def test_shift_shows_the_line_before_the_press(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag([(60.0, 150.0)])
    stage.hover((260.0, 150.0))
    bare = stage.canvas.grab().toImage()
    stage.key(Qt.Key.Key_Shift)
    shown = stage.canvas.grab().toImage()
    assert shown.pixelColor(160, 150) != bare.pixelColor(160, 150)
    stage.key(Qt.Key.Key_Shift, keys=SHIFT, kind=QEvent.Type.KeyRelease)
    assert stage.canvas.grab().toImage() == bare


def test_no_line_leads_from_one_photo_to_the_next(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag([(60.0, 150.0)])
    stage.desk.document = other = Document(photo_from_array(noise_image()))
    stage.drag([(260.0, 150.0)], keys=SHIFT)
    assert bounding_box(other.active.alpha).width < 60


def test_alt_and_right_drag_change_the_size_and_paint_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    before_px = stage.desk.brush.radius_px
    stage.drag([(150.0, 150.0), (170.0, 150.0)], RIGHT, ALT)
    assert stage.desk.brush.radius_px == pytest.approx(before_px + 20.0 / stage.canvas.device_pixel_ratio)
    assert not stage.alpha.any()


def test_escape_gives_the_size_back_that_a_drag_changed(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    before_px = stage.desk.brush.radius_px
    stage.press((150.0, 150.0), RIGHT, ALT)
    stage.move((190.0, 150.0), RIGHT, ALT)
    stage.key(Qt.Key.Key_Escape)
    assert stage.desk.brush.radius_px == before_px


def test_brackets_change_size_and_braces_hardness(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    brush = stage.desk.brush
    before_px, before_hardness = brush.radius_px, brush.hardness
    stage.key(Qt.Key.Key_BracketRight, "]")
    assert brush.radius_px > before_px
    stage.key(Qt.Key.Key_BracketLeft, "[")
    assert brush.radius_px == pytest.approx(before_px)
    stage.key(Qt.Key.Key_BraceLeft, "{", keys=SHIFT)
    assert brush.hardness == pytest.approx(before_hardness - 0.1)


def test_pressure_makes_the_stroke_narrower(qtbot: QtBot) -> None:
    widths = []
    for pressure in (0.1, 1.0):
        stage = Stage(qtbot)
        assert stage.pen(QEvent.Type.TabletPress, WAY[0], pressure=pressure)
        assert stage.pen(QEvent.Type.TabletMove, WAY[1], pressure=pressure)
        assert stage.pen(QEvent.Type.TabletRelease, WAY[1], pressure=pressure)
        widths.append(int((stage.alpha > 0).sum()))
    assert widths[0] < widths[1] / 2


def test_a_pens_pressure_can_be_switched_off(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.desk.brush.is_pressure_size = False
    stage.pen(QEvent.Type.TabletPress, WAY[0], pressure=0.1)
    stage.pen(QEvent.Type.TabletRelease, WAY[0], pressure=0.0)
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, [WAY[0]]))


@pytest.mark.parametrize("tool", ["brush", "eraser"])
def test_pressure_covers_less_where_the_brush_says_so(qtbot: QtBot, tool: str) -> None:
    stage = Stage(qtbot, tool=tool)
    stage.document.apply(Edit(1, stage.document.box, np.full((200, 300), 100, np.uint8)))
    brush = stage.tools[tool].brush
    assert brush is not None
    stage.tools[tool].set_option("pressure", False)
    stage.tools[tool].set_option("pressure_opacity", True)
    stage.pen(QEvent.Type.TabletPress, WAY[0], pressure=0.5)
    stage.pen(QEvent.Type.TabletMove, WAY[1], pressure=0.5)
    stage.pen(QEvent.Type.TabletRelease, WAY[1], pressure=0.0)
    column, row = (int(value) for value in stage.image_at(WAY[1]))
    # Half of the way from 100 to 255, or to 0.
    assert stage.alpha[row, column] == pytest.approx(178 if tool == "brush" else 50, abs=1)
    full = Stage(qtbot, tool=tool)
    full.document.apply(Edit(1, full.document.box, np.full((200, 300), 100, np.uint8)))
    full.drag(WAY[:2])
    n_changed, n_full = np.count_nonzero(stage.alpha != 100), np.count_nonzero(full.alpha != 100)
    assert 0.9 * n_full < n_changed <= n_full, "the line is as wide as with full pressure"


def test_a_pens_line_follows_its_pressure_from_light_to_firm(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.desk.brush.is_pressure_size = False
    stage.desk.brush.is_pressure_opacity = True
    stage.pen(QEvent.Type.TabletPress, (100.0, 150.0), pressure=0.0)
    stage.pen(QEvent.Type.TabletMove, (300.0, 150.0), pressure=1.0)
    stage.pen(QEvent.Type.TabletRelease, (300.0, 150.0), pressure=0.0)
    row = int(stage.image_at((200.0, 150.0))[1])
    columns = [int(stage.image_at((x, 150.0))[0]) for x in (120.0, 180.0, 240.0, 300.0)]
    assert (np.diff(stage.alpha[row, columns].astype(int)) > 10).all()


def test_the_eraser_end_takes_away_whatever_the_sign(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag(WAY)
    stage.pen(QEvent.Type.TabletPress, WAY[1], pressure=1.0, is_eraser=True)
    stage.pen(QEvent.Type.TabletRelease, WAY[1], pressure=0.0, is_eraser=True)
    column, row = (int(value) for value in stage.image_at(WAY[1]))
    assert stage.alpha[row, column] == 0


def test_painted_pixels_are_decided(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag(WAY)
    np.testing.assert_array_equal(stage.document.active.decided.to_mask(), stage.alpha > 0)


def test_a_locked_layer_refuses_the_stroke_with_a_sentence(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.document.set_layer_state(stage.document.active.id, locked=True)
    stage.drag(WAY)
    assert not stage.alpha.any()
    assert len(stage.desk.messages) == 1
    assert not stage.canvas.is_gesture_running


def test_a_hidden_layer_refuses_the_stroke_with_a_sentence(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.document.set_layer_state(stage.document.active.id, visible=False)
    stage.drag(WAY)
    assert not stage.alpha.any()
    assert len(stage.desk.messages) == 1


def test_choosing_another_tool_drops_the_stroke(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.press(WAY[0])
    stage.move(WAY[1])
    stage.canvas.set_tool(stage.tools["lasso"])
    assert not stage.alpha.any()
    assert not stage.document.can_undo


def test_a_second_button_during_a_stroke_is_ignored(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.press(WAY[0])
    stage.press(WAY[1], RIGHT)
    stage.release(WAY[1], RIGHT)
    assert stage.canvas.is_gesture_running
    stage.move(WAY[1])
    stage.release(WAY[1])
    assert not stage.canvas.is_gesture_running
    np.testing.assert_array_equal(stage.alpha, expected_alpha(stage, WAY[:2]))


def test_smoothing_ends_where_the_hand_let_go(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.desk.brush.smoothing = 1.0
    stage.drag(WAY)
    column, row = (int(value) for value in stage.image_at(WAY[-1]))
    assert stage.alpha[row, column] == 255


def test_every_option_of_the_brush_can_be_set_and_read_back(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    tool = stage.tools["brush"]
    for option in tool.options():
        if option.kind == "switch":
            value: float | bool | str = not option.value
        elif option.kind == "choice":
            value = next(name for name, _ in option.choices if name != option.value)
        else:
            value = option.minimum
        tool.set_option(option.id, value)
        assert {each.id: each.value for each in tool.options()}[option.id] == value
    with pytest.raises(KeyError):
        tool.set_option("nonsense", 1.0)


def test_a_brush_that_stops_at_edges_paints_one_side_only(qtbot: QtBot) -> None:
    rgb = np.full((200, 300, 3), 40, np.uint8)
    rgb[:, 150:] = 200
    stage = Stage(qtbot)
    stage.desk.document = document = Document(photo_from_array(rgb))
    stage.tools["brush"].set_option("edges", True)
    stage.drag([stage.at(140, 60), stage.at(140, 140)])
    assert (document.active.alpha[70:130, 135:147] == 255).all()
    assert not document.active.alpha[:, 153:].any()
    assert not document.active.decided.to_mask()[:, 153:].any()
    stage.tools["eraser"].set_option("edges", False)
    stage.canvas.set_tool(stage.tools["eraser"])
    stage.drag([stage.at(140, 60), stage.at(140, 140)])
    assert document.active.alpha[100, 140] == 0
