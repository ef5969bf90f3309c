"""Writing files so that nothing is ever half there: a temporary file beside the target, then one rename."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from meticulous_gui.core.errors import ExportError

__all__ = [
    "atomic_write",
    "ensure_folder",
    "is_file",
    "is_folder",
    "is_same",
    "json_bytes",
    "next_free_path",
    "refuse_unwritable",
    "remove_leftovers",
    "removed_on_failure",
    "stamp_of",
    "write_bytes",
]

_TEMPORARY: Final = re.compile(r"\..{1,50}\.[0-9a-f]{8}\.part", re.DOTALL)
_GIVEN_UP_S: Final = 24 * 3600
"""Whatever takes longer to write, and still lives, has not written for as long."""

_AS_WE_ACT: Final = os.access in os.supports_effective_ids


@contextmanager
def atomic_write(path: Path | str) -> Iterator[BinaryIO]:
    """Give a binary stream whose content becomes ``path`` when the block ends without an error.

    The bytes go to a hidden file in the same folder, reach the disk (fsync) and are renamed over the
    target. After any failure, an interrupt included, the target is what it was before and the
    temporary file is gone. A link is followed: its target is replaced, the link stays.

    Raises:
        ExportError: one sentence; the folder is missing or may not be written, the disk is full,
            the target is a folder or protected.
    """
    target = Path(os.path.realpath(path))
    _refuse_protected(target)
    # A letter has up to four bytes, and a name 255.
    temporary = target.with_name(f".{target.name[:50]}.{secrets.token_hex(4)}.part")
    try:
        # os.open instead of tempfile: the result gets the permissions that a plain new file gets.
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
        )
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _keep_permissions(target, temporary)
        temporary.replace(target)
    except OSError as error:
        _remove(temporary)
        raise _cannot_write(target, error) from error
    except BaseException:
        _remove(temporary)
        raise
    _sync_folder(target.parent)


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that writers left in a folder when they were killed, a day ago or longer.

    Only what is named as `atomic_write` names them goes. What cannot be looked at or removed stays, quietly.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not _TEMPORARY.fullmatch(entry.name) or not entry.is_file(follow_symlinks=False):
                continue
            if time.time() - entry.stat(follow_symlinks=False).st_mtime > _GIVEN_UP_S:
                _remove(folder / entry.name)


def write_bytes(path: Path | str, content: bytes) -> None:
    """Replace the content of a file atomically.

    Raises:
        ExportError: as ``atomic_write``.
    """
    with atomic_write(path) as stream:
        stream.write(content)


@contextmanager
def removed_on_failure() -> Iterator[list[Path]]:
    """Give a list for files that are new; where the block fails they are removed again."""
    fresh: list[Path] = []
    try:
        yield fresh
    except BaseException:
        for path in fresh:
            _remove(path)
        raise


def json_bytes(content: Any, *, indent: int | None = None) -> bytes:
    """Return JSON as UTF-8; a file name comes back from it as it was, whatever its bytes are.

    Linux allows names that are no UTF-8: Python reads a stray byte as half of a pair of surrogates, which
    UTF-8 cannot hold. JSON's own escape of it can.
    """
    return json.dumps(content, indent=indent, ensure_ascii=False).encode(errors="backslashreplace")


def next_free_path(path: Path | str) -> Path:
    """Return ``path``, or the first of ``name-2.png``, ``name-3.png``, ... that is free."""
    wanted = Path(path)
    candidate, number = wanted, 2
    while os.path.lexists(candidate):
        candidate = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        number += 1
    return candidate


def refuse_unwritable(target: Path) -> None:
    """Refuse a file that can surely not be written, before hours of work for it are done.

    Raises:
        ExportError: one sentence; what has its name is protected or no file, or its folder, or the nearest
            one that is there, may not be written.
    """
    _refuse_protected(target)
    missing, place = target, target.parent
    while place != place.parent and not os.path.lexists(place):
        missing, place = place, place.parent
    if is_folder(place) and not os.access(place, os.W_OK, effective_ids=_AS_WE_ACT):
        raise _cannot_write(missing, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _refuse_protected(target: Path) -> None:
    try:
        is_folder, is_file, is_there = target.is_dir(), target.is_file(), target.exists()
    except OSError as error:
        raise _cannot_write(target, error) from error
    if is_folder:
        raise ExportError(f"{target} is a folder; choose a file name inside it.")
    if is_there and not is_file:
        raise ExportError(f"{target} is a device or a pipe, not a file; choose another name.")
    # A rename would replace a write-protected file without asking its protection.
    if is_there and not os.access(target, os.W_OK, effective_ids=_AS_WE_ACT):
        raise ExportError(f"{target} is write-protected; choose another name or allow writing it.")


def _cannot_write(target: Path, error: OSError) -> ExportError:
    folder = target.parent
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return ExportError(
                f"{target} was not written: the disk is full; free some space or choose another folder."
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ExportError(
                f"{target} was not written: {folder} may not be written; choose another folder."
            )
        case errno.ENOTDIR:
            place = next(place for place in target.parents if os.path.lexists(place))
            return ExportError(
                f"{target} was not written: {place} is a file, not a folder; "
                "move it or choose another folder."
            )
        case errno.ENOENT:
            return ExportError(
                f"{target} was not written: the folder {folder} does not exist; create it first."
            )
        case errno.ENAMETOOLONG:
            return ExportError(f"{target} was not written: the name is too long; choose a shorter one.")
        case errno.EFBIG:
            return ExportError(
                f"{target} was not written: the file is larger than allowed here; choose another folder."
            )
        case _:
            reason = error.strerror or str(error)
            return ExportError(
                f"{target} was not written ({reason}); check the disk or choose another folder."
            )


def _keep_permissions(target: Path, temporary: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        mode = target.stat().st_mode & 0o7777
        if temporary.stat().st_mode & 0o7777 != mode:  # shares of a network often know no other, and refuse
            temporary.chmod(mode)


def _remove(temporary: Path) -> None:
    # The failure that brought us here is told; a second one about the left-over would hide it.
    with contextlib.suppress(OSError):
        temporary.unlink()


def _sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut; not every system or network disk can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_file(path: Path) -> bool:
    """Return whether a file is there; False also for a name too long for the system, no error."""
    return os.path.isfile(path)  # noqa: PTH113  Path.is_file raises there


def is_folder(path: Path) -> bool:
    """Return whether a folder is there; False also for a name too long for the system, no error."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises there


def is_same(one: Path, other: Path) -> bool:
    """Return whether two names are of one file or folder that is there."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def stamp_of(path: Path) -> tuple[int, int]:
    """Return when a file was written (ns) and how long it is (bytes), to tell later whether it is the same.

    Raises:
        OSError: it is gone, or its folder may not be read.
    """
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def ensure_folder(folder: Path) -> None:
    """Create a folder and its parents where they are missing.

    Raises:
        ExportError: one sentence; it may not be created, or a file is in the way.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ExportError(f"{folder} is a file, not a folder; move it or choose another folder.") from error
    except OSError as error:
        raise _cannot_write(folder, error) from error
