"""Resampling of parts agrees with resampling of the whole."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.resample import crop_padded, enlarge_crop, shrink_by, source_box


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_enlarged_tiles_meet_to_the_bit_and_equal_opencv(h: int, w: int, factor: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 3, (h, w)).astype(np.float32)
    large = Box(0, 0, w * factor, h * factor)
    scale = (1 / factor, 1 / factor)
    whole = enlarge_crop(values, large, scale_yx=scale)
    reference = cv2.resize(values, (large.width, large.height), interpolation=cv2.INTER_LINEAR)
    np.testing.assert_allclose(whole, reference.reshape(whole.shape), atol=1e-5)
    for tile in large.tiles(7):
        np.testing.assert_array_equal(enlarge_crop(values, tile, scale_yx=scale), whole[tile.slices()])


def test_beyond_the_edge_the_last_pixels_repeat() -> None:
    values = np.array([[1.0, 3.0]], np.float32)
    wide = enlarge_crop(values, Box(-2, -1, 8, 2), scale_yx=(0.5, 0.5))
    assert wide[1].tolist() == [1, 1, 1, 1.5, 2.5, 3, 3, 3, 3, 3]
    assert enlarge_crop(values, Box(-1, 0, 3, 1), scale_yx=(1.0, 1.0)).tolist() == [[1, 1, 3, 3]]


def test_the_source_box_holds_every_pixel_that_counts() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(20, 30)).astype(np.float32)
    box = Box(33, 21, 61, 44)
    source = source_box(box, scale_yx=(0.25, 0.25), size_hw=(20, 30))
    spoiled = np.full_like(values, 1e6)
    spoiled[source.slices()] = values[source.slices()]
    scale = (0.25, 0.25)
    np.testing.assert_array_equal(
        enlarge_crop(values, box, scale_yx=scale), enlarge_crop(spoiled, box, scale_yx=scale)
    )


@pytest.mark.parametrize("size_hw", [(8, 12), (9, 13), (1, 1), (1030, 5)])
def test_shrinking_averages_blocks_and_repeats_the_last_row_and_column(size_hw: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    image = rng.uniform(0, 1, (*size_hw, 3)).astype(np.float32)
    small = shrink_by(image, 4)
    padded = np.pad(image, ((0, -size_hw[0] % 4), (0, -size_hw[1] % 4), (0, 0)), mode="edge")
    blocks = padded.reshape(padded.shape[0] // 4, 4, padded.shape[1] // 4, 4, 3)
    np.testing.assert_allclose(small, blocks.mean(axis=(1, 3)), atol=1e-6)


def test_a_crop_beyond_the_edge_is_a_mirror_or_a_clamp() -> None:
    image = np.arange(4, dtype=np.uint8).reshape(1, 4).repeat(2, axis=0)
    assert crop_padded(image, Box(-2, 0, 6, 1)).tolist() == [[1, 0, 0, 1, 2, 3, 3, 2]]
    assert crop_padded(image, Box(2, 0, 9, 1)).tolist() == [[2, 3, 3, 2, 1, 0, 0]]
    assert crop_padded(image, Box(-2, 0, 6, 1), outside="clamp").tolist() == [[0, 0, 0, 1, 2, 3, 3, 3]]
    with pytest.raises(ValueError, match="does not meet"):
        crop_padded(image, Box(4, 0, 6, 1))
    with pytest.raises(ValueError, match="outside"):
        crop_padded(image, Box(0, 0, 1, 1), outside="wrap")


def test_a_crop_is_a_copy() -> None:
    image = np.zeros((4, 4), np.uint8)
    crop_padded(image, Box(0, 0, 2, 2))[:] = 9
    assert image.max() == 0
