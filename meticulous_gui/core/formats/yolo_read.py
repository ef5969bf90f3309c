"""Reads YOLO labels: a line for each object, numbers from 0 to 1; boxes are objects too."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from meticulous_gui.core.annotation_objects import (
    FoundObject,
    ReadObjects,
    UnusableError,
    object_of_rings,
    ring_of,
)
from meticulous_gui.core.errors import MaskError

__all__ = ["read_yolo"]

_LEVELS: Final = 3
"""labels/train/dog.txt: so far above a label file its classes may be."""
_BOX: Final = 4
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^']|'')*'"
_UNREMARKED: Final = re.compile(rf"(?:{_QUOTED}|(?<=\S)#|[^#])*")
"""A line of YAML up to its remark, which begins with a # after white space."""
_NAMES: Final = re.compile(r"^names:", re.MULTILINE)
_IN_BRACKETS: Final = re.compile(rf"{_QUOTED}|[^\s,][^,]*")
_NUMBERED: Final = re.compile(r"\s+['\"]?(\d+)['\"]?\s*:\s*(.+?)\s*")
_LISTED: Final = re.compile(r"\s*-\s+(.+?)\s*")


def read_yolo(path: Path, text: str, size_hw: tuple[int, int]) -> ReadObjects:
    """Return the objects of a photo; a class that no file names is called by its number.

    Args:
        path: the label file; data.yaml or classes.txt is looked for beside and above it.
        text: what it holds.
        size_hw: of the photo; the file does not say it.

    Raises:
        MaskError: one sentence; no line begins with the number of a class.
    """
    found = ReadObjects(size_hw)
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if lines and not any(parts[0].isdecimal() for parts in lines):
        raise MaskError(f"{path} holds other text than annotations; drop a YOLO, LabelMe, COCO or VOC file.")
    names = _names_for(path)
    for parts in lines:
        found.take(lambda parts=parts: _object(parts, names, size_hw))  # type: ignore[misc]
    return found


def _object(parts: list[str], names: Mapping[int, str], size_hw: tuple[int, int]) -> FoundObject:
    number, values = int(parts[0]), [float(value) for value in parts[1:]]
    label = names.get(number, f"class {number}")
    if len(values) == _BOX:
        x, y, width, height = values
        left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
        values = [left, top, right, top, right, bottom, left, bottom]
    if len(values) % 2:
        raise UnusableError("a corner without its y")
    corners = ring_of(values) * np.array([size_hw[1], size_hw[0]], np.float64)
    return object_of_rings(label, "", [[corners]], size_hw)


def _names_for(path: Path) -> dict[int, str]:
    for folder in path.absolute().parents[:_LEVELS]:
        for name, read in (("data.yaml", _names_of_yaml), ("classes.txt", _names_of_lines)):
            try:
                names = read((folder / name).read_text(encoding="utf-8"))
            except (OSError, ValueError, SyntaxError):  # the last: a name with broken quotation marks
                continue
            if names:
                return names
    return {}


def _names_of_lines(text: str) -> dict[int, str]:
    return {number: line.strip() for number, line in enumerate(text.splitlines()) if line.strip()}


def _names_of_yaml(text: str) -> dict[int, str]:
    """Return the classes of a data.yaml: numbered, listed line by line, or listed in brackets."""
    plain = "\n".join("".join(_UNREMARKED.findall(line)[:1]) for line in text.splitlines())
    start = _NAMES.search(plain)
    if start is None:
        return {}
    rest = plain[start.end() :]
    first, _, below = rest.partition("\n")
    if first.strip().startswith("["):
        inside = rest.partition("[")[2].partition("]")[0]
        return {number: _plain(name) for number, name in enumerate(_IN_BRACKETS.findall(inside))}
    names: dict[int, str] = {}
    for line in below.splitlines():
        numbered, listed = _NUMBERED.fullmatch(line), _LISTED.fullmatch(line)
        if numbered is not None:
            names[int(numbered.group(1))] = _plain(numbered.group(2))
        elif listed is not None:
            names[len(names)] = _plain(listed.group(1))
        elif line.strip():
            break
    return names


def _plain(name: str) -> str:
    """Return a name without its quotation marks."""
    name = name.strip()
    if len(name) >= 2 and name[0] == name[-1] and name[0] in "'\"":
        return str(ast.literal_eval(name)) if name[0] == '"' else name[1:-1].replace("''", "'")
    return name
