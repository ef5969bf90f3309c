"""A mask of which only a box is kept is the mask itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.engine.clicks.piece import Piece, piece_of


@given(st.integers(0, 10_000), st.tuples(*[st.integers(0, 19)] * 4), st.tuples(*[st.integers(0, 19)] * 4))
def test_it_agrees_with_the_whole_mask_everywhere(
    seed: int, inner: tuple[int, int, int, int], asked: tuple[int, int, int, int]
) -> None:
    rng = np.random.default_rng(seed)
    whole = np.zeros((20, 20), np.bool_)
    box = Box(
        min(inner[0], inner[2]), min(inner[1], inner[3]), max(inner[0], inner[2]), max(inner[1], inner[3])
    )
    whole[box.slices()] = rng.random(box.size_hw) < 0.3
    loose, tight = Piece(box, whole[box.slices()]), piece_of(whole)
    assert tight.box == loose.tight().box == bounding_box(whole)
    where = Box(
        min(asked[0], asked[2]), min(asked[1], asked[3]), max(asked[0], asked[2]), max(asked[1], asked[3])
    )
    for piece in (loose, tight, loose.tight()):
        np.testing.assert_array_equal(piece.at(where), whole[where.slices()])
        assert piece.touches(where) == whole[where.slices()].any()
