"""Where the view may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.render import View
from meticulous_gui.ui.navigation import MAX_ZOOM, MIN_SHOWN_PX, Place, place_for

sides = st.integers(1, 12_000)
viewports = st.tuples(st.integers(1, 2000), st.integers(1, 3000))
images = st.tuples(sides, sides)


def origin_is_whole(view: View) -> bool:
    return all(
        abs(value * view.zoom - round(value * view.zoom)) < 1e-6 for value in (view.origin_x, view.origin_y)
    )


@given(images, viewports)
def test_a_fitted_photo_is_seen_whole_and_in_the_middle(
    image_hw: tuple[int, int], viewport_hw: tuple[int, int]
) -> None:
    place = place_for(image_hw, viewport_hw)
    left, top = place.view.image_to_view(0.0, 0.0)
    right, bottom = place.view.image_to_view(image_hw[1], image_hw[0])
    is_strip = min(image_hw) * place.view.zoom <= MIN_SHOWN_PX
    if not is_strip:
        assert left >= -0.51
        assert top >= -0.51
        assert right <= viewport_hw[1] + 0.51
        assert bottom <= viewport_hw[0] + 0.51
    assert (left + right) / 2 == pytest.approx(viewport_hw[1] / 2, abs=0.51)
    assert (top + bottom) / 2 == pytest.approx(viewport_hw[0] / 2, abs=0.51)


def test_a_fitted_strip_is_still_seen() -> None:
    place = place_for((20, 30_000), (600, 1000))
    assert 20 * place.view.zoom == pytest.approx(MIN_SHOWN_PX)
    assert place_for((1, 30_000), (600, 1000)).view.zoom == 1.0, "never enlarged for it"
    assert place_for((3000, 4000), (600, 1000)).view.zoom == pytest.approx(0.96 * 600 / 3000)


@given(
    images,
    viewports,
    st.lists(
        st.one_of(
            st.tuples(st.just("zoom"), st.floats(0.2, 5.0), st.floats(0.0, 1.0)),
            st.tuples(st.just("pan"), st.floats(-4000.0, 4000.0), st.floats(-4000.0, 4000.0)),
        ),
        max_size=12,
    ),
)
def test_wherever_it_goes_the_view_stays_in_its_limits(
    image_hw: tuple[int, int], viewport_hw: tuple[int, int], moves: list[tuple[str, float, float]]
) -> None:
    place = place_for(image_hw, viewport_hw)
    for kind, first, second in moves:
        if kind == "zoom":
            about = viewport_hw[1] * second, viewport_hw[0] * second
            place = place.zoomed_by(first, about_view_xy=about, is_step=False)
        else:
            place = place.panned_by(first, second)
        assert place.min_zoom <= place.view.zoom <= MAX_ZOOM
        assert origin_is_whole(place.view)
        x, y = place.view.view_to_image(*place.centre_view_xy)
        slack = 1.0 / place.view.zoom
        assert -slack <= x <= image_hw[1] + slack
        assert -slack <= y <= image_hw[0] + slack


def test_a_step_past_100_percent_stops_there_from_either_side() -> None:
    for start, factor in ((0.9, 1.19), (1.1, 0.84)):
        place = place_for((1000, 1500), (500, 500)).zoomed_to(start, about_view_xy=(9.0, 9.0))
        assert place.zoomed_by(factor, about_view_xy=(9.0, 9.0), is_step=True).view.zoom == 1.0


def test_fitted_stays_fitted_when_the_window_grows_and_else_the_middle_stays() -> None:
    fitted = place_for((1000, 1500), (400, 600)).resized((800, 1200))
    assert fitted == place_for((1000, 1500), (800, 1200))
    zoomed = place_for((1000, 1500), (400, 600)).zoomed_to(2.0, about_view_xy=(100.0, 50.0))
    middle = zoomed.view.view_to_image(*zoomed.centre_view_xy)
    grown = zoomed.resized((801, 1203))
    assert grown.view.zoom == 2.0
    assert grown.view.view_to_image(*grown.centre_view_xy) == pytest.approx(middle, abs=0.51)


def test_zoom_to_a_box_shows_it_whole_in_the_middle() -> None:
    box = Box(200, 300, 500, 420)
    place = place_for((1000, 1500), (400, 600)).on_box(box)
    assert place.visible_box.contains(box)
    x, y = place.view.view_to_image(*place.centre_view_xy)
    assert (x, y) == pytest.approx((350.0, 360.0), abs=1.0)


def test_zoom_to_an_empty_mask_shows_the_photo() -> None:
    place = place_for((1000, 1500), (400, 600))
    assert place.on_box(Box(0, 0, 0, 0)) == place


def test_revealing_a_point_that_is_seen_moves_nothing() -> None:
    place = place_for((1000, 1500), (400, 600)).zoomed_to(4.0, about_view_xy=(0.0, 0.0))
    x, y = place.view.view_to_image(*place.centre_view_xy)
    assert place.revealing(x, y) is place
    assert place.revealing(900.0, 900.0).visible_box.contains_xy(900.0, 900.0)


def test_a_photo_of_one_pixel_is_not_enlarged_beyond_the_limit() -> None:
    place: Place = place_for((1, 1), (900, 900))
    assert place.view.zoom == MAX_ZOOM
