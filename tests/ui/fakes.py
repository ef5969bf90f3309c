"""A runner and an executor that do nothing by themselves: the test moves them step by step."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QCoreApplication

from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import (
    Cancelled,
    EngineStatus,
    Event,
    Failed,
    Finished,
    Partial,
    PhotoRef,
    Report,
    Request,
    Ticket,
    is_last,
)
from meticulous_gui.ui.messages import Message
from meticulous_gui.ui.saving import Saving
from meticulous_gui.ui.session import Session


class HandExecutor(Executor):
    """Holds work until `run_all`; in the calling thread, so that nothing is left to chance."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def work() -> None:
            try:
                value = fn(*args, **kwargs)
            except Exception as error:  # noqa: BLE001  # an executor hands every failure over
                future.set_exception(error)
            else:
                future.set_result(value)

        self._waiting.append(work)
        return future

    @property
    def n_waiting(self) -> int:
        """How much has not been begun."""
        return len(self._waiting)

    def run_all(self) -> None:
        """Do everything that waits, and what comes of it."""
        while self._waiting:
            self._waiting.pop(0)()


@dataclass
class FakeJob:
    """One submitted request and the way to answer it."""

    id: int
    request: Request
    on_event: Callable[[int, Event], None]
    replaces: str | None
    is_cancelled: bool = False
    is_over: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True

    def tell(self, event: Event) -> None:
        """Send one event, as the runner's thread would."""
        assert not self.is_over, "a job must not speak after its last event"
        self.is_over = is_last(event)
        self.on_event(self.id, event)

    def paint(self, box: Box, value: int) -> None:
        """Answer one box with one value."""
        self.tell(Partial(box, np.full(box.size_hw, value, np.uint8), np.full(box.size_hw, 200, np.uint8)))

    def finish(self, *, is_empty: bool = False, message: str = "") -> None:
        """Send the last event of a job that went well."""
        self.tell(Finished(Report(Box(0, 0, 1, 1), is_empty=is_empty, message=message)))

    def fail(self, message: str = "The network process ended; your mask is unchanged.") -> None:
        """Send the last event of a job that went wrong."""
        self.tell(Failed(message, "crash"))

    def acknowledge(self) -> None:
        """Send the last event of a job that was cancelled."""
        self.tell(Cancelled())


class FakeRunner:
    """Takes jobs and waits for the test to answer them."""

    def __init__(self) -> None:
        self.jobs: list[FakeJob] = []
        self.photos: list[PhotoRef] = []
        self.is_closed = False
        self.catalogs: list[Catalog] = []

    @property
    def job(self) -> FakeJob:
        """The newest job."""
        return self.jobs[-1]

    def put_photo(self, rgb: Any) -> PhotoRef:
        self.photos.append(PhotoRef(f"photo-{len(self.jobs)}-{id(rgb)}", rgb.shape[:2]))
        return self.photos[-1]

    def drop_photo(self, ref: PhotoRef) -> None:
        self.photos.remove(ref)

    def submit(
        self, request: Request, on_event: Callable[[int, Event], None], *, replaces: str | None = None
    ) -> Ticket:
        job = FakeJob(len(self.jobs) + 1, request, on_event, replaces)
        self.jobs.append(job)
        return Ticket(job.id, lambda _id: job.cancel())

    def choose(self, catalog: Catalog) -> None:
        self.catalogs.append(catalog)

    def status(self) -> EngineStatus:
        return EngineStatus("ready", "CPU (float32)", ("mos_l", "mos_h"))

    def close(self) -> None:
        self.is_closed = True


class Stage:
    """A session with everything it needs, and what it said."""

    def __init__(self, folder: Path, *, has_networks: bool = True) -> None:
        self.folder = folder
        self.executor = HandExecutor()
        self.runner = FakeRunner()
        self.session = Session(self.executor)
        self.messages: list[Message] = []
        self.session.posted.connect(self.messages.append)
        if has_networks:
            self.session.set_runner(self.runner)
        self.saving = Saving(self.session)
        self.exported: list[Path] = []
        self.saving.exported.connect(self.exported.append)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    @property
    def document(self) -> Document:
        """The open document; there must be one."""
        assert self.session.document is not None
        return self.session.document

    @property
    def alpha(self) -> Alpha:
        """A copy of the active layer's alpha."""
        return self.document.active.alpha.copy()

    def settle(self) -> None:
        """Let everything that waits happen: executor, inbox, queued signals."""
        for _ in range(5):
            self.executor.run_all()
            self.session.inbox.deliver_all()
            QCoreApplication.processEvents()

    def open(self, name: str = "photo.png", size_hw: tuple[int, int] = (40, 60)) -> Path:
        """Write a photo and open it."""
        path = make_photo(self.folder / name, size_hw)
        self.session.opener.open_path(path)
        self.settle()
        return path

    def open_with_mask(self) -> Path:
        """Open a photo whose automatic mask is a box in its middle."""
        path = self.open()
        self.runner.job.paint(Box(0, 0, 60, 40), 0)
        self.runner.job.paint(Box(20, 10, 40, 30), 255)
        self.runner.job.finish()
        self.settle()
        return path


def make_photo(path: Path, size_hw: tuple[int, int], *, mode: str = "RGB") -> Path:
    """Write a small photo of noise."""
    channels = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    noise = np.random.default_rng(3).integers(1, 255, (*size_hw, channels), dtype=np.uint8)
    Image.fromarray(noise[:, :, 0] if channels == 1 else noise, mode).save(path)
    return path
