"""What holds for all tests of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.point_stage import PointStage, fields
from tests.ui.window_stage import WindowStage

NEVER_MS = 3_600_000
PATIENCE_MS = 60_000  # a loaded machine is slow, not wrong


class PatientQtBot(QtBot):
    """Waits longer than pytest-qt's five seconds for what comes from another thread."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802
        """Let the program run until something is so."""
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Take the place of pytest-qt's fixture."""
    return PatientQtBot(request)


@pytest.fixture(autouse=True)
def _nothing_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare no next photo, for its job would come at an hour of its own; tests of that turn it on."""
    monkeypatch.setattr("meticulous_gui.ui.ahead.QUIET_MS", NEVER_MS)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    """A window in which nothing is open."""
    stage = WindowStage(tmp_path, qtbot)
    yield stage
    stage.session.close()


@pytest.fixture
def point_stage(qtbot: QtBot, tmp_path: Path) -> Iterator[PointStage]:
    """A window that shows coloured fields, with the tool to point at them in hand."""
    stage = PointStage(tmp_path, qtbot)
    stage.open_picture(fields())
    stage.take_tool()
    yield stage
    stage.session.close()
