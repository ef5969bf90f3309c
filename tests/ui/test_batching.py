from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QListWidget, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo_states import PhotoState, read_states
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import ExportSettings
from meticulous_gui.engine.jobs import SegmentRequest
from meticulous_gui.ui.batching import Order
from meticulous_gui.ui.opening import photos_in
from tests.ui.fakes import FakeJob, make_photo
from tests.ui.test_bad_places import fill_disk
from tests.ui.window_stage import WindowStage

WHOLE, OBJECT = Box(0, 0, 60, 40), Box(20, 10, 40, 30)
NAMES = ["a.png", "b.png", "c.png"]


class BatchStage(WindowStage):
    """A window on a folder of three photos with the queue's panel open."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.qtbot = qtbot
        folder.mkdir()
        for name in NAMES:
            make_photo(folder / name, (40, 60))
        self.window.open_paths([folder])
        self.settle()
        self.press(Qt.Key.Key_F7)
        self.queue, self.panel = self.window.folder.queue, self.window.folder.batch

    def click(self, button: QAbstractButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def until(self, is_so: Callable[[], bool]) -> None:
        def look() -> bool:
            self.settle()
            return is_so()

        self.qtbot.waitUntil(look, timeout=30_000)

    @property
    def batch_jobs(self) -> list[FakeJob]:
        return [
            job
            for job in self.runner.jobs
            if isinstance(job.request, SegmentRequest) and job.request.urgency == "batch"
        ]

    def next_job(self) -> FakeJob:
        """Wait for the photo that comes next and return its job."""
        self.until(lambda: bool(self.batch_jobs) and not self.batch_jobs[-1].is_over)
        return self.batch_jobs[-1]

    def answer(self) -> None:
        """Find the object of the photo that comes next."""
        job = self.next_job()
        job.paint(WHOLE, 0)
        job.paint(OBJECT, 255)
        job.finish()

    def until_idle(self) -> None:
        self.until(lambda: not self.queue.is_running)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[BatchStage]:
    stage = BatchStage(tmp_path / "photos", qtbot)
    yield stage
    for job in stage.runner.jobs:
        if not job.is_over:
            job.acknowledge()
    stage.queue.close()
    stage.session.close()


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


def test_results_that_are_there_and_newer_are_kept(stage: BatchStage) -> None:
    out = stage.folder / "cutouts"
    out.mkdir()
    (out / "b.png").write_bytes(b"made before")
    stage.click(stage.panel.start)
    stage.answer()
    stage.answer()
    stage.until_idle()
    assert (out / "b.png").read_bytes() == b"made before"
    assert stage.panel.sum.text() == "2 written · 1 kept"


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


def test_broken_photos_are_listed_with_their_sentences(stage: BatchStage) -> None:
    (stage.folder / "b.png").write_bytes(b"broken")
    (stage.folder / "c.png").unlink()
    stage.click(stage.panel.start)
    stage.answer()
    stage.until_idle()
    assert stage.panel.sum.text() == "1 written · 2 failed"
    said = [stage.panel.problems.item(row).text() for row in range(stage.panel.problems.count())]
    assert "c.png" in said[0]  # a missing photo is known before the work begins
    assert "b.png" in said[1]


def test_a_problem_with_a_long_name_is_read_whole(stage: BatchStage) -> None:
    problems = stage.panel.problems
    problems.addItem("a_name_as_agencies_make_them_" * 5 + " is empty.")
    wide, narrow = (_height_of_first(problems, width) for width in (2000, 300))
    assert narrow >= 4 * wide, "its lines end within the name"


def _height_of_first(problems: QListWidget, width: int) -> int:
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, width, 1000)
    option.features = QStyleOptionViewItem.ViewItemFeature.WrapText
    option.font, option.fontMetrics = problems.font(), problems.fontMetrics()
    return problems.itemDelegate().sizeHint(option, problems.model().index(0, 0)).height()


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


def test_a_network_that_crashes_fails_one_photo(stage: BatchStage) -> None:
    stage.click(stage.panel.start)
    stage.next_job().fail()
    stage.answer()
    stage.answer()
    stage.until_idle()
    assert stage.queue.count("failed") == 1
    assert stage.queue.count("done") == 2


def test_a_selection_in_the_strip_is_offered(stage: BatchStage) -> None:
    view = stage.window.folder.strip.view
    for row, keys in ((1, Qt.KeyboardModifier.ControlModifier), (2, Qt.KeyboardModifier.ControlModifier)):
        place = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)
    stage.settle()
    stage.panel.which.setCurrentIndex(stage.panel.which.findText("Photos selected (3)"))
    assert len(stage.panel.which.currentData()) == 3


def test_a_choice_of_photos_stays_what_it_is_called(
    stage: BatchStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, paths = stage.panel, stage.window.photos.paths
    all_photos, shown, selected = ("All", paths), ("Shown", paths[1:]), ("Selected", paths[:2])
    for sources in ([all_photos, selected], [all_photos, shown, selected]):
        monkeypatch.setattr(panel, "_sources", lambda sources=sources: sources)
        panel.refresh()
        if shown not in sources:
            panel.which.setCurrentIndex(1)
        assert panel.which.currentText() == "Selected (2)"


def test_without_networks_a_queue_is_refused_with_the_reason(stage: BatchStage) -> None:
    stage.session._engine._runner = None
    stage.session.refuse_networks(EngineError("The networks cannot start; install Meticulous again."))
    stage.window.messages.clear()
    stage.click(stage.panel.start)
    (message,) = stage.window.messages.messages
    assert "install Meticulous again" in message.text
    assert not stage.queue.is_running


def test_photos_dropped_on_the_panel_join_the_queue(stage: BatchStage, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    make_photo(other / "d.png", (40, 60))
    stage.click(stage.panel.start)
    stage.next_job()
    drop(stage, [other / "d.png"])
    assert stage.queue.n_total == 4
    for _ in range(4):
        stage.answer()
    stage.until_idle()
    assert (other / "cutouts" / "d.png").exists()


def test_masks_and_coarse_edges_are_written_if_wanted(stage: BatchStage) -> None:
    stage.panel.what.setCurrentIndex(stage.panel.what.findText("Masks, black and white"))
    stage.click(stage.panel.refines)
    stage.click(stage.panel.start)
    job = stage.next_job()
    assert isinstance(job.request, SegmentRequest)
    assert not job.request.refine
    for _ in NAMES:
        stage.answer()
    stage.until_idle()
    written = cv2.imread(str(stage.folder / "cutouts" / "a.png"), cv2.IMREAD_UNCHANGED)
    assert written is not None
    assert sorted(np.unique(written)) == [0, 255]
    assert not read_states(stage.folder)


def test_presets_of_masks_are_offered_and_write_masks(stage: BatchStage) -> None:
    choices, soft = stage.window.choices, Recipe(format="mask", is_trimmed=True, name="{name}")
    choices.take(replace(choices.settings, presets={"Soft": soft, "Team": Recipe(format="coco")}))
    assert stage.panel.what.findText("Team") == -1, "annotations are of layers"
    stage.panel.what.setCurrentText("Soft")
    stage.click(stage.panel.start)
    for _ in NAMES:
        stage.answer()
    stage.until_idle()
    written = cv2.imread(str(stage.folder / "cutouts" / "a.png"), cv2.IMREAD_UNCHANGED)
    assert written is not None
    assert written.shape == (20, 20)


def test_what_the_preferences_say_counts_at_once(stage: BatchStage) -> None:
    panel, choices = stage.panel, stage.window.choices
    panel.what.setCurrentIndex(1)
    for keeps in (True, False):
        choices.take(replace(choices.settings, export=ExportSettings(keeps_location=keeps)))
        target = panel.what.currentData()
        assert (target.name, target.keeps_location) == ("webp", keeps)


def test_an_impossible_order_is_one_sentence(stage: BatchStage) -> None:
    (stage.folder / "a.jpg").write_bytes((stage.folder / "a.png").read_bytes())
    stage.window.open_paths([stage.folder])
    stage.settle()
    stage.click(stage.panel.start)
    assert "a.jpg" in stage.texts[-1]
    assert not stage.queue.is_running


def test_results_beside_the_photos_are_no_photos(stage: BatchStage) -> None:
    target = stage.panel.what.currentData()
    target = replace(target, recipe=replace(target.recipe, name="{name} in the shop"))
    stage.queue.add(Order((stage.folder / "a.png",), stage.folder, target))
    stage.settle()
    stage.answer()
    stage.until_idle()
    assert (stage.folder / "a in the shop.png").exists()
    assert [path.name for path in photos_in([stage.folder])] == NAMES


def test_a_result_that_would_replace_its_background_is_refused(stage: BatchStage) -> None:
    behind = make_photo(stage.folder / "behind.png", (40, 60))
    before = behind.read_bytes()
    recipe = Recipe(name="behind", background=str(behind))
    target = replace(stage.panel.what.currentData(), recipe=recipe)
    stage.queue.add(Order((stage.folder / "a.png",), stage.folder, target, keeps_newer=False))
    stage.settle()
    assert "behind.png, which is an input" in stage.texts[-1]
    assert not stage.queue.is_running
    assert behind.read_bytes() == before


def test_a_result_that_would_replace_another_photo_of_the_folder_is_refused(stage: BatchStage) -> None:
    before = (stage.folder / "a.png").read_bytes()
    (stage.folder / "a.jpg").write_bytes(before)
    stage.panel._set_out(stage.folder)
    stage.panel.keeps.setChecked(False)
    stage.panel.add((stage.folder / "a.jpg",))
    stage.settle()
    assert "a.png, which is an input" in stage.texts[-1]
    assert not stage.queue.is_running
    assert (stage.folder / "a.png").read_bytes() == before


def test_a_folder_that_cannot_be_written_fails_each_photo(stage: BatchStage) -> None:
    (stage.folder / "cutouts").write_bytes(b"a file in the way")
    stage.click(stage.panel.start)
    stage.settle()
    assert not stage.queue.is_running
    assert "cutouts" in stage.texts[-1]


def problems(stage: BatchStage) -> list[str]:
    """Return the sentences that the panel lists."""
    return [stage.panel.problems.item(row).text() for row in range(stage.panel.problems.count())]


def test_a_disk_that_is_full_for_a_while_fails_the_photos_of_that_while(
    stage: BatchStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.click(stage.panel.start)
    stage.answer()
    stage.until(lambda: stage.queue.count("done") == 1)
    with monkeypatch.context() as full:
        fill_disk(full, stage.folder / "cutouts")
        stage.answer()
        stage.until(lambda: stage.queue.count("failed") == 1)
    stage.answer()
    stage.until_idle()
    assert stage.panel.sum.text() == "2 written · 1 failed"
    (said,) = problems(stage)
    assert "b.png was not written: the disk is full; " in said
    assert sorted(path.name for path in (stage.folder / "cutouts").iterdir()) == ["a.png", "c.png"]


def test_results_whose_folder_goes_away_are_listed_and_it_does_not_come_back_by_itself(
    stage: BatchStage,
) -> None:
    stage.click(stage.panel.start)
    stage.answer()
    stage.until(lambda: stage.queue.count("done") == 1)
    shutil.rmtree(stage.folder / "cutouts")
    stage.answer()
    stage.answer()
    stage.until_idle()
    assert stage.panel.sum.text() == "1 written · 2 failed"
    assert all("cutouts is gone" in text for text in problems(stage))
    assert not (stage.folder / "cutouts").exists()


def test_photos_that_go_away_while_the_queue_runs_are_listed_and_the_open_one_stays(
    stage: BatchStage,
) -> None:
    document = stage.session.document
    stage.click(stage.panel.start)
    stage.next_job()
    for name in NAMES:
        (stage.folder / name).rename(stage.folder.parent / name)
    stage.answer()

    def comes_next() -> bool:  # it was read ahead
        return any(not job.is_over for job in stage.batch_jobs[1:])

    stage.until(lambda: comes_next() or not stage.queue.is_running)
    if stage.queue.is_running:
        stage.answer()
    stage.until_idle()
    assert 1 <= len(problems(stage)) <= 2
    assert all("does not exist" in text for text in problems(stage))
    assert stage.session.document is document


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


def drop(stage: BatchStage, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(stage.panel, QDragEnterEvent(QPoint(20, 20), copy, data, left, no_keys))
    QApplication.sendEvent(stage.panel, QDropEvent(QPointF(20, 20), copy, data, left, no_keys))
    stage.settle()


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
