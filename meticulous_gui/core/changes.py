"""How pixels change under a history: by hand, by a network's result, back and forth, and as if never.

The applied steps form a chain; the value of a pixel is its beginning XOR the differences of all of them. A
step may grow while others lie above it (a refine that streams in while a person paints). These functions keep
one promise: at every place in the chain the pixel has a value that somebody really gave it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.history import History
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.rims import REACH_PX, along_rims, rim_signs
from meticulous_gui.core.step import LayerTile, Step
from meticulous_gui.core.tiles import TILE_PX, Slices, TileDiff, TileKey, box_of, pieces, read_bits
from meticulous_gui.core.types import Alpha, Mask

__all__ = ["Result", "take_back", "toggle", "write_by_hand", "write_result"]

NOTHING = Box(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Result:
    """What a network says about one box.

    Attributes:
        box: where, inside the image.
        alpha: (box.height, box.width) uint8.
        since_revision: the revision of the snapshot that the network worked on.
        respects_decided: whether decided pixels stay, and soft rims of strokes go only the stroke's way.
    """

    box: Box
    alpha: Alpha
    since_revision: int
    respects_decided: bool = True


def write_by_hand(history: History, step: Step, layer: Layer, edit: Edit, revision: int) -> Box:
    """Write ``edit`` so that it is seen, whatever lies above ``step``; return the box of changed pixels.

    Steps above that had changed one of its pixels give that pixel up: taking them back no longer touches it.
    """
    changed, above = NOTHING, history.above(step)
    pixels = layer.writable_alpha()[edit.box.slices()]
    for key, inner, own in pieces(edit.box):
        tile = layer.id, key
        change = pixels[own] ^ edit.alpha[own]
        decided_change = _decided_change(layer, edit, key, inner, own)
        touched = (change != 0) | decided_change
        changed = changed.union(_seen_at(touched, edit.box, own))
        if edit.touched is not None:
            touched |= edit.touched[own]
        if not touched.any():
            continue
        # What comes out as it was costs no redo; that a person has spoken about it counts all the same.
        grows = bool(above) or bool(change.any()) or bool(decided_change.any())
        if step.last_revision != revision or step.stamp == 0 or (grows and not step.has_grown):
            history.renew(step, revision, grows=grows)
        step.by_hand = True
        pixels[own] = edit.alpha[own]
        if edit.decided is not None and decided_change.any():
            layer.decided.set_piece(key, inner, edit.decided[own])
        if history.next is not None:
            waiting = list(history.waiting())
            _pass_through(history, waiting, tile, inner, change.copy(), decided_change.copy())
        for upper, diff in _found(above, tile):
            given, decided_given = diff.give_up(inner, touched)
            change, decided_change = change ^ given, decided_change ^ decided_given
            history.restamp(upper)
            history.resettle(upper)
        step.tile(tile).add(inner, change, decided_change, touched)
    if not changed.is_empty:
        step.grow_box(layer.id, changed)
    return changed


def write_result(
    history: History, step: Step, layer: Layer, result: Result, revision: int
) -> tuple[Box, int]:
    """Write a network's result below everything that a person did meanwhile.

    Pixels that a later step touched keep their look (the result is found under them when they are undone);
    pixels that are decided, or that a person edited after the snapshot, keep their value, but for the soft
    rims of strokes (`rims`).

    Returns:
        The box of the pixels that look different now, and how many pixels stayed because they are decided.
    """
    changed, n_kept_px, above = NOTHING, 0, history.above(step)
    rims, wanted = _with_rims(history, step, layer, result)
    box, pixels = result.box, layer.writable_alpha()[result.box.slices()]
    hands = history.hands_since(step, result.since_revision)
    for key, inner, own in pieces(box):
        tile = layer.id, key
        below, below_decided = pixels[own].copy(), layer.decided.get_piece(key, inner)
        _take_off(above, tile, inner, below, below_decided)
        change = below ^ wanted[own]
        newer = hands.read(tile)
        if newer is not None:
            change[read_bits(newer, inner)] = 0
        if result.respects_decided and below_decided.any():
            stays = below_decided & ~rims[own]
            n_kept_px += int(np.count_nonzero(change[stays]))
            change[stays] = 0
        if not change.any():
            continue
        if step.last_revision != revision or step.stamp == 0:
            history.renew(step, revision)
        touched = change != 0
        step.tile(tile).add(inner, change, None, touched)
        step.grow_box(layer.id, _seen_at(touched, box, own))
        seen = _sink(history, above, layer, tile, inner, pixels[own], change, np.zeros_like(below_decided))
        changed = changed.union(_seen_at(seen, box, own))
    return changed, n_kept_px


def _with_rims(history: History, step: Step, layer: Layer, result: Result) -> tuple[Mask, Alpha]:
    """Return where ``result`` meets soft rims of strokes, (h, w) bool, and its alpha as it goes with them."""
    box = result.box
    if not result.respects_decided or not layer.decided.get(box).any():
        return np.zeros(box.size_hw, np.bool_), result.alpha
    around = box.pad(REACH_PX).clip(layer.box)
    alpha, decided = _read_below(history, step, layer, around)
    inner = box.translate(-around.x0, -around.y0).slices()
    signs = rim_signs(alpha, decided)[inner]
    return signs != 0, along_rims(signs, alpha[inner], result.alpha)


def _read_below(history: History, step: Step, layer: Layer, box: Box) -> tuple[Alpha, Mask]:
    """Return the (h, w) alpha and decided pixels of ``box`` without ``step`` and all above it."""
    alpha, decided = layer.alpha[box.slices()].copy(), layer.decided.get(box)
    steps = [step, *history.above(step)]
    for key, inner, own in pieces(box):
        _take_off(steps, (layer.id, key), inner, alpha[own], decided[own])
    return alpha, decided


def _take_off(steps: list[Step], tile: LayerTile, inner: Slices, alpha: Alpha, decided: Mask) -> None:
    """Take what ``steps`` changed in a part of a tile off its alpha and decided pixels, both in place."""
    for _, diff in _found(steps, tile):
        alpha_change, decided_change = diff.read()
        alpha ^= alpha_change[inner]
        decided ^= read_bits(decided_change, inner)


def take_back(history: History, step: Step, layers: Mapping[int, Layer], revision: int) -> dict[int, Box]:
    """Remove a step from anywhere in the chain as if it had never been; return what looks different now.

    Pixels that a later step touched keep that step's value; its own difference then starts from below.
    """
    above = history.above(step)
    history.remove(step, revision)
    boxes: dict[int, Box] = {}
    for (layer_id, key), diff in step.items():
        layer = layers.get(layer_id)
        if layer is None:
            continue  # removed for good: no step brings it back
        part = box_of(key, layer.box)
        alpha, decided = diff.read()
        ((_, inner, own),) = pieces(part)
        change, decided_change = alpha[inner].copy(), read_bits(decided, inner)
        pixels = layer.writable_alpha()[part.slices()]
        seen = _sink(history, above, layer, (layer_id, key), inner, pixels, change, decided_change)
        boxes[layer_id] = boxes.get(layer_id, NOTHING).union(_seen_at(seen, part, own))
    return boxes


def toggle(step: Step, layers: Mapping[int, Layer], done: Collection[int]) -> None:
    """Undo the step on top, or redo the next one: the same thing, twice is nothing.

    Args:
        step: which.
        layers: by id.
        done: ids of those that have their alpha already.
    """
    for (layer_id, key), diff in step.items():
        if diff.decides and layer_id in layers:
            decided = layers[layer_id].decided
            decided.flip_tile(key) if diff.decides_all else decided.xor_tile(key, diff.read_decided())
    # A whole mask has 1,500 tiles at 100 megapixels: no boxes here, slices end where the layer does. Tiles
    # side by side are written as the long lines that they are in memory, five times as fast as one by one.
    line = np.zeros((0, 0), np.uint8)
    tiles_left = sorted((item for item in step.items() if item[0][0] not in done), key=itemgetter(0))
    for (layer_id, row), tiles in groupby(tiles_left, key=_row_of):
        layer = layers.get(layer_id)
        if layer is None:
            continue
        alpha, y = layer.writable_alpha(), row * TILE_PX
        if line.shape[1] < alpha.shape[1]:
            line = np.empty((TILE_PX, alpha.shape[1] + TILE_PX), np.uint8)
        for plain, first, diffs in _alike(tiles):
            x = first * TILE_PX
            here = alpha[y : y + TILE_PX, x : x + len(diffs) * TILE_PX]
            if plain is None:
                for index, diff in enumerate(diffs):
                    line[:, index * TILE_PX : (index + 1) * TILE_PX] = diff.read_alpha()
                cv2.bitwise_xor(here, line[: here.shape[0], : here.shape[1]], dst=here)
            elif plain:
                here ^= np.uint8(plain)


def _row_of(item: tuple[LayerTile, TileDiff]) -> tuple[int, int]:
    (layer_id, (row, _)), _ = item
    return layer_id, row


def _alike(row: Iterable[tuple[LayerTile, TileDiff]]) -> Iterator[tuple[int | None, int, list[TileDiff]]]:
    """Yield runs of neighbours in a row of tiles: their one plain difference or None, first column, tiles."""
    run: list[TileDiff] = []
    value, first = None, 0
    for (_, (_, column)), diff in row:
        plain = diff.plain_alpha
        if run and (plain != value or column != first + len(run)):
            yield value, first, run
            run = []
        if not run:
            value, first = plain, column
        run.append(diff)
    if run:
        yield value, first, run


def _decided_change(layer: Layer, edit: Edit, key: TileKey, inner: Slices, own: Slices) -> Mask:
    """Return which decided bits of a piece an edit turns over."""
    if edit.decided is None:
        return np.zeros(edit.alpha[own].shape, np.bool_)
    return layer.decided.get_piece(key, inner) ^ edit.decided[own]


def _seen_at(seen: Mask, box: Box, own: Slices) -> Box:
    """Return the smallest box around the pixels of ``seen``, which lies at ``own`` in ``box``."""
    rows, columns = own
    return bounding_box(seen).translate(box.x0 + columns.start, box.y0 + rows.start)


def _sink(
    history: History,
    above: list[Step],
    layer: Layer,
    tile: LayerTile,
    inner: Slices,
    pixels: NDArray[np.uint8],
    change: NDArray[np.uint8],
    decided_change: Mask,
) -> Mask:
    """Let a difference made below ``above`` rise to the surface, ``pixels``; return what is seen of it."""
    _pass_through(history, above, tile, inner, change, decided_change)
    pixels ^= change
    if decided_change.any():
        _, key = tile
        layer.decided.set_piece(key, inner, layer.decided.get_piece(key, inner) ^ decided_change)
    seen = (change != 0) | decided_change
    _pass_through(history, list(history.waiting()), tile, inner, change, decided_change)
    return seen


def _pass_through(
    history: History,
    steps: list[Step],
    tile: LayerTile,
    inner: Slices,
    change: NDArray[np.uint8],
    decided_change: Mask,
) -> None:
    """Let each step keep the look of its pixels; the differences become what none of them touched."""
    for upper, diff in _found(steps, tile):
        diff.absorb(inner, change, decided_change, holds_decided=upper.by_hand)
        history.resettle(upper)


def _found(steps: list[Step], tile: LayerTile) -> list[tuple[Step, TileDiff]]:
    """Return those of ``steps`` that changed a tile, with their differences."""
    return [(step, diff) for step in steps if (diff := step.find(tile)) is not None]
