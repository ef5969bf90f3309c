"""The ladder of sizes."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.ladder import PhotoLevels, ladder_factors


@given(st.integers(1, 30_000), st.sampled_from([2.0, 4.0, 8.0]))
def test_no_step_is_larger_than_allowed_and_the_last_level_is_the_photo(
    long_px: int, max_step: float
) -> None:
    factors = ladder_factors((long_px // 2 + 1, long_px), coarse_px=336, max_step=max_step)
    assert factors[-1] == 1
    sizes = [336.0, *(long_px / factor for factor in factors)]
    assert all(after / before <= max_step + 1e-9 for before, after in itertools.pairwise(sizes))
    assert all(a > b for a, b in itertools.pairwise(factors))


def test_levels_of_common_photos() -> None:
    levels = {
        long_px: ladder_factors((100, long_px), coarse_px=336) for long_px in (100, 600, 1344, 2000, 4000)
    }
    assert levels == {100: (1,), 600: (1,), 1344: (1,), 2000: (2, 1), 4000: (4, 1)}
    assert ladder_factors((4000, 6000), coarse_px=336) == (8, 4, 1)
    assert ladder_factors((8000, 12000), coarse_px=336) == (16, 4, 1)


def test_a_step_below_two_is_refused() -> None:
    with pytest.raises(ValueError, match="max_step"):
        ladder_factors((10, 10), coarse_px=336, max_step=1.5)


def test_a_level_does_not_depend_on_what_was_asked_before() -> None:
    rng = np.random.default_rng(0)
    rgb = rng.integers(0, 256, (101, 203, 3), dtype=np.uint8)
    one, other = PhotoLevels(rgb), PhotoLevels(rgb)
    other.level(2)
    other.level(4)
    np.testing.assert_array_equal(one.level(8), other.level(8))
    assert one.level_hw(8) == one.level(8).shape[:2] == (13, 26)
    assert one.level(1) is rgb
    assert one.crop(8, Box(20, 0, 52, 32)).shape == (32, 32, 3)
