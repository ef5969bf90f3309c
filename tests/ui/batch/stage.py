"""A window on a folder of three photos with the queue's panel open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.jobs import SegmentRequest
from tests.ui.fakes import FakeJob, make_photo
from tests.ui.window_stage import WindowStage

WHOLE, OBJECT = Box(0, 0, 60, 40), Box(20, 10, 40, 30)
NAMES = ["a.png", "b.png", "c.png"]


class BatchStage(WindowStage):
    """A window on a folder of three photos with the queue's panel open."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        super().__init__(folder, qtbot)
        self.qtbot = qtbot
        folder.mkdir()
        for name in NAMES:
            make_photo(folder / name, (40, 60))
        self.window.open_paths([folder])
        self.settle()
        self.press(Qt.Key.Key_F7)
        self.queue, self.panel = self.window.folder.queue, self.window.folder.batch

    def click(self, button: QAbstractButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def until(self, is_so: Callable[[], bool]) -> None:
        def look() -> bool:
            self.settle()
            return is_so()

        self.qtbot.waitUntil(look, timeout=30_000)

    @property
    def batch_jobs(self) -> list[FakeJob]:
        return [
            job
            for job in self.runner.jobs
            if isinstance(job.request, SegmentRequest) and job.request.urgency == "batch"
        ]

    def next_job(self) -> FakeJob:
        """Wait for the photo that comes next and return its job."""
        self.until(lambda: bool(self.batch_jobs) and not self.batch_jobs[-1].is_over)
        return self.batch_jobs[-1]

    def answer(self) -> None:
        """Find the object of the photo that comes next."""
        job = self.next_job()
        job.paint(WHOLE, 0)
        job.paint(OBJECT, 255)
        job.finish()

    def until_idle(self) -> None:
        self.until(lambda: not self.queue.is_running)
