"""A window with a blotted mask."""

from __future__ import annotations

import numpy as np
import pytest

from tests.ui.edge_panels.stage import SIZE_HW, blot
from tests.ui.window_stage import WindowStage


@pytest.fixture
def stage(stage: WindowStage) -> WindowStage:
    rng = np.random.default_rng(5)
    stage.open_picture(rng.integers(0, 256, (*SIZE_HW, 3), dtype=np.uint8), blot())
    return stage
