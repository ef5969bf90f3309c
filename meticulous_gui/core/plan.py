"""What will be read and what will be written, decided and refused before any work."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.files import is_file, is_folder
from meticulous_gui.core.natural_order import natural_key
from meticulous_gui.core.sniff import refuse_unreadable


@dataclass(frozen=True)
class Task:
    """One photo to read and one file to write.

    Attributes:
        source: the photo.
        target: the file that will hold the result.
        mask: an existing mask of the photo, for ``refine``.
    """

    source: Path
    target: Path
    mask: Path | None = None

    @property
    def read(self) -> tuple[Path, ...]:
        """The files that it is made from."""
        return (self.source,) if self.mask is None else (self.source, self.mask)


@dataclass(frozen=True)
class Plan:
    """Everything one command will do, in order.

    Attributes:
        tasks: what can be tried.
        failures: inputs that cannot even be tried, with one sentence each.
        is_of_folder: whether a folder of photos was named, which may be gone through again.
        notes: sentences about what is left out, which is no failure.
    """

    tasks: tuple[Task, ...]
    failures: tuple[tuple[Path, str], ...] = ()
    is_of_folder: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A file found for an input.

    Attributes:
        path: where it is.
        relative: its place below the named folder (only its name where the file itself was named).
    """

    path: Path
    relative: Path


@dataclass(frozen=True)
class Pairing:
    """The files of two folders, by their places and stems.

    Attributes:
        pairs: one of the first folder and its partner in the second.
        failures: files of the first one without a partner and folders without files, with one sentence each.
        left_out: files of the second one without a partner.
    """

    pairs: Sequence[tuple[Found, Found]]
    failures: Sequence[tuple[Path, str]]
    left_out: Sequence[Path] = ()

    def notes(self, first: Path, second: Path) -> tuple[str, ...]:
        """Return what to say of the masks that are left out: no result, and no mean, shows them."""
        if not self.left_out:
            return ()
        n_all = len(self.left_out) + len(self.pairs)
        return (
            f"{len(self.left_out)} of {n_all} masks in {second} have no partner in {first} and are left out, "
            f"such as {self.left_out[0]}.",
        )


def plan_outputs(
    inputs: Sequence[Path],
    out: Path,
    *,
    suffixes: tuple[str, ...],
    photo_suffixes: tuple[str, ...],
    stem_of: Callable[[str, int], str] = lambda stem, _counter: stem,
    also_read: Sequence[Path] = (),
) -> Plan:
    """Say which photo goes to which file.

    Args:
        inputs: files and folders as typed; folders are searched with their sub-folders, which are kept, for
            photos that are not results of others there, such as ``dog-cutout.png`` beside ``dog.jpg``.
        out: as typed: a file when it ends in one of ``suffixes`` and one file is named, else a folder.
        suffixes: suffixes that the chosen format writes, the default first, such as (".png",).
        photo_suffixes: what counts as a photo inside a folder.
        stem_of: the name of a result without its suffix, from that of the photo and its number from 1.
        also_read: files that all results are made with, such as a background.

    Raises:
        UsageError: two photos for one file, a result in place of an input, or an impossible ``out``.
    """
    if is_named_file(inputs, out, suffixes):
        require_folder(out.parent)
        tasks: list[Task] = [Task(inputs[0], out)]
        failures: list[tuple[Path, str]] = []
    else:
        require_folder(out)
        found, failures = find_files(inputs, photo_suffixes, leave_out=[out], takes_results=False)
        tasks = [
            Task(item.path, out / item.relative.with_name(stem_of(item.relative.stem, index) + suffixes[0]))
            for index, item in enumerate(found, start=1)
        ]
    return _plan(tasks, failures, also_read, is_of_folder=any(is_folder(item) for item in inputs))


def plan_pairs(
    photos: Path,
    masks: Path,
    out: Path,
    *,
    suffixes: tuple[str, ...],
    photo_suffixes: tuple[str, ...],
) -> Plan:
    """Say which photo goes with which mask to which file: two files, or two folders paired by stem.

    Raises:
        UsageError: as `require_alike`, one photo with two masks, or what `plan_outputs` refuses.
    """
    require_alike(photos, masks)
    if not is_folder(photos):
        target = out if is_output_file(out, suffixes) else out / (photos.stem + suffixes[0])
        require_folder(target.parent)
        tasks = [Task(photos, target, masks)]
        return _plan(tasks, [])
    require_folder(out)
    found = pair_folders(photos, masks, photo_suffixes, leave_out=[out], takes_results=False)
    tasks = [
        Task(photo.path, out / photo.relative.with_suffix(suffixes[0]), mask.path)
        for photo, mask in found.pairs
    ]
    return replace(_plan(tasks, found.failures, is_of_folder=True), notes=found.notes(photos, masks))


def require_alike(first: Path, second: Path) -> None:
    """Refuse a file with a folder.

    Raises:
        UsageError: one is a file and the other a folder, or not there.
    """
    if is_folder(first) == is_folder(second):
        return
    missing = _what_is_missing(first, second)
    raise UsageError(missing or f"{first} and {second} must be two files or two folders.")


def _plan(
    tasks: Sequence[Task],
    failures: Sequence[tuple[Path, str]],
    also_read: Sequence[Path] = (),
    *,
    is_of_folder: bool = False,
) -> Plan:
    """Return the plan, without the tasks whose files are not there: that is said before networks are read."""
    refuse_collisions(tasks, also_read)
    missing = {task: sentence for task in tasks if (sentence := _what_is_missing(*task.read)) is not None}
    gone = [(task.source, sentence) for task, sentence in missing.items()]
    return Plan(tuple(task for task in tasks if task not in missing), (*failures, *gone), is_of_folder)


def _what_is_missing(*paths: Path) -> str | None:
    """Return the sentence about the first that does not exist; other trouble shows when it is read."""
    for path in paths:
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError) as error:
            return str(refuse_unreadable(path, error))
        except OSError:
            continue
    return None


def pair_folders(
    first: Path,
    second: Path,
    suffixes: tuple[str, ...],
    *,
    leave_out: Sequence[Path] = (),
    takes_results: bool = True,
) -> Pairing:
    """Return the files of two folders with the same place and stem, and those without a partner.

    One of the folders may lie in the other, as those of masks often do: it is no part of it. Whether pictures
    that were written from others count concerns the first one.
    """
    firsts, failures = find_files(
        [first], suffixes, leave_out=[*leave_out, second], takes_results=takes_results
    )
    seconds, more_failures = find_files([second], suffixes, leave_out=[*leave_out, first])
    if not seconds:  # that is said, and not of each file of the first one again
        return Pairing([], failures + more_failures)
    by_stem = _by_stem(seconds)
    pairs = []
    for stem, item in _by_stem(firsts).items():
        partner = by_stem.pop(stem, None)
        if partner is None:
            failures.append((item.path, f"{item.path} has no partner: {second} holds no {stem}.*"))
        else:
            pairs.append((item, partner))
    return Pairing(pairs, failures + more_failures, [item.path for item in by_stem.values()])


def _by_stem(files: Sequence[Found]) -> dict[Path, Found]:
    """Return files by their places and stems, in order; two of one stem would be of one partner."""
    by_stem: dict[Path, Found] = {}
    for item in files:
        other = by_stem.setdefault(item.relative.with_suffix(""), item)
        if other is not item:
            raise UsageError(f"{other.path} and {item.path} have the same stem; leave one of them there.")
    return by_stem


def find_files(
    inputs: Iterable[Path],
    suffixes: tuple[str, ...],
    *,
    leave_out: Sequence[Path] = (),
    takes_results: bool = True,
) -> tuple[list[Found], list[tuple[Path, str]]]:
    """Return the files behind ``inputs`` in a stable order, and one sentence for each input without any.

    A file that is named is taken whatever its suffix. Inside folders only ``suffixes`` count, folders whose
    name starts with a dot are passed over, and so are those of ``leave_out``, such as that of the results,
    and without ``takes_results`` pictures that were written from others there (`results_among`). A file that
    is found twice counts once; links of other names to it are files of their own.
    """
    found: list[Found] = []
    seen: set[Path | tuple[Path, Path]] = set()
    failures: list[tuple[Path, str]] = []

    def take(file: Found) -> None:
        own = _real(file.path.parent) / file.path.name, (_real(file.path), file.relative)
        if seen.isdisjoint(own):
            found.append(file)
        seen.update(own)

    for item in inputs:
        if not is_folder(item):
            take(Found(item, Path(item.name)))
            continue
        unreadable: list[OSError] = []
        files = list(_walk(item, suffixes, leave_out, unreadable, takes_results=takes_results))
        refused = ((Path(error.filename), error) for error in unreadable)
        failures += [(path, str(refuse_unreadable(path, error))) for path, error in refused]
        if not files and not unreadable:
            failures.append((item, f"{item} holds no photo; known suffixes are {', '.join(suffixes)}."))
        for file in files:
            take(Found(file, file.relative_to(item)))
    return found, failures


def is_named_file(inputs: Sequence[Path], out: Path, suffixes: tuple[str, ...]) -> bool:
    """Say whether ``out`` is the file of one photo's result, not a folder for results."""
    return len(inputs) == 1 and is_output_file(out, suffixes) and not is_folder(inputs[0])


def is_output_file(out: Path, suffixes: tuple[str, ...]) -> bool:
    """Say whether ``out`` names a file: by its suffix, unless a folder of that name is there."""
    return out.suffix.lower() in suffixes and not is_folder(out)


def require_folder(out: Path) -> None:
    """Refuse an output folder that is a file, or lies below one."""
    for place in (out, *out.parents):
        if is_folder(place):
            return
        if os.path.lexists(place):
            raise UsageError(f"{place} is a file, a folder is needed there for the results.")


def refuse_collisions(tasks: Sequence[Task], also_read: Sequence[Path] = ()) -> None:
    """Refuse two tasks with one target, and targets that are inputs or among the files ``also_read``."""
    by_target = _by_target(tasks)
    for read in (*(path for task in tasks for path in task.read), *also_read):
        writer = by_target.get(_key(read))
        if writer is not None:
            raise UsageError(
                f"the result of {writer.source} would replace {read}, which is an input; "
                "choose another place for the results."
            )


def refuse_shared(tasks: Sequence[Task], earlier: Sequence[Task]) -> None:
    """Refuse targets that other photos have, which are still there, of tasks that came earlier."""
    sources = {task.source for task in tasks}
    _by_target([*(task for task in earlier if task.source not in sources and is_file(task.source)), *tasks])


def _by_target(tasks: Sequence[Task]) -> dict[str, Task]:
    """Return tasks by their targets; refuse two with one."""
    by_target: dict[str, Task] = {}
    for task in tasks:
        other = by_target.setdefault(_key(task.target), task)
        if other is not task:
            raise UsageError(f"{other.source} and {task.source} would both write {task.target}; rename one.")
    return by_target


def is_up_to_date(task: Task) -> bool:
    """Say whether a result is there already and not older than what it was made from."""
    try:
        written = task.target.stat().st_mtime_ns
        return is_file(task.target) and all(path.stat().st_mtime_ns <= written for path in task.read)
    except OSError:
        return False


def _walk(
    folder: Path,
    suffixes: tuple[str, ...],
    leave_out: Sequence[Path],
    unreadable: list[OSError],
    *,
    takes_results: bool,
) -> Iterator[Path]:
    """Yield the photos below ``folder``, in the order in which people count."""
    from meticulous_gui.core.photo_states import results_among  # not for --help, which does without numpy

    root = _real(folder)
    passed = {root, *(_real(path) for path in leave_out)}

    def is_entered(path: Path) -> bool:
        """Say whether a folder is gone through: once, and at its own place, not by a link beside it."""
        real = _real(path)
        if path.name.startswith(".") or real in passed or (path.is_symlink() and root in real.parents):
            return False
        passed.add(real)
        return True

    for here, folders, files in os.walk(folder, onerror=unreadable.append, followlinks=True):
        place = Path(here)
        folders[:] = [name for name in sorted(folders, key=natural_key) if is_entered(place / name)]
        names = {name for name in files if not name.startswith(".") and Path(name).suffix.lower() in suffixes}
        for name in sorted(names if takes_results else names - results_among(place, names), key=natural_key):
            yield place / name


def _real(path: Path) -> Path:
    """Return ``path`` without links and dots, whether it exists or not."""
    return Path(os.path.realpath(path))


def _key(path: Path) -> str:
    """Return what two names of one file have in common, on file systems that ignore case too."""
    real = str(_real(path))
    return real.casefold() if sys.platform in ("win32", "darwin") else real
