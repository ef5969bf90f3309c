"""Work that was not saved is offered at the next start, and comes back whole."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from tests.ui.autosaving.stage import SavedStage, n_works
from tests.ui.fakes import make_photo


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


def test_work_that_cannot_be_read_is_said_and_can_be_discarded(stage: SavedStage, again: SavedStage) -> None:
    for name in ("a.png", "b.png"):
        stage.paint_and_die(name)
    damaged = next(iter(stage.works.iterdir())) / "work.sqlite"
    damaged.write_bytes(b"no database")
    damaged.with_name("work.sqlite-wal").unlink(missing_ok=True)  # it would mend the first pages
    again.offer()
    assert "There is more such work: 1." in again.texts[-1], "what can be restored comes first"
    again.choose("Later")
    assert f"cannot be read: {damaged}" in again.texts[-1]
    again.choose("Discard")
    again.autosaver.close()
    assert not damaged.exists()
    assert n_works(again) == 1


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
