"""How far the photos of a folder are: marks in `.meticulous/states.json`, readable without this program.

What nobody marked is told by the files: layers saved for a photo mean edited, a cut-out beside it exported.
The same file holds which pictures beside a photo are results that were written from it, as far as their names
do not tell: they are no photos of the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Final

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import ensure_folder, is_file, json_bytes, write_bytes
from meticulous_gui.core.locks import alone
from meticulous_gui.core.project_index import FOLDER_NAME, STATES_NAME, masks_in, read_index

__all__ = ["PhotoState", "is_cutout_of", "note_states", "read_states", "result_of", "results_among"]

_FORMAT: Final = "meticulous-states"
_VERSION: Final = 1
_PATIENCE_S: Final = 2.0
"""Another window holds the lock for milliseconds."""
_CUTOUT: Final = re.compile(r"(?P<stem>.+)-cutout(-\d+)?\.(png|webp|tiff?|psd)", re.IGNORECASE)
_LAYER_MASK: Final = re.compile(r"(?P<photo>.+)\.\d+(\.decided)?\.[0-9a-f]{10}\.png")
"""As `core.project` names them; a person may keep layers in a folder of photos."""


class PhotoState(Enum):
    """How far a photo is: the last thing that happened to it. Values are what the file holds."""

    UNTOUCHED = "untouched"
    MASKED = "masked"
    """It has a mask that no hand has changed."""
    EDITED = "edited"
    DONE = "done"
    """A person said so."""
    EXPORTED = "exported"


def read_states(folder: Path) -> dict[str, PhotoState]:
    """Return the states of the photos in a folder by file name; those that are missing are untouched.

    Reads two lists of names and one file, whatever the number of photos.

    Raises:
        ExportError: one sentence; the marks are of no use. They are left alone.
    """
    names = _names(folder)
    exported = {is_cutout_of(name) for name in names}
    states: dict[str, PhotoState] = {}
    for name in _names(folder / FOLDER_NAME):
        photo_name, _, suffix = name.rpartition(".")
        if suffix == "json" and photo_name in names:
            states[photo_name] = PhotoState.EDITED
    for name in names:
        if name.rpartition(".")[0] in exported:
            states[name] = PhotoState.EXPORTED
    return states | {name: state for name, state in _marks(_content(folder)).items() if name in names}


def is_cutout_of(name: str) -> str | None:
    """Return the stem of the photo whose exported cut-out has this file name, None for other files."""
    match = _CUTOUT.fullmatch(name)
    return match["stem"] if match else None


def note_states(folder: Path, states: Mapping[str, PhotoState]) -> None:
    """Write the marks of some photos; those of others stay, also where another window writes them.

    Args:
        folder: of the photos.
        states: by file name.

    Raises:
        ExportError: one sentence; the folder is gone or may not be written, or the marks there are of no use.
    """
    _update(folder, lambda content: {"photos": _texts(_marks(content) | dict(states))})


@contextlib.contextmanager
def result_of(photo: Path | None, file: Path) -> Iterator[None]:
    """Note that a picture that the block writes is a result of a photo, and none of the photos of its folder.

    Nothing is noted where it replaces a picture that was no result, lies elsewhere than its photo, or has a
    name that tells. A note that cannot be kept is no failure of what was written.
    """
    if photo is None or file.parent != photo.parent or is_cutout_of(file.name) == photo.stem:
        yield
        return
    is_theirs = is_file(file) and file.name not in results_among(photo.parent, {photo.name, file.name})
    yield
    if not is_theirs:
        with contextlib.suppress(ExportError, OSError):
            result = {file.name: {"photo": photo.name, "bytes": file.stat().st_size}}
            _update(photo.parent, lambda content: {"results": _results(content) | result})


def results_among(folder: Path, names: Collection[str]) -> set[str]:
    """Return which pictures of a folder were written from photos of it that are there, too.

    Those are cut-outs by their names, masks that a JSON of layers there names, and what was noted as long as
    it has the size that it was written with: a picture that a person put in its place, or changed, is theirs.
    Where the notes are of no use nothing is told.

    Args:
        folder: where they lie.
        names: of all its pictures.
    """
    stems = {name.rpartition(".")[0] for name in names}
    found = {name for name in names if is_cutout_of(name) in stems}
    for photo_name in {match["photo"] for name in names if (match := _LAYER_MASK.fullmatch(name))}:
        with contextlib.suppress(OSError, ValueError):
            found |= masks_in(read_index(folder / f"{photo_name}.json"))
    with contextlib.suppress(ExportError):
        for name, result in _results(_content(folder)).items():
            if name in names and result["photo"] in names and _n_bytes(folder / name) == result["bytes"]:
                found.add(name)
    return found


def _update(folder: Path, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """Replace some values of the file of marks, while no other window does."""
    if not folder.is_dir():
        raise ExportError(f"The folder {folder} is gone, so the marks of its photos were not kept.")
    place = folder / FOLDER_NAME
    ensure_folder(place)
    with alone(place / ".states.lock", _PATIENCE_S):
        content = _content(folder)
        kept = {"photos": _texts(_marks(content)), "results": _results(content)}
        new = {"format": _FORMAT, "version": _VERSION} | kept | dict(change(content))
        write_bytes(place / STATES_NAME, json_bytes(new, indent=1))


def _names(folder: Path) -> set[str]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name for entry in entries}
    except OSError:
        return set()  # there is no such folder yet; that photos cannot be listed is said by who lists them


def _n_bytes(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _content(folder: Path) -> dict[str, Any]:
    """Return what the file of marks holds, checked; nothing where there is none."""
    path = folder / FOLDER_NAME / STATES_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT or content["version"] > _VERSION:
            raise ValueError("it is of another program or of a newer version")
        if not isinstance(content["photos"], dict):
            raise ValueError("its photos are no table")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExportError(
            f"The marks in {path} cannot be read ({error}); they are left alone, move the file to begin anew."
        ) from error
    return dict(content)


def _marks(content: Mapping[str, Any]) -> dict[str, PhotoState]:
    values = {state.value: state for state in PhotoState}
    known = ((name, value) for name, value in content.get("photos", {}).items() if isinstance(value, str))
    return {name: values[value] for name, value in known if value in values}


def _texts(marks: Mapping[str, PhotoState]) -> dict[str, str]:
    return {name: state.value for name, state in sorted(marks.items())}


def _results(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    results = content.get("results")
    noted = results.items() if isinstance(results, dict) else ()
    return {
        name: entry
        for name, entry in noted
        if isinstance(entry, dict) and isinstance(entry.get("photo"), str) and "bytes" in entry
    }
