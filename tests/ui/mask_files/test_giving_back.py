"""A mask that was taken is corrected and given back, in its own form and after a question."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.mask_file import read_mask
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.opening import photos_in
from tests.ui.fakes import make_photo
from tests.ui.mask_files.stage import SIZE_HW, choices, choose, disc, pixels_of, press_save, save, take
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_mask_is_taken_refined_painted_and_saved_back_in_its_own_form(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", (disc() // 255).astype(np.uint8))
    take(stage, path)
    np.testing.assert_array_equal(stage.alpha, disc())
    choose(stage, "Refine the edge")
    stage.runner.job.paint(Box(0, 0, 8, 8), 255)
    stage.runner.job.finish()
    stage.settle()
    paint_a_stroke(stage)
    before = path.read_bytes()
    press_save(stage)
    assert path.read_bytes() == before, "nothing is replaced without a word"
    assert choices(stage) == ["Replace photo.png", "Save as photo-2.png", "Only keep the layers"]
    assert stage.document.unsaved.is_any
    choose(stage, "Replace photo.png")
    np.testing.assert_array_equal(pixels_of(path), (stage.alpha >= 128).astype(np.uint8))
    assert not stage.document.unsaved.is_any
    assert not (stage.folder / ".meticulous").exists(), "the file holds everything"
    paint_a_stroke(stage, reach=100)
    press_save(stage)
    np.testing.assert_array_equal(pixels_of(path), (stage.alpha >= 128).astype(np.uint8))
    assert list(path.parent.iterdir()) == [path], "asked once for this folder"


def test_the_person_may_save_beside_or_only_keep_the_layers(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc())
    before = path.read_bytes()
    take(stage, path)
    press_save(stage)
    choose(stage, "Save as photo-2.png")
    np.testing.assert_array_equal(pixels_of(path.with_name("photo-2.png")), disc())
    paint_a_stroke(stage)
    press_save(stage)
    np.testing.assert_array_equal(pixels_of(path.with_name("photo-2.png")) > 0, stage.alpha >= 128)
    assert path.read_bytes() == before
    take(stage, save(stage.folder / "others" / "photo.png", disc()))
    press_save(stage)
    choose(stage, "Only keep the layers")
    assert (stage.folder / ".meticulous" / "photo.png.json").exists()
    paint_a_stroke(stage)
    press_save(stage)
    assert not stage.document.unsaved.is_any, "and does not ask again"


def test_a_mask_saved_under_a_new_name_beside_its_photo_is_no_photo(stage: WindowStage) -> None:
    path = save(stage.folder / "photo_mask.png", disc())
    take(stage, path)
    press_save(stage)
    choose(stage, "Save as photo_mask-2.png")
    paint_a_stroke(stage)
    press_save(stage)
    assert [found.name for found in photos_in([stage.folder])] == ["photo.png", "photo_mask.png"]


def test_a_photo_that_is_taken_as_its_own_mask_is_never_replaced_by_it(stage: WindowStage) -> None:
    photo = make_photo(stage.folder / "grey.png", SIZE_HW, mode="L")
    stage.window.open_paths([photo])
    stage.settle()
    before = photo.read_bytes()
    take(stage, photo)
    paint_a_stroke(stage)
    press_save(stage)
    assert photo.read_bytes() == before
    assert (stage.folder / ".meticulous" / "grey.png.json").exists(), "without a question"


def test_a_file_that_another_program_changed_is_asked_about_again(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc())
    take(stage, path)
    press_save(stage)
    choose(stage, "Replace photo.png")
    save(path, 255 - disc())
    foreign = path.read_bytes()
    paint_a_stroke(stage)
    press_save(stage)
    assert path.read_bytes() == foreign
    assert "changed by another program" in stage.texts[-1]
    choose(stage, "Replace photo.png")
    assert path.read_bytes() != foreign


def test_a_mask_that_was_undone_is_not_written_back(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc())
    take(stage, path)
    press_save(stage)
    choose(stage, "Replace photo.png")
    stage.press(Qt.Key.Key_Z, CTRL)
    paint_a_stroke(stage)
    press_save(stage)
    np.testing.assert_array_equal(pixels_of(path), disc())
    assert (stage.folder / ".meticulous" / "photo.png.json").exists()


def test_what_the_file_cannot_hold_is_kept_beside_the_photo_too(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc())
    take(stage, path)
    stage.window.actions_set.trigger("add_layer")
    paint_a_stroke(stage)
    press_save(stage)
    choose(stage, "Replace photo.png")
    np.testing.assert_array_equal(pixels_of(path), disc())
    assert (stage.folder / ".meticulous" / "photo.png.json").exists()
    assert not stage.document.unsaved.is_any


def test_dark_on_light_is_turned_over_and_goes_back_dark_on_light(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", 255 - disc())
    take(stage, path)
    np.testing.assert_array_equal(stage.alpha, disc())
    assert "dark on light" in stage.texts[-1]
    press_save(stage)
    choose(stage, "Replace photo.png")
    np.testing.assert_array_equal(pixels_of(path), 255 - disc())


def test_one_click_turns_a_mask_over_and_its_file_too(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc())
    take(stage, path)
    choose(stage, "Turn it over")
    np.testing.assert_array_equal(stage.alpha, 255 - disc())
    press_save(stage)
    choose(stage, "Replace photo.png")
    np.testing.assert_array_equal(pixels_of(path), disc())


def test_a_label_map_becomes_layers_and_goes_back_with_a_new_object(stage: WindowStage) -> None:
    index = np.zeros(SIZE_HW, np.uint8)
    index[5:15, 5:15], index[20:30, 30:50] = 3, 9
    image = Image.fromarray(index)
    image.putpalette([channel for value in range(12) for channel in (value * 20, 10, 200 - value * 9)])
    path = stage.folder / "masks" / "photo.png"
    path.parent.mkdir()
    image.save(path)
    palette = image.getpalette()
    take(stage, path)
    document = stage.document
    assert [layer.name for layer in document.layers] == ["Label 3", "Label 9"]
    np.testing.assert_array_equal(document.layers[1].alpha == 255, index == 9)
    assert document.undo_title == "Use a mask"
    stage.window.actions_set.trigger("add_layer")
    stage.settle()
    stage.window.actions_set.trigger("invert_mask")
    stage.window.actions_set.trigger("lower_layer")
    stage.window.actions_set.trigger("lower_layer")
    press_save(stage)
    choose(stage, "Replace photo.png")
    with Image.open(path) as written:
        assert written.mode == "P"
        values = np.asarray(written)
        assert written.getpalette()[:30] == palette[:30]  # type: ignore[index]
    np.testing.assert_array_equal(values == 3, index == 3)
    assert (values[index == 0] == 10).all()


def test_a_mask_that_lies_on_its_side_is_turned_and_goes_back_as_it_was(stage: WindowStage) -> None:
    upright = disc()
    upright[:8, :8] = 255
    path = save(stage.folder / "masks" / "photo.png", np.ascontiguousarray(np.rot90(upright)))
    stored = pixels_of(path)
    take(stage, path)
    assert choices(stage) == ["Turn it right", "Turn it left", "Leave it"]
    choose(stage, "Turn it right")
    np.testing.assert_array_equal(stage.alpha, upright)
    press_save(stage)
    choose(stage, "Replace photo.png")
    np.testing.assert_array_equal(pixels_of(path), stored)


def test_leaving_with_save_asks_before_it_replaces_and_then_leaves(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc())
    take(stage, path)
    stage.window.close()
    question = stage.dialog(UnsavedQuestion)
    question.save_button.click()
    stage.settle()
    assert stage.window.isVisible()
    choose(stage, "Replace photo.png")
    assert not stage.window.isVisible()


def test_what_is_painted_while_the_mask_is_written_back_is_written_before_the_photo_is_left(
    stage: WindowStage,
) -> None:
    path = save(stage.folder / "mask.png", disc())
    take(stage, path)
    paint_a_stroke(stage)
    left = stage.document
    stage.window.commands.files.open_paths([make_photo(stage.folder / "next.png", SIZE_HW)])
    stage.settle()
    stage.dialog(UnsavedQuestion).save_button.click()
    stage.settle()
    stage.window.messages.choose("Replace mask.png")
    stage.window.toolbox.choose("eraser")
    before = stage.alpha >= 128
    drag(stage.window.canvas, stage.at(25, 20), stage.at(35, 20))
    assert ((stage.alpha >= 128) != before).any()
    stage.settle()
    assert stage.document is not left
    np.testing.assert_array_equal(pixels_of(path) >= 128, left.active.alpha >= 128)


def test_a_mask_that_cannot_be_written_offers_the_layers(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc())
    take(stage, path)
    press_save(stage)
    path.unlink()
    path.parent.rmdir()
    choose(stage, "Replace photo.png")
    assert "does not exist" in stage.texts[-1]
    assert stage.document.unsaved.is_any
    choose(stage, "Keep the layers beside the photo")
    assert not stage.document.unsaved.is_any


def test_a_format_that_is_only_read_is_said_and_a_png_of_the_same_kind_offered(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.gif", disc())
    before = path.read_bytes()
    take(stage, path)
    press_save(stage)
    assert "photo.gif cannot be written back" in stage.texts[-1]
    assert "GIF" in stage.texts[-1]
    choose(stage, "Save as photo.png")
    assert path.read_bytes() == before
    png = path.with_suffix(".png")
    written = read_mask(png)
    np.testing.assert_array_equal(written.alpha, disc())
    assert not stage.document.unsaved.is_any
    stage.window.commands.mask.clear()
    stage.settle()
    press_save(stage)
    assert not read_mask(png).alpha.any(), "from then on the PNG is the file of the mask"


def test_a_format_that_is_only_read_may_be_left_alone(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.gif", disc())
    take(stage, path)
    press_save(stage)
    choose(stage, "Only keep the layers")
    assert not path.with_suffix(".png").exists()
    assert (stage.folder / ".meticulous" / "photo.png.json").exists()


def test_saving_again_before_the_mask_is_written_changes_nothing_for_what_follows(stage: WindowStage) -> None:
    make_photo(stage.folder / "next.png", SIZE_HW)
    path = save(stage.folder / "masks" / "photo.png", disc())
    stage.window.open_paths([stage.folder])
    stage.settle()
    stage.press(Qt.Key.Key_PageDown)
    assert stage.document.photo.name == "photo.png"
    take(stage, path)
    press_save(stage)
    choose(stage, "Replace photo.png")
    for reach in (200, 150):
        paint_a_stroke(stage, reach=reach)
        for _ in range(2):  # an impatient hand
            stage.window.actions_set.trigger("save")
        stage.settle()
        assert "another program" not in stage.texts[-1]
        np.testing.assert_array_equal(pixels_of(path) >= 128, stage.alpha >= 128)
        assert not stage.document.unsaved.is_any
    paint_a_stroke(stage, reach=100)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(pixels_of(path) >= 128, painted >= 128)


def test_paging_on_writes_back_where_that_was_agreed(stage: WindowStage) -> None:
    for name in ("a.png", "b.png"):
        make_photo(stage.folder / name, SIZE_HW)
        save(stage.folder / "masks" / name, disc())
    stage.window.actions_set.trigger("save")
    stage.settle()
    stage.window.open_paths([stage.folder / "a.png", stage.folder / "b.png"])
    stage.settle()
    take(stage, stage.folder / "masks" / "a.png")
    press_save(stage)
    choose(stage, "Replace a.png")
    stage.press(Qt.Key.Key_PageDown)
    stage.settle()
    assert stage.document.photo.name == "b.png"
    path = stage.folder / "masks" / "b.png"
    take(stage, path)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageUp)
    stage.settle()
    np.testing.assert_array_equal(pixels_of(path) > 0, painted >= 128)
