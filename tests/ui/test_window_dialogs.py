from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QSlider,
    QWidget,
)
from pytestqt.qtbot import QtBot

from meticulous_gui.core.project import load_layers
from meticulous_gui.core.render import ViewMode
from meticulous_gui.core.settings import LoadedSettings, Settings
from meticulous_gui.ui.actions import ACTIONS
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.about import AboutDialog
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.dialogs.palette import CommandPalette
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from meticulous_gui.ui.dialogs.shortcuts import GESTURES, ShortcutSheet
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.moments import moment_text
from meticulous_gui.ui.qimage import rgb_from_qimage
from meticulous_gui.ui.theme import contrast_ratio, is_dark_palette, make_palette
from meticulous_gui.ui.window import MainWindow
from tests.ui.fakes import Stage, make_photo
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage, paint_a_stroke

CONTROLS = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)
# Made by Qt inside a control that has a name itself.
OWNERS = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit)


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
    kinds = (ShortcutSheet, CommandPalette, ExportDialog, PreferencesDialog, AboutDialog)
    for action_id in ("shortcuts", "palette", "export_as", "preferences", "about"):
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


def asked_at_closing(stage: WindowStage) -> UnsavedQuestion:
    """Paint, close the window, and return what it asks."""
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.window.close()
    return stage.dialog(UnsavedQuestion)


def test_closing_asks_before_work_is_lost_and_cancel_stays(stage: WindowStage) -> None:
    question = asked_at_closing(stage)
    document = stage.session.document
    assert document is not None
    since = document.unsaved.since
    assert since is not None
    said = f"One change to photo.png since {moment_text(since)} would be lost."
    assert question.text() == said, "the mask that came by itself is none"
    question.stay_button.click()
    stage.settle()
    assert stage.window.isVisible()


def test_closing_with_save_keeps_the_layers_and_leaves(stage: WindowStage) -> None:
    question = asked_at_closing(stage)
    question.save_button.click()
    stage.settle()
    assert not stage.window.isVisible()
    assert (stage.folder / ".meticulous" / "photo.png.json").exists()


def test_what_is_painted_while_the_layers_are_saved_is_saved_before_the_window_closes(
    stage: WindowStage,
) -> None:
    stage.open_with_mask()
    document, canvas = stage.document, stage.window.canvas
    paint_a_stroke(stage)
    stage.window.close()
    stage.dialog(UnsavedQuestion).save_button.click()
    before = stage.alpha
    drag(canvas, (canvas.width() / 2, 200), (canvas.width() / 2 + 60, 200))
    assert (stage.alpha != before).any()
    stage.settle()
    assert not stage.window.isVisible()
    saved = load_layers(document.photo)
    assert saved is not None
    np.testing.assert_array_equal(saved.layers[0].alpha, document.active.alpha)


@pytest.mark.parametrize("how", ["save", "toggle_done"])
def test_closing_while_the_layers_are_saved_waits_for_that_and_asks_nothing(
    stage: WindowStage, how: str
) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    document, closed = stage.document, list[bool]()
    stage.window.closed.connect(lambda: closed.append(True))
    stage.window.actions_set.trigger(how)
    for _ in range(2):
        stage.window.close()
    assert stage.window.isVisible()
    assert stage.texts[-1] == "photo.png is being saved first."
    stage.settle()
    assert not stage.window.isVisible()
    assert closed == [True]
    assert not stage.window.findChildren(UnsavedQuestion)
    saved = load_layers(document.photo)
    assert saved is not None
    np.testing.assert_array_equal(saved.layers[0].alpha, document.active.alpha)


def test_closing_asks_where_the_save_that_was_waited_for_is_not_enough(stage: WindowStage) -> None:
    stage.open_with_mask()
    (stage.folder / ".meticulous").write_bytes(b"a file in the way")
    paint_a_stroke(stage)
    stage.window.actions_set.trigger("save")
    stage.window.close()
    stage.settle()
    assert ".meticulous is a file" in stage.texts[-1]
    assert not stage.window.findChildren(QFileDialog), "the question comes first"
    stage.dialog(UnsavedQuestion).stay_button.click()
    stage.settle()
    (stage.folder / ".meticulous").unlink()
    stage.window.actions_set.trigger("save")
    stage.window.close()
    canvas = stage.window.canvas
    drag(canvas, (canvas.width() / 2, 200), (canvas.width() / 2 + 60, 200))
    stage.settle()
    assert stage.dialog(UnsavedQuestion).isVisible()


def test_closing_with_discard_writes_nothing(stage: WindowStage) -> None:
    question = asked_at_closing(stage)
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
    stage.settle()
    question = stage.dialog(UnsavedQuestion)
    question.discard_button.click()
    stage.settle()
    assert "other.png" in stage.window.windowTitle()


def test_the_palette_runs_what_was_typed(stage: WindowStage) -> None:
    stage.open_with_mask()
    stage.press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = stage.dialog(CommandPalette)
    QTest.keyClicks(palette.query, "on white")
    QTest.keyClick(palette.query, Qt.Key.Key_Return)
    stage.settle()
    assert stage.window.canvas.views.mode is ViewMode.WHITE


def test_the_palette_teaches_the_keys(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("palette")
    palette = stage.dialog(CommandPalette)
    palette.query.setText("undo")
    assert [palette.rows()[0].text(column) for column in range(2)] == ["Undo", "Ctrl+Z"]
    palette.query.clear()
    names, keys = palette.list.columnWidth(0), palette.list.columnWidth(1)
    assert names + keys <= palette.list.viewport().width(), "nothing is scrolled to the side"
    for item in palette.rows():
        assert palette.fontMetrics().horizontalAdvance(item.text(0)) < names, item.text(0)


def test_the_palette_says_so_where_nothing_is_found(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("palette")
    palette = stage.dialog(CommandPalette)
    palette.query.setText("xyzzy")
    assert [item.text(0) for item in palette.rows()] == ["No command is called that."]
    QTest.keyClick(palette.query, Qt.Key.Key_Return)
    assert palette.isVisible(), "there is nothing to take"


def test_the_palette_offers_what_was_used_last_first(stage: WindowStage) -> None:
    stage.open_with_mask()
    for words in ("on white", "on black"):
        stage.window.actions_set.trigger("palette")
        palette = stage.dialog(CommandPalette)
        QTest.keyClicks(palette.query, words)
        QTest.keyClick(palette.query, Qt.Key.Key_Return)
        stage.settle()
    stage.window.actions_set.trigger("palette")
    palette = stage.dialog(CommandPalette)
    rows = [item.data(0, Qt.ItemDataRole.UserRole) for item in palette.rows()]
    assert rows[:2] == ["view_black", "view_white"]
    QTest.keyClick(palette.query, Qt.Key.Key_Return)
    assert stage.window.canvas.views.mode is ViewMode.BLACK


def test_the_shortcut_sheet_lists_every_action_and_filters(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_F1)
    sheet = stage.dialog(ShortcutSheet)
    assert len(sheet.rows()) == len(ACTIONS) + len(GESTURES)
    tree = sheet.tree
    for item in sheet.rows():
        for column in (0, 1):
            room = tree.visualItemRect(item).width() if column == 0 else tree.columnWidth(1)
            assert tree.fontMetrics().horizontalAdvance(item.text(column)) < room, item.text(column)
    sheet.filter.setText("checkerboard")
    assert [item.text(1) for item in sheet.rows() if not item.isHidden()] == ["T"]
    sheet.filter.setText("xyzzy")
    shown = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    assert [item.text(0) for item in shown if item and not item.isHidden()] == ["Nothing is called that."]


def test_what_actions_and_gestures_do_is_read_whole_in_the_shortcut_sheet(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_F1)
    sheet = stage.dialog(ShortcutSheet)
    sheet.resize(1180, 700)  # as it comes up where the screen has room
    stage.settle()
    room_px = sheet.tree.columnWidth(2)
    for item in sheet.rows():
        assert item.text(2), item.text(0)
        assert sheet.tree.fontMetrics().horizontalAdvance(item.text(2)) < room_px, item.text(2)


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


@pytest.mark.parametrize("is_dark", [False, True])
def test_an_empty_check_box_is_seen(qtbot: QtBot, is_dark: bool) -> None:
    box = CheckBox("My strokes too")
    qtbot.addWidget(box)
    palette = make_palette(is_dark=is_dark)
    box.setPalette(palette)
    shown = rgb_from_qimage(box.grab().toImage())[:, :16].reshape(-1, 3)
    ground = palette.color(QPalette.ColorRole.Window)
    colours = [QColor(*(int(value) for value in pixel)) for pixel in shown]
    assert max(contrast_ratio(colour, ground) for colour in colours) >= 3.0
