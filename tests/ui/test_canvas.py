"""What the canvas shows: scenes, first pictures, stale boxes, decorations, drops, spoken words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.render import Scene, View, ViewMode, render_into
from meticulous_gui.core.resample import resize_area
from meticulous_gui.ui import composer
from meticulous_gui.ui.qimage import rgb_from_qimage
from meticulous_gui.ui.theme import make_palette
from tests.ui.canvas_stage import Stage, noise_image
from tests.ui.received import received

ROOT = Path(__file__).parents[2]


# --- scenes ----------------------------------------------------------------------------------------------


def test_a_photo_is_fitted_when_it_comes(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    assert stage.canvas.place is not None
    assert stage.canvas.place.is_fitted
    assert stage.canvas.visible_box == Box(0, 0, 300, 200)


def test_what_is_painted_is_the_frame_to_the_pixel(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    shown = rgb_from_qimage(stage.canvas.grab().toImage())
    np.testing.assert_array_equal(shown, stage.canvas.frame_pixels[:, :, 2::-1])


def test_a_first_small_picture_and_the_photo_share_the_view(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    canvas, rgb = stage.canvas, noise_image(400, 600)
    rgb[:200] //= 2  # something that also a small picture shows
    canvas.set_scene(Scene(Pyramid(resize_area(rgb, (100, 150)))), (400, 600))
    canvas.zoom_to(1.0)
    canvas.pan_by(-31, 12)
    view, first = canvas.view, canvas.frame_pixels.astype(int)
    canvas.set_scene(Scene(Pyramid(rgb)))
    assert canvas.view == view
    second = canvas.frame_pixels.astype(int)
    row = round(view.image_to_view(0.0, 200.0)[1])
    for frame in (first, second):
        assert frame[row - 20 : row - 8, :, :3].mean() < 75 < 115 < frame[row + 8 : row + 20, :, :3].mean()


def test_another_scene_of_the_same_size_keeps_the_view_and_another_size_is_fitted(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(5.0)
    view = stage.canvas.view
    stage.canvas.set_scene(Scene(Pyramid(noise_image())))
    assert stage.canvas.view == view
    stage.canvas.set_scene(Scene(Pyramid(noise_image(80, 90))))
    assert stage.canvas.place is not None
    assert stage.canvas.place.is_fitted


def test_another_photo_drops_the_running_stroke(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.press((150.0, 120.0))
    stage.move((200.0, 150.0))
    stage.canvas.set_scene(Scene(Pyramid(noise_image(80, 90))))
    assert not stage.canvas.is_gesture_running
    assert not stage.alpha.any()


def test_a_changed_view_is_announced(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    changes = received(stage.canvas.view_changed)
    stage.canvas.zoom_to(2.0)
    assert [view.zoom for (view,) in changes] == [2.0]
    stage.canvas.zoom_to(2.0)
    assert len(changes) == 1


def test_a_fitted_photo_follows_the_windows_size(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    zoom = stage.canvas.view.zoom
    stage.canvas.resize(800, 600)
    assert stage.canvas.view.zoom == pytest.approx(2 * zoom)
    assert stage.canvas.viewport_hw == (600, 800)


@pytest.mark.parametrize("mode", [mode for mode in ViewMode if mode is not ViewMode.PHOTO])
def test_every_view_shows_something_of_its_own(qtbot: QtBot, mode: ViewMode) -> None:
    stage = Stage(qtbot)
    stage.drag([(150.0, 120.0), (220.0, 150.0)])
    stage.views.set_overlay_on(False)
    bare = stage.canvas.frame_pixels.copy()
    stage.views.set_mode(mode)
    same = (stage.canvas.frame_pixels == bare).all()
    # A canvas alone has no network whose confidence it could show, and no session that knows the strokes.
    assert same == (mode in (ViewMode.CONFIDENCE, ViewMode.DECIDED))


def test_a_photo_without_layers_is_shown_as_it_is_in_every_view(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.set_scene(Scene(Pyramid(noise_image())))
    bare = stage.canvas.frame_pixels.copy()
    stage.views.set_mode(ViewMode.BLACK)
    np.testing.assert_array_equal(stage.canvas.frame_pixels, bare)


def test_the_surround_follows_light_and_dark(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    for is_dark, grey in ((True, 0x2B), (False, 0xB8)):
        stage.canvas.setPalette(make_palette(is_dark=is_dark))
        assert tuple(stage.canvas.frame_pixels[0, 0, :3]) == (grey, grey, grey)


# --- only what is stale ----------------------------------------------------------------------------------


@pytest.fixture
def drawn_boxes(monkeypatch: pytest.MonkeyPatch) -> list[Box]:
    """Return the list into which every rendered box of device pixels is noted."""
    boxes: list[Box] = []

    def noting(frame: NDArray[np.uint8], scene: Scene, view: View, box: Box, mode: ViewMode) -> None:
        boxes.append(box)
        render_into(frame, scene, view, box, mode)

    monkeypatch.setattr(composer, "render_into", noting)
    return boxes


def test_a_brush_move_draws_only_round_the_brush(qtbot: QtBot, drawn_boxes: list[Box]) -> None:
    stage = Stage(qtbot)
    stage.desk.brush.radius_px = 6.0
    stage.press((150.0, 120.0))
    stage.canvas.grab()
    drawn_boxes.clear()
    stage.move((154.0, 122.0))
    QApplication.processEvents()
    assert drawn_boxes
    assert sum(box.area for box in drawn_boxes) < 40 * 40


def test_hovering_draws_nothing_of_the_photo_again(qtbot: QtBot, drawn_boxes: list[Box]) -> None:
    stage = Stage(qtbot)
    stage.canvas.grab()
    drawn_boxes.clear()
    stage.hover((150.0, 120.0))
    stage.hover((190.0, 140.0))
    stage.canvas.set_progress(0.3)
    QApplication.processEvents()
    assert drawn_boxes == []


def test_whatever_the_next_paint_will_show_is_due_also_the_ring_of_a_brush_that_only_hovers(
    qtbot: QtBot,
) -> None:
    stage = Stage(qtbot)
    canvas = stage.canvas
    canvas.repaint()
    assert not canvas.is_paint_due
    stage.hover((150.0, 120.0))
    assert canvas.is_paint_due
    canvas.repaint()
    assert not canvas.is_paint_due
    canvas.invalidate_image_box(Box(10, 10, 20, 20))
    assert canvas.is_paint_due


def test_a_pan_draws_only_the_uncovered_strips(qtbot: QtBot, drawn_boxes: list[Box]) -> None:
    stage = Stage(qtbot)
    stage.canvas.zoom_to(6.0)
    stage.canvas.grab()
    drawn_boxes.clear()
    stage.canvas.pan_by(5, -3)
    stage.canvas.grab()
    assert sum(box.area for box in drawn_boxes) <= 5 * 300 + 3 * 400


def test_many_stale_boxes_are_drawn_together_at_the_next_paint(qtbot: QtBot, drawn_boxes: list[Box]) -> None:
    stage = Stage(qtbot)
    stage.canvas.grab()
    drawn_boxes.clear()
    for step in range(60):
        stage.canvas.invalidate_image_box(Box(step * 4, step * 3, step * 4 + 5, step * 3 + 5))
    assert drawn_boxes == []
    QApplication.processEvents()
    assert 1 <= len(drawn_boxes) <= 8


# --- decorations -----------------------------------------------------------------------------------------


def test_the_progress_bar_lies_in_the_lower_edge_and_goes_away(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    bare = stage.canvas.grab().toImage()
    stage.canvas.set_progress(0.5)
    shown = stage.canvas.grab().toImage()
    assert shown.pixelColor(100, 299) != shown.pixelColor(300, 299)
    assert shown.pixelColor(100, 290) == bare.pixelColor(100, 290)
    stage.canvas.set_progress(None)
    assert stage.canvas.grab().toImage() == bare


def test_a_flash_outlines_a_part_for_a_moment(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    bare = stage.canvas.grab().toImage()
    stage.canvas.highlights.flash(Box(100, 60, 140, 90))
    shown = stage.canvas.grab().toImage()
    x, y = (round(value) for value in stage.canvas.view.image_to_view(100, 75))
    assert shown.pixelColor(x, y) != bare.pixelColor(x, y)
    assert shown.pixelColor(x + 10, y) == bare.pixelColor(x + 10, y), "an outline, not a veil"
    qtbot.waitUntil(lambda: stage.canvas.grab().toImage() == bare)


def test_a_grid_of_pixels_is_drawn_from_1600_percent(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    for zoom, is_drawn in ((15.9, False), (16.0, True), (24.0, True)):
        stage.canvas.zoom_to(zoom)
        shown = rgb_from_qimage(stage.canvas.grab().toImage())
        assert (shown != stage.canvas.frame_pixels[:, :, 2::-1]).any() == is_drawn


def test_without_a_photo_there_is_a_place_to_drop_one(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.set_scene(None)
    shown = rgb_from_qimage(stage.canvas.grab().toImage())
    assert (shown != shown[0, 0]).any(axis=2).sum() > 300
    assert stage.canvas.image_size_hw is None
    assert stage.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


# --- drops -----------------------------------------------------------------------------------------------


DROP_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drag_over(stage: Stage, data: QMimeData) -> bool:
    """Drag `data` over the canvas; return whether it is welcome."""
    copy, left, none = DROP_KEYS
    enter = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
    enter.ignore()
    QApplication.sendEvent(stage.canvas, enter)
    return enter.isAccepted()


def drop(stage: Stage, data: QMimeData) -> bool:
    """Drag `data` over the canvas and let it go there; return whether it was welcome."""
    is_welcome = drag_over(stage, data)
    if is_welcome:
        copy, left, none = DROP_KEYS
        QApplication.sendEvent(stage.canvas, QDropEvent(QPointF(50, 50), copy, data, left, none))
    return is_welcome


@pytest.mark.parametrize("has_photo", [True, False])
def test_the_canvas_shows_that_what_is_dragged_over_it_may_be_dropped(
    qtbot: QtBot, tmp_path: Path, has_photo: bool
) -> None:
    stage = Stage(qtbot)
    if not has_photo:
        stage.canvas.set_scene(None)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "mask.png"))])
    before = rgb_from_qimage(stage.canvas.grab().toImage())
    assert drag_over(stage, data)
    assert (rgb_from_qimage(stage.canvas.grab().toImage()) != before).any()
    QApplication.sendEvent(stage.canvas, QDragLeaveEvent())
    np.testing.assert_array_equal(rgb_from_qimage(stage.canvas.grab().toImage()), before)


def test_dropped_files_and_folders_are_only_told(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(qtbot)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a b.jpg")), QUrl("https://example.org/c.jpg")])
    dropped = received(stage.canvas.files_dropped)
    assert drop(stage, data)
    assert [paths for paths, *_ in dropped] == [[tmp_path / "a b.jpg"]]


def test_a_dropped_picture_without_a_file_is_told(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    data, picture = QMimeData(), QImage(4, 3, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    data.setImageData(picture)
    dropped = received(stage.canvas.picture_dropped)
    assert drop(stage, data)
    assert [image.size().width() for image, *_ in dropped] == [4]


def test_other_things_are_not_welcome(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    data = QMimeData()
    data.setText("some words")
    assert not drop(stage, data)


# --- words -----------------------------------------------------------------------------------------------


def test_screen_readers_hear_the_file_the_zoom_and_the_brush(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.set_subject("dog.jpg", "3 objects, 41 % covered")
    stage.canvas.zoom_to(2.0)
    stage.desk.brush.radius_px = 12.0
    interface = QAccessible.queryAccessibleInterface(stage.canvas)
    assert interface.text(QAccessible.Text.Name) == "dog.jpg"
    description = interface.text(QAccessible.Text.Description)
    assert description == "zoom 200 %, brush 24 px, 3 objects, 41 % covered"


def test_tools_say_what_they_are_in_one_sentence(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    tools = stage.tools.values()
    assert [tool.id for tool in tools] == [
        "hand",
        "brush",
        "eraser",
        "lasso",
        "similar",
        "move",
        "point",
        "refine",
        "find_box",
    ]
    assert all(tool.text and tool.help.endswith(".") for tool in tools)
    assert len({tool.key for tool in tools}) == len(stage.tools)
    for tool in tools:
        stage.canvas.set_tool(tool)
        for option in tool.options():
            assert option.text
            assert option.help.endswith(".")


# --- screens ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ratio", [1.25, 1.5])
def test_pan_zoom_and_paint_are_exact_on_a_fractional_screen(ratio: float) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(ratio)}
    child = subprocess.run(
        [sys.executable, "-m", "tests.ui.fractional_screen", str(ratio)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == 0, child.stderr


def test_where_frames_are_slow_a_zoom_is_shown_roughly_first_and_then_exactly(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.drag([(60.0, 60.0), (180.0, 140.0)])
    stage.hover((130.0, 90.0))
    stage.canvas.composer.rough_above_ms = 0.0
    stage.canvas.invalidate_all()
    stage.canvas.grab()
    stage.wheel((130.0, 90.0), angle=(0, 120))
    stage.canvas.hands.leave()
    rough = rgb_from_qimage(stage.canvas.grab().toImage()).astype(int)
    exact = stage.canvas.frame_pixels[:, :, 2::-1].astype(int)
    assert (rough != exact).any()
    # Half the resolution of noise keeps its mean in every part; nothing is shifted or missing.
    blocks = np.abs((rough - exact).reshape(10, 30, 10, 40, 3).mean(axis=(1, 3)))
    assert blocks.max() < 16.0
    stage.wheel((130.0, 90.0), angle=(0, 120))
    stage.canvas.hands.leave()
    stage.canvas.grab()
    assert stage.canvas.is_rough
    qtbot.waitUntil(lambda: not stage.canvas.is_rough)
    shown = rgb_from_qimage(stage.canvas.grab().toImage())
    np.testing.assert_array_equal(shown, stage.canvas.frame_pixels[:, :, 2::-1])


def test_where_frames_are_quick_a_zoom_is_exact_at_once(qtbot: QtBot) -> None:
    stage = Stage(qtbot)
    stage.canvas.composer.rough_above_ms = 1e9
    stage.wheel((130.0, 90.0), angle=(0, 120))
    stage.canvas.hands.leave()
    shown = rgb_from_qimage(stage.canvas.grab().toImage())
    np.testing.assert_array_equal(shown, stage.canvas.frame_pixels[:, :, 2::-1])
