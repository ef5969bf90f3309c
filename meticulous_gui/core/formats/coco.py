"""Annotations as COCO: one JSON for all photos, polygons or exact run lengths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from meticulous_gui.core.annotation import Annotated, Instance
from meticulous_gui.core.files import json_bytes, write_bytes
from meticulous_gui.core.formats.run_lengths import compressed, run_lengths
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.rings import is_hole, outline

__all__ = ["CocoExporter"]


@dataclass(frozen=True)
class CocoExporter:
    """Polygons lose holes, which is said; run lengths lose nothing. Parts of one object stay one object."""

    name: str = "coco"
    title: str = "COCO (JSON)"
    suffixes: tuple[str, ...] = (".json",)

    def file_of(self, photo_name: str, target: Path) -> Path:
        return target

    def write(self, pictures: Iterable[Annotated], target: Path, recipe: Recipe) -> tuple[str, ...]:
        images: list[dict[str, Any]] = []
        annotations: list[dict[str, Any]] = []
        categories: dict[str, int] = {}
        n_holed = 0
        for picture in pictures:
            height, width = picture.size_hw
            images.append(
                {"id": len(images) + 1, "file_name": picture.file_name, "width": width, "height": height}
            )
            for instance in picture.instances:
                category = categories.setdefault(instance.label, len(categories) + 1)
                segmentation, has_hole = _segmentation(instance, has_rle=recipe.has_rle)
                n_holed += has_hole
                box = instance.box
                annotations.append(
                    {
                        "id": len(annotations) + 1,
                        "image_id": images[-1]["id"],
                        "category_id": category,
                        "segmentation": segmentation,
                        "area": float(np.count_nonzero(instance.mask)),
                        "bbox": [float(value) for value in (box.x0, box.y0, box.width, box.height)],
                        # Never 1 for run lengths alone: it means a crowd, which training leaves out.
                        "iscrowd": 0,
                        "attributes": {"layer": instance.name},
                    }
                )
        content = {
            "info": {"description": "Made with Meticulous"},
            "licenses": [],
            "images": images,
            "annotations": annotations,
            "categories": [
                {"id": number, "name": label, "supercategory": ""} for label, number in categories.items()
            ],
        }
        write_bytes(target, json_bytes(content))
        if not n_holed:
            return ()
        return (
            f"COCO polygons hold no holes: {n_holed} of {len(annotations)} objects lost theirs; "
            "export run lengths to keep them.",
        )


def _segmentation(instance: Instance, *, has_rle: bool) -> tuple[Any, bool]:
    """Return what COCO says of the mask, and whether a hole was lost."""
    if has_rle:
        height, width = instance.mask.shape
        return {"size": [height, width], "counts": compressed(run_lengths(instance.mask))}, False
    rings = outline(instance.mask)
    outer = [ring for ring in rings if not is_hole(ring)]
    return [ring.ravel().tolist() for ring in outer], len(outer) < len(rings)
