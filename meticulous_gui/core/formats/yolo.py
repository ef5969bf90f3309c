"""Annotations for YOLO: a text file for each photo in labels/, and data.yaml with the classes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from meticulous_gui.core.annotation import Annotated, Instance
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import ensure_folder, write_bytes
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.rings import join_rings, outline

__all__ = ["YoloExporter"]

_CLASSES: Final = "data.yaml"
_OURS: Final = "path: .\ntrain: images\nval: images\n"
"""What stands above the classes in a data.yaml that is new."""
_COUNT: Final = re.compile(r"^nc:.*$", re.MULTILINE)
_ENTRY: Final = re.compile(r"""\s+(\d+):\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'#\s](?:(?!\s\#).)*?)\s*""")


@dataclass(frozen=True)
class YoloExporter:
    """One ring for each object: parts and holes are joined to it by bridges without width, which is said."""

    name: str = "yolo"
    title: str = "YOLO segmentation (folder)"
    suffixes: tuple[str, ...] = ()

    def file_of(self, photo_name: str, target: Path) -> Path:
        return target / "labels" / f"{Path(photo_name).stem}.txt"

    def write(self, pictures: Iterable[Annotated], target: Path, recipe: Recipe) -> tuple[str, ...]:
        # Classes that are there already keep their numbers: other label files of the folder count on them.
        above, classes = _read_classes(target / _CLASSES)
        ensure_folder(target / "labels")
        n_objects = n_bridged = 0
        for picture in pictures:
            lines = []
            for instance in picture.instances:
                number = classes.setdefault(instance.label, len(classes))
                line, is_bridged = _line(instance, number)
                lines.append(line)
                n_objects, n_bridged = n_objects + 1, n_bridged + is_bridged
            _write_classes(target / _CLASSES, above, classes)  # before the file that counts on them
            # An empty file says that there is nothing on the photo.
            write_bytes(self.file_of(picture.file_name, target), "".join(lines).encode())
        if not n_bridged:
            return ()
        return (
            f"YOLO holds one ring an object: {n_bridged} of {n_objects} have holes or several parts, "
            "which are joined by bridges without width.",
        )


def _line(instance: Instance, number: int) -> tuple[str, bool]:
    """Return the object's line and whether rings had to be joined."""
    rings = outline(instance.mask)
    height, width = instance.mask.shape
    corners = np.clip(join_rings(rings) / (width, height), 0.0, 1.0)
    return f"{number} " + " ".join(f"{value:.6f}" for value in corners.ravel()) + "\n", len(rings) > 1


def _write_classes(path: Path, above: str, classes: dict[str, int]) -> None:
    names = "".join(
        f"  {number}: {json.dumps(label, ensure_ascii=False)}\n" for label, number in classes.items()
    )
    content = f"{_COUNT.sub(f'nc: {len(classes)}', above)}names:\n{names}".encode()
    if not path.exists() or path.read_bytes() != content:
        write_bytes(path, content)


def _read_classes(path: Path) -> tuple[str, dict[str, int]]:
    """Return what stands above the classes in a data.yaml, such as where its photos are, and their numbers.

    Raises:
        ExportError: it is of another form, and its numbers cannot be kept.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return _OURS, {}
    except (OSError, ValueError) as error:
        raise ExportError(f"{path} cannot be read ({error}); choose another folder.") from error
    above, found, entries = text.partition("names:\n")
    classes: dict[str, int] = {}
    for line in entries.splitlines():
        match = _ENTRY.fullmatch(line)
        if match is None:
            found = ""
            break
        try:
            classes[_name_of(match.group(2))] = int(match.group(1))
        except ValueError:  # YAML has escapes that JSON has not
            found = ""
            break
    if not found or sorted(classes.values()) != list(range(len(classes))):
        raise ExportError(
            f"The classes in {path} are written in a way that is not known here; choose another folder."
        )
    return above, classes


def _name_of(label: str) -> str:
    """Return the name of a class without its quotation marks."""
    if label.startswith("'"):
        return label[1:-1].replace("''", "'")
    return str(json.loads(label)) if label.startswith('"') else label
