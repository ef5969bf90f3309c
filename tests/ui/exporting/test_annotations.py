"""Annotations of the open photo, or of all that were saved, in each of their formats."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.ui.dialogs.export import ExportDialog
from tests.core.annotation_readers import read_coco, read_labelme, read_voc, read_yolo
from tests.ui.exporting.hand import pick, press_export, tick
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_annotations_of_the_open_photo_by_category(stage: WindowStage, dialog: ExportDialog) -> None:
    document = stage.session.document
    assert document is not None
    document.set_layer_state(document.active.id, category="dog")
    pick(dialog, "yolo")
    stage.settle()
    press_export(stage, dialog)
    ((label, mask),) = read_yolo(stage.folder / "annotations-yolo", "photo", (40, 60))
    assert label == "dog"
    np.testing.assert_array_equal(mask, stage.alpha >= 128)


def test_annotations_of_all_photos_that_were_saved_go_into_one_file(stage: WindowStage) -> None:
    stage.saving.save_layers()
    stage.settle()
    first = stage.alpha
    stage.open("second.png")
    stage.runner.job.finish()
    paint_a_stroke(stage)
    stage.settle()
    stage.press(Qt.Key.Key_E, CTRL | SHIFT)
    dialog = stage.dialog(ExportDialog)
    pick(dialog, "coco")
    dialog.form.shapes.setCurrentIndex(1)
    dialog.scope.setCurrentIndex(1)
    stage.settle()
    assert dialog.scope.currentText().endswith("(2)"), "the open one is saved before"
    assert dialog.file_note.text() == f"{stage.folder.name}-coco.json"
    press_export(stage, dialog)
    read = read_coco(stage.folder / f"{stage.folder.name}-coco.json")
    assert sorted(read) == ["photo.png", "second.png"]
    np.testing.assert_array_equal(read["photo.png"][0][1], first >= 128)
    np.testing.assert_array_equal(read["second.png"][0][1], stage.alpha >= 128)
    photos = stage.window.photos
    assert [photos.state(stage.folder / name) for name in read] == [PhotoState.EXPORTED] * 2


@pytest.mark.parametrize("format_name", ["voc", "labelme"])
def test_annotations_in_folders(stage: WindowStage, dialog: ExportDialog, format_name: str) -> None:
    pick(dialog, format_name)
    stage.settle()
    press_export(stage, dialog)
    if format_name == "voc":
        objects = read_voc(stage.folder / "annotations-voc", "photo")
    else:
        objects = read_labelme(stage.folder / "photo.json")  # beside the photo, where LabelMe looks
    ((label, mask),) = objects
    assert label == "object"
    np.testing.assert_array_equal(mask, stage.alpha >= 128)


@pytest.mark.parametrize(("scope", "name"), [(0, "photo.json"), (1, "second.json")])
def test_labelme_files_beside_the_photos_are_replaced_only_after_a_question(
    stage: WindowStage, dialog: ExportDialog, scope: int, name: str
) -> None:
    foreign = stage.folder / name
    foreign.write_text("mine")
    pick(dialog, "labelme")
    dialog.scope.setCurrentIndex(scope)
    stage.settle()
    press_export(stage, dialog)
    assert dialog.isVisible()
    assert "already" in dialog.warning.text()
    assert [path.read_text() for path in stage.folder.glob("*.json")] == ["mine"]
    press_export(stage, dialog)
    assert read_labelme(stage.folder / "photo.json")


@pytest.mark.parametrize("format_name", ["yolo", "voc", "labelme"])
def test_a_file_that_may_be_of_a_photo_with_another_suffix_is_replaced_only_after_a_question(
    stage: WindowStage, dialog: ExportDialog, format_name: str
) -> None:
    make_photo(stage.folder / "photo.jpg", (40, 60))
    pick(dialog, format_name)
    stage.settle()
    other = ANNOTATION_EXPORTERS[format_name].file_of("photo.jpg", dialog.target())
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text("of photo.jpg")
    press_export(stage, dialog)
    assert dialog.isVisible()
    assert f"{other.name} exists already and may be that of another photo" in dialog.warning.text()
    assert other.read_text() == "of photo.jpg"
    press_export(stage, dialog)
    assert "of photo.jpg" not in other.read_text()


def test_photos_that_differ_in_the_suffix_only_are_refused_before_anything_is_written(
    stage: WindowStage,
) -> None:
    stage.saving.save_layers()
    stage.settle()
    stage.open("photo.jpg")
    stage.runner.job.finish()
    paint_a_stroke(stage)
    stage.settle()
    stage.press(Qt.Key.Key_E, CTRL | SHIFT)
    dialog = stage.dialog(ExportDialog)
    pick(dialog, "yolo")
    dialog.scope.setCurrentIndex(1)
    stage.settle()
    press_export(stage, dialog)
    assert "photo.jpg and photo.png would be written to one file; rename one" in stage.texts[-1]
    assert not (stage.folder / "annotations-yolo").exists()


def test_what_a_format_cannot_hold_is_said(stage: WindowStage, dialog: ExportDialog) -> None:
    document = stage.session.document
    assert document is not None
    stage.session.commit(ring_edit(document))
    pick(dialog, "coco")
    stage.settle()
    press_export(stage, dialog)
    assert any("hold no holes" in message.text for message in stage.window.messages.messages)


def ring_edit(document: Document) -> Edit:
    alpha = np.zeros((40, 60), np.uint8)
    alpha[5:35, 5:55] = 255
    alpha[15:25, 20:40] = 0
    return Edit(document.active.id, document.box, alpha)


def test_a_usual_preset_of_annotations_is_shown_before_anything_is_written(
    stage: WindowStage, dialog: ExportDialog
) -> None:
    dialog.presets.save("Team", Recipe(format="coco"))
    tick(dialog.presets.usual)
    dialog.reject()
    stage.window.actions_set.trigger("export")
    stage.settle()
    shown = stage.dialog(ExportDialog)
    assert shown.form.format_name == "coco"
    press_export(stage, shown)
    assert list(read_coco(stage.folder / "photo-coco.json")) == ["photo.png"]
