"""What kind of file this is by its first bytes, and the sentence for one that is no photo."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

from meticulous_gui.core.errors import PhotoError

__all__ = [
    "HEAD_BYTES",
    "PICTURE_SUFFIXES",
    "describe_foreign",
    "is_heif",
    "is_jpeg",
    "refuse_unknown",
    "refuse_unreadable",
]

PICTURE_SUFFIXES: Final = (
    ".jpg",
    ".jpeg",
    ".png",
    ".webp",
    ".tif",
    ".tiff",
    ".heic",
    ".heif",
    ".avif",
    ".bmp",
    ".gif",
    ".psd",
    ".jp2",
    ".ppm",
    ".pgm",
    ".tga",
)
"""Names that files of pictures have; what opens is decided by content."""

HEAD_BYTES: Final = 64
"""How much of a file is looked at."""

_READABLE: Final = "JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF or PSD"

_FOREIGN: Final = (
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML or SVG file"),
    (b"gimp xcf", "a GIMP file"),
    (b"v/1\x01", "an OpenEXR file"),
)

_PICTURE_STARTS: Final = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"RIFF", b"GIF8", b"8BPS")
_PARTLY_KNOWN: Final = ((b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"8BPS", "PSD"))
_SMALLEST_HEADER: Final = 128
"""A file below this many bytes is cut short, whatever it is."""
_PICTURE_BRANDS: Final = (b"ftypavif", b"ftypavis", b"ftypheic", b"ftypheix", b"ftypmif1")

_HEIF_BRANDS: Final = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))
_VIDEO_BRANDS: Final = frozenset((b"isom", b"iso2", b"mp41", b"mp42", b"qt  ", b"M4V ", b"3gp4", b"3gp5"))


def is_jpeg(head: bytes) -> bool:
    """Say whether the file starts as a JPEG, the one format with a quick reduced decode."""
    return head[:3] == b"\xff\xd8\xff"


def is_heif(head: bytes) -> bool:
    """Say whether the file starts as HEIC/HEIF (an AVIF, which Pillow reads itself, does not count)."""
    if head[4:8] != b"ftyp" or head[8:12] in (b"avif", b"avis"):
        return False
    # "mif1" is shared by both: the list of compatible brands decides.
    return head[8:12] in _HEIF_BRANDS and not (head[8:12] == b"mif1" and b"avif" in head[16:64])


def describe_foreign(path: Path, head: bytes) -> PhotoError | None:
    """Return the refusal of a file that is certainly no photo, or None where a decoder should try."""
    if not head:
        return PhotoError(f"{path} is empty (0 bytes); copy it again from where it came from.")
    kind = next((name for magic, name in _FOREIGN if head.startswith(magic)), None)
    if kind is None and head[4:8] == b"ftyp" and head[8:12] in _VIDEO_BRANDS:
        kind = "a video"
    if kind is None and _looks_like_text(head):
        start = head[:24].decode("utf-8", "replace").split("\n")[0].strip()
        kind = f'text ("{start}...")'
    if kind is None:
        return None
    return PhotoError(f"{path} is {kind}, not a photo; open a {_READABLE} file.")


def refuse_unknown(path: Path, head: bytes) -> PhotoError:
    """Return the sentence for a file that no decoder knows."""
    kind = next((name for magic, name in _PARTLY_KNOWN if head.startswith(magic)), None)
    if kind is not None and path.stat().st_size > _SMALLEST_HEADER:
        return PhotoError(
            f"{path} is damaged or a kind of {kind} that cannot be read here; "
            "save it as a flat RGB picture of 8 or 16 bits, or copy it again."
        )
    if head.startswith(_PICTURE_STARTS) or head[4:12] in _PICTURE_BRANDS:
        return PhotoError(
            f"{path} is damaged (it starts as a picture and its header ends early); "
            "copy it again from where it came from."
        )
    start = head[:8].hex(" ")
    return PhotoError(f"{path} is not a photo (it starts with the bytes {start}); open a {_READABLE} file.")


def refuse_unreadable(path: Path, error: OSError | ValueError) -> PhotoError:
    """Return the sentence for a file that the system does not let us read."""
    if isinstance(error, ValueError):  # the byte 0
        return PhotoError(f"{str(path)!r} is no name that a file can have; check it.")
    is_folder = error.errno == errno.EISDIR or (os.name == "nt" and path.is_dir())
    if is_folder:
        return PhotoError(f"{path} is a folder, not a photo; open a photo inside it.")
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return PhotoError(f"{path} does not exist; check its name and folder.")
        case errno.EACCES | errno.EPERM:
            return PhotoError(
                f"{path} may not be read (permission denied); allow it or copy the file elsewhere."
            )
        case _:
            reason = error.strerror or str(error)
            return PhotoError(f"{path} cannot be read ({reason}); check the disk or copy it elsewhere.")


def _looks_like_text(head: bytes) -> bool:
    # Portable pixmaps are pictures that start with text: "P1".."P7", then white space.
    if head[:1] == b"P" and head[1:2] in b"1234567" and head[2:3].isspace():
        return False
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # Only a letter cut in two by the end of what was read is forgiven.
        if len(head) < HEAD_BYTES or error.start < len(head) - 4:
            return False
        text = head[: error.start].decode("utf-8")
    return all(char.isprintable() or char in "\r\n\t\f" for char in text)
