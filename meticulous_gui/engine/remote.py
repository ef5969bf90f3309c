"""The runner's interface, served by a child process: a crash there costs a restart, never the document.

One supervising thread starts the child, reads what it says, and restarts it; events come on that thread.
Never imports torch.
"""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import os
import threading
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

import numpy as np

from meticulous_gui.core.errors import EngineError
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.child import SLOT_BYTES, ChildOptions, run_child
from meticulous_gui.engine.jobs import (
    Cancelled,
    EngineStatus,
    Event,
    Failed,
    Finished,
    OnEvent,
    Partial,
    PhotoRef,
    Request,
    Ticket,
    is_last,
)
from meticulous_gui.engine.process import end_process, n_cores, why_it_ended
from meticulous_gui.engine.shared import Block, sweep
from meticulous_gui.engine.types import RgbImage
from meticulous_gui.engine.wire import (
    Cancel,
    Choose,
    Drop,
    FreeSlot,
    Happened,
    Leave,
    Pixels,
    Put,
    Started,
    StatusIs,
    Submit,
    ToChild,
    ToParent,
    packed,
)
from meticulous_gui.engine.work import photo_of

__all__ = ["RemoteRunner"]

_LOG = logging.getLogger(__name__)
_N_SLOTS: Final = 12
_NETWORKS: Final = "meticulous_gui.engine.networks:Networks"
_DEATHS_IN_A_ROW: Final = 2
"""After so many deaths without a finished job between them only a new request starts a child again."""

_photo_numbers: Final = itertools.count(1)


@dataclass
class _Job:
    id: int
    request: Request
    on_event: OnEvent
    message: Submit
    block: Block | None
    has_started: bool = False
    is_cancelled: bool = False
    cancelled_at_s: float = 0.0


class RemoteRunner:
    """Runs jobs in a child process; the same interface as `Runner`.

    Jobs that wait while the child dies are done by the next one; the one it died of gets `Failed`.
    """

    def __init__(
        self,
        catalog: Catalog,
        device: str | None = None,
        *,
        networks: str = _NETWORKS,
        n_threads: int | None = None,
        niceness: int = 5,
        kill_after_s: float = 3.0,
    ) -> None:
        """Start the child in the background and return at once.

        Args:
            catalog: what is installed.
            device: "cpu", "cuda", ...; None: the best there is.
            networks: "module:function" that makes the source of networks in the child.
            n_threads: of the networks; None: all cores but one, which the window needs.
            niceness: added to the child's, so that the window comes first.
            kill_after_s: how long a running job may take to answer a cancel.

        Raises:
            EngineError: there is no room for shared memory.
        """
        sweep()
        self._ring = Block(_N_SLOTS * SLOT_BYTES)
        threads = n_threads if n_threads is not None else max(1, n_cores() - 1)
        self._options = ChildOptions(catalog, device, networks, threads, niceness, self._ring.path, _N_SLOTS)
        self._kill_after_s = kill_after_s
        self._lock = threading.RLock()
        self._photos: dict[str, tuple[PhotoRef, Block]] = {}
        self._jobs: dict[int, _Job] = {}
        self._numbers = itertools.count(1)
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._is_closing = False
        self._is_prepared = False
        self._n_deaths = 0
        self._status = EngineStatus("starting")
        # A pipe to oneself: what ends the supervisor's waiting.
        self._waker, self._wakes = multiprocessing.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._supervise, name="meticulous-supervisor", daemon=True)
        self._thread.start()

    def allocate_photo(self, size_hw: tuple[int, int]) -> tuple[RgbImage, PhotoRef]:
        """Return a writable uint8 (H, W, 3) in shared memory, and its name.

        Write the photo into it before the first request; the array may then be the program's only copy. It
        stays valid after ``drop_photo`` and ``close``.

        Raises:
            EngineError: there is no room for it, or the runner is closed.
        """
        height, width = size_hw
        block = Block(height * width * 3)
        ref = PhotoRef(f"{os.getpid()}-shared-{next(_photo_numbers)}", (height, width))
        with self._lock:
            if self._is_closing:
                block.unlink()
                raise EngineError("The engine is closed.")
            self._photos[ref.key] = (ref, block)
            self._send(Put(ref, block.path))
        return block.data[: height * width * 3].reshape(height, width, 3), ref

    def put_photo(self, rgb: RgbImage) -> PhotoRef:
        """Copy a photo, uint8 (H, W, 3), into shared memory; ``allocate_photo`` saves the copy."""
        shared, ref = self.allocate_photo((rgb.shape[0], rgb.shape[1]))
        np.copyto(shared, rgb)
        return ref

    def drop_photo(self, ref: PhotoRef) -> None:
        """Forget a photo; jobs on it are cancelled."""
        with self._lock:
            for job in list(self._jobs.values()):
                if photo_of(job.request) == ref:
                    self.cancel(job.id)
            known = self._photos.pop(ref.key, None)
            if known is not None:
                self._send(Drop(ref))
                known[1].unlink()

    def submit(self, request: Request, on_event: OnEvent, *, replaces: str | None = None) -> Ticket:
        """Queue a job; see `JobRunner.submit`. Events come on the supervisor's thread.

        Raises:
            EngineError: the runner is closed, or there is no room for the request's mask.
        """
        light, block = packed(request)
        path = None if block is None else block.path
        with self._lock:
            if self._is_closing:
                if block is not None:
                    block.unlink()
                raise EngineError("The engine is closed.")
            job_id = next(self._numbers)
            message = Submit(job_id, light, path, replaces)
            self._jobs[job_id] = _Job(job_id, request, on_event, message, block)
            if not self._send(message):
                self._wake()
        return Ticket(job_id, self.cancel)

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop; nothing happens when it is done already."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or job.is_cancelled:
                return
            job.is_cancelled = True
            job.cancelled_at_s = time.monotonic()
            self._send(Cancel(job_id))
            self._wake()

    def choose(self, catalog: Catalog) -> None:
        """Use the networks of this catalog from the next job on; see `JobRunner.choose`."""
        with self._lock:
            self._options = replace(self._options, catalog=catalog)  # for the next child, should this one die
            self._send(Choose(catalog))

    def status(self) -> EngineStatus:
        """Return what the engine is doing."""
        return self._status

    @property
    def child_pid(self) -> int | None:
        """The child's process id, None while there is no child."""
        process = self._process
        return None if process is None else process.pid

    def close(self) -> None:
        """End the child and give all shared memory back; jobs that were not done get `Cancelled`."""
        with self._lock:
            if self._is_closing:
                return
            self._is_closing = True
            self._send(Leave())
            self._wake()
        self._thread.join()

    # Below: the supervisor's thread.

    def _supervise(self) -> None:
        self._start()
        while not self._is_closing:
            self._wait_and_read()
        process, connection = self._process, self._connection
        if process is not None:
            process.join(1.5)
            end_process(process)
        if connection is not None:
            connection.close()
        with self._lock:
            self._connection = self._process = None
            self._status = EngineStatus("stopped")
            jobs = list(self._jobs.values())
        for job in jobs:
            self._end(job, Cancelled())
        for _, block in self._photos.values():
            block.unlink()
        self._ring.unlink()
        self._waker.close()
        self._wakes.close()

    def _start(self) -> None:
        """Start a child and tell it of all photos and of all jobs that wait."""
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        options = self._options
        process = context.Process(
            target=run_child, args=(there, options), name="meticulous-networks", daemon=True
        )
        try:
            process.start()
        except OSError as error:
            here.close()
            self._give_up(f"The network process could not be started ({error}).")
            return
        finally:
            there.close()
        with self._lock:
            self._process, self._connection = process, here
            self._is_prepared = False
            if self._options is not options:  # others were chosen meanwhile, and could not be sent
                self._send(Choose(self._options.catalog))
            for ref, block in self._photos.values():
                self._send(Put(ref, block.path))
            for job in self._jobs.values():
                self._send(job.message)
                if job.is_cancelled:
                    self._send(Cancel(job.id))

    def _wait_and_read(self) -> None:
        connection, process = self._connection, self._process
        if connection is None or process is None:
            wait([self._waker])
            self._drain_wakes()
            with self._lock:
                has_work = bool(self._jobs) and not self._is_closing
            if has_work:
                self._status = EngineStatus("restarting")
                self._start()
            return
        ready = wait([connection, self._waker], self._seconds_to_deadline())
        if self._waker in ready:
            self._drain_wakes()
        if connection in ready:
            try:
                message: ToParent = connection.recv()
            except (EOFError, OSError):
                self._on_death(process)
            else:
                self._on_message(message)
        elif self._seconds_to_deadline() == 0 and not self._is_closing:
            _LOG.warning("no answer to a cancel in %.1f s: ending the network process", self._kill_after_s)
            end_process(process)

    def _seconds_to_deadline(self) -> float | None:
        """Return when a running job that was cancelled counts as stuck; None while there is none."""
        with self._lock:
            if not self._is_prepared:
                return None  # loading torch takes longer than any deadline
            times = [
                job.cancelled_at_s for job in self._jobs.values() if job.is_cancelled and job.has_started
            ]
        return max(0.0, min(times) + self._kill_after_s - time.monotonic()) if times else None

    def _on_message(self, message: ToParent) -> None:
        match message:
            case StatusIs(status=status):
                self._is_prepared = True
                self._status = status
            case Started(job_id=job_id):
                with self._lock:
                    if job_id in self._jobs:
                        self._jobs[job_id].has_started = True
            case Pixels(job_id=job_id, box=box, slot=slot):
                start = slot * SLOT_BYTES
                planes = self._ring.data[start : start + 2 * box.area].reshape(2, *box.size_hw).copy()
                self._send(FreeSlot(slot))
                self._tell(job_id, Partial(box, planes[0], planes[1]))
            case Happened(job_id=job_id, event=event):
                if isinstance(event, Finished):
                    self._n_deaths = 0
                job = self._jobs.get(job_id)
                if job is not None and is_last(event):
                    ref = photo_of(job.request)
                    if job.is_cancelled and ref is not None and ref.key not in self._photos:
                        event = Cancelled()  # its photo was left, perhaps before the child had seen it
                    self._end(job, event)
                else:
                    self._tell(job_id, event)

    def _on_death(self, process: BaseProcess) -> None:
        """Take leave of a dead child: the jobs it had begun fail, the others go to a new one."""
        end_process(process)
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = self._process = None
            jobs = list(self._jobs.values())
        if self._is_closing:
            return
        self._n_deaths += 1
        sentence = f"The network process {why_it_ended(process.exitcode)}; your mask is unchanged."
        _LOG.warning("%s", sentence)
        for job in jobs:
            if job.is_cancelled:
                self._end(job, Cancelled())
            elif job.has_started:
                self._end(job, Failed(sentence, "crash"))
        if self._n_deaths >= _DEATHS_IN_A_ROW:
            self._give_up(
                f"The network process {why_it_ended(process.exitcode)}, twice in a row; "
                "the next request tries again."
            )
        else:
            self._status = EngineStatus("restarting", message=sentence)
            self._start()

    def _give_up(self, sentence: str) -> None:
        """Fail what waits and stay without a child until the next request."""
        self._status = EngineStatus("stopped", message=sentence)
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            self._end(job, Failed(sentence, "crash"))

    def _send(self, message: ToChild) -> bool:
        """Send a message if there is a child; one that just died is found out by the supervisor."""
        with self._lock:
            if self._connection is None:
                return False
            try:
                self._connection.send(message)
            except (OSError, ValueError):
                return False
            return True

    def _end(self, job: _Job, event: Event) -> None:
        with self._lock:
            self._jobs.pop(job.id, None)
        if job.block is not None:
            job.block.unlink()
        self._call(job, event)

    def _tell(self, job_id: int, event: Event) -> None:
        job = self._jobs.get(job_id)
        if job is not None:
            self._call(job, event)

    def _call(self, job: _Job, event: Event) -> None:
        try:
            job.on_event(job.id, event)
        except Exception:  # noqa: BLE001  someone else's mistake must not end the thread
            _LOG.exception("whoever asked for job %d failed to take %s", job.id, type(event).__name__)

    def _wake(self) -> None:
        self._wakes.send_bytes(b"!")

    def _drain_wakes(self) -> None:
        while self._waker.poll():
            self._waker.recv_bytes()
