"""The region refine tool and the box tools, driven by real events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box, bounding_box
from tests.ui.canvas_stage import RIGHT, SHIFT, Stage, ViewPoint

WAY: list[ViewPoint] = [(120.0, 100.0), (180.0, 120.0), (230.0, 110.0)]


def test_the_marked_region_is_asked_for_nearest_to_the_pointer_first(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    stage.drag(WAY)
    ((mask, box, focus_xy, my_strokes_too),) = stage.desk.refined
    assert mask.shape == box.size_hw
    assert Box.whole(stage.document.photo.size_hw).contains(box)
    for position in WAY:
        column, row = (int(value) for value in stage.image_at(position))
        assert mask[row - box.y0, column - box.x0]
    assert focus_xy == pytest.approx(stage.image_at(WAY[-1]))
    assert not my_strokes_too
    assert not stage.alpha.any()


def test_the_mask_is_as_wide_as_the_marker_and_its_box_is_tight(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    brush = stage.tools["refine"].brush
    assert brush is not None
    brush.radius_px = 10.0
    stage.drag([WAY[0]])
    ((mask, _, _, _),) = stage.desk.refined
    radius_px = 10.0 * stage.canvas.device_pixel_ratio / stage.canvas.view.zoom
    assert mask.sum() == pytest.approx(np.pi * radius_px**2, rel=0.35)
    assert bounding_box(mask).width == pytest.approx(2 * radius_px, abs=2.0)


def test_shift_drags_a_box(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    stage.drag(WAY, keys=SHIFT)
    ((mask, box, _, _),) = stage.desk.refined
    assert mask.all()
    x0, y0 = stage.image_at(WAY[0])
    x1, y1 = stage.image_at(WAY[-1])
    assert box == Box(int(x0), int(y0), int(np.ceil(x1)), int(np.ceil(y1)))


def test_my_strokes_too_is_passed_on(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    stage.tools["refine"].set_option("my_strokes_too", True)
    stage.drag(WAY)
    assert stage.desk.refined[0][3] is True


def test_escape_asks_for_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    stage.press(WAY[0])
    stage.move(WAY[1])
    stage.key(Qt.Key.Key_Escape)
    stage.release(WAY[1])
    assert stage.desk.refined == []


def test_marking_beside_the_photo_asks_for_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    stage.canvas.zoom_to(0.5)
    stage.canvas.tool.brush.radius_px = 2.0  # type: ignore[union-attr]
    stage.drag([(3.0, 3.0), (20.0, 3.0)])
    assert stage.desk.refined == []


def test_the_trace_is_translucent_even_where_it_overlaps_and_goes_when_done(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    before = stage.canvas.grab().toImage()
    stage.press(WAY[0])
    stage.move(WAY[1])
    once = stage.canvas.grab().toImage().pixelColor(150, 110)
    stage.move(WAY[0])
    stage.move(WAY[1])
    assert stage.canvas.grab().toImage().pixelColor(150, 110) == once
    assert before.pixelColor(150, 110) != once
    stage.canvas.cancel_gesture()
    stage.hover(WAY[2])
    assert stage.canvas.grab().toImage().pixelColor(150, 110) == before.pixelColor(150, 110)


def test_the_trace_stays_on_the_photo_when_the_view_moves(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    stage.press(WAY[0])
    stage.move(WAY[1])
    stage.canvas.grab()
    stage.wheel((200.0, 150.0), angle=(0, 240))
    stage.release(WAY[1])
    ((mask, box, _, _),) = stage.desk.refined
    assert mask.any()
    assert not box.is_empty


def test_the_right_button_marks_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="refine")
    stage.drag(WAY, RIGHT)
    assert stage.desk.refined == []


def test_find_in_a_box_asks_for_the_box_and_not_for_a_click(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="find_box")
    stage.drag([(200.0, 150.0)])
    assert stage.desk.boxes == []
    stage.drag([(250.0, 200.0), (150.0, 100.0)])
    x0, y0 = stage.image_at((150.0, 100.0))
    x1, y1 = stage.image_at((250.0, 200.0))
    assert stage.desk.boxes == [Box(int(x0), int(y0), int(np.ceil(x1)), int(np.ceil(y1)))]


def test_a_box_is_cut_off_at_the_photo(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="find_box")
    stage.drag([(1.0, 1.0), (399.0, 299.0)])
    assert stage.desk.boxes == [Box.whole(stage.document.photo.size_hw)]


def test_the_hand_moves_the_picture(qtbot: QtBot) -> None:
    stage = Stage(qtbot, tool="hand")
    held = stage.image_at((200.0, 150.0))
    stage.drag([(200.0, 150.0), (230.0, 170.0), (240.0, 140.0)])
    assert stage.image_at((240.0, 140.0)) == pytest.approx(held)
    assert not stage.document.can_undo
