"""What other starts of the program find of unsaved work, on bad days."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest

from meticulous_gui.core.autosave import Autosave
from meticulous_gui.core.locks import FileLock
from meticulous_gui.core.recovery import recoverable_works
from meticulous_gui.engine.catalog import Catalog
from tests.core.autosaves import assert_same_layers, left_behind, recover
from tests.core.test_photo_bad_input import without_root_rights

OPEN_FILES = Path("/proc/self/fd")


def harm(autosave: Autosave, statement: str, *values: str) -> None:
    """Change what a work's file holds behind its back."""
    with contextlib.closing(sqlite3.connect(autosave.folder / "work.sqlite")) as connection:
        connection.execute(statement, values)
        connection.commit()


def test_pixels_come_back_where_the_pages_of_the_steps_are_damaged(tmp_path: Path) -> None:
    document, autosave = left_behind(tmp_path)
    harm(autosave, "DROP TABLE step_tile")
    recovered = recover(tmp_path / "works")
    assert_same_layers(recovered.layers, document.layers)
    assert "undo begins anew" in recovered.notes[-1]


def test_where_files_cannot_be_locked_no_work_is_taken_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_behind(tmp_path)
    n_open = len(list(OPEN_FILES.iterdir()))

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    assert recoverable_works(tmp_path / "works") == []
    with pytest.raises(OSError, match="No locks"):
        FileLock.acquire(tmp_path / "a.lock")
    assert len(list(OPEN_FILES.iterdir())) == n_open


def test_two_windows_may_sweep_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = tmp_path / "works" / "begun"
    begun.mkdir(parents=True)
    monkeypatch.setattr(Path, "is_dir", lambda path: path.exists() or path == begun)
    is_held = FileLock.is_held

    def sweep_first(path: Path) -> bool:
        shutil.rmtree(path.parent)
        return is_held(path)

    monkeypatch.setattr(FileLock, "is_held", sweep_first)
    assert recoverable_works(tmp_path / "works") == []


@pytest.mark.parametrize(
    ("name", "value"), [("n_unsaved_changes", "many"), ("photo", {"name": "a", "path": None}), ("order", 7)]
)
def test_work_whose_facts_are_damaged_is_not_offered_and_stays_where_it_is(
    tmp_path: Path, name: str, value: object
) -> None:
    _, autosave = left_behind(tmp_path)
    harm(autosave, "UPDATE fact SET value = ? WHERE name = ?", json.dumps(value), name)
    assert recoverable_works(tmp_path / "works") == []
    assert (autosave.folder / "work.sqlite").is_file()


def test_a_home_that_may_not_be_looked_into_holds_no_networks_and_stops_nothing() -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0)
        with without_root_rights():
            works = recoverable_works(home / "autosave")
            catalog = Catalog.of_folders((home / "weights",))
        home.chmod(0o700)
    assert works == []
    assert not catalog.cards
