"""Ways in which other programs lose work, each tried in the real window."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from meticulous_gui.core.autosave_store import Changes, WorkFile
from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.autosaving import Autosaver
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from tests.ui.fakes import FakeRunner, make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class SafeStage(WindowStage):
    """A window whose unsaved work is kept in a folder of the test, at once instead of after a second."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self._qtbot = qtbot
        self.works = folder / "works"
        ask = self.window.commands.files.unless_unsaved
        self.autosaver = Autosaver(self.session, self.executor, unless_unsaved=ask, folder=self.works)

    def autosave(self) -> None:
        """Let time pass until what was done is written."""

        def is_written() -> bool:
            self.settle()
            autosave = self.autosaver._autosave
            return autosave is None or autosave.due_in_s() is None

        self._qtbot.waitUntil(is_written)

    def crash(self) -> None:
        """Leave the files as they lie, as the end of the process does."""
        shutil.copytree(self.works, self.folder / "as they lie")
        self.autosaver.give_up()
        shutil.copytree(self.folder / "as they lie", self.works, dirs_exist_ok=True)
        shutil.rmtree(self.folder / "as they lie")

    def click(self, text: str) -> None:
        """Click a button of the message bar."""
        (button,) = (one for one in self.window.messages.findChildren(QPushButton) if one.text() == text)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def save(self) -> None:
        """Do what Ctrl+S does, whichever window has the keys."""
        self.window.actions_set.trigger("save")
        self.settle()

    @property
    def is_starred(self) -> bool:
        return self.window.isWindowModified()


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meticulous_gui.core.autosave.DELAY_S", 0.0)
    monkeypatch.setattr("meticulous_gui.core.autosave_writer.REST_RATIO", 0.0)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[SafeStage]:
    stage = SafeStage(tmp_path, qtbot)
    yield stage
    stage.autosaver.give_up()
    stage.session.close()


@pytest.fixture
def again(stage: SafeStage, qtbot: QtBot) -> Iterator[SafeStage]:
    """Another window on the same folder: a second one, or the next start."""
    again = SafeStage(stage.folder, qtbot)
    yield again
    again.autosaver.give_up()
    again.session.close()


def test_after_a_crash_a_bar_offers_the_work_and_ctrl_z_goes_on_where_it_was(
    stage: SafeStage, again: SafeStage
) -> None:
    stage.open_with_mask()
    states = [stage.alpha]
    for reach in (200, 120):
        paint_a_stroke(stage, reach=reach)
        states.append(stage.alpha)
    stage.autosave()
    stage.crash()
    again.autosaver.offer()
    again.settle()
    assert again.window.messages.isVisible()
    again.click("Restore")
    np.testing.assert_array_equal(again.alpha, states[2])
    assert again.is_starred
    again.window.canvas.setFocus()
    for state in states[1::-1]:
        again.press(Qt.Key.Key_Z, CTRL)
        np.testing.assert_array_equal(again.alpha, state)
        assert again.is_starred, "nobody knows whether the files are still those"
    again.press(Qt.Key.Key_Z, CTRL | SHIFT)
    np.testing.assert_array_equal(again.alpha, states[1])
    again.press(Qt.Key.Key_S, CTRL)
    assert not again.is_starred
    again.autosave()
    assert not list(again.works.iterdir())


def test_restored_work_brings_the_folder_of_its_photo(stage: SafeStage, again: SafeStage) -> None:
    make_photo(stage.folder / "a.png", (40, 60))
    make_photo(stage.folder / "b.png", (40, 60))
    stage.session.opener.open_path(stage.folder / "a.png")
    stage.settle()
    paint_a_stroke(stage)
    stage.autosave()
    stage.crash()
    again.autosaver.offer()
    again.settle()
    again.click("Restore")
    assert "a.png[*] (1 of 2)" in again.window.windowTitle()
    assert again.window.actions_set["next_photo"].isEnabled()


def test_who_stays_with_the_open_photo_is_offered_the_restored_work_again(
    stage: SafeStage, again: SafeStage
) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.autosave()
    stage.crash()
    again.open("other.png")
    paint_a_stroke(again)
    painted = again.alpha
    again.autosaver.offer()
    again.settle()
    for ends in (lambda one: one.stay_button.click(), lambda one: one.close()):
        again.window.messages.choose("Restore")
        ends(again.dialog(UnsavedQuestion))
        again.settle()
        np.testing.assert_array_equal(again.alpha, painted)
    again.window.messages.choose("Restore")
    again.dialog(UnsavedQuestion).discard_button.click()
    again.settle()
    assert again.document.photo.name == "photo.png"
    assert not again.window.messages.messages


def test_layers_saved_after_the_crash_are_kept_when_the_older_work_is_restored_and_saved(
    stage: SafeStage, again: SafeStage
) -> None:
    photo = stage.open_with_mask()
    stage.save()
    paint_a_stroke(stage)
    stage.autosave()
    stage.crash()
    again.session.opener.open_path(photo)
    again.settle()
    paint_a_stroke(again, reach=120)
    again.save()
    newer = (again.folder / ".meticulous" / "photo.png.json").read_bytes()
    again.autosaver.offer()
    again.settle()
    again.click("Restore")
    again.save()
    assert (again.folder / ".meticulous" / "photo.png.json.old").read_bytes() == newer
    assert any("were saved elsewhere meanwhile" in text for text in again.texts)


def test_undo_marks_the_window_clean_and_unsaved_whatever_was_autosaved(stage: SafeStage) -> None:
    stage.open_with_mask()
    assert not stage.is_starred
    paint_a_stroke(stage)
    stage.autosave()
    assert stage.is_starred, "autosave is no saving"
    stage.press(Qt.Key.Key_Z, CTRL)
    assert not stage.is_starred
    stage.autosave()
    stage.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert stage.is_starred
    stage.press(Qt.Key.Key_S, CTRL)
    assert not stage.is_starred
    stage.press(Qt.Key.Key_Z, CTRL)
    assert stage.is_starred, "what is on disk is another state now"
    stage.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert not stage.is_starred


def test_a_failed_autosave_leaves_the_star_and_says_so(
    stage: SafeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: WorkFile, _changes: Changes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(WorkFile, "write", refuse)
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage._qtbot.waitUntil(lambda: stage.settle() is None and bool(stage.texts))  # type: ignore[func-returns-value]
    assert "No space left on device. Save it soon." in stage.texts[0]
    assert stage.is_starred
    stage.press(Qt.Key.Key_S, CTRL)
    assert not stage.is_starred, "saving itself still works"


def test_other_networks_take_nothing_away(stage: SafeStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.session.set_runner(FakeRunner())
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, painted)
    assert stage.is_starred
    assert stage.session.document is not None
    assert stage.session.document.can_undo


def test_the_death_of_the_networks_in_a_refine_leaves_the_mask_and_what_is_kept_of_it(
    stage: SafeStage, again: SafeStage
) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.window.actions_set.trigger("refine_all")
    stage.settle()
    stage.runner.job.paint(Box(0, 0, 30, 20), 77)
    stage.autosave()
    stage.runner.job.fail()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, painted)
    stage.autosave()
    stage.crash()
    again.autosaver.offer()
    again.settle()
    again.click("Restore")
    np.testing.assert_array_equal(again.alpha, painted)


def test_a_dropped_photo_does_not_take_unsaved_work_away(stage: SafeStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    painted = stage.alpha
    other = make_photo(stage.folder / "other.png", (20, 30))
    stage.window.canvas.files_dropped.emit([other])
    stage.settle()
    assert stage.dialog(UnsavedQuestion).isVisible()
    stage.press(Qt.Key.Key_Escape)
    assert not stage.window.findChildren(UnsavedQuestion)
    np.testing.assert_array_equal(stage.alpha, painted)


def test_two_windows_on_one_photo_take_nothing_from_each_other(stage: SafeStage, again: SafeStage) -> None:
    stage.open_with_mask()
    again.open()
    paint_a_stroke(stage)
    paint_a_stroke(again, reach=90)
    theirs = again.alpha
    stage.autosave()
    again.autosave()
    assert len(list(stage.works.iterdir())) == 2
    for window in (again, stage):
        window.window.actions_set.trigger("save")
        window.settle()
    assert len(again.texts) == 1
    assert "photo.png were saved elsewhere meanwhile; those are in" in stage.texts[-1]
    place = stage.folder / ".meticulous"
    (place / "photo.png.json.old").replace(place / "photo.png.json")
    stage.session.opener.open_path(stage.folder / "photo.png")
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, theirs)


def test_the_work_of_a_window_that_lives_is_not_offered_by_another(
    stage: SafeStage, again: SafeStage
) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.autosave()
    again.autosaver.offer()
    again.settle()
    assert again.texts == []


def test_who_closes_right_after_going_on_is_not_offered_what_was_saved(stage: SafeStage) -> None:
    quiet = stage.window.folder.quiet
    quiet.leaving.connect(stage.autosaver.hold)
    quiet.safe.connect(stage.autosaver.release)
    for name in ("a.png", "b.png"):
        make_photo(stage.folder / name, (40, 60))
    stage.window.open_paths([stage.folder])
    stage.settle()
    paint_a_stroke(stage)
    stage.autosave()
    QTest.keyClick(stage.window.canvas, Qt.Key.Key_PageDown)
    save = stage.executor._waiting.pop(0)  # a slow disk: the next photo is read first
    stage.settle()
    assert stage.document.photo.name == "b.png"
    assert list(stage.works.iterdir())
    stage.session.inbox.close()
    stage.executor._waiting.append(save)
    stage.executor.run_all()
    quiet.wait_until_written()
    assert not list(stage.works.iterdir())
