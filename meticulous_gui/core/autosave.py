"""Unsaved work that a crash must not take: every change is in the state folder within two seconds.

The window's thread calls `copy_some` and `take`, which copy changed tiles; what `take` returns is run by an
executor. Autosaving never changes the document and never makes it count as saved. What is left behind by a
process that died is found by `core.recovery`.
"""

from __future__ import annotations

import datetime
import math
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from meticulous_gui.core.autosave_store import Changes, LayerTile, TileContent
from meticulous_gui.core.autosave_writer import AutosaveWriter
from meticulous_gui.core.document import Document, LayerChange, LayerEvent
from meticulous_gui.core.folders import state_dir
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.history_record import record_history
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.packing import PackedImage, is_plain
from meticulous_gui.core.tiles import TILE_PX

__all__ = ["Autosave", "autosave_folder"]

DELAY_S: Final = 0.5
"""How long a change waits at least, so that a write is worth its while."""

SAFE_S: Final = 2.0
"""What was painted so long ago is on disk, the copying and the writing included."""

COPY_PATIENCE_S: Final = 0.4
"""How long copying may take in slices, small ones at first; about then `take` copies what is left."""

MARGIN: Final = 1.5
"""A write may take so many times as long as the one before."""

SHORT_WRITE_S: Final = 0.3
"""A write is expected to take so long at least: of the first nothing is known, and machines become busy."""

LONGEST_S: Final = 20.0
"""How long it waits at most where writing is slow."""


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
        noticed: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin to follow ``document``.

        Args:
            document: whose changes.
            folder: of all works; that of the platform without one.
            noticed: called at the first change after `take`: `due_in_s` says when it wants to be written.
            clock: seconds that only grow.
        """
        parent = autosave_folder() if folder is None else folder
        self.folder = parent / f"{document.photo.name[:60]}-{secrets.token_hex(4)}"
        self._document = document
        self._noticed = noticed
        self._clock = clock
        self._dirty: set[LayerTile] = set()
        self._copied: dict[LayerTile, TileContent] = {}
        self._is_begun = False
        self._has_base = False
        self._step_versions: dict[int, int] = {}
        self._aside: dict[int, PackedImage] = {}
        self._first_change_s: float | None = None
        self._writer = AutosaveWriter(document.photo, self.folder, clock)
        self._stops = [
            document.subscribe(self._on_pixels),
            document.subscribe_layers(self._on_layers),
            document.subscribe_history(self._on_history),
        ]
        if document.unsaved.is_any:  # restored
            self._first_change_s = self._clock()

    def due_in_s(self) -> float | None:
        """Return the seconds until `take` should be called, 0 for now, None while nothing changed.

        That is half a second after the first change. Where the last write took long it is later, but early
        enough for the change to be safe in time; where that cannot be, or writing failed, it waits longer.
        """
        now = self._clock()
        if self._writer.has_failed and self._first_change_s is None:
            self._first_change_s = now
        if self._first_change_s is None:
            return None
        rested_s = min(self._writer.rests_until_s, self._first_change_s + self._patience_s())
        due = max(self._first_change_s + DELAY_S, rested_s)
        return max(min(due, self._first_change_s + LONGEST_S) - now, 0.0)

    def is_urgent(self) -> bool:
        """Return whether what changed first is safe in time only if `take` is called now, at any cost."""
        since_s = self._first_change_s
        return since_s is not None and self._clock() - since_s >= self._patience_s() + COPY_PATIENCE_S

    def _patience_s(self) -> float:
        """Return how long a change may wait for a rest to end and still be safe in time."""
        took_s = max(self._writer.took_s, SHORT_WRITE_S)
        if self._writer.has_failed or took_s > SAFE_S / 2:
            return math.inf  # it would not be safe in time anyhow, and a slow disk be busy without an end
        return SAFE_S - COPY_PATIENCE_S - MARGIN * took_s

    def copy_some(self, budget_s: float) -> bool:
        """Copy changed tiles for about ``budget_s``; return whether all are copied and `take` will be quick.

        What changes meanwhile is copied again: the window stays smooth, and `take` sees one moment.
        """
        self._begin()
        until_s = time.perf_counter() + budget_s
        return all(time.perf_counter() < until_s for _ in self._pieces())

    def take(self) -> Callable[[], None] | None:
        """Return the work of writing what changed, for another thread; None where nothing did.

        A document that equals what is saved needs no autosave: then the work is to remove it. Writing raises
        ExportError where it fails; the next `take` begins from scratch. Of several works the first that runs
        does them all, in their order.
        """
        if not self._document.unsaved.is_any:
            self._first_change_s = None
            was_written = self._has_base
            self._forget()
            return self._writer.later(None) if was_written else None
        if self._first_change_s is None and not self._writer.has_failed:
            return None
        self._begin()
        layers = {layer.id: layer for layer in self._document.layers}
        for key in self._dirty:
            self._copy(key, layers)
        self._dirty.clear()
        self._first_change_s = None
        changes = self._changes(is_all=not self._has_base)
        self._has_base, self._is_begun, self._copied = True, False, {}
        return self._writer.later(changes)

    @property
    def wants_note(self) -> bool:
        """Whether work was written and `note_photo` was not called since."""
        return self._writer.wants_digest

    def note_photo(self) -> None:
        """Note what the photo is like, for the next start; for any thread, and nothing has to wait for it."""
        self._writer.note_digest()

    def write_now(self) -> None:
        """Write what changed, and what `take` gave and nobody has run yet.

        Raises:
            ExportError: one sentence; it is not kept.
        """
        self.take()
        self._writer.run()
        if self.wants_note:
            self.note_photo()

    def close(self) -> None:
        """Stop following and remove the files: the work is saved, or the person gave it up."""
        for stop in self._stops:
            stop()
        self._stops.clear()
        self._writer.close()

    def _begin(self) -> None:
        if self._writer.take_failure():
            self._forget()
        if not self._has_base and not self._is_begun:
            for layer in self._document.layers:
                self._dirty.update(_all_tiles(layer.id, layer.box))
        self._is_begun = True

    def _pieces(self) -> Iterator[None]:
        """Do what `take` would do otherwise, a little of it between two yields."""
        layers = {layer.id: layer for layer in self._document.layers}
        while self._dirty:
            yield
            self._copy(self._dirty.pop(), layers)
        history = self._document.history
        for layer in history.layers:
            while layer.is_aside and not layer.packed().is_done:
                yield
                layer.packed().pack_strip()
        for step in history.growing:
            for diff in step.diffs():
                yield
                diff.packed()  # kept by it until it changes

    def _forget(self) -> None:
        """Begin from scratch with the next write."""
        self._dirty.clear()
        self._copied = {}
        self._step_versions = {}
        self._aside = {}
        self._has_base = self._is_begun = False

    def _copy(self, key: LayerTile, layers: dict[int, Layer]) -> None:
        layer = layers.get(key[0])
        if layer is None:
            return
        tile = _copy_tile(layer, *key[1:])
        is_nothing = tile.decided is None and isinstance(tile.alpha, int) and tile.alpha == 0
        if self._has_base or not is_nothing:
            self._copied[key] = tile
        else:
            self._copied.pop(key, None)

    def _changes(self, *, is_all: bool) -> Changes:
        document = self._document
        record = record_history(document.history, self._step_versions)
        self._step_versions = dict(record.versions)
        removed = {layer.id: layer for layer in record.layers if not document.has_layer(layer.id)}
        packed = {layer_id: layer.packed() for layer_id, layer in removed.items()}
        fresh = [layer for layer in removed.values() if self._aside.get(layer.id) is not packed[layer.id]]
        awake = tuple(set(self._aside) - set(removed))
        self._aside = packed
        tiles = {key: tile for key, tile in self._copied.items() if document.has_layer(key[0])}
        for layer in fresh:
            for row, column in layer.decided.tile_keys():
                tiles[layer.id, row, column] = TileContent(None, layer.decided.tile((row, column)))
        since = document.unsaved.since
        return Changes(
            is_all=is_all,
            tiles=tiles,
            asleep={layer.id: packed[layer.id].finish() for layer in fresh},
            awake=awake,
            layers=tuple(_entry(layer) for layer in (*document.layers, *removed.values())),
            history=record,
            facts={
                "saved_at": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
                "active": document.active.id,
                "order": [layer.id for layer in document.layers],
                "n_unsaved_changes": document.unsaved.n_changes,
                "unsaved_since": None if since is None else since.isoformat(timespec="seconds"),
                "on_disk": document.on_disk.value,
            },
        )

    def _on_pixels(self, layer_id: int, box: Box) -> None:
        self._dirty.update(_all_tiles(layer_id, box))
        self._note_change()

    def _on_layers(self, event: LayerEvent) -> None:
        if event.kind is LayerChange.ADDED:
            self._dirty.update(_all_tiles(event.layer_id, self._document.box))
        if event.kind is not LayerChange.ACTIVE:
            self._note_change()

    def _on_history(self) -> None:
        # A step may end without another pixel, and saving ends the need.
        if self._has_base or self._document.unsaved.is_any:
            self._note_change()

    def _note_change(self) -> None:
        if self._first_change_s is None:
            self._first_change_s = self._clock()
            self._noticed()


def _all_tiles(layer_id: int, box: Box) -> list[LayerTile]:
    # Without boxes: a whole mask has 1,500 tiles at 100 megapixels.
    rows = range(box.y0 // TILE_PX, -(-box.y1 // TILE_PX))
    columns = range(box.x0 // TILE_PX, -(-box.x1 // TILE_PX))
    return [(layer_id, row, column) for row in rows for column in columns]


def _copy_tile(layer: Layer, row: int, column: int) -> TileContent:
    y, x = row * TILE_PX, column * TILE_PX
    pixels = layer.alpha[y : y + TILE_PX, x : x + TILE_PX]  # slices end where the layer does
    content = int(pixels[0, 0]) if is_plain(pixels) else np.array(pixels)
    return TileContent(content, layer.decided.tile((row, column)))


def _entry(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "name": layer.name,
        "colour": list(layer.colour),
        "category": layer.category,
        "visible": layer.visible,
        "locked": layer.locked,
    }
