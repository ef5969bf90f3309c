"""A file that one living process holds: the system frees it at that process's end, however it ended."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

__all__ = ["FileLock"]


class FileLock:
    """A lock on a file, held until `release` or the end of the process.

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
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            is_ours = _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        if not is_ours:
            os.close(descriptor)
            return None
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
