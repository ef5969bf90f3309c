from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo_states import PhotoState, note_states, read_states
from meticulous_gui.ui.photo_list import FILTERS, NOT_DONE
from tests.ui.fakes import make_photo
from tests.ui.folder_stage import (
    NAMES,
    cell,
    click,
    end_work,
    folder_stage,
    open_folder,
    open_name,
    states,
)
from tests.ui.window_stage import WindowStage, paint_a_stroke

SHIFT = Qt.KeyboardModifier.ShiftModifier
SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    yield from folder_stage(qtbot, tmp_path)


def test_a_folder_opens_with_its_strip_and_the_first_photo(stage: WindowStage) -> None:
    open_folder(stage)
    strip = stage.window.folder.strip
    assert strip.isVisible()
    assert strip.model.rowCount() == 6
    assert open_name(stage) == "a.png"
    assert "a.png (1 of 6)" in stage.window.windowTitle().replace("[*]", "")
    assert strip.view.selected == [stage.folder / "a.png"]


def test_a_long_way_to_the_folder_pushes_nothing_out_of_the_window(stage: WindowStage) -> None:
    deep = stage.folder.joinpath(*["a folder in a folder of many words"] * 6, "the end")
    deep.mkdir(parents=True)
    for name in ("a.png", "b.png"):
        make_photo(deep / name, (40, 60))
    stage.window.resize(stage.window.minimumSize())
    stage.window.open_paths([deep])
    stage.settle()
    stage.window.folder.strip.show()
    stage.settle()
    for dock in (stage.window.folder.strip, stage.window.panels):
        assert dock.isVisible()
        assert stage.window.rect().contains(dock.geometry())
    where = stage.window.folder.strip.where
    assert where.isVisible()
    assert where.shown.startswith("…")
    assert where.shown.endswith("the end")
    assert where.toolTip().endswith(str(deep))


def test_page_keys_go_through_the_folder_and_say_where_it_ends(stage: WindowStage) -> None:
    open_folder(stage)
    seen = []
    for key in [Qt.Key.Key_PageDown] * 6 + [Qt.Key.Key_PageUp] * 2:
        stage.press(key)
        seen.append(open_name(stage))
    assert seen == ["b.png", "c.png", "d.png", "e.png", "f.png", "f.png", "e.png", "d.png"]
    assert "last photo" in stage.texts[-1]


def test_who_has_done_all_photos_is_told_so(stage: WindowStage) -> None:
    open_folder(stage)
    for _ in range(5):
        stage.runner.job.finish()
        stage.settle()
        stage.press(Qt.Key.Key_PageDown, SHIFT)
    assert open_name(stage) == "f.png"
    stage.press(Qt.Key.Key_PageDown)
    assert "last photo" in stage.texts[-1], "one is left"
    stage.runner.job.finish()
    stage.settle()
    stage.press(Qt.Key.Key_PageDown, SHIFT)
    assert stage.texts[-1] == "All 6 photos here are done."


def test_a_click_opens_a_photo_and_gives_the_keys_to_the_canvas(stage: WindowStage) -> None:
    open_folder(stage)
    click(stage, 3)
    assert open_name(stage) == "d.png"
    assert stage.window.canvas.hasFocus()


def test_the_strip_works_by_keyboard(stage: WindowStage) -> None:
    open_folder(stage)
    stage.press(Qt.Key.Key_F6)
    assert not stage.window.folder.strip.isVisible()
    stage.press(Qt.Key.Key_F6)
    assert stage.window.folder.strip.view.hasFocus()
    stage.press(Qt.Key.Key_Right)
    stage.press(Qt.Key.Key_Right)
    assert open_name(stage) == "a.png"
    stage.press(Qt.Key.Key_Return)
    assert open_name(stage) == "c.png"
    assert stage.window.canvas.hasFocus()


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_photos_of_the_strip_have_a_menu(stage: WindowStage, reason: QContextMenuEvent.Reason) -> None:
    open_folder(stage)
    view = stage.window.folder.strip.view
    view.selectionModel().setCurrentIndex(view.model().index(2, 0), SELECT)

    def ask(row: int) -> QMenu:
        is_mouse = reason == QContextMenuEvent.Reason.Mouse
        place = cell(stage, row) if is_mouse else QPoint()
        QApplication.sendEvent(view.viewport() if is_mouse else view, QContextMenuEvent(reason, place, place))
        (menu,) = (menu for menu in stage.window.folder.strip.findChildren(QMenu) if menu.isVisible())
        return menu

    menu = ask(2)
    assert {"batch", "strip"} < {entry.objectName() for entry in menu.actions()}
    menu.actions()[0].trigger()
    stage.settle()
    menu.close()
    assert open_name(stage) == "c.png"
    assert ask(2).actions()[0] is stage.window.actions_set["toggle_done"]


def test_shift_and_control_select_without_opening(stage: WindowStage) -> None:
    open_folder(stage)
    click(stage, 3, SHIFT)
    click(stage, 5, Qt.KeyboardModifier.ControlModifier)
    assert open_name(stage) == "a.png"
    selected = stage.window.folder.strip.view.selected
    assert [path.name for path in selected] == ["a.png", "b.png", "c.png", "d.png", "f.png"]


def test_d_marks_a_photo_as_done_saves_its_mask_and_takes_the_mark_back(stage: WindowStage) -> None:
    open_folder(stage)
    stage.runner.job.paint(Box(0, 0, 60, 40), 0)
    stage.runner.job.paint(Box(20, 10, 40, 30), 255)
    stage.runner.job.finish()
    stage.settle()
    assert states(stage)[0] is PhotoState.MASKED
    stage.press(Qt.Key.Key_D)
    assert states(stage)[0] is PhotoState.DONE
    assert stage.window.actions_set["toggle_done"].isChecked()
    assert (stage.folder / ".meticulous" / "a.png.json").exists()
    assert read_states(stage.folder) == {"a.png": PhotoState.DONE}
    stage.press(Qt.Key.Key_D)
    assert states(stage)[0] is PhotoState.EDITED
    assert read_states(stage.folder) == {"a.png": PhotoState.EDITED}


def test_a_photo_stays_done_while_its_mask_is_being_saved(stage: WindowStage) -> None:
    open_folder(stage)
    end_work(stage)
    paint_a_stroke(stage)
    stage.window.actions_set.trigger("toggle_done")
    stage.session.changed.emit()  # such as when a network has looked at the stroke
    QCoreApplication.processEvents()
    assert stage.session.has_unsaved_work
    stage.settle()
    assert states(stage)[0] is PhotoState.DONE
    paint_a_stroke(stage, reach=150)
    assert states(stage)[0] is PhotoState.EDITED


def test_a_mask_that_is_still_being_made_is_called_done_only_at_the_second_press(stage: WindowStage) -> None:
    open_folder(stage)
    stage.runner.job.paint(Box(0, 0, 30, 40), 255)  # the other half is to come
    stage.press(Qt.Key.Key_PageDown, SHIFT)
    assert open_name(stage) == "a.png"
    assert "still works on a.png" in stage.window.messages.messages[0].text
    assert stage.session.work.is_running
    assert states(stage)[0] is not PhotoState.DONE
    stage.press(Qt.Key.Key_PageDown, SHIFT)
    assert open_name(stage) == "b.png"
    assert states(stage)[0] is PhotoState.DONE
    end_work(stage)
    stage.press(Qt.Key.Key_D)  # b.png is at rest: once is enough
    assert states(stage)[1] is PhotoState.DONE


def test_done_and_next_goes_through_what_is_not_done(stage: WindowStage) -> None:
    note_states(stage.folder, {"b.png": PhotoState.DONE, "d.png": PhotoState.DONE})
    open_folder(stage)
    box = stage.window.folder.strip.filter_box
    box.setCurrentIndex(FILTERS.index(NOT_DONE))
    box.activated.emit(box.currentIndex())
    seen = []
    for _ in range(4):
        end_work(stage)
        stage.press(Qt.Key.Key_PageDown, SHIFT)
        seen.append(open_name(stage))
    assert seen == ["c.png", "e.png", "f.png", "f.png"]
    assert set(read_states(stage.folder).values()) == {PhotoState.DONE}
    assert len(read_states(stage.folder)) == 6


def test_what_was_said_of_a_photo_is_not_said_of_the_next(stage: WindowStage) -> None:
    open_folder(stage)
    stage.runner.job.finish(is_empty=True)
    stage.settle()
    assert "Clear the mask" in [choice.text for choice in stage.window.messages.messages[0].choices]
    stage.press(Qt.Key.Key_PageDown)
    assert open_name(stage) == "b.png"
    assert not stage.window.messages.messages
    stage.runner.job.paint(Box(0, 0, 60, 40), 255)
    stage.press(Qt.Key.Key_PageDown)  # the network was stopped half way
    assert open_name(stage) == "c.png"
    assert not stage.window.messages.messages


def test_an_export_is_marked_and_its_file_is_no_photo_of_the_folder(stage: WindowStage) -> None:
    open_folder(stage)
    end_work(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert states(stage)[0] is PhotoState.EXPORTED
    assert (stage.folder / "a-cutout.png").exists()
    stage.press(Qt.Key.Key_PageDown)
    open_folder(stage)
    assert [path.name for path in stage.window.photos.paths] == NAMES
    assert states(stage)[0] is PhotoState.EXPORTED


@pytest.mark.parametrize("what", ["export_layer", "export_layers", "export_label_map"])
def test_layers_that_were_written_are_an_export_as_well(stage: WindowStage, what: str) -> None:
    open_folder(stage)
    end_work(stage)
    stage.window.actions_set.trigger(what)
    stage.settle()
    assert states(stage)[0] is PhotoState.EXPORTED
    assert read_states(stage.folder)["a.png"] is PhotoState.EXPORTED, "at the next start, too"
    stage.press(Qt.Key.Key_PageDown)
    open_folder(stage)
    assert [path.name for path in stage.window.photos.paths] == NAMES, "results are no photos of the folder"


def test_an_edit_after_done_says_edited_again(stage: WindowStage) -> None:
    open_folder(stage)
    end_work(stage)
    stage.press(Qt.Key.Key_D)
    paint_a_stroke(stage)
    assert states(stage)[0] is PhotoState.EDITED
    assert read_states(stage.folder) == {"a.png": PhotoState.EDITED}


def test_a_mask_that_comes_by_itself_takes_no_mark_away(stage: WindowStage) -> None:
    note_states(stage.folder, {"a.png": PhotoState.DONE})
    open_folder(stage)
    stage.runner.job.paint(Box(0, 0, 60, 40), 200)
    stage.settle()
    stage.runner.job.finish()
    stage.settle()
    assert states(stage)[0] is PhotoState.DONE


def test_a_photo_opened_alone_has_its_neighbours_without_the_strip(stage: WindowStage) -> None:
    stage.window.open_paths([stage.folder / "c.png"])
    stage.settle()
    assert stage.window.photos.n_photos == 6
    assert not stage.window.folder.strip.isVisible()
    assert "(3 of 6)" in stage.window.windowTitle()
    stage.press(Qt.Key.Key_PageDown)
    assert open_name(stage) == "d.png"


def test_photos_opened_together_stay_among_themselves(stage: WindowStage) -> None:
    stage.window.open_paths([stage.folder / "c.png", stage.folder / "e.png"])
    stage.settle()
    assert [path.name for path in stage.window.photos.paths] == ["c.png", "e.png"]


def test_a_broken_photo_opened_alone_leaves_the_strip_as_it_is(stage: WindowStage) -> None:
    open_folder(stage)
    stage.press(Qt.Key.Key_PageDown)
    photos, n_texts = stage.window.photos, len(stage.texts)
    before = photos.paths, photos.current, stage.session.document
    broken = stage.folder.parent / "broken.jpg"
    broken.write_bytes(b"no picture")
    stage.window.commands.files.drop_paths([broken])
    stage.settle()
    assert (photos.paths, photos.current, stage.session.document) == before
    assert len(stage.texts) == n_texts + 1
    assert str(broken) in stage.texts[-1]
    stage.press(Qt.Key.Key_PageDown)
    assert open_name(stage) == "c.png"


def test_a_broken_photo_is_said_and_passed_by(stage: WindowStage) -> None:
    (stage.folder / "b.png").write_bytes(b"not a picture")
    open_folder(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert "b.png" in stage.texts[-1]
    assert open_name(stage) == "a.png"
    assert any("b.png" in message.text for message in stage.window.messages.messages)
    stage.press(Qt.Key.Key_PageDown)
    assert open_name(stage) == "c.png"
    assert stage.window.messages.messages == (), "the strip marks it, and says why"
    index = stage.window.folder.strip.model.index(1)
    assert "b.png" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_nothing_is_marked_as_done_in_the_place_of_a_broken_photo(stage: WindowStage) -> None:
    (stage.folder / "b.png").write_bytes(b"not a picture")
    open_folder(stage)
    end_work(stage)
    before = states(stage)
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_D)
    assert "b.png does not open" in stage.texts[-1]
    assert states(stage) == before
    stage.press(Qt.Key.Key_PageDown, SHIFT)
    assert open_name(stage) == "c.png"
    assert states(stage) == before
    assert stage.window.messages.messages == ()


def test_a_photo_that_is_still_being_read_is_not_marked_as_done(stage: WindowStage) -> None:
    open_folder(stage)
    end_work(stage)
    before, actions = states(stage), stage.window.actions_set
    actions.trigger("next_photo")
    for way in ("toggle_done", "finish_and_step"):
        actions.trigger(way)
        assert stage.texts[-1] == "b.png is still being opened."
    stage.settle()
    assert open_name(stage) == "b.png"
    assert states(stage) == before


def test_pictures_are_made_for_what_is_seen_only_and_bounded(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meticulous_gui.ui.thumbnails.N_KEPT", 3)
    open_folder(stage)
    stage.window.folder.strip.grab()
    stage.settle()
    assert 1 <= stage.window.folder.thumbnails.n_kept <= 3


def test_a_photo_that_was_mended_has_its_picture_as_soon_as_it_was_opened(stage: WindowStage) -> None:
    path, thumbnails = stage.folder / "b.png", stage.window.folder.thumbnails
    path.write_bytes(b"still being copied")
    open_folder(stage)
    stage.window.folder.strip.grab()
    stage.settle()
    assert thumbnails.problem(path)
    make_photo(path, (40, 60))
    click(stage, 1)
    assert open_name(stage) == "b.png"
    stage.window.folder.strip.grab()
    stage.settle()
    assert thumbnails.get(path) is not None


def test_a_screen_reader_hears_name_state_and_place(stage: WindowStage) -> None:
    note_states(stage.folder, {"b.png": PhotoState.DONE})
    open_folder(stage)
    index = stage.window.folder.strip.model.index(1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "b.png, done, 2 of 6"
    view = QAccessible.queryAccessibleInterface(stage.window.folder.strip.view)
    assert view.text(QAccessible.Text.Name)
