"""The process is killed while somebody paints: what was done two seconds before is back, to the bit."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.stories.kills import kill_once

SAFE_AFTER_S = 2.0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
@pytest.mark.parametrize("seed", range(5))
def test_what_was_painted_two_seconds_before_a_kill_is_back(tmp_path: Path, seed: int) -> None:
    photo = tmp_path / "photo.jpg"
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    cv2.imwrite(str(photo), cv2.resize(noise, (3000, 2000)))
    state = tmp_path / "state"
    state.mkdir()
    killed = kill_once(photo, state, seed)
    assert killed.lost_s <= SAFE_AFTER_S
    assert killed.n_deeds > 0
