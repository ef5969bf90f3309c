"""What waits until clicks under way are done, though not for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

PATIENCE_MS: Final = 1500


class Afterwards:
    """Calls that are made later, all at once.

    Args:
        give_up: ends what they wait for; called when that takes too long.
    """

    def __init__(self, parent: QObject, *, give_up: Callable[[], None]) -> None:
        self._calls: list[Callable[[], object]] = []
        self._patience = QTimer(parent, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(give_up)

    def add(self, call: Callable[[], object]) -> None:
        """Make a call when `run` comes."""
        self._calls.append(call)
        self._patience.start()

    def run(self) -> None:
        """Make the calls."""
        self._patience.stop()
        calls, self._calls = self._calls, []
        for call in calls:
            call()
