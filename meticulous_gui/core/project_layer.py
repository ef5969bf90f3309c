"""One saved layer: what the JSON of its photo says of it, and its mask files (`core.project`)."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from meticulous_gui.core.decode import read_header_size
from meticulous_gui.core.files import write_bytes
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import DecidedMap, Layer
from meticulous_gui.core.photo import load_alpha
from meticulous_gui.core.project_index import is_plain_name
from meticulous_gui.core.stored import ANY_SIZE

__all__ = ["read_layer", "write_layer"]

_MAX_NAME_BYTES: Final = 200
"""Of a photo's name in those of its masks; most systems allow 255 in all."""


def write_layer(place: Path, photo_name: str, layer: Layer, fresh: list[Path]) -> dict[str, Any]:
    """Write the masks of a layer and return what the JSON says of it.

    Args:
        place: the folder.
        photo_name: of the photo's file.
        layer: that nobody changes meanwhile.
        fresh: takes the files that are new.
    """
    decided = None
    if not layer.decided.is_empty():
        pixels = layer.decided.to_mask()
        decided = _write_mask(place, photo_name, f"{layer.id}.decided", pixels, fresh)
    return {
        "id": layer.id,
        "name": layer.name,
        "category": layer.category,
        "colour": list(layer.colour),
        "visible": layer.visible,
        "locked": layer.locked,
        "mask": _write_mask(place, photo_name, str(layer.id), layer.alpha, fresh),
        "decided": decided,
    }


def _write_mask(place: Path, photo_name: str, kind: str, pixels: np.ndarray, fresh: list[Path]) -> str:
    """Write a mask under a name that tells its content; one that is there already is not written again.

    Args:
        place: the folder.
        photo_name: of the photo's file; of a very long one only the beginning and a digest are in the name.
        kind: what tells the masks of one photo apart.
        pixels: (H, W) uint8 or bool.
        fresh: takes the file where it is new.
    """
    buffer = io.BytesIO()
    write_png(buffer, pixels)
    content = buffer.getvalue()
    raw_name = os.fsencode(photo_name)
    if len(raw_name) > _MAX_NAME_BYTES:
        # No other photo may share the file: it goes when this one no longer needs it.
        photo_name = f"{photo_name[: _MAX_NAME_BYTES // 8]}~{hashlib.sha256(raw_name).hexdigest()[:16]}"
    name = f"{photo_name}.{kind}.{hashlib.sha256(content).hexdigest()[:10]}.png"
    if not (place / name).is_file() or (place / name).read_bytes() != content:
        write_bytes(place / name, content)
        fresh.append(place / name)
    return name


def read_layer(place: Path, entry: Mapping[str, Any], size_hw: tuple[int, int], *, used: set[int]) -> Layer:
    """Return the layer that the JSON speaks of.

    Args:
        place: the folder.
        entry: what the JSON says of it.
        size_hw: of the photo.
        used: ids of other layers.

    Raises:
        MeticulousError, ValueError, TypeError, KeyError, OverflowError: it is damaged.
    """
    alpha = _read_mask(place, entry["mask"], size_hw)
    decided = DecidedMap(size_hw)
    if entry.get("decided") is not None:
        decided.set(Box.whole(size_hw), _read_mask(place, entry["decided"], size_hw) >= 128)
    red, green, blue = (int(np.clip(value, 0, 255)) for value in entry["colour"])
    layer_id = int(entry["id"])
    if layer_id in used:
        raise ValueError(f"its number {layer_id} occurs twice")
    category = entry.get("category")
    return Layer(
        layer_id,
        str(entry["name"]),
        alpha,
        decided=decided,
        colour=(red, green, blue),
        category=None if category is None else str(category),
        visible=bool(entry.get("visible", True)),
        locked=bool(entry.get("locked", False)),
    )


def _read_mask(place: Path, name: Any, size_hw: tuple[int, int]) -> np.ndarray:
    if not is_plain_name(name):
        raise ValueError(f"the file name {name!r} leads elsewhere")
    height, width = read_header_size(place / name, ANY_SIZE)
    if (height, width) != size_hw:  # before memory is taken
        raise ValueError(f"{name} is {width} x {height} px, not {size_hw[1]} x {size_hw[0]}")
    return load_alpha(place / name, ANY_SIZE, is_exact=True)
