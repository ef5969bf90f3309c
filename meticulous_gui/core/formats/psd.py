"""Cut-outs as PSD: the photo as a layer and the alpha as its mask, so that nothing is decided for good."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.finish import Cut, cut, make_backdrop, match_backdrop, over
from meticulous_gui.core.formats.item import ExportItem
from meticulous_gui.core.recipe import Recipe

if TYPE_CHECKING:
    from psd_tools import PSDImage

__all__ = ["PsdExporter"]

_LAYER_NAME: Final = "Cut-out"
_BACKGROUND_NAME: Final = "Background"
_PER_INCH, _INCHES = 1, 1
_MAX_SIDE_PX: Final = 30_000


@dataclass(frozen=True)
class PsdExporter:
    """Photoshop's format, 8 or 16 bits: painting on the mask brings the photo back."""

    name: str = "psd"
    title: str = "Photoshop (layer with a mask)"
    suffixes: tuple[str, ...] = (".psd",)

    def write(self, item: ExportItem, path: Path, recipe: Recipe) -> None:
        backdrop = None
        if recipe.background:
            made = cut(
                item.photo, item.alpha, recipe, keeps_source=item.photo.mode != "L", keeps_outside=True
            )
            backdrop = match_backdrop(make_backdrop(recipe.background, made.alpha.shape), made)
        else:
            made = cut(item.photo, item.alpha, recipe, keeps_outside=True)
        if max(made.alpha.shape) > _MAX_SIDE_PX:
            raise ExportError(f"{path} was not written: PSD holds at most {_MAX_SIDE_PX:,} px a side.")
        content = _psd_of(made, backdrop, exif=item.exif(recipe), dpi=item.photo.dpi)
        with atomic_write(path) as stream:
            stream.write(content)


def _psd_of(
    made: Cut, backdrop: NDArray[Any] | None, *, exif: bytes | None, dpi: tuple[float, float] | None
) -> bytes:
    """Return the whole file."""
    from psd_tools import PSDImage  # a sixth of a second, and few exports need it
    from psd_tools.constants import Resource

    height, width = made.alpha.shape
    mode = "L" if made.pixels.ndim == 2 else "RGB"
    document = PSDImage.new(mode, (width, height), depth=16 if made.pixels.dtype == np.uint16 else 8)
    if backdrop is not None:
        document.create_pixel_layer_from_array(backdrop, name=_BACKGROUND_NAME)
    layer = document.create_pixel_layer_from_array(made.pixels, name=_LAYER_NAME)
    layer.create_mask(Image.fromarray(made.alpha))
    _add_resources(document, icc=made.icc, exif=exif, dpi=dpi)
    # Not by its own save, which would draw what programs without layers show: in a minute, and without our
    # background's white. The record is what it would write.
    record = document._record
    record.image_resources.get_data(Resource.VERSION_INFO).has_composite = True
    record.image_data.set_data(_planes(_merged(made, backdrop)), record.header)
    whole = io.BytesIO()
    record.write(whole)
    return whole.getvalue()


def _add_resources(
    document: PSDImage, *, icc: bytes | None, exif: bytes | None, dpi: tuple[float, float] | None
) -> None:
    from psd_tools.constants import Resource
    from psd_tools.psd.image_resources import ImageResource

    resources = document.image_resources
    for key, content in ((Resource.ICC_PROFILE, icc), (Resource.EXIF_DATA_1, exif)):
        if content is not None:
            resources[key] = ImageResource(key=key.value, data=content)
    if dpi is not None:
        # Two numbers of 16.16 bits, each with its unit and the unit that rulers show.
        x, y = (min(round(value * 65536), 2**32 - 1) for value in dpi)
        data = struct.pack(">IHHIHH", x, _PER_INCH, _INCHES, y, _PER_INCH, _INCHES)
        resources[Resource.RESOLUTION_INFO] = ImageResource(key=Resource.RESOLUTION_INFO.value, data=data)


def _merged(made: Cut, backdrop: NDArray[Any] | None) -> NDArray[Any]:
    """Return the picture of all layers, on white where there is nothing."""
    white = np.iinfo(made.pixels.dtype).max
    behind = np.full_like(made.pixels, white) if backdrop is None else backdrop
    return over(made.pixels, made.alpha, behind)


def _planes(pixels: NDArray[Any]) -> list[bytes]:
    planes = pixels[..., None] if pixels.ndim == 2 else pixels
    order = planes.dtype.newbyteorder(">")
    return [planes[..., index].astype(order).tobytes() for index in range(planes.shape[2])]
