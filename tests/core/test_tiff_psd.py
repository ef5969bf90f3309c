from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2
from psd_tools import PSDImage

from meticulous_gui.core.export import Recipe, export_cutout
from meticulous_gui.core.formats.tiff import write_tiff
from meticulous_gui.core.photo import load_photo, photo_from_array
from meticulous_gui.core.resources import resource_dir
from tests.core import icc_profiles
from tests.core.test_export import soft_disc
from tests.core.test_photo import deep, save_png, smooth

TIFF, PSD = Recipe(format="tiff"), Recipe(format="psd")


@given(
    seed=st.integers(0, 1000),
    height=st.integers(1, 150),
    width=st.integers(1, 40),
    channels=st.sampled_from([1, 2, 3, 4]),
    dtype=st.sampled_from([np.uint8, np.uint16]),
)
def test_what_tiff_holds_reads_back_to_the_bit(
    tmp_path: Path, seed: int, height: int, width: int, channels: int, dtype: type
) -> None:
    rng = np.random.default_rng(seed)
    pixels: NDArray[Any] = rng.integers(0, np.iinfo(dtype).max + 1, (height, width, channels)).astype(dtype)
    path = tmp_path / "a.tif"
    with path.open("wb") as stream:
        write_tiff(stream, pixels, has_alpha=channels in (2, 4))
    np.testing.assert_array_equal(unpacked(path), pixels)
    if dtype is np.uint8:
        with Image.open(path) as image:
            np.testing.assert_array_equal(np.asarray(image).reshape(pixels.shape), pixels)
    elif channels != 2:  # which neither library reads
        raw = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        assert raw is not None
        order = {1: [0], 3: [2, 1, 0], 4: [2, 1, 0, 3]}[channels]
        np.testing.assert_array_equal(raw.reshape(pixels.shape)[..., order], pixels)


def unpacked(path: Path) -> NDArray[Any]:
    """Read a TIFF of ours by the letter of the standard."""
    content = path.read_bytes()
    directory = ImageFileDirectory_v2(content[:8])
    stream = io.BytesIO(content)
    stream.seek(struct.unpack_from("<I", content, 4)[0])
    directory.load(stream)
    assert (directory[259], directory[317], directory[284]) == (8, 2, 1)
    dtype = np.dtype(f"<u{directory[258][0] // 8}")
    packed = [content[at : at + n] for at, n in zip(directory[273], directory[279], strict=True)]
    values = np.frombuffer(b"".join(map(zlib.decompress, packed)), dtype)
    differences = values.reshape(directory[257], directory[256], directory[277])
    return np.cumsum(differences, axis=1, dtype=dtype)


@pytest.mark.parametrize("icc", [None, icc_profiles.wide_rgb()])
def test_a_deep_photo_stays_deep_in_tiff(tmp_path: Path, icc: bytes | None) -> None:
    photo = load_photo(save_png(tmp_path / "deep.png", deep(), icc=icc, dpi=(300, 200)))
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.tif", TIFF)
    again = load_photo(tmp_path / "a.tif")
    assert (again.bit_depth, again.icc) == (16, icc)
    assert again.dpi == pytest.approx((300, 200), abs=0.01)
    np.testing.assert_array_equal(again.pixels[alpha == 255], photo.pixels[alpha == 255])
    np.testing.assert_array_equal(again.alpha, alpha)


def test_a_grey_photo_stays_grey_in_tiff(tmp_path: Path) -> None:
    grey = smooth()[..., 0]
    photo = load_photo(save_png(tmp_path / "grey.png", grey, icc=icc_profiles.grey(1.8)))
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.tif", TIFF)
    both = unpacked(tmp_path / "a.tif")
    np.testing.assert_array_equal(both[alpha == 255, 0], grey[alpha == 255])
    np.testing.assert_array_equal(both[..., 1], alpha)
    again = load_photo(tmp_path / "a.tif")
    assert (again.mode, again.bit_depth, again.icc) == ("L", photo.bit_depth, icc_profiles.grey(1.8))
    np.testing.assert_array_equal(again.pixels[alpha == 255], grey[alpha == 255])
    np.testing.assert_array_equal(again.alpha, alpha)


@pytest.mark.parametrize("icc", [None, icc_profiles.grey(1.8), icc_profiles.grey(2.4)])
def test_a_deep_grey_cutout_is_colour_in_tiff_which_programs_read(tmp_path: Path, icc: bytes | None) -> None:
    grey: NDArray[Any] = deep(channels=1)[..., 0]
    photo = load_photo(save_png(tmp_path / "grey.png", grey, icc=icc))
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.tif", TIFF)
    raw = cv2.imread(str(tmp_path / "a.tif"), cv2.IMREAD_UNCHANGED)
    assert raw is not None
    np.testing.assert_array_equal(raw[..., 3], alpha * np.uint16(257))
    again = load_photo(tmp_path / "a.tif")
    assert (again.mode, again.bit_depth, again.notes) == ("RGB", 16, ())
    np.testing.assert_array_equal(again.alpha, alpha)
    inside = alpha == 255
    for channel in range(3):
        np.testing.assert_array_equal(again.pixels[inside][:, channel], grey[inside])
    assert int(np.abs(again.rgb[inside].astype(int) - photo.rgb[inside]).max()) <= 1


@pytest.mark.parametrize("name", ["coffee.png", "rocket.jpg"])
@pytest.mark.parametrize("recipe", [TIFF, Recipe(format="tiff", background="white")])
def test_a_sample_survives_tiff(tmp_path: Path, name: str, recipe: Recipe) -> None:
    photo = load_photo(resource_dir() / "samples" / name)
    alpha = soft_disc(*photo.size_hw)
    export_cutout(photo, alpha, tmp_path / "a.tif", recipe)
    again = load_photo(tmp_path / "a.tif")
    assert (again.alpha is None) == bool(recipe.background)
    np.testing.assert_array_equal(again.rgb[alpha == 255], photo.rgb[alpha == 255])


@pytest.mark.parametrize("is_deep", [False, True])
@pytest.mark.parametrize("is_grey", [False, True])
def test_psd_holds_the_photo_with_the_alpha_as_a_mask(tmp_path: Path, is_deep: bool, is_grey: bool) -> None:
    pixels: NDArray[Any] = deep() if is_deep else smooth()
    pixels = pixels[..., 0] if is_grey else pixels
    icc = icc_profiles.grey(1.8) if is_grey else icc_profiles.wide_rgb()
    photo = load_photo(save_png(tmp_path / "p.png", pixels, icc=icc, dpi=(300, 300)))
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.psd", PSD)
    document = PSDImage.open(tmp_path / "a.psd")
    (layer,) = document
    assert (layer.name, document.depth) == ("Cut-out", 16 if is_deep else 8)
    assert layer.mask is not None
    np.testing.assert_array_equal(np.asarray(layer.mask.topil()), alpha)
    colours = layer.numpy("color")
    assert colours is not None
    values = np.asarray(colours * (65535 if is_deep else 255))
    is_hard = (alpha == 0) | (alpha == 255)
    np.testing.assert_allclose(
        values.reshape(pixels.shape)[is_hard],
        pixels[is_hard],
        atol=0.51,
        err_msg="the photo lies under the mask",
    )
    assert document.image_resources.get_data(1039) == icc


def test_other_programs_see_the_cutout_of_a_psd_on_white_or_its_background(tmp_path: Path) -> None:
    photo, alpha = photo_from_array(smooth()), soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.psd", PSD)
    with Image.open(tmp_path / "a.psd") as image:
        seen = np.asarray(image)
    np.testing.assert_array_equal(seen[alpha == 255], photo.rgb[alpha == 255])
    assert (seen[alpha == 0] == 255).all()
    recipe = Recipe(format="psd", background="#102030", is_trimmed=True)
    export_cutout(photo, alpha, tmp_path / "b.psd", recipe)
    assert [layer.name for layer in PSDImage.open(tmp_path / "b.psd")] == ["Background", "Cut-out"]
    np.testing.assert_array_equal(load_photo(tmp_path / "b.psd").rgb[0, 0], (0x10, 0x20, 0x30))


def test_psd_keeps_the_resolution(tmp_path: Path) -> None:
    photo = load_photo(save_png(tmp_path / "p.png", smooth(), dpi=(240, 240)))
    export_cutout(photo, soft_disc(), tmp_path / "a.psd", PSD)
    resolution = PSDImage.open(tmp_path / "a.psd").image_resources.get_data(1005)
    assert resolution.horizontal / 65536 == pytest.approx(240, abs=0.02)


@pytest.mark.parametrize("dpi", [1e-7, 1e8])
@pytest.mark.parametrize("suffix", ["png", "tiff", "psd", "webp"])
def test_a_resolution_out_of_all_reason_does_not_stop_an_export(
    tmp_path: Path, suffix: str, dpi: float
) -> None:
    photo = replace(photo_from_array(smooth()), dpi=(dpi, dpi))
    path = tmp_path / f"a.{suffix}"
    export_cutout(photo, soft_disc(24, 40), path, Recipe(format=suffix))
    assert load_photo(path).size_hw == (24, 40)
