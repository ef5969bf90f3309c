"""Ctrl+C, SIGTERM and SIGHUP end the program as closing its window would."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier


class UnixSignals(QObject):
    """Wakes Qt's loop when a signal comes: Python alone would only see it at the next event.

    Args:
        leave: called in the window thread for each signal that means leaving.
    """

    def __init__(self, leave: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._leave = leave
        self._inner, self._outer = socket.socketpair()
        for end in (self._inner, self._outer):
            end.setblocking(False)
        signal.set_wakeup_fd(self._outer.fileno(), warn_on_full_buffer=False)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _do_nothing)
        self._notifier = QSocketNotifier(self._inner.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def close(self) -> None:
        """Give the wake-up back, before the sockets go."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for end in (self._inner, self._outer):
            end.close()

    def _on_signal(self) -> None:
        self._inner.recv(64)
        self._leave()


def _do_nothing(_number: int, _frame: object) -> None:
    """Keep Python's own handlers from raising in the middle of a slot; the socket tells us."""
