"""Where the photo lies in the viewport."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.view import View

zooms = st.floats(0.01, 64.0)
origins = st.floats(-3000.0, 30_000.0)
views = st.builds(View, zooms, origins, origins)
device = st.floats(0.0, 4000.0)


@given(views, device, device)
def test_from_the_viewport_to_the_photo_and_back_is_the_same_point(view: View, x: float, y: float) -> None:
    assert view.image_to_view(*view.view_to_image(x, y)) == pytest.approx((x, y), abs=1e-4)


@given(views)
def test_a_snapped_origin_lies_on_whole_device_pixels(view: View) -> None:
    snapped = view.snapped()
    for origin in (snapped.origin_x, snapped.origin_y):
        assert origin * view.zoom == pytest.approx(round(origin * view.zoom), abs=1e-6)


@given(views, st.integers(-500, 500), st.integers(-500, 500))
def test_panning_moves_every_point_by_the_same_device_pixels(view: View, dx: int, dy: int) -> None:
    x, y = view.image_to_view(5.0, 6.0)
    moved = view.panned_by(dx, dy).image_to_view(5.0, 6.0)
    assert moved == pytest.approx((x + dx, y + dy), abs=1e-4)


@given(st.tuples(st.integers(1, 30_000), st.integers(1, 30_000)), st.sampled_from([(1080, 1920), (301, 77)]))
def test_fit_shows_all_of_the_photo_in_the_middle(
    size_hw: tuple[int, int], viewport_hw: tuple[int, int]
) -> None:
    view = View.fit(size_hw, viewport_hw)
    x0, y0 = view.image_to_view(0.0, 0.0)
    x1, y1 = view.image_to_view(float(size_hw[1]), float(size_hw[0]))
    assert x0 >= -0.51
    assert y0 >= -0.51
    assert x1 <= viewport_hw[1] + 0.51
    assert y1 <= viewport_hw[0] + 0.51
    assert x0 == pytest.approx(viewport_hw[1] - x1, abs=1.01)
    assert y0 == pytest.approx(viewport_hw[0] - y1, abs=1.01)


@given(views, st.integers(0, 900), st.integers(0, 900), st.integers(1, 90), st.integers(1, 90))
def test_boxes_go_outwards_in_both_directions(view: View, x: int, y: int, width: int, height: int) -> None:
    box = Box(x, y, x + width, y + height)
    assert view.view_box_to_image(view.image_box_to_view(box)).pad(1).contains(box)
    assert view.image_box_to_view(view.view_box_to_image(box)).pad(1).contains(box)
    assert view.dirty_box(box).contains(view.image_box_to_view(box))


def test_an_empty_box_is_nowhere() -> None:
    view = View(2.0, 1.0, 1.0)
    assert view.image_box_to_view(Box(5, 5, 5, 9)).is_empty
    assert view.view_box_to_image(Box(5, 5, 5, 9)).is_empty
    assert view.dirty_box(Box(5, 5, 5, 9)).is_empty


def test_pixels_and_points_at_a_zoom_of_four() -> None:
    view = View(4.0, 10.0, 20.0)
    assert view.image_to_view(10.5, 20.5) == (2.0, 2.0)
    assert view.image_box_to_view(Box(10, 20, 11, 21)) == Box(0, 0, 4, 4)
    assert math.isclose(view.view_to_image(4.0, 8.0)[1], 22.0)
