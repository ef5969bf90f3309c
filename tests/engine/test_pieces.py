"""Ghosts: pieces that nowhere become solid."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.pieces import ghosts
from meticulous_gui.engine.types import Alpha, Mask


def _ghosts_of(alpha: Alpha, *, tile_px: int, may_drop: Mask | None = None) -> Mask:
    whole = Box.whole((alpha.shape[0], alpha.shape[1]))
    result = np.zeros(alpha.shape, np.bool_)
    reader = None if may_drop is None else (lambda box: may_drop[box.slices()])
    for step in ghosts(lambda box: alpha[box.slices()], whole, may_drop=reader, tile_px=tile_px):
        if step is not None:
            result[step[0].slices()] = step[1]
    return result


def _slow_ghosts_of(alpha: Alpha) -> Mask:
    count, labels = cv2.connectedComponents((alpha > 0).astype(np.uint8), connectivity=8)
    result = np.zeros(alpha.shape, np.bool_)
    for label in range(1, count):
        piece = labels == label
        if alpha[piece].max() < 128:
            result |= piece
    return result


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 17), st.integers(0, 2**32 - 1))
def test_tiles_find_the_same_ghosts_as_one_look_at_the_whole(
    height: int, width: int, tile_px: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.choice(
        np.array([0, 60, 127, 128, 255], np.uint8), (height, width), p=[0.6, 0.25, 0.1, 0.03, 0.02]
    )
    np.testing.assert_array_equal(_ghosts_of(values, tile_px=tile_px), _slow_ghosts_of(values))


def test_a_faint_strand_that_hangs_on_something_solid_by_a_corner_is_kept() -> None:
    alpha = np.zeros((8, 8), np.uint8)
    alpha[3, 3] = 255
    alpha[4, 4] = alpha[5, 5] = 90
    alpha[0, 7] = 90
    assert np.argwhere(_ghosts_of(alpha, tile_px=4)).tolist() == [[0, 7]]


def test_a_piece_with_a_pixel_that_must_stay_is_kept_whole() -> None:
    alpha = np.full((4, 6), 50, np.uint8)
    may_drop = np.ones((4, 6), np.bool_)
    may_drop[0, 0] = False
    assert not _ghosts_of(alpha, tile_px=3, may_drop=may_drop).any()
    assert _ghosts_of(alpha, tile_px=3).all()


@pytest.mark.parametrize("value", [0, 128, 255])
def test_without_anything_faint_there_is_nothing_to_do(value: int) -> None:
    assert not _ghosts_of(np.full((5, 9), value, np.uint8), tile_px=4).any()
