"""A history as plain values that can be written down, and back.

Taking the values is quick, for the window waits for it: what is compressed is shared, what grows is copied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.history import DEFAULT_BUDGET_BYTES, History
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.packing import pack
from meticulous_gui.core.step import Step
from meticulous_gui.core.structure import Looks, Order, Presence, Relook, Structure
from meticulous_gui.core.tiles import TileDiff

__all__ = ["HistoryRecord", "StepRecord", "packed_bytes", "rebuild_history", "record_history"]

Packed: TypeAlias = bytes | NDArray[np.uint8]
"""Packed bytes, or an array that is not compressed yet."""


@dataclass(frozen=True, eq=False)
class StepRecord:
    """One step.

    Attributes:
        id: unique within the document.
        about: title, kind, boxes and what it did to the list of layers; goes through JSON unharmed.
        tiles: (layer id, row, column) -> alpha, decided and touched, as `TileDiff.packed` gives them.
    """

    id: int
    about: Mapping[str, Any]
    tiles: Mapping[tuple[int, int, int], tuple[Packed, ...]]


@dataclass(frozen=True, eq=False)
class HistoryRecord:
    """The order of all steps, and those of them that were asked for.

    Attributes:
        about: the ids of applied and waiting steps and the counters; goes through JSON unharmed.
        versions: of all steps, by id; 0 for one that still grows.
        steps: the steps that were not known in this version.
        layers: those that came or went in some step.
    """

    about: Mapping[str, Any]
    versions: Mapping[int, int]
    steps: tuple[StepRecord, ...]
    layers: tuple[Layer, ...]


def record_history(history: History, known: Mapping[int, int]) -> HistoryRecord:
    """Return the history as values.

    Args:
        known: the `versions` of an earlier record; steps that did not change since are left out.
    """
    applied = [step for step in history.applied if not (step.is_open and step.is_without_effect)]
    waiting = list(history.waiting())
    versions = {step.id: 0 if step.is_open else step.version for step in applied + waiting}
    steps = [step for step in applied + waiting if step.is_open or known.get(step.id) != step.version]
    about = {
        "applied": [step.id for step in applied],
        "waiting": [step.id for step in waiting],
        "n_dropped": history.n_dropped,
        "counters": list(history.counters),
    }
    return HistoryRecord(about, versions, tuple(_record(step) for step in steps), tuple(history.layers))


def rebuild_history(
    about: Mapping[str, Any],
    steps: Mapping[int, StepRecord],
    layers: Mapping[int, Layer],
    *,
    budget_bytes: int = DEFAULT_BUDGET_BYTES,
) -> History:
    """Return the history of a record; a step that was growing is closed.

    Args:
        about: of the `HistoryRecord`.
        steps: all of them, by id; their tiles compressed.
        layers: all that steps name, by id.
        budget_bytes: memory that the history may hold.

    Raises:
        KeyError, ValueError, TypeError: the values do not belong together.
    """

    def rebuilt(step_id: int) -> Step:
        return _rebuild(steps[step_id], layers)

    n_steps, n_stamps = (int(count) for count in about["counters"])
    return History.rebuilt(
        [rebuilt(step_id) for step_id in about["applied"]],
        [rebuilt(step_id) for step_id in about["waiting"]],
        n_dropped=int(about["n_dropped"]),
        counters=(n_steps, n_stamps),
        budget_bytes=budget_bytes,
    )


def packed_bytes(part: Packed) -> bytes:
    """Return the bytes compressed, whatever they are now."""
    return part if isinstance(part, bytes) else pack(part)


def _record(step: Step) -> StepRecord:
    about = {
        "title": step.title,
        "by_hand": step.by_hand,
        "stamp": step.stamp,
        "boxes": [[layer_id, box.x0, box.y0, box.x1, box.y1] for layer_id, box in step.boxes.items()],
        "structures": [_values(structure) for structure in step.structures],
    }
    tiles = {(layer_id, *key): diff.packed() for (layer_id, key), diff in step.items()}
    return StepRecord(step.id, about, tiles)


def _rebuild(record: StepRecord, layers: Mapping[int, Layer]) -> Step:
    about = record.about
    structures = [_structure(values, layers) for values in about["structures"]]
    step = Step(record.id, str(about["title"]), 0, structures=structures)
    step.by_hand = bool(about["by_hand"])
    tiles = {}
    for (layer_id, row, column), parts in record.tiles.items():
        alpha, decided, touched = (packed_bytes(part) for part in parts)
        tiles[layer_id, (row, column)] = TileDiff.from_packed((alpha, decided, touched))
    boxes = {int(layer_id): Box(*corners) for layer_id, *corners in about["boxes"]}
    step.fill(tiles, boxes, int(about["stamp"]))
    return step


def _values(structure: Structure) -> list[Any]:
    match structure:
        case Presence(kind, layer, index, active_id):
            return [kind, layer.id, index, active_id]
        case Order(layer_id, before, after):
            return ["move", layer_id, before, after]
        case Relook(layer_id, looks_before, looks_after):
            return ["look", layer_id, list(looks_before), list(looks_after)]


def _structure(values: list[Any], layers: Mapping[int, Layer]) -> Structure:
    match values:
        case ["add" | "remove" as kind, layer_id, index, active_id]:
            return Presence(kind, layers[layer_id], index, active_id)
        case ["move", layer_id, before, after]:
            return Order(layer_id, before, after)
        case ["look", layer_id, before, after]:
            return Relook(layer_id, _looks(before), _looks(after))
        case _:
            raise ValueError(f"a step has an unknown part {values!r}")


def _looks(values: list[Any]) -> Looks:
    name, (red, green, blue), category = values
    return Looks(name, (red, green, blue), category)
