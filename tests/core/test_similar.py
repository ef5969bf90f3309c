"""What is similar to a point: agreed with a slow search, soft at its edge, more with more tolerance."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.similar import ColourDistance, SimilarColour, colour_at
from meticulous_gui.core.types import Coverage, RgbImage

SIZE_HW = (30, 44)
seeds = st.integers(0, 200)
xs, ys = st.integers(0, SIZE_HW[1] - 1), st.integers(0, SIZE_HW[0] - 1)
tolerances = st.floats(0, 120)


def clouds(seed: int) -> RgbImage:
    """Return a picture whose colours change softly, with a little noise."""
    rng = np.random.default_rng(seed)
    soft = cv2.GaussianBlur(rng.random((*SIZE_HW, 3), np.float32), (0, 0), 4)
    soft = (soft - soft.min()) / (soft.max() - soft.min()) * 235 + 10
    return np.rint(soft + rng.uniform(-3, 3, soft.shape)).astype(np.uint8)


def whole(similar: SimilarColour, tolerance: float, *, is_contiguous: bool) -> Coverage:
    box, coverage = similar.region(tolerance, is_contiguous=is_contiguous)
    assert coverage.shape == box.size_hw
    full = np.zeros(SIZE_HW, np.uint8)
    full[box.slices()] = coverage
    return full


def slow_distances(rgb: RgbImage, x: int, y: int) -> np.ndarray:
    around = rgb[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].reshape(-1, 3).astype(float)
    return np.abs(rgb.astype(int) - np.rint(around.mean(axis=0))).max(axis=2).astype(int)


@given(seeds, xs, ys, tolerances)
def test_everywhere_finds_each_pixel_within_tolerance(seed: int, x: int, y: int, tolerance: float) -> None:
    rgb = clouds(seed)
    covered = whole(SimilarColour(rgb, x, y), tolerance, is_contiguous=False)
    distances = slow_distances(rgb, x, y)
    nearest = distances[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].min()
    within = distances <= max(tolerance, nearest)
    assert (covered[within] == 255).all()
    beside = cv2.dilate(within.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    assert not covered[~beside].any()


@given(seeds, xs, ys, tolerances)
def test_contiguous_finds_what_a_slow_flood_finds(seed: int, x: int, y: int, tolerance: float) -> None:
    rgb = clouds(seed)
    distances = slow_distances(rgb, x, y)
    covered = whole(SimilarColour(rgb, x, y), tolerance, is_contiguous=True)
    near = distances[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2]
    nearest = [(int(row), int(column)) for row, column in np.argwhere(distances == near.min())]
    start = [(row, column) for row, column in nearest if abs(row - y) <= 1 and abs(column - x) <= 1][:1]
    reached, todo = set(start), list(start)
    while todo:
        row, column = todo.pop()
        for beside in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
            is_inside = 0 <= beside[0] < SIZE_HW[0] and 0 <= beside[1] < SIZE_HW[1]
            if is_inside and beside not in reached and distances[beside] <= max(tolerance, near.min()):
                reached.add(beside)
                todo.append(beside)
    expected = np.zeros(SIZE_HW, np.uint8)
    for pixel in reached:
        expected[pixel] = 1
    assert (covered[expected > 0] == 255).all()
    assert not covered[cv2.dilate(expected, np.ones((3, 3), np.uint8)) == 0].any()


@given(seeds, xs, ys, tolerances, tolerances, st.booleans())
def test_more_tolerance_covers_more(
    seed: int, x: int, y: int, first: float, second: float, is_contiguous: bool
) -> None:
    similar = SimilarColour(clouds(seed), x, y)
    low, high = sorted((first, second))
    less = whole(similar, low, is_contiguous=is_contiguous)
    assert (whole(similar, high, is_contiguous=is_contiguous) >= less).all()


@given(seeds, xs, ys, tolerances)
def test_what_hangs_together_is_part_of_everywhere(seed: int, x: int, y: int, tolerance: float) -> None:
    similar = SimilarColour(clouds(seed), x, y)
    near = whole(similar, tolerance, is_contiguous=True)
    assert (near <= whole(similar, tolerance, is_contiguous=False)).all()


@given(seeds, xs, ys)
def test_full_tolerance_covers_everything(seed: int, x: int, y: int) -> None:
    assert (whole(SimilarColour(clouds(seed), x, y), 255, is_contiguous=True) == 255).all()


@given(seeds, xs, ys, tolerances)
def test_a_colour_is_found_everywhere_without_a_point(seed: int, x: int, y: int, tolerance: float) -> None:
    rgb = clouds(seed)
    covered = ColourDistance(rgb, colour_at(rgb, x, y)).similar(tolerance)
    from_point = whole(SimilarColour(rgb, x, y, colour_at(rgb, x, y)), tolerance, is_contiguous=False)
    assert (covered <= from_point).all()
    if covered[y, x] == 255:
        np.testing.assert_array_equal(covered, from_point)


def test_a_tall_picture_is_covered_as_if_it_were_one_piece() -> None:
    rgb = np.tile(clouds(3), (11, 1, 1))
    colour = colour_at(rgb, 20, 15)
    everywhere = ColourDistance(rgb, colour).similar(40)
    box, coverage = SimilarColour(rgb, 20, 15, colour).region(40, is_contiguous=False)
    full = np.zeros_like(everywhere)
    full[box.slices()] = coverage
    assert 0 < np.count_nonzero(full) < full.size
    np.testing.assert_array_equal(everywhere, full)


def test_the_pixels_of_a_mixed_edge_are_covered_in_part() -> None:
    rgb = np.full((*SIZE_HW, 3), 200, np.uint8)
    rgb[:, 20] = 160
    rgb[:, 21:] = 40
    covered = whole(SimilarColour(rgb, 5, 5), 30, is_contiguous=True)
    assert (covered[:, :20] == 255).all()
    assert ((covered[:, 20] > 0) & (covered[:, 20] < 255)).all()
    assert not covered[:, 21:].any()


def test_a_grain_of_noise_does_not_stop_the_search() -> None:
    rgb = np.full((*SIZE_HW, 3), 100, np.uint8)
    rgb[10, 12] = 255
    covered = whole(SimilarColour(rgb, 12, 10), 40, is_contiguous=True)
    assert (covered == 255).sum() == covered.size - 1


def test_the_picture_stays_as_it_is() -> None:
    rgb = clouds(3)
    rgb.flags.writeable = False
    similar = SimilarColour(rgb, 4, 5)
    first = whole(similar, 25, is_contiguous=True)
    whole(similar, 200, is_contiguous=True)
    np.testing.assert_array_equal(whole(similar, 25, is_contiguous=True), first)


@pytest.mark.parametrize(("x", "y"), [(-1, 3), (44, 3), (3, 30)])
def test_a_point_beside_the_picture_is_refused(x: int, y: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        SimilarColour(clouds(1), x, y)
