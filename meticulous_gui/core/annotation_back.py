"""Layers back into the LabelMe file that they came from, and which layer is which object of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from meticulous_gui.core.annotation import NO_CATEGORY
from meticulous_gui.core.annotation_file import AnnotationFile, LabelmeSource
from meticulous_gui.core.annotation_objects import FoundObject
from meticulous_gui.core.files import is_file, stamp_of, write_bytes
from meticulous_gui.core.formats.labelme import labelme_content
from meticulous_gui.core.formats.labelme_read import read_labelme
from meticulous_gui.core.formats.labelme_update import Wanted, updated_labelme
from meticulous_gui.core.json_style import JsonStyle
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.structure import Looks
from meticulous_gui.core.types import INSIDE, Alpha

__all__ = ["WrittenBack", "new_annotations", "objects_of_layers", "record_of", "write_back"]


@dataclass(frozen=True, eq=False)
class WrittenBack:
    """An annotation file after layers were written into it.

    Attributes:
        found: the file as it is now.
        objects: which of its objects each layer is, by the layer's id.
        is_all: whether reading it gives the layers again, to the pixel.
    """

    found: AnnotationFile
    objects: dict[int, int]
    is_all: bool


def new_annotations(path: Path, photo_name: str, size_hw: tuple[int, int]) -> AnnotationFile:
    """Return annotations of a photo that has none yet; nothing is written."""
    source = LabelmeSource(labelme_content(photo_name, size_hw), JsonStyle())
    return AnnotationFile(path, size_hw, (), source=source)


def write_back(
    found: AnnotationFile, layers: Sequence[Layer], objects: Mapping[int, int], path: Path
) -> WrittenBack:
    """Write layers into an annotation file, hidden ones too; a file that says it all already stays untouched.

    Args:
        found: what was read; it has a source. All that is no object, and every shape whose layer did not
            change, is written as it was.
        layers: the lowest first, of the photo's size.
        objects: which object of the file each layer is, by the layer's id; others are new.
        path: the file, replaced atomically.

    Raises:
        ExportError: one sentence; it could not be written and is what it was before.
    """
    source = found.source
    assert source is not None
    shown = [layer for layer in layers if bool((layer.alpha >= INSIDE).any())]
    looks = found.looks()
    wanted = [
        _wanted(layer, found, source, looks, objects[layer.id])
        if layer.id in objects
        else Wanted((), layer.category or NO_CATEGORY, layer.name, layer.alpha >= INSIDE)
        for layer in shown
    ]
    content, owners = updated_labelme(source.content, source.origins, wanted)
    raw, stamp = source.style.encode(content), source.stamp
    if content != source.content or path != found.path or not is_file(path):
        write_bytes(path, raw)
        stamp, digest = stamp_of(path), hashlib.sha256(raw).hexdigest()
    else:
        digest = source.digest
    read = read_labelme(content, found.size_hw)
    new = AnnotationFile(
        path,
        found.size_hw,
        tuple(read.objects),
        source=LabelmeSource(content, source.style, tuple(read.origins), digest, stamp),
    )
    numbers = [owners[origin[0]] for origin in read.origins]
    of_layers = {shown[number].id: index for index, number in enumerate(numbers) if number is not None}
    return WrittenBack(new, of_layers, _gives_again(new, layers, of_layers))


def objects_of_layers(
    found: AnnotationFile, layers: Sequence[Layer], record: object = None
) -> dict[int, int] | None:
    """Return which object of a file each saved layer is, by the layer's id; None where the two differ.

    Args:
        found: the file as it is now; it has a source.
        layers: that were saved for the photo.
        record: what `record_of` gave when they were saved: the file has not changed where it still fits.
            Without it every object must be a layer as it is, and every layer an object.
    """
    ids = _ids_in(record, found)
    if ids is not None:
        present = {layer.id for layer in layers}
        return {layer_id: index for index, layer_id in enumerate(ids) if layer_id in present}
    free = list(layers)
    objects = {}
    for index, (one, looks) in enumerate(zip(found.objects, found.looks(), strict=True)):
        alike = (layer for layer in free if layer.category == looks.category)
        layer = next((layer for layer in alike if _is_shape_of(one, layer.alpha)), None)
        if layer is None:
            return None
        free.remove(layer)
        objects[layer.id] = index
    return objects if not free else None


def record_of(found: AnnotationFile, objects: Mapping[int, int]) -> dict[str, Any]:
    """Return what to keep with saved layers, as JSON values: which file they agree with, and how."""
    assert found.source is not None
    ids: list[int | None] = [None] * len(found.objects)
    for layer_id, index in objects.items():
        ids[index] = layer_id
    return {"file": found.path.name, "sha256": found.source.digest, "layers": ids}


def _ids_in(record: object, found: AnnotationFile) -> list[int | None] | None:
    """Return the layer of each object where a record is of this very file."""
    if not isinstance(record, dict) or found.source is None:
        return None
    ids = record.get("layers")
    is_same = (record.get("file"), record.get("sha256")) == (found.path.name, found.source.digest)
    return ids if is_same and isinstance(ids, list) and len(ids) == len(found.objects) else None


def _wanted(
    layer: Layer, found: AnnotationFile, source: LabelmeSource, looks: Sequence[Looks], index: int
) -> Wanted:
    """Return an object of the file as its layer is now."""
    is_same = _is_shape_of(found.objects[index], layer.alpha)
    return Wanted(
        source.origins[index],
        None if layer.category == looks[index].category else layer.category or NO_CATEGORY,
        None if layer.name == looks[index].name else layer.name,
        None if is_same else layer.alpha >= INSIDE,
    )


def _is_shape_of(found: FoundObject, alpha: Alpha) -> bool:
    """Return whether a layer covers exactly the pixels of an object."""
    inside = alpha >= INSIDE
    box = found.box.slices()
    n_inside = int(np.count_nonzero(inside))
    return n_inside == int(np.count_nonzero(found.mask)) and bool((inside[box] == found.mask).all())


def _gives_again(found: AnnotationFile, layers: Sequence[Layer], objects: Mapping[int, int]) -> bool:
    if [objects.get(layer.id) for layer in layers] != list(range(len(found.objects))):
        return False
    return all(
        layer.visible
        and not layer.locked
        and Looks.of(layer) == looks
        and _is_shape_of(one, layer.alpha)
        and not bool(((layer.alpha > 0) & (layer.alpha < 255)).any())
        for layer, one, looks in zip(layers, found.objects, found.looks(), strict=True)
    )
