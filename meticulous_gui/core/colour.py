"""Colour management: source pixels with or without a profile to sRGB, by LittleCMS through Pillow."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from meticulous_gui.core.stored import eight_bits
from meticulous_gui.core.tuning import let_others_in
from meticulous_gui.core.types import RgbImage

__all__ = ["SrgbResult", "from_srgb", "rgb_profile_of_grey", "srgb_profile", "to_srgb"]

_BAND_ROWS: Final = 256
_SAME_CODES: Final = 2
"""A profile that moves no test colour by more than this is sRGB under another name."""

_SPACE_OF_MODE: Final = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}
_INTENT: Final = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS: Final = ImageCms.Flags.BLACKPOINTCOMPENSATION


@dataclass(frozen=True, eq=False)
class SrgbResult:
    """Pixels in sRGB and what was found out on the way.

    Attributes:
        rgb: (H, W, 3) uint8 sRGB.
        source: the pixels as an export in the source's space needs them. It is ``rgb`` itself where
            the source is 8-bit sRGB; a grey picture with a colour profile becomes (H, W, 3).
        icc: the profile that ``source`` carries on; None where there is none or it is useless.
        note: one sentence where the colours may be wrong, else None.
    """

    rgb: RgbImage
    source: NDArray[Any]
    icc: bytes | None
    note: str | None = None


def to_srgb(pixels: NDArray[Any], *, mode: str, icc: bytes | None, name: str) -> SrgbResult:
    """Return ``pixels`` for eyes and networks.

    The profile is skipped where it is sRGB. A damaged profile, or one of another colour space than
    the pixels, is left out with a note: a photo with doubtful colours is better than none.

    Args:
        pixels: (H, W), (H, W, 3) or (H, W, 4); uint8, or uint16 for "L" and "RGB".
        mode: "RGB", "L", "CMYK" or "LAB".
        icc: embedded profile.
        name: the file's name, for the note.
    """
    note = None
    if icc is not None and mode == "L" and _colour_space(icc) == "RGB":
        # Cameras and editors save grey pictures with the colour profile they came from.
        if _is_srgb(icc, "RGB"):
            icc = None
        else:
            pixels, mode = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), "RGB"
    if icc is not None and _colour_space(icc) != _SPACE_OF_MODE[mode]:
        note = f"The colour profile of {name} is damaged or of another kind of picture; it was left out."
        icc = None
    if icc is not None and mode in ("RGB", "L") and _is_srgb(icc, mode):
        rgb = _plain(pixels, mode)
        return SrgbResult(rgb, rgb if _is_same(pixels, mode) else pixels, icc)
    if icc is None and mode != "LAB":
        if mode == "CMYK" and note is None:
            note = f"{name} is CMYK without a colour profile; its colours are an approximation."
        rgb = _plain(pixels, mode)
        return SrgbResult(rgb, rgb if _is_same(pixels, mode) else pixels, None, note)
    transform = _transform(icc, mode)
    assert transform is not None  # _colour_space and LAB's own profile were checked above
    rgb = _in_bands(eight_bits(pixels), mode, lambda band: ImageCms.applyTransform(band, transform))
    return SrgbResult(rgb, pixels, icc, note)


def from_srgb(rgb: RgbImage, icc: bytes | None) -> RgbImage:
    """Return (H, W, 3) uint8 sRGB colours in the RGB space of ``icc``, 8-bit; as they are without one.

    Args:
        rgb: (H, W, 3) uint8.
        icc: a profile that a photo carried, so one that LittleCMS can use.
    """
    if icc is None or _colour_space(icc) != "RGB" or _is_srgb(icc, "RGB"):
        return rgb
    target = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), target, "RGB", "RGB", renderingIntent=_INTENT, flags=_FLAGS
    )
    return _in_bands(rgb, "RGB", lambda band: ImageCms.applyTransform(band, transform))


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return an ICC profile of sRGB, the same bytes at every call and on every day."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # Bytes 24..35 hold the moment of creation; equal exports must be equal files.
    profile[24:36] = bytes.fromhex("07ce 0002 0009 0006 0031 0000")
    return bytes(profile)


def rgb_profile_of_grey(icc: bytes) -> bytes | None:
    """Return an RGB profile by which three equal values look as one does by a grey profile.

    None where the grey profile has no curve to take over.
    """
    own = _tags_of(icc)
    if b"kTRC" not in own:
        return None
    srgb = srgb_profile()
    tags = _tags_of(srgb)
    tags.update({name: own[name] for name in (b"desc", b"cprt") if name in own})
    for curve in (b"rTRC", b"gTRC", b"bTRC"):
        tags[curve] = own[b"kTRC"]
    place = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, place + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    # Size first; bytes 84..99 are a digest of the whole, which may be 0.
    header = struct.pack(">I", place + len(body)) + srgb[4:84] + b"\0" * 16 + srgb[100:128]
    return header + table + body


def _tags_of(icc: bytes) -> dict[bytes, bytes]:
    """Return the content of an ICC profile by the names of its tags."""
    (n_tags,) = struct.unpack_from(">I", icc, 128)
    entries = (struct.unpack_from(">4sII", icc, 132 + 12 * index) for index in range(n_tags))
    return {name: icc[start : start + size] for name, start, size in entries}


def _is_same(pixels: NDArray[Any], mode: str) -> bool:
    return mode == "RGB" and pixels.dtype == np.uint8


def _plain(pixels: NDArray[Any], mode: str) -> RgbImage:
    """Return 8-bit RGB without any profile."""
    shallow = eight_bits(pixels)
    if mode == "RGB":
        return shallow
    if mode == "L":
        return cv2.cvtColor(shallow, cv2.COLOR_GRAY2RGB)
    return _in_bands(shallow, mode, lambda band: band.convert("RGB"))


def _in_bands(
    pixels: NDArray[np.uint8], mode: str, convert: Callable[[Image.Image], Image.Image | None]
) -> RgbImage:
    height, width = pixels.shape[:2]
    rgb = np.empty((height, width, 3), np.uint8)
    for y0 in range(0, height, _BAND_ROWS):
        band = np.ascontiguousarray(pixels[y0 : y0 + _BAND_ROWS])
        image = Image.frombuffer(mode, (width, band.shape[0]), band, "raw", mode, 0, 1)
        rgb[y0 : y0 + _BAND_ROWS] = np.asarray(convert(image))
        let_others_in()
    return rgb


@lru_cache(maxsize=64)
def _colour_space(icc: bytes) -> str | None:
    """Return "RGB", "GRAY", "CMYK", "Lab" or None where the profile cannot be used."""
    try:
        space = ImageCms.ImageCmsProfile(io.BytesIO(icc)).profile.xcolor_space.strip()
    except (OSError, ImageCms.PyCMSError):
        return None
    mode = next((mode for mode, known in _SPACE_OF_MODE.items() if known == space), None)
    return space if mode is not None and _transform(icc, mode) is not None else None


@lru_cache(maxsize=16)
def _transform(icc: bytes | None, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from the profile (Lab itself for None) to sRGB, None where LittleCMS refuses."""
    try:
        source = ImageCms.createProfile("LAB") if icc is None else ImageCms.ImageCmsProfile(io.BytesIO(icc))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(source, target, mode, "RGB", renderingIntent=_INTENT, flags=_FLAGS)
    except (OSError, ImageCms.PyCMSError):
        return None


@lru_cache(maxsize=64)
def _is_srgb(icc: bytes, mode: str) -> bool:
    """Say whether the profile leaves 3 x 3 x 3 test colours and all greys where they are."""
    transform = _transform(icc, mode)
    if transform is None:
        return False
    greys = np.arange(256, dtype=np.uint8)
    if mode == "L":
        colours = greys[None, :]
    else:
        steps = np.array([0, 128, 255], np.uint8)
        cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(-1, 3)
        colours = np.concatenate([cube, np.repeat(greys[:, None], 3, axis=1)])[None]
    seen = _in_bands(colours, mode, lambda band: ImageCms.applyTransform(band, transform))
    wanted = _plain(colours, mode)
    return int(np.abs(seen.astype(np.int16) - wanted.astype(np.int16)).max()) <= _SAME_CODES
