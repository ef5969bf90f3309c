"""The window of each of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.batch.stage import BatchStage


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[BatchStage]:
    stage = BatchStage(tmp_path / "photos", qtbot)
    yield stage
    for job in stage.runner.jobs:
        if not job.is_over:
            job.acknowledge()
    stage.queue.close()
    stage.session.close()
