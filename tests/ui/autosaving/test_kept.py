"""What is kept of unsaved work, until when, and what is said where that fails."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.autosave_store import Changes, WorkFile
from meticulous_gui.core.geometry import Box
from tests.ui.autosaving.stage import SavedStage, n_works


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


def test_leaving_on_purpose_removes_what_was_kept(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    stage.autosaver.give_up()
    assert n_works(stage) == 0


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
