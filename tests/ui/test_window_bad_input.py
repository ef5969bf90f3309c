"""Files opened by mistake, disks that are full: one sentence in the bar, and the open document stays."""

from __future__ import annotations

import io
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtGui import Qt as RichText
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.qimage import rgb_from_qimage
from tests.core.test_photo_bad_input import without_root_rights
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage, paint_a_stroke

CTRL = Qt.KeyboardModifier.ControlModifier


def jpeg_bytes(side_px: int) -> bytes:
    """Return a JPEG of noise."""
    noise = np.random.default_rng(5).integers(0, 255, (side_px, side_px, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, "JPEG", quality=92)
    return stream.getvalue()


def files_in(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder with their content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_refused(stage: WindowStage, path: Path, open_it: Callable[[], None]) -> None:
    """Check that opening `path` costs one sentence that names it and says what to do, and nothing else."""
    document, before, scene = stage.session.document, stage.alpha, stage.session.shown.scene
    on_disk = files_in(stage.folder)
    open_it()
    stage.settle()
    assert stage.session.document is document
    assert stage.session.shown.scene is scene
    np.testing.assert_array_equal(stage.alpha, before)
    assert files_in(stage.folder) == on_disk
    (message,) = stage.window.messages.messages
    assert str(path) in message.text
    assert "; " in message.text, "the sentence says what to do"
    assert message.text.endswith(".")
    assert message.kind in ("warning", "error")
    assert stage.window.windowTitle().startswith("photo.png")
    paint_a_stroke(stage)
    assert (stage.alpha != before).any(), "the person goes on working"


BROKEN: dict[str, bytes] = {
    "empty.jpg": b"",
    "text.png": b"this is no picture",
    "pickle.png": pickle.dumps({"a": 1}),
    "cut-head.jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb",
    "cut.jpg": jpeg_bytes(64)[:2000],
    "bomb.png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x0f\xff\xff\x00\x0f\xff\xff\x08\x02\x00\x00\x00",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_costs_one_sentence_and_the_open_photo_stays(stage: WindowStage, name: str) -> None:
    stage.open_with_mask()
    path = stage.folder / name
    path.write_bytes(BROKEN[name])
    assert_refused(stage, path, lambda: stage.window.open_paths([path]))


def test_a_large_jpeg_that_is_cut_short_gives_the_open_photo_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    path = stage.folder / "large.jpg"
    whole = jpeg_bytes(1600)
    path.write_bytes(whole[: len(whole) * 9 // 10])
    assert path.stat().st_size > 1_000_000, "large enough for a first picture"
    assert_refused(stage, path, lambda: stage.window.open_paths([path]))


def test_a_name_with_the_sign_of_the_star_is_shown_whole(stage: WindowStage) -> None:
    stage.open("a[*].png")
    assert stage.window.windowTitle() == "a[*][*].png[*]", "Qt shows two signs as one, and one as the star"


def test_names_that_look_like_markup_are_shown_as_they_are(stage: WindowStage) -> None:
    folder = stage.folder / "<b>photos"
    folder.mkdir()
    for name in ("<i>a.png", "<i>b.png"):
        make_photo(folder / name, (40, 60))
    stage.window.open_paths([folder])
    stage.settle()
    stage.document.set_layer_state(stage.document.active.id, category="<u>dog")
    stage.window.actions_set.trigger("export_as")
    stage.settle()
    stage.window.actions_set.trigger("next_photo")  # "Opening <i>b.png…" is in the status bar
    shown = [label for label in stage.window.findChildren(QLabel) if "<" in label.text()]
    assert {sign for sign in "biu" if any(f"<{sign}>" in label.text() for label in shown)} == {*"biu"}
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in shown)


def test_tooltips_show_names_that_look_like_markup_as_they_are(stage: WindowStage) -> None:
    folder = stage.folder / "<b>photos"
    folder.mkdir()
    for name in ("<i>a.png", "b.png"):
        make_photo(folder / name, (40, 60))
    stage.window.open_paths([folder])
    stage.settle()
    stage.document.set_layer_state(stage.document.active.id, name="<s>kitten", category="<u>dog")
    stage.press(Qt.Key.Key_F7)
    stage.window.actions_set.trigger("next_photo")  # "Opening b.png…" is in the status bar
    stage.window.actions_set.trigger("previous_photo")
    tips = [widget.toolTip() for widget in stage.window.findChildren(QWidget)]
    tips += [action.toolTip() for action in stage.window.findChildren(QAction)]
    model = stage.window.folder.strip.view.model()
    tips += [model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(model.rowCount())]
    seen = [as_qt_shows(tip) for tip in tips]
    assert {sign for sign in "bisu" if any(f"<{sign}>" in text for text in seen)} == {*"bisu"}
    assert not any("kitten" in text and "<s>" not in text for text in seen)


def as_qt_shows(tip: str) -> str:
    document = QTextDocument()
    if RichText.mightBeRichText(tip):
        document.setHtml(tip)
    else:
        document.setPlainText(tip)
    return document.toPlainText()


def test_a_missing_file_and_a_folder_without_photos_are_one_sentence_each(stage: WindowStage) -> None:
    stage.open_with_mask()
    missing, empty = stage.folder / "missing.jpg", stage.folder / "empty"
    empty.mkdir()
    assert_refused(stage, missing, lambda: stage.window.open_paths([missing]))
    stage.press(Qt.Key.Key_Z, CTRL)
    stage.window.messages.clear()
    assert_refused(stage, empty, lambda: stage.window.open_paths([empty]))


def test_a_photo_with_the_longest_name_opens_though_nothing_can_be_kept_beside_it(stage: WindowStage) -> None:
    path = make_photo(stage.folder / ("a" * 251 + ".png"), (40, 60))
    stage.window.open_paths([path])
    stage.settle()
    assert stage.document.photo.path == path
    assert not stage.texts
    stage.runner.job.finish()
    paint_a_stroke(stage)
    stage.window.actions_set.trigger("save")
    stage.settle()
    assert "the name is too long" in stage.texts[-1]
    stage.window.actions_set.trigger("export_label_map")
    stage.settle()
    assert "-labels.json was not written: the name is too long" in stage.texts[-1]


def test_a_name_that_is_too_long_is_one_sentence(stage: WindowStage) -> None:
    stage.open_with_mask()
    path = stage.folder / ("a" * 300 + ".png")
    assert_refused(stage, path, lambda: stage.window.open_paths([path]))


def test_a_file_and_a_folder_without_permission_are_one_sentence_each(stage: WindowStage) -> None:
    stage.open_with_mask()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        locked_file, locked_folder = make_photo(folder / "mine.png", (8, 8)), folder / "inner"
        locked_folder.mkdir()
        locked_file.chmod(0)
        locked_folder.chmod(0)
        for path in (locked_file, locked_folder):

            def open_it(path: Path = path) -> None:
                with without_root_rights():
                    stage.window.open_paths([path])
                    stage.settle()

            assert_refused(stage, path, open_it)
            stage.press(Qt.Key.Key_Z, CTRL)
            stage.window.messages.clear()
        locked_folder.chmod(0o700)


def test_a_photo_beyond_the_limit_names_the_limit(stage: WindowStage) -> None:
    stage.open_with_mask()
    settings = stage.session.settings
    stage.session.settings = replace(settings, decode=replace(settings.decode, max_side_px=50))
    path = make_photo(stage.folder / "wide.png", (10, 61))
    assert_refused(stage, path, lambda: stage.window.open_paths([path]))
    assert "61" in stage.texts[0]
    assert "50" in stage.texts[0]


def test_a_broken_first_photo_of_a_folder_can_be_passed_over(stage: WindowStage) -> None:
    stage.open_with_mask()
    folder = stage.folder / "many"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(b"")
    make_photo(folder / "b.png", (20, 30))
    stage.window.open_paths([folder])
    stage.settle()
    assert "photo.png" in stage.window.windowTitle()
    assert "of 2" not in stage.window.windowTitle(), "the open photo is not one of the list"
    stage.press(Qt.Key.Key_PageDown)
    assert "b.png (2 of 2)" in stage.window.windowTitle().replace("[*]", "")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_mask_costs_one_sentence_and_the_mask_stays(stage: WindowStage, name: str) -> None:
    stage.open_with_mask()
    path = stage.folder / name
    path.write_bytes(BROKEN[name])
    assert_refused(stage, path, lambda: choose_mask(stage, path))


def test_a_mask_of_another_size_is_refused_with_both_sizes(stage: WindowStage) -> None:
    stage.open_with_mask()
    path = make_photo(stage.folder / "mask.png", (41, 60), mode="L")
    before = stage.alpha
    choose_mask(stage, path)
    np.testing.assert_array_equal(stage.alpha, before)
    (message,) = stage.window.messages.messages
    for part in ("mask.png", "60 × 41", "60 × 40"):
        assert part in message.text


def choose_mask(stage: WindowStage, path: Path) -> None:
    """Take a mask by the menu's dialog."""
    stage.window.actions_set.trigger("open_mask")
    dialog = stage.dialog(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    stage.settle()


# --- files that are unusual and fine ------------------------------------------------------------------------


def save(path: Path, image: Image.Image, **options: object) -> None:
    image.save(path, **options)  # type: ignore[arg-type]


RGB = Image.fromarray(np.random.default_rng(7).integers(0, 255, (20, 30, 3), dtype=np.uint8))
DEEP = np.random.default_rng(7).integers(0, 65535, (20, 30, 3), dtype=np.uint16)

UNUSUAL: dict[str, Callable[[Path], object]] = {
    "deep.png": lambda path: cv2.imwrite(str(path), DEEP),
    "cmyk.jpg": lambda path: RGB.convert("CMYK").save(path),
    "palette.png": lambda path: RGB.convert("P").save(path),
    "grey.jpg": lambda path: RGB.convert("L").save(path),
    "animated.gif": lambda path: RGB.save(path, save_all=True, append_images=[RGB.rotate(180)]),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_photo_is_shown_and_can_be_painted_on(stage: WindowStage, name: str) -> None:
    path = stage.folder / name
    UNUSUAL[name](path)
    assert_opened(stage, path, (20, 30))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_a_camera_was_held_is_shown_upright(stage: WindowStage, orientation: int) -> None:
    path = stage.folder / "held.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    RGB.save(path, exif=exif)
    assert_opened(stage, path, (20, 30) if orientation <= 4 else (30, 20))


@pytest.mark.parametrize("size_hw", [(1, 1), (20, 30_000), (30_000, 20)])
def test_a_photo_of_an_extreme_shape_is_shown(stage: WindowStage, size_hw: tuple[int, int]) -> None:
    path = make_photo(stage.folder / "shape.png", size_hw)
    assert_opened(stage, path, size_hw)
    for action_id in ("zoom_actual", "zoom_in", "zoom_mask", "zoom_fit", "view_contour", "view_alpha"):
        stage.window.actions_set.trigger(action_id)
        stage.window.canvas.grab()
    stage.press(Qt.Key.Key_E, CTRL)
    assert (stage.folder / "shape-cutout.png").exists()


def assert_opened(stage: WindowStage, path: Path, size_hw: tuple[int, int]) -> None:
    """Check that a photo opens without a word, is seen, and takes a stroke."""
    stage.window.open_paths([path])
    stage.settle()
    assert [message.text for message in stage.messages if message.kind != "note"] == []
    assert stage.session.document is not None
    assert stage.session.document.photo.size_hw == size_hw
    canvas = stage.window.canvas
    shown = rgb_from_qimage(canvas.grab().toImage())
    middle = shown[shown.shape[0] // 2, shown.shape[1] // 2]
    assert (middle != shown[2, 2]).any(), "the middle shows the photo and the corner what surrounds it"
    stage.runner.job.finish()
    stage.settle()
    paint_a_stroke(stage, reach=0)
    assert stage.alpha.any()


# --- disks and processes ------------------------------------------------------------------------------------


def refuse(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_no_file_and_says_so(stage: WindowStage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.open_with_mask()
    monkeypatch.setattr("meticulous_gui.core.files.os.fsync", refuse)
    stage.press(Qt.Key.Key_E, CTRL)
    assert sorted(files_in(stage.folder)) == ["photo.png"]
    assert "full" in stage.texts[-1]
    assert "photo-cutout.png" in stage.texts[-1]


def test_a_disk_too_full_for_the_layers_asks_for_another_folder(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    with monkeypatch.context() as patched:
        patched.setattr("meticulous_gui.core.files.os.fsync", refuse)
        stage.press(Qt.Key.Key_S, CTRL)
    assert sorted(files_in(stage.folder)) == [".meticulous/.layers.lock", "photo.png"], "no half of a save"
    assert "full" in stage.window.messages.messages[0].text
    assert stage.session.has_unsaved_work
    dialog = stage.dialog(QFileDialog)
    other = stage.folder / "other disk"
    other.mkdir()
    dialog.fileSelected.emit(str(other))
    dialog.close()
    stage.settle()
    assert not stage.session.has_unsaved_work
    painted = stage.alpha
    stage.window.open_paths([stage.folder / "photo.png"])
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, painted)


def test_a_folder_that_cannot_be_written_opens_the_export_dialog(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.open_with_mask()
    monkeypatch.setattr("meticulous_gui.ui.saving.os.access", lambda *_arguments: False)
    stage.press(Qt.Key.Key_E, CTRL)
    dialog = stage.dialog(ExportDialog)
    assert str(stage.folder) in dialog.note.text()
    assert sorted(files_in(stage.folder)) == ["photo.png"]


def test_without_memory_for_the_networks_the_person_paints_and_is_told(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "There is no room to hand the photo (60 × 40) to the networks; free 7 KB in /dev/shm."

    def no_room(_rgb: object) -> None:
        raise EngineError(why)

    with monkeypatch.context() as patched:
        patched.setattr(stage.runner, "put_photo", no_room)
        stage.open()
    assert [message.text for message in stage.window.messages.messages] == [why]
    assert not stage.session.work.is_running
    assert not stage.window.status.stop.isVisible()
    stage.window.messages.clear()
    stage.window.actions_set.trigger("find_again")
    assert [message.text for message in stage.window.messages.messages] == [why]
    paint_a_stroke(stage)
    assert stage.alpha.any()
    stage.window.actions_set.trigger("undo")
    stage.open("next.png")
    stage.runner.job.paint(Box(0, 0, 9, 9), 255)
    stage.settle()
    assert stage.alpha.any(), "the next photo has its mask"


def test_without_networks_the_person_paints_and_is_told(stage: WindowStage) -> None:
    stage.session.work.set_runner(None)
    stage.session.refuse_networks(EngineError("The networks cannot start; install Meticulous again."))
    stage.open()
    (message,) = stage.window.messages.messages
    assert "install Meticulous again" in message.text
    assert not stage.session.work.is_running
    paint_a_stroke(stage)
    assert stage.alpha.any()
