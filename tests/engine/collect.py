"""Takes the events of jobs in a test and waits for them, without sleeping."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

from meticulous_gui.engine.jobs import Event, is_last
from meticulous_gui.engine.types import Alpha

TIMEOUT_S = 60.0
"""How long a test waits for what must come; never waited for when it comes."""


class Collector:
    """All events by job, and the order in which jobs ended."""

    def __init__(self, then: Callable[[int, Event], None] | None = None) -> None:
        self.events: dict[int, list[Event]] = defaultdict(list)
        self.ended: list[int] = []
        self._then = then
        self._changed = threading.Condition()

    def __call__(self, job_id: int, event: Event) -> None:
        with self._changed:
            self.events[job_id].append(event)
            if is_last(event):
                self.ended.append(job_id)
            self._changed.notify_all()
        if self._then is not None:
            self._then(job_id, event)

    def last(self, job_id: int) -> Event:
        """Wait for the end of a job and return its last event."""
        self.wait_until(lambda: bool(self.events[job_id]) and is_last(self.events[job_id][-1]))
        return self.events[job_id][-1]

    def first(self, job_id: int, kind: type[Event]) -> Event:
        """Wait for the first event of a kind and return it."""
        self.wait_until(lambda: any(isinstance(event, kind) for event in self.events[job_id]))
        return next(event for event in self.events[job_id] if isinstance(event, kind))

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_so, TIMEOUT_S), f"waited in vain; got {dict(self.events)}"

    def write_into(self, alpha: Alpha, job_id: int) -> Alpha:
        """Write the partials of a job into ``alpha`` and return it."""
        from meticulous_gui.engine.jobs import Partial

        for event in self.events[job_id]:
            if isinstance(event, Partial):
                alpha[event.box.slices()] = event.alpha
        return alpha
