"""The network process: a `Runner`; requests come from a pipe, pixels go through shared memory."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import logging
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import cv2

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.tuning import collect_seldom, forget_old_sizes, keep_freed_memory, spin_briefly
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import Event, Failed, Partial, WarmUpRequest, is_last
from meticulous_gui.engine.runner import Runner
from meticulous_gui.engine.shared import open_block
from meticulous_gui.engine.wire import (
    Cancel,
    Choose,
    Drop,
    FreeSlot,
    Happened,
    Leave,
    Pixels,
    Put,
    Started,
    StatusIs,
    Submit,
    ToChild,
    ToParent,
    unpacked,
)
from meticulous_gui.engine.work import NetworkSource

__all__ = ["SLOT_BYTES", "ChildOptions", "run_child"]

SLOT_BYTES: Final = 2 << 20
"""One slot of the ring holds alpha and confidence of a megapixel."""

_LOG = logging.getLogger(__name__)
_PREPARATION: Final = 0
"""The number of the job that only loads torch."""


@dataclass(frozen=True)
class ChildOptions:
    """What the network process is started with.

    Attributes:
        catalog, device: see `Runner`.
        networks: "module:function" that takes catalog and device and gives the source of networks.
        n_threads: of torch and OpenCV.
        niceness: added to the process's own; 0 leaves it.
        ring: the block for results.
        n_slots: in the ring.
    """

    catalog: Catalog
    device: str | None
    networks: str
    n_threads: int
    niceness: int
    ring: Path
    n_slots: int


def run_child(connection: Connection, options: ChildOptions) -> None:
    """Serve until told to leave or until the other side is gone; then end the process."""
    # All before torch is loaded, which reads it once.
    spin_briefly()
    forget_old_sizes()
    os.environ["OMP_NUM_THREADS"] = str(options.n_threads)
    cv2.setNumThreads(options.n_threads)
    collect_seldom()
    keep_freed_memory()
    if options.niceness and hasattr(os, "nice"):
        os.nice(options.niceness)
    # Ctrl+C in a terminal reaches both processes; what it means is for the window to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = _Child(connection, options)
    with contextlib.suppress(EOFError, OSError):
        child.serve()
    child.leave()


class _Child:
    def __init__(self, connection: Connection, options: ChildOptions) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._ring = open_block(options.ring, is_writable=True)
        self._free: queue.SimpleQueue[int] = queue.SimpleQueue()
        for slot in range(options.n_slots):
            self._free.put(slot)
        self._is_leaving = threading.Event()
        self._runner = Runner(options.catalog, networks=_factory(options), on_start=self._on_start)
        self._runner.submit_as(_PREPARATION, WarmUpRequest(None, None), self._on_prepared)

    def serve(self) -> None:
        """Do what the other side says, until it says to leave."""
        while True:
            message: ToChild = self._connection.recv()
            match message:
                case Put(ref=ref, path=path):
                    with contextlib.suppress(FileNotFoundError):  # dropped already, as we shall hear
                        self._runner.put_photo_as(ref, open_block(path).reshape(*ref.size_hw, 3))
                case Drop(ref=ref):
                    self._runner.drop_photo(ref)
                case Submit(job_id=job_id, request=request, path=path, replaces=replaces):
                    whole = unpacked(request, path)
                    self._runner.submit_as(job_id, whole, self._on_event, replaces=replaces)
                case Cancel(job_id=job_id):
                    self._runner.cancel(job_id)
                case Choose(catalog=catalog):
                    self._runner.choose(catalog)
                case FreeSlot(slot=slot):
                    self._free.put(slot)
                case Leave():
                    return

    def leave(self) -> None:
        """End the process: at once when the step under way does not end soon."""
        self._is_leaving.set()
        closing = threading.Thread(target=self._runner.close, daemon=True)
        closing.start()
        closing.join(1.0)
        sys.stdout.flush()
        sys.stderr.flush()
        # Threads of torch may hang in their own farewell; there is nothing here that must be kept.
        os._exit(0)

    def _send(self, message: ToParent) -> None:
        """Tell the other side; where it is gone nobody hears it, and `serve` ends."""
        with self._sending, contextlib.suppress(OSError):
            self._connection.send(message)

    def _on_start(self, job_id: int) -> None:
        if job_id != _PREPARATION:
            self._send(Started(job_id))

    def _on_prepared(self, _job_id: int, event: Event) -> None:
        if is_last(event):
            message = event.message if isinstance(event, Failed) else ""
            self._send(StatusIs(dataclasses.replace(self._runner.status(), message=message)))

    def _on_event(self, job_id: int, event: Event) -> None:
        if isinstance(event, Partial):
            self._send_pixels(job_id, event)
            return
        if is_last(event):
            self._send(StatusIs(self._runner.status()))
        self._send(Happened(job_id, event))

    def _send_pixels(self, job_id: int, partial: Partial) -> None:
        """Send a partial in as many pieces as slots ask for."""
        box = partial.box
        rows = max(1, SLOT_BYTES // 2 // box.width)
        for top in range(0, box.height, rows):
            bottom = min(top + rows, box.height)
            slot = self._next_slot()
            if slot is None:
                return
            count = (bottom - top) * box.width
            start = slot * SLOT_BYTES
            self._ring[start : start + count] = partial.alpha[top:bottom].reshape(-1)
            self._ring[start + count : start + 2 * count] = partial.confidence[top:bottom].reshape(-1)
            self._send(Pixels(job_id, Box(box.x0, box.y0 + top, box.x1, box.y0 + bottom), slot))

    def _next_slot(self) -> int | None:
        while not self._is_leaving.is_set():
            try:
                return self._free.get(timeout=0.5)
            except queue.Empty:
                continue
        return None


def _factory(options: ChildOptions) -> Callable[[], NetworkSource]:
    module, _, name = options.networks.partition(":")

    def make() -> NetworkSource:
        source: NetworkSource = getattr(importlib.import_module(module), name)(
            options.catalog, options.device
        )
        if "torch" in sys.modules:
            import torch

            # OpenMP keeps this per thread; this is the thread that will run the networks.
            torch.set_num_threads(options.n_threads)
        return source

    return make
