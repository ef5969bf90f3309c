"""Boxes cut into tiles, and what lies in the tiles, beside plain arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import DecidedMap
from meticulous_gui.core.tiles import TILE_PX, SparsePlane, pieces, tile_of

SIZE_HW = (600, 700)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, y0 = draw(st.integers(0, SIZE_HW[1])), draw(st.integers(0, SIZE_HW[0]))
    return Box(x0, y0, draw(st.integers(x0, SIZE_HW[1])), draw(st.integers(y0, SIZE_HW[0])))


@given(boxes())
def test_pieces_are_the_tiles_of_a_box_ready_to_index_with(box: Box) -> None:
    parts = list(box.tiles(TILE_PX))
    found = pieces(box)
    assert [key for key, _, _ in found] == [tile_of(part) for part in parts]
    for part, ((row, column), inner, own) in zip(parts, found, strict=True):
        assert inner == part.translate(-column * TILE_PX, -row * TILE_PX).slices()
        assert own == part.translate(-box.x0, -box.y0).slices()


@given(st.lists(st.tuples(boxes(), st.integers(0, 255), st.booleans()), max_size=5), boxes())
def test_a_sparse_plane_is_a_plane(
    writes: list[tuple[Box, int, bool]],
    asked: Box,
) -> None:
    plane, plain = SparsePlane(), np.zeros(SIZE_HW, np.uint8)
    for box, value, raises in writes:
        values = np.full(box.size_hw, value, np.uint8)
        if raises:
            plane.raise_to(box, values)
            plain[box.slices()] = np.maximum(plain[box.slices()], values)
        else:
            plane.write(box, values)
            plain[box.slices()] = values
    assert np.array_equal(plane.read(asked), plain[asked.slices()])


@given(st.lists(st.tuples(boxes(), st.booleans()), max_size=5), boxes())
def test_a_map_of_decided_pixels_is_a_plane_of_bits(writes: list[tuple[Box, bool]], asked: Box) -> None:
    decided, plain = DecidedMap(SIZE_HW), np.zeros(SIZE_HW, np.bool_)
    for box, value in writes:
        decided.set(box, np.full(box.size_hw, value, np.bool_))
        plain[box.slices()] = value
    assert np.array_equal(decided.get(asked), plain[asked.slices()])
    assert decided.is_empty() == (not plain.any())


def test_tiles_that_are_decided_wholly_share_one_and_never_write_to_it() -> None:
    decided = DecidedMap((700, 700))
    decided.set(Box(0, 0, 512, 512), np.ones((512, 512), np.bool_))
    decided.set(Box(10, 10, 11, 11), np.zeros((1, 1), np.bool_))
    expected = np.zeros((700, 700), np.bool_)
    expected[:512, :512] = True
    expected[10, 10] = False
    assert np.array_equal(decided.to_mask(), expected)
    for key in ((0, 0), (0, 1), (2, 2)):
        decided.flip_tile(key)
    expected[:256, :512] ^= True
    expected[512:, 512:] ^= True
    assert np.array_equal(decided.to_mask(), expected)
