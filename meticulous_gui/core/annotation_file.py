"""Opens an annotation file of COCO, LabelMe, YOLO or Pascal VOC as the objects of one photo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np

from meticulous_gui.core.annotation import NO_CATEGORY
from meticulous_gui.core.annotation_objects import FoundObject, ReadObjects
from meticulous_gui.core.decode import DecodeLimits
from meticulous_gui.core.errors import MaskError
from meticulous_gui.core.files import is_file, stamp_of
from meticulous_gui.core.formats.coco_read import is_coco, read_coco
from meticulous_gui.core.formats.labelme_read import is_labelme, read_labelme
from meticulous_gui.core.formats.voc_read import read_voc
from meticulous_gui.core.formats.yolo_read import read_yolo
from meticulous_gui.core.json_style import JsonStyle
from meticulous_gui.core.layer import LAYER_COLOURS, Layer
from meticulous_gui.core.mask_file import MAX_LAYERS, fit_layers
from meticulous_gui.core.structure import Looks

__all__ = [
    "ANNOTATION_SUFFIXES",
    "AnnotationFile",
    "LabelmeSource",
    "is_labelme_of",
    "photo_named_in",
    "read_annotations",
]

ANNOTATION_SUFFIXES: Final = (".json", ".txt", ".xml")

_MAX_BYTES: Final = 300_000_000


@dataclass(frozen=True, eq=False)
class LabelmeSource:
    """All of a LabelMe file, so that it can be written back with other objects.

    Attributes:
        content: what was parsed.
        style: how it was laid out.
        origins: the places of the shapes of each object.
        digest: SHA-256 of the file in hex; "" for one that is not written yet.
        stamp: when it was written (ns) and how long it is, as it was read.
    """

    content: Mapping[str, Any]
    style: JsonStyle
    origins: tuple[tuple[int, ...], ...] = ()
    digest: str = ""
    stamp: tuple[int, int] = (0, 0)


@dataclass(frozen=True, eq=False)
class AnnotationFile:
    """What was read for one photo.

    Attributes:
        path: the file.
        size_hw: of the photo.
        objects: in the order of the file.
        note: one sentence for what could not be used, else "".
        source: the file itself where it can be written back, which is LabelMe's.
    """

    path: Path
    size_hw: tuple[int, int]
    objects: tuple[FoundObject, ...]
    note: str = ""
    source: LabelmeSource | None = None

    def looks(self) -> list[Looks]:
        """Return what the layer of each object is called: as the file names it, else by its class."""
        used: set[str] = set()
        return [
            Looks(
                _free_name(found.name or found.label, used),
                LAYER_COLOURS[index % len(LAYER_COLOURS)],
                None if found.label == NO_CATEGORY else found.label,
            )
            for index, found in enumerate(self.objects)
        ]

    def layers(self, new_id: Callable[[], int]) -> Iterator[Layer]:
        """Yield a layer for each object."""
        for found, looks in zip(self.objects, self.looks(), strict=True):
            alpha = np.zeros(self.size_hw, np.uint8)
            alpha[found.box.slices()] = np.where(found.mask, np.uint8(255), np.uint8(0))
            yield Layer(new_id(), looks.name, alpha, colour=looks.colour, category=looks.category)


def read_annotations(
    path: Path,
    photo_name: str,
    size_hw: tuple[int, int],
    limits: DecodeLimits,
    *,
    photo_folder: Path | None = None,
    may_be_empty: bool = False,
) -> AnnotationFile:
    """Return the objects that an annotation file holds for a photo.

    Args:
        path: the file; its suffix says whether it is JSON, text or XML.
        photo_name: the photo's file name, to find it in a file of many photos.
        size_hw: of the photo.
        limits: for pictures that belong to the file.
        photo_folder: where the photo lies, which tells those of one name in a file of many apart.
        may_be_empty: whether a file without an object is right, too.

    Raises:
        MaskError: one sentence; the file cannot be read, is of another kind, holds nothing for this photo,
            or is of a photo of another size.
    """
    raw, stamp = _bytes_of(path)
    text, source = _text_of(path, raw), None
    try:
        match path.suffix.lower():
            case ".xml":
                found = read_voc(path, text, limits)
            case ".txt":
                found = read_yolo(path, text, size_hw)
            case _:
                content = _parsed(path, text)
                found = _read_json(path, content, photo_name, size_hw, photo_folder)
                if is_labelme(content):
                    digest = hashlib.sha256(raw).hexdigest()
                    source = LabelmeSource(content, JsonStyle.of(raw), tuple(found.origins), digest, stamp)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        reason = str(error) or type(error).__name__
        raise MaskError(f"{path} is damaged ({reason}); write it anew.") from error
    _check(path, photo_name, found, size_hw, may_be_empty=may_be_empty)
    return AnnotationFile(path, size_hw, tuple(found.objects), _note(path, found), source)


def photo_named_in(path: Path) -> Path | None:
    """Return the photo that a LabelMe file names, where it is there; None for any other file.

    Raises:
        MaskError: one sentence; the file cannot be read.
    """
    if path.suffix.lower() != ".json":
        return None
    name = _photo_name_in(_parsed(path, _text_of(path, _bytes_of(path)[0])))
    photo = path.parent / name
    return photo if name and is_file(photo) else None


def is_labelme_of(path: Path, photo_name: str) -> bool:
    """Return whether a JSON file beside a photo is LabelMe's, and not of another photo of the same stem.

    Raises:
        MaskError: one sentence; the file cannot be read.
    """
    content = _parsed(path, _text_of(path, _bytes_of(path)[0]))
    if not is_labelme(content):
        return False
    named = PurePosixPath(_photo_name_in(content)).name  # its folder may be one of another machine
    return named in ("", photo_name) or not is_file(path.parent / named)


def _photo_name_in(content: Any) -> str:
    """Return the path of the photo that a LabelMe file names, "" where none is."""
    name = content.get("imagePath") if is_labelme(content) else None
    return name.replace("\\", "/") if isinstance(name, str) else ""


def _bytes_of(path: Path) -> tuple[bytes, tuple[int, int]]:
    try:
        stamp = stamp_of(path)
        n_bytes = stamp[1]
        if n_bytes > _MAX_BYTES:
            raise MaskError(
                f"{path} has {n_bytes // 1_000_000} MB and annotations are read up to "
                f"{_MAX_BYTES // 1_000_000} MB; cut it into smaller files."
            )
        return path.read_bytes(), stamp
    except OSError as error:
        raise MaskError(f"{path} cannot be read ({error.strerror or error}); check the file.") from error


def _text_of(path: Path, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MaskError(f"{path} is no text; annotations are JSON, XML or lines of numbers.") from error


def _read_json(
    path: Path, content: Any, photo_name: str, size_hw: tuple[int, int], photo_folder: Path | None
) -> ReadObjects:
    if is_labelme(content):
        return read_labelme(content, size_hw)
    if is_coco(content):
        return read_coco(path, content, photo_name, size_hw, photo_folder)
    raise MaskError(f"{path} holds no annotations that are known here; LabelMe and COCO are.")


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MaskError(f"{path} is no JSON ({error}); write it anew.") from error


def _check(
    path: Path, photo_name: str, found: ReadObjects, size_hw: tuple[int, int], *, may_be_empty: bool
) -> None:
    if found.size_hw != size_hw:
        raise MaskError(
            f"{path} is for a photo of {found.size_hw[1]} x {found.size_hw[0]} px and {photo_name} has "
            f"{size_hw[1]} x {size_hw[0]} px; open the photo that it was made for."
        )
    if not found.objects and not may_be_empty:
        why = f" that can be used ({found.left_out[0]})" if found.left_out else ""
        raise MaskError(f"{path} holds no object{why} for {photo_name}; the mask is as it was.")
    n_objects = len(found.objects)
    if not fit_layers(n_objects, size_hw):
        raise MaskError(
            f"{path} holds {n_objects} objects for {photo_name}, too many to be layers; "
            f"{MAX_LAYERS} are the most, and fewer of a very large photo."
        )


def _note(path: Path, found: ReadObjects) -> str:
    if not found.left_out:
        return ""
    n_all = len(found.objects) + len(found.left_out)
    reasons = "; ".join(sorted(set(found.left_out))[:3])
    return f"{len(found.left_out)} of {n_all} objects in {path.name} were left out: {reasons}."


def _free_name(wanted: str, used: set[str]) -> str:
    name, number = wanted, 2
    while name in used:
        name, number = f"{wanted} {number}", number + 1
    used.add(name)
    return name
