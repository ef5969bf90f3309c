"""Many photos through the networks while the person works on, one order after the other."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.batch_item import Item, report_of
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.files import json_bytes, write_bytes
from meticulous_gui.core.photo import PHOTO_SUFFIXES, DecodeLimits, Photo
from meticulous_gui.core.photo_states import result_of
from meticulous_gui.core.plan import Plan, Task, is_up_to_date, plan_outputs, refuse_shared
from meticulous_gui.core.target_format import TargetFormat
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.batch import Batch, BatchControl, Inputs
from meticulous_gui.engine.oneshot import Answer, find_object

if TYPE_CHECKING:
    from meticulous_gui.engine.jobs import JobRunner, Progress, Ticket
    from meticulous_gui.ui.session import Session


@dataclass(frozen=True)
class Order:
    """What a person wants done.

    Attributes:
        inputs: photos and folders of photos.
        out: the folder of the results.
        target: how they are written.
        refine: whether MOS_H perfects the edges.
        keeps_newer: leave out photos whose result is there and not older.
        photos: all that are open together, which no result may replace, whether they are in the order or not.
    """

    inputs: tuple[Path, ...]
    out: Path
    target: TargetFormat
    refine: bool = True
    keeps_newer: bool = True
    photos: tuple[Path, ...] = ()

    def plan(self) -> Plan:
        """Say which photo goes to which file; raise `UsageError` where that is impossible."""
        photos_there = [photo for photo in self.photos if photo.parent == self.out]
        return plan_outputs(
            self.inputs,
            self.out,
            suffixes=self.target.suffixes,
            photo_suffixes=PHOTO_SUFFIXES,
            stem_of=lambda stem, number: self.target.recipe.file_stem(stem, counter=number),
            also_read=(*self.target.also_read, *photos_there),
        )


class BatchQueue(QObject):
    """Orders, and how far they are.

    Attributes:
        items: what became of each photo since the queue was empty last.

    Signals (window thread):
        changed: something is further.
        photo_done: (Item, TargetFormat) a result was written.
        finished: nothing is left to do.
    """

    changed = Signal()
    photo_done = Signal(object, object)
    finished = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._clock_s = time.monotonic
        self.items: list[Item] = []
        self._orders: deque[tuple[tuple[Task, ...], Order]] = deque()
        self._ordered: dict[Path, Task] = {}  # by target, since the program began
        self._n_total = 0
        self._control = BatchControl()
        self._thread: threading.Thread | None = None
        self._current: tuple[str, int, int] | None = None
        self._out: Path | None = None
        self._worked_s = 0.0
        self._since_s: float | None = None
        self._n_worked = 0
        self._device = ""
        session.changed.connect(self._start_next)

    # --- how far it is ------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether photos are in work or wait, also while they are held."""
        return self._thread is not None or bool(self._orders)

    @property
    def is_paused(self) -> bool:
        return self._control.is_paused

    @property
    def n_total(self) -> int:
        return self._n_total

    @property
    def n_finished(self) -> int:
        """How many photos need no further work, whatever became of them."""
        return len(self.items)

    @property
    def failures(self) -> list[Item]:
        return [item for item in self.items if item.status == "failed"]

    @property
    def current(self) -> tuple[str, int, int] | None:
        """The name of the photo in work, its patches done and in all."""
        return self._current

    @property
    def out(self) -> Path | None:
        """Where the newest results go."""
        return self._out

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the pace so far, None before that can be said."""
        if self._n_worked == 0 or not self.is_running:
            return None
        return self._spent_s() / self._n_worked * (self._n_total - len(self.items))

    def count(self, status: str) -> int:
        """Return of how many photos a thing became."""
        return sum(item.status == status for item in self.items)

    # --- what a person does -------------------------------------------------------------------------------

    def add(self, order: Order) -> None:
        """Put an order at the end; one that is impossible is said in one sentence."""

        earlier = tuple(self._ordered.values())

        def look() -> tuple[Plan, tuple[Task, ...]]:
            plan = order.plan()
            refuse_shared(plan.tasks, earlier)
            return plan, tuple(task for task in plan.tasks if not (order.keeps_newer and is_up_to_date(task)))

        def take(found: tuple[Plan, tuple[Task, ...]]) -> None:
            plan, todo = found
            if todo and self._session.runner is None and self._session.work.refusal:
                self._session.message(self._session.work.refusal, kind="error", topic="batch")
                return
            if not self.is_running:
                self._begin_anew()
            self._out = order.out
            self._ordered |= {task.target: task for task in plan.tasks}
            self._n_total += len(plan.tasks) + len(plan.failures)
            waiting = set(todo)
            self.items += [Item(str(path), "failed", message=sentence) for path, sentence in plan.failures]
            self.items += [
                Item(str(task.source), "skipped", output=str(task.target))
                for task in plan.tasks
                if task not in waiting
            ]
            if todo:
                self._orders.append((todo, order))
            self._start_next()
            self.changed.emit()

        self._session.background.run(look, take)

    def pause(self) -> None:
        """Begin no further photo."""
        self._worked_s, self._since_s = self._spent_s(), None
        self._control.pause()
        self.changed.emit()

    def go_on(self) -> None:
        """Go on after a pause."""
        self._since_s = self._clock_s() if self.is_running else None
        self._control.go_on()
        self.changed.emit()

    def cancel(self) -> None:
        """End all orders; results that are written stay."""
        for tasks, _order in self._orders:
            self.items += [Item(str(task.source), "interrupted") for task in tasks]
        self._orders.clear()
        self._control.cancel()
        self._control = BatchControl()  # for what comes while the photo in work is being given up
        self.changed.emit()

    def close(self) -> None:
        """End all orders and wait for what is being written."""
        self._orders.clear()
        self._control.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def save_report(self, path: Path) -> None:
        """Write what became of each photo, as `meticulous cutout --json` tells it."""
        report = report_of(self.items, seconds=self._spent_s(), device=self._device)

        def done(_nothing: None) -> None:
            self._session.message(self.tr("The report is in {path}.").format(path=path), topic="batch")

        def failed(error: MeticulousError) -> None:
            self._session.message(str(error), kind="error", topic="batch")

        self._session.background.run(lambda: write_bytes(path, json_bytes(report, indent=2)), done, failed)

    # --- inner works --------------------------------------------------------------------------------------

    def _begin_anew(self) -> None:
        self.items = []
        self._n_total = self._n_worked = 0
        self._worked_s, self._since_s = 0.0, None
        self._control = BatchControl()

    def _spent_s(self) -> float:
        return self._worked_s + (self._clock_s() - self._since_s if self._since_s is not None else 0.0)

    def _start_next(self) -> None:
        runner = self._session.runner
        if self._thread is not None or not self._orders or runner is None:
            return
        tasks, order = self._orders.popleft()
        if self._since_s is None and not self._control.is_paused:
            self._since_s = self._clock_s()
        control, limits = self._control, self._session.limits
        self._thread = threading.Thread(
            target=self._work,
            args=(tasks, order, runner, control, limits),
            name="meticulous-batch",
            daemon=True,
        )
        self._thread.start()
        self.changed.emit()

    def _work(
        self,
        tasks: tuple[Task, ...],
        order: Order,
        runner: JobRunner,
        control: BatchControl,
        limits: DecodeLimits,
    ) -> None:
        """Carry out one order (on a thread of its own)."""

        def ask(runner: JobRunner, inputs: Inputs, on_progress: Callable[[Progress], None]) -> Answer:
            return find_object(
                runner,
                inputs.photo.rgb,
                refine=order.refine,
                on_progress=on_progress,
                on_submit=lambda ticket: begun(ticket, inputs.photo.name),
                urgency="batch",
            )

        def begun(ticket: Ticket, name: str) -> None:
            control.watch(ticket)
            self._session.inbox.put(lambda: self._on_patches(name, 0, 0))

        def write(photo: Photo, alpha: Alpha, path: Path) -> None:
            with result_of(photo.path, path):
                order.target.write(photo, alpha, path)

        teller = _Teller(self, order)
        batch = Batch(
            tasks,
            ask=ask,
            write=write,
            observer=teller,
            limits=limits,
            n_jobs=1,
            control=control,
            is_quiet=True,
        )
        try:
            batch.run(lambda: nullcontext(runner))
        finally:
            self._session.inbox.put(lambda: self._on_order_done(teller.device))

    def _on_item(self, item: Item, order: Order) -> None:
        self.items.append(item)
        self._current = None
        if item.status != "interrupted":
            self._n_worked += 1
        if item.status == "done":
            self.photo_done.emit(item, order.target)
        self.changed.emit()

    def _on_patches(self, name: str, done: int, total: int) -> None:
        self._current = (name, done, total)
        self.changed.emit()

    def _on_order_done(self, device: str) -> None:
        self._thread = self._current = None
        self._device = device or self._device
        self._start_next()
        if not self.is_running:
            self._worked_s, self._since_s = self._spent_s(), None
        self.changed.emit()
        if not self.is_running:
            self.finished.emit()


class _Teller:
    """Brings what a batch tells into the window's thread."""

    def __init__(self, queue: BatchQueue, order: Order) -> None:
        self.device = ""
        self._queue = queue
        self._order = order
        self._put = queue._session.inbox.put

    def add(self, item: Item, *, is_told: bool = False) -> None:
        del is_told
        self._put(lambda: self._queue._on_item(item, self._order))

    def patches(self, source: Path, done: int, total: int) -> None:
        self._put(lambda: self._queue._on_patches(source.name, done, total))

    def say(self, sentence: str) -> None:
        self._put(lambda: self._queue._session.message(sentence, kind="error", topic="batch"))
