from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDrag
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import ExportSettings, Settings
from meticulous_gui.ui.qimage import rgba_from_qimage
from tests.ui.mouse import LEFT, NO_BUTTON, drag, send
from tests.ui.window_stage import WindowStage, paint_a_stroke


class Receiver:
    """Stands for another program: takes what a drag brings and reads its file at once."""

    def __init__(self) -> None:
        self.paths: list[Path] = []
        self.files: list[bytes] = []
        self.formats: list[list[str]] = []
        self.png: list[bytes] = []
        self.pixels: list[NDArray[np.uint8]] = []
        self.actions: list[Qt.DropAction] = []

    def take(self, dragged: QDrag, action: Qt.DropAction) -> Qt.DropAction:
        data = dragged.mimeData()
        self.paths.append(Path(data.urls()[0].toLocalFile()))
        self.files.append(self.paths[-1].read_bytes())
        self.formats.append(data.formats())
        self.png.append(bytes(data.data("image/png").data()))
        self.pixels.append(rgba_from_qimage(data.imageData()))
        self.actions.append(action)
        return action


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Receiver:
    receiver = Receiver()
    # Without a screen there is nobody to drop on, and Qt would wait for it.
    monkeypatch.setattr(QDrag, "exec", lambda dragged, action: receiver.take(dragged, action))
    return receiver


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    stage.open_with_mask()
    stage.window.drag_out.show_thumbnail()
    yield stage
    stage.session.close()


def hold_and_move(stage: WindowStage) -> None:
    """Press on the chip and move away, without letting go."""
    chip = stage.window.drag_out.chip
    send(chip, QEvent.Type.MouseButtonPress, (20, 20), button=LEFT, held=LEFT)
    for x in (25, 40, 80):
        send(chip, QEvent.Type.MouseMove, (x, -30), button=NO_BUTTON, held=LEFT)


def test_a_dragged_cutout_is_a_png_file_in_full_size_with_its_transparency(
    stage: WindowStage, receiver: Receiver
) -> None:
    hold_and_move(stage)
    stage.settle()
    assert [path.name for path in receiver.paths] == ["photo-cutout.png"]
    with Image.open(io.BytesIO(receiver.files[0])) as picture:
        assert picture.size == (60, 40)
        np.testing.assert_array_equal(np.asarray(picture)[..., 3], stage.alpha)
    assert receiver.actions == [Qt.DropAction.CopyAction]


def test_programs_that_take_no_files_get_png_bytes_and_pixels(stage: WindowStage, receiver: Receiver) -> None:
    hold_and_move(stage)
    stage.settle()
    assert receiver.formats[0][:2] == ["text/uri-list", "image/png"]
    assert receiver.png == receiver.files
    np.testing.assert_array_equal(receiver.pixels[0][..., 3], stage.alpha)


def test_a_drag_waits_for_its_file_and_a_hand_that_let_go_gets_none(
    stage: WindowStage, receiver: Receiver
) -> None:
    hold_and_move(stage)
    assert not receiver.files, "the file is not there yet"
    assert stage.window.drag_out.chip.cursor().shape() == Qt.CursorShape.BusyCursor
    send(stage.window.drag_out.chip, QEvent.Type.MouseButtonRelease, (80, -30), button=LEFT, held=NO_BUTTON)
    stage.settle()
    assert not receiver.files
    assert stage.window.drag_out.chip.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_what_was_painted_meanwhile_is_in_the_next_drag(stage: WindowStage, receiver: Receiver) -> None:
    hold_and_move(stage)
    stage.settle()
    hold_and_move(stage)
    stage.settle()
    assert receiver.files[0] == receiver.files[1]
    paint_a_stroke(stage)
    hold_and_move(stage)
    stage.settle()
    with Image.open(io.BytesIO(receiver.files[2])) as picture:
        np.testing.assert_array_equal(np.asarray(picture)[..., 3], stage.alpha)


def test_another_photo_or_other_choices_make_another_file(
    stage: WindowStage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A photo that was left is freed, and the next one may lie at its place in memory.
    monkeypatch.setattr("meticulous_gui.ui.drag_out.id", lambda _document: 1, raising=False)
    first = stage.document
    hold_and_move(stage)
    stage.settle()
    stage.open("other.png")
    stage.runner.job.paint(Box(0, 0, 60, 40), 255)
    stage.runner.job.finish()
    stage.settle()
    stage.document.revision = first.revision
    stage.window.drag_out.show_thumbnail()
    hold_and_move(stage)
    stage.settle()
    mine = Recipe(name="{name}-mine")
    stage.session.settings = Settings(presets={"mine": mine}, export=ExportSettings(preset="mine"))
    hold_and_move(stage)
    stage.settle()
    names = [path.name for path in receiver.paths]
    assert names == ["photo-cutout.png", "other-cutout.png", "other-mine.png"]


def test_the_chip_is_never_in_the_way_of_painting(stage: WindowStage, receiver: Receiver) -> None:
    before = stage.alpha
    drag(stage.window.drag_out.chip, (20, 20), (40, 30))
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, before)
    canvas, chip = stage.window.canvas, stage.window.drag_out.chip
    canvas_rect = canvas.rect().translated(canvas.mapTo(stage.window, canvas.rect().topLeft()))
    chip_rect = chip.rect().translated(chip.mapTo(stage.window, chip.rect().topLeft()))
    assert not canvas_rect.intersects(chip_rect)


def test_the_small_picture_shows_all_layers_that_are_seen(stage: WindowStage) -> None:
    document = stage.session.document
    assert document is not None
    height, width = document.photo.size_hw
    found, other = stage.alpha, np.zeros((height, width), np.uint8)
    other[: height // 2] = 200
    document.add_layer("Sky", other)
    document.set_layer_state(document.add_layer("Hidden", np.full_like(other, 255)).id, visible=False)
    stage.window.drag_out.show_thumbnail()
    picture = stage.window.drag_out.chip.picture
    assert (picture.width(), picture.height()) == (width, height), "a small photo needs no smaller copy"
    shown = np.maximum(found, other)
    seen = [picture.pixelColor(x, y).alpha() for y in range(0, height, 7) for x in range(0, width, 7)]
    assert seen == shown[::7, ::7].ravel().tolist()


def test_without_an_object_there_is_nothing_to_take(stage: WindowStage, receiver: Receiver) -> None:
    assert stage.window.drag_out.chip.isEnabled()
    stage.window.actions_set.trigger("clear_mask")
    stage.settle()
    stage.window.drag_out.show_thumbnail()
    assert not stage.window.drag_out.chip.isEnabled()
    hold_and_move(stage)
    stage.settle()
    assert not receiver.files


def test_a_full_disk_is_said_and_the_next_drag_works(
    stage: WindowStage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("meticulous_gui.core.files.os.fsync", full)
        hold_and_move(stage)
        stage.settle()
    assert not receiver.files
    assert "the disk is full" in stage.window.messages.messages[-1].text
    hold_and_move(stage)
    stage.settle()
    assert len(receiver.files) == 1


def test_the_files_go_when_the_program_leaves(stage: WindowStage, receiver: Receiver) -> None:
    hold_and_move(stage)
    stage.settle()
    path = receiver.paths[0]
    assert load_photo(path).size_hw == (40, 60)
    stage.window.drag_out.close()
    assert not path.parent.exists()
