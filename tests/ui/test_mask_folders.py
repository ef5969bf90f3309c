from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.opening import Opened
from meticulous_gui.ui.scenery import Scenery
from tests.ui.fakes import make_photo
from tests.ui.mask_beside import SIZE_HW, box_mask, masks_of, read
from tests.ui.window_stage import WindowStage, paint_a_stroke

NAMES = ["a.png", "b.png", "c.png"]


@pytest.fixture(autouse=True)
def _own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METICULOUS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path / "config"))


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    """A folder of three photos; two have a mask in the folder beside it."""
    monkeypatch.setattr("meticulous_gui.ui.ahead.QUIET_MS", 0)
    stage = WindowStage(tmp_path / "photos", qtbot)
    stage.folder.mkdir()
    for name in NAMES:
        make_photo(stage.folder / name, SIZE_HW)
    masks_of(stage).mkdir()
    for name in NAMES[:2]:
        cv2.imwrite(str(masks_of(stage) / name), box_mask())
    stage.window.open_paths([stage.folder])
    stage.settle()
    yield stage
    stage.session.close()


def choose(stage: WindowStage, text: str) -> None:
    """Answer the newest question about the folder of masks."""
    message = next(message for message in reversed(stage.messages) if message.topic == "mask folder")
    next(choice for choice in message.choices if choice.text == text).run()
    stage.settle()


def test_masks_beside_a_folder_are_offered_and_used(stage: WindowStage) -> None:
    assert "Photos with a mask in" in stage.texts[-1]
    assert ": 2. Use these masks?" in stage.texts[-1]
    choose(stage, "Use them")
    states = [stage.window.photos.state(path) for path in stage.window.photos.paths]
    assert states == [PhotoState.MASKED, PhotoState.MASKED, PhotoState.UNTOUCHED]
    np.testing.assert_array_equal(stage.alpha, box_mask())
    n_jobs = len(stage.runner.jobs)
    stage.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(stage.alpha, box_mask())
    assert not stage.session.has_unsaved_work
    assert len(stage.runner.jobs) == n_jobs + 1, "only the photo without a mask is looked at"


def test_changes_go_back_in_the_form_of_the_file_when_the_photo_is_left(stage: WindowStage) -> None:
    choose(stage, "Use them and write changes back")
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageDown)
    written = read(masks_of(stage) / "a.png")
    assert sorted(np.unique(written)) == [0, 255], "a mask of two values stays one"
    np.testing.assert_array_equal(written >= 128, painted >= 128)
    np.testing.assert_array_equal(read(masks_of(stage) / "b.png"), box_mask())
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(stage.alpha, painted)


def test_an_edit_at_a_later_visit_goes_back_as_well(stage: WindowStage) -> None:
    choose(stage, "Use them and write changes back")
    for reach in (200.0, 100.0):
        paint_a_stroke(stage, reach=reach)
        painted = stage.alpha
        stage.press(Qt.Key.Key_PageDown)
        np.testing.assert_array_equal(read(masks_of(stage) / "a.png") >= 128, painted >= 128)
        stage.press(Qt.Key.Key_PageUp)


def test_a_photo_without_a_mask_gets_one_like_its_neighbours(stage: WindowStage) -> None:
    choose(stage, "Use them and write changes back")
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageDown)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageUp)
    written = read(masks_of(stage) / "c.png")
    assert written.ndim == 2
    np.testing.assert_array_equal(written >= 128, painted >= 128)


def test_nothing_is_written_where_only_reading_was_wanted(stage: WindowStage) -> None:
    choose(stage, "Use them")
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), box_mask())
    assert (stage.folder / ".meticulous" / "a.png.json").exists()


def test_masks_of_wrong_size_and_broken_ones_are_one_sentence_each(stage: WindowStage) -> None:
    cv2.imwrite(str(masks_of(stage) / "a.png"), np.zeros((10, 10), np.uint8))
    (masks_of(stage) / "b.png").write_bytes(b"broken")
    choose(stage, "Use them and write changes back")
    assert "10 x 10" in stage.texts[-1]
    assert not stage.alpha.any()
    stage.press(Qt.Key.Key_PageDown)
    assert "b.png" in stage.texts[-1]
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    assert (masks_of(stage) / "b.png").read_bytes() == b"broken"


def test_a_mask_that_another_program_changed_is_not_replaced(stage: WindowStage) -> None:
    choose(stage, "Use them and write changes back")
    paint_a_stroke(stage)
    theirs = 255 - box_mask()
    cv2.imwrite(str(masks_of(stage) / "a.png"), theirs)
    stage.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), theirs)
    assert (stage.folder / ".meticulous" / "a.png.json").exists()


def test_a_mask_that_was_changed_between_two_visits_is_asked_about(stage: WindowStage) -> None:
    choose(stage, "Use them and write changes back")
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageDown)
    theirs = 255 - box_mask()
    theirs[:, 0] = 0
    theirs[0, :] = 0
    cv2.imwrite(str(masks_of(stage) / "a.png"), theirs)
    stage.press(Qt.Key.Key_PageUp)
    assert "a.png and the layers that were saved for this photo differ" in stage.texts[-1]
    np.testing.assert_array_equal(stage.alpha, painted)
    paint_a_stroke(stage, reach=100.0)
    stage.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), theirs, "nobody has said which counts")
    stage.press(Qt.Key.Key_PageUp)
    choose(stage, "Use a.png")
    np.testing.assert_array_equal(stage.alpha, theirs)
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageUp)
    assert "differ" not in stage.messages[-1].text
    np.testing.assert_array_equal(stage.alpha, theirs)


def test_layers_that_shall_count_are_written_over_a_mask_that_was_changed(stage: WindowStage) -> None:
    choose(stage, "Use them and write changes back")
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_PageDown)
    cv2.imwrite(str(masks_of(stage) / "a.png"), np.zeros(SIZE_HW, np.uint8))
    stage.press(Qt.Key.Key_PageUp)
    choose(stage, "Keep these layers")
    paint_a_stroke(stage, reach=100.0)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png") >= 128, painted >= 128)


def test_work_that_comes_back_after_a_crash_replaces_no_mask(stage: WindowStage) -> None:
    labels = np.zeros(SIZE_HW, np.uint8)
    labels[2:8, 2:20], labels[20:30, 5:25], labels[32:38, 40:50] = 1, 2, 3
    cv2.imwrite(str(masks_of(stage) / "a.png"), labels)
    choose(stage, "Use them and write changes back")
    stage.press(Qt.Key.Key_PageDown)
    document = Document(load_photo(stage.folder / "a.png"))
    document.unsaved.mark_lost()
    back = Opened(document, Scenery(document), has_saved_layers=True)
    stage.session.opener.open_prepared(stage.folder / "a.png", lambda: back)
    stage.settle()
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "are kept in" in stage.texts[-1]
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), labels)


def test_a_label_map_takes_the_edits_of_later_visits_as_well(stage: WindowStage) -> None:
    path = masks_of(stage) / "a.png"
    labels = np.zeros(SIZE_HW, np.uint8)
    labels[2:8, 2:20], labels[20:30, 5:25], labels[32:38, 40:50] = 1, 2, 3
    cv2.imwrite(str(path), labels)
    choose(stage, "Use them and write changes back")
    for corner, value in ((9, 3), (11, 1)):
        document = stage.session.document
        assert document is not None
        assert len(document.layers) == 3
        layer = document.layers[value - 1]
        document.set_layer_state(layer.id, name=f"name {value}")
        box = Box(corner, 1, corner + 1, 2)
        document.apply(Edit(layer.id, box, np.full((1, 1), 255, np.uint8)))
        labels[1, corner] = value
        stage.press(Qt.Key.Key_PageDown)
        np.testing.assert_array_equal(read(path), labels)
        stage.press(Qt.Key.Key_PageUp)
    labels[20:30] = labels[20:30, ::-1]
    cv2.imwrite(str(path), labels)
    stage.press(Qt.Key.Key_PageDown)
    stage.press(Qt.Key.Key_PageUp)
    choose(stage, "Use a.png")
    document = stage.session.document
    assert document is not None
    assert len(document.layers) == 3
    np.testing.assert_array_equal(document.layers[1].alpha == 255, labels == 2)


def test_a_mask_that_reaches_the_rim_keeps_its_side_at_every_visit(stage: WindowStage) -> None:
    choose(stage, "Use them and write changes back")
    for corner in (7, 9):
        document = stage.session.document
        assert document is not None
        alpha = 255 - box_mask()
        alpha[corner, corner] = 0
        document.apply(Edit(document.active.id, document.box, alpha))
        stage.press(Qt.Key.Key_PageDown)
        np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), alpha)
        stage.press(Qt.Key.Key_PageUp)


def test_a_folder_of_masks_can_be_chosen(
    stage: WindowStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    cv2.imwrite(str(elsewhere / "a_mask.png"), 255 - box_mask())
    monkeypatch.setattr(
        "meticulous_gui.ui.folder_desk.choose_folder", lambda _parent, _title, take: take(elsewhere)
    )
    stage.window.actions_set.trigger("mask_folder")
    stage.settle()
    choose(stage, "Use them")
    assert stage.alpha.any()


def test_the_folder_of_the_photos_is_no_folder_of_their_masks(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "meticulous_gui.ui.folder_desk.choose_folder", lambda _parent, _title, take: take(stage.folder)
    )
    before = len(stage.messages)
    stage.window.actions_set.trigger("mask_folder")
    stage.settle()
    (message,) = stage.messages[before:]
    assert "The photos themselves are in" in message.text
    assert not message.choices, "each photo would be its own mask"


def test_an_empty_folder_of_masks_takes_new_ones(
    stage: WindowStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr(
        "meticulous_gui.ui.folder_desk.choose_folder", lambda _parent, _title, take: take(empty)
    )
    stage.window.actions_set.trigger("mask_folder")
    stage.settle()
    choose(stage, "Write them there")
    stage.press(Qt.Key.Key_PageDown)
    paint_a_stroke(stage)
    painted = stage.alpha
    stage.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(read(empty / "b.png"), painted)


# --- the next start ---------------------------------------------------------------------------------------


def start(qtbot: QtBot, photos: Path) -> WindowStage:
    """Open the folder in a window that remembers."""
    stage = WindowStage(photos, qtbot, Choices.load())
    stage.window.open_paths([photos])
    stage.settle()
    return stage


def asked(stage: WindowStage) -> list[str]:
    return [message.text for message in stage.messages if message.topic == "mask folder"]


@pytest.fixture
def photos(stage: WindowStage) -> Path:
    """The folder of the other stage, which has no memory."""
    return stage.folder


def test_photos_that_differ_only_in_the_suffix_share_no_mask(photos: Path, qtbot: QtBot) -> None:
    """Neither a mask that is there nor a new one of the photo before is written over."""
    for name in ("a.webp", "c.webp"):
        make_photo(photos / name, SIZE_HW)
    stage = start(qtbot, photos)
    choose(stage, "Use them and write changes back")
    painted: dict[str, Alpha] = {}
    for name in ("a.png", "a.webp", "b.png", "c.png", "c.webp"):
        assert stage.window.photos.current == photos / name
        said = [text for text in stage.texts if f"differs from {name} only in the suffix" in text]
        assert len(said) == (name[0] == "a")
        paint_a_stroke(stage, reach=250 - 50 * len(painted))
        painted[name] = stage.alpha
        stage.press(Qt.Key.Key_PageDown)
    n_said = len(stage.texts)
    for _ in range(3):
        stage.press(Qt.Key.Key_PageUp)
    assert stage.window.photos.current == photos / "a.webp"
    np.testing.assert_array_equal(stage.alpha, painted["a.webp"])
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), box_mask())
    for name in ("a.png", "a.webp", "c.png", "c.webp"):
        written = read(masks_of(stage) / f"{name}.png")
        np.testing.assert_array_equal(written >= 128, painted[name] >= 128)
    assert not (masks_of(stage) / "c.png").exists()
    assert not any("only in the suffix" in text for text in stage.texts[n_said:])
    stage.session.close()


def test_a_mask_that_may_be_of_another_photo_is_shown_and_has_no_way_back_where_none_is_wanted(
    photos: Path, qtbot: QtBot
) -> None:
    make_photo(photos / "a.webp", SIZE_HW)
    stage = start(qtbot, photos)
    choose(stage, "Use them")
    np.testing.assert_array_equal(stage.alpha, box_mask())
    paint_a_stroke(stage)
    stage.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    stage.press(Qt.Key.Key_PageDown)
    assert sorted(path.name for path in masks_of(stage).iterdir()) == NAMES[:2]
    np.testing.assert_array_equal(read(masks_of(stage) / "a.png"), box_mask())
    stage.session.close()


def test_what_was_chosen_for_a_folder_counts_at_the_next_start_without_a_question(
    photos: Path, qtbot: QtBot
) -> None:
    first = start(qtbot, photos)
    choose(first, "Use them and write changes back")
    first.session.close()
    again = start(qtbot, photos)
    assert "2 masks" in asked(again)[-1]
    assert "as before" in asked(again)[-1]
    assert again.messages[-1].goes_by_itself
    np.testing.assert_array_equal(again.alpha, box_mask())
    paint_a_stroke(again)
    painted = again.alpha
    again.press(Qt.Key.Key_PageDown)
    np.testing.assert_array_equal(read(masks_of(again) / "a.png") >= 128, painted >= 128)
    choose(again, "Stop that")
    before = read(masks_of(again) / "b.png")
    paint_a_stroke(again)
    again.press(Qt.Key.Key_PageUp)
    np.testing.assert_array_equal(read(masks_of(again) / "b.png"), before)
    again.session.close()


def test_a_folder_that_wants_no_masks_is_not_asked_about_again(photos: Path, qtbot: QtBot) -> None:
    first = start(qtbot, photos)
    choose(first, "Never for this folder")
    first.session.close()
    again = start(qtbot, photos)
    assert not asked(again)
    again.session.close()


def test_a_folder_of_masks_that_is_gone_is_said_in_one_sentence(photos: Path, qtbot: QtBot) -> None:
    first = start(qtbot, photos)
    choose(first, "Use them")
    first.session.close()
    (photos.parent / "masks").rename(photos.parent / "moved")
    again = start(qtbot, photos)
    assert asked(again)[-1].startswith(f"The folder of masks {photos.parent / 'masks'} is gone")
    again.session.close()


def test_memory_that_somebody_damaged_is_no_memory(photos: Path, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    for damaged in (3, {str(photos): {"folder": 3}}, {str(photos): 3}):
        (tmp_path / "state" / "state.json").write_text(json.dumps({"mask_folders": damaged}))
        stage = start(qtbot, photos)
        assert "Use these masks?" in asked(stage)[-1]
        stage.session.close()
