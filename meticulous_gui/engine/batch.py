"""Many photos through the networks: readers ahead, the networks in the middle, writers behind.

The command line and the window run the same. Importing this page loads no torch.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias

from meticulous_gui.core.batch_item import Item
from meticulous_gui.core.errors import EngineError, ExportError, MeticulousError, WeightsError
from meticulous_gui.core.files import ensure_folder, refuse_unwritable, remove_leftovers
from meticulous_gui.core.mask_file import read_mask
from meticulous_gui.core.photo import DecodeLimits, Photo, load_photo
from meticulous_gui.core.plan import Task
from meticulous_gui.core.tuning import step_back
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.jobs import JobRunner, Progress, Ticket
from meticulous_gui.engine.oneshot import Answer

__all__ = ["Ask", "Batch", "BatchControl", "Inputs", "Observer", "failure"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Inputs:
    """What was read for one task.

    Attributes:
        photo: the decoded photo.
        mask: the mask it came with, None where only the photo was named.
    """

    photo: Photo
    mask: Alpha | None = None


Ask: TypeAlias = Callable[[JobRunner, Inputs, Callable[[Progress], None]], Answer]
"""Asks the runner for the result of one photo and waits for it."""
Write: TypeAlias = Callable[[Photo, Alpha, Path], None]
"""Writes one result, atomically."""


class Observer(Protocol):
    """Is told how a batch goes, from several threads; of ``add`` one call at a time."""

    device: str

    def add(self, item: Item, *, is_told: bool = False) -> None:
        """Take what became of a photo; ``is_told`` where its sentence was said already."""

    def patches(self, source: Path, done: int, total: int) -> None:
        """Take how far the photo in work is; called on the runner's thread."""

    def say(self, sentence: str) -> None:
        """Take a sentence about the batch itself."""


class BatchControl:
    """Holds a batch, lets it go on and ends it, from any thread."""

    def __init__(self) -> None:
        self._may_go = threading.Event()
        self._may_go.set()
        self._lock = threading.Lock()
        self._ticket: Ticket | None = None
        self._is_cancelled = False

    @property
    def is_paused(self) -> bool:
        return not self._may_go.is_set()

    @property
    def is_cancelled(self) -> bool:
        return self._is_cancelled

    def pause(self) -> None:
        """Begin no further photo; the one in work is finished."""
        self._may_go.clear()

    def go_on(self) -> None:
        """Go on after a pause."""
        self._may_go.set()

    def cancel(self) -> None:
        """End it: the photo in work is given up, what is finished is kept."""
        with self._lock:
            self._is_cancelled = True
            ticket = self._ticket
        if ticket is not None:
            ticket.cancel()
        self._may_go.set()

    def may_go_on(self) -> bool:
        """Wait while the batch is held; return whether the next photo may begin."""
        self._may_go.wait()
        return not self._is_cancelled

    def watch(self, ticket: Ticket) -> None:
        """Note the job of the photo in work, so that a cancel reaches it."""
        with self._lock:
            self._ticket = ticket
            is_late = self._is_cancelled
        if is_late:
            ticket.cancel()


class Batch:
    """One pass over some tasks.

    Args:
        ask: asks the networks.
        write: writes the results.
        observer: is told of everything.
        limits: refuse larger photos.
        n_jobs: photos read at once, and results written at once.
        control: how others hold and end it; None: nobody does.
        is_quiet: whether reading and writing step back behind what else the process does.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        *,
        ask: Ask,
        write: Write,
        observer: Observer,
        limits: DecodeLimits,
        n_jobs: int = 2,
        control: BatchControl | None = None,
        is_quiet: bool = False,
    ) -> None:
        self._tasks = tasks
        self._ask = ask
        self._write = write
        self._observer = observer
        self._limits = limits
        self._n_jobs = n_jobs
        self._control = control or BatchControl()
        self._initializer = step_back if is_quiet else None
        self._writing: deque[Future[None]] = deque()
        self._reported: set[Task] = set()
        self._lock = threading.Lock()
        self._results = Path(os.path.commonpath([task.target.parent for task in tasks])) if tasks else Path()
        self._has_begun_to_write = False

    def run(self, open_runner: Callable[[], AbstractContextManager[JobRunner]]) -> bool:
        """Do the work; return False when it was interrupted. What was finished by then is written.

        Args:
            open_runner: gives the networks; the first photos are decoded meanwhile.
        """
        self._tasks = [task for task in self._tasks if self._may_be_written(task)]
        if not self._tasks:
            return True
        for folder in {task.target.parent for task in self._tasks}:
            remove_leftovers(folder)
        with self._executor() as readers, self._executor() as writers:
            try:
                reading = self._read_ahead(readers)
                with open_runner() as runner:
                    for task, future in reading:
                        if not self._control.may_go_on():
                            break
                        self._one(runner, writers, task, future)
                        self._collect(n_left=self._n_jobs)
                    self._observer.device = runner.status().device
                    self._collect(n_left=0)
            except (EngineError, WeightsError) as error:  # no device or no network: no photo can be done
                readers.shutdown(wait=False, cancel_futures=True)
                self._collect(n_left=0)
                self._give_up(str(error))
            except KeyboardInterrupt:
                self._observer.say("interrupted; what is finished is being written.")
                self._control.cancel()
            if self._control.is_cancelled:
                readers.shutdown(wait=False, cancel_futures=True)
                self._collect(n_left=0)
                for task in self._unfinished():  # so that the report holds them all
                    self._add(task, Item(str(task.source), "interrupted"))
                return False
        return True

    def _executor(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self._n_jobs, "meticulous-batch", self._initializer)

    def _read_ahead(self, readers: ThreadPoolExecutor) -> Iterator[tuple[Task, Future[Inputs]]]:
        """Yield each task with its inputs being read, a few photos in front of the networks."""
        waiting: deque[tuple[Task, Future[Inputs]]] = deque()
        tasks = iter(self._tasks)

        def submit_next() -> None:
            task = next(tasks, None)
            if task is not None:
                waiting.append((task, readers.submit(_read, task, self._limits)))

        for _ in range(self._n_jobs):
            submit_next()
        return self._drain(waiting, submit_next)

    @staticmethod
    def _drain(
        waiting: deque[tuple[Task, Future[Inputs]]], submit_next: Callable[[], None]
    ) -> Iterator[tuple[Task, Future[Inputs]]]:
        while waiting:
            item = waiting.popleft()
            submit_next()
            yield item

    def _one(
        self, runner: JobRunner, writers: ThreadPoolExecutor, task: Task, reading: Future[Inputs]
    ) -> None:
        """Take one photo through the networks and hand the result to a writer."""
        try:
            inputs = reading.result()
            started = time.monotonic()
            answer = self._ask(
                runner,
                inputs,
                lambda progress: self._observer.patches(task.source, progress.done, progress.total),
            )
        except WeightsError:  # no photo can be done without its network
            raise
        except Exception as error:  # noqa: BLE001  # one photo must not stop the batch; see `failure`
            if not self._control.is_cancelled:
                self._add(task, failure(task, error))
            return
        self._writing.append(writers.submit(self._finish, task, inputs, answer, started))

    def _finish(self, task: Task, inputs: Inputs, answer: Answer, started: float) -> None:
        """Write one result and tell of it (on a writer's thread)."""
        try:
            item = self._written(task, inputs, answer, started)
        except Exception as error:  # noqa: BLE001  # a full disk must not stop the batch; see `failure`
            item = failure(task, error)
        self._add(task, item)

    def _written(self, task: Task, inputs: Inputs, answer: Answer, started: float) -> Item:
        self._ensure_place(task.target)
        self._write(inputs.photo, answer.alpha, task.target)
        height, width = inputs.photo.size_hw
        message = answer.report.message
        if not message and answer.alpha.max(initial=0) < 128:
            message = "no object was found, the result is empty"
        return Item(
            str(task.source),
            "done",
            output=str(task.target),
            message=message,
            width=width,
            height=height,
            seconds=round(time.monotonic() - started, 3),
            patches=sum(answer.report.n_patches),
            notes=list(inputs.photo.notes),
        )

    def _may_be_written(self, task: Task) -> bool:
        """Say whether a result may be written, as far as that is known before the work; else tell why not."""
        try:
            refuse_unwritable(task.target)
        except ExportError as error:
            self._add(task, failure(task, error))
            return False
        return True

    def _ensure_place(self, target: Path) -> None:
        """Make the folder of a result, but never again one that went away: a disk may have been taken out."""
        if self._has_begun_to_write and not self._results.is_dir():
            raise ExportError(
                f"{target} was not written: the folder {self._results} is gone; begin again when it is back."
            )
        ensure_folder(target.parent)
        self._has_begun_to_write = True

    def _collect(self, *, n_left: int) -> None:
        """Wait until at most ``n_left`` writes are still going on."""
        while len(self._writing) > n_left:
            self._writing.popleft().result()

    def _give_up(self, sentence: str) -> None:
        """Report every photo that was not finished as failed, for one reason that is said once."""
        self._observer.say(sentence)
        for task in self._unfinished():
            self._add(task, Item(str(task.source), "failed", message=sentence), is_told=True)

    def _unfinished(self) -> list[Task]:
        return [task for task in self._tasks if task not in self._reported]

    def _add(self, task: Task, item: Item, *, is_told: bool = False) -> None:
        with self._lock:
            self._reported.add(task)
            self._observer.add(item, is_told=is_told)


def failure(task: Task, error: Exception) -> Item:
    """Return what to say of a photo that failed: one sentence that names the file."""
    if isinstance(error, MeticulousError):
        sentence = str(error)
    elif isinstance(error, MemoryError):
        sentence = f"{task.source} needs more memory than there is; free some or make the photo smaller."
    else:
        _log.error("unexpected failure at %s", task.source, exc_info=error)
        name = type(error).__name__
        sentence = f"{task.source} failed unexpectedly ({name}); `meticulous doctor` names the log."
    names = [path.name for path in (task.source, task.mask, task.target) if path is not None]
    if not any(name in sentence for name in names):
        sentence = f"{task.source}: {sentence}"
    return Item(str(task.source), "failed", message=sentence)


def _read(task: Task, limits: DecodeLimits) -> Inputs:
    """Decode one task's files (on a reader's thread)."""
    photo = load_photo(task.source, limits)
    if task.mask is None:
        return Inputs(photo)
    mask = read_mask(task.mask, limits)
    if mask.encoding.is_inverted:
        note = f"{task.mask} is dark on light and was turned over; what is written is light on dark."
        photo = replace(photo, notes=(*photo.notes, note))
    if len(mask.labels) > 1:
        note = f"{task.mask} is a label map of {len(mask.labels)} objects, which are taken as one mask."
        photo = replace(photo, notes=(*photo.notes, note))
    return Inputs(photo, mask.alpha)
