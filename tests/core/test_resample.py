"""Resampling keeps pixels where they are."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.resample import resize, resize_area, resize_bilinear

sides = st.integers(1, 33)


def centre_of_mass(image: NDArray[Any]) -> tuple[float, float]:
    """Relative to the image's size."""
    weights = image.astype(np.float64)
    ys, xs = np.mgrid[: image.shape[0], : image.shape[1]] + 0.5
    total = weights.sum()
    return float((xs * weights).sum() / total / image.shape[1]), float(
        (ys * weights).sum() / total / image.shape[0]
    )


def test_enlarging_a_ramp_reads_between_the_centres_of_pixels() -> None:
    ramp = np.array([[0.0, 4.0], [0.0, 4.0]], np.float32)
    assert resize_bilinear(ramp, (4, 4))[0].tolist() == [0.0, 1.0, 3.0, 4.0]


def test_shrinking_takes_the_mean_of_the_area() -> None:
    image = np.array([[0, 4, 8, 8], [4, 8, 8, 8]], np.uint8)
    assert resize_area(image, (1, 2)).tolist() == [[4, 8]]


@pytest.mark.parametrize("factor", [2, 3, 4, 8])
def test_enlarging_and_shrinking_again_does_not_shift(factor: int) -> None:
    image = np.zeros((16, 20), np.float32)
    image[5:9, 7:12] = 1.0
    image[6, 13] = 0.5
    large = resize(image, (16 * factor, 20 * factor))
    assert centre_of_mass(large) == pytest.approx(centre_of_mass(image), abs=1e-6)
    small = resize(large, (16, 20))
    assert centre_of_mass(small) == pytest.approx(centre_of_mass(image), abs=1e-6)
    # A symmetric blur stays; a shift would show as a difference between left and right.
    assert np.allclose(small[:, ::-1], resize(resize(image[:, ::-1], large.shape[:2]), (16, 20)), atol=1e-6)


@given(sides, sides, sides, sides, st.sampled_from([(), (1,), (3,)]))
def test_a_flat_image_stays_flat_at_any_size(
    height: int, width: int, new_h: int, new_w: int, channels: tuple[int, ...]
) -> None:
    image = np.full((height, width, *channels), 137, np.uint8)
    result = resize(image, (new_h, new_w))
    assert result.shape == (new_h, new_w, *channels)
    assert result.dtype == np.uint8
    assert (result == 137).all()


@given(sides, sides)
def test_the_same_size_gives_an_equal_copy(height: int, width: int) -> None:
    image = np.arange(height * width, dtype=np.float32).reshape(height, width)
    result = resize(image, (height, width))
    assert (result == image).all()
    assert result is not image
    result[0, 0] = -1.0
    assert image[0, 0] == 0.0


def test_one_axis_may_shrink_while_the_other_grows() -> None:
    image = np.array([[0, 0, 100, 100]], np.uint8)
    assert resize(image, (3, 2)).tolist() == [[0, 100]] * 3


def test_growing_by_area_is_refused() -> None:
    with pytest.raises(ValueError, match="only shrinks"):
        resize_area(np.zeros((2, 2), np.uint8), (3, 2))


@pytest.mark.parametrize("function", [resize, resize_area, resize_bilinear])
def test_a_size_without_pixels_is_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="at least"):
        function(np.zeros((2, 2), np.uint8), (0, 2))


def test_an_image_without_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="not empty"):
        resize(np.zeros((0, 2), np.uint8), (1, 1))
