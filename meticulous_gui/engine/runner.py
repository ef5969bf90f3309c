"""The thread that owns all networks: jobs in, events out."""

from __future__ import annotations

import dataclasses
import itertools
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from meticulous_gui.core.errors import EngineError, MeticulousError, WeightsError
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import (
    Cancelled,
    EngineStatus,
    Event,
    Failed,
    FailureKind,
    Finished,
    OnEvent,
    PhotoRef,
    Progress,
    Request,
    Ticket,
)
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.types import RgbImage
from meticulous_gui.engine.work import NetworkSource, Work, photo_of, rank, steps_of

__all__ = ["Runner", "failure_of"]

_LOG = logging.getLogger(__name__)
_photo_numbers: Final = itertools.count(1)


@dataclass
class _Job:
    """One submitted request; everything but ``is_cancelled`` belongs to the runner's thread."""

    id: int
    request: Request
    on_event: OnEvent
    name: str | None
    is_cancelled: bool = False
    work: Work | None = None
    seconds: float = 0.0
    last_progress: Progress = field(default_factory=lambda: Progress(-1, -1))

    @property
    def order(self) -> tuple[int, int]:
        return rank(self.request), self.id


class Runner:
    """Runs jobs one step at a time on its own thread, always a step of the shortest kind that waits.

    A job that is interrupted by a shorter one goes on where it was. Jobs of one kind are done in order.
    """

    def __init__(
        self,
        catalog: Catalog,
        device: str | None = None,
        *,
        networks: Callable[[], NetworkSource] | None = None,
        on_start: Callable[[int], None] | None = None,
    ) -> None:
        """Start the thread; networks are loaded by the first job that needs them.

        Args:
            catalog: what is installed.
            device: "cpu", "cuda", ...; None: the best there is.
            networks: makes the source of networks on the runner's thread; None: those of the catalog.
            on_start: called with a job's number before its first step, on the runner's thread.
        """
        self._on_start = on_start
        self._make_networks = networks or (lambda: _networks_of(catalog, device))
        self._networks: NetworkSource | None = None
        self._chosen: Catalog | None = None  # not told to the networks yet
        self._photos: dict[str, PhotoLevels] = {}
        self._jobs: dict[int, _Job] = {}
        self._numbers = itertools.count(1)
        self._has_news = threading.Condition()
        self._is_closing = False
        self._process = os.getpid()
        self._state: Literal["starting", "ready", "stopped"] = "starting"
        self._thread = threading.Thread(target=self._run, name="meticulous-runner", daemon=True)
        self._thread.start()

    def put_photo(self, rgb: RgbImage) -> PhotoRef:
        """Take a photo, uint8 (H, W, 3); it is not copied and must not change."""
        ref = PhotoRef(f"{os.getpid()}-{next(_photo_numbers)}", (rgb.shape[0], rgb.shape[1]))
        self.put_photo_as(ref, rgb)
        return ref

    def put_photo_as(self, ref: PhotoRef, rgb: RgbImage) -> None:
        """Take a photo under a name that exists already; for the child process."""
        with self._has_news:
            self._photos[ref.key] = PhotoLevels(rgb)

    def drop_photo(self, ref: PhotoRef) -> None:
        """Forget a photo; jobs on it are cancelled."""
        with self._has_news:
            for job in self._jobs.values():
                if photo_of(job.request) == ref:
                    job.is_cancelled = True
            self._photos.pop(ref.key, None)
            self._has_news.notify_all()

    def submit(self, request: Request, on_event: OnEvent, *, replaces: str | None = None) -> Ticket:
        """Queue a job; see `JobRunner.submit`."""
        return self.submit_as(next(self._numbers), request, on_event, replaces=replaces)

    def submit_as(
        self, job_id: int, request: Request, on_event: OnEvent, *, replaces: str | None = None
    ) -> Ticket:
        """Queue a job under a number that is larger than all before it; for the child process.

        Raises:
            EngineError: the runner is closed, or its thread was left behind in the process that this one was
                forked from.
        """
        if os.getpid() != self._process:  # nobody would ever answer
            raise EngineError(
                "The networks were started before this process was forked from another, and do not run here; "
                "start processes by the method spawn, or before the networks are used."
            )
        with self._has_news:
            if self._is_closing:
                raise EngineError("The engine is closed.")
            for job in self._jobs.values():
                if replaces is not None and job.name == replaces:
                    job.is_cancelled = True
            self._jobs[job_id] = _Job(job_id, request, on_event, replaces)
            self._has_news.notify_all()
        return Ticket(job_id, self.cancel)

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop; nothing happens when it is done already."""
        with self._has_news:
            if job_id in self._jobs:
                self._jobs[job_id].is_cancelled = True
                self._has_news.notify_all()

    def choose(self, catalog: Catalog) -> None:
        """Use the networks of this catalog from the next job on; see `JobRunner.choose`."""
        with self._has_news:
            self._chosen = catalog

    def status(self) -> EngineStatus:
        """Return what the engine is doing."""
        networks = self._networks
        if networks is None:
            return EngineStatus(self._state)
        return EngineStatus(self._state, networks.text, networks.loaded)

    def close(self) -> None:
        """Cancel everything and wait for the thread; at most the step under way is waited for."""
        with self._has_news:
            self._is_closing = True
            for job in self._jobs.values():
                job.is_cancelled = True
            self._has_news.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._has_news:
                while not self._jobs and not self._is_closing:
                    self._has_news.wait()
                if not self._jobs:
                    break
                cancelled = [job for job in self._jobs.values() if job.is_cancelled]
                job = cancelled[0] if cancelled else min(self._jobs.values(), key=lambda job: job.order)
            if cancelled:
                self._stop(job)
            else:
                self._step(job)
        self._state = "stopped"
        self._networks = None
        self._photos.clear()

    def _step(self, job: _Job) -> None:
        """Do one step of a job and tell what came of it."""
        start = time.perf_counter()
        if job.work is None and self._on_start is not None:
            self._on_start(job.id)
        try:
            work = self._work_of(job)
            if work is None:
                self._stop(job)
                return
            event: Event = next(work)
        except StopIteration as stop:
            seconds = job.seconds + time.perf_counter() - start
            assert self._networks is not None
            report = dataclasses.replace(
                stop.value,
                seconds=seconds,
                device=self._networks.text,
                network=", ".join(self._networks.loaded),
            )
            self._end(job, Finished(report))
        except Exception as error:  # noqa: BLE001  the border of the thread: a job fails, the runner goes on
            _LOG.warning("job %d failed", job.id, exc_info=error)
            self._end(job, failure_of(error))
        else:
            job.seconds += time.perf_counter() - start
            self._state = "ready"
            self._tell_step(job, event)

    def _work_of(self, job: _Job) -> Work | None:
        """Return a job's steps, begun if need be; None when it was cancelled while networks were made."""
        if self._networks is None:
            self._networks = self._make_networks()
        if job.work is None:
            ref = photo_of(job.request)
            with self._has_news:
                if job.is_cancelled:
                    return None
                photo = None if ref is None else self._photos.get(ref.key)
                chosen, self._chosen = self._chosen, None
            if chosen is not None:
                self._networks.choose(chosen)
            job.work = steps_of(job.request, photo, self._networks)
        return job.work

    def _tell_step(self, job: _Job, event: Event) -> None:
        assert self._networks is not None
        note = self._networks.take_note()
        if isinstance(event, Progress):
            if note:
                event = dataclasses.replace(event, note=note)
            if event == job.last_progress:
                return
            job.last_progress = event
        elif note:
            known = job.last_progress
            self._tell(job, Progress(max(known.done, 0), max(known.total, 0), note))
        self._tell(job, event)

    def _stop(self, job: _Job) -> None:
        if job.work is not None:
            job.work.close()
        self._end(job, Cancelled())

    def _end(self, job: _Job, event: Event) -> None:
        with self._has_news:
            del self._jobs[job.id]
        job.work = None
        self._tell(job, event)

    def _tell(self, job: _Job, event: Event) -> None:
        try:
            job.on_event(job.id, event)
        except Exception:  # noqa: BLE001  someone else's mistake must not end the thread
            _LOG.exception("whoever asked for job %d failed to take %s", job.id, type(event).__name__)


def failure_of(error: BaseException) -> Failed:
    """Return what to tell a person about an exception that ended a job."""
    kind: FailureKind
    match error:
        case WeightsError():
            return Failed(str(error), "weights")
        case MemoryError():
            return Failed("Memory ran out; your mask is unchanged. Try a smaller region.", "memory")
        case EngineError():
            kind = "memory" if type(error).__name__ == "OutOfMemoryError" else "result"
            return Failed(str(error), kind)
        case MeticulousError():
            return Failed(str(error), "input")
        case _:
            text = f"The network failed ({type(error).__name__}: {error}); your mask is unchanged."
            return Failed(" ".join(text.split()), "result")


def _networks_of(catalog: Catalog, device: str | None) -> NetworkSource:
    from meticulous_gui.engine.networks import Networks  # torch is loaded here, on the runner's thread

    return Networks(catalog, device)
