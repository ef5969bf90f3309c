from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.finish import finish
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.preview import PreviewSource, preview_annotations, preview_cutout, preview_detail
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.resample import resize_area
from tests.core.test_export import soft_disc
from tests.core.test_photo import smooth

ALPHA = soft_disc()
PHOTO = photo_from_array(smooth())
RECIPES = [
    Recipe(),
    Recipe(is_trimmed=True, padding_px=5, is_square=True),
    Recipe(background="#3060c0", padding_px=2),
    Recipe(edge_cleaning_percent=0, is_trimmed=True),
]


def source(max_side_px: int = 1000) -> PreviewSource:
    return PreviewSource(PHOTO, ALPHA, max_side_px=max_side_px)


def wanted(recipe: Recipe) -> np.ndarray:
    done = finish(PHOTO, ALPHA, recipe)
    alpha = done.alpha if done.alpha is not None else np.full(done.pixels.shape[:2], 255, np.uint8)
    return np.dstack([done.pixels, alpha])


def assert_looks_like(seen: np.ndarray, rgba: np.ndarray) -> None:
    """Compare what an eye sees; what is transparent has no colour."""
    np.testing.assert_array_equal(seen[..., 3], rgba[..., 3])
    is_seen = rgba[..., 3] > 0
    # The cleaning of a preview does not look beyond the trimmed box.
    np.testing.assert_allclose(seen[is_seen].astype(int), rgba[is_seen].astype(int), atol=5)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_preview_large_enough_is_the_result(recipe: Recipe) -> None:
    shown = preview_cutout(source(), recipe)
    assert_looks_like(shown.rgba, wanted(recipe))


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_detail_of_everything_is_the_result(recipe: Recipe) -> None:
    shown = preview_detail(source(), recipe, centre=(0.5, 0.5), size_wh=(500, 500))
    assert_looks_like(shown.rgba, wanted(recipe))


@given(x=st.floats(0, 1), y=st.floats(0, 1), width=st.integers(1, 30), height=st.integers(1, 20))
def test_a_detail_is_a_part_of_the_result(x: float, y: float, width: int, height: int) -> None:
    recipe = Recipe(padding_px=3)
    shown = preview_detail(source(), recipe, centre=(x, y), size_wh=(width, height))
    assert shown.rgba.shape == (height, width, 4)
    whole = wanted(recipe)[..., 3]
    y0 = min(max(round(y * whole.shape[0] - height / 2), 0), whole.shape[0] - height)
    x0 = min(max(round(x * whole.shape[1] - width / 2), 0), whole.shape[1] - width)
    np.testing.assert_array_equal(shown.rgba[..., 3], whole[y0 : y0 + height, x0 : x0 + width])


@given(max_side=st.integers(1, 60), padding=st.integers(0, 30), size=st.integers(0, 200))
def test_a_preview_is_never_larger_than_asked_and_says_the_true_size(
    max_side: int, padding: int, size: int
) -> None:
    recipe = Recipe(padding_px=padding, width_px=max(size, 2 * padding + 1) if size else 0, is_trimmed=True)
    shown = preview_cutout(source(max_side), recipe)
    assert max(shown.rgba.shape[:2]) <= max_side
    assert shown.size_hw == finish(PHOTO, ALPHA, recipe).pixels.shape[:2]


def test_the_preview_of_a_mask_is_the_mask() -> None:
    shown = preview_cutout(source(), Recipe(format="mask", mask_values="binary"))
    np.testing.assert_array_equal(shown.rgba[..., 0], np.where(ALPHA >= 128, 255, 0))
    assert (shown.rgba[..., 3] == 255).all()


def test_annotations_are_shown_on_the_photo() -> None:
    layer = Layer(1, "dog", ALPHA, colour=(255, 0, 0))
    shown = preview_annotations(PHOTO.rgb, [layer], max_side_px=1000)
    np.testing.assert_array_equal(shown.rgba[0, 0, :3], PHOTO.rgb[0, 0])
    assert shown.rgba[12, 20, 0] >= PHOTO.rgb[12, 20, 0]


def test_a_preview_from_the_reduced_photo_looks_like_one_from_all_its_pixels() -> None:
    rows, columns = np.mgrid[:600, :800]
    rgb = np.dstack([rows / 3, columns / 4, (rows + columns) / 6]).astype(np.uint8)
    photo, alpha = photo_from_array(rgb), soft_disc(600, 800)
    recipe = Recipe(is_trimmed=True, padding_px=30)
    reduced = preview_cutout(PreviewSource(photo, alpha, max_side_px=100), recipe).rgba
    whole = preview_cutout(PreviewSource(photo, alpha, max_side_px=1000), recipe).rgba
    shrunk = resize_area(whole, reduced.shape[:2])
    inside = (shrunk[..., 3] == 255) & (reduced[..., 3] == 255)
    assert inside.mean() > 0.5
    assert np.abs(reduced[inside].astype(int) - shrunk[inside].astype(int)).max() <= 4
    assert np.abs(reduced[..., 3].astype(int) - shrunk[..., 3].astype(int)).mean() < 4
