"""Ask a runner for one thing and wait for the whole answer: what the command line and the Python API do."""

from __future__ import annotations

import queue
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from meticulous_gui.core.errors import EngineError, MaskError, WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.tuning import forget_old_sizes, spin_briefly
from meticulous_gui.engine.jobs import (
    Cancelled,
    Event,
    Failed,
    Finished,
    JobRunner,
    Partial,
    Progress,
    RefineRequest,
    Report,
    Request,
    SegmentRequest,
    Ticket,
    Urgency,
    context_box,
)
from meticulous_gui.engine.types import Alpha, Mask, RgbImage

if TYPE_CHECKING:
    from meticulous_gui.engine.runner import Runner

__all__ = [
    "FOREIGN_MASK_COARSEST",
    "Answer",
    "find_object",
    "refine_alpha",
    "require_size",
    "run_request",
    "start_runner",
]

FOREIGN_MASK_COARSEST = 4
"""The rung a mask of unknown origin starts at: its edge may be off by several pixels."""

OnProgress = Callable[[Progress], None]


@dataclass(frozen=True)
class Answer:
    """A whole mask and what was done for it.

    Attributes:
        alpha: (H, W) uint8, the photo's own size.
        report: what the job did.
    """

    alpha: Alpha
    report: Report


def start_runner(
    *,
    device: str | None = None,
    weights: Sequence[Path] = (),
    chosen: Mapping[str, str] | None = None,
    n_threads: int = 0,
    refiner: str = "",
) -> Runner:
    """Return a runner of this process; close it at the end. Takes the seconds that loading torch takes.

    Args:
        device: "cpu", "cuda", "mps"; None or "auto": the best there is.
        weights: files that win over the installed networks of their role.
        chosen: names of installed networks by role (`EngineSettings.networks`); the usual ones without.
        n_threads: of the CPU; 0 leaves the choice to torch.
        refiner: name of an installed network; wins over ``weights`` and ``chosen``. "": what they say.

    Raises:
        EngineError: the device is not there.
        WeightsError: a file of ``weights`` is missing or has no card; ``refiner`` is not installed.
    """
    spin_briefly()
    forget_old_sizes()
    # Here, not on the runner's thread: Ctrl+C must end it, and a wrong device is said before any work.
    import torch

    import meticulous_gui.engine.networks  # noqa: F401
    from meticulous_gui.engine.catalog import Catalog
    from meticulous_gui.engine.device import choose_device
    from meticulous_gui.engine.runner import Runner

    if n_threads:
        torch.set_num_threads(n_threads)
    catalog = Catalog.default(weights).choosing(chosen or {})
    if refiner:
        # Said before any photo is read.
        catalog = catalog.refining_with(refiner)
    return Runner(catalog, str(choose_device(device)))


def find_object(
    runner: JobRunner,
    rgb: RgbImage,
    *,
    refine: bool = True,
    refiner: str = "",
    on_progress: OnProgress | None = None,
    on_submit: Callable[[Ticket], None] | None = None,
    urgency: Urgency = "now",
) -> Answer:
    """Return the alpha of the object in a photo.

    Args:
        runner: where the networks run.
        rgb: (H, W, 3) uint8.
        refine: down to the last pixel, not only coarsely.
        refiner: name of the network for that, "" the usual one.
        on_progress: called on the runner's thread.
        on_submit: called with the job, which another thread may then cancel: `EngineError` here.
        urgency: what else the runner has to do may come first.
    """
    ref = runner.put_photo(rgb)
    try:
        alpha = np.zeros(rgb.shape[:2], np.uint8)
        request = SegmentRequest(ref, refine=refine, refiner=refiner, urgency=urgency, is_watched=False)
        return run_request(runner, request, alpha, on_progress, on_submit)
    finally:
        runner.drop_photo(ref)


def require_size(alpha: Alpha, size_hw: tuple[int, int]) -> None:
    """Require that a mask has the size of its photo.

    Raises:
        MaskError: one sentence with both sizes and the ways out.
    """
    if alpha.shape != size_hw:
        raise MaskError(
            f"The mask is {alpha.shape[1]} x {alpha.shape[0]} pixels and the photo {size_hw[1]} x "
            f"{size_hw[0]}; resize the mask, or drop it on the photo in the window, which asks how it fits."
        )


def refine_alpha(
    runner: JobRunner,
    rgb: RgbImage,
    alpha: Alpha,
    *,
    box: Box | None = None,
    box_mask: Mask | None = None,
    coarsest: int = FOREIGN_MASK_COARSEST,
    decided: Mask | None = None,
    refiner: str = "",
    fades: bool = True,
    on_progress: OnProgress | None = None,
) -> Answer:
    """Return ``alpha`` with a better edge inside ``box`` (None: everywhere).

    Args:
        runner: where the networks run.
        rgb: (H, W, 3) uint8.
        alpha: (H, W) uint8; not modified.
        box: image pixels; what lies outside the photo is cut off.
        box_mask: (box.height, box.width) bool, limits the change further; only with a box on the photo.
        coarsest: see `RefineRequest`.
        decided: (H, W) bool, pixels that stay as they are, see `RefineRequest`.
        refiner: name of the network, "" the usual one.
        fades: see `RefineRequest`.
        on_progress: called on the runner's thread.

    Raises:
        MaskError: the mask has another size than the photo, or the box lies outside.
        ValueError: ``coarsest`` is none of 1, 2, 4 and 8.
    """
    if coarsest not in (1, 2, 4, 8):
        raise ValueError(f"coarsest must be 1, 2, 4 or 8, got {coarsest!r}")
    coarsest = int(coarsest)  # NumPy's numbers equal ours and lack what is done with them
    size_hw = rgb.shape[0], rgb.shape[1]
    require_size(alpha, size_hw)
    whole = Box.whole(size_hw)
    wanted = whole if box is None else box
    region = wanted.clip(whole)
    if region.is_empty:
        raise MaskError(
            f"The box {wanted.x0},{wanted.y0},{wanted.x1},{wanted.y1} holds no pixel of the photo, which is "
            f"{size_hw[1]} x {size_hw[0]} pixels; choose one inside it."
        )
    around = context_box(region, size_hw, coarsest=coarsest)
    ref = runner.put_photo(rgb)
    try:
        request = RefineRequest(
            ref,
            alpha_crop=np.ascontiguousarray(alpha[around.slices()]),
            alpha_box=around,
            region_box=region,
            region_mask=box_mask,
            coarsest=coarsest,
            refiner=refiner,
            fades=fades,
            decided=None if decided is None else np.ascontiguousarray(decided[around.slices()]),
        )
        return run_request(runner, request, alpha.copy(), on_progress)
    finally:
        runner.drop_photo(ref)


def run_request(
    runner: JobRunner,
    request: Request,
    alpha: Alpha,
    on_progress: OnProgress | None = None,
    on_submit: Callable[[Ticket], None] | None = None,
) -> Answer:
    """Submit ``request``, write its partial answers into ``alpha`` and return both at the end.

    Args:
        runner: where the networks run.
        request: what to do.
        alpha: (H, W) uint8 of the whole photo, changed in place.
        on_progress, on_submit: see `find_object`.

    Raises:
        EngineError, WeightsError: what the job failed with.
    """
    last: queue.SimpleQueue[Finished | Failed | Cancelled] = queue.SimpleQueue()

    def on_event(_ticket_id: int, event: Event) -> None:
        match event:
            case Partial():
                alpha[event.box.slices()] = event.alpha
            case Progress():
                if on_progress is not None:
                    on_progress(event)
            case _:
                last.put(event)

    ticket = runner.submit(request, on_event)
    if on_submit is not None:
        on_submit(ticket)
    try:
        event = last.get()
    except KeyboardInterrupt:
        ticket.cancel()
        raise
    match event:
        case Failed(message=message, kind="weights"):
            raise WeightsError(message)
        case Failed(message=message):
            raise EngineError(message)
        case Cancelled():
            raise EngineError("The work was cancelled before it was done.")
        case _:
            return Answer(alpha, event.report)
