"""What can be asked of the engine and what it answers: requests, events and their plain in-process runs.

Requests and events are frozen values that cross threads and processes; importing this page loads no torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.clicks.commands import ClickCommand, ClickSummary
from meticulous_gui.engine.types import Alpha, Confidence, Mask, RgbImage

__all__ = [
    "CONTEXT_PX",
    "Cancelled",
    "ClickRequest",
    "EngineStatus",
    "Event",
    "Failed",
    "FailureKind",
    "Finished",
    "JobRunner",
    "OnEvent",
    "Partial",
    "PhotoRef",
    "Progress",
    "RefineRequest",
    "Report",
    "Request",
    "SegmentRequest",
    "Ticket",
    "Urgency",
    "WarmUpRequest",
    "context_box",
    "is_last",
]

CONTEXT_PX = 224
"""How far around a region the mask must be known: a patch reaches this far."""


@dataclass(frozen=True)
class PhotoRef:
    """Names a photo that was handed to a runner with ``put_photo``.

    Attributes:
        key: unique in the program.
        size_hw: size of the photo in pixels.
    """

    key: str
    size_hw: tuple[int, int]


Urgency: TypeAlias = Literal["now", "ahead", "batch"]
"""Whether a person waits for it, may want it next, or has it done in the background; in this order."""


@dataclass(frozen=True)
class WarmUpRequest:
    """Load the networks and run each once, so that the first real request is fast. No `Partial`s.

    Attributes:
        segmenter, refiner: names in the catalog; "" the preferred one, None not needed.
    """

    segmenter: str | None = ""
    refiner: str | None = ""


@dataclass(frozen=True)
class SegmentRequest:
    """Find the object of a photo; the first `Partial`s together cover the whole photo (or ``box``).

    Attributes:
        photo: which photo.
        box: look only inside; pixels outside are not answered. None: the whole photo.
        refine: whether the refiner then runs along the edge, down to the photo's own resolution.
        refiner: name in the catalog, "" the preferred one.
        urgency: what is more urgent interrupts it within one step.
        is_watched: whether coarser masks are shown on the way; they cost time and change nothing in the end.
    """

    photo: PhotoRef
    box: Box | None = None
    refine: bool = False
    refiner: str = ""
    urgency: Urgency = "now"
    is_watched: bool = True


@dataclass(frozen=True)
class RefineRequest:
    """Perfect the edge of an existing alpha inside a region.

    Attributes:
        photo: which photo.
        alpha_crop: (alpha_box.height, alpha_box.width) uint8, the mask as it is.
        alpha_box: where ``alpha_crop`` lies; at least ``context_box`` of the region, more is fine.
        region_box: only pixels inside may change.
        region_mask: (region_box.height, region_box.width) bool, limits the change further; None: all of it.
        decided: (alpha_box.height, alpha_box.width) bool, pixels a person decided: they stay, and soft rims
            of strokes go only the way the stroke went (`core.rims`); None: none.
        my_strokes_too: whether decided pixels may change all the same.
        focus_xy: image pixels; patches nearest to it come first. None: the middle of the region.
        coarsest: the ladder starts at 1 / coarsest of the photo's size (a power of two): 1 perfects a mask
            that is right to a few pixels, 4 or 8 mends a mask from elsewhere whose edge is off by more.
        refiner: name in the catalog, "" the one that is chosen.
        fades: whether changes fade with the distance from the contour that came in, where the refiner sees
            farther (CRM); off, it may redraw whatever the mask is unsure of.
    """

    photo: PhotoRef
    alpha_crop: Alpha
    alpha_box: Box
    region_box: Box
    region_mask: Mask | None = None
    decided: Mask | None = None
    my_strokes_too: bool = False
    focus_xy: tuple[float, float] | None = None
    coarsest: int = 1
    refiner: str = ""
    fades: bool = True


@dataclass(frozen=True)
class ClickRequest:
    """Do one command of a click session; sessions are kept with their photo, by name.

    `Partial`s hold 0 and 255 of what changed, those of a preview what would be. A session that was lost with
    the network process is begun again from the mask as it is.

    Attributes:
        photo: which photo.
        session: a name of the caller's choice.
        command: what to do.
        alpha_crop: (H, W) uint8 of the whole photo, only to start: a mask to correct; None: from nothing.
        locked: (H, W) bool, only to start: pixels that never change; None: none.
        decided: (H, W) bool, only to start: pixels a person decided; None: none.
    """

    photo: PhotoRef
    session: str
    command: ClickCommand
    alpha_crop: Alpha | None = None
    locked: Mask | None = None
    decided: Mask | None = None


Request: TypeAlias = WarmUpRequest | SegmentRequest | RefineRequest | ClickRequest


@dataclass(frozen=True)
class Partial:
    """New pixels of one box; later ones replace earlier ones.

    Attributes:
        box: where, in image pixels.
        alpha: (box.height, box.width) uint8. Pixels that did not change are there too, as they were.
        confidence: (box.height, box.width) uint8, 255 sure, 0 a coin toss.
    """

    box: Box
    alpha: Alpha
    confidence: Confidence


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes:
        done, total: patches over all levels; ``total`` may grow as finer levels are planned.
        note: one sentence for the status bar (memory ran out, smaller batches go on), else "".
    """

    done: int
    total: int
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What a finished job did.

    Attributes:
        box: everything that may have changed.
        n_patches: patches run on each level, coarsest first.
        n_skipped: patches left out because their edge was already right.
        kept_out: boxes of patches whose result contradicted what was certain: the mask stayed as it was.
        seconds: wall time of the job's own work.
        device: what it ran on, such as "CPU (float32)".
        network: names of the networks.
        message: one sentence for the person where there is something to say (nothing found, all decided).
        is_empty: whether the answer holds no object at all.
        clicks: what is known of the click session, None for other jobs.
    """

    box: Box
    n_patches: tuple[int, ...] = ()
    n_skipped: int = 0
    kept_out: tuple[Box, ...] = ()
    seconds: float = 0.0
    device: str = ""
    network: str = ""
    message: str = ""
    is_empty: bool = False
    clicks: ClickSummary | None = None


@dataclass(frozen=True)
class Finished:
    """The job is done; always the last event."""

    report: Report


FailureKind: TypeAlias = Literal["crash", "memory", "weights", "result", "input"]


@dataclass(frozen=True)
class Failed:
    """The job could not be done and the mask must go back to what it was; always the last event.

    Attributes:
        message: one sentence for a person.
        kind: crash (the network process died), memory, weights (missing or damaged), result (a network gave
            something that is no result), input (the request cannot be met).
    """

    message: str
    kind: FailureKind


@dataclass(frozen=True)
class Cancelled:
    """The job was cancelled or replaced; always the last event. Whole patches were delivered before."""


Event: TypeAlias = Partial | Progress | Finished | Failed | Cancelled

OnEvent: TypeAlias = Callable[[int, Event], None]
"""Called with a ticket's id and each event of its job."""


@dataclass(frozen=True)
class EngineStatus:
    """What the status bar says about the engine.

    Attributes:
        state: starting (torch is being loaded), ready, restarting (after a crash), stopped.
        device: such as "CPU (float32)"; "" until it is known.
        networks: names of the networks that are loaded.
        message: one sentence when something is wrong, else "".
    """

    state: Literal["starting", "ready", "restarting", "stopped"]
    device: str = ""
    networks: tuple[str, ...] = ()
    message: str = ""


@dataclass(frozen=True)
class Ticket:
    """Names a submitted job.

    Attributes:
        id: unique in the runner; passed to ``on_event`` with every event.
        cancel_job: the runner's way to stop a job by its id.
    """

    id: int
    cancel_job: Callable[[int], None]

    def cancel(self) -> None:
        """Ask the job to stop; its last event is `Cancelled` unless it was done already. Returns at once."""
        self.cancel_job(self.id)


class JobRunner(Protocol):
    """What `Runner` (this process) and `RemoteRunner` (a child process) both are."""

    def put_photo(self, rgb: RgbImage) -> PhotoRef:
        """Hand over a photo, uint8 (H, W, 3)."""

    def drop_photo(self, ref: PhotoRef) -> None:
        """Forget a photo; jobs on it are cancelled."""

    def submit(self, request: Request, on_event: OnEvent, *, replaces: str | None = None) -> Ticket:
        """Queue a job.

        Args:
            request: what to do.
            on_event: called with the ticket's id and each event, on the runner's thread; must be quick.
            replaces: a name of the caller's choice; an older job of that name is cancelled. Jobs without
                a name queue in order and none is lost.
        """

    def choose(self, catalog: Catalog) -> None:
        """Use the networks of this catalog from the next job on; what a running job uses stays until its end.

        What is loaded and still preferred stays loaded, all else is freed.
        """

    def status(self) -> EngineStatus:
        """Return what the engine is doing; never blocks."""

    def close(self) -> None:
        """Cancel everything and give all memory back; jobs that were not done get `Cancelled`."""


def is_last(event: Event) -> bool:
    """Say whether no further event of the same job will come."""
    return isinstance(event, Finished | Failed | Cancelled)


def context_box(region_box: Box, size_hw: tuple[int, int], *, coarsest: int = 1) -> Box:
    """Return the box whose alpha a refine of ``region_box`` needs, inside a photo of ``size_hw``."""
    return region_box.pad(CONTEXT_PX * coarsest).clip(Box.whole(size_hw))
