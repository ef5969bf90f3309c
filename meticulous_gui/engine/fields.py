"""Logits of a whole image that are never held as a whole: read box by box, the same to the bit in any box."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import CERTAIN, DEFAULT_RAMP, limited, logits_from_alpha
from meticulous_gui.engine.resample import crop_padded, enlarge_crop, source_box
from meticulous_gui.engine.types import Alpha, Logits

__all__ = ["AlphaField", "EnlargedField", "Field", "OverlaidField", "PatchedField"]


class Field(Protocol):
    """Logits of an image of ``size_hw``; boxes may reach beyond its edge, where the last pixels repeat."""

    size_hw: tuple[int, int]

    def crop(self, box: Box) -> Logits:
        """Return the logits of ``box``, float32 (box.height, box.width), a new array."""

    def is_quiet(self, box: Box) -> bool:
        """Say whether ``box`` surely holds no contour and no uncertain pixel; may say no too often."""


class EnlargedField:
    """A small map of logits, enlarged bilinearly when read."""

    def __init__(
        self, logits: Logits, size_hw: tuple[int, int], *, scale_yx: tuple[float, float] | None = None
    ) -> None:
        """Cut ``logits`` to the limit and spread them over ``size_hw`` (None: exactly, edge to edge).

        Args:
            logits: (h, w) float32.
            size_hw: size of the large map, at least that of the small one.
            scale_yx: small pixels per large pixel where the small map covers more than the large one.
        """
        self.size_hw = size_hw
        self._logits = limited(logits).astype(np.float32)
        small_hw = logits.shape
        self._scale_yx = scale_yx or (small_hw[0] / size_hw[0], small_hw[1] / size_hw[1])

    def crop(self, box: Box) -> Logits:
        """Return the logits of ``box``."""
        return enlarge_crop(self._logits, box, scale_yx=self._scale_yx)

    def is_quiet(self, box: Box) -> bool:
        """Say whether all small pixels behind ``box`` are certain and agree."""
        small_hw = (self._logits.shape[0], self._logits.shape[1])
        source = source_box(box, scale_yx=self._scale_yx, size_hw=small_hw)
        return _is_quiet(self._logits[source.slices()])


class AlphaField:
    """An existing alpha, known in ``alpha_box`` of the image, as logits; beyond, its last pixels repeat."""

    def __init__(
        self,
        alpha: Alpha,
        alpha_box: Box,
        size_hw: tuple[int, int],
        *,
        ramp: float = DEFAULT_RAMP,
    ) -> None:
        self.size_hw = size_hw
        self._alpha = alpha
        self._box = alpha_box
        self._ramp = ramp

    def crop(self, box: Box) -> Logits:
        """Return the logits of ``box``."""
        moved = box.translate(-self._box.x0, -self._box.y0)
        known = Box.whole((self._alpha.shape[0], self._alpha.shape[1]))
        if moved.clip(known).is_empty:
            moved = _pulled_into(moved, known)
        return logits_from_alpha(crop_padded(self._alpha, moved, outside="clamp"), ramp=self._ramp)

    def is_quiet(self, box: Box) -> bool:
        """Say whether the alpha of ``box`` is one value, 0 or 255."""
        moved = box.translate(-self._box.x0, -self._box.y0)
        part = self._alpha[moved.clip(Box.whole((self._alpha.shape[0], self._alpha.shape[1]))).slices()]
        return part.size == 0 or (int(part.min()) == int(part.max()) and int(part.flat[0]) in (0, 255))


class OverlaidField:
    """A field, with another one in a box of it."""

    def __init__(self, below: Field, over: Field, over_box: Box) -> None:
        self.size_hw = below.size_hw
        self._below, self._over, self._over_box = below, over, over_box

    def crop(self, box: Box) -> Logits:
        """Return the logits of ``box``."""
        inside = box.clip(Box.whole(self.size_hw))
        if inside.is_empty or self._is_covered(box):
            return (self._below if inside.is_empty else self._over).crop(box)
        logits = self._below.crop(inside)
        part = inside.clip(self._over_box)
        if not part.is_empty:
            logits[part.translate(-inside.x0, -inside.y0).slices()] = self._over.crop(part)
        missing = ((inside.y0 - box.y0, box.y1 - inside.y1), (inside.x0 - box.x0, box.x1 - inside.x1))
        return np.pad(logits, missing, mode="edge")

    def is_quiet(self, box: Box) -> bool:
        """Say whether ``box`` surely holds no contour and no uncertain pixel."""
        return self._over.is_quiet(box) if self._is_covered(box) else _is_quiet(self.crop(box))

    def _is_covered(self, box: Box) -> bool:
        """Say whether what repeats beyond the image's edge lies in the box above, too."""
        inside = box.clip(Box.whole(self.size_hw))
        return not inside.is_empty and inside.clip(self._over_box) == inside


class PatchedField:
    """An existing field, with another one where that has changed something at a coarser size."""

    def __init__(self, start: Field, changed: Field, weight: NDArray[np.float32], *, factor: int) -> None:
        """Take ``changed`` where the small map ``weight``, enlarged by ``factor``, is at least one half."""
        self.size_hw = start.size_hw
        self._start = start
        self._changed = changed
        self._weight = weight
        self._scale = 1.0 / factor

    def crop(self, box: Box) -> Logits:
        """Return the logits of ``box``."""
        weight = enlarge_crop(self._weight, box, scale_yx=(self._scale, self._scale))
        return np.where(weight >= 0.5, self._changed.crop(box), self._start.crop(box))

    def is_quiet(self, box: Box) -> bool:
        """Say whether both fields are quiet in ``box`` and only one of them counts there."""
        small_hw = (self._weight.shape[0], self._weight.shape[1])
        source = source_box(box, scale_yx=(self._scale, self._scale), size_hw=small_hw)
        weight = self._weight[source.slices()]
        if weight.max() < 0.5:
            return self._start.is_quiet(box)
        return bool(weight.min() >= 0.5) and self._changed.is_quiet(box)


def _is_quiet(logits: Logits) -> bool:
    low, high = float(logits.min()), float(logits.max())
    return low >= CERTAIN or high <= -CERTAIN


def _pulled_into(box: Box, known: Box) -> Box:
    """Return ``box`` moved so that it meets ``known``: outside, the nearest pixels repeat."""
    dx = known.x0 - box.x1 + 1 if box.x1 <= known.x0 else min(0, known.x1 - 1 - box.x0)
    dy = known.y0 - box.y1 + 1 if box.y1 <= known.y0 else min(0, known.y1 - 1 - box.y0)
    return box.translate(dx, dy)
