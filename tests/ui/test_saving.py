from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import ExportSettings, Settings
from meticulous_gui.ui.places import LayerPlaces
from meticulous_gui.ui.saving import cutout_rgba, joint_alpha
from tests.ui.fakes import Stage


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    stage.open_with_mask()
    yield stage
    stage.session.close()


def paint(stage: Stage, box: Box, value: int = 255) -> None:
    assert stage.session.document is not None
    stage.session.commit(Edit(stage.session.document.active.id, box, np.full(box.size_hw, value, np.uint8)))


def test_the_cutout_lands_beside_the_photo_with_exactly_its_alpha(stage: Stage) -> None:
    stage.saving.export_beside()
    stage.settle()
    assert stage.exported == [stage.folder / "photo-cutout.png"]
    np.testing.assert_array_equal(load_alpha(stage.exported[0]), stage.alpha)


def test_exporting_again_replaces_the_file_this_document_wrote(stage: Stage) -> None:
    stage.saving.export_beside()
    stage.settle()
    paint(stage, Box(0, 0, 5, 5))
    stage.saving.export_beside()
    stage.settle()
    assert stage.exported == [stage.folder / "photo-cutout.png"] * 2
    np.testing.assert_array_equal(load_alpha(stage.exported[0]), stage.alpha)


def test_a_file_of_somebody_else_is_never_replaced(stage: Stage) -> None:
    foreign = stage.folder / "photo-cutout.png"
    foreign.write_bytes(b"mine")
    stage.saving.export_beside()
    stage.saving.export_beside()
    stage.settle()
    assert foreign.read_bytes() == b"mine"
    assert stage.exported == [stage.folder / "photo-cutout-2.png"] * 2


def test_the_counter_of_the_usual_preset_counts_on(stage: Stage) -> None:
    mine = Recipe(name="shot-{counter}")
    stage.session.settings = Settings(presets={"mine": mine}, export=ExportSettings(preset="mine"))
    (stage.folder / "shot-1.png").write_bytes(b"of another photo")
    stage.saving.export_beside()
    stage.saving.export_beside()
    stage.settle()
    assert stage.exported == [stage.folder / "shot-2.png"] * 2


def test_our_file_that_somebody_changed_is_theirs_now(stage: Stage) -> None:
    stage.saving.export_beside()
    stage.settle()
    stage.exported[0].write_bytes(b"changed elsewhere")
    stage.saving.export_beside()
    stage.settle()
    assert stage.exported[1] == stage.folder / "photo-cutout-2.png"
    assert stage.exported[0].read_bytes() == b"changed elsewhere"


def test_opening_the_photo_again_makes_the_old_export_a_file_of_somebody_else(stage: Stage) -> None:
    stage.saving.export_beside()
    stage.settle()
    stage.open_with_mask()
    stage.saving.export_beside()
    stage.settle()
    assert stage.exported[1] == stage.folder / "photo-cutout-2.png"


def test_a_folder_that_cannot_be_written_asks_for_another_place(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[str] = []
    stage.saving.place_wanted.connect(wanted.append)
    monkeypatch.setattr("meticulous_gui.ui.saving.os.access", lambda _path, _mode: False)
    stage.saving.export_beside()
    stage.settle()
    assert len(wanted) == 1
    assert str(stage.folder) in wanted[0]
    assert not stage.exported


def test_a_pasted_picture_asks_for_a_place(stage: Stage) -> None:
    wanted: list[str] = []
    stage.saving.place_wanted.connect(wanted.append)
    stage.session.opener.open_picture(np.zeros((20, 30, 3), np.uint8))
    stage.settle()
    paint(stage, Box(0, 0, 5, 5))
    stage.saving.export_beside()
    assert len(wanted) == 1


def test_an_empty_or_hidden_mask_is_not_written_but_said(stage: Stage) -> None:
    document = stage.session.document
    assert document is not None
    document.set_layer_state(document.active.id, visible=False)
    stage.saving.export_beside()
    stage.settle()
    assert not stage.exported
    assert len(stage.messages) == 1


def test_a_failing_disk_is_said_and_leaves_no_file(stage: Stage) -> None:
    stage.saving.export_to(stage.folder / "nowhere" / "x.png", Recipe())
    stage.settle()
    assert not stage.exported
    assert "nowhere" in stage.texts[-1]
    assert not (stage.folder / "nowhere").exists()


def test_all_visible_layers_are_exported_together(stage: Stage) -> None:
    document = stage.session.document
    assert document is not None
    document.add_layer()
    paint(stage, Box(0, 0, 4, 4), 200)
    document.add_layer()
    paint(stage, Box(50, 0, 54, 4), 99)
    document.set_layer_state(document.active.id, visible=False)
    joint = joint_alpha(document)
    assert joint[0, 0] == 200
    assert joint[20, 30] == 255
    assert joint[0, 51] == 0


def test_a_mask_can_be_exported_with_one_bit(stage: Stage) -> None:
    path = stage.folder / "bits.png"
    stage.saving.export_to(path, Recipe(format="mask", mask_values="bits"))
    stage.settle()
    with Image.open(path) as picture:
        assert picture.mode == "1"


def test_saved_layers_are_found_when_the_photo_is_opened_again(stage: Stage) -> None:
    paint(stage, Box(0, 0, 7, 7), 123)
    before = stage.alpha
    assert stage.session.has_unsaved_work
    stage.saving.save_layers()
    stage.settle()
    assert not stage.session.has_unsaved_work
    n_jobs = len(stage.runner.jobs)
    stage.open()
    np.testing.assert_array_equal(stage.alpha, before)
    assert len(stage.runner.jobs) == n_jobs


def test_layers_of_a_photo_that_changed_while_it_was_open_say_so_at_the_next_opening(stage: Stage) -> None:
    path = stage.folder / "photo.png"
    with Image.open(path) as image:
        Image.eval(image, lambda value: 255 - value).save(path)
    for is_changed in (True, False):  # what is saved from then on belongs to the new picture
        paint(stage, Box(0, 0, 5, 5), 255 * is_changed)
        stage.saving.save_layers()
        stage.settle()
        before = len(stage.texts)
        stage.session.opener.open_path(path)
        stage.settle()
        said = [text for text in stage.texts[before:] if "was changed after its layers were saved" in text]
        assert len(said) == is_changed


def test_layers_kept_in_another_folder_are_found_again(stage: Stage) -> None:
    paint(stage, Box(0, 0, 7, 7), 123)
    before = stage.alpha
    elsewhere = stage.folder / "elsewhere"
    elsewhere.mkdir()
    stage.saving.save_layers(folder=elsewhere)
    stage.settle()
    assert not (stage.folder / ".meticulous").exists()
    stage.open()
    np.testing.assert_array_equal(stage.alpha, before)
    paint(stage, Box(0, 0, 9, 9), 5)
    stage.saving.save_layers()
    stage.settle()
    assert not (stage.folder / ".meticulous").exists()


def test_two_windows_remember_where_both_keep_layers(tmp_path: Path) -> None:
    file = tmp_path / "places.json"
    windows = LayerPlaces(file), LayerPlaces(file)
    for number, window in enumerate(windows):
        window.note(tmp_path / f"{number}.png", tmp_path / f"kept {number}")
    windows[1].note(tmp_path / "0.png", tmp_path / "moved")
    windows[0].note(tmp_path / "2.png", tmp_path)
    again = LayerPlaces(file)
    names = [folder.name for number in range(2) if (folder := again.folder_of(tmp_path / f"{number}.png"))]
    assert names == ["moved", "kept 1"]


def test_where_layers_cannot_be_kept_a_folder_is_asked_for(stage: Stage) -> None:
    wanted: list[str] = []
    done: list[bool] = []
    stage.saving.folder_wanted.connect(lambda why, _then: wanted.append(why))
    (stage.folder / ".meticulous").write_bytes(b"a file where the folder should be")
    stage.saving.save_layers(then=lambda: done.append(True))
    stage.settle()
    assert len(wanted) == 1
    assert not done


def test_a_stroke_painted_while_saving_is_still_unsaved(stage: Stage) -> None:
    paint(stage, Box(0, 0, 7, 7))
    stage.saving.save_layers()
    paint(stage, Box(0, 0, 9, 9))
    stage.settle()
    assert stage.session.has_unsaved_work
    assert stage.session.document is not None
    assert stage.session.document.unsaved.n_changes >= 1


def test_undo_after_saving_is_a_change_to_save(stage: Stage) -> None:
    paint(stage, Box(0, 0, 7, 7))
    stage.saving.save_layers()
    stage.settle()
    stage.session.undo()
    assert stage.session.has_unsaved_work
    stage.session.redo()
    assert not stage.session.has_unsaved_work


def test_the_clipboard_gets_png_first_and_keeps_half_transparent_pixels(stage: Stage) -> None:
    copied: list[QMimeData] = []
    stage.saving.copied.connect(copied.append)
    paint(stage, Box(0, 0, 60, 40), 128)
    stage.saving.copy()
    stage.settle()
    assert copied[0].formats()[0] == "image/png"
    picture = Image.open(io.BytesIO(bytes(copied[0].data("image/png").data())))
    assert picture.mode == "RGBA"
    assert np.asarray(picture)[3, 3, 3] == 128
    image = copied[0].imageData()
    assert isinstance(image, QImage)
    assert image.pixelColor(3, 3).alpha() == 128


def test_a_copy_of_a_large_photo_is_reduced_in_proportion() -> None:
    rgb = np.zeros((40, 60, 3), np.uint8)
    small = cutout_rgba(rgb, np.full((40, 60), 255, np.uint8), max_pixels=600)
    assert small.shape == (20, 30, 4)


# --- while networks work on the mask ------------------------------------------------------------------------


def refine_all(stage: Stage) -> None:
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 8, 8), 77)


def test_an_export_waits_for_the_edge_that_is_worked_on(stage: Stage) -> None:
    refine_all(stage)
    stage.saving.export_beside()
    stage.settle()
    assert stage.exported == [], "it would hold half of an edge"
    assert stage.texts[-1] == "The edge is still being worked on; the cut-out is written when it is done."
    stage.runner.job.paint(Box(0, 8, 8, 16), 99)
    stage.runner.job.finish()
    stage.settle()
    np.testing.assert_array_equal(load_alpha(stage.exported[0]), stage.alpha)
    assert len(stage.exported) == 1


def test_who_does_not_want_to_wait_gets_what_there_is(stage: Stage) -> None:
    refine_all(stage)
    stage.saving.export_beside()
    [at_once] = stage.messages[-1].choices
    assert at_once.text == "Write it now"
    at_once.run()
    stage.settle()
    assert len(stage.exported) == 1
    stage.runner.job.finish()
    stage.settle()
    assert len(stage.exported) == 1, "once is enough"


def test_an_export_that_waits_is_written_when_the_photo_is_left(stage: Stage) -> None:
    refine_all(stage)
    stage.saving.export_beside()
    left = stage.document
    stage.open("next.png")
    assert left is not stage.document
    np.testing.assert_array_equal(load_alpha(stage.exported[0]), left.active.alpha)


def test_a_copy_waits_for_the_edge_and_a_check_of_it_holds_nothing_up(stage: Stage) -> None:
    copies: list[object] = []
    stage.saving.copied.connect(copies.append)
    refine_all(stage)
    stage.saving.copy()
    stage.settle()
    assert copies == []
    stage.runner.job.finish()
    stage.settle()
    assert len(copies) == 1
    stage.session.asking.check_edge()
    stage.saving.copy()
    stage.settle()
    assert len(copies) == 2
