"""The JSON of a photo's saved layers: where it lies, what it must hold, which mask files it names.

`dog.jpg` has `.meticulous/dog.jpg.json` beside it; `core.project` writes and reads what it stands for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from meticulous_gui.core.natural_order import natural_key
from meticulous_gui.core.photo import Photo

__all__ = [
    "FOLDER_NAME",
    "FORMAT",
    "STATES_NAME",
    "VERSION",
    "categories_in",
    "digest_of_file",
    "has_saved_layers",
    "index_path_of",
    "index_paths",
    "is_plain_name",
    "masks_in",
    "names_in",
    "read_index",
    "saved_names",
]

FOLDER_NAME: Final = ".meticulous"
FORMAT: Final = "meticulous-layers"
VERSION: Final = 1
STATES_NAME: Final = "states.json"
"""How far the photos are (`core.photo_states`): the one JSON of the folder that is no photo's."""
_MAX_READ: Final = 2000
"""So many photos have used every category of a folder, or nearly."""


def index_path_of(photo: Photo, folder: Path | None = None) -> Path | None:
    """Return where the JSON of a photo's layers lies; None for a picture without a file or a folder.

    Args:
        photo: whose.
        folder: where its layers are saved to; `.meticulous` beside the photo without one.
    """
    if folder is not None:
        return Path(folder) / f"{photo.name}.json"
    return None if photo.path is None else photo.path.parent / FOLDER_NAME / f"{photo.name}.json"


def index_paths(folder: Path) -> list[Path]:
    """Return the JSON files of all photos whose layers were saved in a folder, by name."""
    paths = (path for path in folder.glob("*.json") if path.name != STATES_NAME)
    return sorted(paths, key=lambda path: natural_key(path.name))


def read_index(path: Path) -> dict[str, Any]:
    """Return the checked content of a JSON file of layers.

    Raises:
        ValueError: it is none, or of a newer program.
    """
    index = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(index, dict) or index.get("format") != FORMAT:
        raise ValueError("it is not a file of Meticulous")
    if not isinstance(index.get("version"), int) or index["version"] > VERSION:
        raise ValueError(f"it is of version {index.get('version')} and this program knows version {VERSION}")
    if not isinstance(index.get("photo"), dict) or not isinstance(index.get("layers"), list):
        raise ValueError("its photo or its layers are missing")
    return index


def names_in(index_path: Path, size_hw: tuple[int, int]) -> set[str] | None:
    """Return the mask files that a JSON names, None where it may not be replaced."""
    try:
        index = read_index(index_path)
    except (OSError, ValueError):
        return None
    if (index["photo"].get("height"), index["photo"].get("width")) != size_hw:
        return None
    return masks_in(index)


def masks_in(index: Mapping[str, Any]) -> set[str]:
    """Return the mask files that the content of a JSON names (`read_index`)."""
    names: set[str] = set()
    for entry in index["layers"]:
        if isinstance(entry, dict):
            names.update(entry[key] for key in ("mask", "decided") if is_plain_name(entry.get(key)))
    return names


def is_plain_name(name: Any) -> bool:
    """Return whether what a JSON names is a file of its own folder, on any system."""
    return isinstance(name, str) and name not in ("", ".", "..") and not set(name) & set("/\\:")


def has_saved_layers(photo: Photo, folder: Path | None = None) -> bool:
    """Return whether layers of a photo are on disk; the next opening would take them.

    Args:
        photo: whose.
        folder: where they were saved to; `.meticulous` beside the photo without one.
    """
    path = index_path_of(photo, folder)
    return path is not None and os.path.lexists(path)  # no error for a name that is too long


def saved_names(folder: Path) -> list[str]:
    """Return the names of the photos whose layers were saved in a folder; what is damaged is skipped."""
    names = []
    for path in index_paths(folder):
        with contextlib.suppress(OSError, ValueError, KeyError):
            names.append(str(read_index(path)["photo"]["name"]))
    return names


def categories_in(folder: Path) -> tuple[str, ...]:
    """Return the categories of all layers that were saved in a folder, sorted; what is damaged is skipped.

    Args:
        folder: `.meticulous` beside the photos, or where else their layers are kept.
    """
    found: set[str] = set()
    for path in index_paths(folder)[:_MAX_READ]:
        try:
            entries = read_index(path)["layers"]
        except (OSError, ValueError):
            continue  # opening its photo tells what is wrong
        found.update(
            str(entry["category"]) for entry in entries if isinstance(entry, dict) and entry.get("category")
        )
    return tuple(sorted(found, key=str.casefold))


def digest_of_file(path: Path | None) -> str | None:
    """Return the SHA-256 of a file in hex, None where there is none that can be read."""
    if path is None:
        return None
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None  # a photo that was moved meanwhile: its layers are worth saving all the same
