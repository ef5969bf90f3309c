"""A session, the next start of the program, and autosave that does not wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.autosaving.stage import SavedStage


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[SavedStage]:
    stage = SavedStage(tmp_path)
    yield stage
    stage.autosaver.give_up()
    stage.session.close()


@pytest.fixture
def again(stage: SavedStage) -> Iterator[SavedStage]:
    """The next start of the program."""
    again = SavedStage(stage.folder)
    yield again
    again.autosaver.give_up()
    again.session.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write at once instead of after a second."""
    monkeypatch.setattr("meticulous_gui.core.autosave.DELAY_S", 0.0)
    monkeypatch.setattr("meticulous_gui.core.autosave_writer.REST_RATIO", 0.0)
    monkeypatch.setattr("meticulous_gui.core.autosave.LONGEST_S", 0.05)
