"""Growing, feathering, smoothing and contrast keep their laws; a box gives the same as the whole."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.adjust import Adjustment, adjusted, adjusted_box, adjusted_parts
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Alpha

adjustments = st.builds(
    Adjustment,
    smooth_px=st.integers(0, 6).map(float),
    grow_px=st.floats(-9, 9).map(lambda value: round(value * 4) / 4),
    feather_px=st.floats(0, 14).map(lambda value: round(value * 4) / 4),
    contrast=st.sampled_from([0.0, 0.3, 0.8, 1.0]),
)


def blobs(seed: int, size_hw: tuple[int, int] = (150, 210)) -> Alpha:
    """Return a soft mask with several pieces, holes and thin parts, partly beyond the rim."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random(size_hw, np.float32), (0, 0), 9)
    steep = (noise - np.median(noise)) * float(rng.uniform(200, 4000)) + 0.5
    return np.rint(np.clip(steep, 0, 1) * 255).astype(np.uint8)


def disc(radius_px: float, size: int = 160) -> Alpha:
    offsets = np.arange(size) + 0.5 - size / 2
    distance = np.hypot(offsets[:, None], offsets[None, :])
    return np.rint(np.clip(radius_px + 0.5 - distance, 0, 1) * 255).astype(np.uint8)


def radii_px(alpha: Alpha) -> NDArray[np.float64]:
    """Return how far the half contour lies from the middle, to a part of a pixel, in 72 directions."""
    middle = alpha.shape[0] / 2
    found = []
    for angle in np.arange(72) * math.tau / 72:
        ways = np.arange(1.0, middle - 1, 0.1)
        xs, ys = middle + ways * math.cos(angle) - 0.5, middle + ways * math.sin(angle) - 0.5
        values = cv2.remap(alpha, xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR).ravel()
        found.append(ways[np.flatnonzero(values < 127.5)[0]])
    return np.array(found)


def slowly_grown(alpha: Alpha, radius_px: int) -> Alpha:
    """Return the largest value in a true disc around each pixel, by looking at all of them."""
    wide = np.pad(alpha, radius_px)
    result = np.zeros_like(alpha)
    for dy in range(-radius_px, radius_px + 1):
        for dx in range(-radius_px, radius_px + 1):
            if dx * dx + dy * dy <= radius_px * radius_px:
                moved = wide[radius_px + dy :, radius_px + dx :][: alpha.shape[0], : alpha.shape[1]]
                result = np.maximum(result, moved)
    return result


@given(st.integers(0, 50), adjustments)
def test_parts_together_are_the_whole(seed: int, adjustment: Adjustment) -> None:
    alpha = blobs(seed)
    expected = adjusted(alpha, adjustment)
    result, n_written = alpha.copy(), np.zeros(alpha.shape, int)
    for box, pixels in adjusted_parts(alpha, adjustment):
        result[box.slices()] = pixels
        n_written[box.slices()] += 1
    np.testing.assert_array_equal(result, expected)
    assert n_written.max() <= 1


@given(st.integers(0, 50), adjustments, st.integers(0, 180), st.integers(0, 120), st.integers(1, 90))
def test_a_box_shows_what_the_whole_shows(
    seed: int, adjustment: Adjustment, x: int, y: int, side: int
) -> None:
    alpha = blobs(seed)
    box = Box(x, y, x + side, y + side).clip(Box(0, 0, 210, 150))
    np.testing.assert_array_equal(
        adjusted_box(alpha, box, adjustment), adjusted(alpha, adjustment)[box.slices()]
    )


@given(st.integers(0, 50), adjustments)
def test_the_input_stays_as_it_is(seed: int, adjustment: Adjustment) -> None:
    alpha = blobs(seed)
    before = alpha.copy()
    adjusted(alpha, adjustment)
    list(adjusted_parts(alpha, adjustment))
    np.testing.assert_array_equal(alpha, before)


@pytest.mark.parametrize("value", [0, 255])
def test_empty_and_full_masks_stay_and_cost_nothing(value: int) -> None:
    alpha = np.full((300, 400), value, np.uint8)
    adjustment = Adjustment(smooth_px=3, grow_px=5, feather_px=9, contrast=0.5)
    np.testing.assert_array_equal(adjusted(alpha, adjustment), alpha)
    assert not list(adjusted_parts(alpha, adjustment))


def test_only_the_neighbourhood_of_the_edge_is_touched() -> None:
    alpha = np.zeros((3000, 4000), np.uint8)
    cv2.circle(alpha, (2000, 1500), 700, 255, -1)
    boxes = [box for box, _ in adjusted_parts(alpha, Adjustment(grow_px=3, feather_px=4))]
    assert sum(box.area for box in boxes) < 0.2 * alpha.size


# --- grow and shrink


@given(st.integers(0, 50), st.integers(0, 9), st.integers(-9, 9))
def test_growing_grows_and_more_grows_more(seed: int, more: int, grow_px: int) -> None:
    alpha = blobs(seed)
    less = adjusted(alpha, Adjustment(grow_px=grow_px))
    assert (adjusted(alpha, Adjustment(grow_px=grow_px + more)) >= less).all()


@given(st.integers(0, 50), st.floats(0, 9))
def test_shrinking_is_growing_of_the_outside(seed: int, grow_px: float) -> None:
    alpha = blobs(seed)
    shrunk = adjusted(alpha, Adjustment(grow_px=-grow_px))
    np.testing.assert_array_equal(shrunk, 255 - adjusted(255 - alpha, Adjustment(grow_px=grow_px)))


@pytest.mark.parametrize("radius_px", [1, 2, 3, 5, 8, 13])
def test_growing_agrees_with_a_true_disc(radius_px: int) -> None:
    mask = np.where(blobs(3) >= 128, 255, 0).astype(np.uint8)
    grown = adjusted(mask, Adjustment(grow_px=radius_px))
    # Within a pixel: what it covers lies between the true discs of a pixel less and a pixel more.
    assert (grown >= slowly_grown(mask, radius_px - 1)).all()
    assert (grown <= slowly_grown(mask, radius_px + 1)).all()


@pytest.mark.parametrize("grow_px", [0.5, 1, 2.25, 7, 12.5, 20, -0.5, -2.25, -10])
def test_a_disc_grows_by_as_much_as_was_asked_for(grow_px: float) -> None:
    grown = radii_px(adjusted(disc(40), Adjustment(grow_px=grow_px)))
    assert np.abs(grown - 40.0 - grow_px).max() < 0.5 + 0.02 * abs(grow_px)


@pytest.mark.parametrize("grow_px", [1, 4, 9, 16])
def test_a_disc_that_grows_and_shrinks_is_the_disc_again(grow_px: int) -> None:
    grown = adjusted(disc(30), Adjustment(grow_px=grow_px))
    np.testing.assert_array_equal(adjusted(grown, Adjustment(grow_px=-grow_px)) >= 128, disc(30) >= 128)


@given(st.integers(0, 50), st.integers(1, 9))
def test_grow_then_shrink_never_takes_away(seed: int, grow_px: int) -> None:
    alpha = blobs(seed)
    closed = adjusted(adjusted(alpha, Adjustment(grow_px=grow_px)), Adjustment(grow_px=-grow_px))
    # At the rim what grew beyond it is lost to the shrinking's view of it, so the inside is compared.
    inside = Box(grow_px, grow_px, 210 - grow_px, 150 - grow_px).slices()
    assert (closed[inside] >= alpha[inside]).all()


# --- feather


@pytest.mark.parametrize("feather_px", [1, 3, 8, 14, 30])
def test_feathering_keeps_the_half_contour_within_a_pixel(feather_px: float) -> None:
    feathered = radii_px(adjusted(disc(55), Adjustment(feather_px=feather_px)))
    # A round edge moves inwards by about variance / (2 radius), whatever the blur.
    assert np.abs(feathered - 55.0).max() < 1.0 + (feather_px / 2) ** 2 / (2 * 55)


@pytest.mark.parametrize("feather_px", [2, 9, 11, 40])
def test_feathering_softens_a_straight_edge_to_the_width_asked_for(feather_px: float) -> None:
    alpha = np.zeros((20, 400), np.uint8)
    alpha[:, 200:] = 255
    row = adjusted(alpha, Adjustment(feather_px=feather_px))[10].astype(int)
    assert (np.diff(row) >= 0).all()
    assert abs(row[199] + row[200] - 255) <= 3, "the middle of the edge stays"
    n_soft = int(((row > 6) & (row < 249)).sum())
    assert abs(n_soft - 2 * feather_px) <= 0.15 * feather_px + 2


def test_the_two_ways_to_blur_meet() -> None:
    alpha = blobs(5)
    gauss = adjusted(alpha, Adjustment(feather_px=10.0)).astype(int)
    boxes = adjusted(alpha, Adjustment(feather_px=10.01)).astype(int)
    # At the rim the boxes repeat what is blurred already.
    assert np.abs(gauss - boxes)[30:-30, 30:-30].max() <= 12


# --- smooth


def test_smoothing_leaves_a_straight_edge_and_its_softness() -> None:
    ramp = np.clip((np.arange(90) - 40) * 25, 0, 255).astype(np.uint8)
    alpha = np.tile(ramp, (60, 1))
    np.testing.assert_array_equal(adjusted(alpha, Adjustment(smooth_px=7)), alpha)


def test_smoothing_takes_specks_holes_and_teeth_that_are_smaller() -> None:
    alpha = np.zeros((80, 120), np.uint8)
    alpha[:, 60:] = 255
    expected = alpha.copy()
    alpha[20:22, 30:32] = 255
    alpha[50:52, 90:92] = 0
    alpha[3:-3:6, 58:60] = 255  # at the rim one would be repeated beyond it
    np.testing.assert_array_equal(adjusted(alpha, Adjustment(smooth_px=5)), expected)


# --- contrast


@given(st.floats(0, 1))
def test_contrast_is_monotone_and_keeps_ends_and_middle(contrast: float) -> None:
    values = np.arange(256, dtype=np.uint8)[None]
    steeper = adjusted(values, Adjustment(contrast=contrast))[0].astype(int)
    assert (np.diff(steeper) >= 0).all()
    assert steeper[0] == 0
    assert steeper[255] == 255
    np.testing.assert_array_equal(steeper >= 128, values[0] >= 128)
    np.testing.assert_array_equal(steeper + steeper[::-1], 255)


@given(st.integers(0, 50), st.floats(0, 1), st.floats(0, 1))
def test_more_contrast_lies_further_from_the_middle(seed: int, first: float, second: float) -> None:
    alpha = blobs(seed)
    low, high = sorted((first, second))
    less = np.abs(adjusted(alpha, Adjustment(contrast=low)).astype(int) - 127.5)
    more = np.abs(adjusted(alpha, Adjustment(contrast=high)).astype(int) - 127.5)
    assert (more >= less - 1).all()


# --- the value itself


def test_a_scaled_adjustment_does_the_same_to_a_smaller_picture() -> None:
    adjustment = Adjustment(smooth_px=4, grow_px=6, feather_px=8)
    small = cv2.resize(disc(50), (80, 80), interpolation=cv2.INTER_AREA)
    expected = cv2.resize(adjusted(disc(50), adjustment), (80, 80), interpolation=cv2.INTER_AREA)
    shown = adjusted(np.asarray(small, np.uint8), adjustment.scaled(0.5))
    assert np.abs(radii_px(shown) - radii_px(np.asarray(expected, np.uint8))).max() < 0.6


@pytest.mark.parametrize("values", [{"smooth_px": -1.0}, {"feather_px": -0.1}, {"contrast": 1.1}])
def test_impossible_values_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Adjustment(**values)
