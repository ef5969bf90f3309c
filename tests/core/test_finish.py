from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from meticulous_gui.core.errors import ExportError
from meticulous_gui.core.export import Recipe, export_cutout
from meticulous_gui.core.finish import cleaned_colours, finish, finish_alpha, frame_of, make_backdrop
from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.photo import DecodeLimits, load_photo, photo_from_array
from tests.core import icc_profiles
from tests.core.test_photo import deep, save_png

H, W = 24, 40
RED = (200, 30, 20)


def box_alpha(rows: slice = slice(6, 14), columns: slice = slice(10, 30)) -> NDArray[np.uint8]:
    alpha = np.zeros((H, W), np.uint8)
    alpha[rows, columns] = 255
    return alpha


def noise(dtype: type = np.uint8, seed: int = 0) -> NDArray[Any]:
    return np.random.default_rng(seed).integers(1, np.iinfo(dtype).max, (H, W, 3)).astype(dtype)


def test_without_wishes_the_result_is_the_photo_as_it_lies() -> None:
    photo, alpha = photo_from_array(noise()), box_alpha()
    done = finish(photo, alpha, Recipe())
    assert done.alpha is alpha
    np.testing.assert_array_equal(done.pixels[alpha == 255], photo.rgb[alpha == 255])


@given(
    y0=st.integers(0, H - 1),
    x0=st.integers(0, W - 1),
    height=st.integers(1, H),
    width=st.integers(1, W),
    padding=st.integers(0, 9),
    is_square=st.booleans(),
)
def test_trimming_keeps_every_pixel_of_the_object_and_centres_it(
    y0: int, x0: int, height: int, width: int, padding: int, is_square: bool
) -> None:
    alpha = box_alpha(slice(y0, y0 + height), slice(x0, x0 + width))
    photo = photo_from_array(noise())
    done = finish(photo, alpha, Recipe(is_trimmed=True, padding_px=padding, is_square=is_square))
    box = bounding_box(alpha)
    assert done.alpha is not None
    room_h, room_w = (done.alpha.shape[0] - box.height, done.alpha.shape[1] - box.width)
    assert min(room_h, room_w) == 2 * padding
    if is_square:
        assert done.alpha.shape[0] == done.alpha.shape[1]
    else:
        assert (room_h, room_w) == (2 * padding, 2 * padding)
    np.testing.assert_array_equal(done.pixels[done.alpha == 255], photo.rgb[alpha == 255])
    inner = bounding_box(done.alpha)
    assert (inner.y0, inner.x0) == (room_h // 2, room_w // 2)


def test_a_fixed_size_is_met_exactly_and_the_object_fits_between_the_padding() -> None:
    recipe = Recipe(is_trimmed=True, padding_px=5, width_px=100, height_px=50)
    done = finish(photo_from_array(noise()), box_alpha(), recipe)
    assert done.alpha is not None
    assert done.alpha.shape == (50, 100)
    inner = bounding_box(done.alpha)
    assert (inner.y0, inner.y1) == (7, 43), "20 x 8 px enlarged to 90 x 36"
    assert (inner.x0, inner.x1) == (5, 95)


def test_one_side_alone_keeps_the_proportions() -> None:
    assert finish_alpha(box_alpha(), Recipe(width_px=30)).shape == (18, 30)
    assert finish_alpha(box_alpha(), Recipe(height_px=58, padding_px=5)).shape == (58, 90)
    assert finish_alpha(box_alpha(), Recipe(height_px=30, is_square=True)).shape == (30, 30)


def test_shrinking_mixes_colours_by_their_alpha() -> None:
    rgb = np.zeros((H, W, 3), np.uint8)
    rgb[:, ::2] = RED
    alpha = np.zeros((H, W), np.uint8)
    alpha[:, ::2] = 255
    done = finish(
        photo_from_array(rgb), alpha, Recipe(width_px=W // 2, height_px=H // 2, edge_cleaning_percent=0)
    )
    assert done.alpha is not None
    np.testing.assert_array_equal(
        np.unique(done.pixels.reshape(-1, 3), axis=0), [RED], "the black is outside"
    )
    assert set(np.unique(done.alpha)) <= {127, 128}


def test_an_empty_mask_is_not_trimmed() -> None:
    alpha = np.zeros((H, W), np.uint8)
    assert frame_of(alpha, Recipe(is_trimmed=True)).is_whole((H, W))


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (Recipe(width_px=20, padding_px=10), "A padding of 10 px leaves no room in 20 x 20 px"),
        (Recipe(padding_px=20_000), "would be 40040 x 40024 px"),
        (Recipe(background="nowhere.png"), "The background cannot be used: nowhere.png does not exist"),
    ],
)
def test_the_impossible_is_one_sentence(recipe: Recipe, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        finish(photo_from_array(noise()), box_alpha(), recipe)


@given(percent=st.integers(0, 100), seed=st.integers(0, 50))
def test_the_strength_of_cleaning_leads_from_the_photo_to_the_clean_edge(percent: int, seed: int) -> None:
    pixels = noise(seed=seed)
    alpha = np.random.default_rng(seed).integers(0, 256, (H, W)).astype(np.uint8)
    none, some, full = (cleaned_colours(pixels, alpha, percent=p) for p in (0, percent, 100))
    is_soft = (alpha > 0) & (alpha < 255)
    np.testing.assert_array_equal(none[is_soft], pixels[is_soft])
    wanted = full[is_soft] * (percent / 100) + pixels[is_soft] * (1 - percent / 100)
    assert np.abs(some[is_soft] - wanted).max(initial=0) <= 0.51
    assert not none[alpha == 0].any()


@pytest.mark.parametrize("is_deep", [False, True])
def test_a_background_makes_the_picture_opaque_in_its_own_depth(is_deep: bool, tmp_path: Path) -> None:
    pixels = deep() if is_deep else noise()
    photo = load_photo(save_png(tmp_path / "p.png", pixels))
    done = finish(photo, box_alpha(), Recipe(background="#ff8000"))
    assert done.alpha is None
    assert done.pixels.dtype == pixels.dtype
    scale = 257 if is_deep else 1
    np.testing.assert_array_equal(done.pixels[0, 0], np.array([255, 128, 0]) * scale)
    np.testing.assert_array_equal(done.pixels[box_alpha() == 255], pixels[box_alpha() == 255])


def test_half_transparent_pixels_are_mixed_with_the_background() -> None:
    alpha = np.full((H, W), 51, np.uint8)
    photo = photo_from_array(np.full((H, W, 3), 200, np.uint8))
    done = finish(photo, alpha, Recipe(background="black", edge_cleaning_percent=0))
    np.testing.assert_array_equal(done.pixels, np.full((H, W, 3), 40))


def test_a_background_colour_is_the_same_colour_in_a_wide_space(tmp_path: Path) -> None:
    photo = load_photo(save_png(tmp_path / "p.png", noise(), icc=icc_profiles.wide_rgb()))
    export_cutout(photo, box_alpha(), tmp_path / "out.png", Recipe(background="#c04020"))
    again = load_photo(tmp_path / "out.png")
    assert again.icc == icc_profiles.wide_rgb()
    assert np.abs(again.rgb[0, 0].astype(int) - (0xC0, 0x40, 0x20)).max() <= 2


def test_a_picture_behind_covers_everything_and_keeps_its_proportions(tmp_path: Path) -> None:
    picture = np.zeros((30, 90, 3), np.uint8)
    picture[:, 20:70] = RED  # what a crop of 40 : 24 from the middle sees
    Image.fromarray(picture).save(tmp_path / "behind.png")
    recipe = Recipe(background=str(tmp_path / "behind.png"))
    done = finish(photo_from_array(noise()), box_alpha(), recipe)
    np.testing.assert_array_equal(done.pixels[0, 20], RED)
    np.testing.assert_array_equal(done.pixels[0, [0, -1]], [RED, RED])


def test_grey_photos_get_their_coloured_background_as_colour(tmp_path: Path) -> None:
    photo = load_photo(save_png(tmp_path / "g.png", noise()[..., 0]))
    done = finish(photo, box_alpha(), Recipe(background="#ff8000"))
    np.testing.assert_array_equal(done.pixels[0, 0], (255, 128, 0))


def test_masks_are_framed_as_the_cutout(tmp_path: Path) -> None:
    recipe = Recipe(is_trimmed=True, padding_px=3, width_px=64, height_px=32)
    photo = photo_from_array(noise())
    done = finish(photo, box_alpha(), recipe)
    np.testing.assert_array_equal(finish_alpha(box_alpha(), recipe), done.alpha)


@pytest.mark.parametrize(
    ("pattern", "stem"),
    [("{name}-cutout", "dog-cutout"), ("{counter}_{name}", "7_dog"), ("shop", "shop"), ("a/{name}", "a_dog")],
)
def test_the_name_pattern(pattern: str, stem: str) -> None:
    assert Recipe(name=pattern).file_stem("dog", counter=7) == stem


@pytest.mark.parametrize("stem", ["2024-01-01 12:30:45", " x ", "who?", "x.", "..."])
def test_the_name_of_a_photo_stays_as_it_is(stem: str) -> None:
    assert Recipe(name="{name}").file_stem(stem) == stem
    assert Recipe().file_stem(stem) == f"{stem}-cutout"


@pytest.mark.parametrize(
    ("pattern", "said"), [("{nmae}", "only {name} and {counter}"), (" . ", "an empty name")]
)
def test_a_bad_name_pattern_is_said(pattern: str, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        Recipe(name=pattern).file_stem("dog")


def test_a_photo_beyond_the_usual_limit_is_written_at_its_own_size(tmp_path: Path) -> None:
    photo = photo_from_array(np.full((2, 30_500, 3), 9, np.uint8))
    alpha = np.full(photo.size_hw, 255, np.uint8)
    export_cutout(photo, alpha, tmp_path / "wide.png")
    assert load_photo(tmp_path / "wide.png", DecodeLimits(max_side_px=40_000)).size_hw == (2, 30_500)
    with pytest.raises(ExportError, match="choose less padding"):
        frame_of(alpha, Recipe(padding_px=1))


def test_a_background_of_somebody_who_is_not_there_is_one_sentence() -> None:
    with pytest.raises(ExportError, match="does not exist"):
        make_backdrop("~nobody-of-this-name/sea.jpg", (4, 4))
    with pytest.raises(ExportError, match="The background cannot be used"):
        make_backdrop("a" * 300, (4, 4))
