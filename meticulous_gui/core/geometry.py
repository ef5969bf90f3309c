"""Boxes of whole pixels and affine maps of points: frozen values without any pixel content."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Affine", "Box", "bounding_box"]

_ROUNDING_SLACK = 1e-9
"""How far a computed edge may pass a whole pixel before the next pixel counts as touched."""


def _floor(value: float) -> int:
    return math.floor(value + _ROUNDING_SLACK * max(1.0, abs(value)))


def _ceil(value: float) -> int:
    return math.ceil(value - _ROUNDING_SLACK * max(1.0, abs(value)))


@dataclass(frozen=True)
class Box:
    """Half-open pixel rectangle: columns x0..x1-1, rows y0..y1-1.

    A box whose ``x1 <= x0`` or ``y1 <= y0`` is empty; every empty box means "nothing".
    """

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def whole(cls, size_hw: tuple[int, int]) -> Box:
        """Return the box of a whole image of ``size_hw``."""
        return cls(0, 0, int(size_hw[1]), int(size_hw[0]))

    @property
    def width(self) -> int:
        return max(self.x1 - self.x0, 0)

    @property
    def height(self) -> int:
        return max(self.y1 - self.y0, 0)

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def is_empty(self) -> bool:
        return self.x1 <= self.x0 or self.y1 <= self.y0

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.height, self.width

    def slices(self) -> tuple[slice, slice]:
        """Return ``(rows, columns)`` to index an array with; both must not be negative."""
        x0, y0, x1, y1 = self.x0, self.y0, self.x1, self.y1
        return slice(y0, y1 if y1 > y0 else y0), slice(x0, x1 if x1 > x0 else x0)

    def clip(self, other: Box) -> Box:
        """Return the part of this box inside ``other`` (an empty box where they do not meet)."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        x1, y1 = min(self.x1, other.x1), min(self.y1, other.y1)
        if x1 <= x0 or y1 <= y0:
            return Box(0, 0, 0, 0)
        return Box(x0, y0, x1, y1)

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both; an empty box adds nothing."""
        if other.is_empty:
            return self
        if self.is_empty:
            return other
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )

    def pad(self, px: int) -> Box:
        """Return the box grown by ``px`` pixels on each side (shrunk when negative); empty stays empty."""
        if self.is_empty:
            return self
        return Box(self.x0 - px, self.y0 - px, self.x1 + px, self.y1 + px)

    def translate(self, dx: int, dy: int) -> Box:
        """Return the box moved by ``dx`` columns and ``dy`` rows."""
        return Box(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def scaled(self, scale: float) -> Box:
        """Return the box in an image ``scale`` times as large, rounded outwards."""
        if self.is_empty:
            return Box(0, 0, 0, 0)
        return Box(
            _floor(self.x0 * scale), _floor(self.y0 * scale), _ceil(self.x1 * scale), _ceil(self.y1 * scale)
        )

    def contains(self, other: Box) -> bool:
        """Say whether ``other`` lies inside; the empty box lies inside every box."""
        if other.is_empty:
            return True
        return self.x0 <= other.x0 and self.y0 <= other.y0 and other.x1 <= self.x1 and other.y1 <= self.y1

    def contains_xy(self, x: float, y: float) -> bool:
        """Say whether the point lies inside (left and top edge included)."""
        return self.x0 <= x < self.x1 and self.y0 <= y < self.y1

    def tiles(self, size_px: int) -> Iterator[Box]:
        """Yield the parts of this box in the cells of the grid of multiples of ``size_px``.

        The grid starts at (0, 0), not at the box: each part lies in exactly one storage tile.
        The parts are disjoint, cover the box and come row by row.

        Raises:
            ValueError: ``size_px`` < 1.
        """
        if size_px < 1:
            raise ValueError(f"size_px must be at least 1, got {size_px}")
        if self.is_empty:
            return
        for y in range(self.y0 // size_px * size_px, self.y1, size_px):
            y0, y1 = max(y, self.y0), min(y + size_px, self.y1)
            for x in range(self.x0 // size_px * size_px, self.x1, size_px):
                yield Box(max(x, self.x0), y0, min(x + size_px, self.x1), y1)


def bounding_box(mask: NDArray[Any]) -> Box:
    """Return the smallest box around the pixels of ``mask`` that are not zero.

    Args:
        mask: (H, W) bool or uint8.

    Returns:
        The box, ``Box(0, 0, 0, 0)`` when there is no such pixel.
    """
    if mask.size == 0:
        return Box(0, 0, 0, 0)
    # Here and not above: the window imports this file before it needs OpenCV's 100 ms.
    import cv2

    x, y, width, height = cv2.boundingRect(np.ascontiguousarray(mask).view(np.uint8))
    return Box(x, y, x + width, y + height) if width else Box(0, 0, 0, 0)


@dataclass(frozen=True)
class Affine:
    """Map of points: ``x' = a x + b y + c``, ``y' = d x + e y + f``.

    Points are continuous: the centre of the first pixel is (0.5, 0.5), so a plain scale needs no offset.
    Name a value ``source_to_target``.
    """

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    @classmethod
    def scale(cls, sx: float, sy: float) -> Affine:
        return cls(sx, 0.0, 0.0, 0.0, sy, 0.0)

    @classmethod
    def translation(cls, dx: float, dy: float) -> Affine:
        return cls(1.0, 0.0, dx, 0.0, 1.0, dy)

    def compose(self, first: Affine) -> Affine:
        """Return the map that applies ``first`` and then this one."""
        return Affine(
            self.a * first.a + self.b * first.d,
            self.a * first.b + self.b * first.e,
            self.a * first.c + self.b * first.f + self.c,
            self.d * first.a + self.e * first.d,
            self.d * first.b + self.e * first.e,
            self.d * first.c + self.e * first.f + self.f,
        )

    def inverse(self) -> Affine:
        """Return the map that undoes this one.

        Raises:
            ValueError: the map flattens the plane and has no inverse.
        """
        determinant = self.a * self.e - self.b * self.d
        if determinant == 0.0 or not math.isfinite(determinant):
            raise ValueError(f"{self} has no inverse")
        a, b = self.e / determinant, -self.b / determinant
        d, e = -self.d / determinant, self.a / determinant
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def apply_xy(self, x: float, y: float) -> tuple[float, float]:
        """Return where the point goes."""
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f
