"""Full disks, folders that are read-only or go away, names that clash, two windows: on every way out."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.recipe import Recipe
from tests.ui.fakes import make_photo
from tests.ui.mask_beside import SIZE_HW, box_mask, masks_of, read
from tests.ui.window_stage import WindowStage, paint_a_stroke


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    """A folder of two photos with a folder of masks beside it."""
    stage = WindowStage(tmp_path / "photos", qtbot)
    stage.folder.mkdir()
    masks_of(stage).mkdir()
    for name in ("a.png", "b.png"):
        make_photo(stage.folder / name, SIZE_HW)
        cv2.imwrite(str(masks_of(stage) / name), box_mask())
    yield stage
    stage.session.close()


def open_with_masks(stage: WindowStage) -> None:
    """Open the folder and let its masks be written back."""
    stage.window.open_paths([stage.folder])
    stage.settle()
    message = next(message for message in reversed(stage.messages) if message.topic == "mask folder")
    message.choices[0].run()
    stage.settle()


def bring_up(stage: WindowStage) -> None:
    """Give the keys to one of two windows."""
    stage.window.activateWindow()
    stage.window.canvas.setFocus()
    QTest.qWaitForWindowActive(stage.window)


def fill_disk(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    refuse_writing(monkeypatch, folder, OSError(28, "No space left on device"))


def protect(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    refuse_writing(monkeypatch, folder, PermissionError(13, "Permission denied"))


def refuse_writing(monkeypatch: pytest.MonkeyPatch, folder: Path, error: OSError) -> None:
    """Let no new file begin in a folder; whoever runs the tests may be allowed everything."""
    real = os.open

    def refuse(path: Any, flags: int, *others: Any, **named: Any) -> int:
        if flags & os.O_CREAT and Path(os.fsdecode(path)).is_relative_to(folder):
            raise error
        return real(path, flags, *others, **named)

    monkeypatch.setattr("meticulous_gui.core.files.os.open", refuse)


def errors(stage: WindowStage) -> list[str]:
    return [message.text for message in stage.messages if message.kind == "error"]


# --- masks that go back to their folder -----------------------------------------------------------------


@pytest.mark.parametrize(("refuse", "word"), [(fill_disk, "full"), (protect, "may not be written")])
def test_a_mask_that_cannot_go_back_is_said_and_kept_with_the_layers(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch, refuse: Any, word: str
) -> None:
    open_with_masks(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    with monkeypatch.context() as patched:
        refuse(patched, masks_of(stage))
        stage.press(Qt.Key.Key_PageDown)
    assert [text for text in errors(stage) if word in text and "a.png" in text]
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), box_mask())
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(stage.alpha, painted)


def test_a_folder_of_masks_that_goes_away_takes_nothing_along(stage: WindowStage) -> None:
    open_with_masks(stage)
    paint_a_stroke(stage)
    painted = stage.alpha
    shutil.rmtree(masks_of(stage))
    stage.press(Qt.Key.Key_PageDown)
    assert [text for text in errors(stage) if "does not exist" in text]
    assert not masks_of(stage).exists(), "a folder that is gone does not come back by itself"
    assert stage.session.document is not None
    assert stage.session.document.photo.path == stage.folder / "b.png"
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(stage.alpha, painted)


def test_of_two_windows_on_one_folder_the_second_does_not_replace_the_mask_of_the_first(
    stage: WindowStage, qtbot: QtBot
) -> None:
    other = WindowStage(stage.folder, qtbot)
    for one in (stage, other):
        open_with_masks(one)
    bring_up(stage)
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    first = read(masks_of(stage) / "a.png")
    assert (first != box_mask()).any()
    bring_up(other)
    paint_a_stroke(other, reach=100)
    painted = other.alpha
    other.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), first)
    assert [path for path in (stage.folder / ".meticulous").iterdir() if ".old" in path.name], (
        "the layers of both are kept"
    )
    other.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(other.alpha, painted)
    other.session.close()


# --- layers and annotations that go out -----------------------------------------------------------------


@pytest.mark.parametrize("action", ["export_layer", "export_layers", "export_label_map"])
@pytest.mark.parametrize(("refuse", "word"), [(fill_disk, "full"), (protect, "may not be written")])
def test_exports_of_layers_leave_nothing_half_there(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch, action: str, refuse: Any, word: str
) -> None:
    open_with_masks(stage)
    before = sorted(stage.folder.iterdir())
    with monkeypatch.context() as patched:
        refuse(patched, stage.folder)
        stage.window.actions_set.trigger(action)
        stage.settle()
    assert word in errors(stage)[-1]
    assert sorted(stage.folder.iterdir()) == before


@pytest.mark.parametrize(
    ("action", "name"), [("export_layer", "a-Object 1.png"), ("export_label_map", "a-labels.png")]
)
def test_files_of_others_are_not_replaced_by_exports_of_layers(
    stage: WindowStage, action: str, name: str
) -> None:
    open_with_masks(stage)
    theirs = stage.folder / name
    theirs.write_bytes(b"theirs")
    stage.window.actions_set.trigger(action)
    stage.settle()
    assert theirs.read_bytes() == b"theirs"
    assert theirs.with_name(name.replace(".png", "-2.png")).exists()


@pytest.mark.parametrize("name", ["coco", "labelme", "yolo", "voc"])
@pytest.mark.parametrize("how", ["full", "protected", "gone"])
def test_annotations_that_cannot_be_written_are_one_sentence(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch, name: str, how: str
) -> None:
    open_with_masks(stage)
    out = stage.folder.parent / "out"
    out.mkdir()
    target = out / "all.json" if name == "coco" else out / "dataset"
    with monkeypatch.context() as patched:
        if how == "gone":
            shutil.rmtree(out)
            out.write_text("a file in the way")
        else:
            (fill_disk if how == "full" else protect)(patched, out)
        annotations = stage.window.commands.files._annotations
        annotations.export(target, Recipe(format=name))
        stage.settle()
    assert len(errors(stage)) == 1
    assert str(out) in errors(stage)[0]
    if how != "gone":
        assert [path for path in out.rglob("*") if path.is_file()] == []


def test_marks_of_two_windows_on_one_folder_are_both_kept(stage: WindowStage, qtbot: QtBot) -> None:
    other = WindowStage(stage.folder, qtbot)
    for one in (stage, other):
        one.window.open_paths([one.folder])
        one.settle()
    bring_up(other)
    other.press(Qt.Key.Key_PageDown)
    for one in (stage, other):
        one.runner.job.finish()
        one.settle()
    other.window.actions_set.trigger("toggle_done")
    other.settle()
    bring_up(stage)
    stage.window.actions_set.trigger("toggle_done")
    stage.settle()
    marks = json.loads(next((stage.folder / ".meticulous").glob("*states*.json")).read_text())
    assert marks["photos"] == {"a.png": "done", "b.png": "done"}
    other.session.close()
