from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from meticulous_gui.core import foreground
from meticulous_gui.core.foreground import blur_fusion, estimate_foreground

# Red object over green background, alpha a ramp of 8 px: columns are (x, one pass r, g, two passes r, g).
VECTOR = [
    (29, 0.9659, 0.0341, 0.9642, 0.0357),
    (30, 0.9658, 0.0341, 0.9651, 0.0348),
    (32, 0.9707, 0.0293, 0.9734, 0.0266),
    (34, 0.9820, 0.0180, 0.9877, 0.0123),
    (35, 0.9901, 0.0099, 0.9942, 0.0058),
    (40, 1.0, 0.0, 1.0, 0.0),
]


def ramp(size: int = 64) -> NDArray[np.floating[Any]]:
    return np.tile(np.clip((np.arange(size) - 28) / 8, 0, 1), (size, 1))


def red_over_green(alpha: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.stack([alpha, 1 - alpha, np.zeros_like(alpha)], axis=-1)


def two_passes(
    image: NDArray[np.floating[Any]], alpha: NDArray[np.floating[Any]]
) -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]]]:
    first, second = np.empty_like(image), np.empty_like(image)
    weights = [cv2.blur(alpha, (side_px, side_px)) for side_px in (90, 6)]
    for plane in range(3):
        values = np.ascontiguousarray(image[..., plane])
        better, background = blur_fusion(values, values, values, alpha, weight=weights[0], side_px=90)
        best, _ = blur_fusion(values, better, background, alpha, weight=weights[1], side_px=6)
        first[..., plane], second[..., plane] = better, best
    return first, second


def test_blur_fusion_gives_the_published_numbers() -> None:
    alpha = ramp()
    first, second = two_passes(red_over_green(alpha), alpha)
    for x, r1, g1, r2, g2 in VECTOR:
        np.testing.assert_allclose(first[32, x, :2], (r1, g1), atol=1e-4)
        np.testing.assert_allclose(second[32, x, :2], (r2, g2), atol=1e-4)


def test_mean_errors_of_the_published_vector() -> None:
    alpha = ramp()
    image = red_over_green(alpha)
    truth = np.array([1.0, 0.0, 0.0])
    soft = (alpha > 0) & (alpha < 1)
    first, second = two_passes(image, alpha)
    for guess, error in ((image, 0.3333), (first, 0.01738), (second, 0.01590)):
        assert np.abs(guess - truth)[soft].mean() == pytest.approx(error, abs=1e-4)
    grey = 0.5
    wanted = alpha[..., None] * truth + (1 - alpha[..., None]) * grey
    for guess, mean, largest in ((image, 0.125, 0.25), (first, 0.00735, 0.0153), (second, 0.00620, 0.0133)):
        error_map = np.abs(alpha[..., None] * guess + (1 - alpha[..., None]) * grey - wanted)[soft]
        assert error_map.mean() == pytest.approx(mean, abs=1e-4)
        assert error_map.max() == pytest.approx(largest, abs=2e-4)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_estimate_of_integer_pixels_is_as_good_as_the_acceptance_check_asks(dtype: type) -> None:
    scale = np.iinfo(dtype).max
    alpha = np.rint(ramp() * 255).astype(np.uint8)
    pixels: NDArray[Any] = np.rint(red_over_green(alpha / 255.0) * scale).astype(dtype)
    colours = estimate_foreground(pixels, alpha)
    soft = (alpha > 0) & (alpha < 255)
    error = np.abs(colours[soft] / scale - np.array([1.0, 0.0, 0.0]))
    assert colours.dtype == dtype
    assert error.mean() < 0.02


def test_wide_edges_of_large_photos_are_cleaned_too() -> None:
    """The box grows with the photo; with that of a small one the error would be .065."""
    alpha = np.tile(np.rint(np.clip((np.arange(16_000) - 8000) / 30, 0, 1) * 255), (3, 1)).astype(np.uint8)
    pixels = np.rint(red_over_green(alpha / 255.0) * 255).astype(np.uint8)
    colours = estimate_foreground(pixels, alpha)
    soft = (alpha > 0) & (alpha < 255)
    error = np.abs(colours[soft] / 255 - np.array([1.0, 0.0, 0.0]))
    assert error.mean() < 0.02


def test_opaque_pixels_stay_as_they_are_and_the_input_too() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (70, 90, 3), np.uint8)
    alpha = rng.choice(np.array([0, 90, 200, 255], np.uint8), (70, 90))
    before = pixels.copy()
    colours = estimate_foreground(pixels, alpha)
    np.testing.assert_array_equal(colours[alpha == 255], pixels[alpha == 255])
    np.testing.assert_array_equal(pixels, before)


def test_outside_pixels_repeat_the_nearest_colour_of_the_object() -> None:
    pixels = np.zeros((12, 40, 3), np.uint8)
    pixels[:, :20], pixels[:, 20:] = (200, 10, 10), (10, 10, 200)
    alpha = np.zeros((12, 40), np.uint8)
    alpha[4:8, 5:10] = alpha[4:8, 30:35] = 255
    colours = estimate_foreground(pixels, alpha)
    np.testing.assert_array_equal(colours[:, :19], np.broadcast_to((200, 10, 10), (12, 19, 3)))
    np.testing.assert_array_equal(colours[:, 21:], np.broadcast_to((10, 10, 200), (12, 19, 3)))


def test_far_outside_is_one_colour_and_no_background() -> None:
    pixels = np.full((300, 400, 3), 250, np.uint8)
    pixels[100:120, 100:120] = (40, 80, 120)
    alpha = np.zeros((300, 400), np.uint8)
    alpha[100:120, 100:120] = 255
    colours = estimate_foreground(pixels, alpha)
    np.testing.assert_array_equal(colours, np.broadcast_to((40, 80, 120), colours.shape))


def test_no_object_gives_no_colour_and_a_full_one_gives_the_photo() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (9, 7, 3), np.uint8)
    assert not estimate_foreground(pixels, np.zeros((9, 7), np.uint8)).any()
    np.testing.assert_array_equal(estimate_foreground(pixels, np.full((9, 7), 255, np.uint8)), pixels)


def test_tiles_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    alpha = np.rint(255 * np.clip(np.sin(np.arange(150) / 9)[None] + rng.normal(0, 0.2, (110, 150)), 0, 1))
    pixels = rng.integers(0, 256, (110, 150, 3), np.uint8)
    whole = estimate_foreground(pixels, alpha.astype(np.uint8))
    monkeypatch.setattr(foreground, "_TILE_PX", 32)
    tiled = estimate_foreground(pixels, alpha.astype(np.uint8))
    # Sums of a box blur differ in the last bit of a float, a code at most after rounding.
    seen = alpha > 0
    assert np.abs(whole[seen].astype(int) - tiled[seen].astype(int)).max() <= 1


def test_grey_pixels_are_treated_as_one_plane_of_colour() -> None:
    rng = np.random.default_rng(3)
    grey = rng.integers(0, 256, (40, 30), np.uint8)
    alpha = rng.integers(0, 256, (40, 30), np.uint8)
    both = estimate_foreground(np.repeat(grey[..., None], 3, axis=2), alpha)
    np.testing.assert_array_equal(estimate_foreground(grey, alpha), both[..., 0])


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 9), (20, 3)])
@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_the_smallest_pictures_work(size_hw: tuple[int, int], value: int) -> None:
    pixels = np.full((*size_hw, 3), 77, np.uint8)
    colours = estimate_foreground(pixels, np.full(size_hw, value, np.uint8))
    assert colours.shape == pixels.shape
    if value == 255:
        np.testing.assert_array_equal(colours, pixels)


def test_wrong_sizes_and_types_are_refused() -> None:
    with pytest.raises(ValueError, match="alpha must have"):
        estimate_foreground(np.zeros((4, 5, 3), np.uint8), np.zeros((5, 4), np.uint8))
    with pytest.raises(ValueError, match="uint8 or uint16"):
        estimate_foreground(np.zeros((4, 5, 3), np.float32), np.zeros((4, 5), np.uint8))
