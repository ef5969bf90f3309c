"""Layers in the real window: by mouse, by keys, in order, alone, merged, named, and out as files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QMenu

from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.panels.layer_row import LayerRow
from meticulous_gui.ui.step_titles import CORE_TITLES
from tests.ui.fakes import make_photo
from tests.ui.mouse import LEFT, NO_BUTTON, send
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def stage(stage: WindowStage) -> WindowStage:
    stage.open_with_mask()
    return stage


def names(stage: WindowStage) -> list[str]:
    """Return the names of the layers, the uppermost first, as the panel shows them."""
    shown = [row.name.text() for row in stage.window.layers.rows]
    assert shown == [layer.name for layer in reversed(stage.document.layers)]
    return shown


def type_in(text: str) -> None:
    """Type where the focus is."""
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)


def three_layers(stage: WindowStage) -> None:
    """Have the layers C, B, A from top to bottom; C is active."""
    document = stage.document
    document.set_layer_state(1, name="A")
    document.add_layer("B")
    document.add_layer("C")
    stage.settle()


def drag_row(row: LayerRow, target: QPoint, *, lets_go: bool = True) -> None:
    """Press in the middle of a row's name, move to a place on the screen and let go there."""
    start = QPointF(row.rect().center())
    send(row, QEvent.Type.MouseButtonPress, (start.x(), start.y()), button=LEFT, held=LEFT)
    for step in range(1, 9):
        part = row.mapToGlobal(start) + (QPointF(target) - row.mapToGlobal(start)) * step / 8
        place = row.mapFromGlobal(part)
        send(row, QEvent.Type.MouseMove, (place.x(), place.y()), button=NO_BUTTON, held=LEFT)
    if lets_go:
        end = QPointF(row.mapFromGlobal(QPointF(target)))
        event = QMouseEvent(
            QEvent.Type.MouseButtonRelease,
            end,
            QPointF(target),
            LEFT,
            NO_BUTTON,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(row, event)


def test_a_layer_is_dragged_to_another_place_and_undo_brings_it_back(stage: WindowStage) -> None:
    three_layers(stage)
    rows = stage.window.layers.rows
    assert names(stage) == ["C", "B", "A"]
    drag_row(rows[0], rows[2].mapToGlobal(QPoint(60, rows[2].height() - 2)))
    stage.settle()
    assert names(stage) == ["B", "A", "C"]
    assert stage.document.active.name == "C"
    stage.press(Qt.Key.Key_Z, CTRL)
    assert names(stage) == ["C", "B", "A"]
    rows = stage.window.layers.rows
    drag_row(rows[2], rows[0].mapToGlobal(QPoint(60, 2)))
    stage.settle()
    assert names(stage) == ["A", "C", "B"]
    assert "Move layer" in stage.document.undo_title


def test_escape_gives_a_drag_up(stage: WindowStage) -> None:
    three_layers(stage)
    rows = stage.window.layers.rows
    target = rows[2].mapToGlobal(QPoint(60, rows[2].height() - 2))
    drag_row(rows[0], target, lets_go=False)
    QTest.keyClick(rows[0], Qt.Key.Key_Escape)
    send(rows[0], QEvent.Type.MouseButtonRelease, (20, 300), button=LEFT, held=NO_BUTTON)
    stage.settle()
    assert names(stage) == ["C", "B", "A"]


def test_the_list_works_by_keys_alone(stage: WindowStage) -> None:
    three_layers(stage)
    document = stage.document
    stage.window.layers.rows[0].setFocus(Qt.FocusReason.TabFocusReason)
    stage.press(Qt.Key.Key_Down)
    assert document.active.name == "B"
    stage.press(Qt.Key.Key_Up, ALT)
    assert names(stage) == ["B", "C", "A"]
    stage.press(Qt.Key.Key_Space)
    assert not document.active.visible
    stage.press(Qt.Key.Key_Down)
    stage.press(Qt.Key.Key_Down)
    assert document.active.name == "A"
    stage.press(Qt.Key.Key_Return)
    type_in("vase")
    stage.press(Qt.Key.Key_Return)
    assert names(stage) == ["B", "C", "vase"]
    assert stage.window.canvas.hasFocus()
    stage.window.layers.rows[2].setFocus(Qt.FocusReason.TabFocusReason)
    stage.press(Qt.Key.Key_Delete)
    assert names(stage) == ["B", "C"]
    assert isinstance(QApplication.focusWidget(), LayerRow) or stage.window.isActiveWindow()


def test_keys_of_the_window_move_choose_copy_and_merge(stage: WindowStage) -> None:
    three_layers(stage)
    document = stage.document
    stage.press(Qt.Key.Key_BracketLeft, ALT)
    assert document.active.name == "B"
    stage.press(Qt.Key.Key_BracketRight, CTRL)
    assert names(stage) == ["B", "C", "A"]
    stage.press(Qt.Key.Key_BracketLeft, CTRL)
    stage.press(Qt.Key.Key_BracketLeft, CTRL)
    assert names(stage) == ["C", "A", "B"]
    stage.press(Qt.Key.Key_BracketRight, ALT)
    stage.press(Qt.Key.Key_J, CTRL)
    assert names(stage) == ["C", "A copy", "A", "B"]
    np.testing.assert_array_equal(document.active.alpha, document.layers[1].alpha)
    stage.press(Qt.Key.Key_M, CTRL)
    assert names(stage) == ["C", "A", "B"]
    stage.press(Qt.Key.Key_Z, CTRL)
    assert names(stage) == ["C", "A copy", "A", "B"]


def test_escape_in_a_name_gives_it_up_and_an_empty_name_is_none(stage: WindowStage) -> None:
    for text, key in (("wrong", Qt.Key.Key_Escape), ("  ", Qt.Key.Key_Return)):
        stage.press(Qt.Key.Key_F2)
        type_in(text)
        stage.press(key)
        assert names(stage) == ["Object 1"]
        assert stage.window.canvas.hasFocus()


def test_long_words_are_shortened_and_keep_the_padlock_in_sight(stage: WindowStage) -> None:
    name, category = "somebody on a bicycle far away on the left", "person on a bicycle with a bag and a dog"
    stage.document.set_layer_state(1, name=name, category=category)
    stage.settle()
    panel, row = stage.window.layers, stage.window.layers.rows[0]
    for shown, whole in ((row.name.text(), name), (row.category.text(), category)):
        first, last = shown.split("…")
        assert first
        assert whole.startswith(first)
        assert whole.endswith(last)
        assert whole in row.toolTip()
    assert row.name.text().endswith("left"), "names that differ at their end are told apart"
    assert row.padlock.mapTo(panel, row.padlock.rect().bottomRight()).x() < panel.width()
    stage.press(Qt.Key.Key_F2)
    assert row.name.text() == name
    stage.press(Qt.Key.Key_Escape)
    assert "…" in row.name.text()
    assert stage.document.active.name == name


def test_a_double_click_renames_and_undo_takes_the_name_back(stage: WindowStage) -> None:
    row = stage.window.layers.rows[0]
    QTest.mouseDClick(row, LEFT, pos=row.name.geometry().center())
    QTest.keyClicks(row.name, "dog")
    stage.press(Qt.Key.Key_Return)
    assert names(stage) == ["dog"]
    assert stage.document.unsaved.is_any
    stage.press(Qt.Key.Key_Z, CTRL)
    assert names(stage) == ["Object 1"]


def test_any_colour_may_be_chosen(stage: WindowStage) -> None:
    document = stage.document
    stage.window.actions_set.trigger("choose_colour")
    (dialog,) = stage.window.findChildren(QColorDialog)
    assert dialog.currentColor() == QColor(*document.active.colour)
    dialog.colorSelected.emit(QColor(12, 34, 56))
    dialog.close()
    assert document.active.colour == (12, 34, 56)
    assert document.undo_title == "Recolour layer"


def test_solo_shows_one_layer_and_then_all_as_they_were(stage: WindowStage) -> None:
    three_layers(stage)
    document = stage.document
    stage.window.layers.rows[1].eye.click()
    n_steps = document.history.n_done

    def seen() -> list[str]:
        return [layer.name for layer in document.layers if layer.visible]

    stage.press(Qt.Key.Key_H, CTRL | SHIFT)
    assert seen() == ["C"]
    stage.press(Qt.Key.Key_H, CTRL | SHIFT)
    assert seen() == ["A", "C"]
    QTest.mouseClick(stage.window.layers.rows[2].eye, LEFT, ALT)
    stage.settle()
    assert seen() == ["A"]
    assert document.history.n_done == n_steps, "looking around is no step"


def cover_everything(stage: WindowStage) -> None:
    """Let the active layer hold all pixels."""
    for action_id in ("clear_mask", "invert_mask"):
        stage.window.actions_set.trigger(action_id)


def test_only_where_nothing_else_is_spares_the_neighbour(stage: WindowStage) -> None:
    paint_a_stroke(stage)
    document = stage.document
    below = stage.alpha
    stage.window.actions_set.trigger("add_layer")
    stage.window.layers.only_where_empty.click()
    stage.settle()
    assert document.only_where_empty
    paint_a_stroke(stage)
    assert (stage.alpha <= 255 - below).all(), "only what the soft rim of the other leaves"
    stage.window.actions_set.trigger("find_again")
    stage.runner.job.paint(Box(0, 0, 60, 40), 255)
    stage.runner.job.finish()
    stage.settle()
    painted = document.active.decided.to_mask()
    np.testing.assert_array_equal(stage.alpha[~painted], 255 - below[~painted])
    stage.open("other.png")
    assert stage.document.only_where_empty, "the switch holds for the next photo too"
    stage.press(Qt.Key.Key_L, CTRL | SHIFT)
    assert not stage.document.only_where_empty
    assert not stage.window.layers.only_where_empty.isChecked()


def test_the_switch_says_why_nothing_happens_and_the_message_turns_it_off(stage: WindowStage) -> None:
    cover_everything(stage)
    stage.window.actions_set.trigger("add_layer")
    stage.window.layers.only_where_empty.click()
    paint_a_stroke(stage)
    assert not stage.alpha.any()
    assert "Other layers hold these pixels" in stage.texts[-1]
    stage.window.messages.choose("Turn it off")
    assert not stage.window.layers.only_where_empty.isChecked()
    paint_a_stroke(stage)
    assert (stage.alpha == 255).any()


def test_esc_gives_up_the_category_that_is_typed(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_F2, SHIFT)
    field = stage.window.layers.category
    QTest.keyClicks(field, "person")
    stage.press(Qt.Key.Key_Escape)
    assert stage.window.canvas.hasFocus()
    assert field.text() == ""
    assert stage.document.active.category is None


def test_the_category_is_typed_completed_saved_and_undone(stage: WindowStage) -> None:
    document = stage.document
    stage.press(Qt.Key.Key_F2, SHIFT)
    field = stage.window.layers.category
    QTest.keyClicks(field, "person")
    stage.press(Qt.Key.Key_Return)
    assert document.active.category == "person"
    assert stage.window.layers.rows[0].category.text() == "person"
    assert stage.window.canvas.hasFocus()
    stage.press(Qt.Key.Key_Z, CTRL)
    assert document.active.category is None
    assert field.text() == ""
    stage.press(Qt.Key.Key_Z, CTRL | SHIFT)
    stage.window.actions_set.trigger("save")
    stage.settle()
    other = stage.folder / "second"
    other.mkdir()
    stage.open("second/photo.png")
    assert stage.window.layers.category.completer().model().rowCount() == 0
    stage.open("third.png")
    completer = stage.window.layers.category.completer()
    completer.setCompletionPrefix("PER")
    assert completer.currentCompletion() == "person", "used before in this folder"


@pytest.mark.parametrize("command", ["toggle_layer", "lock_layer"])
def test_what_is_said_of_a_layer_that_cannot_be_changed_goes_when_it_can(
    stage: WindowStage, command: str
) -> None:
    three_layers(stage)
    stage.window.actions_set.trigger(command)
    paint_a_stroke(stage)
    assert "to change it" in stage.window.messages.messages[0].text
    stage.session.message("Something else.")
    stage.window.actions_set.trigger(command)
    assert [message.text for message in stage.window.messages.messages] == ["Something else."]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_key_offers_the_categories_used_before_and_two_more_choose_one(stage: WindowStage) -> None:
    three_layers(stage)
    document = stage.document
    document.set_layer_state(document.layers[0].id, category="dog")
    stage.settle()
    stage.window.activateWindow()
    stage.press(Qt.Key.Key_F2, SHIFT)
    popup = stage.window.layers.category.completer().popup()
    assert popup is not None
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    stage.settle()
    assert document.active.category == "dog"
    assert stage.window.canvas.hasFocus()
    stage.press(Qt.Key.Key_F2, SHIFT)
    assert not popup.isVisible(), "it has one; typing finds others"


def test_the_category_typed_last_belongs_to_the_layer_it_was_typed_for(stage: WindowStage) -> None:
    three_layers(stage)
    document = stage.document
    stage.window.layers.category.setFocus()
    QTest.keyClicks(stage.window.layers.category, "dog")
    row = stage.window.layers.rows[1]
    QTest.mouseClick(row, LEFT, pos=row.name.geometry().center())
    stage.window.canvas.setFocus()
    stage.settle()
    assert {layer.name: layer.category for layer in document.layers} == {"A": None, "B": None, "C": "dog"}


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_right_click_on_a_layer_offers_its_commands(stage: WindowStage) -> None:
    three_layers(stage)
    row = stage.window.layers.rows[2]
    row.chosen.emit()
    row.menu_wanted.emit(QPoint(10, 10))
    (menu,) = [menu for menu in stage.window.layers.findChildren(QMenu) if menu.isVisible()]
    shown = {entry.text().split("\t")[0] for entry in menu.actions() if entry.text()}
    assert {"Rename the layer", "Duplicate the layer", "Merge down"} <= shown
    assert stage.document.active.name == "A"
    menu.close()


def test_layers_leave_one_by_one_and_as_a_label_map_and_replace_nothing(stage: WindowStage) -> None:
    document = stage.document
    document.set_layer_state(1, name="big / dog")
    top = document.add_layer("hat")
    stage.settle()
    paint_a_stroke(stage)
    foreign = stage.folder / "photo-hat.png"
    foreign.write_bytes(b"somebody's")
    for action_id in ("export_layers", "export_label_map", "export_layer"):
        stage.window.actions_set.trigger(action_id)
        stage.settle()
    files = {path.name for path in stage.folder.iterdir() if path.is_file()}
    written = files - {"photo.png", "photo-hat.png"}
    assert written == {"photo-big _ dog.png", "photo-hat-2.png", "photo-labels.png", "photo-labels.json"}
    assert foreign.read_bytes() == b"somebody's"
    with Image.open(stage.folder / "photo-hat-2.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture)[:, :, 3], top.alpha)
    with Image.open(stage.folder / "photo-labels.png") as picture:
        np.testing.assert_array_equal(np.asarray(picture) == 2, top.alpha >= 128)
    legend = json.loads((stage.folder / "photo-labels.json").read_text())
    assert [label["name"] for label in legend["labels"]] == ["big / dog", "hat"]


def test_every_layer_operation_has_a_line_in_the_history(stage: WindowStage) -> None:
    three_layers(stage)
    for action_id in ("duplicate_layer", "lower_layer", "cycle_colour", "merge_down", "remove_layer"):
        stage.window.actions_set.trigger(action_id)
        stage.settle()
    titles = [step.title for step in stage.document.history.steps]
    assert set(titles[-5:]) <= set(CORE_TITLES), "translators find them"
    assert titles[-5:] == ["Duplicate layer", "Move layer", "Recolour layer", "Merge down", "Remove layer"]
    assert all(titles)


@pytest.mark.parametrize("field_of", ["category", "name"])
def test_what_is_still_being_typed_is_saved_with_the_layers(stage: WindowStage, field_of: str) -> None:
    if field_of == "category":
        stage.press(Qt.Key.Key_F2, SHIFT)
        QTest.keyClicks(stage.window.layers.category, "dog")
    else:
        stage.press(Qt.Key.Key_F2)
        QTest.keyClicks(stage.window.layers.rows[0].name, "dog")
    stage.window.actions_set.trigger("save")
    stage.settle()
    layer = stage.document.active
    assert "dog" in (layer.category, layer.name)
    assert not stage.document.unsaved.is_any, "it is on disk, too"


def test_a_category_that_is_typed_when_the_photo_is_left_belongs_to_it(stage: WindowStage) -> None:
    make_photo(stage.folder / "z.png", (40, 60))
    stage.window.open_paths([stage.folder])
    stage.settle()
    left = stage.document
    stage.press(Qt.Key.Key_F2, SHIFT)
    QTest.keyClicks(stage.window.layers.category, "dog")
    stage.press(Qt.Key.Key_PageDown)
    assert stage.document is not left
    assert left.active.category == "dog"
    assert stage.document.active.category is None
    assert stage.window.layers.category.text() == ""


def test_a_category_that_is_typed_when_the_window_closes_is_asked_about(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_F2, SHIFT)
    QTest.keyClicks(stage.window.layers.category, "dog")
    stage.window.close()
    assert stage.window.isVisible()
    assert stage.dialog(UnsavedQuestion).isVisible()
