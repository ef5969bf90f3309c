"""What keys, menus and panels of the window do to the open photo."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.render import ViewMode
from meticulous_gui.ui.actions import ACTIONS
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
        scene = stage.session.shown.scene
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
    assert stage.session.shown.scene is not None
    assert stage.session.shown.scene.decided is None


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


def test_that_nothing_was_found_is_said_until_the_mask_is_made_by_hand(stage: WindowStage) -> None:
    stage.open()
    stage.runner.job.finish(is_empty=True)
    stage.settle()
    stage.press(Qt.Key.Key_B)
    assert [message.text for message in stage.window.messages.messages] == ["No object was found here."]
    paint_a_stroke(stage)
    assert stage.alpha.any()
    assert not stage.window.messages.messages


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


def test_a_mask_that_is_cleared_while_it_is_looked_for_stays_empty(stage: WindowStage) -> None:
    stage.open()
    job = stage.runner.job
    job.paint(Box(0, 0, 20, 20), 255)
    stage.settle()
    stage.press(Qt.Key.Key_Delete, CTRL)
    assert job.is_cancelled
    job.paint(Box(0, 0, 60, 40), 255)  # crosses the cancel on its way
    job.acknowledge()
    stage.settle()
    assert not stage.alpha.any()
    assert stage.texts == [], "nobody has stopped anything, and nothing of it is kept"


def test_tab_leaves_the_canvas_and_comes_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    seen: set[QWidget | None] = set()
    stage.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not stage.window.canvas
    while QApplication.focusWidget() not in {*seen, stage.window.canvas}:
        seen.add(QApplication.focusWidget())
        stage.press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is stage.window.canvas


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
