"""Patches: where they start, which are chosen, how they blend."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.band import SparseMask
from meticulous_gui.engine.tiling import Blend, Grid, Patch, grid_starts, plan, window
from meticulous_gui.engine.types import Mask

GRID = Grid()
MIDDLE = (0.0, 0.0)


def all_patches(size_hw: tuple[int, int], grid: Grid = GRID) -> tuple[Patch, ...]:
    return plan(SparseMask.from_mask(np.ones(size_hw, np.bool_)), grid, focus_xy=MIDDLE)


def test_starts_are_those_of_the_fact_sheet() -> None:
    assert grid_starts(225, GRID) == (0, 1)
    assert grid_starts(384, GRID) == (0, 160)
    assert grid_starts(385, GRID) == (0, 80, 161)
    assert grid_starts(1000, GRID) == (0, 155, 310, 466, 621, 776)
    starts = grid_starts(6000, GRID)
    assert len(starts) == 38
    assert max(np.diff(starts)) == 157
    assert grid_starts(1024, GRID) == (0, 160, 320, 480, 640, 800)
    assert grid_starts(100, GRID) == grid_starts(224, GRID) == (0,)


def test_no_edge_is_ever_lost() -> None:
    """Check 11: every pixel of an axis lies in a patch's centre or in a border patch's edge."""
    for n_px in range(225, 1301):
        starts = grid_starts(n_px, GRID)
        assert starts[0] == 0
        assert starts[-1] == n_px - 224
        ends = [start + 192 for start in starts[:-1]] + [n_px]
        begins = [0] + [start + 32 for start in starts[1:]]
        assert all(begin <= end for begin, end in zip(begins[1:], ends, strict=False))


@given(st.integers(1, 700), st.integers(1, 700), st.integers(0, 2**32 - 1))
def test_every_pixel_of_the_band_lies_in_the_cell_of_exactly_one_patch_and_in_its_centre(
    height: int, width: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    band = rng.random((height, width)) < 0.001
    count = np.zeros((height, width), np.int64)
    for patch in plan(SparseMask.from_mask(band), GRID, focus_xy=MIDDLE):
        assert band[patch.cell.slices()].any()
        count[patch.cell.slices()] += 1
        left, top, right, bottom = patch.edges
        centre = Box(
            0 if left else patch.box.x0 + 32,
            0 if top else patch.box.y0 + 32,
            width if right else patch.box.x1 - 32,
            height if bottom else patch.box.y1 - 32,
        )
        assert centre.contains(patch.cell)
    assert (count[band] == 1).all()
    assert count.max(initial=0) <= 1


def test_the_plan_is_the_same_each_time_and_begins_at_the_focus() -> None:
    band = SparseMask.from_mask(np.ones((900, 1300), np.bool_))
    first = plan(band, GRID, focus_xy=(1200.0, 800.0))
    assert first == plan(band, GRID, focus_xy=(1200.0, 800.0))
    assert first[0].cell.contains_xy(1200, 800)
    assert set(first) == set(plan(band, GRID, focus_xy=MIDDLE))
    assert all_patches((900, 1300))[0].box == Box(0, 0, 224, 224)


def _star(n_waves: int, amplitude_px: float) -> Mask:
    angle = np.linspace(0, 2 * np.pi, 200_001)[:-1]
    radius = 1400 + amplitude_px * np.sin(n_waves * angle)
    points = np.stack([3000 + radius * np.cos(angle), 2000 + radius * np.sin(angle)], axis=1)
    mask = np.zeros((4000, 6000), np.uint8)
    cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 1)
    return mask.astype(np.bool_)


def _disc() -> Mask:
    mask = np.zeros((4000, 6000), np.uint8)
    cv2.circle(mask, (3000, 2000), 1400, 1, -1)
    return mask.astype(np.bool_)


@pytest.mark.parametrize(
    ("mask", "contour_px", "at_most"),
    # Shapes of 7.1, drawn anew after the length of their contour.
    [(_disc(), 7_916, 84), (_star(24, 145), 15_376, 145), (_star(300, 99), 107_640, 155)],
    ids=["disc", "wavy", "hairy"],
)
def test_a_24_megapixel_shape_needs_no_more_patches_than_the_fact_sheet_says(
    mask: Mask, contour_px: int, at_most: int
) -> None:
    as_bytes = mask.astype(np.uint8)
    contours, _ = cv2.findContours(as_bytes, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    assert sum(len(contour) for contour in contours) == pytest.approx(contour_px, rel=0.03)
    distance = np.where(
        mask,
        cv2.distanceTransform(as_bytes, cv2.DIST_L2, 5),
        cv2.distanceTransform(1 - as_bytes, cv2.DIST_L2, 5),
    )
    band = SparseMask.from_mask(distance <= 12)
    assert 0.8 * at_most <= len(plan(band, GRID, focus_xy=(3000, 2000))) <= at_most


def test_the_window_is_a_cosine_whose_ramps_add_up_to_one() -> None:
    ramp = window(GRID, has_edge_before=False, has_edge_after=False)
    np.testing.assert_allclose(
        ramp[[0, 1, 31, 32, 63]], [0.000151, 0.001355, 0.4877, 0.5123, 0.9998], atol=5e-5
    )
    np.testing.assert_allclose(ramp[:64] + ramp[160:], 1.0, atol=1e-12)
    assert (window(GRID, has_edge_before=True, has_edge_after=True) == 1).all()


def _blend_all(
    patches: tuple[Patch, ...], logits: NDArray[np.float32], order: NDArray[np.int64]
) -> NDArray[np.float32]:
    blend = Blend(patches, GRID)
    for index in order:
        blend.add(int(index), logits[index])
    box = Box.whole((500, 700))
    return blend.mix(box, np.zeros(box.size_hw, np.float32))[0]


def test_the_blend_does_not_depend_on_the_order_of_the_patches() -> None:
    patches = all_patches((500, 700))
    rng = np.random.default_rng(3)
    logits = rng.normal(0, 4, (len(patches), 224, 224)).astype(np.float32)
    order = np.arange(len(patches))
    first = _blend_all(patches, logits, order)
    np.testing.assert_array_equal(first, _blend_all(patches, logits, order[::-1]))
    np.testing.assert_array_equal(first, _blend_all(patches, logits, rng.permutation(order)))


def test_a_constant_leaves_no_seam() -> None:
    patches = all_patches((500, 700))
    logits = np.full((len(patches), 224, 224), 2.7, np.float32)
    assert np.abs(_blend_all(patches, logits, np.arange(len(patches))) - 2.7).max() <= 1e-6


@pytest.mark.parametrize("size_hw", [(1, 1), (223, 500), (225, 225), (700, 1000), (300, 2000)])
def test_patches_that_change_nothing_change_not_a_bit(size_hw: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    side = (size_hw[0] + 224, size_hw[1] + 224)
    base = rng.uniform(-8, 8, side).astype(np.float32)
    patches = all_patches(size_hw)
    blend = Blend(patches, GRID)
    for index, patch in enumerate(patches):
        blend.add(index, base[patch.box.slices()])
    box = Box.whole(size_hw)
    mixed, presence = blend.mix(box, base[box.slices()])
    np.testing.assert_array_equal(mixed, base[box.slices()])
    assert presence.min() == 1


def test_what_is_released_is_still_right_for_unfinished_neighbours() -> None:
    patches = all_patches((500, 700))
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 4, (len(patches), 224, 224)).astype(np.float32)
    whole = _blend_all(patches, logits, np.arange(len(patches)))
    blend = Blend(patches, GRID)
    result = np.zeros((500, 700), np.float32)
    for index, patch in enumerate(patches):
        blend.add(index, logits[index])
        result[patch.box.slices()] = blend.mix(patch.box, np.zeros((224, 224), np.float32))[0]
        blend.release(index)
    np.testing.assert_array_equal(result, whole)
    assert all(value is None for value in blend._logits.values())


def test_a_patch_that_was_left_out_leaves_what_was() -> None:
    patches = all_patches((224, 224))
    blend = Blend(patches, GRID)
    blend.add(0, None)
    base = np.full((224, 224), -1.5, np.float32)
    mixed, presence = blend.mix(Box.whole((224, 224)), base)
    np.testing.assert_array_equal(mixed, base)
    assert presence.max() == 0


def test_a_patch_may_be_added_only_once() -> None:
    blend = Blend(all_patches((224, 224)), GRID)
    blend.add(0, None)
    with pytest.raises(ValueError, match="twice"):
        blend.add(0, None)
