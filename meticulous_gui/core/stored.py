"""What a decoder finds in a file before anything is done to it, and the limits that hold for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import PhotoError

__all__ = ["ANY_SIZE", "DecodeLimits", "Stored", "eight_bits"]


@dataclass(frozen=True)
class DecodeLimits:
    """The largest picture that is decoded; checked from the header, before memory is taken.

    Attributes:
        max_side_px: longest side allowed.
        max_pixels: largest area allowed.
    """

    max_side_px: int = 30_000
    max_pixels: int = 400_000_000

    def check(self, path: Path, size_wh: tuple[int, int]) -> None:
        """Refuse a picture that is too large.

        Raises:
            PhotoError: with its size, the limit and the setting that raises it.
        """
        width, height = size_wh
        if max(width, height) <= self.max_side_px and width * height <= self.max_pixels:
            return
        raise PhotoError(
            f"{path} is {width} x {height} px ({width * height / 1e6:,.0f} megapixels), beyond the limit of "
            f"{self.max_side_px:,} px a side and {self.max_pixels / 1e6:,.0f} megapixels; "
            "shrink it, or raise max_side_px and max_megapixels under [decode] in the settings."
        )


ANY_SIZE: Final = DecodeLimits(max_side_px=2**31 - 1, max_pixels=2**40)
"""For what belongs to a photo that has passed the person's limits already, and is as large."""


def eight_bits(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return uint8 values as they are, and uint16 ones divided by 257, rounded."""
    return values if values.dtype == np.uint8 else cv2.convertScaleAbs(values, alpha=1 / 257)


@dataclass(eq=False)
class Stored:
    """A picture as it lies in its file.

    Attributes:
        pixels: (H, W), (H, W, 3) or, for CMYK, (H, W, 4); uint8 or uint16.
        mode: "RGB", "L", "CMYK" or "LAB": how ``pixels`` are to be read.
        source_mode: the same, but "P" for a palette picture (its pixels are RGB).
        alpha: (H, W) uint8 or uint16, None where the file has no transparency.
        orientation: 1..8 as EXIF counts.
        notes: sentences that a person should know.
        palette_index: (H, W) uint8, only where it was asked for and the file has a palette.
    """

    pixels: NDArray[Any]
    mode: str
    source_mode: str
    alpha: NDArray[Any] | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    dpi: tuple[float, float] | None = None
    orientation: int = 1
    notes: list[str] = field(default_factory=list)
    palette_index: NDArray[np.uint8] | None = None

    @property
    def size_wh(self) -> tuple[int, int]:
        return self.pixels.shape[1], self.pixels.shape[0]
