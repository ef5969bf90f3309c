"""Reads LabelMe annotations: polygons, rectangles, circles and masks; parts of one group are one object."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from PIL import Image

from meticulous_gui.core.annotation_objects import (
    FoundObject,
    ReadObjects,
    UnusableError,
    object_of_mask,
    object_of_rings,
    ring_of,
)
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.rings import Ring

__all__ = ["group_of", "is_labelme", "read_labelme"]

_CIRCLE_CORNERS: Final = 360

Shapes = list[Mapping[str, Any]]


def is_labelme(content: Any) -> bool:
    """Return whether a parsed JSON is laid out as LabelMe's is."""
    return isinstance(content, dict) and isinstance(content.get("shapes"), list)


def read_labelme(content: Mapping[str, Any], size_hw: tuple[int, int]) -> ReadObjects:
    """Return the objects of a photo.

    Args:
        content: what was parsed.
        size_hw: of the photo.

    Returns:
        No objects where the file says that the photo has another size.
    """
    height, width = content.get("imageHeight") or size_hw[0], content.get("imageWidth") or size_hw[1]
    found = ReadObjects((int(height), int(width)))
    if found.size_hw != size_hw:  # nobody has such a photo: no memory for its objects
        return found
    all_shapes = content["shapes"]
    for group in _groups(all_shapes):
        shapes = [all_shapes[index] for index in group]
        found.take(lambda shapes=shapes: _object(shapes, found.size_hw), origin=group)  # type: ignore[misc]
    return found


def _groups(shapes: Sequence[Any]) -> list[list[int]]:
    """Return the places of the shapes of each object: those of one group and label are parts of it."""
    found: list[list[int]] = []
    places: dict[tuple[str, str], int] = {}
    for index, shape in enumerate(shapes):
        key = group_of(shape)
        if key is not None and key in places:
            found[places[key]].append(index)
            continue
        if key is not None:
            places[key] = len(found)
        found.append([index])
    return found


def group_of(shape: Any) -> tuple[str, str] | None:
    """Return what the shapes of one object have in common; None for a shape that is an object alone."""
    group = shape.get("group_id") if isinstance(shape, Mapping) else None
    return (repr(group), repr(shape.get("label"))) if group is not None else None


def _object(shapes: Shapes, size_hw: tuple[int, int]) -> FoundObject:
    label, name = str(shapes[0]["label"]), str(shapes[0].get("description") or "")
    if all(shape.get("shape_type") != "mask" for shape in shapes):
        return object_of_rings(label, name, [[_ring(shape)] for shape in shapes], size_hw)
    whole = Box.whole(size_hw)
    mask = np.zeros(size_hw, np.bool_)
    for shape in shapes:
        is_mask = shape.get("shape_type") == "mask"
        part = _of_mask(shape, size_hw) if is_mask else object_of_rings("", "", [[_ring(shape)]], size_hw)
        seen = part.box.clip(whole)
        mask[seen.slices()] |= part.mask[seen.translate(-part.box.x0, -part.box.y0).slices()]
    return object_of_mask(label, name, mask)


def _of_mask(shape: Mapping[str, Any], size_hw: tuple[int, int]) -> FoundObject:
    """Return the pixels of a mask; its points are two corners that both lie inside."""
    (x0, y0), _ = shape["points"]
    try:
        with Image.open(io.BytesIO(base64.b64decode(shape["mask"], validate=True)), formats=["PNG"]) as image:
            if image.width > size_hw[1] or image.height > size_hw[0]:
                raise UnusableError("a mask that is larger than the photo")
            pixels = np.asarray(image.convert("L"))
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:  # Pillow's own for broken pieces
        raise UnusableError("a mask that is no picture") from error
    return object_of_mask("", "", pixels > 0, at_xy=(round(x0), round(y0)))


def _ring(shape: Mapping[str, Any]) -> Ring:
    points = shape["points"]
    match shape.get("shape_type", "polygon"):
        case "polygon" | "rotation":  # the latter is what X-AnyLabeling calls a turned rectangle
            return ring_of(points)
        case "rectangle" if len(points) != 2:  # it writes all four corners
            return ring_of(points)
        case "rectangle":
            (x0, y0), (x1, y1) = points
            return ring_of([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
        case "circle":
            (x, y), (rim_x, rim_y) = points
            angles = np.linspace(0, 2 * np.pi, _CIRCLE_CORNERS, endpoint=False)
            radius = np.hypot(rim_x - x, rim_y - y)
            return ring_of((np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius + (x, y)).tolist())
        case kind:
            raise UnusableError(f"a {kind} has no inside")
