"""What networks do for the open document: one job after the other, each of them one undo step."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from meticulous_gui.core.doubt import agreed
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.jobs import Cancelled, Event, Failed, Finished, Partial, Progress, Report, is_last
from meticulous_gui.ui.wish import NOTHING, End, Outcome, Verdict, Wish

if TYPE_CHECKING:
    from meticulous_gui.core.document import Document, Transaction
    from meticulous_gui.core.types import Alpha
    from meticulous_gui.engine.jobs import JobRunner, PhotoRef, Ticket
    from meticulous_gui.engine.types import Confidence
    from meticulous_gui.ui.inbox import Inbox

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Run:
    """A wish that runs now; whoever owns it takes the answers."""

    owner: NetworkWork
    wish: Wish
    transaction: Transaction
    revision: int
    n_steps: int
    started_s: float
    ticket: Ticket | None = None
    has_begun: bool = False
    done: int = 0
    total: int = 0
    note: str = ""
    changed: Box = field(default=NOTHING)


class NetworkWork(QObject):
    """Runs wishes in their order and writes the answers into the document.

    A wish is submitted only when the one before has ended: its snapshot then holds the earlier result. The
    answers go through one open transaction, so that the whole run is one undo step however long it takes,
    and hands that paint meanwhile win (`Transaction.apply_result` sees to that).

    Signals:
        changed: what runs, or how far it is, changed (window thread).
        verdict_arrived: a `Verdict` on a part of the mask (window thread).
        ended: an `Outcome` (window thread).
    """

    changed = Signal()
    verdict_arrived = Signal(object)
    ended = Signal(object)

    def __init__(self, inbox: Inbox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inbox = inbox
        self._clock_s = time.monotonic
        self._runner: JobRunner | None = None
        self._document: Document | None = None
        self._photo: PhotoRef | None = None
        self._waiting: deque[Wish] = deque()
        self._job: Run | None = None
        self._refusal = ""
        self._took: tuple[str, float] | None = None

    @property
    def refusal(self) -> str:
        """Why no network does anything for the document, "" where that is not known."""
        return self._refusal

    @property
    def is_running(self) -> bool:
        """Whether something runs or waits for its turn."""
        return self._job is not None or bool(self._waiting)

    @property
    def is_changing_the_mask(self) -> bool:
        """Whether the mask becomes another one by what runs or waits."""
        running = [self._job.wish] if self._job is not None else []
        return any(wish.changes_mask for wish in (*running, *self._waiting))

    @property
    def is_only_by_itself(self) -> bool:
        """Whether a mask that nobody asked for is on its way and is all there is: nothing to lose."""
        job = self._job
        if job is None or self._document is None or not job.wish.is_automatic:
            return False
        return self._document.history.n_done == job.n_steps == 1

    @property
    def n_waiting(self) -> int:
        """How many wishes wait behind the one that runs."""
        return len(self._waiting)

    @property
    def doing(self) -> str:
        """What runs, in words; "" when nothing does."""
        if self._job is not None:
            return self._job.wish.doing
        return self._waiting[0].doing if self._waiting else ""

    @property
    def note(self) -> str:
        """What the engine said about the run (smaller batches, another device), or ""."""
        return self._job.note if self._job else ""

    @property
    def progress(self) -> tuple[int, int]:
        """Patches done and in all; (0, 0) before the engine knows."""
        return (self._job.done, self._job.total) if self._job else (0, 0)

    @property
    def seconds_left(self) -> float | None:
        """How long the run will still take at its present pace, None before that can be said."""
        job = self._job
        if job is None or job.done < 2 or job.total <= job.done:
            return None
        return (self._clock_s() - job.started_s) / job.done * (job.total - job.done)

    @property
    def took(self) -> tuple[str, float] | None:
        """The title and the seconds of what was done to the end last; None for a document without any."""
        return self._took

    def set_runner(self, runner: JobRunner | None) -> None:
        """Use this runner from now on; wishes that waited for one start."""
        self._runner, self._refusal = runner, ""
        self._start_next()

    def set_document(self, document: Document | None, photo: PhotoRef | None) -> None:
        """Turn to another document; what ran or waited for the last one is dropped (its patches stay)."""
        self.cancel()
        self._document, self._photo, self._took = document, photo, None
        if self._runner is not None:
            self._refusal = ""  # it spoke of the last photo
        self._start_next()

    def set_photo(self, photo: PhotoRef) -> None:
        """Take the name under which the runner knows the photo; wishes that waited for it start."""
        self._photo, self._refusal = photo, ""
        self._start_next()

    def refuse(self, why: str) -> None:
        """Fail what waits, and what is added, with this sentence until a runner, or another photo, comes."""
        self._refusal = why
        waiting, self._waiting = self._waiting, deque()
        for wish in waiting:
            self._tell(Outcome(wish, "failed", message=why))

    def add(self, wish: Wish) -> None:
        """Queue a wish; it starts at once when nothing runs."""
        if self._refusal:
            self._tell(Outcome(wish, "failed", message=self._refusal))
            return
        self._waiting.append(wish)
        self._start_next()
        self.changed.emit()

    def cancel(self) -> bool:
        """Stop everything, keep the patches that are done as one undo step; say whether anything ran."""
        was_running = self.is_running
        self._waiting.clear()
        if self._job is not None:
            self._inbox.deliver_all()  # patches that have arrived are done, too
        if self._job is not None:
            self._stop(self._job, "kept")
        elif was_running:
            self.changed.emit()
        return was_running

    def cancel_on_layer(self, layer_id: int) -> None:
        """Stop what runs or waits for one layer, for it is about to be locked or removed."""
        self.cancel_those(lambda wish: wish.layer_id == layer_id)

    def drop_on_layer(self, layer_id: int) -> None:
        """Forget what runs or waits for one layer, for its mask is about to become another one altogether."""
        self.cancel_those(lambda wish: wish.layer_id == layer_id, end="restored")

    def cancel_those(self, is_unwanted: Callable[[Wish], bool], *, end: End = "kept") -> None:
        """Stop what runs or waits, where it is unwanted; other wishes go on."""
        self._waiting = deque(wish for wish in self._waiting if not is_unwanted(wish))
        if self._job is not None and is_unwanted(self._job.wish):
            self._stop(self._job, end)

    def write(self, wish: Wish, answers: Sequence[Partial], *, since_revision: int) -> None:
        """Make answers that were only looked at the mask, by the rules for those that come: one undo step.

        Args:
            wish: what they answer.
            answers: in the order in which they came.
            since_revision: of the document when the wish became a request; later edits by hand stay.
        """
        if self._document is None:
            return
        try:
            run = self._begun(self._document, wish, since_revision)
        except MeticulousError as error:
            self._tell(Outcome(wish, "failed", message=str(error)))
            return
        for answer in answers:
            if run.transaction.is_open:  # else the layer refused, which is told
                self._on_partial(run, answer)
        if run.transaction.is_open:
            run.transaction.commit()
            self._tell(Outcome(wish, "done", run.changed))

    def restore_newest(self) -> bool:
        """Stop the running job and leave the mask as it was before, if the job is the newest thing done.

        A stroke painted since the job began is newer: then nothing happens here and False comes back.
        """
        job = self._job
        if job is None or self._document is None or self._document.history.n_done > job.n_steps:
            return False
        self._stop(job, "restored")
        return True

    def give_run(self) -> Run | None:
        """Let go of what runs, so that another takes it over."""
        run, self._job = self._job, None
        return run

    def take_run(self, run: Run) -> None:
        """Go on with what another began on the same document; nothing may run here."""
        assert self._job is None
        run.owner, self._job = self, run
        self.changed.emit()

    def take_outcome(self, outcome: Outcome) -> None:
        """Tell how something ended that another did on the same document."""
        self._tell(outcome)

    def _start_next(self) -> None:
        if self._job is not None or not self._waiting:
            return
        if self._runner is None or self._document is None or self._photo is None:
            return
        wish, document = self._waiting.popleft(), self._document
        try:
            request = wish.make_request(self._photo)
            snapshot = document.snapshot(wish.layer_id)
            self._job = job = self._begun(document, wish, snapshot.revision)
        except MeticulousError as error:
            self._tell(Outcome(wish, "failed", message=str(error)))
            return

        def on_event(_job_id: int, event: Event) -> None:  # on the runner's thread
            self._inbox.put(lambda: job.owner._on_event(job, event))

        try:
            job.ticket = self._runner.submit(request, on_event, replaces=wish.replaces)
        except MeticulousError as error:
            self._end(job, "failed", message=str(error))
            return
        self.changed.emit()

    def _begun(self, document: Document, wish: Wish, since_revision: int) -> Run:
        """Return a run with an open step of the history of its own."""
        transaction = document.begin(wish.title, wish.layer_id)
        return Run(self, wish, transaction, since_revision, document.history.n_done, self._clock_s())

    def _on_event(self, job: Run, event: Event) -> None:
        if self._job is not job:
            return  # of a job that was cancelled or belongs to a photo that was left
        if not job.has_begun and not is_last(event):
            # Until now it waited, perhaps for the networks to start: that is not its pace.
            job.has_begun, job.started_s = True, self._clock_s()
        match event:
            case Partial():
                self._on_partial(job, event)
            case Progress():
                job.done, job.total = event.done, event.total
                job.note = event.note or job.note
                self.changed.emit()
            case Finished():
                self._end(job, "done", report=event.report)
            case Cancelled():
                self._end(job, "kept")
            case Failed():
                log.warning("%s failed (%s): %s", job.wish.title, event.kind, event.message)
                self._end(job, "failed", message=event.message)
        assert not is_last(event) or self._job is not job

    def _on_partial(self, job: Run, event: Partial) -> None:
        box = event.box.clip(job.wish.box)
        if box.is_empty:
            return
        rows, columns = box.translate(-event.box.x0, -event.box.y0).slices()
        confidence = event.confidence[rows, columns]
        if job.wish.look is not None:
            job.wish.look(Partial(box, event.alpha[rows, columns], confidence))
            return
        if job.wish.kind == "check":
            self._compare(job, box, event.alpha[rows, columns], confidence)
            return
        try:
            changed = job.transaction.apply_result(
                box,
                event.alpha[rows, columns],
                since_revision=job.revision,
                respect_decided=job.wish.respect_decided,
            )
        except MeticulousError as error:
            self._stop(job, "failed", message=str(error))
            return
        job.changed = job.changed.union(changed)
        self.verdict_arrived.emit(Verdict(job.wish, job.transaction.step_id, box, confidence))

    def _compare(self, job: Run, box: Box, alpha: Alpha, confidence: Confidence) -> None:
        """Take an answer as an opinion on the mask: where it is another one, the mask is doubtful."""
        document = self._document
        if document is None or not document.has_layer(job.wish.layer_id):
            return
        mine = document.layer(job.wish.layer_id).alpha[box.slices()]
        self.verdict_arrived.emit(Verdict(job.wish, None, box, agreed(mine, alpha, confidence)))

    def _stop(self, job: Run, end: End, *, message: str = "") -> None:
        if job.ticket is not None:
            job.ticket.cancel()
        self._end(job, end, message=message)

    def _end(self, job: Run, end: End, *, report: Report | None = None, message: str = "") -> None:
        if self._job is job:
            self._job = None
        if end == "done":
            self._took = job.wish.title, self._clock_s() - job.started_s
        if end in ("done", "kept"):
            job.transaction.commit()
        else:
            job.transaction.rollback()
        changed = job.changed if end in ("done", "kept") else NOTHING
        self._tell(Outcome(job.wish, end, changed, report, message or (report.message if report else "")))

    def _tell(self, outcome: Outcome) -> None:
        self.ended.emit(outcome)
        self._start_next()
        self.changed.emit()
