from __future__ import annotations

import errno
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import (
    atomic_write,
    ensure_folder,
    next_free_path,
    remove_leftovers,
    write_bytes,
)
from tests.core.test_photo_bad_input import without_root_rights


@contextmanager
def files_of_at_most(n_bytes: int) -> Iterator[None]:
    """Let the system itself refuse to write more into a file, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_block_that_ends_well_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    with atomic_write(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_block_that_fails_leaves_everything_as_it_was(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def fail_half_way() -> None:
        with atomic_write(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(error):
        fail_half_way()
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.bin"]


def test_a_file_that_grows_too_large_leaves_nothing(tmp_path: Path) -> None:
    with files_of_at_most(1000), pytest.raises(ExportError, match="larger than allowed"):
        write_bytes(tmp_path / "a.bin", b"x" * 100_000)
    assert names_in(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_gives_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's own "no space left", met when the written bytes reach the device."""
    really_open = os.open

    def open_on_full_disk(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = really_open(path, flags, mode)
        full = really_open("/dev/full", os.O_WRONLY)
        os.dup2(full, descriptor)
        os.close(full)
        return descriptor

    path = tmp_path / "a.bin"
    path.write_bytes(b"old")
    monkeypatch.setattr("meticulous_gui.core.files.os.open", open_on_full_disk)
    with pytest.raises(ExportError, match="the disk is full; free some space"):
        write_bytes(path, b"x" * 1_000_000)
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.bin"]


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="does not exist; create it first"):
        write_bytes(tmp_path / "nowhere" / "a.bin", b"x")


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="is a folder; choose a file name"):
        write_bytes(tmp_path, b"x")


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="too long"):
        write_bytes(tmp_path / ("n" * 300), b"x")
    assert names_in(tmp_path) == []


def test_a_long_name_that_the_system_allows_works(tmp_path: Path) -> None:
    write_bytes(tmp_path / ("n" * 250), b"x")
    assert names_in(tmp_path) == ["n" * 250]


def test_a_folder_without_permission() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        with without_root_rights(), pytest.raises(ExportError, match="may not be written; choose another"):
            write_bytes(folder / "a.bin", b"x")
        folder.chmod(0o755)
        assert names_in(folder) == []


def test_a_write_protected_file_is_not_replaced() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "a.bin").write_bytes(b"old")
        (folder / "a.bin").chmod(0o444)
        with without_root_rights(), pytest.raises(ExportError, match="write-protected"):
            write_bytes(folder / "a.bin", b"new")
        assert (folder / "a.bin").read_bytes() == b"old"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.bin").write_bytes(b"old")
    (tmp_path / "link.bin").symlink_to(tmp_path / "real" / "a.bin")
    write_bytes(tmp_path / "link.bin", b"new")
    assert (tmp_path / "link.bin").is_symlink()
    assert (tmp_path / "real" / "a.bin").read_bytes() == b"new"


def test_permissions_are_those_of_a_plain_file_and_then_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    (tmp_path / "plain").write_bytes(b"")
    write_bytes(path, b"1")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    path.chmod(0o640)
    write_bytes(path, b"2")
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_next_free_name(tmp_path: Path) -> None:
    path = tmp_path / "dog-cutout.png"
    assert next_free_path(path) == path
    path.touch()
    assert next_free_path(path) == tmp_path / "dog-cutout-2.png"
    (tmp_path / "dog-cutout-2.png").symlink_to(tmp_path / "gone")
    assert next_free_path(path) == tmp_path / "dog-cutout-3.png"


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    ensure_folder(tmp_path / "a" / "b")
    ensure_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper" / "still"):
        with pytest.raises(ExportError, match="file is a file, not a folder"):
            ensure_folder(folder)


def test_a_file_is_replaced_on_a_share_that_knows_no_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    write_bytes(tmp_path / "a.bin", b"old")
    monkeypatch.setattr(Path, "chmod", refuse)
    write_bytes(tmp_path / "a.bin", b"new")
    assert (tmp_path / "a.bin").read_bytes() == b"new"


def leave_behind(folder: Path, name: str) -> Path:
    """Return a file as a process left it that was killed two days ago while it wrote."""
    before = set(folder.iterdir())
    with atomic_write(folder / name):
        (left,) = set(folder.iterdir()) - before
    (folder / name).unlink()
    left.write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(left, (two_days_ago, two_days_ago))
    return left


def test_what_a_killed_writer_left_is_removed_after_a_day(tmp_path: Path) -> None:
    left = [leave_behind(tmp_path, name) for name in ("dog.png", "ä" * 90 + ".png", "two\nlines.png")]
    remove_leftovers(tmp_path)
    assert not any(path.exists() for path in left)


def test_nothing_else_goes_with_it(tmp_path: Path) -> None:
    old = leave_behind(tmp_path, "dog.png")
    other = ["dog.png.0123abcd.part", ".dog.png.part", ".dog.png.0123ABCD.part", ".dog.png.0123abcd.part.png"]
    for name in other:
        (tmp_path / name).hardlink_to(old)
    (tmp_path / ".folder.0123abcd.part").mkdir()
    (tmp_path / ".link.0123abcd.part").symlink_to(tmp_path / other[0])
    with atomic_write(tmp_path / "cat.png") as stream:
        stream.write(b"new")
        remove_leftovers(tmp_path)
    assert names_in(tmp_path) == sorted([*other, ".folder.0123abcd.part", ".link.0123abcd.part", "cat.png"])
    remove_leftovers(tmp_path / "gone")
