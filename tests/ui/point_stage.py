"""A window whose click sessions are real, on a network that goes by colour and answers at a word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Qt
from pytestqt.qtbot import QtBot

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask, RgbImage
from meticulous_gui.engine.clicks.commands import ClickCommand
from meticulous_gui.engine.clicks.job import click_steps
from meticulous_gui.engine.jobs import ClickRequest, Failed, Finished, PhotoRef, RefineRequest
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.points.pointing import Pointing
from tests.engine.stubs import StubNetworks
from tests.ui.fakes import FakeRunner
from tests.ui.mouse import LEFT, NO_BUTTON, drag, send
from tests.ui.window_stage import WindowStage

RIGHT = Qt.MouseButton.RightButton
NO_KEYS = Qt.KeyboardModifier.NoModifier

SIZE_HW = 120, 200
RED = Box(20, 20, 90, 70)
OTHER_RED = Box(140, 60, 185, 105)
CYAN = Box(110, 10, 150, 40)
IN_RED, IN_OTHER, IN_CYAN, ON_BLUE = (55, 45), (162, 82), (130, 25), (100, 100)


def fields() -> RgbImage:
    """Return two red fields and a cyan one on blue."""
    rgb = np.full((*SIZE_HW, 3), (30, 40, 160), np.uint8)
    rgb[RED.slices()] = (200, 30, 30)
    rgb[OTHER_RED.slices()] = (200, 30, 30)
    rgb[CYAN.slices()] = (30, 200, 200)
    return rgb


class ClickServer(FakeRunner):
    """Answers clicks when it is told to; other jobs wait for the test as ever.

    Attributes:
        breaks: the next click command that runs fails with this sentence; "" for none.
        networks: that answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.breaks = ""
        self._levels: dict[str, PhotoLevels] = {}
        self.networks = StubNetworks()

    def put_photo(self, rgb: Any) -> PhotoRef:
        ref = super().put_photo(rgb)
        self._levels[ref.key] = PhotoLevels(rgb)
        return ref

    @property
    def commands(self) -> list[ClickCommand]:
        """What was asked of click sessions so far."""
        return [job.request.command for job in self.jobs if isinstance(job.request, ClickRequest)]

    @property
    def sessions(self) -> dict[str, object]:
        """The sessions that are open, on all photos."""
        return {name: one for levels in self._levels.values() for name, one in levels.sessions.items()}

    def forget_sessions(self) -> None:
        """Lose them, as a network process does that ends."""
        for levels in self._levels.values():
            levels.sessions.clear()

    def serve(self) -> None:
        """Answer all click commands that wait, in order."""
        for job in self.jobs:
            request = job.request
            if job.is_over or not isinstance(request, ClickRequest):
                continue
            if job.is_cancelled:
                job.acknowledge()
            elif self.breaks:
                why, self.breaks = self.breaks, ""
                job.tell(Failed(why, "crash"))
            else:
                self._run(job, request)

    def _run(self, job: Any, request: ClickRequest) -> None:
        steps = click_steps(request, self._levels[request.photo.key], self.networks)
        while True:
            try:
                event = next(steps)
            except StopIteration as stop:
                job.tell(Finished(stop.value))
                return
            except MeticulousError as error:
                job.fail(str(error))
                return
            job.tell(event)


class PointStage(WindowStage):
    """A window in which somebody points.

    Attributes:
        server: the runner.
        is_slow: whether clicks wait until `answer`.
    """

    def __init__(self, folder: Path, qtbot: QtBot, choices: Choices | None = None) -> None:
        self.is_slow = False
        self.server = ClickServer()
        super().__init__(folder, qtbot, choices)
        self.runner = self.server
        self.session.set_runner(self.server)

    @property
    def pointing(self) -> Pointing:
        return self.session.pointing

    @property
    def mask(self) -> Mask:
        return self.alpha >= 128

    @property
    def titles(self) -> list[str]:
        """The names of the applied steps that do not grow any more."""
        steps = self.document.history.steps
        return [step.title for step in steps if step.is_applied and not step.is_open]

    @property
    def refines(self) -> list[RefineRequest]:
        return [job.request for job in self.server.jobs if isinstance(job.request, RefineRequest)]

    def settle(self) -> None:
        """Let everything that waits happen, clicks too unless they are slow."""
        for _ in range(4):
            super().settle()
            if not self.is_slow:
                self.server.serve()
        super().settle()

    def answer(self) -> None:
        """Let slow clicks be answered."""
        self.server.serve()
        super().settle()

    def take_tool(self) -> None:
        """Take the tool in hand by its key."""
        self.press(Qt.Key.Key_P)
        self.session.pointing.prepare()
        self.settle()

    def click(
        self, x: float, y: float, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NO_KEYS
    ) -> None:
        """Click on an image point with the real mouse."""
        self.hover(x, y, keys)
        at, canvas = self.at(x, y), self.window.canvas
        send(canvas, QEvent.Type.MouseButtonPress, at, button=button, held=button, keys=keys)
        send(canvas, QEvent.Type.MouseButtonRelease, at, button=button, held=NO_BUTTON, keys=keys)
        self.settle()

    def hover(self, x: float, y: float, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Move the mouse there without a button."""
        send(
            self.window.canvas,
            QEvent.Type.MouseMove,
            self.at(x, y),
            button=NO_BUTTON,
            held=NO_BUTTON,
            keys=keys,
        )

    def drag(
        self,
        *points: tuple[float, float],
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NO_KEYS,
    ) -> None:
        """Drag from image point to image point."""
        drag(self.window.canvas, *(self.at(*point) for point in points), button=button, keys=keys)
        self.settle()

    def share_of(self, box: Box) -> float:
        """Return how much of a box the mask covers, 0..1."""
        return float(self.mask[box.slices()].mean())

    def has_most_of(self, box: Box) -> bool:
        """Say whether the mask covers more than half of a box: the stub is no better than that."""
        return self.share_of(box) > 0.5
