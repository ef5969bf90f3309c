"""From a file to upright source pixels: format, depth, orientation, limits; no colour management."""

from __future__ import annotations

import logging
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from meticulous_gui.core.camera_raw import camera_raw_size, is_camera_raw, read_camera_raw
from meticulous_gui.core.deep import deep_grey, deep_pixels, is_deep_colour, png_depth
from meticulous_gui.core.errors import PhotoError
from meticulous_gui.core.exif import read_metadata
from meticulous_gui.core.psd import deep_psd_size, is_deep_psd, read_deep_psd, refuse_without_picture
from meticulous_gui.core.sniff import HEAD_BYTES, describe_foreign, is_heif, refuse_unknown, refuse_unreadable
from meticulous_gui.core.stored import DecodeLimits, Stored, eight_bits
from meticulous_gui.core.tuning import let_others_in
from meticulous_gui.core.types import Alpha

__all__ = ["DecodeLimits", "Decoded", "decode", "read_header_size", "read_storage", "turned"]

_LOG = logging.getLogger(__name__)

_FORMATS: Final = (
    "JPEG",
    "PNG",
    "WEBP",
    "AVIF",
    "TIFF",
    "BMP",
    "DIB",
    "GIF",
    "PSD",
    "JPEG2000",
    "PPM",
    "TGA",
)
"""What Pillow may open here; the list keeps readers that start other programs (EPS) out."""

_BAND_ROWS: Final = 16
"""Pillow copies so many rows at a time while it holds Python's lock: 0.1 ms of a photo 10,000 px wide."""

_MAX_CHUNK_BYTES: Final = 64 * 1024 * 1024

_BOMB_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)
class Decoded:
    """Upright pixels as the file holds them, not yet in sRGB.

    Attributes:
        pixels: (H, W), (H, W, 3) or, for CMYK, (H, W, 4); uint8 or uint16.
        mode: "RGB", "L", "CMYK" or "LAB": how ``pixels`` are to be read.
        source_mode: the same, but "P" for a palette picture (its pixels are RGB).
        alpha: (H, W) uint8, None where the file has no transparency or is opaque everywhere.
        full_size_hw: upright size of the whole picture (larger than ``pixels`` for a reduced decode).
        palette_index: (H, W) uint8, only where it was asked for and the file has a palette.
    """

    pixels: NDArray[Any]
    mode: str
    source_mode: str
    alpha: Alpha | None
    icc: bytes | None
    exif: bytes | None
    dpi: tuple[float, float] | None
    full_size_hw: tuple[int, int]
    notes: tuple[str, ...]
    palette_index: NDArray[np.uint8] | None = None


def decode(
    path: Path, limits: DecodeLimits, *, reduced_side_px: int | None = None, keep_palette_index: bool = False
) -> Decoded:
    """Return the first picture of a file, upright.

    Args:
        path: the file.
        limits: refuse larger pictures before decoding.
        reduced_side_px: let a JPEG be decoded at 1/2, 1/4 or 1/8, not smaller than this long side.
        keep_palette_index: also give the indices of a palette picture, which are labels in mask files.

    Raises:
        PhotoError: one sentence; the file is missing, unreadable, foreign, damaged or too large.
    """
    with _opened(path) as stream, _named_failures(path):
        stored = _decode_special(path, stream, limits)
        if stored is not None:
            return _upright(stored, stored.size_wh)
        with _open_image(path, stream, limits) as image:
            full_wh = image.size
            if reduced_side_px is not None:
                shrink = reduced_side_px / max(full_wh)
                image.draft(image.mode, (max(int(full_wh[0] * shrink), 1), max(int(full_wh[1] * shrink), 1)))
            return _upright(_decode_opened(path, stream, image, keep_palette_index), full_wh)


def read_header_size(path: Path, limits: DecodeLimits) -> tuple[int, int]:
    """Return (height, width) as stored, from the header alone.

    Raises:
        PhotoError: as ``decode``, except for damage behind the header.
    """
    with _opened(path) as stream, _named_failures(path):
        head = _head(stream)
        if is_camera_raw(path) and head:
            return camera_raw_size(path, stream, limits)
        if is_deep_psd(head):
            return deep_psd_size(path, stream, limits)
        with _open_image(path, stream, limits) as image:
            return image.height, image.width


def read_storage(path: Path, limits: DecodeLimits) -> tuple[str, str, NDArray[np.uint8] | None]:
    """Return how a picture lies in its file: Pillow's format and mode, and the (n, 3) colours of a palette.

    Raises:
        PhotoError: as ``read_header_size``.
    """
    with _opened(path) as stream, _open_image(path, stream, limits) as image:
        palette = None
        if image.mode == "P":
            image.load()  # some formats keep their palette behind the header
            palette = np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)
        return image.format or "", image.mode, palette


@contextmanager
def _named_failures(path: Path) -> Iterator[None]:
    """Turn whatever a decoder raises into one sentence."""
    try:
        yield
    except PhotoError:
        raise
    except MemoryError:
        raise PhotoError(
            f"{path} needs more memory than this machine has free; close other programs or shrink the photo."
        ) from None
    except Exception as error:  # the border to foreign decoders, which raise nearly everything
        _LOG.debug("decoding %s failed", path, exc_info=True)
        raise PhotoError(_damaged(path, error)) from error


def _decode_special(path: Path, stream: BinaryIO, limits: DecodeLimits) -> Stored | None:
    """Return the picture of a file that Pillow does not know, None where it is Pillow's."""
    head = _head(stream)
    if is_camera_raw(path) and head:
        return read_camera_raw(path, stream, limits)
    if is_deep_psd(head):
        return read_deep_psd(path, stream, limits)
    return None


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    return head


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # opening a pipe may wait for ever
            raise PhotoError(f"{path} is a device or a pipe, not a photo; open a file.")
        stream = path.open("rb")
    except (OSError, ValueError) as error:
        raise refuse_unreadable(path, error) from error
    with stream:
        yield stream


def _open_image(path: Path, stream: BinaryIO, limits: DecodeLimits) -> Image.Image:
    head = _head(stream)
    formats: tuple[str, ...] = _FORMATS
    if is_heif(head):
        import pillow_heif  # 30 ms, and few people have such photos

        pillow_heif.register_heif_opener()
        formats = (*_FORMATS, "HEIF")
    foreign = describe_foreign(path, head)
    if foreign is not None:
        raise foreign
    try:
        with _without_pillow_limits():
            image = Image.open(stream, formats=formats)
    except UnidentifiedImageError as error:
        raise refuse_unknown(path, head) from error
    except Exception as error:  # the border to foreign decoders
        _LOG.debug("opening %s failed", path, exc_info=True)
        raise PhotoError(_damaged(path, error)) from error
    limits.check(path, image.size)
    return image


@contextmanager
def _without_pillow_limits() -> Iterator[None]:
    """Let Pillow read the header of any size: our own check comes next and gives the sentence.

    Profiles and texts of a PNG may have more than a megabyte, too, as those of printers have. And a JPEG
    opens whatever its EXIF says of the resolution, which `read_metadata` reads: Pillow refuses the picture.
    Pillow's limits are globals; they are put back at once, other users of Pillow keep theirs.
    """
    from PIL.JpegImagePlugin import JpegImageFile  # Pillow's open imports it; the program starts without

    with _BOMB_LOCK:
        before = Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_CHUNK
        read_dpi = JpegImageFile._read_dpi_from_exif
        Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_CHUNK = None, _MAX_CHUNK_BYTES
        JpegImageFile._read_dpi_from_exif = lambda _self: None  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_CHUNK = before
            JpegImageFile._read_dpi_from_exif = read_dpi  # type: ignore[method-assign]


def _decode_opened(path: Path, stream: BinaryIO, image: Image.Image, keep_palette_index: bool) -> Stored:
    notes = _animation_notes(path, image)
    refuse_without_picture(path, image)
    is_deep = is_deep_colour(image, stream)
    icc = image.info.get("icc_profile") or None
    if is_deep:
        pixels, alpha = deep_pixels(stream, image)
        mode = source_mode = "L" if pixels.ndim == 2 else "RGB"
    else:
        _scale_clear_grey(image, stream)
        image.load()
        pixels, alpha, mode, source_mode = _pixels_by_pillow(path, image)
    metadata = read_metadata(image)
    # Both readers of TIFF and the reader of HEIC turn the picture themselves.
    orientation = 1 if image.format in ("TIFF", "HEIF") else metadata.orientation
    notes += metadata.notes(path)
    index = _array(image) if keep_palette_index and image.mode == "P" else None
    return Stored(
        pixels, mode, source_mode, alpha, icc, metadata.exif, metadata.dpi, orientation, notes, index
    )


def _pixels_by_pillow(path: Path, image: Image.Image) -> tuple[NDArray[Any], NDArray[Any] | None, str, str]:
    """Return pixels, alpha, mode and source mode of a loaded image."""
    mode = image.mode
    if mode.startswith("I"):
        grey, clear = deep_grey(path, image), image.info.get("transparency")
        alpha = np.where(grey == clear, np.uint8(0), np.uint8(255)) if isinstance(clear, int) else None
        return grey, alpha, "L", "L"
    if mode in ("CMYK", "LAB"):
        return _array(image), None, mode, mode
    if mode == "F":
        raise PhotoError(
            f"{path} holds floating point values, which have no fixed white; "
            "save it as a 16-bit TIFF or PNG and open that."
        )
    has_alpha = mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info
    is_grey = mode in ("L", "1", "LA", "La")
    base = "L" if is_grey else "RGB"
    source_mode = "P" if mode in ("P", "PA") else base
    if not has_alpha:
        return _array(image if mode == base else image.convert(base)), None, base, source_mode
    if is_grey:
        both = _array(image if mode == "LA" else image.convert("LA"))
        return np.ascontiguousarray(both[..., 0]), np.ascontiguousarray(both[..., 1]), base, source_mode
    both = _array(image if mode == "RGBA" else image.convert("RGBA"))
    return cv2.cvtColor(both, cv2.COLOR_RGBA2RGB), np.ascontiguousarray(both[..., 3]), base, source_mode


def _scale_clear_grey(image: Image.Image, stream: BinaryIO) -> None:
    """Bring the grey that a PNG calls transparent from 2 or 4 bits to the 8 of its pixels, unlike Pillow."""
    clear = image.info.get("transparency")
    if image.format == "PNG" and image.mode == "L" and isinstance(clear, int):
        image.info["transparency"] = clear * 255 // (2 ** png_depth(stream) - 1)


def _array(image: Image.Image) -> NDArray[np.uint8]:
    """Copy the pixels band by band: Pillow's own conversion holds them three times over."""
    bands = image.getbands()
    shape = (image.height, image.width, len(bands)) if len(bands) > 1 else (image.height, image.width)
    pixels = np.empty(shape, np.uint8)
    for y0 in range(0, image.height, _BAND_ROWS):
        y1 = min(y0 + _BAND_ROWS, image.height)
        pixels[y0:y1] = np.asarray(image.crop((0, y0, image.width, y1)))
        let_others_in()
    return pixels


def _upright(raw: Stored, full_wh: tuple[int, int]) -> Decoded:
    alpha = None if raw.alpha is None else turned(eight_bits(raw.alpha), raw.orientation)
    if alpha is not None and alpha.min(initial=255) == 255:
        alpha = None  # opaque everywhere says nothing about an object
    pixels = turned(raw.pixels, raw.orientation)
    full_hw = full_wh if raw.orientation >= 5 else full_wh[::-1]
    return Decoded(
        pixels=pixels,
        mode=raw.mode,
        source_mode=raw.source_mode,
        alpha=alpha,
        icc=raw.icc,
        exif=raw.exif,
        dpi=raw.dpi if raw.orientation < 5 or raw.dpi is None else (raw.dpi[1], raw.dpi[0]),
        full_size_hw=full_hw,
        notes=tuple(raw.notes),
        palette_index=None if raw.palette_index is None else turned(raw.palette_index, raw.orientation),
    )


def turned(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return the pixels as the EXIF orientation says they are to be seen."""
    match orientation:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.rotate(cv2.transpose(pixels), cv2.ROTATE_180)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
    return np.ascontiguousarray(turned)


def _animation_notes(path: Path, image: Image.Image) -> list[str]:
    # MPO is a JPEG with a depth or brightness map behind it, PSD counts its layers: neither is an animation.
    if image.format in ("MPO", "PSD") or not getattr(image, "is_animated", False):
        return []
    return [f"{path.name} holds {getattr(image, 'n_frames', 2)} pictures; the first one is used."]


def _damaged(path: Path, error: Exception) -> str:
    reason = str(error).strip() or type(error).__name__
    is_short = any(word in reason.lower() for word in ("truncated", "end of file", "eof", "not enough data"))
    what = "is cut short" if is_short else "is damaged"
    return f"{path} {what} ({reason[:120]}); copy it again from where it came from."
