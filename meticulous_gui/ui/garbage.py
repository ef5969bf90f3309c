"""Python's search for cycles of garbage, in the window thread and nowhere else."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 1000


class GarbageCollector(QObject):
    """Frees what only refers to itself, as soon after Python itself would do it as a timer allows.

    Python searches in whichever thread happens to make an object, and frees there what it finds: a widget or
    a timer that dies in a thread that reads a photo or listens to the networks takes the process along.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def _collect(self) -> None:
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [number for number in range(len(counts)) if counts[number] > thresholds[number]]
        if due:
            gc.collect(due[-1])
