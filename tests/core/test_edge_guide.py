"""A brush that stops at edges: it never covers more than the plain one, and nothing beyond an edge."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.brush import StrokeCoverage
from meticulous_gui.core.edge_guide import EdgeGuide
from meticulous_gui.core.types import Coverage, RgbImage

HW = (70, 90)
points = st.lists(st.tuples(st.floats(-20, 110), st.floats(-20, 90), st.floats(0, 1)), min_size=1, max_size=6)


def halves(noise: int = 0) -> RgbImage:
    """Return a picture that is dark on the left of column 45 and bright from there on."""
    rgb = np.full((*HW, 3), (50, 60, 40), np.uint8)
    rgb[:, 45:] = (190, 170, 200)
    grain = np.random.default_rng(2).integers(-noise, noise + 1, rgb.shape)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8)


def painted(
    guide: EdgeGuide | None, way: list[tuple[float, float, float]], radius_px: float = 20
) -> Coverage:
    stroke = StrokeCoverage(HW, radius_px=radius_px, hardness=0.9, guide=guide)
    stroke.extend(way)
    stroke.finish()
    full = np.zeros(HW, np.uint8)
    full[stroke.box.slices()] = stroke.read(stroke.box)
    return full


@given(points, st.integers(0, 40))
def test_it_never_covers_more_than_the_plain_brush(way: list[tuple[float, float, float]], noise: int) -> None:
    assert (painted(EdgeGuide(halves(noise)), way) <= painted(None, way)).all()


@given(points)
def test_on_a_plain_photo_it_is_the_plain_brush(way: list[tuple[float, float, float]]) -> None:
    plain = np.full((*HW, 3), 120, np.uint8)
    np.testing.assert_array_equal(painted(EdgeGuide(plain), way), painted(None, way))


@given(points, st.integers(1, 5))
def test_in_pieces_it_paints_what_it_paints_at_once(way: list[tuple[float, float, float]], cut: int) -> None:
    guide = EdgeGuide(halves(10))
    stroke = StrokeCoverage(HW, radius_px=20, hardness=0.9, guide=guide)
    stroke.extend(way[:cut])
    stroke.extend(way[cut:])
    stroke.finish()
    np.testing.assert_array_equal(stroke.read(stroke.box), painted(guide, way)[stroke.box.slices()])


def test_it_stops_at_an_edge_whatever_the_grain() -> None:
    for noise in (0, 15):
        covered = painted(EdgeGuide(halves(noise)), [(32.0, 20.0, 1.0), (34.0, 50.0, 1.0)])
        assert not covered[:, 48:].any()
        assert (covered[20:50, 20:43] == 255).all()


def test_a_thing_as_wide_as_the_brush_is_painted_by_one_dab() -> None:
    rgb = np.full((*HW, 3), 200, np.uint8)
    cv2.circle(rgb, (40, 35), 14, (90, 40, 30), -1)
    inside = np.zeros(HW, np.uint8)
    cv2.circle(inside, (40, 35), 14, 255, -1)
    covered = painted(EdgeGuide(rgb), [(40.5, 35.5, 1.0)], radius_px=30)
    wrong = (covered >= 128) != (inside >= 128)
    assert wrong.sum() < 0.12 * np.count_nonzero(inside)


def test_the_photo_stays_as_it_is() -> None:
    rgb = halves(20)
    before = rgb.copy()
    rgb.flags.writeable = False
    painted(EdgeGuide(rgb), [(20.0, 20.0, 1.0), (70.0, 50.0, 1.0)])
    np.testing.assert_array_equal(rgb, before)
