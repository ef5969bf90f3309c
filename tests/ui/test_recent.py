from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from meticulous_gui.core.recent_pictures import RECENT_PX, keep_only, picture_path, small_picture
from meticulous_gui.core.types import RgbImage
from meticulous_gui.ui.choices import Choices, MaskFolderChoice
from meticulous_gui.ui.recent import RecentMenu, RecentRow
from tests.ui.fakes import make_photo
from tests.ui.window_stage import WindowStage


@pytest.fixture(autouse=True)
def _own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METICULOUS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr("meticulous_gui.ui.recent.QUIET_MS", 0)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "photos"
    folder.mkdir()
    return [make_photo(folder / name, (30, 40)) for name in ("a.png", "b & c.png")]


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, photos: list[Path]) -> Iterator[WindowStage]:
    """The second start of a person who opened two photos at the first one."""
    first = WindowStage(tmp_path, qtbot, Choices.load())
    for photo in photos:
        first.session.opener.open_path(photo)
        first.settle()
        qtbot.waitUntil(lambda: picture_path(tmp_path / "state" / "recent", photo).exists())  # noqa: B023
    first.window.close()
    first.session.close()
    stage = WindowStage(tmp_path, qtbot, Choices.load())
    yield stage
    stage.session.close()


def menu(stage: WindowStage) -> QMenu:
    found = stage.window.findChild(RecentMenu)
    assert found is not None
    found.aboutToShow.emit()
    return found


def test_two_windows_forget_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = Choices.load(), Choices.load()
    photos = [tmp_path / name for name in ("a.png", "b.png", "c.png")]
    for window, photo in zip((one, other, one), photos, strict=True):
        window.note_recent(photo)
    one.note_mask_folder(tmp_path / "cats", MaskFolderChoice(tmp_path / "masks"))
    other.note_mask_folder(tmp_path / "dogs", MaskFolderChoice(None))
    one.note_hint("brush")
    other.remember_bytes(window=QByteArray(b"shape"))
    again = Choices.load()
    assert again.recent == photos[::-1]
    assert again.mask_folder(tmp_path / "cats") == MaskFolderChoice(tmp_path / "masks")
    assert again.mask_folder(tmp_path / "dogs") == MaskFolderChoice(None)
    assert again.hints_done == ["brush"]


def row(stage: WindowStage) -> RecentRow:
    found = stage.window.findChild(RecentRow)
    assert found is not None
    return found


def test_the_menu_shows_what_was_opened_last_with_a_picture(stage: WindowStage, photos: list[Path]) -> None:
    entries = menu(stage).actions()
    assert [entry.toolTip() for entry in entries] == [str(photo) for photo in reversed(photos)]
    assert not any(entry.icon().isNull() for entry in entries)
    assert [entry.text() for entry in entries] == ["b && c.png", "a.png"], "& alone underlines a letter"
    entries[1].trigger()
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == photos[0]


def test_a_picture_is_made_of_a_small_level_of_the_photo(
    stage: WindowStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole of a large photo takes a core for a third of a second, just when a hand begins."""
    seen: list[tuple[int, ...]] = []

    def small(rgb: RgbImage) -> RgbImage:
        seen.append(rgb.shape)
        return small_picture(rgb)

    monkeypatch.setattr("meticulous_gui.ui.recent.small_picture", small)
    photo = make_photo(tmp_path / "photos" / "large.png", (1200, 2100))
    stage.session.opener.open_path(photo)
    stage.settle()
    assert seen == [(150, 263, 3)]
    with Image.open(picture_path(tmp_path / "state" / "recent", photo)) as picture:
        assert picture.size == (RECENT_PX, 146)


def test_the_empty_canvas_offers_them_by_mouse_and_by_keyboard(
    stage: WindowStage, photos: list[Path]
) -> None:
    buttons = row(stage).buttons
    assert row(stage).isVisible()
    assert [button.accessibleName() for button in buttons] == ["Open b & c.png", "Open a.png"]
    buttons[0].setFocus()
    QTest.keyClick(buttons[0], Qt.Key.Key_Space)
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == photos[1]
    assert not row(stage).isVisible(), "the photo has the place now"


def test_pictures_without_room_are_left_out(stage: WindowStage, qtbot: QtBot) -> None:
    window = stage.window
    window.resize(640, 420)
    qtbot.waitUntil(lambda: window.height() == 420)
    assert not row(stage).isVisible()
    assert window.start.geometry().bottom() < window.canvas.height()
    window.resize(1000, 760)
    qtbot.waitUntil(row(stage).isVisible)


def test_a_photo_dropped_on_a_picture_is_opened(stage: WindowStage, photos: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photos[0]))])
    place = row(stage).mapTo(stage.window, row(stage).rect().center())
    target = stage.window.windowHandle()
    arguments = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(place), *arguments))
    QApplication.sendEvent(target, QDropEvent(QPointF(place), *arguments))
    stage.settle()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == photos[0]


def test_a_photo_that_is_gone_is_said_when_it_is_chosen(stage: WindowStage, photos: list[Path]) -> None:
    photos[0].unlink()
    assert not menu(stage).actions()[1].icon().isNull(), "the picture does not need the photo"
    menu(stage).actions()[1].trigger()
    stage.settle()
    assert "a.png" in stage.texts[-1]
    assert stage.session.document is None


def test_photos_that_are_gone_cannot_be_chosen_until_they_are_back(
    stage: WindowStage, photos: list[Path]
) -> None:
    away = photos[0].rename(photos[0].with_suffix(".away"))
    entries = menu(stage).actions()
    assert all(entry.isEnabled() for entry in entries), "nothing is looked at while the menu opens"
    stage.settle()
    assert [entry.isEnabled() for entry in entries] == [True, False]
    assert "gone" in entries[1].toolTip()
    assert [button.accessibleName() for button in row(stage).buttons] == ["Open b & c.png"]
    away.rename(photos[0])
    entries = menu(stage).actions()
    stage.settle()
    assert all(entry.isEnabled() for entry in entries)
    assert len(row(stage).buttons) == 2


def test_pictures_of_photos_that_left_the_list_are_forgotten(
    stage: WindowStage, qtbot: QtBot, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meticulous_gui.ui.choices.MAX_RECENT", 1)
    recent = stage.window.recent
    for photo in photos:
        stage.session.opener.open_path(photo)

        def has_picture() -> bool:
            stage.settle()
            return recent.photos == [photo] and recent.picture(photo) is not None  # noqa: B023

        qtbot.waitUntil(has_picture)
        qtbot.waitUntil(lambda: list(recent._pictures) == [photo])  # noqa: B023


def test_a_folder_that_hangs_is_looked_at_once(stage: WindowStage) -> None:
    stage.settle()
    for _ in range(5):
        menu(stage)
    assert len(stage.executor._waiting) == 1


def test_a_state_folder_that_cannot_be_written_costs_only_the_pictures(
    qtbot: QtBot, tmp_path: Path, photos: list[Path]
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "recent").write_text("in the way")
    stage = WindowStage(tmp_path, qtbot, Choices.load())
    stage.session.opener.open_path(photos[0])
    stage.settle()
    assert not [message for message in stage.messages if message.kind == "error"]
    assert menu(stage).actions()[0].toolTip() == str(photos[0])
    stage.session.close()


def test_pictures_are_small_and_those_of_other_photos_go(tmp_path: Path) -> None:
    rgb = np.zeros((2000, 30, 3), np.uint8)
    assert small_picture(rgb).shape == (RECENT_PX, 4, 3)
    assert small_picture(rgb[:20]).shape == (20, 30, 3)
    kept, old = picture_path(tmp_path, Path("kept.png")), picture_path(tmp_path, Path("old.png"))
    for path in (kept, old):
        path.touch()
    keep_only(tmp_path, [Path("kept.png")])
    assert kept.exists()
    assert not old.exists()
