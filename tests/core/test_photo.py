from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from meticulous_gui.core.formats.png_encoder import write_png
from meticulous_gui.core.photo import (
    DecodeLimits,
    has_quick_preview,
    load_photo,
    load_preview,
    photo_from_array,
)
from meticulous_gui.core.resources import resource_dir
from tests.core.tiff_files import tiff_bytes

SAMPLES = resource_dir() / "samples"


def smooth(height: int = 24, width: int = 40) -> NDArray[np.uint8]:
    """Return a picture whose four corners differ, smooth enough for lossy formats."""
    rows, columns = np.mgrid[0:height, 0:width]
    red, green = rows * 255 // (height - 1), columns * 255 // (width - 1)
    return np.stack([red, green, 255 - (red + green) // 2], axis=-1).astype(np.uint8)


def deep(height: int = 24, width: int = 40, channels: int = 3) -> NDArray[np.uint16]:
    rng = np.random.default_rng(0)
    return rng.integers(0, 65536, (height, width, channels)).astype(np.uint16)


def save_png(path: Path, pixels: NDArray[Any], **details: Any) -> Path:
    with path.open("wb") as stream:
        write_png(stream, pixels, **details)
    return path


def save_deep(path: Path, pixels: NDArray[Any]) -> Path:
    if path.suffix == ".png":
        return save_png(path, pixels)
    path.write_bytes(tiff_bytes(pixels))
    return path


def with_orientation(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Test camera"
    return exif


@pytest.mark.parametrize("name", ["coffee.png", "cat.png", "rocket.jpg"])
def test_the_samples_open(name: str) -> None:
    photo = load_photo(SAMPLES / name)
    assert photo.rgb.shape == (*photo.size_hw, 3)
    assert photo.rgb.flags.c_contiguous
    assert not photo.rgb.flags.writeable
    assert (photo.alpha, photo.bit_depth, photo.notes) == (None, 8, ())
    assert photo.path == SAMPLES / name


@pytest.mark.parametrize(
    ("suffix", "details", "tolerance"),
    [
        (".png", {}, 0),
        (".bmp", {}, 0),
        (".tif", {}, 0),
        (".tif", {"compression": "tiff_lzw"}, 0),
        (".webp", {"lossless": True}, 0),
        (".tga", {}, 0),
        (".ppm", {}, 0),
        (".jp2", {}, 0),
        (".jpg", {"quality": 95, "subsampling": 0}, 12),
        (".avif", {"quality": 95}, 16),
        (".heic", {"quality": 95}, 16),
    ],
)
def test_every_format_gives_the_picture(
    tmp_path: Path, suffix: str, details: dict[str, Any], tolerance: int
) -> None:
    pixels = smooth()
    path = tmp_path / f"photo{suffix}"
    if suffix == ".heic":
        pillow_heif.from_pillow(Image.fromarray(pixels)).save(path, **details)
    else:
        Image.fromarray(pixels).save(path, **details)
    photo = load_photo(path)
    assert photo.mode == "RGB"
    assert photo.pixels is photo.rgb
    assert np.abs(photo.rgb.astype(int) - pixels).max() <= tolerance


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif", ".heic", "-16.png", "-16.tif"])
def test_every_orientation_comes_out_upright(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = smooth()
    # What a camera held that way stores: turning it as the tag says gives the upright picture again.
    inverse = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    tagged = Image.fromarray(upright)
    tagged.info["exif"] = with_orientation(inverse).tobytes()
    stored = ImageOps.exif_transpose(tagged)
    stored.info.clear()
    exif = with_orientation(orientation)
    path = tmp_path / f"photo{suffix}"
    if suffix == "-16.png":
        save_png(path, np.asarray(stored).astype(np.uint16) * 257, exif=exif.tobytes()[6:])
    elif suffix == "-16.tif":
        path.write_bytes(tiff_bytes(np.asarray(stored).astype(np.uint16) * 257, orientation=orientation))
    elif suffix == ".heic":
        pillow_heif.from_pillow(stored).save(path, exif=exif.tobytes(), quality=95)
    elif suffix == ".tif":
        path.write_bytes(tiff_bytes(np.asarray(stored), orientation=orientation))
    else:
        stored.save(path, exif=exif.tobytes(), quality=95)
    photo = load_photo(path)
    assert photo.size_hw == upright.shape[:2]
    assert np.abs(photo.rgb.astype(int) - upright).max() <= 24
    assert photo.pixels.shape == upright.shape
    if photo.exif is not None:
        kept = Image.Exif()
        kept.load(photo.exif)
        assert kept[0x0112] == 1
    assert load_preview(path, max_side_px=1000).full_size_hw == photo.size_hw


@pytest.mark.parametrize("orientation", [0, 9, 60_000])
def test_an_orientation_that_does_not_exist_turns_nothing(tmp_path: Path, orientation: int) -> None:
    Image.fromarray(smooth()).save(tmp_path / "x.png", exif=with_orientation(orientation).tobytes())
    photo = load_photo(tmp_path / "x.png")
    np.testing.assert_array_equal(photo.rgb, smooth())
    assert photo.notes == ()
    assert load_preview(tmp_path / "x.png").full_size_hw == photo.size_hw


def test_a_compressed_tiff_is_turned_once(tmp_path: Path) -> None:
    stored = smooth()
    Image.fromarray(stored).save(tmp_path / "a.tif", compression="tiff_lzw", tiffinfo={274: 6})
    photo = load_photo(tmp_path / "a.tif")
    np.testing.assert_array_equal(photo.rgb, np.rot90(stored, -1))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bit_colour_is_kept(tmp_path: Path, suffix: str) -> None:
    pixels = deep()
    photo = load_photo(save_deep(tmp_path / f"deep{suffix}", pixels))
    assert (photo.bit_depth, photo.mode) == (16, "RGB")
    np.testing.assert_array_equal(photo.pixels, pixels)
    np.testing.assert_array_equal(photo.rgb, np.rint(pixels / 257.0).astype(np.uint8))


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bit_grey_is_kept(tmp_path: Path, suffix: str) -> None:
    pixels = deep(channels=1)[..., 0]
    photo = load_photo(save_deep(tmp_path / f"deep{suffix}", pixels))
    assert (photo.bit_depth, photo.mode) == (16, "L")
    np.testing.assert_array_equal(photo.pixels, pixels)
    assert photo.rgb.shape == (*pixels.shape, 3)


@pytest.mark.parametrize("channels", [2, 4])
def test_sixteen_bit_transparency_becomes_the_starting_mask(tmp_path: Path, channels: int) -> None:
    pixels = deep(channels=channels)
    photo = load_photo(save_png(tmp_path / "deep.png", pixels))
    np.testing.assert_array_equal(photo.pixels, pixels[..., 0] if channels == 2 else pixels[..., :3])
    assert photo.alpha is not None
    np.testing.assert_array_equal(photo.alpha, np.rint(pixels[..., -1] / 257.0).astype(np.uint8))


def test_a_sixteen_bit_tiff_with_alpha_keeps_both(tmp_path: Path) -> None:
    pixels = deep(channels=4)
    path = tmp_path / "deep.tif"
    path.write_bytes(tiff_bytes(pixels, extra_alpha=2))
    photo = load_photo(path)
    np.testing.assert_array_equal(photo.pixels, pixels[..., :3])
    assert photo.alpha is not None


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA"])
def test_modes_of_pillow_become_rgb(tmp_path: Path, mode: str) -> None:
    picture = Image.fromarray(smooth()).convert(mode)
    picture.save(tmp_path / "photo.png")
    photo = load_photo(tmp_path / "photo.png")
    np.testing.assert_array_equal(photo.rgb, np.asarray(picture.convert("RGB")))
    assert photo.mode == {"1": "L", "LA": "L", "RGBA": "RGB"}.get(mode, mode)
    assert photo.pixels.ndim == (2 if photo.mode == "L" else 3)
    assert photo.alpha is None


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_transparency_is_the_starting_mask(tmp_path: Path, suffix: str) -> None:
    alpha = np.tile(np.arange(40, dtype=np.uint8) * 6, (24, 1))
    both = np.dstack([smooth(), alpha])
    Image.fromarray(both).save(tmp_path / f"a{suffix}", lossless=True, exact=True)
    photo = load_photo(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(photo.alpha, alpha)
    np.testing.assert_array_equal(photo.rgb, both[..., :3])


def test_a_transparent_palette_colour_is_the_starting_mask(tmp_path: Path) -> None:
    index = np.zeros((6, 8), np.uint8)
    index[2:4, 3:6] = 1
    picture = Image.fromarray(index, mode=None)
    picture = picture.convert("P")
    picture.putpalette([255, 255, 255, 200, 30, 20])
    picture.putdata(index.ravel().tolist())
    picture.save(tmp_path / "a.png", transparency=0)
    photo = load_photo(tmp_path / "a.png")
    assert photo.mode == "P"
    np.testing.assert_array_equal(photo.alpha, index * 255)
    np.testing.assert_array_equal(photo.rgb[2, 3], (200, 30, 20))


def test_a_single_transparent_colour_of_an_rgb_png_is_the_starting_mask(tmp_path: Path) -> None:
    pixels = smooth()
    pixels[:5] = (1, 2, 3)
    Image.fromarray(pixels).save(tmp_path / "a.png", transparency=(1, 2, 3))
    photo = load_photo(tmp_path / "a.png")
    assert photo.alpha is not None
    assert not photo.alpha[:5].any()
    assert (photo.alpha[5:] == 255).all()


def test_an_opaque_alpha_channel_says_nothing(tmp_path: Path) -> None:
    Image.fromarray(smooth()).convert("RGBA").save(tmp_path / "a.png")
    assert load_photo(tmp_path / "a.png").alpha is None


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
def test_of_an_animation_the_first_picture_is_used_and_said(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (9, 7), colour) for colour in ("red", "green", "blue")]
    frames[0].save(tmp_path / f"a{suffix}", save_all=True, append_images=frames[1:], lossless=True)
    photo = load_photo(tmp_path / f"a{suffix}")
    np.testing.assert_array_equal(photo.rgb[0, 0], (255, 0, 0))
    assert "holds 3 pictures; the first one is used" in photo.notes[0]


def test_resolution_and_camera_data_are_kept_without_the_thumbnail(tmp_path: Path) -> None:
    exif = with_orientation(6)
    exif.get_ifd(0x8769)[0xA434] = "Lens 50 mm"
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", dpi=(300, 300), exif=exif.tobytes())
    photo = load_photo(tmp_path / "a.jpg")
    assert photo.dpi == pytest.approx((300, 300))
    assert photo.exif is not None
    kept = Image.Exif()
    kept.load(photo.exif)
    assert kept[0x010F] == "Test camera"
    assert kept[0x0112] == 1
    assert kept.get_ifd(0x8769)[0xA434] == "Lens 50 mm"


def exif_block(*entries: tuple[int, int, int, bytes]) -> bytes:
    """Return EXIF of these entries as they are: tag, kind, count, and the value in four bytes."""
    packed = b"".join(struct.pack(">HHI4s", *entry) for entry in entries)
    return b"Exif\0\0MM\0\x2a" + struct.pack(">IH", 8, len(entries)) + packed + bytes(4)


TURNED, INCHES, CENTIMETRES = (0x0112, 3, 1, b"\0\6"), (0x0128, 3, 1, b"\0\2"), (0x0128, 3, 1, b"\0\3")


@pytest.mark.parametrize(
    ("entries", "dpi"),
    [
        ([(0x011A, 3, 1, b"\0\x60"), (0x011B, 3, 1, b"\0\x60"), INCHES], (96, 96)),
        ([(0x011A, 3, 1, b"\0\x64"), CENTIMETRES], (254, 254)),
        ([(0x011A, 5, 0, bytes(4)), INCHES], None),
        ([(0x011A, 3, 0, bytes(4)), (0x011B, 3, 0, bytes(4)), INCHES], None),
        ([(0x011A, 2, 4, b"abc\0"), INCHES], None),
        ([(0x011A, 3, 1, b"\0\0"), INCHES], None),
        ([(0x011A, 3, 1, b"\0\x60"), (0x0128, 2, 4, b"abc\0")], None),
        ([INCHES], None),
    ],
)
def test_a_jpeg_opens_whatever_its_exif_says_of_the_resolution(
    tmp_path: Path, entries: list[tuple[int, int, int, bytes]], dpi: tuple[int, int] | None
) -> None:
    Image.fromarray(smooth()).save(tmp_path / "a.jpg", exif=exif_block(TURNED, *entries))
    photo = load_photo(tmp_path / "a.jpg")
    assert photo.dpi == (pytest.approx(dpi) if dpi else None)
    assert photo.size_hw == smooth().shape[1::-1], "the rest of EXIF counts"
    assert not photo.notes


def test_damaged_exif_gives_a_note_and_the_picture(tmp_path: Path) -> None:
    Image.fromarray(smooth()).save(tmp_path / "a.png", exif=b"Exif\0\0MM\0\x2a\xff\xff\xff\xff")
    photo = load_photo(tmp_path / "a.png")
    np.testing.assert_array_equal(photo.rgb, smooth())
    assert photo.exif is None


@pytest.mark.parametrize("size_hw", [(1, 1), (20, 30_000), (30_000, 20)])
def test_extreme_sizes_open(tmp_path: Path, size_hw: tuple[int, int]) -> None:
    save_png(tmp_path / "a.png", np.full((*size_hw, 3), 9, np.uint8))
    assert load_photo(tmp_path / "a.png").size_hw == size_hw
    assert load_preview(tmp_path / "a.png", max_side_px=100).full_size_hw == size_hw


def test_pillow_copies_few_rows_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds Python's lock meanwhile, and a hand that paints while the next photo is read waits for it."""
    heights: list[int] = []
    crop = Image.Image.crop

    def noted(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
        heights.append(box[3] - box[1])
        return crop(image, box)

    monkeypatch.setattr(Image.Image, "crop", noted)
    pixels = smooth(100, 40)
    np.testing.assert_array_equal(load_photo(save_png(tmp_path / "a.png", pixels)).rgb, pixels)
    assert sum(heights) == 100
    assert max(heights) <= 16


def test_limits_can_be_raised(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", np.zeros((2, 30_001), np.uint8))
    assert load_photo(tmp_path / "a.png", DecodeLimits(max_side_px=30_001)).size_hw == (2, 30_001)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_the_preview_is_a_small_upright_copy(tmp_path: Path, mode: str, orientation: int) -> None:
    picture = Image.fromarray(smooth(600, 900)).convert(mode)
    picture.save(tmp_path / "a.jpg", quality=90, exif=with_orientation(orientation).tobytes())
    preview = load_preview(tmp_path / "a.jpg", max_side_px=200)
    photo = load_photo(tmp_path / "a.jpg")
    assert max(preview.rgb.shape) == 200
    assert preview.full_size_hw == photo.size_hw
    small = cv2.resize(photo.rgb, preview.rgb.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(preview.rgb.astype(int) - small).mean() < 2


def test_only_a_jpeg_has_a_quick_preview(tmp_path: Path) -> None:
    assert has_quick_preview(SAMPLES / "rocket.jpg")
    assert not has_quick_preview(SAMPLES / "cat.png")
    assert not has_quick_preview(tmp_path / "nothing.jpg")


def test_a_photo_of_an_array_does_not_follow_it() -> None:
    pixels = smooth()
    photo = photo_from_array(pixels, path="x/y.jpg")
    pixels[:] = 0
    np.testing.assert_array_equal(photo.rgb, smooth())
    assert (photo.name, photo.bit_depth, photo.pixels is photo.rgb) == ("y.jpg", 8, True)
    assert photo_from_array(photo.rgb).rgb is photo.rgb


def test_pillow_keeps_its_own_limit(tmp_path: Path) -> None:
    before = Image.MAX_IMAGE_PIXELS
    load_photo(SAMPLES / "cat.png")
    assert before == Image.MAX_IMAGE_PIXELS
