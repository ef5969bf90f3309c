"""Cut-outs as WebP: 8-bit RGB, exact by default."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.exif import with_resolution
from meticulous_gui.core.files import atomic_write
from meticulous_gui.core.finish import finish, frame_of
from meticulous_gui.core.formats.item import ExportItem
from meticulous_gui.core.recipe import Recipe

__all__ = ["WebpExporter"]

_MAX_SIDE_PX: Final = 16_383
"""What the format can say in its 14 bits."""

_EXACT: Final = 100


@dataclass(frozen=True)
class WebpExporter:
    """RGBA WebP, smaller than PNG and slower to write; below quality 100 alpha alone stays exact."""

    name: str = "webp"
    title: str = "WebP"
    suffixes: tuple[str, ...] = (".webp",)

    def write(self, item: ExportItem, path: Path, recipe: Recipe) -> None:
        height, width = frame_of(item.alpha, recipe).size_hw
        if max(height, width) > _MAX_SIDE_PX:
            raise ExportError(
                f"{path} was not written: WebP holds at most {_MAX_SIDE_PX} px a side and the cut-out of "
                f"{item.photo.name} is {width} x {height} px; export as PNG."
            )
        done = finish(item.photo, item.alpha, recipe, keeps_source=False)
        # ``exact`` keeps the colours under alpha 0, which stop a later blur from bleeding.
        details: dict[str, Any] = {"exact": True, "lossless": False, "quality": recipe.quality}
        if recipe.quality == _EXACT:
            # Here quality is effort: a third of the time for 3 % more bytes.
            details |= {"lossless": True, "quality": 40, "method": 1}
        exif = with_resolution(item.exif(recipe), item.photo.dpi)
        details |= {"icc_profile": done.icc} if done.icc is not None else {}
        details |= {"exif": exif} if exif is not None else {}
        picture = Image.fromarray(done.joined())
        with atomic_write(path) as stream:
            picture.save(stream, "WEBP", **details)
