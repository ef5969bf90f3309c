"""Annotations as LabelMe: a JSON for each photo; polygons, and masks for what has holes."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from meticulous_gui.core.annotation import Annotated, Instance
from meticulous_gui.core.files import ensure_folder, json_bytes, write_bytes
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.rings import Ring, is_hole, outline

__all__ = ["LabelmeExporter", "labelme_content", "labelme_shapes"]

_VERSION: Final = "5.5.0"
"""The version of LabelMe whose files these are: the first masks were known to."""


@dataclass(frozen=True)
class LabelmeExporter:
    """Parts of an object are polygons of one group; an object with holes is a mask, so nothing is lost."""

    name: str = "labelme"
    title: str = "LabelMe (folder)"
    suffixes: tuple[str, ...] = ()

    def file_of(self, photo_name: str, target: Path) -> Path:
        return target / f"{Path(photo_name).stem}.json"

    def write(self, pictures: Iterable[Annotated], target: Path, recipe: Recipe) -> tuple[str, ...]:
        ensure_folder(target)
        for picture in pictures:
            shapes = [
                shape
                for index, instance in enumerate(picture.instances, start=1)
                for shape in labelme_shapes(instance, group=index)
            ]
            content = labelme_content(picture.file_name, picture.size_hw, shapes)
            write_bytes(self.file_of(picture.file_name, target), json_bytes(content, indent=1))
        return ()


def labelme_content(
    file_name: str, size_hw: tuple[int, int], shapes: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return the content of a LabelMe file of a photo that lies beside it."""
    height, width = size_hw
    return {
        "version": _VERSION,
        "flags": {},
        "shapes": list(shapes),
        "imagePath": file_name,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
    }


def labelme_shapes(instance: Instance, *, group: int) -> list[dict[str, Any]]:
    """Return the shapes of an object: a polygon for each part, or one mask where it has holes.

    Args:
        instance: the object.
        group: what joins its parts where it has several.
    """
    rings = outline(instance.mask)
    if any(is_hole(ring) for ring in rings):
        return [_mask_shape(instance)]
    return [_polygon(instance, ring, group if len(rings) > 1 else None) for ring in rings]


def _polygon(instance: Instance, ring: Ring, group: int | None) -> dict[str, Any]:
    return _shape(instance, "polygon", ring.tolist(), group=group)


def _mask_shape(instance: Instance) -> dict[str, Any]:
    box = instance.box
    stream = io.BytesIO()
    write_png(stream, np.ascontiguousarray(instance.mask[box.slices()]))
    # Both corners lie inside.
    corners = [[box.x0, box.y0], [box.x1 - 1, box.y1 - 1]]
    packed = base64.b64encode(stream.getvalue()).decode("ascii")
    return _shape(instance, "mask", corners, mask=packed)


def _shape(
    instance: Instance, kind: str, points: list[Any], *, group: int | None = None, mask: str | None = None
) -> dict[str, Any]:
    return {
        "label": instance.label,
        "points": points,
        "group_id": group,
        "description": instance.name,
        "shape_type": kind,
        "flags": {},
        "mask": mask,
    }
