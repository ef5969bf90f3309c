"""The round brush and the eraser: dabs along a path, blended so that one stroke never piles up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.blend import blend_coverage
from meticulous_gui.core.edge_guide import EdgeGuide
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.tiles import SparsePlane
from meticulous_gui.core.types import Coverage, Mask

__all__ = ["MIN_PRESSURE_SIZE", "StrokeCoverage", "StrokePainter"]

MIN_PRESSURE_SIZE = 0.2
"""Part of the radius that a pen paints with when it hardly touches."""

_MIN_RADIUS_PX = 0.5
_MAX_DABS_KEPT = 64


@dataclass(frozen=True)
class _Dab:
    """Coverage of one stamp and where its top left pixel lies relative to the centre's."""

    coverage: Coverage
    reach_px: int


class StrokeCoverage:
    """How much one stroke covers of each pixel, growing with the path; memory follows the stroke.

    The same path given in one piece or in many gives the same pixels.
    """

    def __init__(
        self,
        size_hw: tuple[int, int],
        *,
        radius_px: float,
        hardness: float = 1.0,
        opacity: float = 1.0,
        is_pressure_size: bool = True,
        is_pressure_opacity: bool = False,
        guide: EdgeGuide | None = None,
    ) -> None:
        """Begin a stroke.

        Args:
            size_hw: of the photo.
            radius_px: image pixels at full pressure, > 0; less than half a pixel counts as half.
            hardness: 0 (soft down to the centre) .. 1 (sharp, anti-aliased rim).
            opacity: 0..1, the most that the stroke covers.
            is_pressure_size: whether less pressure makes the brush smaller.
            is_pressure_opacity: whether less pressure covers less.
            guide: lets each dab stop at the photo's edges; None lets it cover all it reaches.
        """
        if not (radius_px > 0.0 and math.isfinite(radius_px)):
            raise ValueError(f"radius_px must be positive, got {radius_px}")
        if not (0.0 <= hardness <= 1.0 and 0.0 <= opacity <= 1.0):
            raise ValueError(f"hardness and opacity must lie in 0..1, got {hardness} and {opacity}")
        self.plane = SparsePlane()
        self.box = Box(0, 0, 0, 0)
        self._whole = Box.whole(size_hw)
        self._radius_px = max(radius_px, _MIN_RADIUS_PX)
        self._hardness = hardness
        self._opacity = opacity
        self._is_pressure_size = is_pressure_size
        self._is_pressure_opacity = is_pressure_opacity
        self._guide = guide
        self._last: tuple[float, float, float] | None = None
        self._until_next_px = 0.0
        self._is_last_stamped = False
        self._dabs: dict[tuple[float, float, float], _Dab] = {}

    def extend(self, points: Iterable[tuple[float, float, float]]) -> Box:
        """Go on along (x, y, pressure) points; return the box of pixels that may be covered more now."""
        dirty = Box(0, 0, 0, 0)
        for point in points:
            if not all(math.isfinite(value) for value in point):
                raise ValueError(f"points must be finite, got {point}")
            dirty = dirty.union(self._start(point) if self._last is None else self._go_to(self._last, point))
            self._last = point
        self.box = self.box.union(dirty)
        return dirty

    def finish(self) -> Box:
        """Stamp the path's end, which the regular spacing may have missed by a part of a step."""
        if self._last is None or self._is_last_stamped:
            return Box(0, 0, 0, 0)
        self._is_last_stamped = True
        dirty = self._stamp(*self._last)
        self.box = self.box.union(dirty)
        return dirty

    def read(self, box: Box) -> Coverage:
        """Return the (h, w) coverage of ``box``, 0..255, a new array."""
        return self.plane.read(box)

    def mask(self) -> Mask:
        """Return the (h, w) bool pixels of `box` that the stroke touches."""
        return self.read(self.box) > 0

    def _start(self, point: tuple[float, float, float]) -> Box:
        self._until_next_px = self._spacing_px(point[2])
        self._is_last_stamped = True
        return self._stamp(*point)

    def _go_to(self, start: tuple[float, float, float], end: tuple[float, float, float]) -> Box:
        length_px = math.hypot(end[0] - start[0], end[1] - start[1])
        dirty = Box(0, 0, 0, 0)
        if length_px > 0.0:
            self._is_last_stamped = False
        elif end[2] > start[2]:
            self._is_last_stamped = False  # pressed harder on the spot
        at_px = self._until_next_px
        while at_px <= length_px and length_px > 0.0:
            t = at_px / length_px
            x, y, pressure = (a + (b - a) * t for a, b in zip(start, end, strict=True))
            dirty = dirty.union(self._stamp(x, y, pressure))
            self._is_last_stamped = at_px == length_px
            at_px += self._spacing_px(pressure)
        self._until_next_px = at_px - length_px
        return dirty

    def _radius_at(self, pressure: float) -> float:
        if not self._is_pressure_size:
            return self._radius_px
        share = MIN_PRESSURE_SIZE + (1.0 - MIN_PRESSURE_SIZE) * min(max(pressure, 0.0), 1.0)
        return max(self._radius_px * share, _MIN_RADIUS_PX)

    def _spacing_px(self, pressure: float) -> float:
        return max(1.0, self._radius_at(pressure) / 4.0)

    def _stamp(self, x: float, y: float, pressure: float) -> Box:
        radius = self._radius_at(pressure)
        # Small brushes are placed to an eighth of a pixel, large ones to a whole one: their rim is as exact
        # for the eye, and one stamp serves the whole stroke.
        step = min(max(2.0 ** math.floor(math.log2(radius / 128.0)), 0.125), 1.0)
        x, y = round(x / step) * step, round(y / step) * step
        column, row = math.floor(x), math.floor(y)
        dab = self._dab(round(radius * 16.0) / 16.0, x - column, y - row)
        whole = Box(
            column - dab.reach_px, row - dab.reach_px, column + dab.reach_px + 1, row + dab.reach_px + 1
        )
        box = whole.clip(self._whole)
        if not box.is_empty:
            here = dab.coverage[box.translate(-whole.x0, -whole.y0).slices()]
            if self._is_pressure_opacity:
                here = np.asarray(cv2.convertScaleAbs(here, alpha=min(max(pressure, 0.0), 1.0)), np.uint8)
            if self._guide is not None:
                here = np.asarray(cv2.min(here, self._guide.side(box, x, y)), np.uint8)
            self.plane.raise_to(box, here)
        return box

    def _dab(self, radius: float, dx: float, dy: float) -> _Dab:
        key = (radius, dx, dy)
        dab = self._dabs.get(key)
        if dab is None:
            while len(self._dabs) >= _MAX_DABS_KEPT:
                del self._dabs[next(iter(self._dabs))]
            dab = self._dabs[key] = _make_dab(radius, self._hardness, self._opacity, dx=dx, dy=dy)
        return dab


def _make_dab(radius: float, hardness: float, opacity: float, *, dx: float, dy: float) -> _Dab:
    """Return a stamp whose centre lies (dx, dy) into its middle pixel."""
    reach_px = math.ceil(radius + 1.0)
    if dx == 0.0 and dy == 0.0:
        # Large brushes lie on whole pixels: one quarter, mirrored, is four times as fast.
        offsets = np.arange(reach_px + 1, dtype=np.float32) + np.float32(0.5)
        quarter = _profile(offsets, offsets, radius, hardness, opacity)
        half = np.concatenate([quarter[-2::-1], quarter], axis=0)
        return _Dab(np.concatenate([half[:, -2::-1], half], axis=1), reach_px)
    offsets = np.arange(-reach_px, reach_px + 1, dtype=np.float32) + np.float32(0.5)
    coverage = _profile(offsets - np.float32(dx), offsets - np.float32(dy), radius, hardness, opacity)
    return _Dab(coverage, reach_px)


def _profile(
    xs: NDArray[np.float32], ys: NDArray[np.float32], radius: float, hardness: float, opacity: float
) -> Coverage:
    """Return the coverage at distances ``xs`` and ``ys`` from the centre: (len(ys), len(xs)) uint8."""
    distance = cv2.sqrt((ys * ys)[:, None] + (xs * xs)[None, :])
    # The rim is one pixel wide at full hardness (anti-aliasing) and reaches down to the centre at none.
    width = 1.0 + (1.0 - hardness) * max(radius - 0.5, 0.0)
    ramp = np.clip((np.float32(radius + 0.5) - distance) * np.float32(1.0 / width), 0.0, 1.0)
    if width > 1.0:
        softness = np.float32(1.0 - 1.0 / width)
        ramp += softness * (ramp * ramp * (np.float32(3.0) - np.float32(2.0) * ramp) - ramp)
    return np.asarray(np.rint(ramp * np.float32(opacity * 255.0)), np.uint8)


class StrokePainter:
    """One stroke of the brush on a layer, as edits that follow the pointer.

    Apply each edit before asking for the next (in one transaction: one stroke, one undo step). What others
    write into the layer meanwhile outside the stroke stays; under the stroke, the alpha at the moment of the
    first touch is what it blends with.
    """

    def __init__(
        self,
        layer: Layer,
        *,
        radius_px: float,
        hardness: float = 1.0,
        opacity: float = 1.0,
        is_pressure_size: bool = True,
        is_pressure_opacity: bool = False,
        guide: EdgeGuide | None = None,
        is_adding: bool = True,
        title: str | None = None,
    ) -> None:
        """Begin a stroke; see `StrokeCoverage` for the brush, ``is_adding=False`` is the eraser."""
        self.coverage = StrokeCoverage(
            layer.size_hw,
            radius_px=radius_px,
            hardness=hardness,
            opacity=opacity,
            is_pressure_size=is_pressure_size,
            is_pressure_opacity=is_pressure_opacity,
            guide=guide,
        )
        self._layer = layer
        self._is_adding = is_adding
        self._title = title if title is not None else ("Brush" if is_adding else "Eraser")
        self._before = SparsePlane()
        self._painted = SparsePlane()

    def extend(self, points: Iterable[tuple[float, float, float]]) -> Edit | None:
        """Paint on along (x, y, pressure) points in image pixels; None where no pixel of the photo is met."""
        return self._edit(self.coverage.extend(points))

    def finish(self) -> Edit | None:
        """Paint the path's very end; None where it is painted already."""
        return self._edit(self.coverage.finish())

    def _edit(self, box: Box) -> Edit | None:
        if box.is_empty:
            return None
        coverage = self.coverage.read(box)
        now: NDArray[np.uint8] = self._layer.alpha[box.slices()]
        # Where the stroke is new, the layer lies under it; where not, what was there at the first touch.
        before = now.copy()
        cv2.copyTo(self._before.read(box), self._painted.read(box), before)
        self._before.write(box, before)
        touched = coverage > 0
        self._painted.write(box, touched.view(np.uint8))
        alpha = blend_coverage(before, coverage, is_adding=self._is_adding)
        return Edit.by_hand(self._layer, box, alpha, touched=touched, title=self._title)
