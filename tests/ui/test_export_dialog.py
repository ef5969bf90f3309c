from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from meticulous_gui.core.annotation_export import ANNOTATION_EXPORTERS
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.photo import load_alpha, load_photo
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import LoadedSettings, Settings, load_settings, save_settings, settings_path
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.qimage import rgba_from_qimage
from tests.core.annotation_readers import read_coco, read_labelme, read_voc, read_yolo
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    stage.open_with_mask()  # 60 x 40 px, the object from (20, 10) to (40, 30)
    yield stage
    stage.session.close()


@pytest.fixture
def dialog(stage: WindowStage) -> ExportDialog:
    stage.press(Qt.Key.Key_E, CTRL | SHIFT)
    dialog = stage.dialog(ExportDialog)
    stage.settle()
    return dialog


def pick(dialog: ExportDialog, format_name: str) -> None:
    """Choose a format by keys, as a person does."""
    box = dialog.form.format
    box.setFocus()
    for _ in range(box.count()):
        if box.currentData() == format_name:
            return
        QTest.keyClick(box, Qt.Key.Key_Down)
    raise LookupError(format_name)


def press_export(stage: WindowStage, dialog: ExportDialog) -> None:
    QTest.mouseClick(dialog.export, LEFT)
    stage.settle()


def tick(box: QWidget) -> None:
    QTest.keyClick(box, Qt.Key.Key_Space)


def test_the_preview_shows_at_once_what_will_be_written(stage: WindowStage, dialog: ExportDialog) -> None:
    shown = rgba_from_qimage(dialog.pane.picture)
    np.testing.assert_array_equal(shown[..., 3], stage.alpha)
    assert dialog.size_note.text() == "60 × 40 px"
    assert dialog.file_note.text() == "photo-cutout.png"


def test_the_longest_name_hides_no_choice(stage: WindowStage) -> None:
    stage.open("a_name_as_long_as_agencies_make_them_" * 5 + ".png")
    stage.window.actions_set.trigger("export_as")
    dialog = stage.dialog(ExportDialog)
    scroll = dialog.findChild(QScrollArea)
    assert scroll is not None
    stage.settle()
    content = scroll.widget()
    assert content is not None
    assert content.width() <= scroll.viewport().width()


def test_every_wish_is_seen_before_it_is_written_and_written_as_seen(
    stage: WindowStage, dialog: ExportDialog
) -> None:
    tick(dialog.form.trims)
    dialog.form.padding.setFocus()
    dialog.form.padding.setValue(6)
    stage.settle()
    assert dialog.size_note.text() == "32 × 32 px"
    shown = rgba_from_qimage(dialog.pane.picture)
    press_export(stage, dialog)
    written = load_photo(stage.folder / "photo-cutout.png")
    np.testing.assert_array_equal(written.alpha, shown[..., 3])
    np.testing.assert_array_equal(written.rgb[written.alpha == 255], shown[shown[..., 3] == 255][:, :3])


def test_the_preview_follows_the_brush_while_the_dialog_is_open(
    stage: WindowStage, dialog: ExportDialog
) -> None:
    before = rgba_from_qimage(dialog.pane.picture)
    paint_a_stroke(stage)
    stage.settle()
    after = rgba_from_qimage(dialog.pane.picture)
    np.testing.assert_array_equal(after[..., 3], stage.alpha)
    assert (after != before).any()


def test_a_click_shows_every_pixel_and_another_the_whole(stage: WindowStage, dialog: ExportDialog) -> None:
    dialog.form.width_px.setValue(6000)
    stage.settle()
    whole = dialog.pane.picture.size()
    QTest.mouseClick(dialog.pane, LEFT, pos=dialog.pane.picture_rect().center())
    stage.settle()
    assert dialog.pane.picture.size() == dialog.pane.view_size.boundedTo(dialog.pane.picture.size())
    assert dialog.pane.picture.size() != whole
    seen = rgba_from_qimage(dialog.pane.picture)
    QTest.keyClick(dialog.pane, Qt.Key.Key_Left)
    stage.settle()
    assert (rgba_from_qimage(dialog.pane.picture) != seen).any()
    QTest.mouseClick(dialog.pane, LEFT, pos=QPoint(50, 50))
    stage.settle()
    assert dialog.pane.picture.size() == whole


def test_grounds_are_looked_at_and_never_written(stage: WindowStage, dialog: ExportDialog) -> None:
    corner = dialog.pane.picture_rect().topLeft() + QPoint(1, 1)
    for button, colour in ((dialog.grounds.black, "black"), (dialog.grounds.white, "white")):
        QTest.mouseClick(button, LEFT)
        assert dialog.pane.grab().toImage().pixelColor(corner) == QColor(colour)
    press_export(stage, dialog)
    assert load_photo(stage.folder / "photo-cutout.png").alpha is not None


def test_a_background_colour_is_written(stage: WindowStage, dialog: ExportDialog) -> None:
    dialog.form.background.setFocus()
    QTest.keyClick(dialog.form.background, Qt.Key.Key_Down)
    stage.settle()
    assert dialog.form.background_button.text() == "#ffffff"
    assert not dialog.grounds.isEnabled()
    press_export(stage, dialog)
    written = load_photo(stage.folder / "photo-cutout.png")
    assert written.alpha is None
    assert tuple(written.rgb[0, 0]) == (255, 255, 255)


def test_a_background_picture_that_does_not_open_is_said_and_the_dialog_stays(
    stage: WindowStage, dialog: ExportDialog
) -> None:
    (stage.folder / "behind.png").write_text("no picture")
    dialog._take(Recipe(background=str(stage.folder / "behind.png")))
    stage.settle()
    assert "behind.png" in dialog.warning.text()
    assert dialog.isVisible()


@pytest.mark.parametrize(
    ("format_name", "file"),
    [
        ("webp", "photo-cutout.webp"),
        ("tiff", "photo-cutout.tif"),
        ("psd", "photo-cutout.psd"),
        ("mask", "photo-mask.png"),
    ],
)
def test_every_format_of_pictures_can_be_chosen(
    stage: WindowStage, dialog: ExportDialog, format_name: str, file: str
) -> None:
    pick(dialog, format_name)
    stage.settle()
    assert dialog.file_note.text() == file
    press_export(stage, dialog)
    with Image.open(stage.folder / file) as written:
        assert written.size == (60, 40)
    if format_name in ("webp", "tiff", "mask"):
        np.testing.assert_array_equal(load_alpha(stage.folder / file), stage.alpha)


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


def test_presets_are_named_kept_and_chosen(stage: WindowStage, dialog: ExportDialog) -> None:
    tick(dialog.form.square)
    QTest.mouseClick(dialog.presets.keep, LEFT)
    QTest.keyClicks(dialog.presets.name, "Shop")
    QTest.keyClick(dialog.presets.name, Qt.Key.Key_Return)
    stage.settle()
    assert dialog.isVisible(), "Enter in the field names the preset and exports nothing"
    assert stage.window.choices.settings.presets["Shop"].is_square
    dialog.presets.list.setCurrentIndex(0)
    dialog.presets.list.activated.emit(0)
    assert not dialog.form.square.isChecked()
    dialog.presets.list.setCurrentIndex(1)
    dialog.presets.list.activated.emit(1)
    assert dialog.form.square.isChecked()
    tick(dialog.presets.usual)
    dialog.reject()
    stage.settle()
    stage.window.actions_set.trigger("export")
    stage.settle()
    assert load_photo(stage.folder / "photo-cutout.png").size_hw == (60, 60)


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


def test_a_preset_can_be_deleted(stage: WindowStage, dialog: ExportDialog) -> None:
    dialog.presets.save("Shop", Recipe(is_square=True))
    tick(dialog.presets.usual)
    QTest.mouseClick(dialog.presets.forget, LEFT)
    assert not stage.window.choices.settings.presets
    assert stage.window.choices.settings.export.preset == ""
    assert not dialog.form.square.isChecked()


def test_presets_live_in_the_settings_file(tmp_path: Path) -> None:
    recipe = Recipe(
        format="webp", is_trimmed=True, padding_px=12, background="#ffffff", name="{counter} {name}"
    )
    settings = Settings(presets={"Shop, white": recipe, "Plain": Recipe()})
    save_settings(
        replace(settings, export=replace(settings.export, preset="Shop, white")), tmp_path / "s.toml"
    )
    again = load_settings(tmp_path / "s.toml")
    assert again == LoadedSettings(replace(again.settings, presets=settings.presets))
    assert again.settings.usual_recipe == recipe
    table = tomllib.loads((tmp_path / "s.toml").read_text())
    assert table["presets"]["Plain"] == {}
    assert settings_path() != tmp_path / "s.toml"


def test_a_folder_that_was_chosen_stays_whatever_the_format(stage: WindowStage, dialog: ExportDialog) -> None:
    pick(dialog, "yolo")
    assert dialog.folder.text() == str(stage.folder / "annotations-yolo")
    pick(dialog, "labelme")
    assert dialog.folder.text() == str(stage.folder)
    dialog.folder.setText(str(stage.folder / "shop"))
    for name in ("yolo", "mask", "png"):
        dialog.form.format.setCurrentIndex(dialog.form.format.findData(name))
        assert dialog.folder.text() == str(stage.folder / "shop")


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


def test_a_folder_that_cannot_be_written_is_one_sentence(stage: WindowStage, dialog: ExportDialog) -> None:
    (stage.folder / "file").write_text("in the way")
    dialog.folder.setText(str(stage.folder / "file"))
    press_export(stage, dialog)
    assert "photo-cutout.png was not written" in stage.window.messages.messages[-1].text
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
    assert "was not written" in stage.window.messages.messages[-1].text
