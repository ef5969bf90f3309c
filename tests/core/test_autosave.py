from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core import autosave_store
from meticulous_gui.core.autosave import Autosave, RecoveredWork, autosave_folder, recoverable_works
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import ExportError, MaskError, PhotoError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.locks import FileLock
from meticulous_gui.core.photo import load_photo, photo_from_array
from meticulous_gui.core.project import save_layers
from tests.core.test_photo import save_png, smooth
from tests.core.test_project import two_layers

BIG_HW = (300, 530)
"""Two by three tiles, the last ones cut by the photo's edge."""


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def open_big(folder: Path, layers: list[Layer] | None = None) -> Document:
    path = folder / "dog.png"
    if not path.exists():
        save_png(path, smooth(*BIG_HW))
    return Document(load_photo(path), layers=layers or [])


def paint(document: Document, box: Box, value: int, *, is_decided: bool = True) -> None:
    alpha = np.full(box.size_hw, value, np.uint8)
    decided = np.ones(box.size_hw, np.bool_) if is_decided else None
    document.apply(Edit(document.active.id, box, alpha, decided, "Brush"))


def take_and_write(autosave: Autosave) -> bool:
    work = autosave.take()
    if work is not None:
        work()
    return work is not None


def die(autosave: Autosave) -> None:
    """Let go of the lock as the end of a process does, leaving all files."""
    lock = autosave._writer._lock
    assert lock is not None
    lock.release()


def recover(folder: Path) -> RecoveredWork:
    (work,) = recoverable_works(folder)
    recovered = work.restore()
    work.discard()
    assert recoverable_works(folder) == []
    return recovered


def assert_same_layers(found: tuple[Layer, ...], wanted: tuple[Layer, ...]) -> None:
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_array_equal(one.alpha, other.alpha)
        np.testing.assert_array_equal(one.decided.to_mask(), other.decided.to_mask())
        for name in ("id", "name", "colour", "category", "visible", "locked"):
            assert getattr(one, name) == getattr(other, name)


def test_an_untouched_document_writes_nothing(tmp_path: Path) -> None:
    autosave = Autosave(open_big(tmp_path), folder=tmp_path / "works")
    assert autosave.due_in_s() is None
    assert autosave.take() is None
    assert not (tmp_path / "works").exists()


def test_work_comes_back_after_a_crash(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(200, 100, 400, 290), 255)
    paint(document, Box(250, 200, 270, 210), 77, is_decided=False)
    document.add_layer("Cat", category="cat", colour=(9, 8, 7))
    paint(document, Box(500, 280, 530, 300), 128)
    assert take_and_write(autosave)
    die(autosave)
    recovered = recover(tmp_path / "works")
    assert_same_layers(recovered.layers, document.layers)
    assert recovered.active_id == document.active.id
    assert recovered.photo.path == tmp_path / "dog.png"
    assert recovered.notes == ()


def test_later_changes_are_added_and_undo_counts_too(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    for index in range(4):
        paint(document, Box(10 * index, 0, 10 * index + 300, 200), 50 * index + 1)
        take_and_write(autosave)
    document.undo()
    document.undo()
    take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


@given(
    strokes=st.lists(
        st.tuples(st.integers(0, 500), st.integers(0, 280), st.integers(0, 255), st.sampled_from("puralw")),
        max_size=12,
    )
)
def test_whatever_was_done_before_the_last_write_comes_back(
    tmp_path_factory: pytest.TempPathFactory, strokes: list[tuple[int, int, int, str]]
) -> None:
    """p paints, u undoes, r redoes, a adds a layer, l removes one, w writes."""
    folder = tmp_path_factory.mktemp("work")
    document = open_big(folder)
    autosave = Autosave(document, folder=folder / "works")
    for x, y, value, what in strokes:
        match what:
            case "p":
                paint(document, Box(x, y, min(x + 90, 530), min(y + 70, 300)), value, is_decided=value > 99)
            case "u":
                document.undo()
            case "r":
                document.redo()
            case "a":
                document.add_layer(f"Layer {value}")
            case "l" if len(document.layers) > 1:
                document.remove_layer(document.layers[0].id)
            case _:
                take_and_write(autosave)
    take_and_write(autosave)
    if document.is_dirty:
        die(autosave)
        assert_same_layers(recover(folder / "works").layers, document.layers)
    else:
        assert list((folder / "works").glob("*")) == []


def test_layers_of_a_project_are_written_whole(tmp_path: Path) -> None:
    save_png(tmp_path / "dog.png", smooth())
    document = Document(load_photo(tmp_path / "dog.png"), layers=two_layers())
    autosave = Autosave(document, folder=tmp_path / "works")
    document.set_layer_state(3, name="Wolf")
    assert take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_a_pasted_picture_comes_back_with_its_pixels(tmp_path: Path) -> None:
    document = Document(photo_from_array(smooth()))
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(1, 1, 9, 9), 255)
    take_and_write(autosave)
    die(autosave)
    recovered = recover(tmp_path / "works")
    np.testing.assert_array_equal(recovered.photo.rgb, smooth())
    assert recovered.photo.path is None


def test_saving_ends_the_need_and_removes_the_files(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 255)
    take_and_write(autosave)
    assert autosave.folder.is_dir()
    save_layers(document)
    document.mark_saved()
    assert autosave.due_in_s() is not None
    assert take_and_write(autosave)
    assert not autosave.folder.exists()
    assert autosave.take() is None
    paint(document, Box(9, 9, 20, 20), 255)
    take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_autosaving_never_makes_a_document_count_as_saved(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 255)
    revision = document.revision
    take_and_write(autosave)
    assert document.is_dirty
    assert document.revision == revision
    document.undo()
    assert not document.is_dirty
    document.redo()
    assert document.is_dirty
    autosave.close()


def test_recovered_work_counts_as_unsaved(tmp_path: Path) -> None:
    document = open_big(tmp_path, two_layers_of_big())
    assert not document.is_dirty
    document.mark_unsaved()
    assert document.is_dirty
    autosave = Autosave(document, folder=tmp_path / "works")
    assert take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)
    document.mark_saved()
    assert not document.is_dirty


def two_layers_of_big() -> list[Layer]:
    return [Layer(4, "a", np.full(BIG_HW, 9, np.uint8)), Layer(5, "b", np.zeros(BIG_HW, np.uint8))]


def test_when_it_is_due(tmp_path: Path) -> None:
    clock = Clock()
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works", clock=clock)
    paint(document, Box(0, 0, 9, 9), 1)
    assert autosave.due_in_s() == pytest.approx(2.0)
    for value in range(19):
        clock.now_s += 1
        paint(document, Box(0, 0, 9, 9), value + 2)
    assert autosave.due_in_s() == pytest.approx(1.0)
    clock.now_s += 5
    assert autosave.due_in_s() == 0
    take_and_write(autosave)
    assert autosave.due_in_s() is None
    autosave.close()


def test_a_failed_write_is_tried_again_and_the_document_stays_dirty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    for is_first in (True, False):
        paint(document, Box(0, 0, 99, 99), 200 if is_first else 100)
        monkeypatch.setattr("meticulous_gui.core.files.os.fsync", full_disk)
        with pytest.raises(ExportError, match="disk is full"):
            take_and_write(autosave)
        monkeypatch.undo()
        assert document.is_dirty
        assert take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_many_pieces_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autosave_store, "_MAX_PIECES", 4)
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    for index in range(15):
        paint(document, Box(30 * index, 10 * index, 30 * index + 60, 10 * index + 60), 10 * index + 5)
        take_and_write(autosave)
    assert len(list(autosave.folder.glob("changes-*.bin"))) <= 5
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_only_changed_tiles_are_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    document = open_big(tmp_path, [Layer(1, "a", rng.integers(0, 256, BIG_HW, np.uint8))])
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 1)
    take_and_write(autosave)
    paint(document, Box(0, 0, 9, 9), 2)
    take_and_write(autosave)
    first, second = sorted(autosave.folder.glob("changes-*.bin"))
    assert second.stat().st_size < first.stat().st_size / 2
    autosave.close()


def test_living_work_is_not_offered(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 1)
    take_and_write(autosave)
    assert recoverable_works(tmp_path / "works") == []
    autosave.close()
    assert list((tmp_path / "works").iterdir()) == []


def test_closing_stops_a_write_that_still_waits(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 1)
    waiting = autosave.take()
    assert waiting is not None
    autosave.close()
    waiting()
    assert not autosave.folder.exists()


def dead_work(tmp_path: Path) -> Path:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 99, 99), 200)
    take_and_write(autosave)
    die(autosave)
    return autosave.folder


def test_what_is_said_about_a_work_before_it_is_restored(tmp_path: Path) -> None:
    dead_work(tmp_path)
    (work,) = recoverable_works(tmp_path / "works")
    assert (work.photo_name, work.photo_path, work.n_layers) == ("dog.png", tmp_path / "dog.png", 1)
    assert work.saved_at.tzinfo is not None


def test_a_work_restored_twice_is_refused_once(tmp_path: Path) -> None:
    dead_work(tmp_path)
    (work,), (same,) = recoverable_works(tmp_path / "works"), recoverable_works(tmp_path / "works")
    work.restore()
    with pytest.raises(MaskError, match="open in another window"):
        same.restore()
    work.discard()


def test_a_photo_that_is_gone_is_said(tmp_path: Path) -> None:
    folder = dead_work(tmp_path)
    (tmp_path / "dog.png").unlink()
    (work,) = recoverable_works(tmp_path / "works")
    with pytest.raises(PhotoError, match=r"dog\.png does not exist"):
        work.restore()
    assert folder.is_dir()
    work.discard()


def test_a_photo_that_changed_is_said(tmp_path: Path) -> None:
    dead_work(tmp_path)
    save_png(tmp_path / "dog.png", smooth(*BIG_HW)[::-1])
    assert "was changed after its mask was autosaved" in recover(tmp_path / "works").notes[0]


def test_a_photo_of_another_size_is_refused(tmp_path: Path) -> None:
    dead_work(tmp_path)
    save_png(tmp_path / "dog.png", smooth(30, 20))
    (work,) = recoverable_works(tmp_path / "works")
    with pytest.raises(MaskError, match=r"was 530 x 300 px .* is 20 x 30 px now"):
        work.restore()
    work.discard()


@pytest.mark.parametrize("content", [b"", b"garbage", None])
def test_a_damaged_piece_is_said(tmp_path: Path, content: bytes | None) -> None:
    folder = dead_work(tmp_path)
    (piece,) = folder.glob("changes-*.bin")
    piece.write_bytes(piece.read_bytes()[:-20] if content is None else content)
    (work,) = recoverable_works(tmp_path / "works")
    with pytest.raises(MaskError, match="is damaged"):
        work.restore()
    work.discard()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "meticulous-autosave", "version": 1}'])
def test_a_damaged_index_is_no_work(tmp_path: Path, content: str) -> None:
    folder = dead_work(tmp_path)
    (folder / "work.json").write_text(content)
    assert recoverable_works(tmp_path / "works") == []


def test_an_index_cannot_reach_outside_its_folder(tmp_path: Path) -> None:
    folder = dead_work(tmp_path)
    index = json.loads((folder / "work.json").read_text())
    (piece,) = folder.glob("changes-*.bin")
    piece.rename(tmp_path / "changes-000009.bin")
    index["pieces"] = ["../../changes-000009.bin"]
    (folder / "work.json").write_text(json.dumps(index))
    works = recoverable_works(tmp_path / "works")
    for work in works:
        with pytest.raises(MaskError):
            work.restore()
        work.discard()


def test_the_state_folder_is_the_default() -> None:
    assert autosave_folder().is_relative_to(Path(os.environ["METICULOUS_STATE_DIR"]))


CHILD = """
import sys
from pathlib import Path
from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.geometry import Box
from tests.core.test_autosave import open_big, paint, take_and_write
folder = Path(sys.argv[1])
document = open_big(folder)
autosave = Autosave(document, folder=folder / "works")
paint(document, Box(10, 20, 300, 200), 255)
take_and_write(autosave)
paint(document, Box(0, 0, 5, 5), 99)
print("written", flush=True)
sys.stdin.read()
"""


def test_the_work_of_a_killed_process_is_offered_and_that_of_a_living_one_not(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    save_png(tmp_path / "dog.png", smooth(*BIG_HW))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        assert recoverable_works(tmp_path / "works") == []
        child.send_signal(signal.SIGKILL)
    wanted = open_big(tmp_path)
    paint(wanted, Box(10, 20, 300, 200), 255)
    assert_same_layers(recover(tmp_path / "works").layers, wanted.layers)


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    assert not FileLock.is_held(path)
    lock = FileLock.acquire(path)
    assert lock is not None
    assert FileLock.is_held(path)
    assert FileLock.acquire(path) is None
    assert json.loads(path.read_text())["pid"] == os.getpid()
    lock.release()
    lock.release()
    assert not FileLock.is_held(path)
