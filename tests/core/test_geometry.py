"""Boxes and affine maps obey their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Affine, Box, bounding_box

coordinates = st.integers(-40, 40)
boxes = st.builds(Box, coordinates, coordinates, coordinates, coordinates)
numbers = st.floats(-50, 50).map(lambda value: round(value, 3))


def pixels(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x0, box.x1) for y in range(box.y0, box.y1)}


@given(boxes, boxes)
def test_clip_is_the_intersection_of_pixels(first: Box, second: Box) -> None:
    assert pixels(first.clip(second)) == pixels(first) & pixels(second)


@given(boxes, boxes)
def test_union_is_the_smallest_box_that_contains_both(first: Box, second: Box) -> None:
    union = first.union(second)
    assert union.contains(first)
    assert union.contains(second)
    both = pixels(first) | pixels(second)
    if both:
        assert union.x0 == min(x for x, _ in both)
        assert union.x1 == max(x for x, _ in both) + 1
        assert union.y0 == min(y for _, y in both)
        assert union.y1 == max(y for _, y in both) + 1


@given(boxes, boxes)
def test_contains_says_whether_all_pixels_lie_inside(first: Box, second: Box) -> None:
    assert first.contains(second) == (pixels(second) <= pixels(first))


@given(boxes)
def test_area_counts_pixels_and_an_empty_box_has_none(box: Box) -> None:
    assert box.area == len(pixels(box)) == box.width * box.height
    assert box.is_empty == (box.area == 0)
    assert box.size_hw == (box.height, box.width)


@given(boxes, st.integers(1, 17))
def test_tiles_are_disjoint_cover_the_box_and_never_cross_the_grid(box: Box, size_px: int) -> None:
    tiles = list(box.tiles(size_px))
    assert sum(tile.area for tile in tiles) == box.area
    assert set().union(*(pixels(tile) for tile in tiles)) == pixels(box)
    for tile in tiles:
        assert tile.x0 // size_px == (tile.x1 - 1) // size_px
        assert tile.y0 // size_px == (tile.y1 - 1) // size_px


def test_tiles_of_no_size_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        list(Box(0, 0, 4, 4).tiles(0))


@given(boxes, st.integers(0, 10))
def test_padding_and_shrinking_back_gives_the_same_box(box: Box, px: int) -> None:
    assert box.pad(px).pad(-px) == box


@given(boxes, st.sampled_from([0.125, 0.3, 0.5, 1.0, 3.0, 7.7]))
def test_scaled_goes_outwards_by_less_than_a_pixel(box: Box, scale: float) -> None:
    scaled = box.scaled(scale)
    if box.is_empty:
        assert scaled.is_empty
        return
    for new, old in ((scaled.x0, box.x0), (scaled.y0, box.y0)):
        assert -1.0 < new - old * scale <= 1e-6
    for new, old in ((scaled.x1, box.x1), (scaled.y1, box.y1)):
        assert -1e-6 <= new - old * scale < 1.0


def test_scaling_down_and_up_by_a_whole_number_does_not_grow_through_rounding() -> None:
    assert Box(0, 0, 3, 3).scaled(1 / 3).scaled(3.0) == Box(0, 0, 3, 3)


@given(boxes)
def test_slices_take_the_box_out_of_an_array(box: Box) -> None:
    inside = box.clip(Box(0, 0, 30, 20))
    assert np.zeros((20, 30))[inside.slices()].shape == inside.size_hw


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 8)), max_size=6))
def test_bounding_box_holds_exactly_the_pixels_that_are_set(points: list[tuple[int, int]]) -> None:
    mask = np.zeros((9, 13), np.bool_)
    for x, y in points:
        mask[y, x] = True
    box = bounding_box(mask)
    assert box.is_empty == (not points)
    assert mask[box.slices()].sum() == mask.sum()
    if points:
        assert box == Box(
            min(x for x, _ in points),
            min(y for _, y in points),
            max(x for x, _ in points) + 1,
            max(y for _, y in points) + 1,
        )
    assert bounding_box(mask.astype(np.uint8) * 200) == box


def test_bounding_box_of_nothing_is_empty() -> None:
    assert bounding_box(np.zeros((0, 5), np.bool_)) == Box(0, 0, 0, 0)


affines = st.builds(Affine, numbers, numbers, numbers, numbers, numbers, numbers)
steep = affines.filter(lambda affine: abs(affine.a * affine.e - affine.b * affine.d) > 1.0)


@given(steep, numbers, numbers)
def test_an_inverse_brings_a_point_back(affine: Affine, x: float, y: float) -> None:
    assert affine.inverse().apply_xy(*affine.apply_xy(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(affines, affines, numbers, numbers)
def test_compose_applies_one_map_after_the_other(outer: Affine, inner: Affine, x: float, y: float) -> None:
    expected = outer.apply_xy(*inner.apply_xy(x, y))
    assert outer.compose(inner).apply_xy(x, y) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_a_map_that_flattens_has_no_inverse() -> None:
    with pytest.raises(ValueError, match="no inverse"):
        Affine(1.0, 2.0, 0.0, 2.0, 4.0, 0.0).inverse()


def test_scale_and_translation_do_what_they_say() -> None:
    assert Affine.scale(2.0, 3.0).apply_xy(1.5, 1.0) == (3.0, 3.0)
    assert Affine.translation(-1.0, 4.0).apply_xy(2.0, 0.5) == (1.0, 4.5)
