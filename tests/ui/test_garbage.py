"""Garbage is found in the window thread, whichever thread makes it necessary to look."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meticulous_gui.ui.garbage import GarbageCollector

ENOUGH = 100_000
"""So many new objects make Python look by itself, again and again."""


class Cycle(QObject):
    """Refers to itself and tells in which thread it dies."""

    def __init__(self, deaths: list[int]) -> None:
        super().__init__()
        self.itself = self
        self._deaths = deaths

    def __del__(self) -> None:
        self._deaths.append(threading.get_ident())


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[GarbageCollector]:
    monkeypatch.setattr("meticulous_gui.ui.garbage.LOOK_MS", 1)
    yield GarbageCollector()
    gc.enable()


def make_much(kept: list[list[int]]) -> None:
    kept.extend([number] for number in range(ENOUGH))


def test_what_a_worker_makes_frees_no_qt_object_there(collector: GarbageCollector, qtbot: QtBot) -> None:
    deaths: list[int] = []
    kept: list[list[int]] = []
    Cycle(deaths)
    worker = threading.Thread(target=make_much, args=(kept,))
    worker.start()
    worker.join()
    assert deaths == []
    qtbot.waitUntil(lambda: bool(deaths))
    assert deaths == [threading.get_ident()]


def test_little_garbage_is_left_alone(collector: GarbageCollector, qtbot: QtBot) -> None:
    gc.collect()
    deaths: list[int] = []
    Cycle(deaths)
    qtbot.wait(20)
    assert deaths == []
