"""Small ICC profiles made by hand: matrix RGB, grey, and a CMYK look-up table; for tests only."""

from __future__ import annotations

import struct
from collections.abc import Mapping


def s15f16(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def xyz(x: float, y: float, z: float) -> bytes:
    return b"XYZ \0\0\0\0" + s15f16(x) + s15f16(y) + s15f16(z)


def gamma_curve(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def text(value: str) -> bytes:
    raw = value.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw + b"\0" * 78


def profile(*, device_class: bytes, space: bytes, connection: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    """Return an ICC 2.4 profile with these tags."""
    all_tags = {b"desc": text("test profile"), b"wtpt": xyz(0.9642, 1.0, 0.8249), **tags}
    all_tags[b"cprt"] = b"text\0\0\0\0CC0\0"
    table, body = struct.pack(">I", len(all_tags)), b""
    offset = 128 + 4 + 12 * len(all_tags)
    for name, content in all_tags.items():
        padded = content + b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", offset + len(body), len(content))
        body += padded
    size = offset + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, device_class, space, connection)
    header += struct.pack(">6H", 2020, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    header += s15f16(0.9642) + s15f16(1.0) + s15f16(0.8249)
    return header.ljust(128, b"\0") + table + body


def wide_rgb(gamma: float = 2.2) -> bytes:
    """Return a profile with Adobe RGB's primaries."""
    tags = {
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
        b"rTRC": gamma_curve(gamma),
        b"gTRC": gamma_curve(gamma),
        b"bTRC": gamma_curve(gamma),
    }
    return profile(device_class=b"mntr", space=b"RGB ", connection=b"XYZ ", tags=tags)


def grey(gamma: float) -> bytes:
    return profile(
        device_class=b"mntr", space=b"GRAY", connection=b"XYZ ", tags={b"kTRC": gamma_curve(gamma)}
    )


def cmyk() -> bytes:
    """Return a press whose cyan ink prints blue-green, magenta pink, yellow yellow, black black.

    An 8-bit table of 2 x 2 x 2 x 2 corners to Lab: lightness falls with each ink.
    """
    grid = bytearray()
    for c in (0, 1):
        for m in (0, 1):
            for y in (0, 1):
                for k in (0, 1):
                    lightness = max(0.0, 100 - 45 * c - 50 * m - 10 * y) * (1 - k)
                    a = (-35 * c + 75 * m - 5 * y) * (1 - k)
                    b = (-50 * c - 5 * m + 90 * y) * (1 - k)
                    grid += bytes((round(lightness * 2.55), round(a + 128), round(b + 128)))
    identity = bytes(range(256))
    matrix = b"".join(s15f16(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + identity * 4 + bytes(grid) + identity * 3
    return profile(device_class=b"prtr", space=b"CMYK", connection=b"Lab ", tags={b"A2B0": table})
