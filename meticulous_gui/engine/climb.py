"""Climbing the ladder: on each level a band, patches for the band, their blend; then the next finer level."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.alpha import CERTAIN, alpha_from_logits, softened
from meticulous_gui.engine.band import BandRule, Region, SparseMask, band_steps, rim_weight
from meticulous_gui.engine.delivery import Delivery
from meticulous_gui.engine.fields import AlphaField, EnlargedField, Field, OverlaidField, PatchedField
from meticulous_gui.engine.jobs import Partial, Progress
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.resample import as_batch_rgb
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.tiling import Blend, Grid, Patch, plan
from meticulous_gui.engine.types import Logits, Mask

__all__ = ["CascadeOptions", "Climb", "Steps", "as_events", "contradicts"]

Steps: TypeAlias = Generator[Partial | Progress, None, None]

_UNCHANGED = 1e-3
"""A network's answer this near to its input means "leave it"."""

_FILL_TILE_PX = 1024

_VISIBLE_CHANGE = 32
"""Alpha steps by which a level must have moved an edge for the next one to look there again."""

_AGAIN_PX = 24
_MOST_LOOKS = 6
"""Where an edge went far (``far_changes``) the network is asked again, ``_AGAIN_PX`` around, so often in all:
what it may change lies near the edge that came in, and the right one may lie beyond.
"""


@dataclass(frozen=True)
class CascadeOptions:
    """How the cascade works; the defaults are what was measured to be best.

    Attributes:
        max_step: largest enlargement between two levels.
        band: what is refined on each level.
        has_skipping: whether patches are left out whose edge is sharp and was not moved by the level before.
        contradiction: share of pixels outside the band that may change sides before a patch is kept out.
        area_change: share of the surely solid area by which a patch may change it.
        looks_again: whether a photo is looked at several times before its mask is refined.
        is_watched: whether the masks of coarser levels are delivered on the way.
    """

    max_step: float = 4.0
    band: BandRule = BandRule()  # noqa: RUF009
    has_skipping: bool = False
    contradiction: float = 0.25
    area_change: float = 0.5
    looks_again: bool = True
    is_watched: bool = True


@dataclass
class Climb:
    """One run up the ladder; counts what it does.

    Attributes:
        photo: the photo on all levels.
        refiner: the network.
        delivery: where results go.
        focus_xy: photo pixels; nearest patches first.
        options: see there.
        start: logits of the alpha the job began with; None when there was none.
        n_patches: run on each level so far.
        n_skipped: left out as already right.
        kept_out: photo boxes of patches that contradicted what was certain.
    """

    photo: PhotoLevels
    refiner: Refiner
    delivery: Delivery
    focus_xy: tuple[float, float]
    options: CascadeOptions
    start: Field | None = None
    n_patches: list[int] = field(default_factory=list)
    n_skipped: int = 0
    kept_out: list[Box] = field(default_factory=list)
    has_band: bool = False

    def steps(self, first: Field, factors: Sequence[int], starts: dict[int, Field]) -> Steps:
        """Run all levels.

        Args:
            first: logits at the size of the first level.
            factors: photo pixels per pixel of each level, coarsest first, ending in 1.
            starts: the alpha at the start at the size of each later level; empty when there was none.
        """
        logits, moved = first, None
        for number, factor in enumerate(factors):
            level = _Level(self, factor, logits, is_first=number == 0, moved=moved)
            self.n_patches.append(0)
            yield from level.prepare()
            if factor == 1:
                yield from as_events(
                    self.delivery.show(logits, band=level.band, rule=level.rule), self.progress()
                )
            yield from level.run()
            if factor == 1:
                yield from self._look_again(level)
                break
            next_factor = factors[number + 1]
            logits = level.as_field(next_factor, starts.get(next_factor))
            moved = level.moved
            if next_factor != 1 and self.options.is_watched:
                shown = level.as_field(1, starts.get(1))
                rule = level.rule
                yield from as_events(self.delivery.show(shown, band=None, rule=rule), self.progress())

    def _look_again(self, level: _Level) -> Steps:
        """Ask again where an edge went far; of a cut-out, what lies behind what it lost."""
        for _ in range(_MOST_LOOKS - 1):
            if not level.far.n_pixels:
                return
            level = level.again()
            yield from level.prepare()
            yield from level.run()

    def progress(self, planned: int = 0) -> Progress:
        """Return how far the run is when ``planned`` patches are left on the present level."""
        done = sum(self.n_patches)
        return Progress(done, done + planned)

    @property
    def region(self) -> Region:
        return self.delivery.region


class _Level:
    """One look at a level: its band, its patches and their blend.

    Attributes:
        far: where an edge went far, at the photo's own size; of a cut-out, where the object lost something.
    """

    def __init__(
        self,
        climb: Climb,
        factor: int,
        logits: Field,
        *,
        is_first: bool,
        moved: tuple[int, Mask] | None,
        before: _Level | None = None,
    ) -> None:
        self.climb = climb
        self.factor = factor
        self.logits = logits
        options = climb.options
        self.rule = BandRule(options.band.near_px, None, options.band.rim_px) if is_first else options.band
        refiner = climb.refiner
        self.grid = Grid(refiner.patch_px, refiner.margin_px, refiner.has_halo)
        self.size_hw = climb.photo.level_hw(factor)
        self.band = SparseMask(self.size_hw)
        self.patches: tuple[Patch, ...] = ()
        self._moved_before = moved
        self._before = before  # the look at this level that went before
        self.moved: tuple[int, Mask] | None = None
        self.far = SparseMask(self.size_hw)
        reach = climb.region.box.scaled(1 / factor).pad(2 * self.grid.patch_px)
        self._known = reach.clip(Box.whole(self.size_hw))
        self._dense: Logits = np.zeros((0, 0), np.float32)

    def prepare(self) -> Steps:
        """Find the band and plan the patches."""
        climb = self.climb
        for _ in climb.photo.level_steps(self.factor):
            yield climb.progress()
        near = (self._before.far, _AGAIN_PX) if self._before is not None else None
        for _ in band_steps(
            self.band, self.logits, self.rule, region=climb.region, factor=self.factor, near=near
        ):
            yield climb.progress()
        focus = (climb.focus_xy[0] / self.factor, climb.focus_xy[1] / self.factor)
        planned = plan(self.band, self.grid, focus_xy=focus)
        climb.has_band = climb.has_band or bool(planned)
        self.patches = tuple(patch for patch in planned if not self._is_settled(patch))
        climb.n_skipped += len(planned) - len(self.patches)
        if self.factor != 1:
            self._dense = np.empty(self._known.size_hw, np.float32)
            for tile in self._known.tiles(_FILL_TILE_PX):
                self._dense[self._in_known(tile)] = self.logits.crop(tile)
                yield climb.progress(len(self.patches))
            self.moved = (self.factor, np.zeros(self.size_hw, np.bool_))

    def again(self) -> _Level:
        """Return another look at what this one, of the photo's own size, delivered, around what went far."""
        climb, delivery = self.climb, self.climb.delivery
        seen = self.far.bounds.pad(_AGAIN_PX + self.grid.patch_px).clip(climb.region.box)
        delivered = AlphaField(delivery.read(seen), seen, self.size_hw, ramp=delivery.ramp)
        found = OverlaidField(self.logits, delivered, seen)
        return _Level(climb, self.factor, found, is_first=False, moved=None, before=self)

    def run(self) -> Steps:
        """Refine all patches; deliver them when this is the photo's own size."""
        climb, done = self.climb, 0
        yield climb.progress(len(self.patches))
        blend = Blend(self.patches, self.grid)
        while done < len(self.patches):
            # Asked for each time: the refiner takes fewer when memory ran out.
            batch = range(done, min(done + max(1, climb.refiner.batch_size), len(self.patches)))
            for index, logits in zip(batch, self._refine(batch), strict=True):
                blend.add(index, logits)
            for index in batch:
                event = self._take(blend, self.patches[index])
                blend.release(index)
                climb.n_patches[-1] += 1
                if event is not None:
                    yield event
            done = batch.stop
            yield climb.progress(len(self.patches) - done)

    def as_field(self, factor: int, start: Field | None) -> Field:
        """Return the level's result at the size of a finer level; where it moved nothing, ``start`` stays."""
        ratio = factor / self.factor
        size_hw = self.climb.photo.level_hw(factor)
        known = self._known
        whole = np.zeros(self.size_hw, np.float32) if known.size_hw != self.size_hw else self._dense
        if whole is not self._dense:
            whole[known.slices()] = self._dense
        enlarged = EnlargedField(whole, size_hw, scale_yx=(ratio, ratio))
        if start is None or self.moved is None:
            return enlarged
        return PatchedField(start, enlarged, self.moved[1].astype(np.float32), factor=round(1 / ratio))

    def _refine(self, batch: range) -> list[Logits | None]:
        """Run the network on some patches; None for one that contradicts what was certain."""
        climb, side = self.climb, self.grid.patch_px
        boxes = [self.patches[index].box for index in batch]
        bases = [self.logits.crop(box) for box in boxes]
        inputs = np.stack([softened(base) if climb.start is not None else base for base in bases])[:, None]
        rgb = np.stack([as_batch_rgb(climb.photo.crop(self.factor, box)) for box in boxes])
        answers = climb.refiner.refine(rgb, inputs)
        if answers.shape != (len(boxes), 1, side, side) or not np.isfinite(answers).all():
            raise EngineError("The refining network gave something that is no mask; the mask is unchanged.")
        results: list[Logits | None] = []
        for box, base, given, answer in zip(boxes, bases, inputs[:, 0], answers[:, 0], strict=True):
            result = np.where(np.abs(answer - given) <= _UNCHANGED, base, answer)
            if contradicts(base, result, self.band.crop(box), climb.options):
                climb.kept_out.append(box.scaled(self.factor).clip(Box.whole(climb.photo.size_hw)))
                results.append(None)
            else:
                results.append(result)
        return results

    def _take(self, blend: Blend, patch: Patch) -> Partial | None:
        """Write the blend of a finished patch and its neighbours; deliver it at the photo's own size."""
        box = patch.reach.clip(self._known)
        base = self.logits.crop(box)
        blended, share = blend.mix(box, base)
        rim = rim_weight(self.band, box, self.rule)
        share = np.minimum(share, rim)
        if self.factor == 1 and self.climb.start is None and self._before is None:
            base = self._decided(base, rim)
        mixed = np.where(share >= 1, blended, base + share * (blended - base))
        if self.factor == 1:
            # What a cut-out shed comes back at a second look, which sees no doubt any more.
            settled = mixed if self.climb.start is not None else np.minimum(base, mixed)
            self.far.add(box, far_changes(base, settled, self.size_hw) & self.band.crop(box))
            if self._before is not None:
                mixed = settled
            where = None if self._before is None else share > 0
            return self.climb.delivery.deliver(box, mixed, band=self.band, rule=self.rule, where=where)
        self._dense[self._in_known(box)] = mixed
        if self.moved is not None:
            ramp = self.climb.delivery.ramp
            before = alpha_from_logits(base, ramp=ramp).astype(np.int16)
            after = alpha_from_logits(mixed, ramp=ramp)
            self.moved[1][box.slices()] = np.abs(after - before) >= _VISIBLE_CHANGE
        return None

    def _decided(self, base: Logits, rim: NDArray[np.float32]) -> Logits:
        """Return ``base``, which beyond the last band counts as nothing or all: it comes to that in the rim.

        Args:
            base: (H, W) float32, doubted where the band's reach ends in doubt.
            rim: (H, W) float32, 1 in the band, 0 beyond its rim.
        """
        enough = np.float32(self.climb.delivery.ramp / 2)
        decided = np.where(base >= 0, np.maximum(base, enough), np.minimum(base, -enough))
        return decided + rim * (base - decided)

    def _in_known(self, box: Box) -> tuple[slice, slice]:
        return box.translate(-self._known.x0, -self._known.y0).slices()

    def _is_settled(self, patch: Patch) -> bool:
        """Say whether the level before moved nothing here and the edge is as sharp as pixels can show."""
        if not self.climb.options.has_skipping or self._moved_before is None:
            return False
        factor, moved = self._moved_before
        box = patch.box.scaled(self.factor / factor).clip(Box.whole((moved.shape[0], moved.shape[1])))
        if moved[box.slices()].any():
            return False
        logits = self.logits.crop(patch.cell)
        inside = logits >= 0
        n_edge = int((inside[1:] != inside[:-1]).sum()) + int((inside[:, 1:] != inside[:, :-1]).sum())
        n_soft = int((np.abs(logits) < self.climb.delivery.ramp / 2).sum())
        return n_soft <= 2 * n_edge


def far_changes(before: Logits, after: Logits, size_hw: tuple[int, int]) -> Mask:
    """Return where an edge went far: pixels that changed sides some way from it, and enough of them together.

    What is far grows with the photo, as what a person sees of it does: from 4 pixels to 8, and from a spot of
    4 pixels in a photo of 400 to one of 400 in one of 4,000. A strand of hair that comes or goes is no edge
    that stopped half-way.

    Args:
        before, after: (H, W) float32 logits of a part of the photo.
        size_hw: of the photo.

    Returns:
        (H, W) bool.
    """
    flipped = (after >= 0) != (before >= 0)
    if not flipped.any():
        return flipped
    far_px = int(np.clip(max(size_hw) / 400, 4, 8))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * far_px + 1, 2 * far_px + 1))
    inside = (before >= 0).astype(np.uint8)
    inner, outer = (cv2.erode(side, disc).astype(np.bool_) for side in (inside, 1 - inside))
    far = (flipped & (inner | outer)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(far)
    is_spot = stats[:, cv2.CC_STAT_AREA] >= (max(size_hw) / 200) ** 2
    is_spot[0] = False
    found: Mask = is_spot[labels]
    return found


def contradicts(before: Logits, after: Logits, band: Mask, options: CascadeOptions) -> bool:
    """Say whether a patch's answer denies what was certain: then it is kept out.

    Args:
        before, after: (S, S) float32 logits.
        band: (S, S) bool, where change was asked for.
        options: the two limits.
    """
    outside = ~band
    n_outside = int(outside.sum())
    flipped = (before >= 0) != (after >= 0)
    if n_outside and int((flipped & outside).sum()) > options.contradiction * n_outside:
        return True
    certain = np.abs(before) >= CERTAIN
    area_before = int(((before >= 0) & certain).sum())
    area_after = int(((after >= 0) & certain).sum())
    least = options.area_change * max(area_before, area_after)
    # A few pixels are no area: a strand that is gained or lost is what refining is for.
    return abs(area_after - area_before) > max(least, before.size / 50)


def as_events(steps: Iterator[Partial | None], rest: Progress) -> Steps:
    """Turn None into a progress event, so that there is a stop after each tile."""
    for step in steps:
        yield rest if step is None else step
