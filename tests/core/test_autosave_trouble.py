"""Autosave on bad days: full disks, folders that cannot be written, damaged files, a photo that changed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.autosave_store import Changes, WorkFile
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import ExportError, MaskError, PhotoError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.recovery import recoverable_works
from tests.core.autosaves import (
    BIG_HW,
    assert_same_layers,
    autosaved,
    die,
    open_big,
    paint,
    recover,
    take_and_write,
)
from tests.core.test_files import files_of_at_most
from tests.core.test_photo import save_png, smooth


def noise(document: Document, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 256, document.box.size_hw, np.uint8)
    document.apply(Edit(document.active.id, document.box, values, None, "Noise"))


def test_a_write_that_the_disk_cuts_short_leaves_the_state_before_it(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 99, 99), 200)
    take_and_write(autosave)
    before = document.active.alpha.copy()
    noise(document, 1)
    with files_of_at_most(100_000), pytest.raises(ExportError, match=r"is not kept in .*Save it soon"):
        take_and_write(autosave)
    assert document.unsaved.is_any
    die(autosave)
    np.testing.assert_array_equal(recover(tmp_path / "works").layers[0].alpha, before)


def test_a_full_disk_is_said_and_what_failed_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = open_big(tmp_path)
    autosave = Autosave(document, folder=tmp_path / "works", clock=lambda: 100.0)
    create = WorkFile.create

    def create_small(path: Path) -> WorkFile:
        file = create(path)
        file._connection.execute("PRAGMA max_page_count = 20")
        return file

    for seed in (1, 2):
        noise(document, seed)
        monkeypatch.setattr(WorkFile, "create", create_small)
        with pytest.raises(ExportError, match="the disk is full"):
            take_and_write(autosave)
        assert document.unsaved.is_any
        assert autosave.due_in_s() == 20, "it is tried again without another change"
        monkeypatch.undo()
        assert take_and_write(autosave)
        autosave._writer._let_go_of_file()
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_a_state_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    (tmp_path / "works").write_text("a file in the way")
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 1)
    with pytest.raises(ExportError, match=r"not kept: .*works.* Save it soon"):
        take_and_write(autosave)
    assert document.unsaved.is_any
    (tmp_path / "works").unlink()
    assert take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_a_state_folder_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 1)
    monkeypatch.setattr("meticulous_gui.core.locks.os.open", refuse)
    with pytest.raises(ExportError, match=r"not kept in .*works.*: Permission denied"):
        take_and_write(autosave)
    monkeypatch.undo()
    assert take_and_write(autosave)
    autosave.close()


def test_without_memory_the_document_stays_and_it_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_memory(_part: object) -> bytes:
        raise MemoryError

    document, autosave = autosaved(tmp_path)
    noise(document, 1)
    monkeypatch.setattr("meticulous_gui.core.autosave_store.packed_bytes", no_memory)
    with pytest.raises(ExportError, match="not enough memory"):
        take_and_write(autosave)
    monkeypatch.undo()
    assert document.unsaved.is_any
    assert take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_what_nobody_foresaw_costs_no_work_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_file: WorkFile, _changes: Changes) -> None:
        raise ZeroDivisionError

    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 1)
    monkeypatch.setattr(WorkFile, "write", fail)
    with pytest.raises(ZeroDivisionError):
        take_and_write(autosave)
    monkeypatch.undo()
    assert take_and_write(autosave)
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def test_a_state_folder_that_goes_away_is_made_again(tmp_path: Path) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 1)
    take_and_write(autosave)
    shutil.rmtree(tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 2)
    with pytest.raises(ExportError, match="its files were removed"):
        take_and_write(autosave)
    take_and_write(autosave)
    assert recoverable_works(tmp_path / "works") == [], "the lock is held again, too"
    die(autosave)
    assert_same_layers(recover(tmp_path / "works").layers, document.layers)


def dead_work(tmp_path: Path) -> Path:
    document, autosave = autosaved(tmp_path)
    noise(document, 5)
    take_and_write(autosave)
    autosave._writer._let_go_of_file()  # so that everything is in one file
    die(autosave)
    return autosave.folder


@pytest.mark.parametrize("content", [b"garbage", b"SQLite format 3\x00" + b"\x00" * 4000])
def test_a_file_that_is_no_work_is_left_alone_and_named_in_the_log(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    folder = dead_work(tmp_path)
    (folder / "work.sqlite").write_bytes(content)
    assert recoverable_works(tmp_path / "works") == []
    assert "cannot be read" in caplog.text
    assert (folder / "work.sqlite").exists()


def test_work_of_a_newer_program_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = dead_work(tmp_path)
    connection = sqlite3.connect(folder / "work.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert recoverable_works(tmp_path / "works") == []
    assert "not work of this version" in caplog.text


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_that_is_cut_short_is_named_in_the_log_and_never_read_wrongly(
    tmp_path: Path, share: float, caplog: pytest.LogCaptureFixture
) -> None:
    folder = dead_work(tmp_path)
    content = (folder / "work.sqlite").read_bytes()
    (folder / "work.sqlite").write_bytes(content[: int(len(content) * share)])
    assert recoverable_works(tmp_path / "works") == []
    assert "cannot be read: database disk image is malformed" in caplog.text


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_place_is_said_or_does_no_harm(tmp_path: Path, seed: int) -> None:
    folder = dead_work(tmp_path)
    wanted = open_big(tmp_path)
    noise(wanted, 5)
    path = folder / "work.sqlite"
    content = bytearray(path.read_bytes())
    place = int(np.random.default_rng(seed).integers(100, len(content) - 64))
    content[place : place + 64] = bytes(value ^ 0x55 for value in content[place : place + 64])
    path.write_bytes(content)
    (work,) = recoverable_works(tmp_path / "works")
    with contextlib.suppress(MaskError):
        assert_same_layers(work.restore().layers, wanted.layers)
    work.discard()


def test_damaged_steps_cost_the_history_and_not_a_pixel(tmp_path: Path) -> None:
    folder = dead_work(tmp_path)
    wanted = open_big(tmp_path)
    noise(wanted, 5)
    with contextlib.closing(sqlite3.connect(folder / "work.sqlite")) as connection:
        ((alpha,),) = connection.execute("SELECT alpha FROM step_tile LIMIT 1").fetchall()
        harmed = alpha[:40] + bytes([alpha[40] ^ 1]) + alpha[41:]
        connection.execute("UPDATE step_tile SET alpha = ? WHERE alpha = ?", (harmed, alpha))
        connection.commit()
    (work,) = recoverable_works(tmp_path / "works")
    restored = work.restore()
    assert_same_layers(restored.layers, wanted.layers)
    assert restored.history.n_done == 0
    assert any("undo begins anew" in note for note in restored.notes)
    work.discard()


def test_what_was_begun_and_never_written_is_swept_away_later(tmp_path: Path) -> None:
    young, old, older = (tmp_path / "works" / name for name in ("young", "old", "older"))
    for folder in (young, old, older):
        folder.mkdir(parents=True)
        (folder / "owner.lock").touch()
    WorkFile.create(old / "work.sqlite").close()
    (older / "work.sqlite").touch()  # killed as it was made
    os.utime(old / "owner.lock", (0, 0))
    os.utime(older / "owner.lock", (0, 0))
    assert recoverable_works(tmp_path / "works") == []
    assert young.exists()
    assert not old.exists()
    assert not older.exists()


def test_a_work_restored_twice_is_refused_once(tmp_path: Path) -> None:
    dead_work(tmp_path)
    (work,), (same,) = recoverable_works(tmp_path / "works"), recoverable_works(tmp_path / "works")
    work.restore()
    with pytest.raises(MaskError, match="open in another window"):
        same.restore()
    work.discard()
    with pytest.raises(MaskError, match="open in another window"):
        same.restore()


def test_a_photo_that_is_gone_is_said_and_the_work_waits_for_it(tmp_path: Path) -> None:
    folder = dead_work(tmp_path)
    (tmp_path / "dog.png").rename(tmp_path / "elsewhere.png")
    (work,) = recoverable_works(tmp_path / "works")
    with pytest.raises(PhotoError, match=r"dog\.png does not exist"):
        work.restore()
    assert folder.is_dir()
    work.let_go()
    (tmp_path / "elsewhere.png").rename(tmp_path / "dog.png")
    assert work.restore().notes == ()
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


def test_a_photo_that_vanishes_while_it_is_open_is_kept_with_the_work(tmp_path: Path) -> None:
    document = open_big(tmp_path)
    (tmp_path / "dog.png").unlink()
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 7)
    take_and_write(autosave)
    die(autosave)
    np.testing.assert_array_equal(recover(tmp_path / "works").photo.rgb, document.photo.rgb)


def test_two_windows_on_one_photo_keep_their_works_apart(tmp_path: Path) -> None:
    one, other = open_big(tmp_path), open_big(tmp_path)
    saves = [Autosave(document, folder=tmp_path / "works") for document in (one, other)]
    paint(one, Box(0, 0, 50, 50), 10)
    paint(other, Box(0, 0, 50, 50), 20)
    for autosave in saves:
        take_and_write(autosave)
    die(saves[0])
    (work,) = recoverable_works(tmp_path / "works")
    assert work.restore().layers[0].alpha[0, 0] == 10, "the other window is alive"
    work.discard()
    die(saves[1])
    assert recover(tmp_path / "works").layers[0].alpha[0, 0] == 20


def test_a_picture_without_a_file_is_not_lost_to_a_disk_that_is_full_at_first(tmp_path: Path) -> None:
    document = Document(photo_from_array(smooth(*BIG_HW)))
    autosave = Autosave(document, folder=tmp_path / "works")
    paint(document, Box(0, 0, 9, 9), 7)
    with files_of_at_most(1000), pytest.raises(ExportError, match=r"not kept: .* Save it soon"):
        take_and_write(autosave)
    assert take_and_write(autosave)
    die(autosave)
    np.testing.assert_array_equal(recover(tmp_path / "works").photo.rgb, document.photo.rgb)


def test_work_that_is_closed_while_its_photo_is_noted_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, autosave = autosaved(tmp_path)
    paint(document, Box(0, 0, 9, 9), 7)
    work = autosave.take()
    assert work is not None
    work()
    note = WorkFile.note

    def note_and_close(file: WorkFile, facts: Mapping[str, Any]) -> None:
        note(file, facts)
        autosave.close()  # by the window's thread, which does not wait

    monkeypatch.setattr(WorkFile, "note", note_and_close)
    autosave.note_photo()
    assert not autosave.folder.exists()
