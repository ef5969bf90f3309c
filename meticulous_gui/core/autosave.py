"""Unsaved work that a crash must not take: written to the state folder, offered at the next start.

The window's thread calls `take`, which copies the changed tiles; what it returns is run by an executor.
Autosaving never changes the document and never makes it count as saved.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from meticulous_gui.core.autosave_store import (
    INDEX_NAME,
    LOCK_NAME,
    PHOTO_NAME,
    LayerTile,
    TileContent,
    WorkFiles,
    tile_box,
)
from meticulous_gui.core.document import Document, LayerChange, LayerEvent
from meticulous_gui.core.errors import ExportError, MaskError
from meticulous_gui.core.files import atomic_write, ensure_folder
from meticulous_gui.core.folders import state_dir
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.locks import FileLock
from meticulous_gui.core.photo import DecodeLimits, Photo, load_photo, photo_from_array
from meticulous_gui.core.tiles import TILE_PX

__all__ = ["Autosave", "RecoverableWork", "RecoveredWork", "autosave_folder", "recoverable_works"]

QUIET_S: Final = 2.0
LONGEST_S: Final = 20.0


def autosave_folder() -> Path:
    """Return the folder that holds one sub-folder for each unsaved work."""
    return state_dir() / "autosave"


class Autosave:
    """Follows one document and writes what changed.

    Attributes:
        folder: of this work; it appears with the first write.
    """

    def __init__(
        self,
        document: Document,
        *,
        folder: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to follow ``document``.

        Args:
            document: whose changes.
            folder: of all works; that of the platform without one.
            clock: seconds that only grow.
        """
        parent = autosave_folder() if folder is None else folder
        self.folder = parent / f"{document.photo.name[:60]}-{secrets.token_hex(4)}"
        self._document = document
        self._clock = clock
        self._dirty: set[LayerTile] = set()
        self._has_base = False
        self._taken_revision = document.revision
        self._first_change_s: float | None = None
        self._last_change_s = 0.0
        self._writer = _Writer(document.photo, self.folder)
        self._stops = [
            document.subscribe(self._on_pixels),
            document.subscribe_layers(self._on_layers),
            document.subscribe_history(self._on_history),
        ]

    def due_in_s(self) -> float | None:
        """Return the seconds until `take` should be called, 0 for now, None while nothing changed.

        That is after 2 quiet seconds, and after 20 at most while a person never pauses.
        """
        if self._first_change_s is None:
            return None
        due = min(self._last_change_s + QUIET_S, self._first_change_s + LONGEST_S)
        return max(due - self._clock(), 0.0)

    def take(self) -> Callable[[], None] | None:
        """Return the work of writing what changed, for another thread; None where nothing did.

        A document that equals what is saved needs no autosave: then the work is to remove it. Writing raises
        ExportError where it fails; the next `take` tries the same again.
        """
        self._first_change_s = None
        self._take_back_failed()
        if not self._document.is_dirty:
            self._dirty.clear()
            was_written, self._has_base = self._has_base, False
            return self._writer.remove if was_written else None
        if self._has_base and not self._dirty and self._document.revision == self._taken_revision:
            return None
        tiles = self._copies()
        index = self._index()
        self._dirty.clear()
        self._has_base = True
        self._taken_revision = self._document.revision
        writer = self._writer
        return lambda: writer.write(tiles, index)

    def close(self) -> None:
        """Stop following and remove the files: the work is saved, or the person gave it up."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        self._writer.close()

    def _copies(self) -> dict[LayerTile, TileContent]:
        layers = {layer.id: layer for layer in self._document.layers}
        if self._has_base:
            wanted = [key for key in sorted(self._dirty) if key[0] in layers]
            return {key: _copy_tile(layers[key[0]], *key[1:]) for key in wanted}
        # The first time everything is written, except for the tiles of nothing that a layer begins with.
        tiles = {}
        for layer in layers.values():
            for key in _all_tiles(layer.id, layer.box):
                tile = _copy_tile(layer, *key[1:])
                if tile.decided is not None or not (isinstance(tile.alpha, int) and tile.alpha == 0):
                    tiles[key] = tile
        return tiles

    def _index(self) -> dict[str, Any]:
        return {
            "saved_at": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
            "active": self._document.active.id,
            "layers": [
                {
                    "id": layer.id,
                    "name": layer.name,
                    "colour": list(layer.colour),
                    "category": layer.category,
                    "visible": layer.visible,
                    "locked": layer.locked,
                }
                for layer in self._document.layers
            ],
        }

    def _take_back_failed(self) -> None:
        failed = self._writer.failed_tiles()
        if failed is None:
            return
        # Without its first piece a work has no base: then everything is due again.
        self._has_base = self._has_base and self._writer.has_index
        self._dirty |= failed
        self._taken_revision = -1

    def _on_pixels(self, layer_id: int, box: Box) -> None:
        self._dirty.update(_all_tiles(layer_id, box))
        self._note_change()

    def _on_layers(self, event: LayerEvent) -> None:
        if event.kind is LayerChange.ADDED:
            self._dirty.update(_all_tiles(event.layer_id, self._document.box))
        if event.kind is not LayerChange.ACTIVE:
            self._note_change()

    def _on_history(self) -> None:
        # Saving and undoing back to what is saved change no pixel that matters any more, but the need.
        if self._has_base and not self._document.is_dirty:
            self._note_change()

    def _note_change(self) -> None:
        self._last_change_s = self._clock()
        if self._first_change_s is None:
            self._first_change_s = self._last_change_s


def _all_tiles(layer_id: int, box: Box) -> list[LayerTile]:
    return [(layer_id, part.y0 // TILE_PX, part.x0 // TILE_PX) for part in box.tiles(TILE_PX)]


def _copy_tile(layer: Layer, row: int, column: int) -> TileContent:
    box = tile_box(row, column, layer.size_hw)
    pixels = layer.alpha[box.slices()]
    value = int(pixels[0, 0])
    alpha: np.ndarray | int = value
    if (pixels != value).any():
        alpha = np.zeros((TILE_PX, TILE_PX), np.uint8)
        alpha[: box.height, : box.width] = pixels
    mask = layer.decided.get(box)
    if not mask.any():
        return TileContent(alpha, None)
    padded = np.zeros((TILE_PX, TILE_PX), np.bool_)
    padded[: box.height, : box.width] = mask
    return TileContent(alpha, np.packbits(padded, axis=1))


class _Writer:
    """Does the writing, in whatever thread; what failed waits for the next try."""

    def __init__(self, photo: Photo, folder: Path) -> None:
        self._photo = photo
        self._folder = folder
        self._guard = threading.Lock()
        self._lock: FileLock | None = None
        self._files: WorkFiles | None = None
        self._photo_entry: dict[str, Any] = {}
        self._failed: set[LayerTile] | None = None
        self._is_closed = False
        self.has_index = False

    def failed_tiles(self) -> set[LayerTile] | None:
        """Return and forget the tiles of failed writes, None where none failed."""
        with self._guard:
            failed, self._failed = self._failed, None
            return failed

    def write(self, tiles: dict[LayerTile, TileContent], index: dict[str, Any]) -> None:
        with self._guard:
            if self._is_closed:
                return
            try:
                files = self._open()
                files.write(tiles, {**index, "photo": self._photo_entry})
            except BaseException:
                self._failed = (self._failed or set()) | set(tiles)
                raise
            self.has_index = True

    def remove(self) -> None:
        with self._guard:
            self._remove()

    def close(self) -> None:
        """Remove the files and ignore writes that are still waiting in an executor."""
        with self._guard:
            self._is_closed = True
            self._remove()

    def _remove(self) -> None:
        self._files = None
        self._failed = None
        self.has_index = False
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            shutil.rmtree(self._folder, ignore_errors=True)

    def _open(self) -> WorkFiles:
        """Return the files of this work; the first time its folder is made and taken."""
        if self._files is not None:
            return self._files
        ensure_folder(self._folder)
        if self._lock is None:
            try:
                self._lock = FileLock.acquire(self._folder / LOCK_NAME)
            except OSError as error:
                raise ExportError(
                    f"Unsaved work cannot be kept in {self._folder} ({error.strerror}); save it soon."
                ) from error
        height, width = self._photo.size_hw
        self._photo_entry = {
            "path": None if self._photo.path is None else str(self._photo.path.absolute()),
            "name": self._photo.name,
            "width": width,
            "height": height,
            "sha256": hashlib.sha256(self._photo.rgb.data).hexdigest(),
        }
        if self._photo.path is None or not self._photo.path.exists():
            with atomic_write(self._folder / PHOTO_NAME) as stream:
                write_png(stream, self._photo.rgb)
            self._photo_entry["path"] = None
        self._files = WorkFiles(self._folder)
        return self._files


@dataclass(frozen=True, eq=False)
class RecoveredWork:
    """Work brought back.

    Attributes:
        photo: as it was opened.
        layers: the lowest first, with every decided pixel; make a document of them.
        active_id: the layer that was active.
        notes: sentences that a person should know.
    """

    photo: Photo
    layers: tuple[Layer, ...]
    active_id: int | None
    notes: tuple[str, ...]


class RecoverableWork:
    """Work whose program ended without saving it.

    Attributes:
        folder: where its files are.
        photo_name: for the question to the person.
        photo_path: None for a picture that had no file.
        saved_at: when it was written last.
        n_layers: how many layers it has.
    """

    def __init__(self, folder: Path) -> None:
        """Read the index.

        Raises:
            ValueError, KeyError, OSError: it is not (yet) a work.
        """
        self.folder = folder
        self._files, self._index = WorkFiles.open(folder)
        photo = self._index["photo"]
        self.photo_name = str(photo["name"])
        self.photo_path = None if photo["path"] is None else Path(photo["path"])
        self.saved_at = datetime.datetime.fromisoformat(self._index["saved_at"])
        self.n_layers = len(self._index["layers"])
        self._lock: FileLock | None = None

    def restore(self, limits: DecodeLimits | None = None) -> RecoveredWork:
        """Return photo and layers; the files stay until `discard`.

        Raises:
            PhotoError: the photo is gone or cannot be read.
            MaskError: the work is damaged, or the photo has another size now.
        """
        if self._lock is None:
            self._lock = FileLock.acquire(self.folder / LOCK_NAME)
        if self._lock is None:
            raise MaskError(f"The unsaved work on {self.photo_name} is open in another window; use that one.")
        entry = self._index["photo"]
        path = self.folder / PHOTO_NAME if self.photo_path is None else self.photo_path
        photo = load_photo(path, DecodeLimits() if limits is None else limits)
        if self.photo_path is None:
            photo = photo_from_array(photo.rgb)
        size_hw = (int(entry["height"]), int(entry["width"]))
        if photo.size_hw != size_hw:
            raise MaskError(
                f"{path} was {size_hw[1]} x {size_hw[0]} px when its mask was autosaved and is "
                f"{photo.size_hw[1]} x {photo.size_hw[0]} px now; put the old photo back or discard the work."
            )
        notes = photo.notes
        if hashlib.sha256(photo.rgb.data).hexdigest() != entry["sha256"]:
            notes = (*notes, f"{path} was changed after its mask was autosaved; check that it still fits.")
        layers = self._files.read_layers(self._index["layers"], size_hw)
        return RecoveredWork(photo, layers, self._index["active"], notes)

    def discard(self) -> None:
        """Remove the work for good (after the restored document was autosaved itself, or on request)."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        shutil.rmtree(self.folder, ignore_errors=True)


def recoverable_works(folder: Path | None = None) -> list[RecoverableWork]:
    """Return the works whose owners have died, the newest first; those of living windows are not listed.

    Args:
        folder: of all works; that of the platform without one.
    """
    parent = autosave_folder() if folder is None else folder
    works: list[RecoverableWork] = []
    candidates = sorted(parent.iterdir()) if parent.is_dir() else []
    for candidate in candidates:
        if not (candidate / INDEX_NAME).is_file() or FileLock.is_held(candidate / LOCK_NAME):
            continue
        with contextlib.suppress(
            ValueError, KeyError, TypeError, OSError
        ):  # of a newer program: not ours to judge
            works.append(RecoverableWork(candidate))
    return sorted(works, key=lambda work: work.saved_at, reverse=True)
