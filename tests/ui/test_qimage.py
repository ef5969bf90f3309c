"""Arrays to QImage and back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from meticulous_gui.ui.qimage import (
    qimage_from_rgb,
    qimage_from_rgba,
    qimage_over_bgrx,
    rgb_from_qimage,
    rgba_from_qimage,
)

SIZES_HW = [(1, 1), (3, 5), (7, 2), (4, 4)]
generator = np.random.default_rng(3)


@pytest.mark.parametrize("size_hw", SIZES_HW)
def test_rgb_comes_back_from_any_width_and_any_strides(size_hw: tuple[int, int]) -> None:
    image = generator.integers(0, 256, (size_hw[0] * 2, size_hw[1], 3), dtype=np.uint8)[::2, ::-1]
    np.testing.assert_array_equal(rgb_from_qimage(qimage_from_rgb(image)), image)


@pytest.mark.parametrize("size_hw", SIZES_HW)
def test_rgba_comes_back_with_its_straight_alpha(size_hw: tuple[int, int]) -> None:
    image = generator.integers(0, 256, (*size_hw, 4), dtype=np.uint8)
    np.testing.assert_array_equal(rgba_from_qimage(qimage_from_rgba(image)), image)


def test_a_copy_does_not_follow_the_array() -> None:
    image = np.zeros((2, 2, 3), np.uint8)
    picture = qimage_from_rgb(image)
    image[:] = 255
    assert picture.pixelColor(0, 0).red() == 0


def test_a_frame_is_shown_without_a_copy_and_must_be_contiguous() -> None:
    frame = np.zeros((2, 3, 4), np.uint8)
    picture = qimage_over_bgrx(frame)
    frame[1, 2] = (1, 2, 3, 255)
    assert picture.pixelColor(2, 1) == QColor(3, 2, 1)
    with pytest.raises(ValueError, match="contiguous"):
        qimage_over_bgrx(frame[:, ::2])
    with pytest.raises(ValueError, match="H, W, 4"):
        qimage_over_bgrx(frame[:, :, :3])


def test_padded_and_palette_pictures_are_read_too() -> None:
    picture = QImage(3, 2, QImage.Format.Format_Indexed8)
    picture.setColorTable([0xFF0A141E, 0xFFFFFFFF])
    picture.fill(0)
    picture.setPixel(1, 1, 1)
    image = rgb_from_qimage(picture)
    assert image.shape == (2, 3, 3)
    assert tuple(image[0, 0]) == (10, 20, 30)
    assert tuple(image[1, 1]) == (255, 255, 255)
