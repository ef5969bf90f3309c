"""Photos in colours of their own: profiles, grey, CMYK and Lab become sRGB, and the source is kept."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from meticulous_gui.core.colour import srgb_profile
from meticulous_gui.core.photo import load_photo
from tests.core import icc_profiles
from tests.core.test_photo import save_png, smooth


def test_a_wide_profile_is_converted_and_kept(tmp_path: Path) -> None:
    pixels = smooth(700, 30)  # converted in several bands
    icc = icc_profiles.wide_rgb()
    Image.fromarray(pixels).save(tmp_path / "a.png", icc_profile=icc)
    photo = load_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(photo.pixels, pixels)
    assert photo.icc == icc
    wanted = ImageCms.profileToProfile(
        Image.fromarray(pixels),
        ImageCms.ImageCmsProfile(io.BytesIO(icc)),
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    assert wanted is not None
    np.testing.assert_array_equal(photo.rgb, np.asarray(wanted))
    # Green of the wide space lies outside sRGB: red must fall, so the conversion did happen.
    assert np.abs(photo.rgb.astype(int) - pixels).max() > 20


def test_an_srgb_profile_is_kept_and_costs_no_copy(tmp_path: Path) -> None:
    Image.fromarray(smooth()).save(tmp_path / "a.png", icc_profile=srgb_profile())
    photo = load_photo(tmp_path / "a.png")
    assert photo.pixels is photo.rgb
    assert photo.icc == srgb_profile()
    np.testing.assert_array_equal(photo.rgb, smooth())


def test_a_profile_of_megabytes_stays_in_a_png(tmp_path: Path) -> None:
    icc = icc_profiles.wide_rgb()
    large = len(icc) + 2_000_000  # beyond what Pillow reads; the size comes first in a profile
    icc = large.to_bytes(4, "big") + icc[4:] + bytes(2_000_000)
    photo = load_photo(save_png(tmp_path / "a.png", smooth(), icc=icc))
    assert (photo.icc, photo.notes) == (icc, ())


@pytest.mark.parametrize("icc", [b"not a profile", icc_profiles.wide_rgb()[:200], icc_profiles.cmyk()])
def test_a_useless_profile_gives_a_note_and_the_picture(tmp_path: Path, icc: bytes) -> None:
    Image.fromarray(smooth()).save(tmp_path / "a.png", icc_profile=icc)
    photo = load_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(photo.rgb, smooth())
    assert photo.icc is None
    assert "colour profile of a.png" in photo.notes[0]


def test_a_grey_profile_is_applied(tmp_path: Path) -> None:
    grey = smooth()[..., 0]
    Image.fromarray(grey).save(tmp_path / "a.png", icc_profile=icc_profiles.grey(1.0))
    photo = load_photo(tmp_path / "a.png")
    assert photo.mode == "L"
    np.testing.assert_array_equal(photo.pixels, grey)
    linear = grey / 255.0
    wanted = 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    assert np.abs(photo.rgb - wanted[..., None]).max() < 2


def test_a_grey_photo_with_a_colour_profile_is_read_through_it(tmp_path: Path) -> None:
    grey = smooth()[..., 0]
    Image.fromarray(grey).save(tmp_path / "wide.png", icc_profile=icc_profiles.wide_rgb(1.0))
    wide = load_photo(tmp_path / "wide.png")
    assert (wide.mode, wide.pixels.shape, wide.icc) == ("RGB", (24, 40, 3), icc_profiles.wide_rgb(1.0))
    Image.fromarray(grey).save(tmp_path / "srgb.png", icc_profile=srgb_profile())
    plain = load_photo(tmp_path / "srgb.png")
    assert (plain.mode, plain.icc) == ("L", None)
    np.testing.assert_array_equal(plain.pixels, grey)


def test_cmyk_without_a_profile_is_approximate_and_says_so(tmp_path: Path) -> None:
    Image.fromarray(smooth()).convert("CMYK").save(tmp_path / "a.jpg", quality=95)
    photo = load_photo(tmp_path / "a.jpg")
    assert (photo.mode, photo.pixels.shape) == ("CMYK", (24, 40, 4))
    assert "without a colour profile" in photo.notes[0]
    assert np.abs(photo.rgb.astype(int) - smooth()).max() < 40


def test_cmyk_with_a_profile_is_converted_by_it(tmp_path: Path) -> None:
    inks = np.zeros((8, 32, 4), np.uint8)
    inks[:, 8:16, 1] = inks[:, 16:24, 2] = inks[:, 24:, 3] = 255
    Image.frombytes("CMYK", (32, 8), inks.tobytes()).save(tmp_path / "a.tif", icc_profile=icc_profiles.cmyk())
    photo = load_photo(tmp_path / "a.tif")
    assert photo.notes == ()
    assert photo.icc == icc_profiles.cmyk()
    paper, pink, yellow, black = (photo.rgb[4, x].astype(int) for x in (4, 12, 20, 28))
    assert paper.min() > 245
    assert pink[0] - pink[1] > 100
    assert yellow[0] - yellow[2] > 100
    assert black.max() < 10


def test_lab_is_converted(tmp_path: Path) -> None:
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    lab = ImageCms.applyTransform(Image.fromarray(smooth()), to_lab)
    assert lab is not None
    lab.save(tmp_path / "a.tif")
    photo = load_photo(tmp_path / "a.tif")
    assert photo.mode == "LAB"
    assert np.abs(photo.rgb.astype(int) - smooth()).mean() < 4
