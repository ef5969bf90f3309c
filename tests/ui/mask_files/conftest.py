"""A photo with its automatic mask."""

from __future__ import annotations

import pytest

from tests.ui.window_stage import WindowStage


@pytest.fixture
def stage(stage: WindowStage) -> WindowStage:
    stage.open_with_mask()
    return stage
