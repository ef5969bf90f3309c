"""Brings the content of a LabelMe file up to date: what did not change stays as it was, known or not."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meticulous_gui.core.annotation import NO_CATEGORY, Instance
from meticulous_gui.core.formats.labelme import labelme_shapes
from meticulous_gui.core.formats.labelme_read import group_of
from meticulous_gui.core.types import Mask

__all__ = ["Wanted", "updated_labelme"]

Shape = dict[str, Any]
Placed = tuple[Shape, int | None]
"""A shape and which of the wanted objects it is of; None for what is no object here, such as a line."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """An object as the file shall hold it; None is "as the file has it".

    Attributes:
        origin: the places of its shapes in the file; empty where it is new and nothing may be None.
        label: its class.
        name: what a person calls it.
        mask: (H, W) bool, not empty.
    """

    origin: tuple[int, ...] = ()
    label: str | None = None
    name: str | None = None
    mask: Mask | None = None


def updated_labelme(
    content: Mapping[str, Any], origins: Sequence[tuple[int, ...]], wanted: Sequence[Wanted]
) -> tuple[dict[str, Any], list[int | None]]:
    """Return the content with other objects.

    Shapes that are no object here (lines, points, what is damaged) stay. Objects keep their places unless
    their order is another one; new ones come after the object below them.

    Args:
        content: what was read.
        origins: the places of the shapes of each object in it.
        wanted: the objects, the lowest first.

    Returns:
        The new content, and of each of its shapes which of the wanted objects it is of.
    """
    old: Sequence[Any] = content["shapes"]
    parts = [_shapes_of(one, [old[index] for index in one.origin], old) for one in wanted]
    _keep_apart(wanted, parts, old, origins)
    known = {index for origin in origins for index in origin}
    others = [index for index in range(len(old)) if index not in known]
    places = [one.origin[0] for one in wanted if one.origin]
    if places == sorted(places):
        placed = _in_place(wanted, parts, old, others)
    else:
        placed = [(shape, number) for number, part in enumerate(parts) for shape in part]
        placed += [(old[index], None) for index in others]
    return {**content, "shapes": [shape for shape, _ in placed]}, [number for _, number in placed]


def _in_place(
    wanted: Sequence[Wanted], parts: Sequence[list[Shape]], old: Sequence[Any], others: Sequence[int]
) -> list[Placed]:
    slots: dict[int, list[Placed]] = defaultdict(list)
    for index in others:
        slots[index].append((old[index], None))
    last = -1
    for number, (one, part) in enumerate(zip(wanted, parts, strict=True)):
        placed: list[Placed] = [(shape, number) for shape in part]
        if one.origin and one.mask is None:
            for index, shape in zip(one.origin, placed, strict=True):
                slots[index].append(shape)
        else:
            slots[one.origin[0] if one.origin else last] += placed
        last = one.origin[-1] if one.origin else last
    return [shape for index in range(-1, len(old)) for shape in slots[index]]


def _shapes_of(wanted: Wanted, old: Sequence[Shape], everything: Sequence[Any]) -> list[Shape]:
    """Return the shapes of an object; new ones have all that the first old one had beside its geometry."""
    if wanted.mask is None:
        shapes = [copy.deepcopy(shape) for shape in old]
    else:
        instance = Instance(wanted.label or NO_CATEGORY, wanted.name or "", wanted.mask)
        fresh = labelme_shapes(instance, group=_free_group(everything))
        shapes = [_like(old[0], shape, is_alone=len(fresh) == 1) if old else shape for shape in fresh]
    for shape in shapes if old else ():
        if wanted.label is not None:
            shape["label"] = wanted.label
        if wanted.name is not None:
            shape["description"] = wanted.name
    return shapes


def _like(template: Shape, fresh: Shape, *, is_alone: bool) -> Shape:
    geometry: Shape = {key: fresh[key] for key in ("points", "shape_type")}
    if fresh["mask"] is not None or "mask" in template:
        geometry["mask"] = fresh["mask"]
    if not is_alone and template.get("group_id") is None:
        geometry["group_id"] = fresh["group_id"]
    return {**copy.deepcopy(template), **geometry}


def _keep_apart(
    wanted: Sequence[Wanted],
    parts: Sequence[list[Shape]],
    old: Sequence[Any],
    origins: Sequence[tuple[int, ...]],
) -> None:
    """Give objects that became one group with another by their new class a group of their own."""
    known = {index for origin in origins for index in origin}
    used = {group_of(shape) for index, shape in enumerate(old) if index not in known}
    free = _free_group(old) + 1  # new ones begin with that below
    for number in sorted(range(len(parts)), key=lambda number: wanted[number].label is not None):
        keys = {group_of(shape) for shape in parts[number]} - {None}
        if keys & used:
            for shape in parts[number]:
                shape["group_id"] = free
            free += 1
            keys = {group_of(parts[number][0])}
        used |= keys


def _free_group(shapes: Sequence[Any]) -> int:
    groups = [shape.get("group_id") for shape in shapes if isinstance(shape, Mapping)]
    return max((group for group in groups if isinstance(group, int)), default=0) + 1
