"""Layers that several windows, or several saves of one, read and write at once: nothing is lost or mixed."""

from __future__ import annotations

import errno
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meticulous_gui.core import locks, project, project_layer
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import write_bytes
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.locks import FileLock
from meticulous_gui.core.photo_states import PhotoState, note_states, read_states
from meticulous_gui.core.project import load_layers, prepare_save
from meticulous_gui.core.project_index import digest_of_file, index_path_of, read_index
from tests.core.documents import save_layers
from tests.core.test_project import assert_same, files_in, open_document, opened_from_disk, two_layers


def test_what_another_window_saved_meanwhile_is_kept_with_its_masks(tmp_path: Path) -> None:
    save_layers(open_document(tmp_path))
    one, other = opened_from_disk(tmp_path), opened_from_disk(tmp_path)
    for value in (50, 60):  # our own saves follow each other without more ado
        other.apply(Edit(3, Box(0, 0, 9, 9), np.full((9, 9), value, np.uint8)))
        save_layers(other)
    theirs = other.layer(3).alpha.copy()
    for value in (1, 2, 3):
        one.apply(Edit(3, Box(0, 0, 9, 9), np.full((9, 9), value, np.uint8)))
        saved = prepare_save(one)()
        notes = ["saved elsewhere meanwhile; those are in" in note for note in saved.notes]
        assert notes == ([True] if value == 1 else [])
    place = tmp_path / ".meticulous"
    np.testing.assert_array_equal(opened_from_disk(tmp_path).layer(3).alpha, one.layer(3).alpha)
    (place / "dog.png.json").unlink()
    (place / "dog.png.json.old").rename(place / "dog.png.json")
    np.testing.assert_array_equal(opened_from_disk(tmp_path).layer(3).alpha, theirs)


def test_saves_of_one_document_at_once_are_no_conflict_and_the_newest_wins(tmp_path: Path) -> None:
    document = open_document(tmp_path)
    with ThreadPoolExecutor(4) as executor:
        for value in range(1, 9):
            document.apply(Edit(3, Box(0, 0, 9, 9), np.full((9, 9), value, np.uint8)))
            executor.submit(prepare_save(document))
    assert not list((tmp_path / ".meticulous").glob("*.old"))
    np.testing.assert_array_equal(opened_from_disk(tmp_path).layer(3).alpha, document.layer(3).alpha)


def test_a_save_never_names_a_mask_that_another_one_just_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = open_document(tmp_path)
    save_layers(document)
    document.apply(Edit(3, Box(0, 0, 9, 9), np.full((9, 9), 50, np.uint8)))
    save_painted = prepare_save(document)
    document.undo()
    newest = threading.Thread(target=prepare_save(document))
    replace_index = project._replace_index

    def replace_late(*arguments: Any) -> tuple[str, ...]:
        if newest.ident is None:  # the newest save comes in between, whose masks are still there
            newest.start()
            newest.join(0.2)
        return replace_index(*arguments)

    monkeypatch.setattr(project, "_replace_index", replace_late)
    save_painted()
    newest.join()
    assert_same(load_layers(document.photo), list(document.layers))


def test_a_save_waits_for_that_of_another_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = open_document(tmp_path)
    index = save_layers(document)
    before = {path: path.read_bytes() for path in files_in(tmp_path)}
    document.apply(Edit(3, Box(0, 0, 9, 9), np.full((9, 9), 50, np.uint8)))
    lock = FileLock.acquire(index.with_name(".layers.lock"))
    assert lock is not None
    with lock:
        monkeypatch.setattr(project, "_PATIENCE_S", 0.05)
        with pytest.raises(ExportError, match="held by another window"):
            save_layers(document)
        assert {path: path.read_bytes() for path in files_in(tmp_path)} == before
        monkeypatch.undo()
        with ThreadPoolExecutor(1) as executor:
            saving = executor.submit(save_layers, document)
            with pytest.raises(TimeoutError):
                saving.result(0.2)
            lock.release()
            saving.result()
    assert_same(load_layers(document.photo), list(document.layers))


def test_where_files_cannot_be_locked_layers_are_saved_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(descriptor: int) -> bool:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(locks, "_lock", no_locks)
    document = open_document(tmp_path)
    save_layers(document)
    note_states(tmp_path, {"dog.png": PhotoState.DONE})
    assert_same(load_layers(document.photo), two_layers())
    assert read_states(tmp_path) == {"dog.png": PhotoState.DONE}


def test_layers_that_another_window_saves_while_they_are_read_are_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_layers(open_document(tmp_path))
    other = opened_from_disk(tmp_path)
    other.apply(Edit(3, Box(0, 0, 9, 9), np.full((9, 9), 50, np.uint8)))
    is_first = [True]

    def read_and_save(path: Path) -> dict[str, Any]:
        index = read_index(path)
        if is_first and is_first.pop():
            save_layers(other)  # removes the masks that only the first JSON names
        return index

    monkeypatch.setattr(project, "read_index", read_and_save)
    saved = load_layers(other.photo)
    assert_same(saved, list(other.layers))
    assert saved is not None
    assert saved.version == digest_of_file(index_path_of(other.photo))


@pytest.mark.parametrize("n_written", range(5))
def test_a_save_that_ends_in_the_middle_leaves_no_mask_and_no_other_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_written: int
) -> None:
    save_layers(open_document(tmp_path))
    document, other = opened_from_disk(tmp_path), opened_from_disk(tmp_path)
    other.apply(Edit(3, Box(0, 0, 9, 9), np.full((9, 9), 7, np.uint8)))
    save_layers(other)
    before = {path: path.read_bytes() for path in files_in(tmp_path)}
    for layer in document.layers:
        document.set_layer_state(layer.id, locked=False)
        document.apply(Edit(layer.id, Box(0, 0, 5, 5), np.full((5, 5), 99, np.uint8), np.eye(5) > 0))
    written: list[Path] = []

    def write_some(path: Path, content: bytes) -> None:
        if len(written) == n_written:
            raise ExportError("the disk is full")
        written.append(path)
        write_bytes(path, content)

    for module in (project, project_layer):
        monkeypatch.setattr(module, "write_bytes", write_some)
    with pytest.raises(ExportError, match="full"):
        save_layers(document)
    assert {path: path.read_bytes() for path in files_in(tmp_path)} == before
