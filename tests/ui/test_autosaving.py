from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.autosaving import Autosaver
from tests.ui.fakes import Stage


class SavedStage(Stage):
    """A session whose unsaved work is kept in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.works = folder / "works"
        self.autosaver = Autosaver(self.session, unless_unsaved=lambda then: then(), folder=self.works)

    def paint(self) -> None:
        document = self.session.document
        assert document is not None
        box = Box(3, 3, 9, 9)
        self.session.commit(Edit(document.active.id, box, np.full(box.size_hw, 90, np.uint8), title="Brush"))

    def die(self) -> None:
        """End as a crash does: nothing is tidied up, only the process's hold on its files is gone."""
        for autosave in (self.autosaver._autosave, *self.autosaver._held.values()):
            lock = autosave._writer._lock if autosave is not None else None
            if lock is not None:
                lock.release()
        self.autosaver._autosave = None


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[SavedStage]:
    stage = SavedStage(tmp_path)
    yield stage
    stage.session.close()


def test_unsaved_work_is_offered_and_restored_after_a_crash(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    before = stage.alpha
    stage.autosaver.write_now()
    stage.die()
    again = SavedStage(stage.folder)
    again.autosaver.offer()
    again.settle()
    assert "photo.png" in again.texts[0]
    again.messages[0].choices[0].run()
    again.settle()
    np.testing.assert_array_equal(again.alpha, before)
    assert again.session.has_unsaved_work
    assert not again.runner.jobs, "restored work needs no automatic mask"
    assert len(list(stage.works.iterdir())) == 1, "the old work goes when the new one is safe"
    again.session.close()


def test_discarded_work_is_not_offered_again(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    stage.die()
    stage.autosaver.offer()
    stage.settle()
    stage.messages[-1].choices[1].run()
    stage.messages.clear()
    stage.autosaver.offer()
    stage.settle()
    assert stage.messages == []


def test_a_mask_that_came_by_itself_is_not_kept(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.autosaver.write_now()
    assert not stage.works.exists() or not list(stage.works.iterdir())


def test_saving_the_layers_ends_the_need_for_autosave(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    stage.saving.save_layers()
    stage.settle()
    stage.autosaver.write_now()
    assert list(stage.works.iterdir()) == []


def test_autosave_leaves_the_work_unsaved(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    assert stage.session.has_unsaved_work


def test_leaving_on_purpose_removes_what_was_kept(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    stage.autosaver.give_up()
    assert list(stage.works.iterdir()) == []


def test_work_of_a_living_window_is_not_offered(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    stage.autosaver.write_now()
    other = SavedStage(stage.folder)
    other.autosaver.offer()
    other.settle()
    assert other.messages == []
    other.session.close()


def test_a_full_disk_at_the_last_moment_does_not_hold_up_leaving(
    stage: SavedStage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage.open_with_mask()
    stage.paint()

    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("meticulous_gui.core.files.os.fsync", refuse)
    stage.autosaver.write_now()
    assert "could not be kept" in caplog.text


def test_work_that_was_left_unsaved_is_kept_until_it_is_safe(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    document = stage.session.document
    assert document is not None
    stage.autosaver.hold(document)
    stage.open("next.png")
    assert len(list(stage.works.iterdir())) == 1
    stage.autosaver.release(document)
    assert list(stage.works.iterdir()) == []


def test_work_that_was_left_unsaved_is_offered_after_a_crash(stage: SavedStage) -> None:
    stage.open_with_mask()
    stage.paint()
    before = stage.alpha
    assert stage.session.document is not None
    stage.autosaver.hold(stage.session.document)
    stage.open("next.png")
    stage.die()
    again = SavedStage(stage.folder)
    again.autosaver.offer()
    again.settle()
    again.messages[0].choices[0].run()
    again.settle()
    np.testing.assert_array_equal(again.alpha, before)
    again.session.close()
