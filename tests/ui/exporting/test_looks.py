"""How the result will look is seen at once, wished for, and kept as presets."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QColorDialog, QFileDialog, QScrollArea

from meticulous_gui.core.photo import load_alpha, load_photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import LoadedSettings, Settings, load_settings, save_settings, settings_path
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.qimage import rgba_from_qimage
from tests.ui.exporting.hand import pick, press_export, tick
from tests.ui.window_stage import WindowStage, paint_a_stroke

LEFT = Qt.MouseButton.LeftButton


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


def test_single_pixels_are_not_stretched_while_the_whole_is_worked_out(
    stage: WindowStage, dialog: ExportDialog
) -> None:
    dialog.form.width_px.setValue(6000)
    stage.settle()
    QTest.mouseClick(dialog.pane, LEFT, pos=dialog.pane.picture_rect().center())
    assert dialog.pane.picture_rect().size() != dialog.pane.picture.size(), "the whole until then, too"
    stage.settle()
    QTest.mouseClick(dialog.pane, LEFT, pos=QPoint(50, 50))
    assert dialog.pane.picture_rect().size() == dialog.pane.picture.size()


def test_grounds_are_looked_at_and_never_written(stage: WindowStage, dialog: ExportDialog) -> None:
    corner = dialog.pane.picture_rect().topLeft() + QPoint(1, 1)
    for button, colour in ((dialog.grounds.black, "black"), (dialog.grounds.white, "white")):
        QTest.mouseClick(button, LEFT)
        assert dialog.pane.grab().toImage().pixelColor(corner) == QColor(colour)
    press_export(stage, dialog)
    assert load_photo(stage.folder / "photo-cutout.png").alpha is not None


def test_grounds_are_offered_only_where_something_is_transparent(dialog: ExportDialog) -> None:
    assert dialog.grounds.isEnabled()
    pick(dialog, "mask")
    assert not dialog.grounds.isEnabled()


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


def test_the_button_beside_a_background_chooses_another_colour_or_picture(dialog: ExportDialog) -> None:
    form = dialog.form
    for background, kind in (("#ffffff", QColorDialog), ("/nowhere/sky.png", QFileDialog)):
        form.show_recipe(replace(form.recipe(), background=background))
        QTest.mouseClick(form.background_button, Qt.MouseButton.LeftButton)
        (chooser,) = (one for one in form.findChildren(kind) if one.isVisible())
        chooser.reject()
        assert form.recipe().background == background


def test_a_background_with_a_long_name_hides_no_choice(stage: WindowStage, dialog: ExportDialog) -> None:
    form = dialog.form
    form.show_recipe(replace(form.recipe(), background="/nowhere/" + "a sky over the sea " * 10 + ".png"))
    stage.settle()
    (area,) = dialog.findChildren(QScrollArea)
    shown = area.widget()
    assert shown is not None
    assert shown.width() <= area.viewport().width()
    assert form.background_button.text().startswith("a sky")
    assert form.background_button.text().endswith(".png")


@pytest.mark.parametrize("before", ["", "#204060"])
def test_who_chooses_no_picture_has_the_background_that_was(dialog: ExportDialog, before: str) -> None:
    form = dialog.form
    form.show_recipe(replace(form.recipe(), background=before))
    form.background.setCurrentIndex(form.background.count() - 1)
    form.background.activated.emit(form.background.currentIndex())
    (chooser,) = (one for one in form.findChildren(QFileDialog) if one.isVisible())
    chooser.reject()
    assert form.background.currentText() == ("Colour" if before else "Transparent")
    assert form.recipe().background == before


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


def test_presets_are_named_kept_and_chosen(stage: WindowStage, dialog: ExportDialog) -> None:
    tick(dialog.form.square)
    QTest.mouseClick(dialog.presets.keep, LEFT)
    QTest.keyClicks(dialog.presets.name, "Shop")
    QTest.keyClick(dialog.presets.name, Qt.Key.Key_Return)
    stage.settle()
    assert dialog.isVisible(), "Enter in the field names the preset and exports nothing"
    assert stage.window.choices.settings.presets["Shop"].is_square
    QTest.keyClick(dialog.presets.list, Qt.Key.Key_Up)
    assert not dialog.form.square.isChecked()
    QTest.keyClick(dialog.presets.list, Qt.Key.Key_Down)
    assert dialog.form.square.isChecked()
    tick(dialog.presets.usual)
    dialog.reject()
    stage.settle()
    stage.window.actions_set.trigger("export")
    stage.settle()
    assert load_photo(stage.folder / "photo-cutout.png").size_hw == (60, 60)


def test_choices_that_are_no_preset_are_called_so(stage: WindowStage, dialog: ExportDialog) -> None:
    presets = dialog.presets
    assert presets.list.currentText() == "Cut-out as PNG"
    assert presets.usual.isChecked()
    pick(dialog, "webp")
    assert presets.list.currentText() == "Own choices"
    assert not presets.usual.isChecked()
    assert not presets.forget.isEnabled()
    QTest.keyClick(dialog.form.format, Qt.Key.Key_Up)
    assert presets.list.currentText() == "Cut-out as PNG", "they are again what the preset says"
    assert presets.list.count() == 1
    tick(dialog.form.square)
    QTest.mouseClick(presets.keep, LEFT)
    QTest.keyClicks(presets.name, "Shop")
    QTest.keyClick(presets.name, Qt.Key.Key_Return)
    assert presets.list.currentText() == "Shop"
    dialog.name.setText("{name}-shop")
    assert presets.list.currentText() == "Own choices"
    QTest.keyClick(presets.list, Qt.Key.Key_Up)
    assert presets.list.currentText() == "Shop"
    assert dialog.name.text() == "{name}-cutout"


def test_a_usual_preset_that_is_gone_is_the_built_in_one(stage: WindowStage) -> None:
    choices = stage.window.choices
    choices.take(replace(choices.settings, export=replace(choices.settings.export, preset="gone")))
    stage.window.actions_set.trigger("export_as")
    presets = stage.dialog(ExportDialog).presets
    assert presets.list.currentText() == "Cut-out as PNG"
    assert presets.current == ""
    assert not presets.forget.isEnabled()


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
