"""When a crop is kept, when another is taken, and what it must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.clicks.crop import Crop, whole_crop
from meticulous_gui.engine.clicks.piece import Piece
from meticulous_gui.engine.clicks.policy import next_crop, wanted_crop

SIZE_HW = (480, 640)
NOTHING = Piece(Box(0, 0, 0, 0), np.zeros((0, 0), np.bool_))


def _block(x0: int, y0: int, x1: int, y1: int) -> Piece:
    return Piece(Box(x0, y0, x1, y1), np.ones((y1 - y0, x1 - x0), np.bool_))


def _next(
    current: Crop | None,
    mask: Piece,
    include: list[tuple[float, float]],
    exclude: list[tuple[float, float]] | None = None,
) -> Crop:
    return next_crop(current, mask, include, exclude or [], SIZE_HW, size_px=384)


@given(
    st.integers(0, 600),
    st.integers(0, 440),
    st.integers(1, 300),
    st.integers(1, 300),
    st.floats(0, 639.9),
    st.floats(0, 479.9),
)
def test_a_crop_holds_the_mask_and_what_was_pointed_at(
    x0: int, y0: int, width: int, height: int, x: float, y: float
) -> None:
    box = Box(x0, y0, min(x0 + width, 640), min(y0 + height, 480))
    crop = wanted_crop(box, [(x, y)], [], SIZE_HW, size_px=384)
    assert crop.contains(x, y)
    for col, row in ((box.x0 + 0.5, box.y0 + 0.5), (box.x1 - 0.5, box.y1 - 0.5)):
        assert crop.contains(col, row)


@pytest.mark.parametrize("point", [(639.5, 200.0), (300.0, 479.5), (0.0, 0.0), (639.9, 479.9)])
def test_a_click_on_the_photos_last_row_or_column_keeps_the_crop(point: tuple[float, float]) -> None:
    x, y = point
    at_edge = _block(max(int(x) - 60, 0), max(int(y) - 60, 0), min(int(x) + 60, 640), min(int(y) + 60, 480))
    crop = _next(None, at_edge, [point])
    assert crop.side < 480
    assert _next(crop, at_edge, [point]) == crop


def test_a_crop_that_the_mask_runs_out_of_is_left() -> None:
    crop = _next(None, _block(280, 200, 340, 260), [(300.0, 230.0)])
    assert crop.side < 120
    runs_out = _block(280, 200, int(crop.rect[2]), 260)
    larger = _next(crop, runs_out, [(300.0, 230.0)])
    assert larger.side > crop.side
    whole = whole_crop(SIZE_HW, size_px=384)
    everything = _block(0, 0, 640, 480)
    assert _next(whole, everything, [(300.0, 230.0)]) == whole


def test_a_crop_shrinks_when_the_object_could_be_seen_larger() -> None:
    crop = _next(None, _block(200, 100, 400, 300), [(300.0, 200.0)])
    a_bit_smaller = _block(208, 108, 392, 292)
    assert _next(crop, a_bit_smaller, [(300.0, 200.0)]) == crop
    smaller = _block(225, 125, 375, 275)
    assert _next(crop, smaller, [(300.0, 200.0)]).side < 0.8 * crop.side


def test_a_click_beyond_the_crop_moves_it_and_one_that_excludes_far_away_does_not() -> None:
    mask = _block(100, 100, 180, 180)
    crop = _next(None, mask, [(140.0, 140.0)])
    far = (600.0, 400.0)
    assert _next(crop, mask, [(140.0, 140.0)], [far]) == crop
    assert _next(crop, mask, [(140.0, 140.0), far]).contains(*far)
    near = (200.0, 140.0)
    assert wanted_crop(mask.box, [(140.0, 140.0)], [near], SIZE_HW, size_px=384).contains(*near)


@given(st.integers(0, 3), st.integers(0, 3))
def test_nearly_equal_wishes_give_few_crops(dx: int, dy: int) -> None:
    """Snapped to a grid, so that what was encoded is of use again."""
    crop = _next(None, _block(200 + dx, 150 + dy, 360 + dx, 310 + dy), [])
    assert crop.side == pytest.approx(96 * 1.06 ** round(np.log(crop.side / 96) / np.log(1.06)))
    for corner in crop.rect[:2]:
        assert corner * 32 / crop.side == pytest.approx(round(corner * 32 / crop.side), abs=1e-6)


def test_with_nothing_to_show_the_whole_photo_is_looked_at() -> None:
    assert _next(None, NOTHING, []) == whole_crop(SIZE_HW, size_px=384)
