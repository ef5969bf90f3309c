"""A pyramid's levels are exact halves, and updating a box equals building anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid

SIZES = [(1, 1), (1, 9), (2, 2), (7, 5), (64, 33), (37, 130), (300, 3)]


def noise(shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("size_hw", SIZES)
@pytest.mark.parametrize("channels", [(), (3,)])
def test_each_level_is_the_mean_of_two_by_two_with_the_rim_repeated(
    size_hw: tuple[int, int], channels: tuple[int, ...]
) -> None:
    pyramid = Pyramid(noise((*size_hw, *channels)))
    for k in range(1, pyramid.n_levels):
        below = pyramid.level(k - 1).astype(np.float64)
        pad = [(0, below.shape[0] % 2), (0, below.shape[1] % 2)] + [(0, 0)] * len(channels)
        even = np.pad(below, pad, mode="edge")
        mean = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4.0
        assert pyramid.level(k).shape == mean.shape
        assert np.abs(pyramid.level(k) - mean).max() <= 0.5
    assert pyramid.level(pyramid.n_levels - 1).shape[:2] == (1, 1)


@pytest.mark.parametrize("size_hw", SIZES)
def test_levels_have_half_the_size_rounded_up(size_hw: tuple[int, int]) -> None:
    pyramid = Pyramid(noise(size_hw))
    for k in range(pyramid.n_levels):
        assert pyramid.level(k).shape == (-(-size_hw[0] // 2**k), -(-size_hw[1] // 2**k))


@given(
    st.sampled_from(SIZES),
    st.integers(-3, 140),
    st.integers(-3, 140),
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from([(), (3,)]),
)
def test_updating_a_box_equals_building_anew(
    size_hw: tuple[int, int], x: int, y: int, width: int, height: int, channels: tuple[int, ...]
) -> None:
    level0 = noise((*size_hw, *channels))
    pyramid = Pyramid(level0)
    pyramid.build()
    box = Box(x, y, x + width, y + height).clip(pyramid.box)
    level0[box.slices()] = 255 - level0[box.slices()]
    pyramid.update(box)
    fresh = Pyramid(level0)
    for k in range(fresh.n_levels):
        assert np.array_equal(pyramid.level(k), fresh.level(k))


def test_updating_a_box_outside_changes_nothing() -> None:
    pyramid = Pyramid(noise((9, 9)))
    before = pyramid.level(2).copy()
    pyramid.update(Box(20, 20, 30, 30))
    assert np.array_equal(pyramid.level(2), before)


def test_a_level_that_nobody_asked_for_is_built_from_the_newest_pixels() -> None:
    level0 = np.zeros((8, 8), np.uint8)
    pyramid = Pyramid(level0)
    level0[:] = 200
    pyramid.update(Box(0, 0, 8, 8))
    assert (pyramid.level(3) == 200).all()


@pytest.mark.parametrize(
    ("scale", "level"), [(4.0, 0), (1.0, 0), (0.51, 0), (0.5, 1), (0.3, 1), (0.25, 2), (0.13, 2), (1e-9, 4)]
)
def test_the_level_for_a_scale_is_the_smallest_that_is_large_enough(scale: float, level: int) -> None:
    assert Pyramid(np.zeros((16, 9), np.uint8)).level_for(scale) == level


def test_level_zero_is_the_image_itself() -> None:
    image = noise((5, 6))
    assert Pyramid(image).level(0) is image


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.\.3"):
        Pyramid(noise((8, 3))).level(4)


def test_an_image_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="not empty"):
        Pyramid(np.zeros((0, 3), np.uint8))
