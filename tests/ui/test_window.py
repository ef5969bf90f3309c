from __future__ import annotations

import re

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.render import ViewMode
from meticulous_gui.engine.jobs import Progress
from meticulous_gui.ui.actions import ACTIONS
from meticulous_gui.ui.drop_zone import ZONE_WH_PX
from tests.ui.fakes import make_photo
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL = Qt.KeyboardModifier.ControlModifier


def test_every_action_of_the_table_is_in_a_menu(stage: WindowStage) -> None:
    in_menus: list[QAction] = []
    for menu_action in stage.window.menuBar().actions():
        menu = menu_action.menu()
        in_menus += menu.actions()  # type: ignore[attr-defined]
    names = {entry.objectName() for entry in in_menus}
    assert {row.id for row in ACTIONS} <= names


def test_an_empty_window_offers_a_photo_and_a_sample(stage: WindowStage) -> None:
    assert stage.window.start.isVisible()
    stage.window.actions_set.trigger("open_sample")
    stage.settle()
    assert stage.session.document is not None
    assert not stage.window.start.isVisible()
    assert "coffee.png" in stage.window.windowTitle()


def test_a_stroke_with_the_mouse_changes_the_mask_and_ctrl_z_takes_it_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    before = stage.alpha
    paint_a_stroke(stage)
    assert (stage.alpha != before).any()
    assert stage.window.isWindowModified()
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(stage.alpha, before)
    assert not stage.window.isWindowModified()
    stage.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert (stage.alpha != before).any()


@pytest.mark.parametrize(
    ("key", "tool"),
    [(Qt.Key.Key_V, "hand"), (Qt.Key.Key_E, "eraser"), (Qt.Key.Key_L, "lasso"), (Qt.Key.Key_R, "refine")],
)
def test_single_letters_choose_tools(stage: WindowStage, key: Qt.Key, tool: str) -> None:
    stage.open_with_mask()
    stage.press(key)
    assert stage.window.toolbox.active.id == tool
    assert stage.window.canvas.tool is stage.window.toolbox.active
    assert stage.window.actions_set[f"tool_{tool}"].isChecked()


def test_single_letters_choose_views(stage: WindowStage) -> None:
    stage.open_with_mask()
    views = stage.window.canvas.views
    shown = []
    for key in (Qt.Key.Key_K, Qt.Key.Key_U, Qt.Key.Key_Q, Qt.Key.Key_Q):
        stage.press(key)
        shown.append(views.shown_mode)
    assert shown == [ViewMode.BLACK, ViewMode.CONFIDENCE, ViewMode.PHOTO, ViewMode.CONFIDENCE]


def test_what_networks_leave_alone_can_be_seen_and_is_kept_in_step(stage: WindowStage) -> None:
    stage.open_with_mask()
    views, layer = stage.window.canvas.views, stage.document.active

    def shown() -> NDArray[np.bool_]:
        scene = stage.session.scene
        assert scene is not None
        assert scene.decided is not None
        return scene.decided.level(0) == 255

    stage.press(Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    assert views.shown_mode is ViewMode.DECIDED
    assert not shown().any()
    paint_a_stroke(stage)
    painted = layer.decided.to_mask()
    assert painted.any()
    np.testing.assert_array_equal(shown(), painted)
    stage.window.actions_set.trigger("add_layer")
    assert not shown().any(), "the new layer has no strokes"
    stage.window.commands.layers.choose(layer.id)
    np.testing.assert_array_equal(shown(), painted)
    stage.window.actions_set.trigger("forget_strokes")
    stage.settle()
    assert not shown().any()
    stage.press(Qt.Key.Key_F)
    stage.press(Qt.Key.Key_U)
    stage.press(Qt.Key.Key_F)
    assert views.mode is ViewMode.OVERLAY, "a view of nothing is left out"
    assert stage.session.scene is not None
    assert stage.session.scene.decided is None


def test_letters_typed_into_a_field_choose_nothing(stage: WindowStage) -> None:
    stage.open_with_mask()
    row = stage.window.layers.rows[0]
    stage.press(Qt.Key.Key_F2)
    QTest.keyClicks(row.name, "vel")
    QTest.keyClick(row.name, Qt.Key.Key_Return)
    stage.settle()
    assert stage.window.toolbox.active.id == "brush"
    assert stage.session.document is not None
    assert stage.session.document.active.name == "vel"


def test_escape_stops_a_run_and_the_bar_says_what_is_kept(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.window.actions_set.trigger("refine_all")
    stage.runner.job.paint(Box(0, 0, 5, 5), 255)
    stage.settle()
    assert stage.window.status.stop.isVisible()
    stage.press(Qt.Key.Key_Escape)
    assert stage.runner.job.is_cancelled
    assert not stage.window.status.stop.isVisible()
    assert (stage.alpha[:5, :5] == 255).all()
    assert len(stage.window.messages.messages) == 1


def test_escape_drops_a_stroke_before_it_stops_a_run(stage: WindowStage) -> None:
    stage.open_with_mask()
    before = stage.alpha
    stage.window.actions_set.trigger("refine_all")
    canvas = stage.window.canvas
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    stage.press(Qt.Key.Key_Escape)
    assert not stage.runner.job.is_cancelled
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    np.testing.assert_array_equal(stage.alpha, before)
    stage.press(Qt.Key.Key_Escape)
    assert stage.runner.job.is_cancelled


def test_painting_over_an_edge_with_the_refine_tool_asks_the_network(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_R)
    n_jobs = len(stage.runner.jobs)
    paint_a_stroke(stage)
    assert len(stage.runner.jobs) == n_jobs + 1


def test_ctrl_e_writes_beside_the_photo_and_says_where(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    path = stage.folder / "photo-cutout.png"
    np.testing.assert_array_equal(load_alpha(path), stage.alpha)
    assert "photo-cutout.png" in stage.window.messages.messages[0].text


def test_nothing_found_offers_ways_on(stage: WindowStage) -> None:
    stage.open()
    stage.runner.job.finish(is_empty=True)
    stage.settle()
    stage.window.messages.choose("Find in a box")
    assert stage.window.toolbox.active.id == "find_box"
    assert not stage.window.messages.messages


def test_page_down_goes_through_the_photos_of_a_folder(stage: WindowStage) -> None:
    folder = stage.folder / "many"
    folder.mkdir()
    for name in ("b.png", "a.png", "notes.txt"):
        make_photo(folder / name, (20, 30)) if name.endswith("png") else (folder / name).write_text("x")
    stage.window.open_paths([folder])
    stage.settle()
    assert "a.png (1 of 2)" in stage.window.windowTitle().replace("[*]", "")
    stage.press(Qt.Key.Key_PageDown)
    assert "b.png (2 of 2)" in stage.window.windowTitle().replace("[*]", "")
    stage.press(Qt.Key.Key_PageDown)
    assert "b.png" in stage.window.windowTitle()


def test_a_pasted_picture_is_opened(stage: WindowStage) -> None:
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QApplication.clipboard().setImage(picture)
    stage.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.session.document is not None
    assert stage.session.document.photo.size_hw == (20, 30)


@pytest.mark.parametrize("form", ["{path}", '"{path}"\n'])
def test_the_path_of_a_photo_can_be_pasted(stage: WindowStage, form: str) -> None:
    path = make_photo(stage.folder / "a dog.png", (20, 30))
    QApplication.clipboard().setText(form.format(path=path))
    stage.press(Qt.Key.Key_V, CTRL)
    assert stage.document.photo.path == path
    QApplication.clipboard().setText("some words")
    stage.press(Qt.Key.Key_V, CTRL)
    assert stage.texts[-1] == "There is no picture on the clipboard."


def test_a_copied_cutout_can_be_pasted_with_its_transparency(stage: WindowStage) -> None:
    stage.open_with_mask()
    copied = stage.alpha
    stage.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().mimeData().hasFormat("image/png")
    stage.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "untitled" in stage.window.windowTitle()
    np.testing.assert_array_equal(stage.alpha, copied)


def test_the_menu_names_what_undo_takes_back_and_redo_brings_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    undo, redo = stage.window.actions_set["undo"], stage.window.actions_set["redo"]
    assert (undo.text(), redo.text()) == ("Undo: Find the object", "Redo")
    stage.window.actions_set.trigger("invert_mask")
    stage.settle()
    assert (undo.text(), redo.text()) == ("Undo: Invert the mask", "Redo")
    stage.window.actions_set.trigger("undo")
    stage.settle()
    assert (undo.text(), redo.text()) == ("Undo: Find the object", "Redo: Invert the mask")


def test_the_history_panel_goes_to_any_step(stage: WindowStage) -> None:
    stage.open_with_mask()
    states = [stage.alpha]
    for _ in range(2):
        paint_a_stroke(stage)
        stage.window.actions_set.trigger("invert_mask")
        states.append(stage.alpha)
    history = stage.window.history
    assert history.model.rowCount() == 6  # as opened, the automatic mask, two strokes and two inversions
    history.list.clicked.emit(history.model.index(1))
    np.testing.assert_array_equal(stage.alpha, states[0])
    history.list.clicked.emit(history.model.index(5))
    np.testing.assert_array_equal(stage.alpha, states[2])


def test_layers_are_added_hidden_locked_and_removed_in_the_panel(stage: WindowStage) -> None:
    stage.open_with_mask()
    document = stage.session.document
    assert document is not None
    stage.window.actions_set.trigger("add_layer")
    stage.settle()
    top = stage.window.layers.rows[0]
    assert len(stage.window.layers.rows) == 2
    assert top.layer_id == document.active.id
    top.eye.click()
    top.padlock.click()
    stage.settle()
    assert not document.active.visible
    assert document.active.locked
    assert not stage.window.actions_set["remove_layer"].isEnabled()
    top.padlock.click()
    stage.window.actions_set.trigger("remove_layer")
    stage.settle()
    assert len(stage.window.layers.rows) == 1


def test_panels_can_be_closed_and_brought_back(stage: WindowStage) -> None:
    assert stage.window.panels.isVisible()
    stage.press(Qt.Key.Key_F4)
    assert not stage.window.panels.isVisible()
    stage.press(Qt.Key.Key_F4)
    assert stage.window.panels.isVisible()


def test_the_status_bar_says_device_network_zoom_and_pointer(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.window.canvas.zoom_to(2.0)
    QTest.mouseMove(stage.window.canvas, QPoint(400, 300))
    stage.settle()
    text = " ".join(label.text() for label in stage.window.status.labels)
    assert "CPU" in text
    assert "MOS_L, MOS_H" in text
    assert "200 %" in text


def test_the_sign_of_the_brush_shows_in_the_bar_without_an_echo(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_X)
    assert stage.session.brush.is_subtracting
    assert stage.window.actions_set["swap"].isChecked()
    stage.press(Qt.Key.Key_X)
    assert not stage.session.brush.is_subtracting


def test_opened_photos_are_remembered_newest_first(stage: WindowStage) -> None:
    first, second = stage.open("first.png"), stage.open("second.png")
    stage.open("first.png")
    assert stage.window.choices.recent == [first, second]


def test_a_photo_opened_before_is_opened_again_from_the_menu(stage: WindowStage) -> None:
    first = stage.open("first.png")
    stage.open("second.png")
    (menu,) = (menu for menu in stage.window.findChildren(QMenu) if menu.title() == "Open recent")
    menu.aboutToShow.emit()
    names = [entry.text() for entry in menu.actions()]
    assert names == ["second.png", "first.png"]
    menu.actions()[1].trigger()
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == first


def test_clearing_the_mask_is_one_step_and_networks_may_speak_again(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_Delete, CTRL)
    document = stage.session.document
    assert document is not None
    assert not stage.alpha.any()
    assert not list(document.active.decided.boxes())
    stage.press(Qt.Key.Key_Z, CTRL)
    np.testing.assert_array_equal(stage.alpha, painted)
    assert list(document.active.decided.boxes())
    stage.window.actions_set.trigger("forget_strokes")
    assert not list(document.active.decided.boxes())
    np.testing.assert_array_equal(stage.alpha, painted)


def test_tab_leaves_the_canvas_and_comes_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    seen: set[QWidget | None] = set()
    stage.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not stage.window.canvas
    while QApplication.focusWidget() not in {*seen, stage.window.canvas}:
        seen.add(QApplication.focusWidget())
        stage.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is stage.window.canvas


def test_the_status_bar_says_what_runs_and_how_long_the_last_took(stage: WindowStage) -> None:
    stage.open()
    stage.runner.job.tell(Progress(1, 4))
    stage.settle()
    text = " ".join(label.text() for label in stage.window.status.labels)
    assert "Finding the object, 1 of 4 patches" in text
    stage.runner.job.finish()
    stage.settle()
    text = " ".join(label.text() for label in stage.window.status.labels)
    assert re.search(r"Find the object: \d+\.\d s", text)


@pytest.mark.parametrize("width", [1400, 1000, 900, 760, 640])
def test_every_option_of_the_brush_is_reached_however_narrow_the_window(
    stage: WindowStage, qtbot: QtBot, width: int
) -> None:
    window, bar = stage.window, stage.window.context_bar
    window.resize(width, 600)
    qtbot.waitUntil(lambda: bar.width() == width)

    def is_all_in_reach() -> bool:
        """Return whether nothing lies behind Qt's own button, which is twelve pixels wide."""
        extension = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        return extension is None or not extension.isVisible()

    qtbot.waitUntil(is_all_in_reach)
    names = {field.accessibleName() for field in bar.findChildren(QAbstractSpinBox)}
    assert {"Size", "Hardness", "Opacity"} <= names
    window.toolbox.choose("refine")
    window.toolbox.choose("brush")
    qtbot.waitUntil(is_all_in_reach)


@pytest.mark.parametrize("tool", ["hand", "lasso", "similar", "point", "refine", "find_box"])
def test_a_tool_says_what_it_does_when_it_is_chosen(stage: WindowStage, qtbot: QtBot, tool: str) -> None:
    window = stage.window
    window.resize(1280, 700)
    window.toolbox.choose(tool)
    line = window.context_bar.help_line
    qtbot.waitUntil(lambda: window.context_bar.width() == 1280)
    qtbot.waitUntil(lambda: line.shown != "")
    assert line.toolTip() == window.toolbox.active.help
    assert line.geometry().right() <= window.context_bar.width()


def test_an_outline_of_corners_says_how_it_is_closed(stage: WindowStage) -> None:
    stage.open_with_mask()
    window = stage.window
    window.toolbox.choose("lasso")
    before = window.context_bar.help_line.toolTip()
    drag(window.canvas, (200.0, 200.0))
    assert "closes" in window.context_bar.help_line.toolTip()
    stage.press(Qt.Key.Key_Escape)
    assert window.context_bar.help_line.toolTip() == before


def test_choosing_tools_again_and_again_leaves_nothing_behind(stage: WindowStage, qtbot: QtBot) -> None:
    def choose_both() -> tuple[int, int]:
        for tool in ("refine", "brush"):
            stage.window.toolbox.choose(tool)
        qtbot.wait(0)
        stage.settle()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(stage.window.context_bar.children()), len(QApplication.allWidgets())

    choose_both()
    assert choose_both() == choose_both() == choose_both()


@pytest.mark.parametrize("size_wh", [(1280, 800), (900, 600), (640, 420)])
def test_the_buttons_at_the_start_lie_below_the_drop_zone(
    stage: WindowStage, qtbot: QtBot, size_wh: tuple[int, int]
) -> None:
    window = stage.window
    window.resize(*size_wh)
    qtbot.waitUntil(lambda: window.canvas.width() <= size_wh[0] and window.height() == size_wh[1])
    height = window.canvas.height()
    zone_bottom = height / 2 + min(ZONE_WH_PX[1], height * 0.7) / 2
    assert zone_bottom <= window.start.y() <= zone_bottom + 60
    assert window.start.geometry().bottom() < height


def test_a_dropped_file_that_may_be_a_mask_is_asked_about(stage: WindowStage) -> None:
    photo = stage.open_with_mask()
    mask = make_photo(stage.folder / "mask.png", (40, 60), mode="L")
    dropped = stage.window.canvas.files_dropped
    dropped.emit([mask])
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == photo
    stage.window.messages.choose("Use it as the mask")
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, load_alpha(mask))
    stage.press(Qt.Key.Key_Z, CTRL)
    dropped.emit([mask])
    stage.settle()
    stage.window.messages.choose("Open it as a photo")
    stage.settle()
    assert stage.session.document.photo.path == mask


def test_a_dropped_photo_is_opened_without_a_question(stage: WindowStage) -> None:
    stage.open_with_mask()
    for name, size_hw, mode in (("same.png", (40, 60), "RGB"), ("grey.png", (41, 60), "L")):
        path = make_photo(stage.folder / name, size_hw, mode=mode)
        stage.window.canvas.files_dropped.emit([path])
        stage.settle()
        assert stage.session.document is not None
        assert stage.session.document.photo.path == path


def test_f8_lets_the_arrows_move_a_cross_and_again_the_picture(stage: WindowStage) -> None:
    stage.open_with_mask()
    for is_on in (True, False):
        stage.press(Qt.Key.Key_F8)
        assert stage.window.canvas.has_keyboard_cursor is is_on
        assert stage.window.actions_set["keyboard_cursor"].isChecked() is is_on


def test_after_the_full_screen_the_window_is_as_large_as_before(stage: WindowStage) -> None:
    window = stage.window
    window.showMaximized()
    for is_full in (True, False):
        stage.window.actions_set.trigger("full_screen")
        stage.settle()
        assert window.isFullScreen() == is_full
    assert window.isMaximized()


def test_esc_leaves_the_full_screen_where_there_is_nothing_else_to_stop(stage: WindowStage) -> None:
    stage.open()
    stage.window.actions_set.trigger("full_screen")
    stage.press(Qt.Key.Key_Escape)
    assert stage.window.isFullScreen(), "the network was stopped"
    stage.press(Qt.Key.Key_Escape)
    assert not stage.window.isFullScreen()


def test_undo_takes_the_last_corner_of_an_outline_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    title = stage.session.document.undo_title if stage.session.document else ""
    lasso = stage.window.toolbox.tools["lasso"]
    stage.window.toolbox.choose("lasso")
    for place in ((200.0, 200.0), (300.0, 200.0)):
        drag(stage.window.canvas, place)
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert lasso.is_busy, "the first corner is still there"
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not lasso.is_busy
    assert stage.session.document is not None
    assert stage.session.document.undo_title == title, "steps before it stay"


def test_undo_shows_where_it_was(stage: WindowStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.open_with_mask()
    stage.session.commit(Edit(1, Box(0, 0, 5, 5), np.full((5, 5), 255, np.uint8)))
    canvas = stage.window.canvas
    canvas.zoom_to_box(Box(50, 30, 60, 40))
    assert canvas.visible_box.clip(Box(0, 0, 5, 5)).is_empty
    flashed: list[Box | None] = []
    monkeypatch.setattr(canvas.highlights, "flash", flashed.append)
    stage.press(Qt.Key.Key_Z, CTRL)
    assert not canvas.visible_box.clip(Box(0, 0, 5, 5)).is_empty
    assert flashed == [Box(0, 0, 5, 5)]
