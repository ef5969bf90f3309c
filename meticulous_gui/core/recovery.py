"""Unsaved work whose program ended without saving it: found at the next start, brought back or given up."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import logging
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from meticulous_gui.core.autosave import autosave_folder
from meticulous_gui.core.autosave_store import WORK_NAME, NothingWrittenError, WorkFile
from meticulous_gui.core.autosave_writer import LOCK_NAME, PHOTO_NAME
from meticulous_gui.core.errors import MaskError
from meticulous_gui.core.files import is_file, is_folder
from meticulous_gui.core.history import DEFAULT_BUDGET_BYTES, History
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.locks import FileLock
from meticulous_gui.core.photo import DecodeLimits, Photo, load_photo, photo_from_array

__all__ = ["RecoverableWork", "RecoveredWork", "UnreadableWork", "recoverable_works"]

_DAMAGE: Final = (sqlite3.Error, ValueError, KeyError, TypeError, IndexError, OSError)
_PASSING: Final = (sqlite3.OperationalError, OSError)  # another window reads it or has just removed it
_STALE_S: Final = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class RecoveredWork:
    """Work brought back.

    Attributes:
        photo: as it was opened.
        layers: the lowest first, with every decided pixel; make a document of them.
        history: how they came to be, with what was undone.
        active_id: the layer that was active.
        n_unsaved_changes: how many steps lay between it and what was saved.
        unsaved_since: when the first of them was made.
        on_disk: the version of the saved layers that it was read from or saved as last; others are newer.
        notes: sentences that a person should know.
    """

    photo: Photo
    layers: tuple[Layer, ...]
    history: History
    active_id: int | None
    n_unsaved_changes: int
    unsaved_since: datetime.datetime
    on_disk: str | None
    notes: tuple[str, ...]


class RecoverableWork:
    """Work that a process left behind when it died.

    Attributes:
        folder: where its files are.
        photo_name: for the question to the person.
        photo_path: None for a picture that had no file.
        saved_at: when it was written last.
        n_layers: how many layers it has.
    """

    def __init__(self, folder: Path) -> None:
        """Read what it is.

        Raises:
            NothingWrittenError: its owner died before the first write.
            sqlite3.Error, ValueError, KeyError, TypeError, OSError: it is no work, or a damaged one.
        """
        self.folder = folder
        file = WorkFile.open(folder / WORK_NAME)
        try:
            self._facts = file.facts()
        finally:
            file.close()
        photo = self._facts["photo"]
        self.photo_name = str(photo["name"])
        self.photo_path = None if photo["path"] is None else Path(photo["path"])
        self.saved_at = datetime.datetime.fromisoformat(self._facts["saved_at"])
        self.n_layers = len(self._facts["order"])
        self._size_hw = int(photo["height"]), int(photo["width"])
        self._active_id: int | None = self._facts["active"]
        self._n_unsaved_changes = int(self._facts.get("n_unsaved_changes", 1))
        since = self._facts.get("unsaved_since")
        self._unsaved_since = self.saved_at if since is None else datetime.datetime.fromisoformat(since)
        self._lock: FileLock | None = None

    def restore(
        self, limits: DecodeLimits | None = None, *, budget_bytes: int = DEFAULT_BUDGET_BYTES
    ) -> RecoveredWork:
        """Return photo, layers and history; the files stay until `discard`.

        Args:
            limits: how large the photo may be.
            budget_bytes: memory that the history may hold.

        Raises:
            PhotoError: the photo is gone or cannot be read.
            MaskError: the work is damaged, or the photo has another size now.
        """
        if self._lock is None and self.folder.is_dir():
            self._lock = FileLock.acquire(self.folder / LOCK_NAME)
        if self._lock is None:
            raise MaskError(f"The unsaved work on {self.photo_name} is open in another window; use that one.")
        photo = self._load_photo(limits)
        layers, history = self._read(photo.size_hw, budget_bytes)
        notes = photo.notes
        if self._facts.get("sha256") not in (None, hashlib.sha256(photo.rgb.data).hexdigest()):
            place = self.photo_path or self.photo_name
            notes = (*notes, f"{place} was changed after its mask was autosaved; check that it still fits.")
        if history is None:
            history = History(budget_bytes)
            notes = (
                *notes,
                f"The steps of the unsaved work on {self.photo_name} are damaged; undo begins anew.",
            )
        return RecoveredWork(
            photo,
            layers,
            history,
            self._active_id,
            self._n_unsaved_changes,
            self._unsaved_since,
            self._facts.get("on_disk"),
            notes,
        )

    def let_go(self) -> None:
        """Leave the files for another try, here or in another window."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def discard(self) -> None:
        """Remove the work for good (after the restored document was autosaved itself, or on request)."""
        self.let_go()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _load_photo(self, limits: DecodeLimits | None) -> Photo:
        path = self.folder / PHOTO_NAME if self.photo_path is None else self.photo_path
        photo = load_photo(path, DecodeLimits() if limits is None else limits)
        if self.photo_path is None:
            photo = replace(photo_from_array(photo.rgb), title=self.photo_name)
        height, width = self._size_hw
        if photo.size_hw != self._size_hw:
            raise MaskError(
                f"{path} was {width} x {height} px when its mask was autosaved and is "
                f"{photo.size_hw[1]} x {photo.size_hw[0]} px now; put the old photo back or discard the work."
            )
        return photo

    def _read(self, size_hw: tuple[int, int], budget_bytes: int) -> tuple[tuple[Layer, ...], History | None]:
        try:
            file = WorkFile.open(self.folder / WORK_NAME)
            try:
                return file.read(size_hw, budget_bytes=budget_bytes)
            finally:
                file.close()
        except _DAMAGE as error:
            raise MaskError(
                f"{self.folder} is damaged ({error}), so the autosaved work cannot be restored; discard it."
            ) from error


@dataclass(frozen=True)
class UnreadableWork:
    """Work that is damaged, or that another version of the program left behind.

    Attributes:
        path: the file that cannot be read.
    """

    path: Path

    def discard(self) -> None:
        """Remove it for good."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def recoverable_works(
    folder: Path | None = None, *, on_unreadable: Callable[[UnreadableWork], None] = lambda _work: None
) -> list[RecoverableWork]:
    """Return the works whose owners have died, the newest first; those of living windows are not listed.

    What cannot be read is left where it is and named in the log.

    Args:
        folder: of all works; that of the platform without one.
        on_unreadable: called with each work that no later start will read either.
    """
    parent = autosave_folder() if folder is None else folder
    works: list[RecoverableWork] = []
    candidates = sorted(parent.iterdir()) if is_folder(parent) else []
    for candidate in candidates:
        if FileLock.is_held(candidate / LOCK_NAME):
            continue
        try:
            if not is_file(candidate / WORK_NAME):
                raise NothingWrittenError
            works.append(RecoverableWork(candidate))
        except NothingWrittenError:
            _sweep(candidate)
        except _DAMAGE as error:
            log.warning("the autosaved work in %s cannot be read: %s", candidate, error)
            if not isinstance(error, _PASSING):
                on_unreadable(UnreadableWork(candidate / WORK_NAME))
    return sorted(works, key=lambda work: work.saved_at, reverse=True)


def _sweep(folder: Path) -> None:
    """Remove a folder whose owner died before its first write; a young one may belong to one that begins."""
    lock = folder / LOCK_NAME  # looking into the folder makes it young, but not its lock
    with contextlib.suppress(OSError):  # another window swept it at the same moment
        if folder.is_dir() and time.time() - (lock if lock.exists() else folder).stat().st_mtime > _STALE_S:
            shutil.rmtree(folder, ignore_errors=True)
