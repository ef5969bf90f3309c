"""Writes autosaves in whatever thread, one after the other; says in one sentence what went wrong."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import math
import shutil
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from meticulous_gui.core.autosave_store import WORK_NAME, Changes, WorkFile
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import atomic_write, ensure_folder
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.locks import FileLock
from meticulous_gui.core.photo import Photo

__all__ = ["LOCK_NAME", "PHOTO_NAME", "AutosaveWriter"]

REST_AFTER_FAILURE_S: Final = 20.0

REST_RATIO: Final = 1.0
"""A write is followed by a rest of so many times its length: a slow disk is busy half of the time at most."""

LOCK_NAME: Final = "owner.lock"
PHOTO_NAME: Final = "photo.png"


class AutosaveWriter:
    """Does the writing, in whatever thread; one thing after the other, in the order they came.

    Attributes:
        has_failed: whether the last write did.
        rests_until_s: when the next write may begin.
        took_s: how long the last one took.
    """

    def __init__(self, photo: Photo, folder: Path, clock: Callable[[], float]) -> None:
        self._photo = photo
        self._folder = folder
        self._clock = clock
        self._guard = threading.Lock()
        self._waiting: deque[Changes | None] = deque()
        self._lock: FileLock | None = None
        self._file: WorkFile | None = None
        self._photo_entry: dict[str, Any] = {}
        self._has_digest = False
        self._is_closed = False
        self.has_failed = False
        self.rests_until_s = -math.inf
        self.took_s = 0.0

    @property
    def wants_digest(self) -> bool:
        """Whether work is on disk and what the photo was like is not."""
        return self._file is not None and not self._has_digest

    def take_failure(self) -> bool:
        """Return and forget whether the last write failed."""
        failed, self.has_failed = self.has_failed, False
        return failed

    def later(self, changes: Changes | None) -> Callable[[], None]:
        """Note what is to be written, None to remove everything; return what does it."""
        self._waiting.append(changes)
        return self.run

    def run(self) -> None:
        """Do what waits.

        Raises:
            ExportError: one sentence; nothing of what waited counts.
        """
        with self._guard:
            while self._waiting and not self._is_closed:
                changes = self._waiting.popleft()
                if changes is None:
                    self._remove()
                else:
                    self._write(changes)
        if self._is_closed:  # while it wrote
            self.close()

    def note_digest(self) -> None:
        """Note what the photo is like, so that another in its place is told; a large one takes a second."""
        digest = hashlib.sha256(self._photo.rgb.data).hexdigest()
        with self._guard:
            if self._file is None or self._has_digest:
                return
            # A disk that does not take it is said by the next write, after which it is tried again.
            with contextlib.suppress(sqlite3.Error):
                self._file.note({"sha256": digest})
                self._has_digest = True
        if self._is_closed:  # while it noted
            self.close()

    def close(self) -> None:
        """Remove the files, now or when the write under way has ended; ignore what still waits."""
        self._is_closed = True
        if self._guard.acquire(blocking=False):  # the window does not wait for a disk
            try:
                self._remove()
            finally:
                self._guard.release()

    def _write(self, changes: Changes) -> None:
        started_s = self._clock()
        try:
            if self._file is not None and not self._file.path.exists():
                raise FileNotFoundError(errno.ENOENT, "its files were removed")
            file = self._file or self._open()
            file.write(replace(changes, facts={**changes.facts, "photo": self._photo_entry}))
            self.took_s = self._clock() - started_s
            self.rests_until_s = self._clock() + REST_RATIO * self.took_s
        except BaseException as error:
            self._waiting.clear()  # it builds on what is not there
            self._let_go_of_file()
            self.rests_until_s = self._clock() + REST_AFTER_FAILURE_S
            self.has_failed = True
            if isinstance(error, (sqlite3.Error, OSError, MemoryError, ExportError)):
                raise _cannot_keep(self._folder, error) from error
            raise

    def _open(self) -> WorkFile:
        """Return the file of this work; the first time its folder is made and taken."""
        ensure_folder(self._folder)
        lock_path = self._folder / LOCK_NAME
        if self._lock is not None and not lock_path.exists():
            self._lock.release()
            self._lock = None
        if self._lock is None:
            self._lock = FileLock.acquire(lock_path)
        path = self._photo.path
        if path is None or not path.exists():
            path = None
            with atomic_write(self._folder / PHOTO_NAME) as stream:
                write_png(stream, self._photo.rgb)
        height, width = self._photo.size_hw
        self._photo_entry = {
            "path": None if path is None else str(path.absolute()),
            "name": self._photo.name,
            "width": width,
            "height": height,
        }
        self._file, self._has_digest = WorkFile.create(self._folder / WORK_NAME), False
        return self._file

    def _let_go_of_file(self) -> None:
        if self._file is not None:
            with contextlib.suppress(sqlite3.Error):  # it is told already that writing failed
                self._file.close()
            self._file = None

    def _remove(self) -> None:
        self._let_go_of_file()
        self._has_digest = self.has_failed = False
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            shutil.rmtree(self._folder, ignore_errors=True)


def _cannot_keep(folder: Path, error: BaseException) -> ExportError:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, ExportError):
        return ExportError(f"Unsaved work is not kept: {error} Save it soon.")
    if isinstance(error, MemoryError):
        reason = "there is not enough memory"
    elif code == sqlite3.SQLITE_FULL:
        reason = "the disk is full"
    elif isinstance(error, OSError):
        reason = error.strerror or str(error)
    else:
        reason = str(error)
    return ExportError(f"Unsaved work is not kept in {folder}: {reason}. Save it soon.")
