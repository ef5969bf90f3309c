from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as np_st

from meticulous_gui.core.rings import fill_rings, is_hole, join_rings, outline, simplify_ring, trace_rings
from meticulous_gui.core.types import Mask
from tests.core.annotation_readers import even_odd

MASKS = np_st.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12)))


def shoelace(ring: np.ndarray) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def disc(height: int = 80, width: int = 120, radius: float = 30.0) -> Mask:
    rows, columns = np.mgrid[:height, :width] + 0.5
    return np.hypot(rows - height / 2, columns - width / 2) < radius


def test_a_box_is_its_four_corners_clockwise_from_the_upper_left() -> None:
    mask = np.zeros((5, 7), np.bool_)
    mask[1:4, 2:5] = True
    (ring,) = trace_rings(mask)
    assert ring.tolist() == [[2, 1], [5, 1], [5, 4], [2, 4]]
    assert shoelace(ring) == 9


@given(mask=MASKS)
def test_rings_are_the_mask_and_nothing_else(mask: Mask) -> None:
    rings = trace_rings(mask)
    np.testing.assert_array_equal(fill_rings(rings, mask.shape), mask)
    assert sum(shoelace(ring) for ring in rings) == mask.sum(), "holes count against their object"
    assert all(len(ring) >= 4 for ring in rings)


@given(mask=MASKS)
def test_filling_is_the_even_odd_rule_at_pixel_centres(mask: Mask) -> None:
    slow = np.zeros(mask.shape, np.bool_)
    for ring in trace_rings(mask):
        slow ^= even_odd(ring, mask.shape)
    np.testing.assert_array_equal(slow, mask)


@given(mask=MASKS.filter(np.any))
def test_joined_rings_are_one_and_fill_the_same_pixels(mask: Mask) -> None:
    joined = join_rings(trace_rings(mask))
    np.testing.assert_array_equal(fill_rings([joined], mask.shape), mask)


def test_pixels_that_touch_at_a_corner_are_two_rings_and_a_hole_is_one() -> None:
    assert len(trace_rings(np.eye(2, dtype=np.bool_))) == 2
    ring_mask = np.ones((3, 3), np.bool_)
    ring_mask[1, 1] = False
    assert [is_hole(ring) for ring in trace_rings(ring_mask)] == [False, True]


def test_an_outline_has_few_corners_and_is_close() -> None:
    mask = disc()
    (exact,), (short,) = trace_rings(mask), outline(mask)
    assert len(short) < len(exact) / 3
    filled = fill_rings([short], mask.shape)
    assert (filled & mask).sum() / (filled | mask).sum() >= 0.98


@given(mask=MASKS.filter(np.any))
def test_an_outline_never_changes_more_than_two_in_a_hundred_pixels(mask: Mask) -> None:
    filled = fill_rings(outline(mask), mask.shape)
    assert (filled & mask).sum() / (filled | mask).sum() >= 0.98


def test_a_ring_that_would_vanish_stays() -> None:
    (ring,) = trace_rings(np.ones((1, 1), np.bool_))
    np.testing.assert_array_equal(simplify_ring(ring), ring)
