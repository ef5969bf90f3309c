"""Writes a mask back the way its file was: same format, depth, levels, palette, and light on dark or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import ExportError, MaskError, PhotoError
from meticulous_gui.core.exif import with_resolution
from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.formats.tiff import write_tiff
from meticulous_gui.core.label_map import index_picture, label_map
from meticulous_gui.core.layer import Layer, Rgb
from meticulous_gui.core.mask_file import Encoding, MaskFile
from meticulous_gui.core.photo import VOID, load_photo
from meticulous_gui.core.stored import ANY_SIZE
from meticulous_gui.core.types import INSIDE, Alpha

__all__ = ["WRITABLE", "as_png", "can_write_back", "free_value", "write_mask_file"]

_DETAILS: Final[Mapping[str, Mapping[str, Any]]] = {
    "PNG": {"compress_level": 4},
    "TIFF": {"compression": "tiff_deflate"},
    "BMP": {},
    "TGA": {},
    "WEBP": {"lossless": True, "exact": True},
    "JPEG": {"quality": 95, "subsampling": 0},
}
WRITABLE: Final = frozenset(_DETAILS)
"""Formats that can be written back, by Pillow's names."""

_SPREAD: Final = ("LA", "RGB", "RGBA")
"""Modes in which a mask is grey all the same: every colour has its value, and alpha is opaque."""

_MAX_VALUE: Final = {False: 254, True: 65_535}


def can_write_back(mask: MaskFile) -> bool:
    """Return whether a mask file can be written again in its own format."""
    is_label = mask.kind in ("labels", "colours")
    if mask.encoding.format == "JPEG":
        return mask.kind in ("coverage", "binary")
    if mask.kind == "transparency" and mask.encoding.format not in ("PNG", "WEBP", "TIFF"):
        return False
    return mask.encoding.format in WRITABLE and not (is_label and mask.encoding.format == "TGA")


def as_png(mask: MaskFile) -> MaskFile:
    """Return the same mask as it is written where its own format cannot be: a PNG of the same kind.

    Values, palette, levels and depth stay; transparency stays transparency of the same colours.
    """
    return replace(mask, encoding=replace(mask.encoding, format="PNG"))


def free_value(mask: MaskFile, used: Sequence[int]) -> int:
    """Return a value of a label map that no layer has yet.

    Raises:
        ExportError: all are taken.
    """
    value = max([0, *used, *(label.value for label in mask.labels)]) + 1
    if value > _MAX_VALUE[mask.encoding.is_deep and mask.kind == "labels"]:
        raise ExportError(f"The label map holds no more than {value - 1} objects; merge or remove layers.")
    return value


def write_mask_file(
    mask: MaskFile, layers: Sequence[Layer], path: Path, *, values: Mapping[int, int] | None = None
) -> None:
    """Write layers into a file like the one that was read.

    Args:
        mask: what was read; its encoding is kept, and of its pixels those that a label map leaves open.
        layers: the lowest first, of one size. Several become one mask unless it is a label map.
        path: the file, replaced atomically.
        values: of each layer of a label map, by its id.

    Raises:
        ExportError: one sentence; the format cannot be written, or the file; it is what it was before.
    """
    if not can_write_back(mask):
        raise ExportError(
            f"{path} was not written: Meticulous does not write masks as {mask.encoding.format or 'this'}; "
            "keep the layers beside the photo or export a PNG."
        )
    layers = [_turned_back(layer, mask.n_turns) for layer in layers]
    if mask.kind in ("labels", "colours"):
        _write_labels(mask, layers, path, values or {})
        return
    alpha = layers[0].alpha
    for layer in layers[1:]:
        alpha = np.maximum(alpha, layer.alpha)
    if mask.kind == "transparency":
        _write_transparency(mask, alpha, path)
        return
    stored = _stored(mask.encoding, alpha)
    with atomic_write(path) as stream:
        _save(stream, mask.encoding, stored)


def _turned_back(layer: Layer, n_turns: int) -> Layer:
    """Return a visible layer that lies as its file did, of its own memory."""
    alpha = np.ascontiguousarray(np.rot90(layer.alpha, n_turns))
    return Layer(layer.id, layer.name, alpha, colour=layer.colour, category=layer.category)


def _stored(encoding: Encoding, alpha: Alpha) -> NDArray[Any]:
    """Return coverage as the file's own values."""
    if encoding.levels is not None:
        outside, inside = encoding.levels
        dtype = np.uint16 if encoding.is_deep else np.uint8
        return np.where(alpha >= INSIDE, dtype(inside), dtype(outside))
    shown = 255 - alpha if encoding.is_inverted else alpha
    return shown.astype(np.uint16) * np.uint16(257) if encoding.is_deep else shown


def _save(stream: BinaryIO, encoding: Encoding, stored: NDArray[Any]) -> None:
    if encoding.format == "PNG" and encoding.is_deep:
        write_png(stream, stored)
        return
    if encoding.mode == "P" and encoding.palette is not None:
        grey = encoding.palette[:, 0].astype(int)
        nearest = np.abs(grey[:, None] - np.arange(256)[None]).argmin(axis=0).astype(np.uint8)
        picture = Image.fromarray(nearest[stored])
        picture.putpalette(encoding.palette.tobytes())
    else:
        picture = Image.fromarray(stored)
        if encoding.mode == "1":
            picture = picture.convert("1", dither=Image.Dither.NONE)
        elif encoding.mode in _SPREAD or encoding.format == "WEBP":
            picture = picture.convert(encoding.mode)
    picture.save(stream, encoding.format, **_DETAILS[encoding.format])


def _write_labels(mask: MaskFile, layers: Sequence[Layer], path: Path, values: Mapping[int, int]) -> None:
    """Write a label map with the values that its layers came with; hidden layers are part of it.

    What was left open stays so where no layer lies.
    """
    pixels, labels = label_map(layers, values)
    left_open = mask.left_open
    if left_open is not None:
        pixels[(pixels == 0) & np.rot90(left_open, mask.n_turns)] = VOID
    encoding = mask.encoding
    colours = {label.value: label.colour for label in labels}
    if mask.kind == "colours":
        assert encoding.palette is not None
        table = {number: tuple(colour) for number, colour in enumerate(encoding.palette.tolist())}
        for value in sorted(value for value in colours if value >= len(encoding.palette)):
            table[value] = _unlike(colours[value], set(table.values()))
        rgb = np.zeros((*pixels.shape, 3), np.uint8)
        for value, colour in table.items():
            rgb[pixels == value] = colour
        with atomic_write(path) as stream:
            picture = Image.fromarray(rgb)
            picture = picture.convert("RGBA") if encoding.mode == "RGBA" else picture
            picture.save(stream, encoding.format, **_DETAILS[encoding.format])
    elif encoding.mode == "P" and encoding.palette is not None:
        table = {number: tuple(colour) for number, colour in enumerate(encoding.palette.tolist())}
        read = (0, VOID, *(label.value for label in mask.labels))
        told = {value: table[value] for value in read if value in table}
        with atomic_write(path) as stream:
            picture = index_picture(pixels, table | colours | _chosen(table) | told)
            picture.save(stream, encoding.format, **_DETAILS[encoding.format])
    else:
        deep = pixels.astype(np.uint16) if encoding.is_deep else pixels
        with atomic_write(path) as stream:
            if encoding.mode in _SPREAD and not encoding.is_deep:
                picture = Image.fromarray(deep).convert(encoding.mode)
                picture.save(stream, encoding.format, **_DETAILS[encoding.format])
            elif encoding.format == "PNG":
                write_png(stream, deep)
            else:
                Image.fromarray(deep).save(stream, encoding.format, **_DETAILS[encoding.format])


def _chosen(table: Mapping[int, Rgb]) -> dict[int, Rgb]:
    """Return the colours of a palette that mean something, as VOC's do: no steps of grey, none repeated."""
    n_times = Counter(table.values())
    return {
        number: colour
        for number, colour in table.items()
        if n_times[colour] == 1 and colour != (number, number, number)
    }


def _unlike(colour: Rgb, taken: Collection[Rgb]) -> Rgb:
    """Return a colour, or one beside it where another object has it: a map of colours tells nothing else."""
    red, green, blue = colour
    beside = ((red ^ 16 * (k % 16), green ^ 16 * (k // 16 % 16), blue ^ 16 * (k // 256)) for k in range(4096))
    return next(one for one in beside if one not in taken)


def _write_transparency(mask: MaskFile, alpha: Alpha, path: Path) -> None:
    """Write the colours of the file that was read with another transparency."""
    source = mask.path if mask.path is not None else path
    try:
        photo = load_photo(source, ANY_SIZE)
    except PhotoError as error:
        raise ExportError(f"The colours for {path} are gone: {error}") from MaskError(str(error))
    if photo.size_hw != alpha.shape:
        raise ExportError(
            f"{path} was not written: {source.name} has another size than its photo; export a PNG."
        )
    pixels, icc, exif, dpi = _with_alpha(photo.pixels, alpha), photo.icc, photo.exif, photo.dpi
    with atomic_write(path) as stream:
        if mask.encoding.format == "PNG":
            write_png(stream, pixels, icc=icc, exif=exif, dpi=dpi)
        elif mask.encoding.format == "TIFF":
            write_tiff(stream, pixels, has_alpha=True, icc=icc, exif=exif, dpi=dpi)
        else:
            kept = {"icc_profile": icc, "exif": with_resolution(exif, dpi)}
            details = {name: value for name, value in kept.items() if value is not None}
            Image.fromarray(pixels).save(stream, "WEBP", **_DETAILS["WEBP"], **details)


def _with_alpha(pixels: NDArray[Any], alpha: Alpha) -> NDArray[Any]:
    """Return (H, W, C + 1) colours with coverage in their depth."""
    scale = 257 if pixels.dtype == np.uint16 else 1
    return np.dstack([pixels, alpha.astype(pixels.dtype) * pixels.dtype.type(scale)])
