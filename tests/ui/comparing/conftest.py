"""Windows with one refiner and with two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.resources import resource_dir
from meticulous_gui.engine import catalog
from tests.ui.comparing.stage import make_stage
from tests.ui.weight_files import install_card
from tests.ui.window_stage import WindowStage


@pytest.fixture
def alone(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    """A window where only MOS_H has weights."""
    weights = tmp_path / "resources" / "weights"
    weights.mkdir(parents=True)
    for path in (resource_dir() / "weights").iterdir():
        if path.stem != "crm":
            (weights / path.name).symlink_to(path)
    monkeypatch.setattr(catalog, "resource_dir", lambda: weights.parent)
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    stage = make_stage(qtbot, tmp_path)
    yield stage
    stage.session.close()


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    """A window with two refiners."""
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    install_card(tmp_path / "data" / "weights", "crm", "refiner", architecture="crm")
    stage = make_stage(qtbot, tmp_path)
    yield stage
    stage.session.close()
