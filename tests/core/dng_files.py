"""A camera's raw file with every number under control; for tests only."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray
from PIL.TiffImagePlugin import IFDRational, ImageFileDirectory_v2

_COLOUR_MATRIX = (0.9, -0.3, -0.1, -0.4, 1.2, 0.2, -0.05, 0.15, 0.6)


def dng_bytes(sensor: NDArray[np.uint16], *, orientation: int = 1) -> bytes:
    """Return a DNG of (H, W) values behind red, green, green, blue filters, even sides."""
    height, width = sensor.shape
    long, short, byte, text, rational, signed = 4, 3, 1, 2, 5, 10
    entries = [
        (254, long, 0),
        (256, long, width),
        (257, long, height),
        (258, short, (16,)),
        (259, short, 1),
        (262, short, 32803),
        (271, text, "Test"),
        (272, text, "Camera"),
        (273, long, (0,)),  # Pillow counts it from the end of the directory, where the values lie
        (274, short, orientation),
        (277, short, 1),
        (278, long, height),
        (279, long, (sensor.nbytes,)),
        (284, short, 1),
        (33421, short, (2, 2)),
        (33422, byte, bytes((0, 1, 1, 2))),
        (50706, byte, bytes((1, 4, 0, 0))),
        (50708, text, "Test Camera"),
        (50717, long, 65535),
        (50721, signed, tuple(IFDRational(round(value * 10000), 10000) for value in _COLOUR_MATRIX)),
        (50728, rational, (IFDRational(1, 1),) * 3),
        (50778, short, 21),
    ]
    directory = ImageFileDirectory_v2()
    for tag, kind, value in entries:
        directory.tagtype[tag] = kind
        directory[tag] = value
    return struct.pack("<2sHI", b"II", 42, 8) + directory.tobytes(8) + sensor.astype("<u2").tobytes()
