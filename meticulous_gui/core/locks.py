"""A file that one living process holds: the system frees it at that process's end, however it ended."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from meticulous_gui.core.errors import ExportError

if TYPE_CHECKING:
    from typing import Self

__all__ = ["FileLock", "alone"]

_LOOK_AGAIN_S = 0.01


class FileLock:
    """A lock on a file, held until `release`, the end of a ``with`` or the end of the process.

    The file names process and time for people who look; whether it is held only the system knows, so a
    process number that was given out again cannot be taken for a living owner.
    """

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor: int | None = descriptor
        self.path = path

    @classmethod
    def acquire(cls, path: Path) -> FileLock | None:
        """Return the lock, None while another holder lives.

        Raises:
            OSError: the file cannot be made, or there are no locks here (some network disks).
        """
        # For all who may write there: colleagues share folders of photos.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        try:
            is_ours = _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        if not is_ours:
            os.close(descriptor)
            return None
        with contextlib.suppress(OSError):  # a full disk holds the lock, if not the words
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps({"pid": os.getpid(), "since": time.time()}).encode())
        return cls(descriptor, path)

    @classmethod
    def is_held(cls, path: Path) -> bool:
        """Return whether a living process, this one included, holds the lock; True where nobody can know."""
        try:
            descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        except OSError:
            return False
        try:
            return not _lock(descriptor)
        except OSError:  # no locks here (some network disks): better never taken than taken from another
            return True
        finally:
            os.close(descriptor)  # this also gives the lock back

    def release(self) -> None:
        """Give the lock back; doing it twice is harmless."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def alone(path: Path, patience_s: float) -> AbstractContextManager[object]:
    """Keep other windows from what they, too, do under this lock, as far as files can be locked there.

    Args:
        path: the lock; its folder is there.
        patience_s: how long another one may hold it.

    Raises:
        ExportError: another one holds it longer.
    """
    end_s = time.monotonic() + patience_s
    try:
        while (lock := FileLock.acquire(path)) is None:
            if time.monotonic() > end_s:
                raise ExportError(f"{path} is held by another window that does not get on; close that one.")
            time.sleep(_LOOK_AGAIN_S)
    except OSError:  # some network disks know no locks; that two windows write within milliseconds is rare
        return contextlib.nullcontext()
    return lock


if sys.platform == "win32":
    import msvcrt

    _FAR_BYTE = 1 << 30  # beyond the content: Windows forbids reading what is locked

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
