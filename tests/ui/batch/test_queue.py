"""The queue runs behind everything else: marked, held, ended and told."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt

from meticulous_gui.core.photo_states import PhotoState, read_states
from tests.ui.batch.stage import NAMES, OBJECT, BatchStage


def test_the_folder_is_cut_out_behind_everything_else_and_marked(stage: BatchStage) -> None:
    assert stage.panel.which.currentText() == "All photos (3)"
    stage.click(stage.panel.start)
    for _ in NAMES:
        stage.answer()
    stage.until_idle()
    for name in NAMES:
        written = cv2.imread(str(stage.folder / "cutouts" / name), cv2.IMREAD_UNCHANGED)
        assert written is not None
        assert written.shape == (40, 60, 4)
        assert (written[OBJECT.slices()][:, :, 3] == 255).all()
    assert stage.panel.sum.text() == "3 written"
    stage.until(lambda: len(read_states(stage.folder)) == 3)
    assert set(read_states(stage.folder).values()) == {PhotoState.EXPORTED}
    assert stage.panel.show_results.isVisible()
    assert not stage.panel.pause.isVisible()


def test_a_mark_that_a_person_made_stays(stage: BatchStage) -> None:
    stage.runner.job.finish()
    stage.settle()
    stage.press(Qt.Key.Key_D)
    stage.click(stage.panel.start)
    for _ in NAMES:
        stage.answer()
    stage.until_idle()
    assert stage.window.photos.state(stage.folder / "a.png") is PhotoState.DONE
    assert stage.window.photos.state(stage.folder / "b.png") is PhotoState.EXPORTED


def test_the_photo_in_hand_can_be_worked_at_meanwhile(stage: BatchStage) -> None:
    stage.click(stage.panel.start)
    job = stage.next_job()
    stage.press(Qt.Key.Key_PageDown)
    assert stage.session.document is not None
    assert stage.session.document.photo.name == "b.png"
    assert not job.is_cancelled


def test_pausing_finishes_the_photo_in_work_and_begins_no_other(stage: BatchStage) -> None:
    stage.click(stage.panel.start)
    stage.next_job()
    stage.click(stage.panel.pause)
    assert "held after the photo in work" in stage.panel.sum.text()
    assert stage.panel.pause.text() == "Go on"
    stage.answer()
    stage.until(lambda: stage.queue.count("done") == 1)
    assert len(stage.batch_jobs) == 1
    stage.click(stage.panel.pause)
    stage.answer()
    stage.answer()
    stage.until_idle()
    assert stage.queue.count("done") == 3


def test_cancelling_gives_up_the_photo_in_work_and_keeps_results(stage: BatchStage) -> None:
    stage.click(stage.panel.start)
    stage.answer()
    job = stage.next_job()
    stage.click(stage.panel.cancel)
    assert job.is_cancelled
    job.acknowledge()
    stage.until_idle()
    assert stage.panel.sum.text() == "1 written · 2 not done"
    assert [path.name for path in (stage.folder / "cutouts").iterdir()] == ["a.png"]


def test_what_became_of_each_photo_can_be_saved_as_a_report(
    stage: BatchStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = stage.folder / "report.json"
    monkeypatch.setattr(
        "meticulous_gui.ui.folder_desk.choose_file", lambda _parent, _title, proposed, take: take(report)
    )
    (stage.folder / "b.png").write_bytes(b"broken")
    assert not stage.panel.save_report.isVisible()
    stage.click(stage.panel.start)
    stage.answer()
    stage.next_job()
    assert not stage.panel.save_report.isVisible()
    stage.answer()
    stage.until_idle()
    stage.click(stage.panel.save_report)
    stage.until(report.exists)
    told = json.loads(report.read_text())
    assert (told["done"], told["failed"], told["skipped"], told["interrupted"]) == (2, 1, 0, 0)
    items = {Path(item["input"]).name: item for item in told["items"]}
    assert sorted(items) == NAMES
    assert "b.png" in items["b.png"]["message"]
    assert told["device"]


def test_who_has_closed_the_panel_is_told_at_the_end(stage: BatchStage) -> None:
    stage.press(Qt.Key.Key_F4)
    assert stage.window.panels.isVisible()
    stage.press(Qt.Key.Key_F7)
    assert stage.panel.isVisible()
    stage.click(stage.panel.start)
    stage.press(Qt.Key.Key_F7)
    assert not stage.panel.isVisible()
    for _ in NAMES:
        stage.answer()
    stage.until_idle()
    message = next(message for message in stage.messages if message.topic == "batch")
    assert "3 written" in message.text
    message.choices[0].run()
    stage.settle()
    assert stage.panel.isVisible()


def test_closing_the_window_asks_before_it_ends_the_queue(stage: BatchStage) -> None:
    stage.click(stage.panel.start)
    job = stage.next_job()
    stage.window.close()
    assert stage.window.isVisible()
    assert "not done" in stage.texts[-1]
    job.acknowledge()
    stage.messages[-1].choices[0].run()
    assert not stage.window.isVisible()


def test_the_time_left_follows_the_pace_without_the_pauses(stage: BatchStage) -> None:
    now = [0.0]
    stage.queue._clock_s = lambda: now[0]
    stage.click(stage.panel.start)
    stage.next_job()
    assert stage.queue.seconds_left is None
    now[0] = 10.0
    stage.answer()
    stage.until(lambda: stage.queue.count("done") == 1)
    assert stage.queue.seconds_left == pytest.approx(20.0)
    stage.click(stage.panel.pause)
    now[0] = 500.0
    assert stage.queue.seconds_left == pytest.approx(20.0)
    stage.click(stage.panel.pause)
    assert stage.queue.seconds_left == pytest.approx(20.0)


def test_what_is_started_right_after_a_cancel_is_done(stage: BatchStage) -> None:
    stage.click(stage.panel.start)
    job = stage.next_job()
    stage.click(stage.panel.cancel)
    stage.click(stage.panel.start)
    job.acknowledge()
    for _ in NAMES:
        stage.answer()
    stage.until_idle()
    assert sorted(path.name for path in (stage.folder / "cutouts").iterdir()) == NAMES
