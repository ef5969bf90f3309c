"""A lasso covers exactly what it goes round."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.document import Document
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.lasso import lasso_edit, rasterise_lasso
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.prompts import Lasso

SIZE_HW = (24, 40)
FINE = 16

coordinates = st.floats(-10, 50).map(lambda v: round(v * FINE) / FINE)
triangles = st.lists(st.tuples(coordinates, coordinates), min_size=3, max_size=3)


def whole(lasso: Lasso, size_hw: tuple[int, int] = SIZE_HW) -> NDArray[np.uint8]:
    box, coverage = rasterise_lasso(lasso, size_hw)
    assert coverage.shape == box.size_hw
    full = np.zeros(size_hw, np.uint8)
    full[box.slices()] = coverage
    return full


def slow_coverage(points: list[tuple[float, float]]) -> NDArray[np.float64]:
    """Count the sub-pixels whose centres are wound round."""
    ys, xs = (np.mgrid[: SIZE_HW[0] * 8, : SIZE_HW[1] * 8] + 0.5) / 8.0
    winding = np.zeros(ys.shape, np.int64)
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        side = (x1 - x0) * (ys - y0) - (xs - x0) * (y1 - y0)
        winding += ((y0 <= ys) & (y1 > ys) & (side > 0)).astype(int)
        winding -= ((y1 <= ys) & (y0 > ys) & (side < 0)).astype(int)
    inside = (winding != 0).astype(np.float64)
    return inside.reshape(SIZE_HW[0], 8, SIZE_HW[1], 8).mean(axis=(1, 3))


@given(triangles)
def test_coverage_is_the_area_inside_the_outline(points: list[tuple[float, float]]) -> None:
    covered = whole(Lasso(tuple(points))) / 255.0
    # 64 samples a pixel along an edge: a coverage is known to about an eighth.
    assert np.abs(covered - slow_coverage(points)).max() < 0.2
    assert abs(covered.sum() - slow_coverage(points).sum()) < 3.0


def test_a_rectangle_covers_parts_of_pixels_exactly() -> None:
    covered = whole(Lasso(((2.25, 3.5), (6.0, 3.5), (6.0, 5.0), (2.25, 5.0))))
    assert covered[3, 1:7].tolist() == [0, 96, 128, 128, 128, 0]
    assert covered[4, 1:7].tolist() == [0, 191, 255, 255, 255, 0]
    assert not covered[5].any()


def test_the_direction_of_drawing_does_not_matter() -> None:
    points = ((3.2, 1.1), (30.7, 8.9), (12.0, 20.3))
    forth, back = whole(Lasso(points)).astype(int), whole(Lasso(points[::-1])).astype(int)
    assert np.abs(forth - back).max() <= 1  # a half may be rounded either way


def test_going_round_twice_leaves_no_hole() -> None:
    circle = [(20 + 9 * math.cos(t / 10), 12 + 9 * math.sin(t / 10)) for t in range(100)]  # a turn and a half
    covered = whole(Lasso(tuple(circle)))
    assert covered[12, 20] == 255
    assert covered[12, 27] == 255
    assert covered[12, 12] == 255


def test_a_lasso_round_everything_covers_everything() -> None:
    covered = whole(Lasso(((-100.0, -100.0), (200.0, -100.0), (200.0, 200.0), (-100.0, 200.0))))
    assert (covered == 255).all()


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((1.0, 1.0),),
        ((1.0, 1.0), (5.0, 5.0)),
        ((-9.0, -9.0), (-1.0, -9.0), (-1.0, -1.0)),
        ((50.0, 2.0), (60.0, 2.0), (60.0, 9.0)),
    ],
)
def test_what_goes_round_no_pixel_covers_nothing(points: tuple[tuple[float, float], ...]) -> None:
    assert not whole(Lasso(points)).any()


def test_a_flat_outline_covers_nothing() -> None:
    assert not whole(Lasso(((2.0, 3.3), (20.0, 3.3), (9.0, 3.3)))).any()


def test_corners_must_be_numbers() -> None:
    with pytest.raises(ValueError, match="finite"):
        rasterise_lasso(Lasso(((0.0, 0.0), (float("inf"), 1.0), (2.0, 2.0))), SIZE_HW)


def test_a_large_lasso_agrees_with_a_filled_polygon_away_from_its_edge() -> None:
    angles = np.linspace(0, 2 * np.pi, 300, endpoint=False)
    radius = 400 + 80 * np.sin(7 * angles)
    xs, ys = 500 + radius * np.cos(angles), 490 + radius * np.sin(angles)
    covered = whole(Lasso(tuple(zip(xs.tolist(), ys.tolist(), strict=True))), (950, 990))
    filled = np.zeros((950, 990), np.uint8)
    # Pixel indices are centres to OpenCV.
    corners = np.rint((np.stack([xs, ys], axis=1) - 0.5) * 256).astype(np.int32)
    cv2.fillPoly(filled, [corners], 255, shift=8)
    edge = cv2.morphologyEx(filled, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)) > 0
    assert np.array_equal(covered[~edge], filled[~edge])


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 30), (30, 1)])
def test_thin_photos_are_covered_too(size_hw: tuple[int, int]) -> None:
    covered = whole(Lasso(((-1.0, -1.0), (31.0, -1.0), (31.0, 0.5), (-1.0, 0.5))), size_hw)
    assert (covered[0] == 128).all()


def test_a_lasso_adds_or_takes_away_as_one_decided_step() -> None:
    document = Document(photo_from_array(np.zeros((*SIZE_HW, 3), np.uint8)))
    square = ((5.0, 5.0), (15.0, 5.0), (15.0, 15.0), (5.0, 15.0))
    edit = lasso_edit(document.active, Lasso(square))
    assert edit is not None
    document.apply(edit)
    assert (document.active.alpha[Box(5, 5, 15, 15).slices()] == 255).all()
    assert document.active.alpha.sum() == 255 * 100
    edit = lasso_edit(document.active, Lasso(square[:3], is_adding=False))
    assert edit is not None
    document.apply(edit)
    assert document.active.alpha[6, 13] == 0
    assert document.active.alpha[13, 6] == 255
    assert document.active.decided.get(Box(5, 5, 15, 15)).all()
    assert lasso_edit(document.active, Lasso(((-5.0, 0.0), (-1.0, 0.0), (-1.0, 9.0)))) is None
