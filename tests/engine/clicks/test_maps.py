"""Discs, scribbles and boxes as the network sees them."""

from __future__ import annotations

import numpy as np
import pytest

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.prompts import BoxPrompt, Click, Stroke
from meticulous_gui.engine.clicks.maps import draw_disk, prompt_planes, quantised


@pytest.mark.parametrize(
    ("row", "col", "rows"),
    [
        (10, 12, [1, 7, 9, 9, 9, 11, 9, 9, 9, 7, 1]),
        (10.5, 12.25, [4, 7, 9, 10, 10, 10, 10, 9, 7, 4]),
        (0, 0, [6, 5, 5, 5, 4, 1]),
        (10, 2, [1, 6, 7, 7, 7, 8, 7, 7, 7, 6, 1]),
    ],
)
def test_discs_by_row(row: float, col: float, rows: list[int]) -> None:
    plane = np.zeros((21, 25), np.uint8)
    draw_disk(plane, col + 0.5, row + 0.5)
    sums = plane.sum(axis=1)
    assert sums[sums > 0].tolist() == rows


def test_a_smaller_disc() -> None:
    plane = np.zeros((21, 25), np.uint8)
    draw_disk(plane, 12.5, 10.5, 3.0)
    assert plane.sum() == 29


@pytest.mark.parametrize("point", [(-30.0, 5.0), (5.0, 400.0), (1e6, -1e6)])
def test_discs_outside_draw_nothing(point: tuple[float, float]) -> None:
    assert prompt_planes([Click(*point)], 32).sum() == 0


def test_signs_have_planes_of_their_own() -> None:
    planes = prompt_planes([Click(8.5, 8.5), Click(24.5, 24.5, is_positive=False)], 32)
    assert planes[0, 8, 8] == planes[1, 24, 24] == 1
    assert planes[0, 24, 24] == planes[1, 8, 8] == 0


def test_a_scribble_is_as_thick_as_a_disc() -> None:
    stroke = Stroke(((10.5, 30.5, 1.0), (50.5, 30.5, 1.0)), radius_px=2.0)
    planes = prompt_planes([stroke], 64)
    assert planes[0, :, 30].sum() in (11, 13)  # OpenCV rounds thick lines differently by version
    assert planes[0, 25:36, 30].all()
    assert not planes[1].any()


def test_a_box_excludes_its_outside_and_leaves_its_inside_alone() -> None:
    planes = prompt_planes([BoxPrompt(Box(20, 24, 44, 40))], 64)
    assert not planes[0].any()
    assert not planes[1, 24:40, 20:44].any()
    assert planes[1, 21:24, 17:47].all()
    assert planes[1, 24 - 6, 32] == 1


def test_what_is_kept_is_what_is_read_again() -> None:
    probability = np.linspace(0, 1, 1001, dtype=np.float32)[None]
    codes = quantised(probability)
    assert (quantised(codes.astype(np.float32) / np.float32(255)) == codes).all()
