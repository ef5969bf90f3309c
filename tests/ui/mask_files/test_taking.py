"""A mask of any program is taken from a file, the clipboard or a drop."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QApplication

from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.qimage import qimage_from_rgba
from tests.ui.fakes import make_photo
from tests.ui.mask_files.stage import SIZE_HW, choices, choose, disc, press_save, save, take
from tests.ui.window_stage import WindowStage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_another_size_is_asked_about(stage: WindowStage) -> None:
    path = save(stage.folder / "masks" / "photo.png", disc((20, 30)))
    before = stage.alpha
    take(stage, path)
    np.testing.assert_array_equal(stage.alpha, before)
    assert "30 × 20" in stage.texts[-1]
    assert "60 × 40" in stage.texts[-1]
    assert choices(stage) == ["Scale it to the photo", "Put it at the top left corner", "Leave it"]
    choose(stage, "Leave it")
    np.testing.assert_array_equal(stage.alpha, before)
    take(stage, path)
    choose(stage, "Scale it to the photo")
    assert np.mean((stage.alpha >= 128) == (disc() >= 128)) > 0.97
    press_save(stage)
    assert "as large as the photo" in stage.texts[-1]
    choose(stage, "Only keep the layers")
    take(stage, path)
    choose(stage, "Put it at the top left corner")
    np.testing.assert_array_equal(stage.alpha[:20, :30], disc((20, 30)))
    assert not stage.alpha[20:].any()


def test_a_label_map_with_no_object_at_the_corner_is_refused_in_a_sentence(stage: WindowStage) -> None:
    numbers = np.zeros((2 * SIZE_HW[0], 2 * SIZE_HW[1]), np.uint8)
    numbers[50:60, 70:80], numbers[60:70, 90:100] = 1, 2
    before = stage.alpha
    take(stage, save(stage.folder / "labels.png", numbers))
    choose(stage, "Put it at the top left corner")
    assert stage.texts[-1] == "labels.png holds no object inside this photo; the mask is as it was."
    assert len(stage.document.layers) == 1
    np.testing.assert_array_equal(stage.alpha, before)


def test_of_a_label_map_the_one_object_inside_the_photo_gets_a_layer(stage: WindowStage) -> None:
    numbers = np.zeros((2 * SIZE_HW[0], 2 * SIZE_HW[1]), np.uint8)
    numbers[5:15, 10:20], numbers[60:70, 90:100] = 1, 2
    take(stage, save(stage.folder / "labels.png", numbers))
    choose(stage, "Put it at the top left corner")
    assert stage.texts[-1] == "labels.png is the mask of “Label 1” now."
    assert [layer.name for layer in stage.document.layers] == ["Label 1"]


@pytest.mark.parametrize("action_id", ["lock_layer", "toggle_layer"])
def test_a_layer_that_is_hidden_or_locked_takes_no_mask_and_is_not_turned_over(
    stage: WindowStage, action_id: str
) -> None:
    path = save(stage.folder / "mask.png", disc())
    take(stage, path)
    before = stage.alpha
    stage.window.actions_set.trigger(action_id)
    choose(stage, "Turn it over")
    np.testing.assert_array_equal(stage.alpha, before)
    assert choices(stage) in (["Unlock it"], ["Show it"])
    stage.window.masks.use(save(stage.folder / "other.png", 255 - disc()))
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, before)
    assert choices(stage) in (["Unlock it"], ["Show it"])


def test_a_mask_that_comes_while_the_object_is_looked_for_takes_its_place(stage: WindowStage) -> None:
    stage.open("other.png")
    stage.runner.job.paint(Box(0, 0, 20, 20), 255)
    stage.settle()
    take(stage, save(stage.folder / "mask.png", disc()))
    np.testing.assert_array_equal(stage.alpha, disc())
    assert [step.title for step in stage.document.history.steps] == ["Use a mask"]
    assert not any("kept" in text for text in stage.texts)


def test_a_photo_and_its_mask_are_dropped_together(stage: WindowStage) -> None:
    photo = make_photo(stage.folder / "dog.png", SIZE_HW)
    mask = save(stage.folder / "dog_mask.png", disc())
    for paths in ([photo, mask], [mask, photo]):
        stage.window.canvas.files_dropped.emit(paths)
        stage.settle()
        if (questions := stage.window.findChildren(UnsavedQuestion)) and questions[-1].isVisible():
            questions[-1].discard_button.click()
            stage.settle()
        assert stage.document.photo.path == photo
        np.testing.assert_array_equal(stage.alpha, disc())
    assert stage.runner.job.is_cancelled or stage.runner.job.is_over


def test_two_photos_dropped_together_are_two_photos(stage: WindowStage) -> None:
    first, second = (make_photo(stage.folder / name, SIZE_HW) for name in ("a.png", "b.png"))
    stage.window.canvas.files_dropped.emit([first, second])
    stage.settle()
    assert stage.document.photo.path == first
    assert stage.window.photos.n_photos == 2


def test_a_mask_of_the_same_shape_but_smaller_is_offered_too(stage: WindowStage) -> None:
    stage.window.canvas.files_dropped.emit([save(stage.folder / "small.png", disc((20, 30)))])
    stage.settle()
    choose(stage, "Use it as the mask")
    choose(stage, "Scale it to the photo")
    assert stage.alpha[20, 30] == 255


def test_a_question_about_a_photo_goes_with_it(stage: WindowStage) -> None:
    stage.window.canvas.files_dropped.emit([save(stage.folder / "small.png", disc((20, 30)))])
    stage.settle()
    assert "Use it as the mask" in choices(stage)
    stage.open("another.png")
    assert not stage.window.messages.messages


def test_a_pasted_mask_is_asked_about_or_taken_at_once(stage: WindowStage) -> None:
    clipboard = QApplication.clipboard()
    grey = np.dstack([disc()] * 3 + [np.full(SIZE_HW, 255, np.uint8)])
    clipboard.setImage(qimage_from_rgba(np.ascontiguousarray(grey)))
    stage.press(Qt.Key.Key_V, CTRL)
    assert choices(stage) == ["Use it as the mask", "Open it as a photo"]
    choose(stage, "Use it as the mask")
    np.testing.assert_array_equal(stage.alpha, disc())
    stage.press(Qt.Key.Key_Z, CTRL)
    stage.press(Qt.Key.Key_V, CTRL | SHIFT)
    np.testing.assert_array_equal(stage.alpha, disc())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(save(stage.folder / "m.png", 255 - disc())))])
    clipboard.setMimeData(data)
    stage.press(Qt.Key.Key_V, CTRL | SHIFT)
    np.testing.assert_array_equal(stage.alpha, disc())
    colours = np.random.default_rng(0).integers(0, 255, (*SIZE_HW, 4), dtype=np.uint8)
    colours[:, :, 3] = 255
    clipboard.setImage(qimage_from_rgba(colours))
    stage.press(Qt.Key.Key_V, CTRL | SHIFT)
    assert "is no mask" in stage.texts[-1]
    clipboard.clear()
    stage.press(Qt.Key.Key_V, CTRL | SHIFT)
    assert stage.texts[-1] == "There is no picture on the clipboard."


def test_a_mask_that_is_dropped_without_a_file_is_asked_about(stage: WindowStage) -> None:
    grey = np.dstack([disc()] * 3 + [np.full(SIZE_HW, 255, np.uint8)])
    stage.window.canvas.picture_dropped.emit(qimage_from_rgba(np.ascontiguousarray(grey)))
    stage.settle()
    choose(stage, "Use it as the mask")
    np.testing.assert_array_equal(stage.alpha, disc())
