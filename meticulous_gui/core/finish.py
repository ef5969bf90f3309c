"""From photo and alpha to the picture that is written: clean edges, frame, size, background."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.colour import from_srgb, srgb_profile
from meticulous_gui.core.errors import ExportError, PhotoError
from meticulous_gui.core.foreground import estimate_foreground
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.photo import Photo, load_photo
from meticulous_gui.core.recipe import MAX_SIDE_PX, Recipe, parse_colour
from meticulous_gui.core.resample import resize, scaled_hw
from meticulous_gui.core.types import Alpha, RgbImage

__all__ = [
    "Cut",
    "Finished",
    "Frame",
    "backdrop_path",
    "cleaned_colours",
    "cut",
    "finish",
    "finish_alpha",
    "frame_around",
    "frame_of",
    "make_backdrop",
    "match_backdrop",
    "over",
]


@dataclass(frozen=True, eq=False)
class Cut:
    """A cut-out in its frame.

    Attributes:
        pixels: (H, W) or (H, W, 3), uint8 or uint16: straight colours, in the space of ``icc``.
        alpha: (H, W) uint8.
        icc: profile to write, None where the photo had none.
    """

    pixels: NDArray[Any]
    alpha: Alpha
    icc: bytes | None


@dataclass(frozen=True, eq=False)
class Finished:
    """A picture as a file will hold it: as a ``Cut``, but without alpha where a background made it opaque."""

    pixels: NDArray[Any]
    alpha: Alpha | None
    icc: bytes | None

    def joined(self) -> NDArray[Any]:
        """Return the colours with alpha, if there is one, as their last channel, in their depth."""
        if self.alpha is None:
            return self.pixels
        # 255 -> 65535: every code of 8 bits has its exact place in 16.
        alpha = self.alpha if self.pixels.dtype == np.uint8 else self.alpha * np.uint16(257)
        # OpenCV interleaves channels ten times as fast as assignments to strided arrays do.
        if self.pixels.ndim == 2:
            return cv2.merge([self.pixels, alpha])
        straight = cv2.cvtColor(self.pixels, cv2.COLOR_RGB2RGBA)
        return cv2.insertChannel(alpha, straight, 3)


@dataclass(frozen=True)
class Frame:
    """Which part of the photo is written, how large, and with how much room around it.

    Attributes:
        box: the part of the photo.
        content_hw: the size of that part in the result.
        size_hw: of the whole result.
        origin_xy: where the part's upper left pixel lies in the result.
    """

    box: Box
    content_hw: tuple[int, int]
    size_hw: tuple[int, int]
    origin_xy: tuple[int, int]

    @property
    def scale(self) -> float:
        """Pixels of the result for one of the photo."""
        return max(self.content_hw[0] / self.box.height, self.content_hw[1] / self.box.width)

    def is_whole(self, size_hw: tuple[int, int]) -> bool:
        """Return whether the result is the photo as it lies."""
        return self.size_hw == size_hw and self.box == Box.whole(size_hw) and self.origin_xy == (0, 0)


def frame_of(alpha: Alpha, recipe: Recipe) -> Frame:
    """Return the frame of a cut-out; an empty mask is not trimmed.

    Args:
        alpha: (H, W) uint8.
        recipe: its trimming, padding, square and size count.

    Raises:
        ExportError: the padding leaves no room, or the result is too large.
    """
    whole = Box.whole((alpha.shape[0], alpha.shape[1]))
    return frame_around(bounding_box(alpha) if recipe.is_trimmed else whole, whole, recipe)


def frame_around(tight: Box, whole: Box, recipe: Recipe) -> Frame:
    """Return the frame of a cut-out whose tight box is known (empty for an empty mask); as ``frame_of``."""
    box = tight if recipe.is_trimmed and not tight.is_empty else whole
    room = 2 * recipe.padding_px
    width, height = recipe.width_px, recipe.height_px
    if not width and not height:
        content = box.size_hw
        height, width = content[0] + room, content[1] + room
        if recipe.is_square:
            height = width = max(height, width)
    else:
        if recipe.is_square:
            height = width = min(width or height, height or width)
        if min(width or height, height or width) <= room:
            size = f"{width or height} x {height or width} px"
            raise ExportError(
                f"A padding of {recipe.padding_px} px leaves no room in {size}; "
                "make the padding smaller or the picture larger."
            )
        scale = min(
            (side - room) / inner for side, inner in ((width, box.width), (height, box.height)) if side
        )
        content = scaled_hw(box.size_hw, scale)
        height, width = height or content[0] + room, width or content[1] + room
    if max(height, width) > max(MAX_SIDE_PX, *box.size_hw):  # a photo that was let in is let out
        raise ExportError(
            f"The result would be {width} x {height} px, more than {MAX_SIDE_PX:,} px a side; "
            "choose less padding or a smaller size."
        )
    origin = (width - content[1]) // 2, (height - content[0]) // 2
    return Frame(box, content, (height, width), origin)


def finish_alpha(alpha: Alpha, recipe: Recipe) -> Alpha:
    """Return the alpha alone, framed as the recipe says.

    Raises:
        ExportError: the frame is impossible.
    """
    frame = frame_of(alpha, recipe)
    return alpha if frame.is_whole((alpha.shape[0], alpha.shape[1])) else _framed(alpha, frame)


def cut(
    photo: Photo, alpha: Alpha, recipe: Recipe, *, keeps_source: bool = True, keeps_outside: bool = False
) -> Cut:
    """Return a cut-out in its frame, before any background.

    RGB and grey photos keep their own space, depth and profile; CMYK, Lab and palette photos come out as
    sRGB with its profile.

    Args:
        photo: colours, profile and depth.
        alpha: (H, W) uint8 of the photo's size.
        recipe: its edges and its frame count.
        keeps_source: False for formats that hold only 8-bit RGB.
        keeps_outside: leave the photo's own pixels where alpha is 0, for files that hold the mask apart.

    Raises:
        ExportError: the frame is impossible.
    """
    frame = frame_of(alpha, recipe)
    pixels, icc = _source(photo, keeps_source=keeps_source)
    colours = cleaned_colours(pixels, alpha, percent=recipe.edge_cleaning_percent)
    is_filled = keeps_outside or recipe.edge_cleaning_percent > 0
    if keeps_outside:
        is_outside = alpha == 0
        colours[is_outside] = pixels[is_outside]
    if not frame.is_whole(photo.size_hw):
        colours, alpha = _framed_cutout(colours, alpha, frame, is_filled=is_filled)
    return Cut(colours, alpha, icc)


def finish(photo: Photo, alpha: Alpha, recipe: Recipe, *, keeps_source: bool = True) -> Finished:
    """Return the picture that is written: the cut-out in its frame, on the background if there is one.

    Else as ``cut``; a grey photo on a background comes out as 8-bit colour. Edges and background are mixed
    on encoded values, as is customary.

    Raises:
        ExportError: one sentence; an impossible frame, a background that cannot be read.
    """
    if not recipe.background:
        made = cut(photo, alpha, recipe, keeps_source=keeps_source)
        return Finished(made.pixels, made.alpha, made.icc)
    backdrop = make_backdrop(recipe.background, frame_of(alpha, recipe).size_hw)
    made = cut(photo, alpha, recipe, keeps_source=keeps_source and photo.mode != "L")
    behind = match_backdrop(backdrop, made)
    return Finished(over(made.pixels, made.alpha, behind), None, made.icc)


def match_backdrop(backdrop: RgbImage, made: Cut) -> NDArray[Any]:
    """Return an sRGB background in the space and the depth of a cut-out."""
    behind = from_srgb(backdrop, made.icc)
    return behind.astype(np.uint16) * np.uint16(257) if made.pixels.dtype == np.uint16 else behind


def over(colours: NDArray[Any], alpha: Alpha, behind: NDArray[Any]) -> NDArray[Any]:
    """Return colours on a background of their shape and type, mixed by (H, W) uint8 alpha; band by band."""
    result = np.empty_like(behind)
    for y0 in range(0, alpha.shape[0], 256):
        rows = slice(y0, y0 + 256)
        share = alpha[rows].astype(np.float32) / np.float32(255)
        share = share if behind.ndim == 2 else share[..., None]
        mixed = colours[rows] * share + behind[rows] * (1 - share)
        result[rows] = np.rint(mixed)
    return result


def cleaned_colours(pixels: NDArray[Any], alpha: Alpha, *, percent: int) -> NDArray[Any]:
    """Return colours with the background taken out of soft edges, as far as ``percent`` says.

    With 0 the pixels are the photo's own, and 0 where alpha is 0; else what is outside repeats the edge's
    colours.

    Args:
        pixels: (H, W) or (H, W, 3), uint8 or uint16.
        alpha: (H, W) uint8.
        percent: 0..100.
    """
    if percent <= 0:
        plain = np.array(pixels)
        plain[alpha == 0] = 0
        return plain
    clean = estimate_foreground(pixels, alpha)
    if percent < 100:
        is_soft = (alpha > 0) & (alpha < 255)
        share = np.float32(percent / 100)
        mixed = clean[is_soft] * share + pixels[is_soft] * (1 - share)
        clean[is_soft] = np.rint(mixed).astype(clean.dtype)
    return clean


def backdrop_path(background: str) -> Path | None:
    """Return the picture that a background names, None for a colour or for no background."""
    if not background or parse_colour(background) is not None:
        return None
    try:
        return Path(background).expanduser()
    except RuntimeError:  # of nobody who is known here
        return Path(background)


def make_backdrop(background: str, size_hw: tuple[int, int]) -> RgbImage:
    """Return the background as (H, W, 3) uint8 sRGB: one colour, or a picture that covers the whole.

    Raises:
        ExportError: it is neither a colour nor a picture that opens.
    """
    path = backdrop_path(background)
    if path is None:
        return np.full((*size_hw, 3), parse_colour(background), np.uint8)
    try:
        changed_ns = path.stat().st_mtime_ns
    except OSError:  # said below
        changed_ns = 0
    try:
        picture = _picture(path, changed_ns)
    except PhotoError as error:
        raise ExportError(f"The background cannot be used: {error}") from error
    height, width = size_hw
    scale = max(height / picture.shape[0], width / picture.shape[1])
    # The part that will be seen is cut out first: enlarging all of a panorama would cost memory for nothing.
    part_h = min(max(round(height / scale), 1), picture.shape[0])
    part_w = min(max(round(width / scale), 1), picture.shape[1])
    y0, x0 = (picture.shape[0] - part_h) // 2, (picture.shape[1] - part_w) // 2
    return resize(np.ascontiguousarray(picture[y0 : y0 + part_h, x0 : x0 + part_w]), size_hw)


@lru_cache(maxsize=1)
def _picture(path: Path, _changed_ns: int) -> RgbImage:
    """Return a background picture, decoded once for a whole batch."""
    return load_photo(path).rgb


def _source(photo: Photo, *, keeps_source: bool) -> tuple[NDArray[Any], bytes | None]:
    """Return the pixels that are written and their profile."""
    keeps = photo.mode in ("RGB", "L") and (keeps_source or (photo.bit_depth == 8 and photo.mode == "RGB"))
    if keeps:
        return photo.pixels, photo.icc
    # Grey and deep photos without a profile are read as sRGB everywhere: no need to say so.
    return photo.rgb, None if photo.mode in ("RGB", "L") and photo.icc is None else srgb_profile()


def _framed_cutout(
    colours: NDArray[Any], alpha: Alpha, frame: Frame, *, is_filled: bool
) -> tuple[NDArray[Any], Alpha]:
    """Return colours and alpha in their frame; colours are averaged by their alpha, so nothing bleeds in."""
    part_alpha = np.ascontiguousarray(alpha[frame.box.slices()])
    part = np.ascontiguousarray(colours[frame.box.slices()])
    if frame.content_hw != frame.box.size_hw:
        part = _resized_colours(part, part_alpha, frame.content_hw)
        part_alpha = resize(part_alpha, frame.content_hw)
    y0, x0 = frame.origin_xy[1], frame.origin_xy[0]
    height, width = frame.content_hw
    bottom, right = frame.size_hw[0] - y0 - height, frame.size_hw[1] - x0 - width
    # Beyond a rim that the object touches its colours go on: no dark line when somebody enlarges the file.
    border = cv2.BORDER_REPLICATE if is_filled else cv2.BORDER_CONSTANT
    return (
        cv2.copyMakeBorder(part, y0, bottom, x0, right, border, value=0),
        cv2.copyMakeBorder(part_alpha, y0, bottom, x0, right, cv2.BORDER_CONSTANT, value=0),
    )


def _framed(alpha: Alpha, frame: Frame) -> Alpha:
    framed = np.zeros(frame.size_hw, np.uint8)
    x0, y0 = frame.origin_xy
    height, width = frame.content_hw
    framed[y0 : y0 + height, x0 : x0 + width] = resize(
        np.ascontiguousarray(alpha[frame.box.slices()]), frame.content_hw
    )
    return framed


def _resized_colours(colours: NDArray[Any], alpha: Alpha, size_hw: tuple[int, int]) -> NDArray[Any]:
    """Return straight colours at another size, each pixel weighted by its alpha."""
    weight = alpha.astype(np.float32)
    total = resize(weight, size_hw)
    is_inside = total > 0.5
    resized = resize(colours, size_hw)
    for plane in range(1 if colours.ndim == 2 else colours.shape[2]):
        source = colours if colours.ndim == 2 else colours[..., plane]
        target = resized if colours.ndim == 2 else resized[..., plane]
        mixed = resize(source.astype(np.float32) * weight, size_hw)[is_inside] / total[is_inside]
        target[is_inside] = np.rint(np.clip(mixed, 0, np.iinfo(colours.dtype).max))
    return resized
