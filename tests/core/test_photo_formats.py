"""Formats that need more than Pillow: cameras' raw files, deep HEIC, PSD with and without its picture."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import Resource

from meticulous_gui.core import camera_raw
from meticulous_gui.core.decode import read_header_size
from meticulous_gui.core.errors import PhotoError
from meticulous_gui.core.export import Recipe, export_cutout
from meticulous_gui.core.photo import PHOTO_SUFFIXES, DecodeLimits, load_photo
from tests.core import icc_profiles
from tests.core.dng_files import dng_bytes
from tests.core.test_export import soft_disc
from tests.core.test_photo import deep, save_png, smooth
from tests.core.tiff_files import tiff_bytes

LIMITS = DecodeLimits()
SMALL = DecodeLimits(max_pixels=100)


def refusal(path: Path, limits: DecodeLimits = LIMITS) -> str:
    with pytest.raises(PhotoError) as caught:
        load_photo(path, limits)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_a_grey_png_may_call_one_of_its_greys_transparent(tmp_path: Path, depth: int) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    levels = [0, 1, 2**depth - 1, 0]
    bits = "".join(f"{level:0{depth}b}" for level in levels)
    row = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    (tmp_path / "a.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", len(levels), 1, depth, 0, 0, 0, 0))
        + chunk(b"tRNS", struct.pack(">H", 1))
        + chunk(b"IDAT", zlib.compress(b"\0" + row))
        + chunk(b"IEND", b"")
    )
    photo = load_photo(tmp_path / "a.png")
    assert photo.alpha is not None
    assert (photo.alpha[0] == 0).tolist() == [level == 1 for level in levels]


def raw_file(folder: Path, *, orientation: int = 1) -> Path:
    """A sensor whose upper left part is dark."""
    sensor = np.full((48, 64), 20_000, np.uint16)
    sensor[:16, :24] = 2_000
    path = folder / "photo.dng"
    path.write_bytes(dng_bytes(sensor, orientation=orientation))
    return path


def test_a_raw_file_is_developed_with_16_bits(tmp_path: Path) -> None:
    photo = load_photo(raw_file(tmp_path))
    assert (photo.size_hw, photo.bit_depth, photo.mode) == ((48, 64), 16, "RGB")
    assert photo.rgb[5, 5].mean() < photo.rgb[40, 50].mean() / 2
    assert read_header_size(tmp_path / "photo.dng", LIMITS) == (48, 64)


@pytest.mark.parametrize(("orientation", "dark"), [(1, (5, 5)), (3, (42, 58)), (6, (5, 42)), (8, (58, 5))])
def test_a_raw_file_is_upright(tmp_path: Path, orientation: int, dark: tuple[int, int]) -> None:
    path = raw_file(tmp_path, orientation=orientation)
    photo = load_photo(path)
    assert photo.size_hw == ((64, 48) if orientation in (6, 8) else (48, 64))
    assert read_header_size(path, LIMITS) == photo.size_hw
    assert photo.rgb[dark].mean() < photo.rgb.mean() / 2


def test_a_cutout_of_a_raw_file_keeps_its_depth(tmp_path: Path) -> None:
    photo = load_photo(raw_file(tmp_path))
    alpha = soft_disc(48, 64)
    export_cutout(photo, alpha, tmp_path / "out.tif", Recipe(format="tiff"))
    again = load_photo(tmp_path / "out.tif")
    np.testing.assert_array_equal(again.pixels[alpha == 255], photo.pixels[alpha == 255])


def test_without_the_extra_the_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_raw, "find_spec", lambda _name: None)
    assert 'pip install "meticulous-gui[raw]"' in refusal(raw_file(tmp_path))
    assert ".dng" in PHOTO_SUFFIXES


def test_limits_hold_for_raw_files(tmp_path: Path) -> None:
    assert "64 x 48 px" in refusal(raw_file(tmp_path), SMALL)


@pytest.mark.parametrize("kept", [0, 100, 300, 2000])
def test_a_raw_file_that_is_cut_short_is_one_sentence(tmp_path: Path, kept: int) -> None:
    path = raw_file(tmp_path)
    path.write_bytes(path.read_bytes()[:kept])
    assert refusal(path)


def test_ten_bits_of_a_heic_are_kept(tmp_path: Path) -> None:
    values = (np.arange(24 * 32 * 3, dtype=np.uint32).reshape(24, 32, 3) * 28).astype(np.uint16)
    picture = pillow_heif.from_bytes(mode="RGB;16", size=(32, 24), data=values.tobytes())
    picture.save(tmp_path / "a.heic", quality=-1)
    photo = load_photo(tmp_path / "a.heic")
    assert (photo.bit_depth, photo.size_hw) == (16, (24, 32))
    assert np.abs(photo.pixels.astype(int) - values).max() < 600, "ten of 16 bits, and a lossy colour space"
    assert len(np.unique(photo.pixels)) > 256


@pytest.mark.parametrize("is_grey", [False, True])
def test_a_psd_of_16_bits_keeps_them(tmp_path: Path, is_grey: bool) -> None:
    pixels = deep(channels=1)[..., 0] if is_grey else deep()
    icc = icc_profiles.grey(1.8) if is_grey else icc_profiles.wide_rgb()
    photo = load_photo(save_png(tmp_path / "p.png", pixels, icc=icc, dpi=(300, 300)))
    whole = np.full(photo.size_hw, 255, np.uint8)
    export_cutout(photo, whole, tmp_path / "a.psd", Recipe(format="psd"))
    again = load_photo(tmp_path / "a.psd")
    assert (again.bit_depth, again.icc, again.mode) == (16, icc, photo.mode)
    assert again.dpi == pytest.approx((300, 300), abs=0.01)
    np.testing.assert_array_equal(again.pixels, pixels)
    assert read_header_size(tmp_path / "a.psd", LIMITS) == photo.size_hw


@pytest.mark.parametrize("depth", [8, 16])
def test_a_psd_without_its_picture_says_what_to_do(tmp_path: Path, depth: int) -> None:
    document = PSDImage.new("RGB", (40, 24), depth=depth)  # type: ignore[arg-type]
    document.create_pixel_layer(Image.fromarray(smooth()), name="photo")
    document.image_resources.get_data(Resource.VERSION_INFO).has_composite = False
    document.save(tmp_path / "a.psd")
    assert "Maximize Compatibility" in refusal(tmp_path / "a.psd")


def test_limits_hold_for_deep_psd_before_memory_is_taken(tmp_path: Path) -> None:
    header = b"8BPS" + bytes.fromhex("0001 000000000000 0003 0000ea60 0000ea60 0010 0003")
    (tmp_path / "a.psd").write_bytes(header + bytes(200))
    assert "60000 x 60000 px" in refusal(tmp_path / "a.psd")


def test_a_damaged_deep_psd_is_one_sentence(tmp_path: Path) -> None:
    photo = load_photo(save_png(tmp_path / "p.png", deep()))
    export_cutout(photo, soft_disc(), tmp_path / "a.psd", Recipe(format="psd"))
    content = (tmp_path / "a.psd").read_bytes()
    for n_kept in (30, 200, len(content) // 2, len(content) - 10):
        (tmp_path / "b.psd").write_bytes(content[:n_kept])
        assert refusal(tmp_path / "b.psd")


def test_a_deep_psd_in_cmyk_says_what_to_do(tmp_path: Path) -> None:
    header = b"8BPS" + bytes.fromhex("0001 000000000000 0004 00000010 00000010 0010 0004")
    (tmp_path / "a.psd").write_bytes(header + bytes(200))
    assert "save it as RGB" in refusal(tmp_path / "a.psd")


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_negative_tiff_is_seen_as_it_is_meant(tmp_path: Path, dtype: Any) -> None:
    full = np.iinfo(dtype).max
    meant = np.array([[0, full, full // 3], [7, full - 7, full // 2]], dtype)
    (tmp_path / "a.tif").write_bytes(tiff_bytes(full - meant, photometric=0))
    np.testing.assert_array_equal(load_photo(tmp_path / "a.tif").pixels, meant)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_fourth_channel_that_is_no_transparency_is_none(tmp_path: Path, dtype: Any) -> None:
    stored = np.random.default_rng(0).integers(0, 200, (5, 6, 4)).astype(dtype)
    (tmp_path / "a.tif").write_bytes(tiff_bytes(stored, extra_alpha=0))
    photo = load_photo(tmp_path / "a.tif")
    assert photo.alpha is None
    np.testing.assert_array_equal(photo.pixels, stored[..., :3])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_colours_that_hold_their_transparency_are_freed_of_it(tmp_path: Path, dtype: Any) -> None:
    full = int(np.iinfo(dtype).max)
    alpha = np.array([[full, full // 2, full // 3, 0]])
    colours = np.array([[[full, full // 2, 0]]]) * np.ones((1, 4, 1))
    stored = np.dstack([np.rint(colours * alpha[..., None] / full), alpha]).astype(dtype)
    (tmp_path / "a.tif").write_bytes(tiff_bytes(stored, extra_alpha=1))
    photo = load_photo(tmp_path / "a.tif")
    np.testing.assert_allclose(photo.pixels[:, :3], colours[:, :3], atol=3)
    assert photo.alpha is not None
    np.testing.assert_array_equal(photo.alpha[0] > 0, [True, True, True, False])
