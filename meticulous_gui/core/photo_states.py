"""How far the photos of a folder are: marks in `.meticulous/states.json`, readable without this program.

What nobody marked is told by the files: layers saved for a photo mean edited, a cut-out beside it exported.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Final

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import ensure_folder, json_bytes, write_bytes
from meticulous_gui.core.locks import alone
from meticulous_gui.core.project_index import FOLDER_NAME, STATES_NAME

__all__ = ["PhotoState", "is_cutout_of", "note_states", "read_states"]

_FORMAT: Final = "meticulous-states"
_VERSION: Final = 1
_PATIENCE_S: Final = 2.0
"""Another window holds the lock for milliseconds."""
_CUTOUT: Final = re.compile(r"(?P<stem>.+)-cutout(-\d+)?\.(png|webp|tiff?|psd)", re.IGNORECASE)


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
    return states | {name: state for name, state in _marks(folder).items() if name in names}


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
    if not folder.is_dir():
        raise ExportError(f"The folder {folder} is gone, so the marks of its photos were not kept.")
    place = folder / FOLDER_NAME
    ensure_folder(place)
    with alone(place / ".states.lock", _PATIENCE_S):
        marks = _marks(folder) | dict(states)
        content = {
            "format": _FORMAT,
            "version": _VERSION,
            "photos": {name: state.value for name, state in sorted(marks.items())},
        }
        write_bytes(place / STATES_NAME, json_bytes(content, indent=1))


def _names(folder: Path) -> set[str]:
    try:
        with os.scandir(folder) as entries:
            return {entry.name for entry in entries}
    except OSError:
        return set()  # there is no such folder yet; that photos cannot be listed is said by who lists them


def _marks(folder: Path) -> dict[str, PhotoState]:
    path = folder / FOLDER_NAME / STATES_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT or content["version"] > _VERSION:
            raise ValueError("it is of another program or of a newer version")
        return dict(_known(content["photos"].items()))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ExportError(
            f"The marks in {path} cannot be read ({error}); they are left alone, move the file to begin anew."
        ) from error


def _known(items: Iterable[tuple[str, str]]) -> Iterable[tuple[str, PhotoState]]:
    values = {state.value: state for state in PhotoState}
    return ((name, values[value]) for name, value in items if value in values)
