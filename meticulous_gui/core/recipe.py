"""A recipe: everything that decides what a cut-out becomes as a file, as a settings file holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from PIL import ImageColor

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.setting_fields import choice, number, text

__all__ = ["FORMAT_NAMES", "MAX_SIDE_PX", "NO_BACKGROUND", "Recipe", "parse_colour"]

FORMAT_NAMES: Final = ("png", "webp", "tiff", "psd", "mask", "coco", "yolo", "voc", "labelme")
NO_BACKGROUND: Final = ""

MAX_SIDE_PX: Final = 30_000
"""Of a result that is no photo's own size."""
_PLACEHOLDER: Final = re.compile(r"\{(\w*)\}")
_NEVER_IN_NAMES: Final = re.compile(r'[/\\:*?"<>|\x00-\x1f]')


@dataclass(frozen=True)
class Recipe:
    """How a cut-out is written; what a format cannot hold is left aside there.

    Attributes:
        format: name of an exporter.
        name: pattern of the file's name without its suffix: {name} is the photo's, {counter} counts from 1.
        edge_cleaning_percent: how much of the background's colour is taken out of soft edges; with 0 the
            pixels stay as they are and what is outside is emptied.
        is_trimmed: cut to the box of the object.
        padding_px: empty border, in pixels of the result.
        is_square: as wide as high, the object in the middle.
        width_px: of the result; 0 follows from the height, and where both are 0 the size is as it comes.
        height_px: of the result, likewise.
        background: "" for transparency, else what is put behind the object: "#rrggbb" or a colour's name, or
            the path of a picture.
        keeps_exif: camera and date travel on.
        quality: of WebP, 1..100; 100 keeps every pixel exactly.
        mask_values: of masks: "grey", "binary" (0 and 255) or "bits" (one bit a pixel).
        has_all_layers: of annotations: every visible layer is an object; else the active one alone.
        has_rle: of COCO: run lengths, exact; else polygons.
    """

    format: str = choice("png", *FORMAT_NAMES)
    name: str = text("{name}-cutout")
    edge_cleaning_percent: int = number(100, 0, 100)
    is_trimmed: bool = False
    padding_px: int = number(0, 0, MAX_SIDE_PX)
    is_square: bool = False
    width_px: int = number(0, 0, MAX_SIDE_PX)
    height_px: int = number(0, 0, MAX_SIDE_PX)
    background: str = text(NO_BACKGROUND)
    keeps_exif: bool = True
    quality: int = number(100, 1, 100)
    mask_values: str = choice("grey", "grey", "binary", "bits")
    has_all_layers: bool = True
    has_rle: bool = False

    def file_stem(self, photo_stem: str, *, counter: int = 1) -> str:
        """Return the file's name without a suffix, as the pattern says; the photo's own name stays as it is.

        Raises:
            ExportError: an unknown placeholder, or nothing is left of the name.
        """
        values = {"name": photo_stem, "counter": str(counter)}
        for found in _PLACEHOLDER.findall(self.name):
            if found not in values:
                raise ExportError(
                    f"The name pattern {self.name!r} holds {{{found}}}; "
                    "only {name} and {counter} are known."
                )
        pattern = _NEVER_IN_NAMES.sub("_", self.name).strip(" .")
        stem = _PLACEHOLDER.sub(lambda match: values[match.group(1)], pattern)
        if not stem:
            raise ExportError(f"The name pattern {self.name!r} gives an empty name; write {{name}} in it.")
        return stem


def parse_colour(value: str) -> tuple[int, int, int] | None:
    """Return (red, green, blue) of "#rrggbb" or of a colour's English name, None for text that is neither."""
    try:
        red, green, blue = ImageColor.getrgb(value.strip())[:3]
    except ValueError:
        return None
    return red, green, blue
