"""Reads COCO annotations: the objects of one photo, from polygons and from run lengths of both kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import Any

from meticulous_gui.core.annotation_objects import (
    FoundObject,
    ReadObjects,
    UnusableError,
    object_of_mask,
    object_of_rings,
    ring_of,
)
from meticulous_gui.core.errors import MaskError
from meticulous_gui.core.formats.run_lengths import decompressed, mask_of_run_lengths

__all__ = ["is_coco", "read_coco"]


def is_coco(content: Any) -> bool:
    """Return whether a parsed JSON is laid out as COCO is."""
    return isinstance(content, dict) and {"images", "annotations"} <= set(content)


def read_coco(
    path: Path,
    content: Mapping[str, Any],
    photo_name: str,
    size_hw: tuple[int, int],
    photo_folder: Path | None = None,
) -> ReadObjects:
    """Return the objects of a photo.

    Args:
        path: the file, for what is said.
        content: what was parsed.
        photo_name: the photo's file name; a file that knows one photo only is taken to mean it.
        size_hw: of the photo.
        photo_folder: where the photo lies, which tells those of one name apart.

    Returns:
        No objects where the file says that the photo has another size.

    Raises:
        MaskError: one sentence; the photo is not among those of the file, or may be one of several.
    """
    image = _image_of(path, content["images"], photo_name, photo_folder)
    found = ReadObjects((int(image["height"]), int(image["width"])))
    if found.size_hw != size_hw:  # nobody has such a photo: no memory for its objects
        return found
    labels = {entry["id"]: str(entry["name"]) for entry in content.get("categories", [])}
    for entry in content["annotations"]:
        if entry["image_id"] == image["id"]:
            found.take(lambda entry=entry: _object(entry, labels, found.size_hw))  # type: ignore[misc]
    return found


def _image_of(
    path: Path, images: Sequence[Mapping[str, Any]], photo_name: str, photo_folder: Path | None
) -> Mapping[str, Any]:
    names = [_place_of(image).name for image in images]
    wanted = photo_name.casefold()
    same = [image for image, name in zip(images, names, strict=True) if name.casefold() == wanted]
    if same:
        return _nearest(path, same, photo_name, photo_folder)
    stem = wanted.rpartition(".")[0]
    alike = [
        image
        for image, name in zip(images, names, strict=True)
        if stem and name.casefold().rpartition(".")[0] == stem
    ]
    if len(alike) == 1:
        return alike[0]
    if len(images) == 1:
        return images[0]
    raise MaskError(
        f"{path} knows {len(images)} photos and none of them is called {photo_name}; "
        "open the photo that it was made for."
    )


def _nearest(
    path: Path, images: Sequence[Mapping[str, Any]], photo_name: str, photo_folder: Path | None
) -> Mapping[str, Any]:
    """Return of images of one name the one whose folders are most like the photo's."""
    folders = photo_folder.absolute().parts[::-1] if photo_folder is not None else ()
    n_alike = []
    for image in images:
        pairs = zip(_place_of(image).parts[-2::-1], folders, strict=False)
        n_alike.append(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)))
    best = [image for image, n in zip(images, n_alike, strict=True) if n == max(n_alike)]
    if len({_place_of(image) for image in best}) > 1:
        raise MaskError(
            f"{path} knows {len(images)} photos called {photo_name} in different folders, and the open one "
            "may be any of them; open the one that lies in a folder of that name."
        )
    return best[0]


def _place_of(image: Mapping[str, Any]) -> PurePosixPath:
    return PurePosixPath(str(image["file_name"]).replace("\\", "/"))


def _object(entry: Mapping[str, Any], labels: Mapping[Any, str], size_hw: tuple[int, int]) -> FoundObject:
    if entry["category_id"] not in labels:
        raise UnusableError("a category that the file does not name")
    label = labels[entry["category_id"]]
    attributes = entry.get("attributes")
    name = str(attributes.get("layer", "")) if isinstance(attributes, Mapping) else ""
    shape = entry["segmentation"]
    if isinstance(shape, Mapping):
        if list(shape["size"]) != list(size_hw):
            raise UnusableError("run lengths of another size than the photo's")
        counts = shape["counts"]
        lengths = decompressed(counts) if isinstance(counts, str) else [int(count) for count in counts]
        return object_of_mask(label, name, mask_of_run_lengths(lengths, size_hw))
    if not shape:
        raise UnusableError("only a box")
    return object_of_rings(label, name, [[ring_of(ring)] for ring in shape], size_hw)
