"""Clicks that are under way, and what waits until they are done, though not for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from meticulous_gui.ui.points.open_object import Mark

PATIENCE_MS: Final = 1500


class Waiting:
    """Clicks that are drawn but not answered yet, and calls that are made later, all at once.

    Args:
        give_up: ends what the calls wait for; called when that takes too long.

    Attributes:
        marks: the clicks, in order.
        keeps: whether the object is to be kept when they are answered.
    """

    def __init__(self, parent: QObject, *, give_up: Callable[[], None]) -> None:
        self.marks: list[Mark] = []
        self.keeps = False
        self._calls: list[Callable[[], object]] = []
        self._patience = QTimer(parent, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(give_up)

    def forget(self) -> None:
        """Wait for no click any more; the calls stay."""
        self.marks.clear()
        self.keeps = False

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
