from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.autosave import COPY_PATIENCE_S, SAFE_S, Autosave, autosave_folder
from meticulous_gui.core.autosave_store import Changes, WorkFile
from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.locks import FileLock
from meticulous_gui.core.photo import load_photo, photo_from_array
from meticulous_gui.core.recovery import recoverable_works
from tests.core.autosaves import (
    BIG_HW,
    assert_same_layers,
    autosaved,
    die,
    left_behind,
    open_big,
    paint,
    recover,
    take_and_write,
)
from tests.core.documents import save_layers
from tests.core.test_photo import save_png, smooth
from tests.core.test_project import two_layers


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_an_untouched_document_writes_nothing(tmp_path: Path) -> None:
    autosave = Autosave(open_big(tmp_path), folder=tmp_path / "works")
    assert autosave.due_in_s() is None
    assert autosave.take() is None
    assert not (tmp_path / "works").exists()


def test_work_comes_back_after_a_crash(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
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
    document, autosave = autosaved(tmp_path)
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
    document, autosave = autosaved(folder)
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
    if document.unsaved.is_any:
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
    document = Document(replace(photo_from_array(smooth()), title="pasted.png"))
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(1, 1, 9, 9), 255)
    take_and_write(autosave)
    die(autosave)
    recovered = recover(tmp_path / "works")
    np.testing.assert_array_equal(recovered.photo.rgb, smooth())
    assert recovered.photo.path is None
    assert recovered.photo.name == "pasted.png"


def test_saving_ends_the_need_and_removes_the_files(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 255)
    take_and_write(autosave)
    assert autosave.folder.is_dir()
    save_layers(document)
    document.unsaved.mark_saved()
    assert autosave.due_in_s() is not None
    assert take_and_write(autosave)
    assert not autosave.folder.exists()
    assert autosave.take() is None
    paint(document, Box(9, 9, 20, 20), 255)
    take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_autosaving_never_makes_a_document_count_as_saved(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 255)
    revision = document.revision
    take_and_write(autosave)
    assert document.unsaved.is_any
    assert document.revision == revision
    document.undo()
    assert not document.unsaved.is_any
    document.redo()
    assert document.unsaved.is_any
    autosave.close()


def test_recovered_work_counts_as_unsaved(tmp_path: Path) -> None:
    document = open_big(tmp_path, two_layers_of_big())
    assert not document.unsaved.is_any
    document.unsaved.mark_lost()
    assert document.unsaved.is_any
    autosave = Autosave(document, folder=tmp_path / "works")
    assert take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)
    document.unsaved.mark_saved()
    assert not document.unsaved.is_any


def two_layers_of_big() -> list[Layer]:
    return [Layer(4, "a", np.full(BIG_HW, 9, np.uint8)), Layer(5, "b", np.zeros(BIG_HW, np.uint8))]


def test_a_change_waits_half_a_second_however_long_a_person_paints(tmp_path: Path) -> None:
    clock = Clock()
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works", clock=clock)
    paint(document, Box(0, 0, 9, 9), 1)
    assert autosave.due_in_s() == pytest.approx(0.5)
    for value in range(4):
        clock.now_s += 0.1
        paint(document, Box(0, 0, 9, 9), value + 2)
    assert autosave.due_in_s() == pytest.approx(0.1)
    clock.now_s += 5
    assert autosave.due_in_s() == 0
    take_and_write(autosave)
    assert autosave.due_in_s() is None
    autosave.close()


@pytest.mark.parametrize(("took_s", "rest_s"), [(0.1, 0.5), (0.7, 0.55), (2.0, 2.0), (60.0, 20.0)])
def test_after_a_slow_write_comes_a_rest_as_long_as_the_next_is_in_time_and_twenty_seconds_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, took_s: float, rest_s: float
) -> None:
    clock, write = Clock(), WorkFile.write

    def write_slowly(file: WorkFile, changes: Changes) -> None:
        write(file, changes)
        clock.now_s += took_s

    monkeypatch.setattr(WorkFile, "write", write_slowly)
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works", clock=clock)
    paint(document, Box(0, 0, 9, 9), 1)
    take_and_write(autosave)
    paint(document, Box(0, 0, 9, 9), 2)
    assert autosave.due_in_s() == pytest.approx(rest_s)
    autosave.close()


@given(took_s=st.floats(0, 1), changed_s=st.floats(0, 1))
def test_what_is_painted_is_safe_in_time_wherever_that_can_be(took_s: float, changed_s: float) -> None:
    """Also what is painted while a write is under way, and where the next takes as long as this one."""
    clock = Clock()
    document = Document(photo_from_array(np.zeros((8, 8, 3), np.uint8)))
    autosave = Autosave(document, clock=clock)
    written_s = clock.now_s + took_s
    clock.now_s += changed_s * took_s
    painted_s = clock.now_s
    paint(document, Box(0, 0, 4, 4), 1)
    autosave._writer.took_s, autosave._writer.rests_until_s = took_s, written_s + took_s
    clock.now_s = written_s
    due_s = autosave.due_in_s()
    assert due_s is not None
    safe_s = written_s + due_s + COPY_PATIENCE_S + took_s
    assert safe_s - painted_s <= max(SAFE_S, 2 * took_s + COPY_PATIENCE_S) + 1e-9


@pytest.mark.parametrize(("took_s", "urgent_after_s"), [(0.0, 1.55), (0.6, 1.1), (1.5, None)])
def test_what_waits_is_urgent_while_there_is_time_for_a_write(
    tmp_path: Path, took_s: float, urgent_after_s: float | None
) -> None:
    """Where a write takes so long that nothing could be safe in time, nothing is urgent."""
    clock = Clock()
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works", clock=clock)
    autosave._writer.took_s = took_s
    assert not autosave.is_urgent()
    paint(document, Box(0, 0, 9, 9), 1)
    clock.now_s += 1.0
    assert not autosave.is_urgent()
    clock.now_s += (urgent_after_s or 10.0) - 0.9
    assert autosave.is_urgent() == (urgent_after_s is not None)
    take_and_write(autosave)
    assert not autosave.is_urgent()
    autosave.close()


def test_only_changed_tiles_are_written(tmp_path: Path) -> None:
    document = open_big(tmp_path, two_layers_of_big())
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 1)
    take_and_write(autosave)
    paint(document, Box(0, 0, 9, 9), 2)
    assert autosave.copy_some(10.0)
    assert set(autosave._copied) == {(4, 0, 0)}
    autosave.close()


def test_copying_in_small_pieces_while_a_person_paints_sees_one_moment(tmp_path: Path) -> None:
    document = open_big(tmp_path, two_layers_of_big())
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 530, 300), 77)
    for x in range(0, 500, 50):
        autosave.copy_some(0.0001)
        paint(document, Box(x, 0, x + 30, 300), x % 251)
    take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_works_that_wait_are_written_in_their_order_whichever_runs_first(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 99, 99), 1)
    first = autosave.take()
    paint(document, Box(0, 0, 99, 99), 2)
    second = autosave.take()
    assert first is not None
    assert second is not None
    second()
    first()
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_living_work_is_not_offered(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 1)
    take_and_write(autosave)
    assert recoverable_works(tmp_path / "works") == []
    autosave.close()
    assert list((tmp_path / "works").iterdir()) == []


def test_closing_stops_a_write_that_still_waits(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 1)
    waiting = autosave.take()
    assert waiting is not None
    autosave.close()
    waiting()
    assert not autosave.folder.exists()


def test_what_is_said_about_a_work_before_it_is_restored(tmp_path: Path) -> None:
    left_behind(tmp_path)
    (work,) = recoverable_works(tmp_path / "works")
    assert (work.photo_name, work.photo_path, work.n_layers) == ("dog.png", tmp_path / "dog.png", 1)
    assert work.saved_at.tzinfo is not None


def test_the_state_folder_is_the_default() -> None:
    assert autosave_folder().is_relative_to(Path(os.environ["METICULOUS_STATE_DIR"]))


CHILD = """
import sys
from pathlib import Path
from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.geometry import Box
from tests.core.autosaves import open_big, paint, take_and_write
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


def test_a_full_disk_holds_a_lock_and_gives_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("meticulous_gui.core.locks.os.write", full_disk)
    lock = FileLock.acquire(tmp_path / "a.lock")
    assert lock is not None
    lock.release()
    assert not FileLock.is_held(tmp_path / "a.lock")


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_lock_is_for_all_who_may_write_in_its_folder(tmp_path: Path) -> None:
    before = os.umask(0o002)
    try:
        lock = FileLock.acquire(tmp_path / "a.lock")
    finally:
        os.umask(before)
    assert lock is not None
    assert (tmp_path / "a.lock").stat().st_mode & 0o777 == 0o664
    lock.release()
