"""Which file of a mask or of annotations belongs to which photo, by the stems of their names."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.annotation_file import AnnotationFile, is_labelme_of, read_annotations
from meticulous_gui.core.decode import DecodeLimits
from meticulous_gui.core.errors import MaskError
from meticulous_gui.core.files import is_file, is_folder, is_same
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_file import MaskFile, read_mask
from meticulous_gui.core.photo import PHOTO_SUFFIXES, VOID, Photo
from meticulous_gui.core.photo_states import results_among
from meticulous_gui.core.types import INSIDE, Alpha

__all__ = [
    "LABELME_SUFFIX",
    "MASK_SUFFIXES",
    "PairedMask",
    "annotated_names",
    "annotations_of",
    "layers_in",
    "likely_mask_folders",
    "mask_names",
    "pair_by_stem",
    "read_paired_mask",
    "twins_in",
]

MASK_SUFFIXES: Final = (".png", ".tif", ".tiff", ".bmp", ".webp", ".tga", ".jpg", ".jpeg")
_ENDINGS: Final = ("", "_mask", "-mask", ".mask", "_matte", "-matte", "_alpha", "-alpha", "_seg", "_label")
LABELME_SUFFIX: Final = ".json"
_LOOKED_INTO: Final = 3
_FOLDER_NAMES: Final = ("masks", "mask", "mattes", "alpha", "labels", "annotations", "segmentation")


_LOSSY: Final = 32
"""So much may a value of a JPEG be another one than was written."""


@dataclass(frozen=True, eq=False)
class PairedMask:
    """The mask that belongs to a photo.

    Attributes:
        mask: what was read; None where it is of no use, or annotations.
        layers: what it becomes, by the value in a label map or the place among the annotated objects; of
            another mask one layer.
        note: one sentence where it is of no use, else "".
        annotations: what was read of those.
    """

    mask: MaskFile | None = None
    layers: dict[int, Layer] = field(default_factory=dict)
    note: str = ""
    annotations: AnnotationFile | None = None


def annotations_of(photo: Path) -> Path:
    """Return where LabelMe keeps the annotations of a photo, whether they are there or not."""
    return photo.with_suffix(LABELME_SUFFIX)


def annotated_names(folder: Path, photos: Iterable[str]) -> list[str]:
    """Return which photos of a folder have LabelMe annotations beside them; few files are looked into.

    Raises:
        MaskError: one sentence; the folder cannot be listed.
    """
    there = set(_names(folder, (LABELME_SUFFIX,)))
    found = [name for name in photos if f"{name.rpartition('.')[0]}{LABELME_SUFFIX}" in there]
    return found if any(_is_labelme(folder / name) for name in found[:_LOOKED_INTO]) else []


def _is_labelme(photo: Path) -> bool:
    try:
        return is_labelme_of(annotations_of(photo), photo.name)
    except MaskError:
        return False  # opening the photo says what is wrong


def read_paired_mask(photo: Photo, path: Path, limits: DecodeLimits) -> PairedMask | None:
    """Read the mask or the annotations of a photo; what cannot be used is told in the note and left alone.

    Returns:
        None where there are no annotations, or those of another photo or program.
    """
    if path.suffix.lower() == LABELME_SUFFIX:
        return _read_annotations(photo, path, limits)
    try:
        mask = read_mask(path, limits)
    except MaskError as error:
        return PairedMask(note=f"The mask of {photo.name} is left alone: {error}")
    height, width = photo.size_hw
    if mask.size_hw != photo.size_hw:
        return PairedMask(
            note=f"The mask {path} is {mask.size_hw[1]} x {mask.size_hw[0]} px and {photo.name} is "
            f"{width} x {height} px; it is left alone, drop it on the photo to scale it."
        )
    if mask.has_objects:
        numbers = count(1)
        layers = {label.value: layer for label, layer in mask.layers(lambda: next(numbers))}
    else:
        value = mask.labels[0].value if len(mask.labels) == 1 else 1
        layers = {value: Layer(1, "Object 1", mask.alpha)}
    return PairedMask(mask, layers)


def _read_annotations(photo: Photo, path: Path, limits: DecodeLimits) -> PairedMask | None:
    if not is_file(path):
        return None
    try:
        if not is_labelme_of(path, photo.name):
            return None
        found = read_annotations(path, photo.name, photo.size_hw, limits, may_be_empty=True)
    except MaskError as error:
        return PairedMask(note=f"The annotations of {photo.name} are left alone: {error}")
    numbers = count(1)
    layers = dict(enumerate(found.layers(lambda: next(numbers))))
    # Lines, points and the like stay in the file; only where nothing else is there a word is wanted.
    return PairedMask(layers=layers, note="" if layers else found.note, annotations=found)


def layers_in(mask: MaskFile, layers: Sequence[Layer]) -> tuple[MaskFile, dict[int, Layer]] | None:
    """Return which of the layers that were saved for a photo its mask file holds.

    Args:
        mask: as it was read, of the layers' size.
        layers: at least one, the lowest first.

    Returns:
        The mask as it is to be read for them, for an object that reaches the rim nearly everywhere looks
        dark on light; and the layers by their value in a label map, of another mask the one that it holds.
        None where the file holds something else.
    """
    if mask.is_joint:
        return mask, {}
    if mask.values is not None:
        found = _objects_in(mask, mask.values, layers)
        return None if found is None else (mask, found)
    for reading in (mask, mask.inverted()) if mask.kind != "transparency" else (mask,):
        for layer in layers:
            if _holds(reading, layer.alpha):
                return reading, {1: layer}
    return None


def _objects_in(
    mask: MaskFile, values: NDArray[Any], layers: Sequence[Layer]
) -> dict[int, Layer] | None:
    """Return the layers of a label map's objects by their values, None where the map is another one."""
    seen = np.zeros(values.shape, np.uint16)
    for number, layer in enumerate(layers, start=1):
        seen[layer.alpha >= INSIDE] = number
    value_of = np.zeros(len(layers) + 1, values.dtype)
    found = {}
    for label in mask.labels:
        number = int(seen[values == label.value].max(initial=0))
        if number:
            value_of[number] = label.value
            found[label.value] = layers[number - 1]
    expected = value_of[seen]
    if mask.left_open is not None:
        expected[(seen == 0) & mask.left_open] = VOID
    if not bool((expected == values).all()):
        return None
    return found or {1: layers[0]}


def _holds(mask: MaskFile, alpha: Alpha) -> bool:
    """Return whether a mask file holds a coverage, as far as its form can."""
    if mask.encoding.levels is not None:
        return bool(((mask.alpha >= INSIDE) == (alpha >= INSIDE)).all())
    tolerance = _LOSSY if mask.encoding.format == "JPEG" else 0
    return int(cv2.absdiff(mask.alpha, alpha).max(initial=0)) <= tolerance


def pair_by_stem(photos: Iterable[str], masks: Iterable[str]) -> dict[str, str]:
    """Return the mask of each photo that has one, by file names.

    A mask has the stem of its photo, alone or with one of the usual endings (``dog_mask.png``), or the whole
    name of the photo (``dog.jpg.png``), which tells those apart that differ only in their suffixes. Upper and
    lower case do not matter. Where several fit, the whole name wins, then the plain stem, then the first by
    name. What is the plain stem of one photo is of no other one.
    """
    photos = list(photos)
    stems = {_stem(photo) for photo in photos}
    by_stem = {_stem(name): name for name in sorted(masks, reverse=True)}
    pairs = {}
    for photo in photos:
        own = _stem(photo)
        wanted = [name + ending for name in (photo.casefold(), own) for ending in _ENDINGS]
        found = next((key for key in wanted if key in by_stem and (key == own or key not in stems)), None)
        if found is not None:
            pairs[photo] = by_stem[found]
    return pairs


def twins_in(folder: Path) -> frozenset[str]:
    """Return the names of the photos in a folder that another one has, too, but for its suffix.

    Of ``dog.jpg`` and ``dog.webp`` a mask ``dog.png`` would be both's; results that were written there are no
    photos.

    Raises:
        MaskError: one sentence; the folder cannot be listed.
    """
    names = set(_names(folder, PHOTO_SUFFIXES))
    names -= results_among(folder, names)
    n_alike = Counter(map(_stem, names))
    return frozenset(name for name in names if n_alike[_stem(name)] > 1)


def _stem(name: str) -> str:
    return name.rpartition(".")[0].casefold()


def mask_names(folder: Path) -> list[str]:
    """Return the names of the pictures in a folder that may be masks; nothing is decoded.

    Raises:
        MaskError: one sentence; the folder cannot be listed.
    """
    return _names(folder, MASK_SUFFIXES)


def _names(folder: Path, suffixes: tuple[str, ...]) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.name.lower().endswith(suffixes)
            ]
    except OSError as error:
        why = f"The folder {folder} cannot be listed ({error.strerror})"
        raise MaskError(f"{why}; choose another or change its permissions.") from error


def likely_mask_folders(photos: Path) -> Sequence[Path]:
    """Return the folders beside, and in, a folder of photos that are called like a folder of masks."""
    places = [photos / name for name in _FOLDER_NAMES]
    places += [photos.parent / name for name in _FOLDER_NAMES]
    places += [photos.with_name(f"{photos.name}{ending}") for ending in ("_masks", "-masks", "_mask")]
    return [place for place in places if is_folder(place) and not is_same(place, photos)]
