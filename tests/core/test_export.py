from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from meticulous_gui.core.colour import srgb_profile
from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.export import EXPORTERS, Recipe, export_cutout, exporter_for
from meticulous_gui.core.formats.mask import write_mask
from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.photo import Photo, load_alpha, load_photo, photo_from_array
from meticulous_gui.core.resources import resource_dir
from tests.core import icc_profiles
from tests.core.test_files import files_of_at_most, names_in
from tests.core.test_photo import deep, save_png, smooth, with_orientation

PLAIN = Recipe(edge_cleaning_percent=0)


def soft_disc(height: int = 24, width: int = 40) -> NDArray[np.uint8]:
    rows, columns = np.mgrid[0:height, 0:width]
    distance = np.hypot(rows - height / 2, columns - width / 2)
    return np.clip(255 * (height / 3 - distance) / 4, 0, 255).astype(np.uint8)


@given(
    seed=st.integers(0, 1000),
    height=st.integers(1, 70),
    width=st.integers(1, 40),
    channels=st.integers(1, 4),
    dtype=st.sampled_from([np.uint8, np.uint16]),
)
def test_what_the_encoder_writes_reads_back(
    tmp_path: Path, seed: int, height: int, width: int, channels: int, dtype: type
) -> None:
    rng = np.random.default_rng(seed)
    pixels: NDArray[Any] = rng.integers(0, np.iinfo(dtype).max + 1, (height, width, channels)).astype(dtype)
    pixels.reshape(-1)[0] = 0  # an opaque picture would lose its alpha
    photo = load_photo(save_png(tmp_path / "a.png", pixels))
    colours = pixels[..., :-1] if channels in (2, 4) else pixels
    np.testing.assert_array_equal(photo.pixels.reshape(colours.shape), colours)
    if channels in (2, 4) and photo.alpha is not None:
        wanted = pixels[..., -1] if dtype is np.uint8 else np.rint(pixels[..., -1] / 257.0)
        np.testing.assert_array_equal(photo.alpha, wanted)


@given(height=st.integers(1, 70), width=st.integers(1, 40), seed=st.integers(0, 1000))
def test_one_bit_a_pixel_reads_back(tmp_path: Path, height: int, width: int, seed: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < 0.5
    path = save_png(tmp_path / "a.png", mask)
    with Image.open(path) as image:
        assert image.mode == "1"
        np.testing.assert_array_equal(np.asarray(image), mask)


@pytest.mark.parametrize(
    "pixels", [np.zeros((3, 4), np.float32), np.zeros((3, 4, 2), np.bool_), np.zeros((0, 4))]
)
def test_the_encoder_refuses_what_png_cannot_hold(pixels: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="pixels must be"):
        write_png(io.BytesIO(), pixels)


@pytest.mark.parametrize("name", ["coffee.png", "rocket.jpg"])
def test_a_cutout_of_a_sample_reopens_as_it_was(tmp_path: Path, name: str) -> None:
    photo = load_photo(resource_dir() / "samples" / name)
    alpha = soft_disc(*photo.size_hw)
    export_cutout(photo, alpha, tmp_path / "a.png")
    again = load_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(again.alpha, alpha)
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), alpha)
    np.testing.assert_array_equal(again.rgb[alpha == 255], photo.rgb[alpha == 255])
    assert again.icc == photo.icc
    assert again.dpi == pytest.approx(photo.dpi, abs=0.01)
    with Image.open(tmp_path / "a.png") as opened:
        assert opened.mode == "RGBA"
        opened.verify()


def test_soft_edges_carry_no_background(tmp_path: Path) -> None:
    alpha = soft_disc(60, 80)
    share = alpha[..., None] / 255.0
    mixed = share * np.array([200, 30, 20]) + (1 - share) * np.array([20, 60, 230])
    photo = photo_from_array(np.rint(mixed).astype(np.uint8))
    export_cutout(photo, alpha, tmp_path / "clean.png")
    export_cutout(photo, alpha, tmp_path / "plain.png", PLAIN)
    is_soft = (alpha > 40) & (alpha < 255)
    clean, plain = (
        np.abs(load_photo(tmp_path / name).rgb[is_soft].astype(int) - (200, 30, 20)).mean()
        for name in ("clean.png", "plain.png")
    )
    assert clean < 6 < plain


def test_a_plain_cutout_has_no_hidden_photo(tmp_path: Path) -> None:
    alpha = soft_disc()
    export_cutout(photo_from_array(smooth()), alpha, tmp_path / "a.png", PLAIN)
    again = load_photo(tmp_path / "a.png")
    assert not again.rgb[alpha == 0].any()
    np.testing.assert_array_equal(again.rgb[alpha > 0], smooth()[alpha > 0])


def test_a_deep_photo_stays_deep(tmp_path: Path) -> None:
    photo = load_photo(save_png(tmp_path / "deep.png", deep(), icc=icc_profiles.wide_rgb(), dpi=(300, 200)))
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.png")
    again = load_photo(tmp_path / "a.png")
    assert (again.bit_depth, again.icc) == (16, icc_profiles.wide_rgb())
    assert again.dpi == pytest.approx((300, 200), abs=0.01)
    np.testing.assert_array_equal(again.pixels[alpha == 255], photo.pixels[alpha == 255])
    np.testing.assert_array_equal(again.alpha, alpha)


@pytest.mark.parametrize("is_deep", [False, True])
def test_a_grey_photo_stays_grey_with_its_profile(tmp_path: Path, is_deep: bool) -> None:
    grey: NDArray[Any] = deep(channels=1)[..., 0] if is_deep else smooth()[..., 0]
    photo = load_photo(save_png(tmp_path / "grey.png", grey, icc=icc_profiles.grey(1.8)))
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.png")
    again = load_photo(tmp_path / "a.png")
    assert (again.mode, again.icc) == ("L", icc_profiles.grey(1.8))
    assert again.bit_depth == photo.bit_depth
    np.testing.assert_array_equal(again.pixels[alpha == 255], grey[alpha == 255])
    np.testing.assert_array_equal(again.alpha, alpha)


@pytest.mark.parametrize("mode", ["CMYK", "P", "LAB"])
def test_other_colour_spaces_come_out_as_srgb(tmp_path: Path, mode: str) -> None:
    if mode == "LAB":
        to_lab = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
        )
        picture = ImageCms.applyTransform(Image.fromarray(smooth()), to_lab)
        assert picture is not None
    else:
        picture = Image.fromarray(smooth()).convert(mode)
    source = tmp_path / ("photo.png" if mode == "P" else "photo.tif")
    picture.save(source, icc_profile=icc_profiles.cmyk() if mode == "CMYK" else None)
    photo = load_photo(source)
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.png")
    again = load_photo(tmp_path / "a.png")
    assert (again.mode, again.icc) == ("RGB", srgb_profile())
    np.testing.assert_array_equal(again.rgb[alpha == 255], photo.rgb[alpha == 255])


def turned_photo(folder: Path) -> Photo:
    Image.fromarray(smooth()).save(folder / "a.jpg", exif=with_orientation(6).tobytes())
    return load_photo(folder / "a.jpg")


@pytest.mark.parametrize(("format_name", "suffix"), [("png", ".png"), ("webp", ".webp"), ("tiff", ".tif")])
def test_exif_travels_with_orientation_one(tmp_path: Path, format_name: str, suffix: str) -> None:
    photo = turned_photo(tmp_path)
    path = tmp_path / f"out{suffix}"
    export_cutout(photo, soft_disc(40, 24), path, Recipe(format=format_name))
    with Image.open(path) as image:
        exif = image.getexif()
        assert (exif[0x0112], exif[0x010F]) == (1, "Test camera")
        assert image.size == (24, 40)
    export_cutout(photo, soft_disc(40, 24), path, Recipe(format=format_name, keeps_exif=False))
    with Image.open(path) as image:
        assert 0x010F not in image.getexif()


@pytest.mark.parametrize(("format_name", "suffix"), [("png", ".png"), ("webp", ".webp"), ("tiff", ".tif")])
def test_the_place_stays_behind_unless_it_is_wanted(tmp_path: Path, format_name: str, suffix: str) -> None:
    exif = with_orientation(1)
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 0.0)}
    exif[0x8769] = {0x9003: "2024:05:01 10:00:00"}
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", exif=exif.tobytes())
    photo, path = load_photo(tmp_path / "a.jpg"), tmp_path / f"out{suffix}"
    for keeps, has in ((True, True), (False, False)):
        export_cutout(photo, soft_disc(), path, Recipe(format=format_name), keeps_location=keeps)
        with Image.open(path) as image:
            read = image.getexif()
            assert bool(read.get_ifd(0x8825)) is has
            assert read[0x010F] == "Test camera"
            assert read.get_ifd(0x8769)[0x9003] == "2024:05:01 10:00:00"


@pytest.mark.parametrize(
    ("format_name", "suffix"), [("png", ".png"), ("webp", ".webp"), ("tiff", ".tif"), ("psd", ".psd")]
)
@pytest.mark.parametrize("keeps_location", [True, False])
def test_names_in_exif_keep_their_letters(
    tmp_path: Path, format_name: str, suffix: str, keeps_location: bool
) -> None:
    author, owner = "Jürgen Müller".encode(), "© Zoë".encode("latin-1")  # both are found in photos
    exif = with_orientation(1)
    exif[0x013B] = author
    exif[0x8298] = owner
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", dpi=(300, 300), exif=exif.tobytes())
    recipe, path = Recipe(format=format_name), tmp_path / f"out{suffix}"
    export_cutout(load_photo(tmp_path / "a.jpg"), soft_disc(), path, recipe, keeps_location=keeps_location)
    written = path.read_bytes()
    assert author in written
    assert owner in written


def test_a_photo_that_says_nothing_but_its_place_leaves_nothing(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N"}
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", exif=exif.tobytes())
    export_cutout(load_photo(tmp_path / "a.jpg"), soft_disc(), tmp_path / "out.png")
    assert b"eXIf" not in (tmp_path / "out.png").read_bytes()


def test_lossless_webp_reopens_as_it_was(tmp_path: Path) -> None:
    path = save_png(tmp_path / "p.png", smooth(), icc=icc_profiles.wide_rgb(), dpi=(300, 200))
    photo = load_photo(path)
    alpha = soft_disc()
    export_cutout(photo, alpha, tmp_path / "a.webp", Recipe(format="webp"))
    export_cutout(photo, alpha, tmp_path / "a.png")
    webp, png = load_photo(tmp_path / "a.webp"), load_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(webp.alpha, alpha)
    np.testing.assert_array_equal(webp.pixels, png.pixels)
    assert webp.icc == icc_profiles.wide_rgb()
    assert webp.dpi == pytest.approx((300, 200), abs=0.01)


def test_webp_of_deep_and_grey_photos_is_srgb(tmp_path: Path) -> None:
    for pixels, icc in ((deep(), icc_profiles.wide_rgb()), (smooth()[..., 0], icc_profiles.grey(1.8))):
        photo = load_photo(save_png(tmp_path / "p.png", pixels, icc=icc))
        export_cutout(photo, np.full((24, 40), 255, np.uint8), tmp_path / "a.webp", Recipe(format="webp"))
        again = load_photo(tmp_path / "a.webp")
        assert again.icc == srgb_profile()
        np.testing.assert_array_equal(again.rgb, photo.rgb)


def test_lossy_webp_keeps_alpha_exact(tmp_path: Path) -> None:
    alpha = soft_disc()
    export_cutout(photo_from_array(smooth()), alpha, tmp_path / "a.webp", Recipe(format="webp", quality=50))
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.webp"), alpha)


def test_webp_says_when_a_side_is_too_long(tmp_path: Path) -> None:
    photo = photo_from_array(np.zeros((2, 16_384, 3), np.uint8))
    with pytest.raises(
        ExportError, match=r"at most 16383 px a side and the cut-out of untitled is 16384 x 2 px; export as"
    ):
        export_cutout(photo, np.zeros((2, 16_384), np.uint8), tmp_path / "a.webp", Recipe(format="webp"))
    assert names_in(tmp_path) == []


def test_masks_in_their_three_forms(tmp_path: Path) -> None:
    alpha = soft_disc()
    binary = np.where(alpha >= 128, 255, 0)
    write_mask(alpha, tmp_path / "coverage.png", values="grey")
    write_mask(alpha, tmp_path / "binary.png", values="binary")
    write_mask(alpha, tmp_path / "bits.png", values="bits")
    np.testing.assert_array_equal(load_alpha(tmp_path / "coverage.png"), alpha)
    np.testing.assert_array_equal(load_alpha(tmp_path / "binary.png"), binary)
    np.testing.assert_array_equal(load_alpha(tmp_path / "bits.png"), binary)
    for name, mode in (("coverage.png", "L"), ("bits.png", "1")):
        with Image.open(tmp_path / name) as image:
            assert image.mode == mode
    with pytest.raises(ValueError, match="values must be"):
        write_mask(alpha, tmp_path / "a.png", values="four")


def test_a_mask_can_be_exported_through_the_registry(tmp_path: Path) -> None:
    alpha = soft_disc()
    photo = photo_from_array(smooth())
    export_cutout(photo, alpha, tmp_path / "a.png", Recipe(format="mask", mask_values="bits"))
    np.testing.assert_array_equal(load_alpha(tmp_path / "a.png"), np.where(alpha >= 128, 255, 0))


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_every_exporter_writes_with_its_defaults(tmp_path: Path, name: str) -> None:
    exporter = EXPORTERS[name]
    path = tmp_path / f"a{exporter.suffixes[0]}"
    export_cutout(photo_from_array(smooth()), soft_disc(), path, Recipe(format=name))
    assert exporter.name == name
    assert exporter.title
    if name != "psd":  # its alpha is the mask of a layer
        np.testing.assert_array_equal(load_alpha(path), soft_disc())


def test_equal_exports_are_equal_files(tmp_path: Path) -> None:
    picture = Image.fromarray(smooth()).convert("P")
    picture.save(tmp_path / "p.png")
    for name in ("a.png", "b.png"):
        export_cutout(load_photo(tmp_path / "p.png"), soft_disc(), tmp_path / name)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 30_000), (30_000, 1)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_extreme_sizes_and_masks(tmp_path: Path, size_hw: tuple[int, int], value: int) -> None:
    photo = photo_from_array(np.full((*size_hw, 3), 70, np.uint8))
    export_cutout(photo, np.full(size_hw, value, np.uint8), tmp_path / "a.png")
    assert load_photo(tmp_path / "a.png").size_hw == size_hw


def test_a_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    photo = photo_from_array(smooth(), path=tmp_path / "dog.jpg")
    with pytest.raises(ExportError, match=r"mask is 24 x 40 px \(uint8\) and dog.jpg 40 x 24 px"):
        export_cutout(photo, soft_disc(40, 24), tmp_path / "a.png")
    assert names_in(tmp_path) == []


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ExportError, match="png, webp, tiff, psd, mask"):
        exporter_for("gif")


@pytest.mark.parametrize(("format_name", "suffix"), [(e.name, e.suffixes[0]) for e in EXPORTERS.values()])
def test_a_failed_export_keeps_the_earlier_file(tmp_path: Path, format_name: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"the earlier export")
    rng = np.random.default_rng(0)
    photo = photo_from_array(rng.integers(0, 256, (200, 200, 3), np.uint8))
    alpha = rng.integers(0, 256, (200, 200), np.uint8)
    with files_of_at_most(2000), pytest.raises(ExportError, match="was not written"):
        export_cutout(photo, alpha, path, Recipe(format=format_name))
    assert path.read_bytes() == b"the earlier export"
    assert names_in(tmp_path) == [path.name]


def test_a_cut_out_loads_no_format_of_annotations() -> None:
    program = "import sys, meticulous_gui.core.export; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    formats = {name for name in done.stdout.split() if name.startswith("meticulous_gui.core.formats.")}
    assert "meticulous_gui.core.formats.png" in formats
    assert not {name.rpartition(".")[2] for name in formats} & {"coco", "yolo", "voc", "labelme"}
