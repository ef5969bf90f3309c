"""A folder of masks beside a folder of small photos, for tests of what is read from it and written there."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from meticulous_gui.core.types import Alpha
from tests.ui.window_stage import WindowStage

SIZE_HW = 40, 60


def masks_of(stage: WindowStage) -> Path:
    return stage.folder.parent / "masks"


def box_mask() -> Alpha:
    mask = np.zeros(SIZE_HW, np.uint8)
    mask[5:15, 20:40] = 255
    return mask


def read(path: Path) -> Alpha:
    found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return found
