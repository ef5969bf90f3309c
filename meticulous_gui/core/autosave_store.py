"""The files of autosaved work: pieces of changed tiles in their order, and an index that says which count.

A work is a folder with `work.json`, pieces `changes-000001.bin` ... and, for a photo without a file, its
pixels in `photo.png`. A piece is written before the index that names it, so a power cut leaves the state
before or after.
"""

from __future__ import annotations

import contextlib
import io
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import MaskError
from meticulous_gui.core.files import write_bytes
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import DecidedMap, Layer
from meticulous_gui.core.tiles import TILE_PX

__all__ = ["INDEX_NAME", "LOCK_NAME", "PHOTO_NAME", "TileContent", "WorkFiles", "tile_box"]

INDEX_NAME: Final = "work.json"
LOCK_NAME: Final = "owner.lock"
PHOTO_NAME: Final = "photo.png"
_FORMAT: Final = "meticulous-autosave"
_VERSION: Final = 1
_MAX_PIECES: Final = 48
"""Beyond this many, pieces are joined: a long day must not leave thousands of files."""

LayerTile = tuple[int, int, int]
"""Layer id, tile row, tile column."""


@dataclass(frozen=True, eq=False)
class TileContent:
    """One tile of one layer as it was.

    Attributes:
        alpha: (256, 256) uint8, or the one value of all its pixels; padded by 0 at the photo's edges.
        decided: (256, 32) uint8 of packed bits, None where nothing is decided.
    """

    alpha: NDArray[np.uint8] | int
    decided: NDArray[np.uint8] | None


def tile_box(row: int, column: int, size_hw: tuple[int, int]) -> Box:
    """Return the pixels of a tile inside the photo."""
    y, x = row * TILE_PX, column * TILE_PX
    return Box(x, y, x + TILE_PX, y + TILE_PX).clip(Box.whole(size_hw))


class WorkFiles:
    """Reading and writing one work's folder; used by one thread at a time."""

    def __init__(self, folder: Path, pieces: Sequence[str] = ()) -> None:
        self.folder = folder
        self._pieces = list(pieces)
        self._n_pieces_ever = max((int(name[8:14]) for name in pieces), default=0)

    @classmethod
    def open(cls, folder: Path) -> tuple[WorkFiles, dict[str, Any]]:
        """Return the files of a work and its index.

        Raises:
            ValueError: the index is damaged or of a newer program.
            OSError: it cannot be read.
        """
        index = json.loads((folder / INDEX_NAME).read_text(encoding="utf-8"))
        if not isinstance(index, dict) or index.get("format") != _FORMAT or index.get("version") != _VERSION:
            raise ValueError("it is not work of this version of Meticulous")
        return cls(folder, [str(name) for name in index["pieces"]]), index

    def write(self, tiles: Mapping[LayerTile, TileContent], index: Mapping[str, Any]) -> None:
        """Add changed tiles and make ``index`` the present state.

        Raises:
            ExportError: nothing of this counts; what was written before does.
        """
        pieces = list(self._pieces)
        if tiles:
            pieces.append(self._write_piece(tiles))
        old: list[str] = []
        if len(pieces) > _MAX_PIECES:
            layer_ids = {entry["id"] for entry in index["layers"]}
            joined = {key: tile for key, tile in self._read(pieces).items() if key[0] in layer_ids}
            old, pieces = pieces, [self._write_piece(joined)]
        content = {"format": _FORMAT, "version": _VERSION, **index, "pieces": pieces}
        write_bytes(self.folder / INDEX_NAME, json.dumps(content, ensure_ascii=False, indent=1).encode())
        self._pieces = pieces
        for name in old:
            with contextlib.suppress(OSError):  # a piece that nothing names harms nobody
                (self.folder / name).unlink()

    def read_layers(
        self, entries: Iterable[Mapping[str, Any]], size_hw: tuple[int, int]
    ) -> tuple[Layer, ...]:
        """Return the layers of an index with everything that was saved of them.

        Raises:
            MaskError: a piece is damaged.
        """
        alphas: dict[int, NDArray[np.uint8]] = {}
        decideds: dict[int, DecidedMap] = {}
        listed = list(entries)
        for entry in listed:
            alphas[entry["id"]] = np.zeros(size_hw, np.uint8)
            decideds[entry["id"]] = DecidedMap(size_hw)
        for (layer_id, row, column), tile in self._read(self._pieces).items():
            box = tile_box(row, column, size_hw)
            if layer_id not in alphas or box.is_empty:
                continue
            pixels = tile.alpha if isinstance(tile.alpha, int) else tile.alpha[: box.height, : box.width]
            alphas[layer_id][box.slices()] = pixels
            if tile.decided is not None:
                bits = np.unpackbits(tile.decided, axis=1)[: box.height, : box.width]
                decideds[layer_id].set(box, bits.astype(np.bool_))
        return tuple(
            Layer(
                entry["id"],
                entry["name"],
                alphas[entry["id"]],
                decided=decideds[entry["id"]],
                colour=(entry["colour"][0], entry["colour"][1], entry["colour"][2]),
                category=entry["category"],
                visible=entry["visible"],
                locked=entry["locked"],
            )
            for entry in listed
        )

    def _write_piece(self, tiles: Mapping[LayerTile, TileContent]) -> str:
        self._n_pieces_ever += 1
        name = f"changes-{self._n_pieces_ever:06d}.bin"
        write_bytes(self.folder / name, _packed(tiles))
        return name

    def _read(self, pieces: Iterable[str]) -> dict[LayerTile, TileContent]:
        """Return the newest content of every tile."""
        tiles: dict[LayerTile, TileContent] = {}
        for name in pieces:
            path = self.folder / Path(name).name
            try:
                tiles.update(_unpacked(path.read_bytes()))
            except (OSError, ValueError, KeyError, IndexError, EOFError, zlib.error) as error:
                raise MaskError(
                    f"{path} is damaged ({error}), so the autosaved work cannot be restored; discard it."
                ) from error
        return tiles


def _packed(tiles: Mapping[LayerTile, TileContent]) -> bytes:
    """Return a piece: a table of (layer, row, column, alpha, decided) beside the pixels it points into.

    An alpha below 0 is the pixel array -1 - alpha, else the value of the whole tile; decided likewise, with
    0 for nothing.
    """
    table, alphas, decideds = [], [], []
    for (layer_id, row, column), tile in tiles.items():
        alpha = tile.alpha
        if not isinstance(alpha, int):
            alphas.append(alpha)
            alpha = -len(alphas)
        decided = 0
        if tile.decided is not None:
            decideds.append(tile.decided)
            decided = -len(decideds)
        table.append((layer_id, row, column, alpha, decided))
    buffer = io.BytesIO()
    np.savez(
        buffer,
        table=np.array(table, np.int64).reshape(-1, 5),
        alphas=np.array(alphas, np.uint8).reshape(-1, TILE_PX, TILE_PX),
        decideds=np.array(decideds, np.uint8).reshape(-1, TILE_PX, TILE_PX // 8),
    )
    return zlib.compress(buffer.getbuffer(), 1)


def _unpacked(content: bytes) -> dict[LayerTile, TileContent]:
    with np.load(io.BytesIO(zlib.decompress(content)), allow_pickle=False) as arrays:
        table, alphas, decideds = arrays["table"], arrays["alphas"], arrays["decideds"]
    return {
        (int(layer_id), int(row), int(column)): TileContent(
            int(alpha) if alpha >= 0 else alphas[-1 - alpha], None if decided == 0 else decideds[-1 - decided]
        )
        for layer_id, row, column, alpha, decided in table
    }
