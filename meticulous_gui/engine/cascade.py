"""From a coarse mask to the photo's own resolution: the heart of the program.

Both faces are generators: between two yields lies one batch of patches or one tile, so that whoever runs them
can stop, or serve something shorter, at any yield. What was yielded until then is whole patches.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.resample import resize
from meticulous_gui.engine.alpha import alpha_from_logits
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.climb import CascadeOptions, Climb, as_events
from meticulous_gui.engine.delivery import Delivery, Opinion
from meticulous_gui.engine.fields import AlphaField, EnlargedField, Field
from meticulous_gui.engine.jobs import Partial, Progress, Report
from meticulous_gui.engine.ladder import PhotoLevels, ladder_factors
from meticulous_gui.engine.looks import object_found
from meticulous_gui.engine.resample import shrink_by
from meticulous_gui.engine.roles import Prediction, Refiner, Segmenter
from meticulous_gui.engine.steps import stops_as_progress
from meticulous_gui.engine.types import Alpha, Logits

__all__ = ["CascadeOptions", "alpha_from_logits", "cutout_steps", "refine_steps"]

Cascade: TypeAlias = Generator[Partial | Progress, None, Report]


def cutout_steps(
    photo: PhotoLevels,
    segmenter: Segmenter,
    refiner: Refiner | None,
    *,
    region_box: Box | None = None,
    options: CascadeOptions | None = None,
) -> Cascade:
    """Find the object of a photo and refine its edge; the first partials cover the whole region.

    Args:
        photo: the photo.
        segmenter: gives the coarse mask.
        refiner: perfects the edge; None: the coarse mask is the answer.
        region_box: only pixels inside are answered; None: all.
        options: None: the defaults.
    """
    options = options or CascadeOptions()
    size_hw = photo.size_hw
    region = Region(region_box or Box.whole(size_hw), size_hw)
    yield Progress(0, 0)
    prediction = segmenter.segment(photo.rgb)
    coarse_px = max(prediction.logits.shape)
    ramp = prediction.ramp if refiner is None else refiner.ramp
    temperature = prediction.temperature if refiner is None else refiner.temperature
    opinion = _opinion(prediction, size_hw)
    delivery = Delivery(
        region, start=None, start_alpha=None, ramp=ramp, temperature=temperature, opinion=opinion
    )
    if refiner is None or options.is_watched:
        yield from as_events(delivery.show(opinion.logits, band=None, rule=options.band), Progress(0, 0))
    if refiner is not None and options.looks_again:
        looks = object_found(photo, segmenter, prediction)
        prediction = yield from stops_as_progress(looks, Progress(0, 0))
        opinion = _opinion(prediction, size_hw)
        delivery.take_opinion(opinion)
        if options.is_watched:
            yield from as_events(delivery.show(opinion.logits, band=None, rule=options.band), Progress(0, 0))
    if refiner is None:
        yield from as_events(delivery.drop_ghosts(), Progress(0, 0))
        return _report(delivery, None)
    factors = ladder_factors(size_hw, coarse_px=coarse_px, max_step=options.max_step)
    climb = Climb(photo, refiner, delivery, _middle(region.box), options)
    # Further looks may see more than the first level has pixels.
    coarse = _at_most(prediction.logits, (max(1, size_hw[0] // factors[0]), max(1, size_hw[1] // factors[0])))
    first_hw = photo.level_hw(factors[0])
    # A level's last row may reach beyond the photo; the coarse mask covers the photo only.
    scale_yx = coarse.shape[0] * factors[0] / size_hw[0], coarse.shape[1] * factors[0] / size_hw[1]
    first = EnlargedField(coarse, first_hw, scale_yx=scale_yx)
    yield from climb.steps(first, factors, {})
    yield from as_events(delivery.drop_ghosts(), climb.progress())
    return _report(delivery, climb)


def refine_steps(
    photo: PhotoLevels,
    refiner: Refiner,
    *,
    alpha: Alpha,
    alpha_box: Box,
    region: Region,
    focus_xy: tuple[float, float] | None = None,
    coarsest: int = 1,
    options: CascadeOptions | None = None,
) -> Cascade:
    """Perfect the edge of an existing alpha inside a region.

    Args:
        photo: the photo.
        refiner: the network.
        alpha: (alpha_box.height, alpha_box.width) uint8.
        alpha_box: where ``alpha`` lies; at least ``jobs.context_box`` of the region.
        region: where pixels may change.
        focus_xy: patches nearest to it come first; None: the middle of the region.
        coarsest: how much the photo is shrunk on the first level, a power of two.
        options: None: the defaults.
    """
    options = options or CascadeOptions()
    if region.is_all_decided():
        return Report(Box(0, 0, 0, 0), message="Every pixel here was set by hand, so nothing was changed.")
    starts = {
        factor: _alpha_level(alpha, alpha_box, photo, factor, refiner.ramp)
        for factor in _steps_down(coarsest)
    }
    start = starts[1]
    known = alpha[region.box.translate(-alpha_box.x0, -alpha_box.y0).slices()]
    delivery = Delivery(
        region, start=start, start_alpha=known, ramp=refiner.ramp, temperature=refiner.temperature
    )
    climb = Climb(photo, refiner, delivery, focus_xy or _middle(region.box), options, start)
    yield from climb.steps(starts[coarsest], tuple(starts), starts)
    yield from as_events(delivery.keep_still(), climb.progress())
    yield from as_events(delivery.drop_ghosts(), climb.progress())
    return _report(delivery, climb)


def _opinion(prediction: Prediction, size_hw: tuple[int, int]) -> Opinion:
    """Return what the coarse network thinks: where it hesitated, a sharp edge may lie in the wrong place."""
    return Opinion(EnlargedField(_at_most(prediction.logits, size_hw), size_hw), prediction.temperature)


def _steps_down(coarsest: int) -> tuple[int, ...]:
    """Return the levels from 1 / ``coarsest`` to the photo, steps of 4 at the fine end."""
    if coarsest < 1 or coarsest & (coarsest - 1):
        raise ValueError(f"coarsest must be a power of two, got {coarsest}")
    factors = [coarsest]
    while factors[-1] > 1:
        exponent = factors[-1].bit_length() - 1
        factors.append(2 ** (exponent - 2 + exponent % 2) if exponent > 1 else 1)
    return tuple(factors)


def _alpha_level(alpha: Alpha, alpha_box: Box, photo: PhotoLevels, factor: int, ramp: float) -> Field:
    """Return ``alpha`` as logits at the size of a level; blocks known in part repeat their edge."""
    if factor == 1:
        return AlphaField(alpha, alpha_box, photo.size_hw, ramp=ramp)
    small_box = alpha_box.scaled(1 / factor)
    missing = (
        (alpha_box.y0 - small_box.y0 * factor, small_box.y1 * factor - alpha_box.y1),
        (alpha_box.x0 - small_box.x0 * factor, small_box.x1 * factor - alpha_box.x1),
    )
    small = shrink_by(np.pad(alpha, missing, mode="edge"), factor)
    return AlphaField(small, small_box, photo.level_hw(factor), ramp=ramp)


def _at_most(logits: Logits, size_hw: tuple[int, int]) -> Logits:
    """Return ``logits``, shrunk where the photo is smaller than the coarse mask."""
    target = (min(logits.shape[0], size_hw[0]), min(logits.shape[1], size_hw[1]))
    return logits if logits.shape == target else resize(logits, target)


def _middle(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def _report(delivery: Delivery, climb: Climb | None) -> Report:
    is_empty = bool(delivery.alpha.max(initial=0) < 128)
    message = ""
    if climb is None or climb.start is None:
        message = "No object was found." if is_empty else ""
    elif not climb.has_band:
        message = "There is no edge of the mask in this region, so nothing was changed."
    if climb is not None and climb.kept_out:
        message = message or (
            "In places the network saw another object than the mask; there the mask was left as it was. "
            "If it is wrong there, correct it and refine again."
        )
    return Report(
        delivery.region.box,
        n_patches=tuple(climb.n_patches) if climb else (),
        n_skipped=climb.n_skipped if climb else 0,
        kept_out=tuple(climb.kept_out) if climb else (),
        message=message,
        is_empty=is_empty,
    )
