"""Masks of any program: understood, made layers, and written back the way they came."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import ExportError, MaskError
from meticulous_gui.core.formats.tiff import write_tiff
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.mask_file import MAX_LAYERS, Encoding, MaskFile, mask_of_pixels, read_mask
from meticulous_gui.core.mask_write import as_png, can_write_back, write_mask_file
from meticulous_gui.core.photo import load_photo
from tests.core import icc_profiles
from tests.core.test_photo import save_png

SIZE_HW = (16, 20)


def blob() -> NDArray[np.bool_]:
    inside = np.zeros(SIZE_HW, np.bool_)
    inside[4:11, 5:14] = True
    return inside


def soft() -> NDArray[np.uint8]:
    alpha = np.where(blob(), 255, 0).astype(np.uint8)
    alpha[4:11, 14], alpha[11, 5:14] = 90, 30
    return alpha


def grey(values: Any, dtype: Any = np.uint8) -> Callable[[Path], object]:
    return lambda path: save_png(path, np.asarray(values).astype(dtype))


def pillow(image: Image.Image, **details: Any) -> Callable[[Path], object]:
    return lambda path: image.save(path, **details)


def palette_image(index: NDArray[Any], colours: list[tuple[int, int, int]]) -> Image.Image:
    image = Image.fromarray(index.astype(np.uint8))
    image.putpalette([channel for colour in colours for channel in colour])
    return image


def photo_with(alpha: NDArray[np.uint8]) -> Image.Image:
    rgb = np.random.default_rng(1).integers(0, 256, (*SIZE_HW, 3), dtype=np.uint8)
    return Image.fromarray(np.dstack([rgb, alpha]))


WHOLE = np.where(blob(), 255, 0).astype(np.uint8)
LABELS = np.zeros(SIZE_HW, np.uint8)
LABELS[2:6, 2:6], LABELS[8:12, 3:9], LABELS[5:14, 12:18] = 1, 2, 7
VOC = [(0, 0, 0), (128, 0, 0), (0, 128, 0), *[(5, 5, 5)] * 4, (128, 128, 0)]
COLOURS = np.array(VOC, np.uint8)[LABELS]

# name of the file, how it is written, kind, coverage
SINGLE: dict[str, tuple[str, Callable[[Path], object], str, NDArray[np.uint8]]] = {
    "soft grey": ("a.png", grey(soft()), "coverage", soft()),
    "0 and 255": ("a.png", grey(WHOLE), "binary", WHOLE),
    "0 and 1": ("a.png", grey(blob()), "binary", WHOLE),
    "a class of number 38": ("a.png", grey(blob() * 38), "binary", WHOLE),
    "one bit": ("a.png", pillow(Image.fromarray(WHOLE).convert("1")), "binary", WHOLE),
    "16 bits": ("a.png", grey(soft().astype(int) * 257, np.uint16), "coverage", soft()),
    "16 bits of 0 and 1": ("a.png", grey(blob(), np.uint16), "binary", WHOLE),
    "black on white": ("a.png", grey(255 - soft()), "coverage", soft()),
    "black on white, hard": ("a.png", grey(255 - WHOLE), "binary", WHOLE),
    "grey as RGB": ("a.png", pillow(Image.fromarray(soft()).convert("RGB")), "coverage", soft()),
    "grey as RGBA": ("a.png", pillow(Image.fromarray(soft()).convert("RGBA")), "coverage", soft()),
    "grey with an opaque alpha": ("a.tif", pillow(Image.fromarray(WHOLE).convert("LA")), "binary", WHOLE),
    "palette of black and white": (
        "a.png",
        pillow(palette_image(blob(), [(0,) * 3, (255,) * 3])),
        "binary",
        WHOLE,
    ),
    "palette of white and black": (
        "a.png",
        pillow(palette_image(~blob(), [(0,) * 3, (255,) * 3])),
        "binary",
        WHOLE,
    ),
    "transparency": ("a.png", pillow(photo_with(soft())), "transparency", soft()),
    "transparency, WebP": (
        "a.webp",
        pillow(photo_with(soft()), lossless=True, exact=True),
        "transparency",
        soft(),
    ),
    "transparency, TIFF": ("a.tif", pillow(photo_with(soft())), "transparency", soft()),
    "TIFF": ("a.tif", pillow(Image.fromarray(soft())), "coverage", soft()),
    "BMP": ("a.bmp", pillow(Image.fromarray(soft())), "coverage", soft()),
    "TGA": ("a.tga", pillow(Image.fromarray(WHOLE)), "binary", WHOLE),
}
MANY: dict[str, tuple[str, Callable[[Path], object]]] = {
    "palette": ("a.png", pillow(palette_image(LABELS, VOC))),
    "palette, BMP": ("a.bmp", pillow(palette_image(LABELS, VOC))),
    "palette, TIFF": ("a.tif", pillow(palette_image(LABELS, VOC))),
    "grey numbers": ("a.png", grey(LABELS)),
    "16-bit numbers": ("a.png", grey(LABELS.astype(int) * 1000, np.uint16)),
    "TIFF of numbers": ("a.tif", pillow(Image.fromarray(LABELS))),
    "grey numbers as RGB": ("a.png", pillow(Image.fromarray(LABELS).convert("RGB"))),
    "TIFF of numbers as RGBA": ("a.tif", pillow(Image.fromarray(LABELS).convert("RGBA"))),
    "plain colours": ("a.png", pillow(Image.fromarray(COLOURS))),
    "plain colours as RGBA": ("a.png", pillow(Image.fromarray(COLOURS).convert("RGBA"))),
}


def layer_of(alpha: NDArray[np.uint8], layer_id: int = 1) -> Layer:
    return Layer(layer_id, "Dog", alpha)


def raw(path: Path) -> tuple[str, str, bytes, Any]:
    """Return everything of a picture that a program may look at."""
    with Image.open(path) as image:
        return (
            image.format or "",
            image.mode,
            image.tobytes(),
            image.getpalette() if image.mode == "P" else None,
        )


@pytest.mark.parametrize("name", SINGLE)
def test_a_mask_is_understood(tmp_path: Path, name: str) -> None:
    file_name, save, kind, expected = SINGLE[name]
    save(tmp_path / file_name)
    mask = read_mask(tmp_path / file_name)
    assert mask.kind == kind
    np.testing.assert_array_equal(mask.alpha, expected)
    assert mask.encoding.is_inverted == ("black on white" in name or name == "palette of white and black")
    assert not mask.has_objects


@pytest.mark.parametrize("name", SINGLE)
def test_what_was_not_changed_is_written_back_to_the_pixel(tmp_path: Path, name: str) -> None:
    file_name, save, _, _ = SINGLE[name]
    path = tmp_path / file_name
    save(path)
    before = raw(path)
    mask = read_mask(path)
    assert can_write_back(mask)
    write_mask_file(mask, [layer_of(mask.alpha)], path)
    assert raw(path) == before


@pytest.mark.parametrize("name", SINGLE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000))
def test_what_was_changed_comes_back_as_the_format_can_hold_it(tmp_path: Path, name: str, seed: int) -> None:
    file_name, save, kind, _ = SINGLE[name]
    path = tmp_path / file_name
    save(path)
    mask = read_mask(path)
    painted = np.random.default_rng(seed).integers(0, 256, SIZE_HW, dtype=np.uint8)
    painted[[0, -1]] = painted[:, [0, -1]] = 0
    colours = raw(path)
    write_mask_file(mask, [layer_of(painted)], path)
    again = read_mask(path)
    wanted = np.where(painted >= 128, 255, 0) if kind == "binary" else painted
    np.testing.assert_array_equal(again.alpha, wanted)
    assert (again.kind, again.encoding.mode, again.encoding.levels) == (
        kind,
        mask.encoding.mode,
        mask.encoding.levels,
    )
    assert raw(path)[:2] == colours[:2]


def test_the_colours_of_a_cutout_stay_when_its_transparency_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    photo_with(soft()).save(path)
    with Image.open(path) as image:
        before = np.asarray(image)[:, :, :3].copy()
    write_mask_file(read_mask(path), [layer_of(255 - soft())], path)
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image)[:, :, :3], before)
        np.testing.assert_array_equal(np.asarray(image)[:, :, 3], 255 - soft())


def test_a_mask_that_may_be_dark_on_light_is_noted_and_turned_by_hand(tmp_path: Path) -> None:
    alpha = np.full(SIZE_HW, 255, np.uint8)
    alpha[:, :3] = 0
    save_png(tmp_path / "a.png", alpha)
    mask = read_mask(tmp_path / "a.png")
    assert mask.may_be_inverted
    np.testing.assert_array_equal(mask.alpha, alpha)
    turned = mask.inverted()
    np.testing.assert_array_equal(turned.alpha, 255 - alpha)
    write_mask_file(turned, [layer_of(turned.alpha)], tmp_path / "b.png")
    assert raw(tmp_path / "b.png") == raw(tmp_path / "a.png")


def test_an_empty_and_a_full_mask_are_what_they_say(tmp_path: Path) -> None:
    for value in (0, 255):
        save_png(tmp_path / "a.png", np.full(SIZE_HW, value, np.uint8))
        mask = read_mask(tmp_path / "a.png")
        assert (mask.alpha == value).all()
        assert not mask.encoding.is_inverted
        write_mask_file(mask, [layer_of(WHOLE)], tmp_path / "a.png")
        np.testing.assert_array_equal(read_mask(tmp_path / "a.png").alpha, WHOLE)


def test_another_size_is_scaled_or_laid_at_the_corner(tmp_path: Path) -> None:
    save_png(tmp_path / "a.png", WHOLE)
    palette_image(LABELS, VOC).save(tmp_path / "b.png")
    for name in ("a.png", "b.png"):
        mask = read_mask(tmp_path / name)
        double = mask.scaled((32, 40))
        assert double.alpha[::2, ::2].shape == SIZE_HW
        assert abs(int((double.alpha >= 128).sum()) - 4 * int((mask.alpha >= 128).sum())) <= 40
        for size_hw in ((10, 30), (30, 10)):
            corner = mask.at_corner(size_hw)
            height, width = min(16, size_hw[0]), min(20, size_hw[1])
            np.testing.assert_array_equal(corner.alpha[:height, :width], mask.alpha[:height, :width])
            assert int((corner.alpha > 0).sum()) == int((mask.alpha[:height, :width] > 0).sum())
    assert set(np.unique(double.values)) == {0, 1, 2, 7}, "labels are not mixed"  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["soft grey", "palette", "transparency"])
@pytest.mark.parametrize("n_turns", [1, -1])
def test_a_mask_that_was_turned_goes_back_on_its_side(tmp_path: Path, name: str, n_turns: int) -> None:
    file_name, save, *_ = SINGLE[name] if name in SINGLE else MANY[name]
    path = tmp_path / file_name
    save(path)
    before = raw(path)
    mask = read_mask(path).turned(n_turns)
    assert mask.size_hw == (SIZE_HW[1], SIZE_HW[0])
    np.testing.assert_array_equal(np.rot90(mask.alpha, n_turns), read_mask(path).alpha)
    if mask.values is None:
        write_mask_file(mask, [layer_of(mask.alpha)], path)
    else:
        found = list(mask.layers(itertools.count(1).__next__))
        write_mask_file(
            mask,
            [layer for _, layer in found],
            path,
            values={layer.id: label.value for label, layer in found},
        )
    assert raw(path) == before


def test_too_many_objects_stay_one_mask(tmp_path: Path) -> None:
    values = np.zeros((30, 30), np.uint16)
    values.flat[: MAX_LAYERS + 5] = np.arange(1, MAX_LAYERS + 6)
    save_png(tmp_path / "a.png", values)
    mask = read_mask(tmp_path / "a.png")
    assert len(mask.labels) == MAX_LAYERS + 5
    assert not mask.has_objects
    assert int((mask.alpha > 0).sum()) == MAX_LAYERS + 5


def test_a_photo_is_no_mask_and_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    Image.fromarray(np.asarray(photo_with(soft()))[:, :, :3]).save(tmp_path / "a.png")
    with pytest.raises(MaskError, match="not clear what is inside"):
        read_mask(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    for name in ("b.png", "missing.png"):
        with pytest.raises(MaskError, match=name):
            read_mask(tmp_path / name)


def test_a_format_that_cannot_be_written_is_said_and_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    palette_image(LABELS, VOC).save(path)
    before = path.read_bytes()
    mask = read_mask(path)
    assert not can_write_back(mask)
    with pytest.raises(ExportError, match="does not write masks as GIF"):
        write_mask_file(mask, [layer_of(WHOLE)], path)
    assert path.read_bytes() == before
    found = [(label, layer) for label, layer in mask.layers(iter(range(1, 9)).__next__)]
    png = tmp_path / "a.png"
    values = {layer.id: label.value for label, layer in found}
    write_mask_file(as_png(mask), [layer for _, layer in found], png, values=values)
    again = read_mask(png)
    assert again.kind == "labels"
    np.testing.assert_array_equal(again.values, mask.values)


def test_the_noise_of_a_jpeg_is_no_soft_edge_of_the_understanding(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(np.kron(WHOLE, np.ones((16, 16), np.uint8))).save(path, quality=90)
    mask = read_mask(path)
    assert mask.kind in ("coverage", "binary")
    assert can_write_back(mask)
    write_mask_file(mask, [layer_of(mask.alpha)], path)
    difference = np.abs(read_mask(path).alpha.astype(int) - mask.alpha)
    assert difference.max() <= 24


def test_pasted_pixels_are_a_mask_where_they_are_grey_or_partly_transparent() -> None:
    rgba = np.dstack([WHOLE, WHOLE, WHOLE, np.full(SIZE_HW, 255, np.uint8)])
    found = mask_of_pixels(rgba)
    assert isinstance(found, MaskFile)
    np.testing.assert_array_equal(found.alpha, WHOLE)
    turned = mask_of_pixels(np.dstack([255 - rgba[:, :, :3], rgba[:, :, 3]]))
    assert turned is not None
    np.testing.assert_array_equal(turned.alpha, WHOLE)
    transparent = mask_of_pixels(np.asarray(photo_with(soft())))
    assert transparent is not None
    np.testing.assert_array_equal(transparent.alpha, soft())
    opaque = np.asarray(photo_with(np.full(SIZE_HW, 255, np.uint8)))
    assert mask_of_pixels(opaque) is None


def test_transparency_goes_back_into_a_deep_tiff_with_all_that_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    pixels = np.random.default_rng(1).integers(0, 65_536, (*SIZE_HW, 3), np.uint16)
    both = np.dstack([pixels, soft() * np.uint16(257)])
    icc = icc_profiles.wide_rgb()
    with path.open("wb") as stream:
        write_tiff(stream, both, has_alpha=True, icc=icc, dpi=(300.0, 300.0))
    mask = read_mask(path)
    assert mask.kind == "transparency"
    write_mask_file(mask, [layer_of(WHOLE)], path)
    photo = load_photo(path)
    np.testing.assert_array_equal(photo.pixels, pixels)
    np.testing.assert_array_equal(photo.alpha, WHOLE)
    assert (photo.icc, photo.dpi) == (icc, (300.0, 300.0))


def test_colours_of_a_palette_with_a_wide_profile_stay_as_they_look(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    picture = Image.fromarray(np.full((*SIZE_HW, 3), (200, 60, 40), np.uint8)).quantize(4)
    picture.save(path, transparency=bytes([0, 255, 255, 255]), icc_profile=icc_profiles.wide_rgb())
    before = load_photo(path)
    write_mask_file(MaskFile(path, "transparency", WHOLE, Encoding("PNG", "P")), [layer_of(WHOLE)], path)
    np.testing.assert_array_equal(load_photo(path).rgb, before.rgb)
