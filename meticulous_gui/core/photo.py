"""Photos and masks from files: sRGB for eyes and networks, the source's own pixels for export."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.camera_raw import RAW_SUFFIXES
from meticulous_gui.core.colour import to_srgb
from meticulous_gui.core.decode import Decoded, DecodeLimits, decode
from meticulous_gui.core.errors import MaskError, PhotoError
from meticulous_gui.core.files import is_file
from meticulous_gui.core.resample import resize_area, scaled_hw
from meticulous_gui.core.sniff import PICTURE_SUFFIXES, is_jpeg
from meticulous_gui.core.stored import eight_bits
from meticulous_gui.core.types import Alpha, Mask, RgbImage

__all__ = [
    "GREY_TOLERANCE",
    "PHOTO_SUFFIXES",
    "VOID",
    "DecodeLimits",
    "Photo",
    "Preview",
    "has_quick_preview",
    "inside_of",
    "load_alpha",
    "load_photo",
    "load_preview",
    "photo_from_array",
    "stretched",
]

_DEFAULT_LIMITS: Final = DecodeLimits()
PHOTO_SUFFIXES: Final = (*PICTURE_SUFFIXES, *(RAW_SUFFIXES if find_spec("rawpy") is not None else ()))
"""Names of files that are offered in dialogs and taken from folders; what opens is decided by content."""

VOID: Final = 255
"""The index that VOC writes on the rim between object and background: belongs to neither."""

GREY_TOLERANCE: Final = 24
"""Largest difference of channels in a mask that is called grey; JPEG leaves this much in black and white."""


@dataclass(frozen=True, eq=False)
class Photo:
    """One decoded photo; all arrays are read-only.

    Attributes:
        rgb: (H, W, 3) uint8 sRGB, upright, C-contiguous.
        pixels: the source's own space and depth, upright: ``rgb`` itself for 8-bit sRGB; else (H, W) or
            (H, W, 3), uint8 or uint16, in the space of ``icc``; (H, W, 4) uint8 for CMYK.
        alpha: (H, W) uint8 transparency of the file, the starting mask; None where it is opaque.
        icc: profile of ``pixels``; None where they are sRGB without one.
        exif: TIFF-structured EXIF block with orientation 1.
        dpi: horizontal, vertical.
        path: the file, None for a pasted or computed picture.
        title: what a picture without a file is called.
        mode: "RGB", "L", "P", "CMYK" or "LAB": what the file held.
        notes: sentences that a person should know about this decode.
    """

    rgb: RgbImage
    pixels: NDArray[Any]
    alpha: Alpha | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    dpi: tuple[float, float] | None = None
    path: Path | None = None
    title: str = "untitled"
    mode: str = "RGB"
    notes: tuple[str, ...] = ()

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.rgb.shape[0], self.rgb.shape[1]

    @property
    def bit_depth(self) -> int:
        """Bits of one channel of ``pixels``: 8 or 16."""
        return 16 if self.pixels.dtype == np.uint16 else 8

    @property
    def name(self) -> str:
        """The file's name, or the title of a picture without one, for messages and titles."""
        return self.path.name if self.path is not None else self.title


@dataclass(frozen=True, eq=False)
class Preview:
    """A reduced picture of a photo, upright, to be shown until the whole is there.

    Attributes:
        rgb: (h, w, 3) uint8 sRGB, read-only.
        full_size_hw: upright size of the photo itself.
    """

    rgb: RgbImage
    full_size_hw: tuple[int, int]


def load_photo(path: Path | str, limits: DecodeLimits = _DEFAULT_LIMITS) -> Photo:
    """Return the photo in a file.

    Args:
        path: JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF, PSD, JPEG 2000, PPM or TGA, whatever its name; with
            the extra `raw` a camera's raw file.
        limits: refuse larger pictures before memory is taken.

    Raises:
        PhotoError: one sentence with the file, what is wrong and what to do.
    """
    if path == "":  # `Path` would make the folder here of it
        raise PhotoError("The path of the photo is empty; name a file.")
    path = Path(path)
    decoded = decode(path, limits)
    colours = to_srgb(decoded.pixels, mode=decoded.mode, icc=decoded.icc, name=path.name)
    # The pixels of a palette are colours already; only their sRGB is exported.
    source = colours.rgb if decoded.source_mode == "P" else colours.source
    mode = "RGB" if decoded.source_mode == "L" and source.ndim == 3 else decoded.source_mode
    return Photo(
        rgb=_frozen(colours.rgb),
        pixels=_frozen(source),
        alpha=None if decoded.alpha is None else _frozen(decoded.alpha),
        icc=colours.icc if decoded.source_mode != "P" else None,
        exif=decoded.exif,
        dpi=decoded.dpi,
        path=path,
        mode=mode,
        notes=decoded.notes if colours.note is None else (*decoded.notes, colours.note),
    )


def load_preview(
    path: Path | str, *, max_side_px: int = 1500, limits: DecodeLimits = _DEFAULT_LIMITS
) -> Preview:
    """Return a reduced picture of the photo, several times faster than the whole for a JPEG.

    Other formats are decoded whole and shrunk: ask ``has_quick_preview`` where time matters.

    Args:
        path: the photo.
        max_side_px: longest side of the result, >= 1.
        limits: refuse larger pictures before memory is taken.

    Raises:
        PhotoError: as ``load_photo``.
    """
    if max_side_px < 1:
        raise ValueError(f"max_side_px must be at least 1, got {max_side_px}")
    path = Path(path)
    decoded = decode(path, limits, reduced_side_px=max_side_px)
    height, width = decoded.pixels.shape[:2]
    shrink = min(1.0, max_side_px / max(height, width))
    pixels = decoded.pixels
    if shrink < 1.0:
        pixels = resize_area(pixels, scaled_hw((height, width), shrink))
    colours = to_srgb(pixels, mode=decoded.mode, icc=decoded.icc, name=path.name)
    return Preview(_frozen(colours.rgb), decoded.full_size_hw)


def has_quick_preview(path: Path | str) -> bool:
    """Say whether ``load_preview`` is much faster than ``load_photo``; False also for an unreadable file."""
    if not is_file(Path(path)):
        return False
    try:
        with Path(path).open("rb") as stream:
            return is_jpeg(stream.read(16))
    except OSError:
        return False


def photo_from_array(rgb: RgbImage, *, path: Path | str | None = None) -> Photo:
    """Return a photo of pixels that are at hand; they are copied unless they are read-only already.

    Args:
        rgb: (H, W, 3) uint8 sRGB, at least 1 x 1.
        path: name to show and to export beside.

    Raises:
        PhotoError: another shape or type.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or rgb.size == 0:
        raise PhotoError(f"a photo must be uint8 (H, W, 3) RGB and not empty, got {rgb.dtype} {rgb.shape}.")
    own = np.array(rgb, order="C") if rgb.flags.writeable or not rgb.flags.c_contiguous else rgb
    frozen = _frozen(own)
    return Photo(rgb=frozen, pixels=frozen, path=None if path is None else Path(path))


def load_alpha(path: Path | str, limits: DecodeLimits = _DEFAULT_LIMITS, *, is_exact: bool = False) -> Alpha:
    """Return the mask in a file of any program, as coverage.

    Transparency counts first. Else grey is coverage (0/1 masks are stretched to 0/255), and in a palette
    picture with colours index 0 is outside and every other index inside, as DAVIS and VOC write them; the
    void that VOC writes around objects is outside.
    A profile is not applied: the values are the mask.

    Args:
        path: the mask.
        limits: refuse larger masks before memory is taken.
        is_exact: leave 0/1 as it is, for files that this program wrote.

    Returns:
        (H, W) uint8, upright, writeable.

    Raises:
        MaskError: one sentence; unreadable as a picture, or coloured so that no mask can be told.
    """
    path = Path(path)
    try:
        decoded = decode(path, limits, keep_palette_index=True)
    except PhotoError as error:
        raise MaskError(str(error)) from error
    if decoded.alpha is not None:
        return decoded.alpha
    grey = _grey_of(path, decoded)
    return grey if is_exact else stretched(grey)


def inside_of(index: NDArray[np.uint8]) -> Mask:
    """Return which of a palette's indices (H, W) are objects: all but 0, and but the void around others."""
    inside = index > 0
    of_objects = inside & (index != VOID)
    return of_objects if of_objects.any() else inside


def _grey_of(path: Path, decoded: Decoded) -> Alpha:
    values = decoded.pixels
    if values.dtype == np.uint16:
        # 0/1 and 0/255 labels are also written with 16 bits; only real 16-bit coverage is scaled.
        is_label = values.max(initial=0) <= 255
        values = values.astype(np.uint8) if is_label else eight_bits(values)
    if decoded.palette_index is not None and not _is_grey(values):
        return np.where(inside_of(decoded.palette_index), 255, 0).astype(np.uint8)
    if values.ndim == 2:
        return values
    if decoded.mode == "RGB" and _is_grey(values):
        return cv2.cvtColor(values, cv2.COLOR_RGB2GRAY)
    raise MaskError(
        f"{path} holds colours ({decoded.source_mode}) and no transparency, so it is not clear what is "
        "inside; save the mask as grey or as an alpha channel."
    )


def _is_grey(values: NDArray[Any]) -> bool:
    if values.ndim == 2:
        return True
    if values.shape[2] != 3:
        return False
    return int((values.max(axis=2) - values.min(axis=2)).max(initial=0)) <= GREY_TOLERANCE


def stretched(values: Alpha) -> Alpha:
    """Return the coverage that (H, W) uint8 values mean: 0 and 1 alone are no and yes, 0 and 255."""
    return values * np.uint8(255) if values.max(initial=0) == 1 else values


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
