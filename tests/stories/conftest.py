"""The whole program in one process and its networks in another, as a person starts it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.remote import RemoteRunner
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.messages import Message
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.window import MainWindow
from tests.ui.received import received

PATIENCE_MS = 180_000  # a loaded machine is slow, not wrong


class Person:
    """Somebody at the window: sees what it shows, and waits until it is done."""

    def __init__(self, qtbot: QtBot, runner: RemoteRunner, folder: Path) -> None:
        self._qtbot = qtbot
        self.runner = runner
        self.folder = folder
        self.executor = ThreadPoolExecutor(2)
        self.session = Session(self.executor)
        self.window = MainWindow(self.session, Choices(), log_folder=folder)
        self.canvas = self.window.canvas
        self.messages: list[Message] = []
        self.session.posted.connect(self.messages.append)
        self.window.resize(1100, 760)
        self.window.show()
        qtbot.waitExposed(self.window)
        self.session.set_runner(runner)

    def open_sample(self, name: str = "coffee.png") -> Path:
        """Copy a sample photo into the folder and open it; returns when its mask is there."""
        path = Path(shutil.copy(resource_dir() / "samples" / name, self.folder / name))
        opened = received(self.session.document_opened)
        self.window.open_paths([path])
        self.wait_until(lambda: bool(opened))
        self.wait_for_networks()
        self.canvas.setFocus()
        return path

    @property
    def alpha(self) -> Alpha:
        """A copy of the active layer's alpha."""
        assert self.session.document is not None
        return self.session.document.active.alpha.copy()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Let the program run until something is so."""
        self._qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def wait_for_networks(self) -> None:
        """Let the program run until no network does."""
        self.wait_until(lambda: not self.session.work.is_running)

    def refine_until_a_patch_is_there(self) -> None:
        """Let MOS_H refine the whole edge and return at its first patch; the rest still runs."""
        patches = received(self.session.work.verdict_arrived)
        self.window.actions_set.trigger("refine_all")
        self.wait_until(lambda: bool(patches))

    def on_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Return where an image point lies on the canvas, in logical pixels."""
        view_x, view_y = self.canvas.view.image_to_view(x, y)
        return view_x / self.canvas.device_pixel_ratio, view_y / self.canvas.device_pixel_ratio

    def leave(self) -> None:
        """Close the window without a question."""
        self.window.close_without_question()
        self.session.close()
        self.executor.shutdown()
        self.window.deleteLater()


@pytest.fixture(scope="module")
def runner() -> Iterator[RemoteRunner]:
    """The networks in their process, with the weights that the program carries."""
    runner = RemoteRunner(Catalog.default(), n_threads=1)
    yield runner
    runner.close()


@pytest.fixture
def person(qtbot: QtBot, runner: RemoteRunner, tmp_path: Path) -> Iterator[Person]:
    person = Person(qtbot, runner, tmp_path)
    yield person
    person.leave()


def edge_point(alpha: Alpha) -> tuple[int, int]:
    """Return (x, y) of the object's left edge at half its height."""
    box = bounding_box(alpha >= 128)
    row = (box.y0 + box.y1) // 2
    return int(np.flatnonzero(alpha[row] >= 128)[0]), row
