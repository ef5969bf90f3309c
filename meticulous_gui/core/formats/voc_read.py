"""Reads Pascal VOC annotations: classes from the XML, pixels from the picture of its objects."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from meticulous_gui.core.annotation_objects import ReadObjects, object_of_mask
from meticulous_gui.core.decode import DecodeLimits, decode
from meticulous_gui.core.errors import MaskError, PhotoError

__all__ = ["read_voc"]

_OBJECTS: Final = "SegmentationObject"


def read_voc(path: Path, text: str, limits: DecodeLimits) -> ReadObjects:
    """Return the objects of a photo.

    Args:
        path: the XML; the picture of objects lies in the folder beside its own.
        text: what it holds.
        limits: for the picture.

    Raises:
        MaskError: one sentence; it is no VOC, or the picture of its objects is not there.
    """
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise MaskError(f"{path} is no XML ({error}); write it anew.") from error
    if root.tag != "annotation":
        raise MaskError(f"{path} is XML of another kind (<{root.tag}>); Pascal VOC begins with <annotation>.")
    pixels = path.absolute().parent.parent / _OBJECTS / f"{path.stem}.png"
    if not pixels.is_file():
        raise MaskError(f"{path} holds only boxes; the masks that belong to it would be in {pixels}.")
    try:
        decoded = decode(pixels, limits, keep_palette_index=True)
    except PhotoError as error:
        raise MaskError(str(error)) from error
    values = decoded.palette_index if decoded.palette_index is not None else decoded.pixels
    if values.ndim != 2:
        raise MaskError(f"{pixels} has colours where VOC has numbers of objects; write it as a palette PNG.")
    found = ReadObjects((values.shape[0], values.shape[1]))
    for number, entry in enumerate(root.iter("object"), start=1):
        label = entry.findtext("name") or f"object {number}"
        found.take(
            lambda label=label, number=number: object_of_mask(label, "", values == number)  # type: ignore[misc]
        )
    return found
