"""An edge that was given stays where a refiner moves it by a pixel, and follows where it goes farther."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.delivery import Delivery
from meticulous_gui.engine.fields import AlphaField
from meticulous_gui.engine.staying import stays
from meticulous_gui.engine.types import Alpha, Mask

SIZE_HW = (90, 130)


def _disc(size_hw: tuple[int, int] = SIZE_HW, radius_px: int = 30) -> Alpha:
    alpha = np.zeros(size_hw, np.uint8)
    return cv2.circle(alpha, (size_hw[1] // 2, size_hw[0] // 2), radius_px, 255, -1)


def _jittered(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    """Return a mask, (H, W), of whose edge pixels a half have changed sides."""
    square = np.ones((3, 3), np.uint8)
    edge = cv2.dilate(alpha, square) != cv2.erode(alpha, square)
    changes = edge & (rng.random(alpha.shape) < 0.5)
    return np.where(changes, 255 - alpha, alpha).astype(np.uint8)


def _sides(before: Alpha, after: Alpha) -> Mask:
    return np.asarray((after >= 128) ^ stays(before, after))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_jitter_of_a_pixel_leaves_every_pixel_on_its_side(seed: int) -> None:
    before = _disc()
    after = _jittered(before, np.random.default_rng(seed))
    assert ((after >= 128) != (before >= 128)).any()
    np.testing.assert_array_equal(_sides(before, after), before >= 128)
    np.testing.assert_array_equal(_sides(255 - before, 255 - after), before < 128)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_only_pixels_that_changed_sides_stay(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = (cv2.blur(rng.integers(0, 256, (40, 50), dtype=np.uint8), (5, 5)) for _ in range(2))
    changed = (after >= 128) != (before >= 128)
    assert not (stays(before, after) & ~changed).any()
    assert not stays(before, before).any()


def test_an_edge_that_moved_farther_is_followed_and_what_lies_around_it_with_it() -> None:
    before = _disc()
    after = _jittered(before, np.random.default_rng(1))
    after[:, :30] = before[:, :30]
    after[10:60, 88:96] = 255  # a piece that belongs to the object
    kept = stays(before, after)
    assert not kept[:, 80:].any()
    changed = (after >= 128) != (before >= 128)
    assert changed[:, :60].any()
    np.testing.assert_array_equal(kept[:, :60], changed[:, :60])


def test_a_mask_that_was_enlarged_says_too_little_of_where_its_edge_is() -> None:
    small = _disc((20, 24), 6)
    before = cv2.resize(small, (288, 240), interpolation=cv2.INTER_LINEAR)
    after = _jittered(np.where(before >= 128, np.uint8(255), np.uint8(0)), np.random.default_rng(2))
    assert ((after >= 128) != (before >= 128)).any()
    assert not stays(before, after).any()


def test_what_is_delivered_keeps_its_sides_whatever_the_tiles_and_is_as_smooth_as_before() -> None:
    size_hw = (620, 1100)
    before = _disc(size_hw, 250)
    rng = np.random.default_rng(3)
    after = cv2.GaussianBlur(_jittered(before, rng), (0, 0), 0.8)
    after[40:90, 500:560] = 255
    whole = Box.whole(size_hw)
    start = AlphaField(before, whole, size_hw, ramp=4.0)
    delivery = Delivery(Region(whole, size_hw), start=start, start_alpha=before, ramp=4.0, temperature=1.0)
    delivery.alpha[:] = after
    shown = after.copy()
    for event in delivery.keep_still():
        if event is not None:
            shown[event.box.slices()] = event.alpha
    kept = stays(before, after)
    assert kept.any()
    np.testing.assert_array_equal(shown[~kept], after[~kept])
    np.testing.assert_array_equal(shown[kept] >= 128, before[kept] >= 128)
    assert set(np.unique(shown[kept])) <= {127, 128}, "no step where the edge was smooth"
    np.testing.assert_array_equal(delivery.alpha, shown)


def test_where_no_mask_was_given_nothing_stays() -> None:
    whole = Box.whole(SIZE_HW)
    delivery = Delivery(Region(whole, SIZE_HW), start=None, start_alpha=None, ramp=4.0, temperature=1.0)
    delivery.alpha[:] = _disc()
    assert list(delivery.keep_still()) == []
