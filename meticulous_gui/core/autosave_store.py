"""The file of autosaved work: an SQLite database of tiles, steps and one row that says what they are.

SQLite because its transactions are what this needs: a kill, a power cut or a full disk in the middle of a
write leaves the state before it, to the bit.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.history import DEFAULT_BUDGET_BYTES, History
from meticulous_gui.core.history_record import HistoryRecord, StepRecord, packed_bytes, rebuild_history
from meticulous_gui.core.layer import DecidedMap, Layer
from meticulous_gui.core.packing import check, unpack, unpack_image
from meticulous_gui.core.tiles import Bits, box_of, unpack_bits

__all__ = [
    "WORK_NAME",
    "Changes",
    "LayerTile",
    "NothingWrittenError",
    "TileContent",
    "WorkFile",
]

WORK_NAME: Final = "work.sqlite"
_APPLICATION: Final = 0x4D657469
_VERSION: Final = 2

log = logging.getLogger(__name__)

_SCHEMA: Final = """
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE tile (layer INTEGER, row INTEGER, column INTEGER, alpha, decided BLOB,
    PRIMARY KEY (layer, row, column));
CREATE TABLE asleep (layer INTEGER PRIMARY KEY, alpha BLOB NOT NULL);
CREATE TABLE step (id INTEGER PRIMARY KEY, about TEXT NOT NULL);
CREATE TABLE step_tile (step INTEGER, layer INTEGER, row INTEGER, column INTEGER,
    alpha BLOB NOT NULL, decided BLOB NOT NULL, touched BLOB NOT NULL,
    PRIMARY KEY (step, layer, row, column));
"""

LayerTile: TypeAlias = tuple[int, int, int]
"""Layer id, tile row, tile column."""


class NothingWrittenError(Exception):
    """A work was begun and its first write never ended."""


@dataclass(frozen=True, eq=False)
class TileContent:
    """One tile of one layer as it was.

    Attributes:
        alpha: (h, w) uint8, at the photo's edges what lies inside it; or the one value of all its pixels;
            None for a tile of a layer that sleeps.
        decided: (256, 32) uint8 of packed bits, None where nothing is decided.
    """

    alpha: NDArray[np.uint8] | int | None
    decided: Bits | None


@dataclass(frozen=True, eq=False)
class Changes:
    """What one write adds.

    Attributes:
        is_all: whether nothing that was written before counts any more.
        tiles: new content.
        asleep: layers that were removed and that a step can bring back: their alpha, compressed.
        awake: layers that sleep no more.
        layers: one entry for each layer, those that sleep included.
        history: the order of the steps, and the new ones.
        facts: what else is known; goes through JSON unharmed.
    """

    is_all: bool
    tiles: Mapping[LayerTile, TileContent]
    asleep: Mapping[int, bytes]
    awake: tuple[int, ...]
    layers: tuple[Mapping[str, Any], ...]
    history: HistoryRecord
    facts: Mapping[str, Any] = field(default_factory=dict)


class WorkFile:
    """One work's database; used by one thread at a time, and by one process (a lock beside it says so)."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    @classmethod
    def create(cls, path: Path) -> WorkFile:
        """Make the file, or go on with one that this process had made.

        Raises:
            sqlite3.Error: it cannot be written.
        """
        connection = _connect(path, "rwc")
        try:
            # A write ahead log needs one fsync for a write; exclusive, it needs no shared memory.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                script = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
                connection.executescript(f"BEGIN; {_SCHEMA} {script} COMMIT;")
        except BaseException:
            connection.close()
            raise
        return cls(path, connection)

    @classmethod
    def open(cls, path: Path) -> WorkFile:
        """Open the file that another process left behind.

        Raises:
            NothingWrittenError: it was made, and nothing more.
            sqlite3.Error: it cannot be read.
            ValueError: it is of another program, or of a newer version of this one.
        """
        connection = _connect(path, "rw")
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if (application, version) == (0, 0):
                raise NothingWrittenError
            if (application, version) != (_APPLICATION, _VERSION):
                raise ValueError("it is not work of this version of Meticulous")
        except BaseException:
            connection.close()
            raise
        return cls(path, connection)

    def close(self) -> None:
        self._connection.close()

    def write(self, changes: Changes) -> None:
        """Make ``changes`` part of what counts, all of them or none.

        Raises:
            sqlite3.Error: none of it counts; what was written before does.
        """
        with self._transaction() as run:
            if changes.is_all:
                for table in ("tile", "asleep", "step", "step_tile"):
                    run.execute(f"DELETE FROM {table}")
            _write_layers(run, changes)
            _write_steps(run, changes.history)
            facts = {**changes.facts, "layers": list(changes.layers), "history": dict(changes.history.about)}
            _write_facts(run, facts)

    def note(self, facts: Mapping[str, Any]) -> None:
        """Add or replace facts.

        Raises:
            sqlite3.Error: it cannot be written.
        """
        with self._transaction() as run:
            _write_facts(run, facts)

    def facts(self) -> dict[str, Any]:
        """Return everything but pixels and steps.

        Raises:
            NothingWrittenError: nothing was ever written.
            sqlite3.Error, ValueError: it is damaged.
        """
        rows = self._connection.execute("SELECT name, value FROM fact")
        facts = {name: json.loads(value) for name, value in rows}
        if not facts:
            raise NothingWrittenError
        return facts

    def read(
        self, size_hw: tuple[int, int], *, budget_bytes: int = DEFAULT_BUDGET_BYTES
    ) -> tuple[tuple[Layer, ...], History | None]:
        """Return the layers with everything that was saved of them, and how they came to be.

        Without a history where only that is damaged: the pixels matter more.

        Raises:
            sqlite3.Error, ValueError, KeyError, TypeError, IndexError: it is damaged.
        """
        facts = self.facts()
        layers = {layer.id: layer for layer in self._read_layers(facts["layers"], size_hw)}
        here = tuple(layers[layer_id] for layer_id in dict.fromkeys(facts["order"]))
        try:
            return here, rebuild_history(
                facts["history"], self._read_steps(), layers, budget_bytes=budget_bytes
            )
        except (sqlite3.Error, ValueError, KeyError, TypeError, IndexError) as error:
            log.warning("the steps in %s are damaged: %s", self.path, error)
            return here, None

    def _read_layers(self, entries: list[Mapping[str, Any]], size_hw: tuple[int, int]) -> Iterator[Layer]:
        alphas = {entry["id"]: np.zeros(size_hw, np.uint8) for entry in entries}
        decideds = {entry["id"]: DecidedMap(size_hw) for entry in entries}
        asleep = self._connection.execute("SELECT layer, alpha FROM asleep").fetchall()
        for layer_id, packed in asleep:
            alphas[layer_id][:] = unpack_image(packed, size_hw)
        for layer_id, row, column, alpha, bits in self._connection.execute(
            "SELECT layer, row, column, alpha, decided FROM tile"
        ):
            box = box_of((row, column), Box.whole(size_hw))
            if isinstance(alpha, int):
                alphas[layer_id][box.slices()] = alpha
            elif alpha is not None:
                alphas[layer_id][box.slices()] = unpack(alpha, box.size_hw)
            if bits is not None:
                check(bits)
                # Nothing is decided there yet.
                decideds[layer_id].xor_tile((row, column), unpack_bits(bits))
        for entry in entries:
            red, green, blue = entry["colour"]
            layer = Layer(
                entry["id"],
                entry["name"],
                alphas.pop(entry["id"]),
                decided=decideds[entry["id"]],
                colour=(red, green, blue),
                category=entry["category"],
                visible=entry["visible"],
                locked=entry["locked"],
            )
            yield layer

    def _read_steps(self) -> dict[int, StepRecord]:
        tiles: dict[int, dict[LayerTile, tuple[bytes, ...]]] = {}
        for step_id, layer_id, row, column, *parts in self._connection.execute("SELECT * FROM step_tile"):
            tiles.setdefault(step_id, {})[layer_id, row, column] = tuple(parts)
        return {
            step_id: StepRecord(step_id, json.loads(about), tiles.get(step_id, {}))
            for step_id, about in self._connection.execute("SELECT id, about FROM step")
        }

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it by itself
                self._connection.execute("ROLLBACK")
            raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )


def _write_facts(run: sqlite3.Connection, facts: Mapping[str, Any]) -> None:
    run.executemany(
        "INSERT OR REPLACE INTO fact VALUES (?, ?)",
        [(name, json.dumps(value)) for name, value in facts.items()],
    )


def _write_layers(run: sqlite3.Connection, changes: Changes) -> None:
    ids = {entry["id"] for entry in changes.layers}
    gone = [row for row in run.execute("SELECT DISTINCT layer FROM tile") if row[0] not in ids]
    asleep = [(layer_id,) for layer_id in changes.asleep]
    run.executemany("DELETE FROM tile WHERE layer = ?", gone + asleep)
    gone = [row for row in run.execute("SELECT layer FROM asleep") if row[0] not in ids]
    run.executemany("DELETE FROM asleep WHERE layer = ?", gone + [(layer_id,) for layer_id in changes.awake])
    run.executemany("INSERT OR REPLACE INTO asleep VALUES (?, ?)", changes.asleep.items())
    for key, tile in changes.tiles.items():
        alpha = packed_bytes(tile.alpha) if isinstance(tile.alpha, np.ndarray) else tile.alpha
        bits = None if tile.decided is None else packed_bytes(tile.decided)
        run.execute("INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?, ?)", (*key, alpha, bits))


def _write_steps(run: sqlite3.Connection, history: HistoryRecord) -> None:
    new = {step.id for step in history.steps}
    here = [step_id for (step_id,) in run.execute("SELECT id FROM step")]
    old = [(step_id,) for step_id in here if step_id in new or step_id not in history.versions]
    run.executemany("DELETE FROM step WHERE id = ?", old)
    run.executemany("DELETE FROM step_tile WHERE step = ?", old)
    for step in history.steps:
        run.execute("INSERT INTO step VALUES (?, ?)", (step.id, json.dumps(step.about)))
        for key, parts in step.tiles.items():
            packed = (packed_bytes(part) for part in parts)
            run.execute("INSERT INTO step_tile VALUES (?, ?, ?, ?, ?, ?, ?)", (step.id, *key, *packed))
