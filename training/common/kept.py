"""Pictures out of files or shards, decoded, and kept in memory as long as there is room."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.photo import inside_of, stretched

Item = TypeVar("Item")


class Kept(Generic[Item]):
    """Items by their index, while a budget of bytes lasts; safe to use from several threads."""

    def __init__(self, budget_bytes: int) -> None:
        self._items: dict[int, Item] = {}
        self._bytes_left = budget_bytes
        self._lock = threading.Lock()

    def get(self, index: int) -> Item | None:
        """Return an item that was kept, None for one that was not."""
        return self._items.get(index)

    def keep(self, index: int, item: Item, n_bytes: int) -> None:
        """Keep an item of so many bytes, if there is room."""
        with self._lock:
            if n_bytes <= self._bytes_left and index not in self._items:
                self._bytes_left -= n_bytes
                self._items[index] = item


def decode(content: bytes | Path, mode: str) -> NDArray[np.uint8]:
    """Return the picture, (H, W, 3) for "RGB", and (H, W) for "L", a mask.

    A mask of 1 bit, or of 0 and 1, comes out as 0 and 255; in a palette with colours index 0, and the void
    around objects, are outside and every other index inside, as elsewhere in the program (`inside_of`).
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    with Image.open(stream) as opened:
        has_alpha = mode == "L" and opened.mode in ("LA", "RGBA", "PA")
        picture = opened.getchannel("A") if has_alpha else opened
        values = np.ascontiguousarray(np.asarray(picture.convert(mode), np.uint8))
        if mode == "L" and opened.mode == "P" and np.ptp(np.asarray(opened.convert("RGB")), axis=2).any():
            values = inside_of(np.asarray(opened)).astype(np.uint8)
    return stretched(values) if mode == "L" else values
