from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.autosave_store import Changes, WorkFile
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.ui import autosaving
from meticulous_gui.ui.autosaving import Autosaver
from meticulous_gui.ui.messages import Message
from tests.ui.fakes import Stage, make_photo


class SavedStage(Stage):
    """A session whose unsaved work is kept in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.works = folder / "works"
        self.autosaver = Autosaver(
            self.session, self.executor, unless_unsaved=lambda then, _stayed: then(), folder=self.works
        )

    def paint(self, value: int = 90) -> None:
        document = self.session.document
        assert document is not None
        box = Box(3, 3, 9, 9)
        self.session.commit(
            Edit(document.active.id, box, np.full(box.size_hw, value, np.uint8), title="Brush")
        )

    def paint_and_die(self, name: str = "photo.png") -> None:
        """Leave unsaved work behind."""
        self.open(name)
        self.paint()
        self.autosaver.write_now()
        self.die()

    def die(self) -> None:
        """End as a crash does: the files lie as they are, and nobody holds them."""
        as_they_lie = self.folder / "as they lie"
        shutil.copytree(self.works, as_they_lie)
        for document in list(self.autosaver._held):
            self.autosaver.release(document)
        self.autosaver.give_up()
        shutil.copytree(as_they_lie, self.works, dirs_exist_ok=True)
        shutil.rmtree(as_they_lie)

    def offer(self) -> None:
        self.autosaver.offer()
        self.settle()

    def choose(self, text: str, message: Message | None = None) -> None:
        """Take a choice of a message, of the newest without one."""
        (choice,) = (one for one in (message or self.messages[-1]).choices if one.text == text)
        choice.run()
        self.settle()

    def autosave(self, qtbot: QtBot) -> None:
        """Let time pass until what was done is written."""

        def is_written() -> bool:
            self.settle()
            return self.autosaver._autosave is None or self.autosaver._autosave.due_in_s() is None

        qtbot.waitUntil(is_written)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[SavedStage]:
    stage = SavedStage(tmp_path)
    yield stage
    stage.autosaver.give_up()
    stage.session.close()


@pytest.fixture
def again(stage: SavedStage) -> Iterator[SavedStage]:
    """The next start of the program."""
    again = SavedStage(stage.folder)
    yield again
    again.autosaver.give_up()
    again.session.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write at once instead of after a second."""
    monkeypatch.setattr("meticulous_gui.core.autosave.DELAY_S", 0.0)
    monkeypatch.setattr("meticulous_gui.core.autosave_writer.REST_RATIO", 0.0)
    monkeypatch.setattr("meticulous_gui.core.autosave.LONGEST_S", 0.05)


def n_works(stage: SavedStage) -> int:
    return len(list(stage.works.iterdir())) if stage.works.exists() else 0


def test_unsaved_work_is_offered_and_restored_with_its_history(
    stage: SavedStage, again: SavedStage, qtbot: QtBot, hasty: None
) -> None:
    stage.open_with_mask()
    found = stage.alpha
    stage.paint()
    painted = stage.alpha
    stage.session.undo()
    stage.session.redo()
    stage.autosaver.write_now()
    stage.die()
    again.offer()
    assert "photo.png was not saved" in again.texts[0]
    again.choose("Restore")
    np.testing.assert_array_equal(again.alpha, painted)
    assert again.session.has_unsaved_work
    assert not again.runner.jobs, "restored work needs no automatic mask"
    again.session.undo()
    np.testing.assert_array_equal(again.alpha, found)
    again.session.redo()
    again.autosave(qtbot)
    assert n_works(again) == 1, "the old work goes when the new one is safe"


def test_a_crash_right_after_restoring_takes_nothing(stage: SavedStage, again: SavedStage) -> None:
    stage.paint_and_die()
    again.offer()
    again.choose("Restore")
    assert n_works(again) == 1
    (restored,) = again.autosaver._restored.values()
    restored.let_go()  # the process ends before the first write
    third = SavedStage(stage.folder)
    third.offer()
    third.choose("Restore")
    assert third.alpha[5, 5] == 90
    third.autosaver.give_up()
    third.session.close()


def test_saving_restored_work_at_once_ends_the_need(stage: SavedStage, again: SavedStage) -> None:
    stage.paint_and_die()
    again.offer()
    again.choose("Restore")
    again.saving.save_layers()
    again.settle()
    again.autosaver.write_now()
    assert n_works(again) == 0


def test_discarded_work_can_be_had_back_until_the_program_ends(stage: SavedStage, again: SavedStage) -> None:
    stage.paint_and_die()
    again.offer()
    again.choose("Discard")
    assert "was discarded" in again.texts[-1]
    again.choose("Undo")
    assert "was not saved" in again.texts[-1]
    again.choose("Discard")
    assert n_works(again) == 1
    again.autosaver.close()
    assert n_works(again) == 0


def test_several_works_are_asked_about_one_after_the_other(stage: SavedStage, again: SavedStage) -> None:
    for name in ("a.png", "b.png", "c.png"):
        stage.paint_and_die(name)
    again.offer()
    assert len(again.messages) == 1
    assert "There is more such work: 2." in again.texts[0]
    names = {"a.png", "b.png", "c.png"}
    again.choose("Later")
    again.choose("Restore")
    document = again.session.document
    assert document is not None
    assert document.photo.name in names
    last = next(message for message in reversed(again.messages) if message.topic == "restore")
    assert "more such work" not in last.text
    again.choose("Discard", last)
    again.autosaver.close()
    again.autosaver.write_now()
    assert n_works(again) == 2, "the one for later, and the restored one under its new name"


def test_work_whose_photo_is_gone_is_offered_again(stage: SavedStage, again: SavedStage) -> None:
    stage.paint_and_die()
    (stage.folder / "photo.png").rename(stage.folder / "elsewhere.png")
    again.offer()
    again.choose("Restore")
    assert any("photo.png does not exist" in text for text in again.texts)
    (stage.folder / "elsewhere.png").rename(stage.folder / "photo.png")
    question = next(message for message in reversed(again.messages) if message.topic == "restore")
    again.choose("Restore", question)
    assert again.alpha[5, 5] == 90


def test_a_mask_that_came_by_itself_is_not_kept(stage: SavedStage, qtbot: QtBot, hasty: None) -> None:
    stage.open()
    stage.runner.job.paint(Box(20, 10, 40, 30), 255)
    stage.settle()
    assert not stage.session.has_unsaved_work, "nobody's work is lost by closing now"
    qtbot.wait(30)
    stage.settle()
    assert n_works(stage) == 0
    stage.runner.job.finish()
    stage.settle()
    stage.autosave(qtbot)
    assert n_works(stage) == 0


def test_a_stroke_over_a_mask_that_is_on_its_way_is_kept(
    stage: SavedStage, qtbot: QtBot, hasty: None
) -> None:
    stage.open()
    stage.runner.job.paint(Box(20, 10, 40, 30), 255)
    stage.settle()
    stage.paint()
    assert stage.session.has_unsaved_work
    stage.autosave(qtbot)
    assert n_works(stage) == 1


def test_saving_the_layers_ends_the_need_for_autosave(stage: SavedStage, qtbot: QtBot, hasty: None) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert n_works(stage) == 1
    stage.saving.save_layers()
    stage.settle()
    stage.autosave(qtbot)
    assert n_works(stage) == 0


def test_undoing_back_to_what_is_saved_ends_the_need_and_redoing_brings_it_back(
    stage: SavedStage, qtbot: QtBot, hasty: None
) -> None:
    stage.open_with_mask()
    for has_work in (True, False, True):
        if not has_work:
            stage.session.undo()
        elif stage.session.document is not None and stage.session.document.can_redo:
            stage.session.redo()
        else:
            stage.paint()
        stage.autosave(qtbot)
        assert stage.session.has_unsaved_work == has_work
        assert n_works(stage) == has_work


def test_autosave_leaves_the_work_unsaved(stage: SavedStage, qtbot: QtBot, hasty: None) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert stage.session.has_unsaved_work


def test_a_failed_autosave_is_said_once_leaves_the_work_unsaved_and_is_tried_again(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_tries = 0

    def refuse(_file: WorkFile, _changes: Changes) -> None:
        nonlocal n_tries
        n_tries += 1
        raise OSError(28, "No space left on device")

    stage.open_with_mask()
    monkeypatch.setattr(WorkFile, "write", refuse)
    stage.paint()

    def is_tried_thrice() -> bool:
        stage.settle()
        return n_tries >= 3

    qtbot.waitUntil(is_tried_thrice)
    assert stage.session.has_unsaved_work
    assert len(stage.messages) == 1
    assert "No space left on device. Save it soon." in stage.texts[0]
    monkeypatch.undo()
    monkeypatch.setattr("meticulous_gui.core.autosave.LONGEST_S", 0.05)
    stage.autosave(qtbot)
    assert stage.texts[1:] == ["Unsaved work is kept again."]
    stage.die()
    stage.offer()
    stage.choose("Restore")
    assert stage.alpha[5, 5] == 90


def test_another_photo_opened_while_the_first_is_written_keeps_each_to_itself(
    stage: SavedStage, qtbot: QtBot, hasty: None
) -> None:
    stage.open_with_mask()
    stage.paint()
    qtbot.waitUntil(lambda: stage.autosaver._writing is not None)  # it waits in the executor
    stage.session.opener.open_path(make_photo(stage.folder / "other.png", (40, 60)))
    stage.settle()
    assert n_works(stage) == 0, "the person was asked about the first one and left it"
    stage.paint(33)
    stage.autosave(qtbot)
    stage.die()
    stage.offer()
    assert "other.png" in stage.texts[-1]
    stage.choose("Restore")
    assert stage.alpha[5, 5] == 33


def test_leaving_on_purpose_removes_what_was_kept(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    stage.autosaver.give_up()
    assert n_works(stage) == 0


def test_what_waits_in_the_executor_is_written_before_the_program_leaves(
    stage: SavedStage, again: SavedStage, qtbot: QtBot, hasty: None
) -> None:
    stage.open_with_mask()
    stage.paint()
    qtbot.waitUntil(lambda: stage.autosaver._writing is not None)
    stage.autosaver.write_now()  # and the executor is shut down
    stage.die()
    again.offer()
    again.choose("Restore")
    assert again.alpha[5, 5] == 90


def test_work_of_a_living_window_is_not_offered(stage: SavedStage, again: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    again.offer()
    assert again.messages == []


def test_without_autosave_nothing_is_written(stage: SavedStage) -> None:
    settings = stage.session.settings
    stage.session.settings = replace(settings, history=replace(settings.history, autosaves=False))
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    assert n_works(stage) == 0


def test_autosave_that_is_chosen_while_a_photo_is_open_keeps_what_was_done_before(
    stage: SavedStage, again: SavedStage
) -> None:
    settings = stage.session.settings
    for is_on in (False, True):
        history = replace(settings.history, autosaves=is_on)
        stage.session.settings = replace(settings, history=history)
        stage.autosaver.follow_settings()
        if not is_on:
            stage.open_with_mask()
            stage.paint()
    stage.autosaver.write_now()
    painted = stage.alpha
    assert n_works(stage) == 1
    stage.session.settings = replace(settings, history=replace(settings.history, autosaves=False))
    stage.autosaver.follow_settings()
    assert n_works(stage) == 0, "the person wants none of it kept"
    stage.session.settings = settings
    stage.autosaver.follow_settings()
    stage.autosaver.write_now()
    stage.die()
    again.offer()
    again.choose("Restore")
    np.testing.assert_array_equal(again.alpha, painted)


def test_a_full_disk_at_the_last_moment_does_not_hold_up_leaving(
    stage: SavedStage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_file: WorkFile, _changes: Changes) -> None:
        raise OSError(28, "No space left on device")

    stage.open_with_mask()
    stage.paint()
    monkeypatch.setattr(WorkFile, "write", refuse)
    stage.autosaver.write_now()
    assert "could not be kept" in caplog.text


def test_work_that_was_left_unsaved_is_kept_until_it_is_safe(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    document = stage.session.document
    assert document is not None
    stage.autosaver.hold(document)
    stage.open("next.png")
    assert n_works(stage) == 1
    stage.autosaver.release(document)
    assert n_works(stage) == 0


def test_work_that_was_left_unsaved_is_offered_after_a_crash(stage: SavedStage, again: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    before = stage.alpha
    assert stage.session.document is not None
    stage.autosaver.hold(stage.session.document)
    stage.open("next.png")
    stage.die()
    again.offer()
    again.choose("Restore")
    np.testing.assert_array_equal(again.alpha, before)


def test_a_window_that_turns_slowly_is_not_waited_for(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COPY_S", "LATE_COPY_S"):  # no turn of the window ever copies anything
        monkeypatch.setattr(autosaving, name, 0.0)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 0.05)
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert n_works(stage) == 1


def test_slices_go_on_until_patience_ends(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets: list[float] = []

    def copy(budget_s: float) -> bool:
        budgets.append(budget_s)
        return False  # there is always more

    passed_s = itertools.chain([0.0], itertools.count(0.6, 0.05))
    stage.open_with_mask()
    monkeypatch.setattr(stage.autosaver._autosave, "copy_some", copy)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 1.0)
    monkeypatch.setattr(autosaving, "time", SimpleNamespace(monotonic=lambda: next(passed_s)))
    stage.paint()
    stage.autosave(qtbot)
    assert budgets == [autosaving.COPY_S] + [autosaving.LATE_COPY_S] * 9
    assert n_works(stage) == 1


def test_nothing_is_copied_between_a_move_of_the_hand_and_its_paint(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_asked, n_copied = 0, 0

    def is_due() -> bool:
        nonlocal n_asked
        n_asked += 1
        return n_asked <= 4

    def copy(_budget_s: float) -> bool:
        nonlocal n_copied
        assert n_asked > 4, "a paint was due"
        n_copied += 1
        return True

    stage.open_with_mask()
    monkeypatch.setattr(stage.autosaver, "_is_paint_due", is_due)
    monkeypatch.setattr(stage.autosaver._autosave, "copy_some", copy)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 60.0)
    stage.paint()
    stage.autosave(qtbot)
    assert (n_copied, n_works(stage)) == (1, 1)


def test_a_canvas_that_never_paints_is_not_waited_for(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.autosaver, "_is_paint_due", lambda: True)  # a window that is minimised
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 0.0)
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert n_works(stage) == 1


def test_a_window_that_was_held_up_copies_in_slices_all_the_same(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets: list[float] = []

    def copy(budget_s: float) -> bool:
        budgets.append(budget_s)
        return len(budgets) == 3

    stage.open_with_mask()
    monkeypatch.setattr(stage.autosaver._autosave, "copy_some", copy)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 0.0)  # it is late from the beginning
    stage.paint()
    stage.autosave(qtbot)
    assert budgets == [autosaving.LATE_COPY_S] * 3, "nothing was taken before all of it was copied"
    assert n_works(stage) == 1


def test_a_window_whose_turns_are_long_is_written_in_time(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine that is busy with other things: neither paints nor slices use the two seconds up."""
    monkeypatch.setattr(stage.autosaver, "_is_paint_due", lambda: True)
    monkeypatch.setattr(autosaving, "MAX_HELD_TURNS", 1_000_000)
    monkeypatch.setattr("meticulous_gui.core.autosave.SAFE_S", 0.6)
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert n_works(stage) == 1
