"""What each request means: the generator that does it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.rims import along_rims, rim_signs
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.cascade import cutout_steps, refine_steps
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.climb import CascadeOptions
from meticulous_gui.engine.jobs import (
    ClickRequest,
    Partial,
    PhotoRef,
    Progress,
    RefineRequest,
    Report,
    Request,
    SegmentRequest,
    WarmUpRequest,
)
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import ClickSegmenter, Refiner, Segmenter

__all__ = ["NetworkSource", "Work", "photo_of", "rank", "steps_of"]

Work: TypeAlias = Generator[Partial | Progress, None, Report]

_BOX_CONTEXT: Final = 0.1
"""How much is added around a box on each side: an object has something around it."""


class NetworkSource(Protocol):
    """Where networks come from: `networks.Networks`, or a stub in a test."""

    def segmenter(self, name: str) -> Segmenter:
        """Return a segmenter, "" the preferred one."""

    def refiner(self, name: str, *, fades: bool = True) -> Refiner:
        """Return a refiner, "" the preferred one; ``fades`` as in `RefineRequest`."""

    def clicker(self, name: str) -> ClickSegmenter:
        """Return a click network, "" the preferred one."""

    @property
    def loaded(self) -> tuple[str, ...]:
        """Names of the networks in memory."""

    @property
    def text(self) -> str:
        """What the status bar says of the device."""

    def choose(self, catalog: Catalog) -> None:
        """Look for networks in this catalog from now on; let go of those that are not preferred there."""

    def take_note(self) -> str:
        """Return a sentence that was not shown yet, or ""."""


def rank(request: Request) -> int:
    """Return how long a request waits behind others: a smaller rank interrupts a larger one."""
    match request:
        case ClickRequest():
            return -1  # a tenth of a second, and a hand waits: before a refine that takes many
        case RefineRequest():
            return 0
        case SegmentRequest(urgency="ahead"):
            return 4
        case SegmentRequest(urgency="batch"):
            return 5
        case SegmentRequest(refine=False):
            return 1
        case SegmentRequest():
            return 2
        case WarmUpRequest():
            return 3


def photo_of(request: Request) -> PhotoRef | None:
    """Return the photo a request is about."""
    return None if isinstance(request, WarmUpRequest) else request.photo


def steps_of(request: Request, photo: PhotoLevels | None, networks: NetworkSource) -> Work:
    """Return the generator that does ``request``.

    Args:
        request: what to do.
        photo: the photo of the request; None for a warm-up.
        networks: where networks come from; they are loaded inside the generator.
    """
    match request:
        case WarmUpRequest():
            return _warm_up(request, networks)
        case SegmentRequest():
            return _segment(request, _needed(photo), networks)
        case RefineRequest():
            return _refine(request, _needed(photo), networks)
        case ClickRequest():
            from meticulous_gui.engine.clicks.job import (
                click_steps,  # a fifth of all modules: for clicks only
            )

            return click_steps(request, _needed(photo), networks)


def _needed(photo: PhotoLevels | None) -> PhotoLevels:
    if photo is None:
        raise EngineError("The photo of this request is not known any more.")
    return photo


def _warm_up(request: WarmUpRequest, networks: NetworkSource) -> Work:
    grey = np.full((64, 64, 3), 128, np.uint8)
    yield Progress(0, 2)
    if request.segmenter is not None:
        networks.segmenter(request.segmenter).segment(grey)
        yield Progress(1, 2)
    if request.refiner is not None:
        refiner = networks.refiner(request.refiner)
        yield Progress(1, 2)
        side = refiner.patch_px
        shape = (refiner.batch_size, 1, side, side)
        rgb = np.full((shape[0], 3, side, side), 0.5, np.float32)
        refiner.refine(rgb, np.broadcast_to(np.linspace(-8, 8, side, dtype=np.float32), shape).copy())
    return Report(Box(0, 0, 0, 0))


def _segment(request: SegmentRequest, photo: PhotoLevels, networks: NetworkSource) -> Work:
    segmenter = networks.segmenter("")
    yield Progress(0, 0)
    refiner = networks.refiner(request.refiner) if request.refine else None
    whole = Box.whole(photo.size_hw)
    box = whole if request.box is None else request.box.clip(whole)
    if box.is_empty:
        raise EngineError(f"The box {request.box} lies outside the photo.")
    options = CascadeOptions(is_watched=request.is_watched)
    if box == whole:
        return (yield from cutout_steps(photo, segmenter, refiner, options=options))
    around = box.pad(round(_BOX_CONTEXT * max(box.size_hw))).clip(whole)
    part = PhotoLevels(np.ascontiguousarray(photo.rgb[around.slices()]))
    region_box = box.translate(-around.x0, -around.y0)
    steps = cutout_steps(part, segmenter, refiner, region_box=region_box, options=options)
    return (yield from _moved(steps, around.x0, around.y0))


def _moved(steps: Work, dx: int, dy: int) -> Work:
    """Move everything that ``steps`` says from a part of the photo to the photo."""
    moved = _changed(steps, lambda event: dataclasses.replace(event, box=event.box.translate(dx, dy)))
    report = yield from moved
    kept_out = tuple(box.translate(dx, dy) for box in report.kept_out)
    return dataclasses.replace(report, box=report.box.translate(dx, dy), kept_out=kept_out)


def _along_rims(steps: Work, alpha: Alpha, signs: NDArray[np.int8], box: Box) -> Work:
    """Let soft rims of strokes, whose signs and alpha lie at ``box``, go only the way the strokes went."""

    def along(event: Partial) -> Partial:
        here = event.box.translate(-box.x0, -box.y0).slices()
        return dataclasses.replace(event, alpha=along_rims(signs[here], alpha[here], event.alpha))

    return (yield from _changed(steps, along))


def _changed(steps: Work, change: Callable[[Partial], Partial]) -> Work:
    """Change every part of a result on its way; the report goes through."""
    while True:
        try:
            event = next(steps)
        except StopIteration as stop:
            report: Report = stop.value
            return report
        yield change(event) if isinstance(event, Partial) else event


def _refine(request: RefineRequest, photo: PhotoLevels, networks: NetworkSource) -> Work:
    whole = Box.whole(photo.size_hw)
    if request.alpha_crop.shape != request.alpha_box.size_hw:
        raise EngineError(
            f"The mask given is {request.alpha_crop.shape}, its box {request.alpha_box.size_hw} pixels."
        )
    if not whole.contains(request.alpha_box) or not request.alpha_box.contains(request.region_box):
        raise EngineError("The region must lie inside the part of the mask that was given, and on the photo.")
    if request.region_box.is_empty:
        raise EngineError("The region is empty.")
    decided = None if request.my_strokes_too else request.decided
    signs = np.zeros(request.alpha_box.size_hw, np.int8)
    if decided is not None:
        signs = rim_signs(request.alpha_crop, decided)
        decided = decided & (signs == 0)
    region = Region(
        request.region_box,
        photo.size_hw,
        mask=request.region_mask,
        decided=decided,
        decided_box=request.alpha_box,
    )
    yield Progress(0, 0)
    refiner = networks.refiner(request.refiner, fades=request.fades)
    yield Progress(0, 0)
    steps = refine_steps(
        photo,
        refiner,
        alpha=request.alpha_crop,
        alpha_box=request.alpha_box,
        region=region,
        focus_xy=request.focus_xy,
        coarsest=request.coarsest,
    )
    return (yield from _along_rims(steps, request.alpha_crop, signs, request.alpha_box))
