"""Raw little-endian TIFF files with every tag under control; for tests only."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray


def tiff_bytes(
    pixels: NDArray[Any],
    *,
    photometric: int | None = None,
    orientation: int = 1,
    extra_alpha: int | None = None,
) -> bytes:
    """Return an uncompressed TIFF of (H, W) or (H, W, C) uint8, uint16 or float32."""
    planes = pixels[..., None] if pixels.ndim == 2 else pixels
    height, width, channels = planes.shape
    bits = planes.dtype.itemsize * 8
    kind = 3 if planes.dtype == np.float32 else 1
    if photometric is None:
        photometric = 1 if channels < 3 else 2
    data = planes.astype(planes.dtype.newbyteorder("<")).tobytes()
    entries: list[tuple[int, int, list[int]]] = [
        (256, 4, [width]),
        (257, 4, [height]),
        (258, 3, [bits] * channels),
        (259, 3, [1]),
        (262, 3, [photometric]),
        (273, 4, [-1]),
        (274, 3, [orientation]),
        (277, 3, [channels]),
        (278, 4, [height]),
        (279, 4, [len(data)]),
        (284, 3, [1]),
    ]
    if extra_alpha is not None:  # 0: it is none, 1: the colours are multiplied by it, 2: they are not
        entries.append((338, 3, [extra_alpha]))
    entries.append((339, 3, [kind] * channels))
    values_at = 8 + 2 + 12 * len(entries) + 4
    values = b""
    table = b""
    pixels_at = values_at + sum(2 * len(v) for _, kind_, v in entries if kind_ == 3 and len(v) > 2)
    for tag, field, content in entries:
        numbers = [pixels_at] if tag == 273 else content
        raw = struct.pack(f"<{len(numbers)}{'H' if field == 3 else 'I'}", *numbers)
        if len(raw) > 4:
            table += struct.pack("<HHII", tag, field, len(numbers), values_at + len(values))
            values += raw
        else:
            table += struct.pack("<HHI", tag, field, len(numbers)) + raw.ljust(4, b"\0")
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries))
    return head + table + struct.pack("<I", 0) + values + data
