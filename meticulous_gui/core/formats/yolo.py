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
_ENTRY: Final = re.compile(r'\s+(\d+):\s*("(?:[^"\\]|\\.)*"|[^"\s].*?)\s*')


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
        classes = _read_classes(target / _CLASSES)
        ensure_folder(target / "labels")
        n_objects = n_bridged = 0
        for picture in pictures:
            lines = []
            for instance in picture.instances:
                number = classes.setdefault(instance.label, len(classes))
                line, is_bridged = _line(instance, number)
                lines.append(line)
                n_objects, n_bridged = n_objects + 1, n_bridged + is_bridged
            _write_classes(target / _CLASSES, classes)  # before the file that counts on them
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


def _write_classes(path: Path, classes: dict[str, int]) -> None:
    names = "".join(
        f"  {number}: {json.dumps(label, ensure_ascii=False)}\n" for label, number in classes.items()
    )
    content = f"path: .\ntrain: images\nval: images\nnames:\n{names}".encode()
    if not path.exists() or path.read_bytes() != content:
        write_bytes(path, content)


def _read_classes(path: Path) -> dict[str, int]:
    """Return the numbers of the classes in a data.yaml of ours.

    Raises:
        ExportError: it is of another form, and its numbers cannot be kept.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ExportError(f"{path} cannot be read ({error}); choose another folder.") from error
    _, found, entries = text.partition("names:\n")
    classes: dict[str, int] = {}
    for line in entries.splitlines():
        match = _ENTRY.fullmatch(line)
        if match is None:
            found = ""
            break
        label = match.group(2)
        try:
            name = str(json.loads(label)) if label.startswith('"') else label
        except ValueError:  # YAML has escapes that JSON has not
            found = ""
            break
        classes[name] = int(match.group(1))
    if not found or sorted(classes.values()) != list(range(len(classes))):
        raise ExportError(
            f"The classes in {path} are written in a way that is not known here; choose another folder."
        )
    return classes
