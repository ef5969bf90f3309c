"""How photos come into the window: from the start, dropped, pasted, opened before, by paging."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.drop_zone import ZONE_WH_PX
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage

CTRL = Qt.KeyboardModifier.ControlModifier


def test_an_empty_window_offers_a_photo_and_a_sample(stage: WindowStage) -> None:
    assert stage.window.start.isVisible()
    stage.window.actions_set.trigger("open_sample")
    stage.settle()
    assert stage.session.document is not None
    assert not stage.window.start.isVisible()
    assert "coffee.png" in stage.window.windowTitle()


def test_nothing_is_written_to_the_folder_of_the_sample(stage: WindowStage) -> None:
    folder = resource_dir() / "samples"
    before = set(folder.iterdir())
    stage.window.actions_set.trigger("open_sample")
    stage.settle()
    assert stage.window.photos.n_photos == 0
    stage.runner.job.paint(stage.document.box, 255)
    stage.runner.job.finish()
    stage.settle()
    stage.press(Qt.Key.Key_E, CTRL)
    dialog = stage.dialog(ExportDialog)
    assert Path(dialog.folder.text()) == Path.home()
    assert "no file of its own" in dialog.note.text()
    dialog.reject()
    stage.press(Qt.Key.Key_D)
    assert set(folder.iterdir()) == before


def test_page_down_goes_through_the_photos_of_a_folder(stage: WindowStage) -> None:
    folder = stage.folder / "many"
    folder.mkdir()
    for name in ("b.png", "a.png", "notes.txt"):
        make_photo(folder / name, (20, 30)) if name.endswith("png") else (folder / name).write_text("x")
    stage.window.open_paths([folder])
    stage.settle()
    assert "a.png (1 of 2)" in stage.window.windowTitle().replace("[*]", "")
    stage.press(Qt.Key.Key_PageDown)
    assert "b.png (2 of 2)" in stage.window.windowTitle().replace("[*]", "")
    stage.press(Qt.Key.Key_PageDown)
    assert "b.png" in stage.window.windowTitle()


def test_a_pasted_picture_is_opened(stage: WindowStage) -> None:
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    QApplication.clipboard().setImage(picture)
    stage.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.session.document is not None
    assert stage.session.document.photo.size_hw == (20, 30)


@pytest.mark.parametrize("form", ["{path}", '"{path}"\n'])
def test_the_path_of_a_photo_can_be_pasted(stage: WindowStage, form: str) -> None:
    path = make_photo(stage.folder / "a dog.png", (20, 30))
    QApplication.clipboard().setText(form.format(path=path))
    stage.press(Qt.Key.Key_V, CTRL)
    assert stage.document.photo.path == path
    QApplication.clipboard().setText("some words")
    stage.press(Qt.Key.Key_V, CTRL)
    assert stage.texts[-1] == "There is no picture on the clipboard."


def test_a_copied_cutout_can_be_pasted_with_its_transparency(stage: WindowStage) -> None:
    stage.open_with_mask()
    copied = stage.alpha
    stage.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().mimeData().hasFormat("image/png")
    stage.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "untitled" in stage.window.windowTitle()
    np.testing.assert_array_equal(stage.alpha, copied)


def test_opened_photos_are_remembered_newest_first(stage: WindowStage) -> None:
    first, second = stage.open("first.png"), stage.open("second.png")
    stage.open("first.png")
    assert stage.window.choices.recent == [first, second]


def test_a_photo_opened_before_is_opened_again_from_the_menu(stage: WindowStage) -> None:
    first = stage.open("first.png")
    stage.open("second.png")
    (menu,) = (menu for menu in stage.window.findChildren(QMenu) if menu.title() == "Open recent")
    menu.aboutToShow.emit()
    names = [entry.text() for entry in menu.actions()]
    assert names == ["second.png", "first.png"]
    menu.actions()[1].trigger()
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == first


@pytest.mark.parametrize("size_wh", [(1280, 800), (900, 600), (640, 420)])
def test_the_buttons_at_the_start_lie_below_the_drop_zone(
    stage: WindowStage, qtbot: QtBot, size_wh: tuple[int, int]
) -> None:
    window = stage.window
    window.resize(*size_wh)
    qtbot.waitUntil(lambda: window.canvas.width() <= size_wh[0] and window.height() == size_wh[1])
    height = window.canvas.height()
    zone_bottom = height / 2 + min(ZONE_WH_PX[1], height * 0.7) / 2
    assert zone_bottom <= window.start.y() <= zone_bottom + 60
    assert window.start.geometry().bottom() < height


def test_what_is_said_of_an_empty_folder_goes_when_a_photo_is_opened(stage: WindowStage) -> None:
    empty = stage.folder / "empty"
    empty.mkdir()
    stage.window.open_paths([empty])
    stage.settle()
    assert "no photos in" in stage.window.messages.messages[0].text
    stage.open_with_mask()
    assert stage.window.messages.messages == ()


@pytest.mark.parametrize("part", ["canvas", "panels", "tool_strip", "context_bar", "messages", "status"])
def test_a_photo_may_be_dropped_anywhere_on_the_window(stage: WindowStage, part: str) -> None:
    stage.open_with_mask()
    stage.session.message("something to read")
    photo = make_photo(stage.folder / "other.png", (41, 60))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    arguments = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    target: QWidget = getattr(stage.window, part)
    QApplication.sendEvent(target, QDragEnterEvent(target.rect().center(), *arguments))
    QApplication.sendEvent(target, QDropEvent(QPointF(target.rect().center()), *arguments))
    stage.settle()
    assert stage.document.photo.path == photo


def test_a_cut_out_of_our_own_is_not_opened_where_it_is_let_go(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = stage.open_with_mask()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    arguments = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    monkeypatch.setattr(QDragEnterEvent, "source", lambda _event: stage.window.drag_out.chip)
    event = QDragEnterEvent(QPoint(5, 5), *arguments)
    event.ignore()
    QApplication.sendEvent(stage.window.canvas, event)
    assert not event.isAccepted()


def test_a_dropped_file_that_may_be_a_mask_is_asked_about(stage: WindowStage) -> None:
    photo = stage.open_with_mask()
    mask = make_photo(stage.folder / "mask.png", (40, 60), mode="L")
    dropped = stage.window.canvas.files_dropped
    dropped.emit([mask])
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == photo
    stage.window.messages.choose("Use it as the mask")
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, load_alpha(mask))
    stage.press(Qt.Key.Key_Z, CTRL)
    dropped.emit([mask])
    stage.settle()
    stage.window.messages.choose("Open it as a photo")
    stage.settle()
    assert stage.session.document.photo.path == mask


def test_a_dropped_photo_is_opened_without_a_question(stage: WindowStage) -> None:
    stage.open_with_mask()
    for name, size_hw, mode in (("same.png", (40, 60), "RGB"), ("grey.png", (41, 60), "L")):
        path = make_photo(stage.folder / name, size_hw, mode=mode)
        stage.window.canvas.files_dropped.emit([path])
        stage.settle()
        assert stage.session.document is not None
        assert stage.session.document.photo.path == path
