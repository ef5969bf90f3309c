"""Memory that two processes see: files under /dev/shm where there is room, else temporary files, both mapped.

A name holds the process id of its owner, so that what a killed program left behind can be swept by the next
one.
"""

from __future__ import annotations

import itertools
import logging
import mmap
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import EngineError

__all__ = ["Block", "open_block", "shared_folders", "sweep"]

_LOG = logging.getLogger(__name__)
_PREFIX: Final = "meticulous-"
_NAME: Final = re.compile(rf"{_PREFIX}(\d+)-\d+\.shared")
_numbers: Final = itertools.count(1)


def shared_folders() -> tuple[Path, ...]:
    """Return where blocks may lie, the best first."""
    memory = Path("/dev/shm")
    rest = Path(tempfile.gettempdir())
    return (memory, rest) if sys.platform == "linux" and os.access(memory, os.W_OK) else (rest,)


class Block:
    """Bytes shared by name; the process that made it removes the name.

    Attributes:
        path: the file behind it.
        data: uint8, all bytes.
    """

    def __init__(self, n_bytes: int) -> None:
        """Make a block and reserve its memory, so that no later write can fail.

        Raises:
            EngineError: there is no room for it anywhere.
        """
        size = max(1, n_bytes)
        for folder in shared_folders():
            path = folder / f"{_PREFIX}{os.getpid()}-{next(_numbers)}.shared"
            try:
                _reserve(path, size)
                self.data = _mapped(path, is_writable=True)
            except OSError as error:
                _LOG.warning("no room for %d bytes in %s: %s", size, folder, error)
                path.unlink(missing_ok=True)
                continue
            self.path = path
            return
        raise EngineError(
            f"There is no room for {size / 2**20:,.0f} MB of shared memory; "
            f"free some in {tempfile.gettempdir()}."
        )

    def unlink(self) -> None:
        """Remove the name; the memory itself goes when the last array that looks at it goes."""
        try:
            self.path.unlink(missing_ok=True)
        except PermissionError:  # Windows, while the other side still looks at it: swept at the next start
            _LOG.info("%s is still in use", self.path)


def open_block(path: Path, *, is_writable: bool = False) -> NDArray[np.uint8]:
    """Return the bytes of another process's block, uint8."""
    return _mapped(path, is_writable=is_writable)


def sweep() -> list[Path]:
    """Remove the blocks of programs that are gone and return their names."""
    gone = []
    for folder in shared_folders():
        for path in folder.glob(f"{_PREFIX}*.shared"):
            match = _NAME.fullmatch(path.name)
            if match is not None and not _is_alive(int(match[1])):
                try:
                    path.unlink(missing_ok=True)
                except OSError as error:  # someone else's
                    _LOG.info("%s stays: %s", path, error)
                else:
                    gone.append(path)
    return gone


def _reserve(path: Path, size: int) -> None:
    with path.open("xb") as stream:
        path.chmod(0o600)
        if hasattr(os, "posix_fallocate"):
            # A sparse file would be granted now and end the process by SIGBUS at the first write beyond the
            # limit.
            os.posix_fallocate(stream.fileno(), 0, size)
        else:
            stream.truncate(size)


def _mapped(path: Path, *, is_writable: bool) -> NDArray[np.uint8]:
    with path.open("r+b" if is_writable else "rb") as stream:
        access = mmap.ACCESS_WRITE if is_writable else mmap.ACCESS_READ
        return np.frombuffer(mmap.mmap(stream.fileno(), 0, access=access), np.uint8)


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # there os.kill(pid, 0) would end the process
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
