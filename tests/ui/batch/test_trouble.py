"""What goes wrong in the queue is listed in sentences, and costs no more than what it touches."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QListWidget, QStyleOptionViewItem

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.ui.batching import Order
from tests.ui.batch.stage import NAMES, BatchStage
from tests.ui.fakes import make_photo
from tests.ui.test_bad_places import fill_disk


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


def test_a_network_that_crashes_fails_one_photo(stage: BatchStage) -> None:
    stage.click(stage.panel.start)
    stage.next_job().fail()
    stage.answer()
    stage.answer()
    stage.until_idle()
    assert stage.queue.count("failed") == 1
    assert stage.queue.count("done") == 2


def test_without_networks_a_queue_is_refused_with_the_reason(stage: BatchStage) -> None:
    stage.session._engine._runner = None
    stage.session.refuse_networks(EngineError("The networks cannot start; install Meticulous again."))
    stage.window.messages.clear()
    stage.click(stage.panel.start)
    (message,) = stage.window.messages.messages
    assert "install Meticulous again" in message.text
    assert not stage.queue.is_running


def test_an_impossible_order_is_one_sentence(stage: BatchStage) -> None:
    (stage.folder / "a.jpg").write_bytes((stage.folder / "a.png").read_bytes())
    stage.window.open_paths([stage.folder])
    stage.settle()
    stage.click(stage.panel.start)
    assert "a.jpg" in stage.texts[-1]
    assert not stage.queue.is_running


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
