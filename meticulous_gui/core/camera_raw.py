"""Raw files of cameras, developed by LibRaw; an extra that a person may leave out."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from PIL import Image

from meticulous_gui.core.errors import PhotoError
from meticulous_gui.core.exif import Metadata, read_metadata
from meticulous_gui.core.stored import DecodeLimits, Stored

if TYPE_CHECKING:
    from rawpy import RawPy

__all__ = ["RAW_SUFFIXES", "camera_raw_size", "is_camera_raw", "read_camera_raw"]

RAW_SUFFIXES: Final = (
    ".arw", ".cr2", ".cr3", ".crw", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".srw"
)  # fmt: skip
"""What cameras call them: their content looks like TIFF and holds a small picture that is not the photo."""

_TURNED: Final = (5, 6)
"""LibRaw's numbers for a quarter turn."""


def is_camera_raw(path: Path) -> bool:
    """Say whether a file is a camera's raw file, by its name."""
    return path.suffix.lower() in RAW_SUFFIXES


def camera_raw_size(path: Path, stream: BinaryIO, limits: DecodeLimits) -> tuple[int, int]:
    """Return (height, width) of the upright photo, from the header alone.

    Raises:
        PhotoError: as ``read_camera_raw``.
    """
    with _opened(path, stream) as raw:
        return _checked_size(path, raw, limits)


def read_camera_raw(path: Path, stream: BinaryIO, limits: DecodeLimits) -> Stored:
    """Return the developed photo: 16-bit sRGB with the camera's white balance, upright.

    Raises:
        PhotoError: one sentence; rawpy is not installed, the camera unknown, the file damaged or too large.
    """
    with _opened(path, stream) as raw:
        _checked_size(path, raw, limits)
        try:
            pixels = raw.postprocess(use_camera_wb=True, output_bps=16)
        except Exception as error:
            raise _refusal(path, error) from error
        metadata = _metadata(raw)
    notes = metadata.notes(path) if metadata is not None else ()
    return Stored(
        pixels,
        "RGB",
        "RGB",
        exif=metadata.exif if metadata is not None else None,
        dpi=metadata.dpi if metadata is not None else None,
        notes=list(notes),
    )


def _opened(path: Path, stream: BinaryIO) -> RawPy:
    if find_spec("rawpy") is None:
        raise PhotoError(
            f"{path} is a camera's raw file ({path.suffix}); install what develops them with "
            'pip install "meticulous-gui[raw]", or develop it to TIFF or JPEG and open that.'
        )
    import rawpy  # a tenth of a second, and few people have such photos

    try:
        return rawpy.imread(stream)
    except Exception as error:
        raise _refusal(path, error) from error


def _checked_size(path: Path, raw: RawPy, limits: DecodeLimits) -> tuple[int, int]:
    sizes = raw.sizes
    height, width = sizes.iheight, sizes.iwidth
    if sizes.flip in _TURNED:
        height, width = width, height
    limits.check(path, (width, height))
    return height, width


def _metadata(raw: RawPy) -> Metadata | None:
    """Return what the camera's own small picture says; None where it says nothing."""
    import rawpy

    try:
        thumbnail = raw.extract_thumb()
    except rawpy.LibRawError:
        return None
    if thumbnail.format is not rawpy.ThumbFormat.JPEG:
        return None
    try:
        with Image.open(io.BytesIO(bytes(thumbnail.data)), formats=("JPEG",)) as picture:
            return read_metadata(picture)
    except OSError:
        return None


def _refusal(path: Path, error: Exception) -> PhotoError:
    reason = error.args[0] if error.args else type(error).__name__
    reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return PhotoError(
        f"{path} cannot be developed ({reason[:120]}): it is damaged or of a camera that is not known here; "
        "develop it to TIFF or JPEG elsewhere, or copy it again."
    )
