"""Calls from other threads, made in the window thread, no more in one frame than a stroke can bear."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MS = 16
BUDGET_MS = 8.0


class Inbox(QObject):
    """Takes calls from any thread and makes them, in order, in the thread it was built in.

    What arrives within a frame is made in one go; after `budget_ms` the rest waits for the next frame, so
    that a burst of finished patches cannot hold up a stroke.
    """

    _arrived = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        budget_ms: float = BUDGET_MS,
        clock_s: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(parent)
        self._calls: deque[Callable[[], None]] = deque()
        self._budget_s = budget_ms / 1000
        self._clock_s = clock_s
        self._last_frame_s = -1.0
        self._is_closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.deliver)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def put(self, call: Callable[[], None]) -> None:
        """Have `call` made in the window thread; may be called from any thread."""
        if self._is_closed:
            return
        self._calls.append(call)
        self._arrived.emit()

    def deliver(self) -> None:
        """Make what has arrived until the frame's budget is spent; the rest comes in the next frame."""
        start_s = self._last_frame_s = self._clock_s()
        try:
            while self._calls:
                self._calls.popleft()()
                if self._clock_s() - start_s >= self._budget_s:
                    break
        finally:  # a call that raises is reported by Qt's hook; those behind it must still be made
            if self._calls and not self._is_closed:
                elapsed_ms = (self._clock_s() - start_s) * 1000
                self._timer.start(max(round(FRAME_MS - elapsed_ms), 1))

    def deliver_all(self) -> None:
        """Make everything that has arrived, however long it takes; for Esc and for leaving."""
        while self._calls:
            self._calls.popleft()()

    def close(self) -> None:
        """Drop what has arrived and take nothing more."""
        self._is_closed = True
        self._timer.stop()
        self._calls.clear()

    def _on_arrived(self) -> None:
        if self._timer.isActive() or not self._calls or self._is_closed:
            return
        since_ms = (self._clock_s() - self._last_frame_s) * 1000
        self._timer.start(0 if self._last_frame_s < 0 or since_ms >= FRAME_MS else round(FRAME_MS - since_ms))
