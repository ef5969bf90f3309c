"""Where the layers of photos are kept whose own folder cannot be written, remembered between starts."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import json_bytes, write_bytes

MAX_PLACES = 1000

log = logging.getLogger(__name__)


class LayerPlaces:
    """A small file of photo -> folder.

    Args:
        path: the file; None remembers for this start only.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._folders = _read(path) if path is not None else {}

    def folder_of(self, photo: Path | None) -> Path | None:
        """Return the folder the person picked for a photo, None for the usual place."""
        folder = self._folders.get(str(photo.absolute())) if photo is not None else None
        return Path(folder) if folder is not None else None

    def of_photos_in(self, folder: Path) -> dict[str, Path]:
        """Return the folders that were picked for photos of a folder, by their names."""
        place = folder.absolute()
        found = ((Path(photo), Path(picked)) for photo, picked in self._folders.items())
        return {photo.name: picked for photo, picked in found if photo.parent == place}

    def note(self, photo: Path | None, folder: Path) -> None:
        """Remember a folder; one that cannot be remembered is only logged, the layers are safe."""
        if photo is None:
            return
        if self._path is not None:
            self._folders |= _read(self._path)  # another window may have noted something meanwhile
        self._folders.pop(str(photo.absolute()), None)
        self._folders[str(photo.absolute())] = str(folder.absolute())
        self._folders = dict(list(self._folders.items())[-MAX_PLACES:])
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(self._path, json_bytes(self._folders, indent=1))
        except (OSError, ExportError) as error:
            log.warning("the places of layers cannot be remembered: %s", error)


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        log.warning("the places of layers cannot be read: %s", error)
        return {}
    if not isinstance(content, dict):
        return {}
    return {str(photo): str(folder) for photo, folder in content.items()}
