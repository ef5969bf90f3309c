"""A mask file of any program: what it means, and how it was written, so that it can be written so again.

Grey with 1, 8 or 16 bits, 0/1 or 0/255, grey stored as RGB, black on white, transparency of a colour picture,
palette and grey label maps, maps of plain colours. `core.mask_write` writes a mask back in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.decode import Decoded, DecodeLimits, decode, read_storage
from meticulous_gui.core.errors import MaskError, PhotoError
from meticulous_gui.core.files import stamp_of
from meticulous_gui.core.label_map import Label, read_legend
from meticulous_gui.core.layer import LAYER_COLOURS, Layer, Rgb
from meticulous_gui.core.photo import VOID, inside_of, load_alpha
from meticulous_gui.core.resample import resize
from meticulous_gui.core.sniff import refuse_unreadable
from meticulous_gui.core.stored import eight_bits
from meticulous_gui.core.types import Alpha, Mask

__all__ = ["MAX_LAYERS", "Encoding", "MaskFile", "are_labels", "fit_layers", "mask_of_pixels", "read_mask"]

MAX_LAYERS: Final = 100
"""So many objects of a label map become layers; each costs as many bytes as the photo has pixels."""

_MAX_LAYER_BYTES: Final = 2_000_000_000
_MAX_COLOURS: Final = 64
_SAMPLE_STEP: Final = 7
_CERTAIN: Final = 0.95
_LIKELY: Final = 0.6
_DEFAULT_LIMITS: Final = DecodeLimits()
_NOTHING: Final = np.zeros((0, 0), np.uint8)


def fit_layers(n_objects: int, size_hw: tuple[int, int]) -> bool:
    """Return whether so many objects of a picture may become layers."""
    return n_objects <= MAX_LAYERS and n_objects * size_hw[0] * size_hw[1] <= _MAX_LAYER_BYTES


Kind = Literal["coverage", "binary", "transparency", "labels", "colours"]


@dataclass(frozen=True)
class Encoding:
    """How the pixels of a mask lie in its file.

    Attributes:
        format: Pillow's name of the file format; "" for pixels that came without a file.
        mode: Pillow's mode of its pixels.
        palette: (n, 3) uint8 colours of a palette picture.
        is_deep: whether grey has 16 bits.
        levels: (outside, inside) as stored, for a mask of two values.
        is_inverted: whether the object is dark on light.
    """

    format: str
    mode: str
    palette: NDArray[np.uint8] | None = None
    is_deep: bool = False
    levels: tuple[int, int] | None = None
    is_inverted: bool = False


@dataclass(frozen=True, eq=False)
class MaskFile:
    """What was read.

    Attributes:
        path: the file, None for pasted pixels.
        kind: how the values are to be understood.
        alpha: (H, W) uint8 coverage, of all objects together.
        encoding: how to write it again.
        values: (H, W) the object each pixel belongs to, 0 for none, another value that is no label's for what
            is left open; only of label maps.
        labels: the objects of a label map, by value.
        may_be_inverted: whether it looks a little as if inside and outside were exchanged.
        stamp: time in nanoseconds and size of the file when it was read.
        is_resized: whether it has another size here than in its file.
        n_turns: quarter turns to the right since it was read; writing turns it back.
    """

    path: Path | None
    kind: Kind
    alpha: Alpha
    encoding: Encoding
    values: NDArray[Any] | None = None
    labels: tuple[Label, ...] = ()
    may_be_inverted: bool = False
    stamp: tuple[int, int] = (0, 0)
    is_resized: bool = False
    n_turns: int = 0

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.alpha.shape[0], self.alpha.shape[1]

    @property
    def has_objects(self) -> bool:
        """Whether it holds several objects, few enough to become layers."""
        return len(self.labels) > 1 and fit_layers(len(self.labels), self.size_hw)

    @property
    def is_joint(self) -> bool:
        """Whether it holds several objects that are too many for layers, so that they are one mask here."""
        return self.values is not None and len(self.labels) > 1 and not self.has_objects

    @property
    def left_open(self) -> Mask | None:
        """(H, W) bool, which pixels a label map leaves open, as VOC does rims of objects; None for none."""
        values = self.values
        is_label = any(label.value == VOID for label in self.labels)
        return None if values is None or is_label else np.asarray(values == VOID)

    def inverted(self) -> MaskFile:
        """Return the same file read the other way round; a label map has no other way."""
        if self.kind not in ("coverage", "binary"):
            raise ValueError(f"a mask of the kind {self.kind} cannot be read the other way round")
        levels = self.encoding.levels
        encoding = replace(
            self.encoding,
            is_inverted=not self.encoding.is_inverted,
            levels=None if levels is None else (levels[1], levels[0]),
        )
        return replace(self, alpha=255 - self.alpha, encoding=encoding, may_be_inverted=False)

    def scaled(self, size_hw: tuple[int, int]) -> MaskFile:
        """Return the mask resampled to another size; labels stay labels."""
        values = self.values
        if values is not None:
            values = cv2.resize(values, (size_hw[1], size_hw[0]), interpolation=cv2.INTER_NEAREST_EXACT)
            return _covering(replace(self, values=values, is_resized=True))
        return replace(self, alpha=resize(self.alpha, size_hw), is_resized=True)

    def at_corner(self, size_hw: tuple[int, int]) -> MaskFile:
        """Return the mask laid at the top left corner of another size: cut off, or nothing beyond."""

        def placed(pixels: NDArray[Any]) -> NDArray[Any]:
            height, width = min(pixels.shape[0], size_hw[0]), min(pixels.shape[1], size_hw[1])
            whole = np.zeros(size_hw, pixels.dtype)
            whole[:height, :width] = pixels[:height, :width]
            return whole

        values = None if self.values is None else placed(self.values)
        return replace(self, alpha=placed(self.alpha), values=values, is_resized=True)

    def turned(self, n_turns: int) -> MaskFile:
        """Return the mask turned by quarters to the right (negative: to the left).

        Cameras say in EXIF how a photo is to be held, and programs that ignore it make masks that lie on
        their side.
        """

        def turned(pixels: NDArray[Any]) -> NDArray[Any]:
            return np.ascontiguousarray(np.rot90(pixels, -n_turns))

        values = None if self.values is None else turned(self.values)
        return replace(self, alpha=turned(self.alpha), values=values, n_turns=self.n_turns + n_turns)

    def layers(self, new_id: Callable[[], int]) -> Iterator[tuple[Label, Layer]]:
        """Yield a layer for each object of a label map that has pixels, in the order of the values."""
        assert self.values is not None, "only label maps have objects"
        for index, label in enumerate(self.labels):
            inside = self.values == label.value
            if inside.any():
                colour = label.colour if _is_seen(label.colour) else LAYER_COLOURS[index % len(LAYER_COLOURS)]
                layer = Layer(new_id(), label.name, _inside(inside), colour=colour, category=label.category)
                yield label, layer


def read_mask(path: Path, limits: DecodeLimits = _DEFAULT_LIMITS) -> MaskFile:
    """Return the mask in a file of any program.

    Transparency counts first, then a legend of ours, then what the values look like. A mask whose rim is
    inside nearly everywhere is dark on light and is turned over.

    Raises:
        MaskError: one sentence; unreadable as a picture, or coloured so that no mask can be told.
    """
    try:
        stamp = stamp_of(path)
    except (OSError, ValueError) as error:
        raise MaskError(str(refuse_unreadable(path, error))) from error
    try:
        decoded = decode(path, limits, keep_palette_index=True)
        encoding = Encoding(*read_storage(path, limits))
    except PhotoError as error:
        raise MaskError(str(error)) from error
    except OSError as error:
        raise MaskError(f"{path} cannot be read ({error.strerror or error}); check the file.") from error
    found = _understood(path, decoded, encoding)
    return replace(_turned_over(found), stamp=stamp)


def mask_of_pixels(rgba: NDArray[np.uint8]) -> MaskFile | None:
    """Return the mask in a picture without a file, None where none can be told.

    Args:
        rgba: (H, W, 4) uint8: transparency where it has any, else grey.
    """
    alpha = np.ascontiguousarray(rgba[:, :, 3])
    encoding = Encoding("", "L")
    if not bool((alpha == 255).all()):
        return MaskFile(None, "transparency", alpha, encoding)
    rgb = rgba[:, :, :3]
    if int((rgb.max(axis=2) - rgb.min(axis=2)).max(initial=0)) > 0:
        return None
    return _turned_over(_of_grey(None, np.ascontiguousarray(rgb[:, :, 0]), encoding))


def _understood(path: Path, decoded: Decoded, encoding: Encoding) -> MaskFile:
    legend = read_legend(path)
    index = decoded.palette_index
    if index is not None and (legend or not _is_grey_table(encoding.palette, index)):
        return _of_labels(path, index, encoding, legend or _palette_labels(index, encoding))
    if decoded.alpha is not None:
        return MaskFile(path, "transparency", decoded.alpha, encoding)
    pixels = decoded.pixels
    if index is None and decoded.mode == "RGB":
        pixels = _grey_alone(pixels)
    if pixels.ndim == 2:
        is_plain = index is None
        if is_plain and legend:
            return _of_labels(path, pixels, encoding, legend)
        numbers = _numbers_of(pixels)
        if is_plain and are_labels(numbers, pixels.dtype):
            return _of_labels(path, pixels, encoding, tuple(_numbered(value) for value in numbers if value))
        return _of_grey(path, pixels, encoding)
    if decoded.mode == "RGB":
        if index is not None:
            return _of_grey(path, np.ascontiguousarray(pixels[:, :, 0]), encoding)
        colours = _plain_colours(pixels)
        if colours is not None:
            return _of_colours(path, pixels, encoding, colours)
    # Grey with the noise of a JPEG, or no mask at all: said in one sentence there.
    return _of_grey(path, load_alpha(path, _no_limits(decoded), is_exact=True), encoding)


def _of_grey(path: Path | None, values: NDArray[Any], encoding: Encoding) -> MaskFile:
    numbers = _numbers_of(values)
    encoding = replace(encoding, is_deep=values.dtype == np.uint16)
    if len(numbers) <= 2:
        low, high = (
            (numbers[0], numbers[-1]) if len(numbers) == 2 else _levels_of_one(numbers[0], values.dtype)
        )
        inside = values == high if low != high else np.zeros(values.shape, np.bool_)
        return MaskFile(path, "binary", _inside(inside), replace(encoding, levels=(low, high)))
    return MaskFile(path, "coverage", eight_bits(values), encoding)


def _levels_of_one(value: int, dtype: np.dtype[Any]) -> tuple[int, int]:
    """Return (outside, inside) of a file in which all pixels are equal."""
    full = 65_535 if dtype == np.uint16 else 255
    return (0, value) if value else (0, full)


def _of_labels(path: Path, values: NDArray[Any], encoding: Encoding, labels: tuple[Label, ...]) -> MaskFile:
    kept = replace(encoding, is_deep=values.dtype == np.uint16)
    return _covering(MaskFile(path, "labels", _NOTHING, kept, values=values, labels=labels))


def _covering(mask: MaskFile) -> MaskFile:
    """Return a label map with the alpha of all its objects together."""
    assert mask.values is not None
    inside, left_open = mask.values > 0, mask.left_open
    return replace(mask, alpha=_inside(inside if left_open is None else inside & ~left_open))


def _of_colours(path: Path, pixels: NDArray[np.uint8], encoding: Encoding, packed: list[int]) -> MaskFile:
    """Return the label map of a picture of few colours; black, else the commonest on the rim, is outside."""
    whole = _packed(pixels)
    rim = np.concatenate([whole[0], whole[-1], whole[:, 0], whole[:, -1]])
    numbers, counts = np.unique(rim, return_counts=True)
    outside = 0 if 0 in packed else int(numbers[counts.argmax()])
    values = np.zeros(whole.shape, np.uint8)
    labels = [Label(0, "", _unpacked(outside))]
    for value, colour in enumerate((colour for colour in packed if colour != outside), start=1):
        values[whole == colour] = value
        labels.append(replace(_numbered(value), colour=_unpacked(colour)))
    palette = np.array([label.colour for label in labels], np.uint8)
    kept = replace(encoding, palette=palette)
    return MaskFile(path, "colours", _inside(values > 0), kept, values=values, labels=tuple(labels[1:]))


def _turned_over(mask: MaskFile) -> MaskFile:
    """Turn a mask over that is surely dark on light, and note one that may be."""
    if mask.kind not in ("coverage", "binary"):
        return mask
    alpha = mask.alpha
    rim = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    share = float((rim >= 128).mean())
    if share < _LIKELY or int(alpha.min(initial=255)) >= 128:
        return mask
    return mask.inverted() if share >= _CERTAIN else replace(mask, may_be_inverted=True)


def _numbers_of(values: NDArray[Any]) -> list[int]:
    """Return the different values of (H, W) uint8 or uint16 pixels, in order."""
    n_bins = 65_536 if values.dtype == np.uint16 else 256
    counts = cv2.calcHist([values], [0], None, [n_bins], [0, n_bins])
    return [int(number) for number in np.flatnonzero(counts)]


def are_labels(numbers: list[int], dtype: np.dtype[Any]) -> bool:
    """Return whether grey values are numbers of objects: several, all far below what full coverage is."""
    highest = 32_767 if dtype == np.uint16 else 127
    return 2 < len(numbers) <= 256 and numbers[0] == 0 and numbers[-1] <= highest


def _palette_labels(index: NDArray[np.uint8], encoding: Encoding) -> tuple[Label, ...]:
    colours = encoding.palette if encoding.palette is not None else np.zeros((0, 3), np.uint8)
    objects = np.where(inside_of(index), index, np.uint8(0))
    return tuple(
        replace(_numbered(value), colour=_colour_at(colours, value))
        for value in _numbers_of(objects)
        if value
    )


def _colour_at(colours: NDArray[np.uint8], value: int) -> Rgb:
    red, green, blue = (int(channel) for channel in colours[value]) if value < len(colours) else (0, 0, 0)
    return red, green, blue


def _numbered(value: int) -> Label:
    return Label(value, f"Label {value}", (0, 0, 0))


def _is_grey_table(palette: NDArray[np.uint8] | None, index: NDArray[np.uint8]) -> bool:
    """Return whether the colours that a palette picture uses are all grey."""
    if palette is None:
        return True
    used = palette[[value for value in _numbers_of(index) if value < len(palette)]]
    return bool((used == used[:, :1]).all())


def _grey_alone(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return (H, W) of (H, W, 3) uint8 that is all grey, as many programs write it; else what was given."""
    if pixels.dtype != np.uint8:
        return pixels
    red = np.ascontiguousarray(pixels[:, :, 0])
    is_grey = np.array_equal(red, pixels[:, :, 1]) and np.array_equal(red, pixels[:, :, 2])
    return red if is_grey else pixels


def _plain_colours(pixels: NDArray[np.uint8]) -> list[int] | None:
    """Return the packed colours of a picture of few of them, at least two not grey; None for a photo."""
    if pixels.dtype != np.uint8:
        return None
    sample = np.unique(_packed(pixels[::_SAMPLE_STEP, ::_SAMPLE_STEP]))
    if len(sample) > _MAX_COLOURS:
        return None
    packed = [int(colour) for colour in np.unique(_packed(pixels))]
    is_grey = all(len(set(_unpacked(colour))) == 1 for colour in packed)
    return None if is_grey or len(packed) > _MAX_COLOURS else packed


def _packed(pixels: NDArray[np.uint8]) -> NDArray[np.uint32]:
    wide = pixels.astype(np.uint32)
    return np.bitwise_or(np.bitwise_or(wide[..., 0] << 16, wide[..., 1] << 8), wide[..., 2], dtype=np.uint32)


def _unpacked(colour: int) -> Rgb:
    return colour >> 16, (colour >> 8) & 255, colour & 255


def _is_seen(colour: Rgb) -> bool:
    """Return whether a colour can be told from black and white on a photo."""
    return max(colour) - min(colour) >= 48


def _inside(mask: Mask) -> Alpha:
    return np.where(mask, np.uint8(255), np.uint8(0))


def _no_limits(decoded: Decoded) -> DecodeLimits:
    """Return limits for a file that has passed the person's own already."""
    height, width = decoded.full_size_hw
    return DecodeLimits(max_side_px=max(height, width), max_pixels=height * width)
