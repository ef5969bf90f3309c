from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.mask_file import read_mask
from meticulous_gui.core.photo import load_alpha
from tests.core.test_photo import save_png, with_orientation


def soft() -> NDArray[np.uint8]:
    alpha = np.zeros((10, 14), np.uint8)
    alpha[2:7, 3:9] = 255
    alpha[2:7, 9] = 100
    return alpha


@pytest.mark.parametrize("suffix", [".png", ".tif", ".bmp", ".webp"])
def test_grey_is_coverage(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(soft()).save(tmp_path / f"a{suffix}", lossless=True)
    np.testing.assert_array_equal(load_alpha(tmp_path / f"a{suffix}"), soft())


def test_one_bit_is_all_or_nothing(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", soft() >= 128)
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), np.where(soft() >= 128, 255, 0))


def test_the_alpha_channel_of_a_cutout_is_the_mask(tmp_path: Path) -> None:
    colours = np.random.default_rng(0).integers(0, 256, (10, 14, 3), np.uint8)
    save_png(tmp_path / "a.png", np.dstack([colours, soft()]))
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), soft())


def test_sixteen_bit_coverage_is_reduced(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", soft().astype(np.uint16) * 257)
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), soft())


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_labels_of_zero_and_one_are_stretched(tmp_path: Path, dtype: type) -> None:
    labels: NDArray[np.generic] = (soft() >= 128).astype(dtype)
    save_png(tmp_path / "a.png", labels)
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), np.where(soft() >= 128, 255, 0))


def test_grey_stored_as_rgb_is_coverage(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", np.repeat(soft()[..., None], 3, axis=2))
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), soft())


def test_a_black_and_white_jpeg_is_nearly_the_mask(tmp_path: Path) -> None:
    Image.fromarray(np.repeat(soft()[..., None], 3, axis=2)).save(tmp_path / "a.jpg", quality=95)
    assert np.abs(load_alpha(tmp_path / "a.jpg").astype(int) - soft()).max() < 20


def test_index_zero_of_a_coloured_palette_is_outside(tmp_path: Path) -> None:
    picture = Image.fromarray((soft() >= 128).astype(np.uint8)).convert("P")
    picture.putpalette([0, 0, 0, 128, 0, 0])
    picture.putdata((soft() >= 128).astype(int).ravel().tolist())
    picture.save(tmp_path / "a.png")
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), np.where(soft() >= 128, 255, 0))


@pytest.mark.parametrize("objects", [(7, 20), ()], ids=["around objects", "alone"])
def test_the_void_around_objects_is_outside_as_the_window_has_it(
    tmp_path: Path, objects: tuple[int, ...]
) -> None:
    """VOC's rims; a file in which 255 is the only object has no rim."""
    index = np.zeros((12, 16), np.uint8)
    index[2:10, 2:14] = 255
    for place, value in enumerate(objects):
        index[4:8, 4 + 4 * place : 8 + 4 * place] = value
    picture = Image.fromarray(index, "P")
    picture.putpalette([channel for value in range(256) for channel in (value, 0, 255 - value)])
    picture.save(tmp_path / "a.png")
    alpha = load_alpha(tmp_path / "a.png")
    expected = np.isin(index, objects) if objects else index > 0
    np.testing.assert_array_equal(alpha, np.where(expected, 255, 0))
    np.testing.assert_array_equal(read_mask(tmp_path / "a.png").alpha, alpha)


def test_a_mask_is_turned_as_its_file_says(tmp_path: Path) -> None:
    Image.fromarray(soft()).save(tmp_path / "a.png", exif=with_orientation(6).tobytes())
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), np.rot90(soft(), -1))


def test_an_empty_mask_stays_empty(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", np.zeros((5, 4), np.uint8))
    alpha = load_alpha(tmp_path / "a.png")
    assert alpha.shape == (5, 4)
    assert not alpha.any()
