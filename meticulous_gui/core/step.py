"""One step of a document: what it changed, tile by tile, and how a person is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.room import Spared
from meticulous_gui.core.structure import Structure
from meticulous_gui.core.tiles import TileDiff, TileKey

__all__ = ["LayerTile", "Step", "StepInfo"]

_MAX_OPEN_TILES: Final = 256
"""Tiles a step may hold uncompressed while it grows (20 MB); beyond, the longest unused is compressed."""

LayerTile = tuple[int, TileKey]


@dataclass(frozen=True)
class StepInfo:
    """One line of the history, for people.

    Attributes:
        id: unique within the document.
        title: what was done.
        boxes: (layer id, box) of what it changed.
        is_applied: False for steps that wait for redo.
        is_open: True while the step still grows (a refine under way).
        n_bytes: memory it holds.
    """

    id: int
    title: str
    boxes: tuple[tuple[int, Box], ...]
    is_applied: bool
    is_open: bool
    n_bytes: int


class Step:
    """One undo step: differences by layer and tile.

    Attributes:
        by_hand: whether a person did it; a network's results give way to such pixels.
        begun_revision, last_revision: the document's revision when it began and when it last grew.
        stamp: a number that changes whenever the step does; 0 while it is empty.
        structures: what it did to the list of layers, in this order.
        boxes: what it changed, by layer id.
        spared: how much of it was held back for other layers.
        version: grows with every change of a closed step.
        has_grown: whether it has changed anything yet.
    """

    def __init__(
        self, step_id: int, title: str, revision: int, *, structures: Sequence[Structure] = ()
    ) -> None:
        self.id = step_id
        self.title = title
        self.by_hand = False
        self.is_open = True
        self.begun_revision = revision
        self.last_revision = revision
        self.stamp = 0
        self.structures = tuple(structures)
        self.boxes: dict[int, Box] = {}
        self.spared = Spared()
        self.version = 0
        self.has_grown = False
        self._tiles: dict[LayerTile, TileDiff] = {}
        self._n_bytes = 0

    @property
    def is_without_effect(self) -> bool:
        """Whether taking it back would change nothing (a closed step)."""
        return not self.structures and not any(tile.differs for tile in self._tiles.values())

    @property
    def n_bytes(self) -> int:
        """Memory of its differences; layers that came or went are counted by the history, each once."""
        return self._n_bytes if not self.is_open else sum(tile.n_bytes for tile in self._tiles.values())

    def find(self, key: LayerTile) -> TileDiff | None:
        """Return what the step changed in a tile, None for nothing."""
        return self._tiles.get(key)

    def tile(self, key: LayerTile) -> TileDiff:
        """Return the difference of a tile to add to, a new one where there was none."""
        # Taken out and put in again: the dictionary's order is the order of use.
        diff = self._tiles.pop(key, None) or TileDiff()
        self._tiles[key] = diff
        if len(self._tiles) > _MAX_OPEN_TILES:
            self._freeze_unused()
        return diff

    def items(self) -> Iterable[tuple[LayerTile, TileDiff]]:
        return self._tiles.items()

    def diffs(self) -> Iterable[TileDiff]:
        return self._tiles.values()

    def grow_box(self, layer_id: int, box: Box) -> None:
        """Note that the step changed pixels in ``box``."""
        self.boxes[layer_id] = self.boxes.get(layer_id, Box(0, 0, 0, 0)).union(box)

    def settle(self) -> None:
        """Compress all tiles; after every change of a closed step."""
        self.version += 1
        for tile in self._tiles.values():
            tile.freeze()
        self._n_bytes = sum(tile.n_bytes for tile in self._tiles.values())

    def fill(self, tiles: Mapping[LayerTile, TileDiff], boxes: Mapping[int, Box], stamp: int) -> None:
        """Become the closed step that once held ``tiles`` (a history that is read back)."""
        self._tiles, self.boxes, self.stamp = dict(tiles), dict(boxes), stamp
        self.is_open = False
        self.settle()

    def info(self, *, is_applied: bool) -> StepInfo:
        return StepInfo(
            self.id, self.title, tuple(self.boxes.items()), is_applied, self.is_open, self.n_bytes
        )

    def _freeze_unused(self) -> None:
        # The last _MAX_OPEN_TILES stay open; of the others at most one is, the one that just fell out.
        for index, tile in enumerate(reversed(self._tiles.values())):
            if index == _MAX_OPEN_TILES:
                tile.freeze()
                return
