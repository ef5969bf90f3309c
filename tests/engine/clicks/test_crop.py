"""The square crop: the way in and the way back are one value."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meticulous_gui.engine.clicks.crop import Crop, overlap, square_crop, whole_crop

finite = st.floats(-500.0, 5000.0)
crops = st.builds(
    Crop, finite, finite, side=st.floats(96.0, 4000.0), size_px=st.sampled_from((256, 320, 384, 512))
)


@given(crops, finite, finite)
def test_points_come_back(crop: Crop, x: float, y: float) -> None:
    back = crop.image_to_net.inverse().apply_xy(*crop.image_to_net.apply_xy(x, y))
    assert back == pytest.approx((x, y), abs=1e-9 * max(crop.side, 1000.0))


@pytest.mark.parametrize(
    ("rows", "cols", "expected"),
    [
        ((100, 180), (200, 320), (55.8, 175.8, 169.4, 2.266824)),
        ((50, 349), (100, 499), (-40.0, 20.0, 560.0, 0.685714)),
        ((0, 9), (0, 9), (0.0, 0.0, 96.0, 4.0)),
    ],
)
def test_squares_around_boxes(
    rows: tuple[int, int], cols: tuple[int, int], expected: tuple[float, ...]
) -> None:
    rect = (float(cols[0]), float(rows[0]), cols[1] + 1.0, rows[1] + 1.0)
    crop = square_crop(rect, (480, 640), size_px=384)
    assert (crop.y0, crop.x0, crop.side, crop.scale) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("crop", "row", "col", "expected"),
    [
        (Crop(175.8, 55.8, 169.4, 384), 140, 260, (191.5, 191.5)),
        (Crop(20.0, -40.0, 560.0, 384), 140, 260, (123.271429, 164.414286)),
        (Crop(20.0, 0.0, 561.0, 400), 200, 300, (142.459002, 199.5)),
    ],
)
def test_pixels_go_where_the_picture_goes(
    crop: Crop, row: int, col: int, expected: tuple[float, float]
) -> None:
    x, y = crop.image_to_net.apply_xy(col + 0.5, row + 0.5)
    assert (y - 0.5, x - 0.5) == pytest.approx(expected, abs=1e-6)


def test_overlap_is_the_product_of_both_axes() -> None:
    wanted = (160.0, 40.0, 361.0, 241.0)
    assert overlap(wanted, (160.0, 60.0, 361.0, 261.0)) == pytest.approx(0.819005, abs=1e-6)
    assert overlap(wanted, (260.0, 140.0, 461.0, 341.0)) == pytest.approx(0.112593, abs=1e-6)
    first = (144.0, 84.0, 377.0, 198.0)
    assert overlap(first, (100.0, 100.0, 301.0, 301.0)) == pytest.approx(0.255968, abs=1e-6)


@given(
    crop=st.builds(
        Crop,
        x0=st.floats(-40.0, 60.0),
        y0=st.floats(-40.0, 60.0),
        side=st.floats(96.0, 128.0),
        size_px=st.sampled_from((128, 256)),
    ),
    row=st.integers(20, 79),
    col=st.integers(20, 79),
)
def test_a_single_pixel_lands_on_its_point(crop: Crop, row: int, col: int) -> None:
    if not crop.contains(col + 0.5, row + 0.5, margin_net_px=3.0):
        return
    image = np.zeros((100, 100), np.float32)
    image[row, col] = 1.0
    seen = crop.sample(image)
    # The middle of the light, not its brightest pixel: that may lie half a pixel off by sampling alone.
    weights = seen / seen.sum()
    middle_y = float((weights.sum(axis=1) * (np.arange(crop.size_px) + 0.5)).sum())
    middle_x = float((weights.sum(axis=0) * (np.arange(crop.size_px) + 0.5)).sum())
    assert (middle_x, middle_y) == pytest.approx(crop.image_to_net.apply_xy(col + 0.5, row + 0.5), abs=0.5)


@given(crops)
def test_pasting_fills_exactly_the_box_inside_the_image(crop: Crop) -> None:
    box = crop.box_in((300, 400))
    if not box.is_empty:
        x0, y0, x1, y1 = crop.rect
        assert box.x0 + 0.5 >= x0
        assert box.y1 - 0.5 <= y1
        assert crop.contains(box.x0 + 0.5, box.y0 + 0.5)
        assert crop.contains(box.x1 - 0.5, box.y1 - 0.5)
        assert x1 >= box.x1 - 0.5
        assert y0 <= box.y0 + 0.5


def test_a_smooth_field_survives_the_round_trip() -> None:
    image = np.add.outer(np.linspace(0, 1, 200), np.linspace(0, 2, 260)).astype(np.float32)
    crop = Crop(31.3, 20.8, 130.7, 256)
    box = crop.box_in((200, 260))
    back = crop.paste(crop.sample(image), box)
    assert np.abs(back - image[box.slices()])[3:-3, 3:-3].max() < 2e-3


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_pasting_a_mask_is_pasting_and_asking_for_the_sign(seed: int) -> None:
    rng = np.random.default_rng(seed)
    smooth = cv2.GaussianBlur(rng.normal(0, 1, (64, 64)).astype(np.float32), (0, 0), rng.uniform(0.1, 9.0))
    x0, y0 = rng.uniform(-900, 300, 2)
    crop = Crop(float(x0), float(y0), side=float(rng.uniform(96, 2500)), size_px=64)
    box = crop.box_in((1100, 1300))
    assume(not box.is_empty)
    values = crop.paste(smooth, box)
    # Tile by tile OpenCV rounds other last bits: only values that are nothing may fall on either side.
    differs = crop.paste_mask(smooth, box) != (values >= 0)
    assert np.abs(values[differs]).max(initial=0.0) < 0.05 * np.abs(smooth).max()
    assert np.count_nonzero(differs) <= 1e-3 * box.area


def test_the_level_read_is_shrunk_by_less_than_two() -> None:
    assert whole_crop((6000, 4000), size_px=384).level(12) == 3
    assert whole_crop((300, 400), size_px=384).level(9) == 0
    assert whole_crop((768, 768), size_px=384).level(9) == 1
