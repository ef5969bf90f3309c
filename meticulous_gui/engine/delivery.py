"""What a job has delivered so far: turns logits of boxes into the pixels a person gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.tiles import SparsePlane
from meticulous_gui.engine.alpha import CERTAIN, alpha_from_logits, confidence_from_logits
from meticulous_gui.engine.band import BandRule, Region, SparseMask, rim_weight
from meticulous_gui.engine.fields import Field
from meticulous_gui.engine.jobs import Partial
from meticulous_gui.engine.pieces import ghosts
from meticulous_gui.engine.staying import REACH_PX, stays
from meticulous_gui.engine.types import Alpha, Confidence, Logits, Mask

__all__ = ["Delivery", "Opinion"]

_SHOW_TILE_PX = 512
_SURE = np.uint8(255)


@dataclass(frozen=True)
class Opinion:
    """What another network says about the same photo.

    Attributes:
        logits: of the photo.
        temperature: what makes its confidence believable.
    """

    logits: Field
    temperature: float


class Delivery:
    """The alpha of the region as the other side has it: what every `Partial` is compared with.

    Attributes:
        region: what may be delivered.
        alpha: (region.box.height, region.box.width) uint8; one byte a pixel of the region is held, and in
            the tiles that are not wholly sure another one for the confidence.
    """

    def __init__(
        self,
        region: Region,
        *,
        start: Field | None,
        start_alpha: Alpha | None,
        ramp: float,
        temperature: float,
        opinion: Opinion | None = None,
    ) -> None:
        """Begin with ``start_alpha`` of the region's box, or with nothing delivered at all.

        Args:
            region: in the photo's pixels.
            start: the logits of ``start_alpha``, which stay wherever the region's weight is 0; None: no
                start.
            start_alpha: (region.box.height, region.box.width) uint8; None: every pixel is new.
            ramp: logits from alpha 0 to alpha 255.
            temperature: for the confidence.
            opinion: of another network; what is delivered is as sure as the less sure of the two.
        """
        self.region = region
        self.ramp = ramp
        self.temperature = temperature
        self._opinion = opinion
        self._start = start
        self._start_alpha = start_alpha
        self._is_new = start_alpha is None
        self._is_doubt_old = False  # whether another opinion came since everything was shown
        self._doubt = SparsePlane()  # 255 - confidence
        self.alpha: Alpha = (
            np.zeros(region.box.size_hw, np.uint8) if start_alpha is None else start_alpha.copy()
        )

    def take_opinion(self, opinion: Opinion) -> None:
        """Compare with ``opinion`` from now on; the next ``show`` also repeats what was doubted before."""
        self._opinion = opinion
        self._is_doubt_old = True

    def show(self, field: Field, *, band: SparseMask | None, rule: BandRule) -> Iterator[Partial | None]:
        """Deliver every tile whose alpha by ``field`` differs from what was delivered; None after each other
        tile.

        Args:
            field: logits of the photo.
            band: outside it alpha is 0 or 255 exactly (but where it stays as it was at the start); None:
                ramps everywhere.
            rule: of the band.
        """
        for tile in self.region.box.tiles(_SHOW_TILE_PX):
            here = self._rows_columns(tile)
            if self._start is None and self.ramp <= 2 * CERTAIN and field.is_quiet(tile):
                inside = float(field.crop(Box(tile.x0, tile.y0, tile.x0 + 1, tile.y0 + 1))[0, 0]) >= 0
                value = _SURE if inside else np.uint8(0)
                is_doubted = self._is_doubt_old and bool(self._doubt.read(tile).any())
                if not self._is_new and not is_doubted and bool((self.alpha[here] == value).all()):
                    yield None
                    continue
                alpha = np.full(tile.size_hw, value, np.uint8)
                confidence = np.full(tile.size_hw, _SURE)
                self.alpha[here] = alpha
                if self._doubt.read(tile).any():
                    self._doubt.write(tile, np.zeros(tile.size_hw, np.uint8))
                yield Partial(tile, alpha, confidence)
                continue
            logits = self._kept_outside(tile, field.crop(tile))
            alpha = self._alpha_of(tile, logits, band, rule)
            is_known = not self._is_new and not self._is_doubt_old
            if is_known and np.array_equal(alpha, self.alpha[here]):
                yield None
                continue
            self.alpha[here] = alpha
            yield Partial(tile, alpha, self._confidence_of(tile, logits, field))
        self._is_new = self._is_doubt_old = False

    def deliver(
        self, box: Box, logits: Logits, *, band: SparseMask, rule: BandRule, where: Mask | None = None
    ) -> Partial | None:
        """Deliver the part of ``box`` inside the region; None where there is none.

        Args:
            box: in the photo.
            logits: (box.height, box.width) float32.
            band, rule: as in ``show``.
            where: (box.height, box.width) bool, pixels to deliver, the others stay as they were delivered;
                None: all.
        """
        part = box.clip(self.region.box)
        if part.is_empty:
            return None
        inner = part.translate(-box.x0, -box.y0).slices()
        logits = self._kept_outside(part, logits[inner])
        alpha = self._alpha_of(part, logits, band, rule)
        if where is None:
            confidence = self._confidence_of(part, logits)
        else:
            before = _SURE - self._doubt.read(part)
            alpha = np.where(where[inner], alpha, self.alpha[self._rows_columns(part)])
            confidence = np.where(where[inner], self._confidence_of(part, logits), before)
            self._doubt.write(part, _SURE - confidence)
        self.alpha[self._rows_columns(part)] = alpha
        return Partial(part, alpha, confidence)

    def read(self, box: Box) -> Alpha:
        """Return a copy of what was delivered in ``box`` of the region, uint8 (box.height, box.width)."""
        return self.alpha[self._rows_columns(box)].copy()

    def keep_still(self) -> Iterator[Partial | None]:
        """Take back what moved the edge at the start by a pixel only; None in between.

        Alpha stays as smooth as it was delivered, but on the side where it was.
        """
        if self._start_alpha is None:
            return
        found: list[tuple[Box, Mask]] = []
        for tile in self.region.box.tiles(_SHOW_TILE_PX):
            seen = tile.pad(REACH_PX).clip(self.region.box)
            here = self._rows_columns(seen)
            kept = stays(self._start_alpha[here], self.alpha[here])
            kept = kept[tile.translate(-seen.x0, -seen.y0).slices()]
            if kept.any():
                found.append((tile, kept))
            yield None
        for tile, kept in found:
            here = self._rows_columns(tile)
            was_inside = self._start_alpha[here] >= 128
            alpha = self.alpha[here]
            back = np.where(was_inside, np.maximum(alpha, 128), np.minimum(alpha, 127))
            yield self._overwrite(tile, kept, back, self._doubt.read(tile))

    def drop_ghosts(self) -> Iterator[Partial | None]:
        """Take back pieces that nowhere reach 128, and fill holes that nowhere fall below; None in between.

        What was faint at the start is kept: it may be a person's soft brush.
        """
        box = self.region.box
        for is_hole in (False, True):
            flip = _SURE if is_hole else np.uint8(0)

            def read(part: Box, flip: np.uint8 = flip) -> Alpha:
                return self.alpha[self._rows_columns(part)] ^ flip

            def may_drop(part: Box, flip: np.uint8 = flip) -> Mask:
                # A hole is closed: what reaches the region's edge is none.
                may = _inside_of(part, box.pad(-1)) if flip else np.ones(part.size_hw, np.bool_)
                if self._start_alpha is None:
                    return may
                start = self._start_alpha[self._rows_columns(part)] ^ flip
                return may & ((start == 0) | (start >= 128)) & self.region.allowed(part)

            found: list[tuple[Box, Mask]] = []
            for step in ghosts(read, box, may_drop=may_drop):
                if step is not None:
                    found.append(step)
                yield None
            for tile, ghost in found:
                everywhere = np.full(tile.size_hw, flip)
                yield self._overwrite(tile, ghost, everywhere, doubt=np.full(tile.size_hw, _SURE))

    def _overwrite(self, tile: Box, where: Mask, values: Alpha, doubt: NDArray[np.uint8]) -> Partial:
        """Set pixels of a tile, (H, W) each; the event holds as little as it can."""
        part = bounding_box(where)
        inner = where[part.slices()]
        values, doubt = values[part.slices()], doubt[part.slices()]
        part = part.translate(tile.x0, tile.y0)
        alpha = self.alpha[self._rows_columns(part)]
        alpha[inner] = values[inner]
        confidence: NDArray[np.uint8] = _SURE - np.where(inner, doubt, self._doubt.read(part))
        return Partial(part, alpha.copy(), confidence)

    def _rows_columns(self, box: Box) -> tuple[slice, slice]:
        return box.translate(-self.region.box.x0, -self.region.box.y0).slices()

    def _kept_outside(self, box: Box, logits: Logits) -> Logits:
        """Return ``logits``, faded into those at the start where the region ends."""
        if self._start is None:
            return logits
        weight = self.region.weight(box)
        start = self._start.crop(box)
        mixed = start + weight * (logits - start)
        return np.where(weight >= 1, logits, np.where(weight <= 0, start, mixed))

    def _confidence_of(self, box: Box, logits: Logits, field: Field | None = None) -> Confidence:
        """Return, and remember, how sure both networks are of ``logits``, which come from ``field``."""
        opinion = self._opinion
        if opinion is not None and field is opinion.logits:
            confidence = confidence_from_logits(logits, temperature=opinion.temperature)
        else:
            confidence = confidence_from_logits(logits, temperature=self.temperature)
            if opinion is not None:
                other = opinion.logits.crop(box)
                second = confidence_from_logits(other, temperature=opinion.temperature)
                second[(other >= 0) != (logits >= 0)] = 0
                confidence = np.minimum(confidence, second)
        self._doubt.write(box, 255 - confidence)
        return confidence

    def _alpha_of(self, box: Box, logits: Logits, band: SparseMask | None, rule: BandRule) -> Alpha:
        if band is None:
            return alpha_from_logits(logits, ramp=self.ramp)
        is_soft = rim_weight(band, box, rule) > 0
        if self._start is not None:
            is_soft |= logits == self._start.crop(box)
        return alpha_from_logits(logits, ramp=self.ramp, band=is_soft)


def _inside_of(box: Box, limit: Box) -> Mask:
    """Return which pixels of ``box`` lie in ``limit``, bool (box.height, box.width)."""
    inside = np.zeros(box.size_hw, np.bool_)
    part = box.clip(limit)
    inside[part.translate(-box.x0, -box.y0).slices() if not part.is_empty else (slice(0), slice(0))] = True
    return inside
