"""What a click may change of an existing mask, and the stamp."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.types import Mask
from meticulous_gui.engine.clicks.merge import Pixel, is_off_all_round, merged, stamped


def _masks() -> tuple[np.ndarray, np.ndarray]:
    before = np.zeros((6, 8), np.bool_)
    before[1:5, 1:4] = True
    after = np.zeros((6, 8), np.bool_)
    after[2:5, 1:4] = True
    after[1:3, 4:6] = True
    after[5, 7] = True
    return before, after


@pytest.mark.parametrize(
    ("click", "near_px", "n_pixels"),
    [
        (Pixel(1, 5, True), 0.0, 16),
        (Pixel(1, 2, False), 0.0, 9),
        (Pixel(3, 2, True), 0.0, 12),
        (Pixel(3, 2, True), 3.0, 16),
        (Pixel(3, 2, True), 12.0, 17),
        (Pixel(0, 0, False), 0.0, 12),
        (Pixel(0, 0, False), 12.0, 9),
    ],
)
def test_only_the_piece_at_the_click_changes(click: Pixel, near_px: float, n_pixels: int) -> None:
    before, after = _masks()
    result = merged(before, after, [click], near_px=near_px)
    assert np.count_nonzero(result) == n_pixels
    changed = result != before
    assert (result[changed] == click.is_positive).all()


@given(st.integers(0, 1000), st.integers(1, 5))
def test_including_only_adds_and_excluding_only_removes(seed: int, n_clicks: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = rng.random((2, 12, 14)) < 0.5
    clicks = [
        Pixel(int(rng.integers(12)), int(rng.integers(14)), bool(rng.integers(2))) for _ in range(n_clicks)
    ]
    result = merged(before, after, clicks, near_px=3.0)
    assert (result == merged(before, after, clicks[::-1], near_px=3.0)).all()
    assert ((result == before) | (result == after)).all()
    if all(click.is_positive for click in clicks):
        assert (result >= before).all()
    if not any(click.is_positive for click in clicks):
        assert (result <= before).all()


def test_a_stamp_is_small_and_leaves_right_clicks_alone() -> None:
    mask = np.zeros((20, 20), np.bool_)
    clicks = [Pixel(5, 5, True), Pixel(15, 15, False)]
    result, wrong = stamped(mask, clicks)
    assert wrong == (0,)
    assert result[5, 5]
    assert np.count_nonzero(result) == 9
    assert stamped(result, clicks)[0] is result


@given(st.integers(0, 1000), st.floats(1.0, 6.0))
def test_after_the_stamp_every_click_is_right(seed: int, radius_px: float) -> None:
    rng = np.random.default_rng(seed)
    mask = rng.random((12, 12)) < 0.5
    places = rng.choice(144, size=int(rng.integers(1, 12)), replace=False)
    clicks = [Pixel(int(p) // 12, int(p) % 12, bool(rng.integers(2))) for p in places]
    result, _ = stamped(mask, clicks, radius_px=radius_px)
    assert all(result[click.row, click.col] == click.is_positive for click in clicks)


def test_stamps_keep_out_of_what_must_not_change() -> None:
    mask = np.zeros((9, 9), np.bool_)
    free = np.zeros((9, 9), np.bool_)
    free[:, :5] = True
    result, _ = stamped(mask, [Pixel(4, 4, True)], radius_px=3.0, may_change=free)
    assert result.any()
    assert not result[:, 5:].any()


@pytest.mark.parametrize("times", [1, 9])
def test_a_rough_edge_is_mended_by_one_click_and_what_is_far_away_is_left(times: int) -> None:
    """Dents along an edge follow one another; another object's far dents stay. On a large photo as well."""
    after = np.zeros((80, 200), np.bool_)
    after[20:60, 10:190] = True
    before = after.copy()
    for col in range(10, 100, 8):
        before[20:24, col : col + 4] = False
    before[20:24, 180:186] = False
    far = before.copy()
    far[20:24, 10:150] = True
    before, after, far = (np.kron(mask, np.ones((times, times), np.bool_)) for mask in (before, after, far))
    result = merged(before, after, [Pixel(21 * times, 51 * times, True)], near_px=12.0 * times)
    assert (result == far).all()


def _disc(radius_px: float, *, x: float = 60.0) -> Mask:
    rows, cols = np.mgrid[:120, :120] + 0.5
    return np.hypot(cols - x, rows - 60) <= radius_px


@pytest.mark.parametrize("wrong", [_disc(32), _disc(48), _disc(40, x=68)], ids=["small", "large", "moved"])
def test_a_mask_whose_edge_is_wrong_everywhere_is_off_all_round(wrong: Mask) -> None:
    assert is_off_all_round(wrong, _disc(40))


def _bitten() -> Mask:
    mask = _disc(40)
    mask[60:, 60:] = False
    return mask


@pytest.mark.parametrize(
    "right",
    [_bitten(), _disc(40) | (np.mgrid[:120, :120].sum(axis=0) > 190), _disc(41), _disc(40)],
    ids=["a quarter missing", "a corner too much", "off by a pixel", "right"],
)
def test_a_mask_that_is_right_but_for_one_place_is_not(right: Mask) -> None:
    assert not is_off_all_round(right, _disc(40))


def test_a_mask_of_another_thing_or_of_nothing_is_not() -> None:
    nothing, all_of_it = np.zeros((120, 120), np.bool_), np.ones((120, 120), np.bool_)
    assert not is_off_all_round(_disc(12), _disc(40))
    assert not is_off_all_round(nothing, _disc(40))
    assert not is_off_all_round(nothing, nothing)
    assert not is_off_all_round(all_of_it, all_of_it)
