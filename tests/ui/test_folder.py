from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo_states import PhotoState, note_states, read_states
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.photo_list import FILTERS, NOT_DONE
from tests.core.test_files import leave_behind
from tests.ui.fakes import make_photo
from tests.ui.mouse import LEFT, NO_BUTTON, send
from tests.ui.window_stage import WindowStage, paint_a_stroke

SHIFT = Qt.KeyboardModifier.ShiftModifier
NAMES = [f"{letter}.png" for letter in "abcdef"]


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path / "photos", qtbot)
    stage.folder.mkdir()
    for name in NAMES:
        make_photo(stage.folder / name, (40, 60))
    yield stage
    stage.session.close()


def open_folder(stage: WindowStage) -> None:
    stage.window.open_paths([stage.folder])
    stage.settle()


def open_name(stage: WindowStage) -> str:
    assert stage.session.document is not None
    return stage.session.document.photo.name


def states(stage: WindowStage) -> list[PhotoState]:
    photos = stage.window.photos
    return [photos.state(path) for path in photos.paths]


def end_work(stage: WindowStage) -> None:
    """Let the network find the object of the open photo."""
    if stage.session.work.is_running:
        stage.runner.job.paint(Box(0, 0, 60, 40), 255)
        stage.runner.job.finish()
        stage.settle()


def click(stage: WindowStage, row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    view = stage.window.folder.strip.view
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, cell(stage, row))
    stage.settle()


def cell(stage: WindowStage, row: int) -> QPoint:
    view = stage.window.folder.strip.view
    return view.visualRect(view.model().index(row, 0)).center()


def question_is_open(stage: WindowStage) -> bool:
    return any(question.isVisible() for question in stage.window.findChildren(UnsavedQuestion))


def discard(stage: WindowStage) -> None:
    question = stage.dialog(UnsavedQuestion)
    question.discard_button.click()
    stage.settle()


def in_memory(stage: WindowStage) -> list[str]:
    """Return the photos whose layers were said to be only in memory."""
    return [text.split()[3] for text in stage.texts if "only in memory" in text]


def test_a_folder_opens_with_its_strip_and_the_first_photo(stage: WindowStage) -> None:
    open_folder(stage)
    strip = stage.window.folder.strip
    assert strip.isVisible()
    assert strip.model.rowCount() == 6
    assert open_name(stage) == "a.png"
    assert "a.png (1 of 6)" in stage.window.windowTitle().replace("[*]", "")
    assert strip.view.selected == [stage.folder / "a.png"]


def test_page_keys_go_through_the_folder_and_say_where_it_ends(stage: WindowStage) -> None:
    open_folder(stage)
    seen = []
    for key in [Qt.Key.Key_PageDown] * 6 + [Qt.Key.Key_PageUp] * 2:
        stage.press(key)
        seen.append(open_name(stage))
    assert seen == ["b.png", "c.png", "d.png", "e.png", "f.png", "f.png", "e.png", "d.png"]
    assert "last photo" in stage.texts[-1]


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


def test_shift_and_control_select_without_opening(stage: WindowStage) -> None:
    open_folder(stage)
    click(stage, 3, SHIFT)
    click(stage, 5, Qt.KeyboardModifier.ControlModifier)
    assert open_name(stage) == "a.png"
    selected = stage.window.folder.strip.view.selected
    assert [path.name for path in selected] == ["a.png", "b.png", "c.png", "d.png", "f.png"]


def test_going_on_saves_what_was_painted_without_a_question(stage: WindowStage) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    assert states(stage)[0] is PhotoState.EDITED
    stage.press(Qt.Key.Key_PageDown)
    assert not question_is_open(stage)
    assert open_name(stage) == "b.png"
    assert not stage.messages
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(stage.alpha, painted)
    assert not stage.session.has_unsaved_work


def test_what_a_refine_has_finished_is_saved_as_well(stage: WindowStage) -> None:
    open_folder(stage)
    stage.runner.job.finish()
    stage.settle()
    stage.window.actions_set.trigger("refine_all")
    stage.runner.job.paint(Box(0, 0, 9, 9), 255)
    stage.settle()
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageUp)
    assert (stage.alpha[:9, :9] == 255).all()


def test_a_person_who_wants_to_be_asked_is_asked(qtbot: QtBot, stage: WindowStage, tmp_path: Path) -> None:
    choices = stage.window.choices
    settings = choices.settings
    stage.session.settings = type(settings)(
        history=type(settings.history)(saves_on_leaving=False), engine=settings.engine
    )
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert question_is_open(stage)
    assert open_name(stage) == "a.png"
    stage.dialog(UnsavedQuestion).reject()


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


def test_what_a_killed_program_left_while_it_wrote_goes_when_the_folder_is_opened(stage: WindowStage) -> None:
    (stage.folder / ".meticulous").mkdir()
    left = [leave_behind(place, "a.png") for place in (stage.folder, stage.folder / ".meticulous")]
    make_photo(stage.folder / "a.png", (40, 60))
    open_folder(stage)
    assert not any(path.exists() for path in left)


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


def test_the_state_is_there_again_at_the_next_start(qtbot: QtBot, stage: WindowStage) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    end_work(stage)
    stage.press(Qt.Key.Key_D)
    later = WindowStage(stage.folder, qtbot)
    open_folder(later)
    assert states(later)[:3] == [PhotoState.EDITED, PhotoState.DONE, PhotoState.UNTOUCHED]
    later.session.close()


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


def test_the_sample_has_no_neighbours(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("open_sample")
    stage.settle()
    assert stage.window.photos.n_photos == 1


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
    stage.press(Qt.Key.Key_PageDown)
    assert open_name(stage) == "c.png"
    index = stage.window.folder.strip.model.index(1)
    assert "b.png" in index.data(Qt.ItemDataRole.ToolTipRole)


def test_a_folder_that_cannot_be_written_keeps_the_work_in_memory(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stage.folder / ".meticulous").write_bytes(b"a file where the folder should be")
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageDown)
    assert open_name(stage) == "b.png"
    assert in_memory(stage) == ["a.png"]
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert question_is_open(stage), "a second document in memory is one too many"
    discard(stage)
    assert open_name(stage) == "c.png"
    stage.window.activateWindow()
    stage.settle()
    stage.press(Qt.Key.Key_PageUp)
    assert open_name(stage) == "b.png"
    stage.press(Qt.Key.Key_PageUp)
    assert open_name(stage) == "a.png"
    np.testing.assert_array_equal(stage.alpha, painted)
    assert stage.session.document is not None
    assert stage.session.document.can_undo
    assert stage.session.has_unsaved_work


def test_a_photo_whose_layers_are_only_in_memory_is_opened_as_it_is_there_from_anywhere(
    stage: WindowStage,
) -> None:
    (stage.folder / ".meticulous").write_bytes(b"a file where the folder should be")
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageDown)
    assert in_memory(stage) == ["a.png"]
    stage.window.open_paths([stage.folder / "a.png"])
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, painted)
    assert stage.session.has_unsaved_work


def test_the_window_does_not_close_over_work_that_could_not_be_saved(stage: WindowStage) -> None:
    (stage.folder / ".meticulous").write_bytes(b"a file where the folder should be")
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    stage.window.close()
    stage.settle()
    assert stage.window.isVisible()
    assert open_name(stage) == "a.png"
    stage.window.close()
    assert question_is_open(stage)
    discard(stage)
    assert not stage.window.isVisible()


def test_another_folder_takes_the_layers_of_all_photos_that_follow(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (stage.folder / ".meticulous").write_bytes(b"a file where the folder should be")
    monkeypatch.setattr(
        "meticulous_gui.ui.folder_desk.choose_folder", lambda _parent, _title, take: take(tmp_path / "layers")
    )
    open_folder(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    message = next(message for message in stage.messages if "only in memory" in message.text)
    message.choices[0].run()
    stage.settle()
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert not question_is_open(stage)
    assert {path.name for path in (tmp_path / "layers").glob("*.json")} == {"a.png.json", "b.png.json"}
    stage.press(Qt.Key.Key_PageUp)
    assert stage.alpha.any()


def test_layers_kept_in_another_folder_say_edited_as_well(stage: WindowStage, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    open_folder(stage)
    paint_a_stroke(stage)
    stage.window.saving.save_layers(folder=kept)
    stage.settle()
    stage.press(Qt.Key.Key_PageDown)
    open_folder(stage)
    assert states(stage)[:2] == [PhotoState.EDITED, PhotoState.UNTOUCHED]
    assert not (stage.folder / ".meticulous").exists()


def test_a_folder_that_disappears_is_said_and_does_not_come_back(stage: WindowStage) -> None:
    open_folder(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    shutil.rmtree(stage.folder)
    stage.press(Qt.Key.Key_PageDown)
    assert any("gone" in text for text in stage.texts)
    assert not stage.folder.exists()
    np.testing.assert_array_equal(stage.alpha, painted)
    assert stage.session.has_unsaved_work


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


def test_the_window_does_not_close_over_it_when_the_open_photo_is_discarded(stage: WindowStage) -> None:
    open_folder(stage)
    (stage.folder / ".meticulous").write_bytes(b"a file in the way")
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert in_memory(stage) == ["a.png"]
    paint_a_stroke(stage)
    stage.window.close()
    discard(stage)
    assert stage.window.isVisible(), "the layers of a.png are nowhere but here"
    assert open_name(stage) == "a.png"
    stage.window.close()
    discard(stage)
    assert not stage.window.isVisible()


@pytest.mark.parametrize("how", ["next_photo", "finish_and_step", "click"])
def test_a_stroke_in_hand_ends_before_the_photo_is_saved_and_left(stage: WindowStage, how: str) -> None:
    open_folder(stage)
    stage.runner.job.finish()
    paint_a_stroke(stage)
    left, canvas = stage.document, stage.window.canvas
    middle = canvas.width() / 2, canvas.height() / 2
    send(canvas, QEvent.Type.MouseButtonPress, middle, button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, (middle[0] + 30, middle[1]), button=NO_BUTTON, held=LEFT)
    painted = stage.alpha
    if how == "click":
        click(stage, 1)
    else:
        stage.window.actions_set.trigger(how)
        stage.settle()
    assert open_name(stage) == "b.png"
    stage.window.actions_set.trigger("previous_photo")
    stage.settle()
    assert stage.document is not left, "it was read from disk"
    np.testing.assert_array_equal(stage.alpha, left.active.alpha)
    assert (stage.alpha >= painted).all(), "nothing of the stroke is lost"


@pytest.mark.parametrize("has_let_go", [True, False])
def test_what_is_painted_while_the_next_photo_is_read_is_not_lost(
    stage: WindowStage, has_let_go: bool
) -> None:
    open_folder(stage)
    end_work(stage)
    left, canvas = stage.document, stage.window.canvas
    found = stage.alpha
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert stage.session.opener.opening is not None
    QTest.keyClick(canvas, Qt.Key.Key_E)
    send(canvas, QEvent.Type.MouseButtonPress, (300, 250), button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, (360, 250), button=NO_BUTTON, held=LEFT)
    if has_let_go:
        send(canvas, QEvent.Type.MouseButtonRelease, (360, 250), button=LEFT, held=NO_BUTTON)
    stage.settle()
    assert open_name(stage) == "b.png"
    assert not left.is_dirty
    stage.window.actions_set.trigger("previous_photo")
    stage.settle()
    assert stage.document is not left, "it was read from disk"
    np.testing.assert_array_equal(stage.alpha, left.active.alpha)
    assert (stage.alpha != found).any()
