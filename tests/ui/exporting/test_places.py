"""Where the result goes: nothing is replaced without a question, nothing half is left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.wrapping_label import BREAK
from tests.ui.exporting.hand import pick, press_export
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage


def test_a_folder_that_was_chosen_stays_whatever_the_format(stage: WindowStage, dialog: ExportDialog) -> None:
    pick(dialog, "yolo")
    assert dialog.folder.text() == str(stage.folder / "annotations-yolo")
    pick(dialog, "labelme")
    assert dialog.folder.text() == str(stage.folder)
    dialog.folder.setText(str(stage.folder / "shop"))
    for name in ("yolo", "mask", "png"):
        dialog.form.format.setCurrentIndex(dialog.form.format.findData(name))
        assert dialog.folder.text() == str(stage.folder / "shop")


@pytest.mark.parametrize("format_name", ["png", "coco"])
@pytest.mark.parametrize("is_file", [False, True])
def test_a_folder_that_is_none_is_said_and_nothing_chosen_is_lost(
    stage: WindowStage, dialog: ExportDialog, format_name: str, is_file: bool
) -> None:
    pick(dialog, format_name)
    there = stage.folder / "there"
    if is_file:
        there.write_bytes(b"")
    dialog.folder.setText(str(there))
    press_export(stage, dialog)
    assert dialog.isVisible()
    assert dialog.warning.text().replace(BREAK, "") == f"There is no folder {there}."
    assert stage.texts == []
    if is_file:
        there.unlink()
    there.mkdir()
    press_export(stage, dialog)
    assert [path.suffix for path in there.iterdir()] == [".png" if format_name == "png" else ".json"]


@pytest.mark.parametrize("what", ["photo", "background"])
def test_what_the_result_is_made_from_is_never_replaced(
    stage: WindowStage, dialog: ExportDialog, what: str
) -> None:
    source = stage.folder / "photo.png"
    if what == "background":
        source = make_photo(stage.folder / "sea.png", (40, 60))
        dialog.form.show_recipe(replace(dialog.form.recipe(), background=str(source)))
    before = source.read_bytes()
    dialog.name.setText(source.stem)
    for _ in range(2):
        press_export(stage, dialog)
    assert f"made from {source.name} itself" in dialog.warning.text()
    assert dialog.isVisible()
    assert source.read_bytes() == before


def test_it_asks_before_it_replaces(stage: WindowStage, dialog: ExportDialog) -> None:
    foreign = stage.folder / "photo-cutout.png"
    foreign.write_bytes(b"mine")
    press_export(stage, dialog)
    assert dialog.isVisible()
    assert "photo-cutout.png exists already" in dialog.warning.text()
    assert foreign.read_bytes() == b"mine"
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, "{name}-{counter}")
    assert dialog.export.text() == "Export"
    press_export(stage, dialog)
    assert (stage.folder / "photo-1.png").exists()
    assert foreign.read_bytes() == b"mine"


def test_the_counter_finds_the_next_free_name(stage: WindowStage, dialog: ExportDialog) -> None:
    (stage.folder / "photo-1.png").write_bytes(b"mine")
    dialog.name.setText("{name}-{counter}")
    stage.settle()
    assert dialog.file_note.text() == "photo-2.png"


def test_a_pattern_of_no_use_is_said_and_nothing_can_be_pressed(dialog: ExportDialog) -> None:
    dialog.name.setText("{photo}")
    assert "only {name} and {counter} are known" in dialog.warning.text()
    assert not dialog.export.isEnabled()
    dialog.name.setText("{name}")
    assert dialog.export.isEnabled()


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    stage: WindowStage, dialog: ExportDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(stage.folder.iterdir())
    monkeypatch.setattr("meticulous_gui.core.files.os.fsync", full)
    press_export(stage, dialog)
    assert "the disk is full" in stage.window.messages.messages[-1].text
    assert sorted(stage.folder.iterdir()) == before


def test_what_cannot_be_written_is_one_sentence(stage: WindowStage, dialog: ExportDialog) -> None:
    (stage.folder / "photo-cutout.png").mkdir()
    for _ in range(2):  # it asks before it replaces
        press_export(stage, dialog)
    assert "photo-cutout.png is a folder" in stage.window.messages.messages[-1].text
    assert stage.session.document is not None


def test_escape_leaves_and_writes_nothing(stage: WindowStage, dialog: ExportDialog) -> None:
    before = sorted(stage.folder.iterdir())
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Escape)
    stage.settle()
    assert sorted(stage.folder.iterdir()) == before
    assert stage.window.isVisible()


def test_odd_folders_are_said_and_nothing_breaks(stage: WindowStage, dialog: ExportDialog) -> None:
    dialog.folder.setText("~nobody-of-this-name/pictures")
    assert "There is no folder ~nobody" in dialog.warning.text()
    assert not dialog.export.isEnabled()
    dialog.name.setText("{name}-{counter}")
    for folder in ("x" * 5000, str(stage.folder / "nowhere")):
        dialog.folder.setText(folder)
        assert dialog.export.isEnabled()
        press_export(stage, dialog)
        assert "There is no folder" in dialog.warning.text()
