"""What every exporter gets and gives: an item, its options, and the colours that leave the program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.colour import srgb_profile
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.foreground import estimate_foreground
from meticulous_gui.core.photo import Photo
from meticulous_gui.core.types import Alpha

__all__ = ["Colours", "ExportItem", "Exporter", "colours_of"]


@dataclass(frozen=True, eq=False)
class ExportItem:
    """One cut-out to be written.

    Attributes:
        photo: where the colours, the profile, the resolution and the metadata come from.
        alpha: (H, W) uint8 of the photo's size.

    Raises:
        ExportError: alpha has another size than the photo.
    """

    photo: Photo
    alpha: Alpha

    def __post_init__(self) -> None:
        if self.alpha.shape != self.photo.size_hw or self.alpha.dtype != np.uint8:
            height, width = self.photo.size_hw
            shape = " x ".join(str(side) for side in self.alpha.shape[::-1])
            raise ExportError(
                f"The mask is {shape} px ({self.alpha.dtype}) and {self.photo.name} {width} x {height} px; "
                "export a mask of the photo's size."
            )


class Exporter(Protocol):
    """A way to write an item.

    Attributes:
        name: key in the registry.
        title: for a list that a person reads.
        suffixes: file names it writes, the first one is the default.
        options_type: frozen dataclass of its options; every field has a default.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def suffixes(self) -> tuple[str, ...]: ...

    @property
    def options_type(self) -> type[Any]: ...

    def write(self, item: ExportItem, path: Path, options: Any) -> None:
        """Write the file atomically.

        Raises:
            ExportError: one sentence; nothing is left behind.
        """


@dataclass(frozen=True, eq=False)
class Colours:
    """Straight colours of a cut-out and the profile that explains them.

    Attributes:
        pixels: (H, W) or (H, W, 3), uint8 or uint16.
        icc: profile to write, None where the photo had none.
    """

    pixels: NDArray[Any]
    icc: bytes | None


def colours_of(item: ExportItem, *, is_decontaminated: bool, keeps_source: bool = True) -> Colours:
    """Return the colours to store with ``item.alpha``.

    RGB and grey photos keep their own space, depth and profile; CMYK, Lab and palette photos come out
    as sRGB with its profile.

    Args:
        item: the cut-out.
        is_decontaminated: take the background out of soft edges; else the photo's pixels as they are,
            and zero where alpha is 0.
        keeps_source: False for formats that only hold 8-bit RGB.
    """
    photo = item.photo
    keeps = photo.mode in ("RGB", "L") and (keeps_source or (photo.bit_depth == 8 and photo.mode == "RGB"))
    if keeps:
        pixels, icc = photo.pixels, photo.icc
    else:
        # Grey and deep photos without a profile are read as sRGB everywhere: no need to say so.
        pixels = photo.rgb
        icc = None if photo.mode in ("RGB", "L") and photo.icc is None else srgb_profile()
    if is_decontaminated:
        return Colours(estimate_foreground(pixels, item.alpha), icc)
    plain = np.array(pixels)
    plain[item.alpha == 0] = 0
    return Colours(plain, icc)
