"""Which photos an order is for, and as what they are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from meticulous_gui.core.photo_states import read_states
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import ExportSettings
from meticulous_gui.engine.jobs import SegmentRequest
from meticulous_gui.ui.batching import Order
from meticulous_gui.ui.opening import photos_in
from tests.ui.batch.stage import NAMES, BatchStage
from tests.ui.fakes import make_photo


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


def test_a_selection_in_the_strip_is_offered(stage: BatchStage) -> None:
    view = stage.window.folder.strip.view
    for row, keys in ((1, Qt.KeyboardModifier.ControlModifier), (2, Qt.KeyboardModifier.ControlModifier)):
        place = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, keys, place)
    stage.settle()
    assert stage.panel.which.currentText() == "All photos (3)", "an open panel keeps what is chosen"
    stage.panel.hide()
    stage.panel.bring_up()
    assert stage.panel.which.currentText() == "Photos selected (3)"
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


def test_photos_that_differ_in_the_suffix_only_do_not_share_a_result_one_after_the_other(
    stage: BatchStage, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    for name in ("d.png", "d.jpg"):
        drop(stage, [make_photo(folder / name, (40, 60))])
    assert "d.png and" in stage.texts[-1]
    assert "d.jpg would both write" in stage.texts[-1]
    assert stage.queue.n_total == 1
    stage.answer()
    stage.until_idle()
    (folder / "d.png").unlink()
    drop(stage, [folder / "d.jpg"])
    assert stage.queue.count("skipped") == 1, "it is in the place of one that is gone"


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


def test_results_beside_the_photos_are_no_photos(stage: BatchStage) -> None:
    target = stage.panel.what.currentData()
    target = replace(target, recipe=replace(target.recipe, name="{name} in the shop"))
    stage.queue.add(Order((stage.folder / "a.png",), stage.folder, target))
    stage.settle()
    stage.answer()
    stage.until_idle()
    assert (stage.folder / "a in the shop.png").exists()
    assert [path.name for path in photos_in([stage.folder])] == NAMES


def drop(stage: BatchStage, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(stage.panel, QDragEnterEvent(QPoint(20, 20), copy, data, left, no_keys))
    QApplication.sendEvent(stage.panel, QDropEvent(QPointF(20, 20), copy, data, left, no_keys))
    stage.settle()
