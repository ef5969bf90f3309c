"""Annotations as Pascal VOC: label pictures of classes and objects, an XML with boxes for each photo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np

from meticulous_gui.core.annotation import Annotated
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import ensure_folder, write_bytes
from meticulous_gui.core.label_map import write_index_png
from meticulous_gui.core.layer import Rgb
from meticulous_gui.core.recipe import Recipe

__all__ = ["VocExporter", "voc_colour"]

_CLASSES: Final = "labelmap.txt"
_NEVER_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAX_VALUE: Final = 254
"""255 means "do not care"."""


@dataclass(frozen=True)
class VocExporter:
    """Exact where objects do not overlap; of overlapping ones the upper covers the lower, which is said."""

    name: str = "voc"
    title: str = "Pascal VOC (folder)"
    suffixes: tuple[str, ...] = ()

    def file_of(self, photo_name: str, target: Path) -> Path:
        return target / "Annotations" / f"{Path(photo_name).stem}.xml"

    def write(self, pictures: Iterable[Annotated], target: Path, recipe: Recipe) -> tuple[str, ...]:
        classes, lines = _read_classes(target / _CLASSES)
        folders = [target / name for name in ("SegmentationClass", "SegmentationObject", "Annotations")]
        for folder in folders:
            ensure_folder(folder)
        n_overlapped = 0
        for picture in pictures:
            labels = np.zeros(picture.size_hw, np.uint8)
            objects = np.zeros(picture.size_hw, np.uint8)
            if len(picture.instances) > _MAX_VALUE:
                raise ExportError(
                    f"{picture.file_name} has more than {_MAX_VALUE} objects, VOC holds no more."
                )
            for index, instance in enumerate(picture.instances, start=1):
                n_overlapped += bool(objects[instance.mask].any())
                labels[instance.mask] = _value_of(instance.label, classes, lines)
                objects[instance.mask] = index
            _write_classes(target / _CLASSES, lines)  # before the pictures that count on them
            _write_labels(folders[0] / f"{picture.stem}.png", labels)
            _write_labels(folders[1] / f"{picture.stem}.png", objects)
            write_bytes(self.file_of(picture.file_name, target), _xml(picture))
        if not n_overlapped:
            return ()
        return (f"Pascal VOC holds one object a pixel: {n_overlapped} objects cover parts of lower ones.",)


def voc_colour(value: int) -> Rgb:
    """Return the colour of a label: its bits, from the lowest, are dealt to red, green and blue in turn."""
    channels = [0, 0, 0]
    for bit in range(8):
        channels[bit % 3] |= (value >> bit & 1) << (7 - bit // 3)
    return channels[0], channels[1], channels[2]


_COLOURS: Final = {value: voc_colour(value) for value in range(256)}


def _write_labels(path: Path, values: np.ndarray) -> None:
    write_index_png(values, path, _COLOURS)


def _value_of(label: str, classes: dict[str, int], lines: list[str]) -> int:
    """Return the value of a class; a new one gets the next, and a line."""
    if label not in classes:
        value = classes[label] = len(classes) + 1
        if value > _MAX_VALUE:
            raise ExportError(f"There are more than {_MAX_VALUE} categories, Pascal VOC holds no more.")
        lines.append(f"{label}:{','.join(map(str, voc_colour(value)))}::")
    return classes[label]


def _xml(picture: Annotated) -> bytes:
    height, width = picture.size_hw
    root = ElementTree.Element("annotation")
    _add(root, folder="JPEGImages", filename=picture.file_name)
    _add(ElementTree.SubElement(root, "source"), database="Meticulous")
    _add(ElementTree.SubElement(root, "size"), width=width, height=height, depth=3)
    _add(root, segmented=1)
    for instance in picture.instances:
        box = instance.box
        is_cut = box.x0 == 0 or box.y0 == 0 or box.x1 == width or box.y1 == height
        entry = ElementTree.SubElement(root, "object")
        _add(entry, name=instance.label, pose="Unspecified", truncated=int(is_cut), difficult=0, occluded=0)
        # Counted from 1, both ends inside.
        _add(
            ElementTree.SubElement(entry, "bndbox"),
            xmin=box.x0 + 1,
            ymin=box.y0 + 1,
            xmax=box.x1,
            ymax=box.y1,
        )
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8")


def _add(parent: ElementTree.Element, **values: str | int) -> None:
    for name, value in values.items():
        ElementTree.SubElement(parent, name).text = _NEVER_IN_XML.sub("\ufffd", str(value))


def _write_classes(path: Path, lines: Sequence[str]) -> None:
    content = ("\n".join(lines) + "\n").encode()
    if not path.exists() or path.read_bytes() != content:
        write_bytes(path, content)


def _read_classes(path: Path) -> tuple[dict[str, int], list[str]]:
    """Return the values of the classes in a labelmap.txt, so that pictures written before stay right.

    Its lines come, too: they may name parts and actions of a class.

    Raises:
        ExportError: it is of another form.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}, ["# label:color_rgb:parts:actions", "background:0,0,0::"]
    except (OSError, ValueError) as error:
        raise ExportError(f"{path} cannot be read ({error}); choose another folder.") from error
    values = {colour: value for value, colour in _COLOURS.items()}
    classes = {}
    for line in lines:
        if not line.strip():
            continue
        label, _, rest = line.rpartition(":")[0].rpartition(":")[0].rpartition(":")
        try:
            red, green, blue = map(int, rest.split(","))
            value = values[red, green, blue]
        except (ValueError, KeyError):
            if line.startswith("#"):  # a remark; a class, too, may begin so
                continue
            raise ExportError(
                f"The classes in {path} are written in a way that is not known here; choose another folder."
            ) from None
        if value:
            classes[label] = value
    if sorted(classes.values()) != list(range(1, len(classes) + 1)):
        raise ExportError(f"The classes in {path} have gaps in their colours; choose another folder.")
    return classes, lines
