from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.render import ViewMode
from meticulous_gui.core.settings import LoadedSettings, Settings
from meticulous_gui.ui.actions import ACTIONS
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.dialogs.palette import CommandPalette
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from meticulous_gui.ui.dialogs.shortcuts import GESTURES, ShortcutSheet
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.theme import is_dark_palette, make_palette
from meticulous_gui.ui.window import MainWindow
from tests.ui.fakes import Stage, make_photo
from tests.ui.mouse import drag

CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)
# Made by Qt inside a control that has a name itself.
OWNERS = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)


class WindowStage(Stage):
    """A shown window on a session with a fake runner."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder)
        self.window = MainWindow(self.session, Choices(), log_folder=folder)
        self.window.resize(1000, 700)
        qtbot.addWidget(self.window, before_close_func=lambda window: setattr(window, "_may_close", True))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.canvas.setFocus()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key with the focus where it is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self.settle()

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """Return the open dialog of a kind."""
        for dialog in self.window.findChildren(kind):
            if dialog.isVisible():
                return dialog
        raise LookupError(f"no {kind.__name__} is open")


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    yield stage
    stage.session.close()


def paint_a_stroke(stage: WindowStage) -> None:
    """Paint with the real mouse across the middle of the canvas."""
    canvas = stage.window.canvas
    middle_x, middle_y = canvas.width() / 2, canvas.height() / 2
    drag(canvas, (middle_x - 200, middle_y - 150), (middle_x - 100, middle_y - 150))
    stage.settle()


def has_owner(widget: QWidget) -> bool:
    """Return whether a widget is a part of a control rather than one itself."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, OWNERS):
            return True
        parent = parent.parentWidget()
    return False


def test_every_control_has_a_name_for_those_who_cannot_see_it(stage: WindowStage) -> None:
    stage.open_with_mask()
    window = stage.window
    dialogs: list[QWidget] = []
    kinds = (ShortcutSheet, CommandPalette, ExportDialog, PreferencesDialog)
    for action_id in ("shortcuts", "palette", "export_as", "preferences"):
        window.actions_set.trigger(action_id)
        stage.settle()
    dialogs += [stage.dialog(kind) for kind in kinds]
    stage.session.nothing_found.emit(False)
    for tool_id in window.toolbox.tools:
        window.toolbox.choose(tool_id)
        nameless = []
        for top in (window, *dialogs):
            for kind in CONTROLS:
                for widget in top.findChildren(kind):
                    interface = QAccessible.queryAccessibleInterface(widget)
                    is_inner = widget.objectName().startswith("qt_") or has_owner(widget)
                    if not is_inner and not interface.text(QAccessible.Text.Name):
                        nameless.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
        assert nameless == []


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


def test_letters_typed_into_a_field_choose_nothing(stage: WindowStage) -> None:
    stage.open_with_mask()
    row = stage.window.layers.rows[0]
    row.name.setFocus()
    row.name.selectAll()
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


def test_closing_asks_before_work_is_lost_and_cancel_stays(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.window.close()
    question = stage.dialog(UnsavedQuestion)
    assert isinstance(question, UnsavedQuestion)
    assert "photo.png" in question.text()
    question.stay_button.click()
    stage.settle()
    assert stage.window.isVisible()


def test_closing_with_save_keeps_the_layers_and_leaves(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.window.close()
    question = stage.dialog(UnsavedQuestion)
    assert isinstance(question, UnsavedQuestion)
    question.save_button.click()
    stage.settle()
    assert not stage.window.isVisible()
    assert (stage.folder / ".meticulous" / "photo.png.json").exists()


def test_closing_with_discard_writes_nothing(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.window.close()
    question = stage.dialog(UnsavedQuestion)
    assert isinstance(question, UnsavedQuestion)
    question.discard_button.click()
    stage.settle()
    assert not stage.window.isVisible()
    assert not (stage.folder / ".meticulous").exists()


def test_closing_without_work_asks_nothing(stage: WindowStage) -> None:
    stage.open_with_mask()
    assert stage.window.close()


def test_opening_another_photo_asks_before_work_is_lost(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.window.open_paths([make_photo(stage.folder / "other.png", (20, 30))])
    question = stage.dialog(UnsavedQuestion)
    assert isinstance(question, UnsavedQuestion)
    question.discard_button.click()
    stage.settle()
    assert "other.png" in stage.window.windowTitle()


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


def test_a_copied_cutout_can_be_pasted(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().mimeData().hasFormat("image/png")


def test_the_history_panel_goes_to_any_step(stage: WindowStage) -> None:
    stage.open_with_mask()
    states = [stage.alpha]
    for _ in range(2):
        paint_a_stroke(stage)
        stage.window.actions_set.trigger("invert_mask")
        states.append(stage.alpha)
    history = stage.window.history.list
    assert history.count() == 6  # as opened, the automatic mask, two strokes and two inversions
    history.itemClicked.emit(history.item(1))
    np.testing.assert_array_equal(stage.alpha, states[0])
    history.itemClicked.emit(history.item(5))
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


def test_the_palette_runs_what_was_typed(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = stage.dialog(CommandPalette)
    assert isinstance(palette, CommandPalette)
    QTest.keyClicks(palette.query, "on white")
    QTest.keyClick(palette.query, Qt.Key.Key_Return)
    stage.settle()
    assert stage.window.canvas.views.mode is ViewMode.WHITE


def test_the_shortcut_sheet_lists_every_action_and_filters(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_F1)
    sheet = stage.dialog(ShortcutSheet)
    assert isinstance(sheet, ShortcutSheet)
    assert len(sheet.rows()) == len(ACTIONS) + len(GESTURES)
    sheet.filter.setText("checkerboard")
    assert [item.text(1) for item in sheet.rows() if not item.isHidden()] == ["T"]


def test_the_export_dialog_asks_before_it_replaces(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.window.actions_set.trigger("export_as")
    dialog = stage.dialog(ExportDialog)
    assert isinstance(dialog, ExportDialog)
    target = stage.folder / "photo.png"
    before = target.read_bytes()
    dialog.path.setText(str(target))
    dialog.export.click()
    assert dialog.isVisible()
    assert dialog.warning.isVisible()
    assert target.read_bytes() == before
    dialog.path.setText(str(stage.folder / "free.png"))
    dialog.export.click()
    stage.settle()
    assert (stage.folder / "free.png").exists()


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
    assert "mos_l" in text
    assert "200 %" in text


def test_the_sign_of_the_brush_shows_in_the_bar_without_an_echo(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_X)
    assert stage.session.brush.is_subtracting
    assert stage.window.actions_set["swap"].isChecked()
    stage.press(Qt.Key.Key_X)
    assert not stage.session.brush.is_subtracting


BROKEN: dict[str, bytes] = {
    "empty.jpg": b"",
    "text.png": b"this is no picture",
    "cut.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb",
    "bomb.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x0f\xff\xff\x00\x0f\xff\xff\x08\x02\x00\x00\x00",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_costs_one_sentence_and_the_open_photo_stays(stage: WindowStage, name: str) -> None:
    stage.open_with_mask()
    document, before = stage.session.document, stage.alpha
    (stage.folder / name).write_bytes(BROKEN[name])
    stage.window.open_paths([stage.folder / name])
    stage.settle()
    assert stage.session.document is document
    np.testing.assert_array_equal(stage.alpha, before)
    assert len(stage.window.messages.messages) == 1
    assert name in stage.window.messages.messages[0].text
    assert "photo.png" in stage.window.windowTitle()


def test_a_photo_beyond_the_limit_names_the_limit(stage: WindowStage) -> None:
    settings = stage.session.settings
    stage.session.settings = replace(settings, decode=replace(settings.decode, max_side_px=50))
    stage.open("wide.png", (10, 60))
    assert stage.session.document is None
    assert "50" in stage.texts[0]


def test_a_full_disk_leaves_no_file_and_says_so(stage: WindowStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.open_with_mask()

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("meticulous_gui.core.files.os.fsync", refuse)
    stage.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert sorted(path.name for path in stage.folder.iterdir()) == ["photo.png"]
    assert "full" in stage.texts[-1]


def test_the_bars_follow_when_light_becomes_dark(stage: WindowStage) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    before = application.palette()
    try:
        for is_dark in (True, False):
            application.setPalette(make_palette(is_dark=is_dark))
            stage.settle()
            for bar in (stage.window.context_bar, stage.window.tool_strip, stage.window.layers):
                assert is_dark_palette(bar.palette()) is is_dark
    finally:
        application.setPalette(before)


def test_a_person_may_give_an_action_another_key_or_none(tmp_path: Path, qtbot: QtBot) -> None:
    loaded = LoadedSettings(replace(Settings(), keys={"find_again": "Ctrl+J", "invert_mask": ""}))
    stage = Stage(tmp_path)
    choices = Choices(loaded)
    choices._is_kept = False
    window = MainWindow(stage.session, choices, log_folder=tmp_path)
    qtbot.addWidget(window)
    assert window.actions_set["find_again"].shortcut().toString() == "Ctrl+J"
    assert window.actions_set["invert_mask"].shortcuts() == []
    stage.session.close()


def test_preferences_take_effect_at_once(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("preferences")
    dialog = stage.dialog(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    dialog.opacity.setValue(80)
    dialog.finds.setChecked(False)
    dialog.ok.click()
    stage.settle()
    assert stage.window.canvas.views.overlay_opacity == pytest.approx(0.8)
    stage.open()
    assert stage.runner.jobs == [], "no mask is asked for any more"


def test_opened_photos_are_remembered_newest_first(stage: WindowStage) -> None:
    first, second = stage.open("first.png"), stage.open("second.png")
    stage.open("first.png")
    assert stage.window.choices.recent == [first, second]
