from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from training.common.shapes import SHAPES, Drawing, draw_shape


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_is_the_same_at_every_size(
    shape: Callable[[Drawing, np.random.Generator], None],
) -> None:
    coverages = []
    for side_px in (96, 384):
        drawing = Drawing(side_px)
        shape(drawing, np.random.default_rng(5))
        coverages.append(drawing.coverage())
    reduced = cv2.resize(coverages[1], (96, 96), interpolation=cv2.INTER_AREA)
    difference = np.abs(reduced.astype(float) - coverages[0]).mean() / 255.0
    assert coverages[0].mean() / 255.0 > 0.001
    assert difference < 0.02  # strands thinner than a pixel of the small drawing come out a pixel wide


def test_coverage_is_the_covered_area() -> None:
    drawing = Drawing(100)
    drawing.area(np.array([[0.203, 0.1], [0.807, 0.1], [0.807, 0.9], [0.203, 0.9]]))
    coverage = drawing.coverage() / 255.0
    assert coverage[50, 30:70].min() == 1.0
    assert coverage.sum() == pytest.approx(60.4 * 80.0, rel=0.006)
    assert coverage[50, 20] == pytest.approx(0.7, abs=0.13)
    assert coverage[50, 80] == pytest.approx(0.7, abs=0.13)


def test_shapes_are_a_function_of_their_generator() -> None:
    alphas = [draw_shape(np.random.default_rng(seed), 96) for seed in (1, 1, 2)]
    assert np.array_equal(alphas[0], alphas[1])
    assert not np.array_equal(alphas[0], alphas[2])
    assert all(0.002 < alpha.mean() / 255.0 < 0.98 for alpha in alphas)
