"""Label maps: one picture that says of each pixel which layer it belongs to, and a legend beside it.

`dog.png` is a palette PNG (16-bit grey above 255 layers) whose value 0 is the background; `dog.json` names
every other value. VOC, DAVIS and most training programs read such a picture as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import atomic_write, is_file, json_bytes
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.layer import Layer, Rgb
from meticulous_gui.core.types import INSIDE

__all__ = [
    "Label",
    "index_picture",
    "label_map",
    "legend_path",
    "read_legend",
    "write_index_png",
    "write_label_map",
]

_FORMAT: Final = "meticulous-label-map"
_VERSION: Final = 1
_MAX_PALETTE: Final = 255
_MAX_LABELS: Final = 65_535


@dataclass(frozen=True)
class Label:
    """What one value of a label map means."""

    value: int
    name: str
    colour: Rgb
    category: str | None = None


def legend_path(path: Path) -> Path:
    """Return where the legend of a label map lies."""
    return path.with_suffix(".json")


def label_map(
    layers: Sequence[Layer], values: Mapping[int, int] | None = None
) -> tuple[NDArray[Any], tuple[Label, ...]]:
    """Return which layer each pixel belongs to; where several cover it (alpha >= 128), the highest.

    Args:
        layers: the lowest first, at least one, of one size; hidden ones are left out.
        values: of each layer by its id, 1..65,535; without it they are counted from 1.

    Returns:
        (H, W) uint8, or uint16 above 255, 0 where no layer is; and what the values mean.

    Raises:
        ExportError: no layer is visible, or more than 65,535 are.
    """
    seen = [layer for layer in layers if layer.visible]
    if not seen:
        raise ExportError("Every layer is hidden; show those that belong into the label map.")
    if len(seen) > _MAX_LABELS:
        raise ExportError(f"A label map holds {_MAX_LABELS} layers and there are {len(seen)}; hide some.")
    numbers = values or {layer.id: index for index, layer in enumerate(seen, start=1)}
    is_small = max(numbers[layer.id] for layer in seen) <= _MAX_PALETTE
    pixels = np.zeros(seen[0].size_hw, np.uint8 if is_small else np.uint16)
    labels = []
    for layer in seen:
        value = numbers[layer.id]
        pixels[layer.alpha >= INSIDE] = value
        labels.append(Label(value, layer.name, layer.colour, layer.category))
    return pixels, tuple(labels)


def write_label_map(layers: Sequence[Layer], path: Path) -> tuple[Path, Path]:
    """Write the label map of some layers and its legend, both or none; they are replaced atomically.

    Args:
        layers: as in `label_map`; nobody changes them meanwhile.
        path: the PNG; the legend has the same name with .json.

    Returns:
        The two files.

    Raises:
        ExportError: one sentence; nothing to write, the folder cannot be written, or another program's file
            lies where the legend goes (LabelMe's annotations of `dog.png` are in `dog.json`, too).
    """
    pixels, labels = label_map(layers)
    place = legend_path(path)
    if is_file(place) and not read_legend(path):
        raise ExportError(
            f"{path} was not written: its legend would replace {place}, which another program wrote; "
            "choose another name."
        )
    legend = {
        "format": _FORMAT,
        "version": _VERSION,
        "background": 0,
        "labels": [
            {
                "value": label.value,
                "name": label.name,
                "category": label.category,
                "colour": list(label.colour),
            }
            for label in labels
        ],
    }
    with atomic_write(place) as stream:
        stream.write(json_bytes(legend, indent=2))
        stream.flush()  # what can go wrong with it does so before the picture is another one
        write_index_png(pixels, path, {label.value: label.colour for label in labels})
    return path, place


def write_index_png(pixels: NDArray[Any], path: Path, colours: Mapping[int, Rgb]) -> None:
    """Write (H, W) uint8 values as a palette PNG with these colours, uint16 values as 16-bit grey.

    Raises:
        ExportError: the file cannot be written.
    """
    with atomic_write(path) as stream:
        if pixels.dtype != np.uint8:
            write_png(stream, pixels)
            return
        index_picture(pixels, colours).save(stream, "PNG", compress_level=4)


def index_picture(pixels: NDArray[np.uint8], colours: Mapping[int, Rgb]) -> Image.Image:
    """Return (H, W) uint8 values as a palette picture with these colours."""
    picture = Image.fromarray(pixels, "P")
    table = [colours.get(value, (0, 0, 0)) for value in range(max(colours, default=0) + 1)]
    picture.putpalette([channel for colour in table for channel in colour])
    return picture


def read_legend(path: Path) -> tuple[Label, ...]:
    """Return what the values of a label map mean; nothing where no legend of ours lies beside it."""
    try:
        legend = json.loads(legend_path(path).read_text(encoding="utf-8"))
        if legend["format"] != _FORMAT:
            return ()
        return tuple(_label_of(entry) for entry in legend["labels"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return ()  # a comfort: the values alone are the label map


def _label_of(entry: Mapping[str, Any]) -> Label:
    red, green, blue = (int(np.clip(value, 0, 255)) for value in entry["colour"])
    category = entry.get("category")
    return Label(
        int(entry["value"]),
        str(entry["name"]),
        (red, green, blue),
        None if category is None else str(category),
    )
