"""Pictures out of files or shards, decoded, and kept in memory as long as there is room; damage is named."""

from __future__ import annotations

import io
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.decode import turned
from meticulous_gui.core.deep import deep_grey
from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.exif import read_metadata
from meticulous_gui.core.mask_file import are_labels
from meticulous_gui.core.photo import GREY_TOLERANCE, inside_of, stretched
from meticulous_gui.core.stored import eight_bits

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


@contextmanager
def naming(what: str, image: bytes | Path) -> Iterator[None]:
    """Name what holds a picture, a mask or an outline that cannot be read, and the picture's file.

    Raises:
        UsageError: the block met such a one.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        place = f" ({image})" if isinstance(image, Path) else ""
        raise UsageError(f"The {what}{place} cannot be read: {error}; take it out.") from error


def members_of(shard: Path) -> dict[str, bytes]:
    """Return the files in a tar by name.

    Raises:
        UsageError: it is damaged.
    """
    members = {}
    try:
        with tarfile.open(shard) as tar:
            for member in tar:
                stream = tar.extractfile(member)
                if stream is not None:
                    members[member.name] = stream.read()
    except tarfile.TarError as error:
        raise UsageError(f"The shard {shard} cannot be read: {error}; copy it again.") from error
    return members


def decode(content: bytes | Path, mode: str) -> NDArray[np.uint8]:
    """Return the picture upright, (H, W, 3) for "RGB", and (H, W) for "L", a mask.

    A mask means what it means elsewhere in the program: transparency counts first, if there is any. One of 1
    bit, or of 0 and 1, comes out as 0 and 255; numbered objects, in grey or in a palette with colours, are
    inside, index 0 and the void around objects are outside (`inside_of`).

    Raises:
        ValueError: a mask in colours, of which it is not clear what is inside.
        PhotoError: grey of more than 16 bits.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    with Image.open(stream) as opened:
        orientation = read_metadata(opened).orientation
        values = _coverage_of(opened) if mode == "L" else _rgb_of(opened)
    return turned(values, orientation)


def _rgb_of(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith("I"):
        return np.repeat(eight_bits(_deep_grey_of(picture))[:, :, None], 3, axis=2)
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"), np.uint8))


def _coverage_of(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode in ("LA", "RGBA", "PA"):
        alpha = np.ascontiguousarray(np.asarray(picture.getchannel("A"), np.uint8))
        if int(alpha.min(initial=255)) < 255:  # opaque everywhere says nothing about an object
            return stretched(alpha)
    values: NDArray[np.uint8 | np.uint16]
    if picture.mode.startswith("I"):
        values = _deep_grey_of(picture)
    else:
        if picture.mode not in ("1", "L", "LA"):
            spread = np.ptp(np.asarray(picture.convert("RGB")), axis=2)
            if picture.mode == "P" and spread.any():
                return stretched(inside_of(np.asarray(picture)).astype(np.uint8))
            if int(spread.max(initial=0)) > GREY_TOLERANCE:
                raise ValueError("the mask holds colours, so it is not clear what is inside; save it as grey")
        values = np.ascontiguousarray(np.asarray(picture.convert("L"), np.uint8))
    if are_labels(np.unique(values).tolist(), values.dtype):
        return stretched((values > 0).astype(np.uint8))
    # 0/1 and 0/255 are also written with 16 bits; only real 16-bit coverage is scaled.
    return stretched(values.astype(np.uint8) if values.max(initial=0) <= 255 else eight_bits(values))


def _deep_grey_of(picture: Image.Image) -> NDArray[np.uint16]:
    return deep_grey(Path(getattr(picture, "filename", "") or "A picture of a shard"), picture)
