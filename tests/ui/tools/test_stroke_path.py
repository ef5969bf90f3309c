"""The line that the brush follows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.ui.tools.stroke_path import Sample, StrokePath

coordinates = st.floats(-500.0, 500.0)
samples = st.lists(st.tuples(coordinates, coordinates, st.floats(0.0, 1.0)), min_size=1, max_size=12)


def points_of(way: list[Sample], *, smoothing: float) -> list[Sample]:
    path = StrokePath(smoothing=smoothing, zoom=1.0)
    points = [point for sample in way for point in path.extend(sample)]
    return points + path.finish(way[-1])


@given(samples)
def test_without_smoothing_the_points_are_the_samples(way: list[Sample]) -> None:
    assert points_of(way, smoothing=0.0) == [*way, way[-1]]


@given(samples, st.floats(0.01, 1.0))
def test_a_smooth_line_begins_and_ends_where_the_hand_did(way: list[Sample], smoothing: float) -> None:
    points = points_of(way, smoothing=smoothing)
    assert points[0] == way[0]
    if len(way) > 1 or len(points) > 1:
        assert points[-1] == pytest.approx(way[-1])


@given(samples, st.floats(0.01, 1.0))
def test_pressure_stays_between_nothing_and_all(way: list[Sample], smoothing: float) -> None:
    assert all(-1e-9 <= pressure <= 1.0 + 1e-9 for _, _, pressure in points_of(way, smoothing=smoothing))


def test_smoothing_takes_the_tremor_out_of_a_straight_line() -> None:
    trembling = [(float(4 * i), 3.0 if i % 2 else -3.0, 1.0) for i in range(50)]
    steady = points_of(trembling, smoothing=1.0)[20:-30]
    assert max(abs(y) for _, y, _ in steady) < 1.0


def test_a_curve_is_rounder_than_its_samples() -> None:
    circle = [(100 * math.cos(t * 0.6), 100 * math.sin(t * 0.6), 1.0) for t in range(11)]
    inner = points_of(circle, smoothing=0.01)[17:-32]
    # The corners of a polygon with these samples cut 4.5 px off the circle.
    assert all(abs(math.hypot(x, y) - 100.0) < 2.0 for x, y, _ in inner)
