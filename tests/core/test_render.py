"""The renderer shows what a slow one shows, in every view, and a box exactly as the whole frame would."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.ground import Ground
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.render import Scene, SceneLayer, View, ViewMode, render_into

GREEN, PINK = (0, 158, 115), (204, 121, 167)
ZOOMS = [0.06, 0.13, 0.25, 0.37, 0.5, 0.67, 0.99, 1.0, 1.5, 2.0, 3.3, 8.0]
SIZES = [(1, 1), (67, 101), (300, 9), (5, 400), (129, 128)]
FRAME_HW = (150, 140)  # more rows than are composed at a time

Float = NDArray[np.float64]


def blobs(size_hw: tuple[int, int], seed: int) -> NDArray[np.uint8]:
    """A soft mask with flat parts, as masks are."""
    noise = np.random.default_rng(seed).random(size_hw).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 6)
    return np.clip((smooth - np.median(smooth)) * 4000 + 128, 0, 255).astype(np.uint8)


def scene_of(size_hw: tuple[int, int], **options: float | bool | int) -> Scene:
    rgb = np.random.default_rng(0).integers(0, 256, (*size_hw, 3), dtype=np.uint8)
    rgb = cv2.blur(rgb, (3, 3)).reshape(*size_hw, 3)
    layers = [
        SceneLayer(Pyramid(blobs(size_hw, 1)), GREEN),
        SceneLayer(Pyramid(blobs(size_hw, 2)), PINK),
        SceneLayer(Pyramid(blobs(size_hw, 3)), (9, 9, 9), visible=False),
    ]
    return Scene(
        Pyramid(rgb),
        layers,
        doubt=Pyramid(blobs(size_hw, 4)),
        decided=Pyramid(blobs(size_hw, 5)),
        active=0,
        **options,  # type: ignore[arg-type]
    )


def view_of(size_hw: tuple[int, int], zoom: float, shift: float = 0.0) -> View:
    """The photo's middle in the frame's, with the origin on whole device pixels (and ``shift`` off them)."""
    view = View(
        zoom, size_hw[1] / 2 - FRAME_HW[1] / 2 / zoom, size_hw[0] / 2 - FRAME_HW[0] / 2 / zoom
    ).snapped()
    return View(zoom, view.origin_x + shift / zoom, view.origin_y - shift / zoom)


def whole_frame(scene: Scene, view: View, mode: ViewMode) -> NDArray[np.uint8]:
    frame = np.full((*FRAME_HW, 4), 77, np.uint8)
    render_into(frame, scene, view, Box.whole(FRAME_HW), mode)
    return frame


# --- the slow renderer: one expression a view, in float64


def slow_sample(pyramid: Pyramid, view: View) -> tuple[Float, NDArray[np.bool_]]:
    """Return (vh, vw, C) values under each device pixel's centre, and which of them lie on the photo."""
    k = 0
    while k + 1 < pyramid.n_levels and 0.5 ** (k + 1) >= view.zoom:
        k += 1
    level = pyramid.level(k).astype(np.float64)
    level = level.reshape(level.shape[0], level.shape[1], -1)
    xs = view.origin_x + (np.arange(FRAME_HW[1]) + 0.5) / view.zoom
    ys = view.origin_y + (np.arange(FRAME_HW[0]) + 0.5) / view.zoom
    height, width = pyramid.size_hw
    inside = ((ys >= 0) & (ys < height))[:, None] & ((xs >= 0) & (xs < width))[None, :]
    lx, ly = xs / 2**k, ys / 2**k
    if view.zoom >= 2.0:
        columns = np.clip(np.floor(lx).astype(int), 0, level.shape[1] - 1)
        rows = np.clip(np.floor(ly).astype(int), 0, level.shape[0] - 1)
        return level[rows][:, columns], inside
    lx = np.clip(lx - 0.5, 0, level.shape[1] - 1)
    ly = np.clip(ly - 0.5, 0, level.shape[0] - 1)
    x0, y0 = np.floor(lx).astype(int), np.floor(ly).astype(int)
    x1, y1 = np.minimum(x0 + 1, level.shape[1] - 1), np.minimum(y0 + 1, level.shape[0] - 1)
    fx, fy = (lx - x0)[None, :, None], (ly - y0)[:, None, None]
    top = level[y0][:, x0] * (1 - fx) + level[y0][:, x1] * fx
    bottom = level[y1][:, x0] * (1 - fx) + level[y1][:, x1] * fx
    return top * (1 - fy) + bottom * fy, inside


def slow_render(scene: Scene, view: View, mode: ViewMode) -> Float:
    rgb, inside = slow_sample(scene.photo, view)
    layers = scene.visible_layers()
    alphas = [slow_sample(layer.alpha, view)[0] / 255.0 for layer in layers]
    joint = np.max(alphas, axis=0)
    match mode:
        case ViewMode.OVERLAY:
            for layer, alpha in zip(layers, alphas, strict=True):
                weight = alpha * scene.overlay_opacity
                rgb = rgb * (1 - weight) + np.array(layer.colour) * weight
        case ViewMode.BLACK:
            rgb = rgb * joint
        case ViewMode.WHITE:
            rgb = rgb * joint + 255 * (1 - joint)
        case ViewMode.CHECKERBOARD:
            ys = np.arange(FRAME_HW[0]) + round(view.origin_y * view.zoom)
            xs = np.arange(FRAME_HW[1]) + round(view.origin_x * view.zoom)
            is_light = ((ys // 8)[:, None] + (xs // 8)[None, :]) % 2 == 1
            rgb = rgb * joint + np.where(is_light, 204, 154)[..., None] * (1 - joint)
        case ViewMode.ALPHA:
            rgb = np.repeat(joint * 255, 3, axis=2)
        case ViewMode.CONFIDENCE:
            assert scene.doubt is not None
            grey = (rgb @ np.array([0.299, 0.587, 0.114]))[..., None] * 0.6 + 40
            doubt = 0.9 * slow_sample(scene.doubt, view)[0] / 255.0
            rgb = grey * (1 - doubt) + np.array([213, 94, 0]) * doubt
        case ViewMode.DECIDED:
            assert scene.decided is not None
            grey = (rgb @ np.array([0.299, 0.587, 0.114]))[..., None] * 0.6 + 40
            mine = 0.8 * slow_sample(scene.decided, view)[0] / 255.0
            rgb = grey * (1 - mine) + np.array([86, 180, 233]) * mine
        case ViewMode.CONTOUR:
            for layer, alpha in zip(layers, alphas, strict=True):
                rgb = slow_contour(rgb, np.where(inside, alpha[..., 0] * 255, np.nan), layer.colour)
        case ViewMode.PHOTO:
            pass
    rgb = np.where(inside[..., None], rgb, np.array(scene.backdrop_rgb))
    return np.concatenate([rgb[..., ::-1], np.full((*FRAME_HW, 1), 255.0)], axis=2)


def slow_contour(rgb: Float, alpha: Float, colour: tuple[int, int, int]) -> Float:
    """Lay the two lines along alpha 127.5 over ``rgb``; NaN where a rounding may decide, and at the rim.

    Beside the photo alpha is NaN: there nothing is inside, nothing outside.
    """
    around = np.stack([np.roll(alpha, (dy, dx), axis=(0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    is_inside = alpha >= 127.5
    is_edge = np.any(around >= 127.5, axis=0, keepdims=True) & np.any(around < 127.5, axis=0, keepdims=True)
    lines = np.where(is_inside[..., None], 128 + np.array(colour) // 2, 0)
    drawn = np.where(np.moveaxis(is_edge, 0, -1), lines, rgb)
    distance: Float = np.nan_to_num(np.abs(around - 127.5), nan=255.0)
    drawn[np.min(distance, axis=0) < 2] = np.nan
    drawn[[0, -1]] = drawn[:, [0, -1]] = np.nan
    return drawn


@pytest.mark.parametrize("size_hw", SIZES)
@pytest.mark.parametrize("zoom", ZOOMS)
def test_every_view_equals_the_slow_renderer(size_hw: tuple[int, int], zoom: float) -> None:
    scene = scene_of(size_hw)
    for shift in (0.0, 0.3):
        view = view_of(size_hw, zoom, shift)
        for mode in ViewMode:
            difference = np.abs(whole_frame(scene, view, mode) - slow_render(scene, view, mode))
            # Positions to 1/1024 of a pixel and a few roundings to bytes; one pixel off would be far more.
            assert np.nanmax(difference) <= 3.0, mode
            assert np.isnan(difference).mean() < 0.5, mode


@settings(max_examples=60)
@given(
    st.sampled_from(SIZES),
    st.sampled_from(ZOOMS),
    st.floats(-30, 30),
    st.sampled_from(list(ViewMode)),
    st.integers(-10, 150),
    st.integers(-10, 160),
    st.integers(0, 140),
    st.integers(0, 150),
    st.booleans(),
)
def test_a_box_shows_exactly_what_the_whole_frame_shows_there_and_nothing_else_changes(
    size_hw: tuple[int, int],
    zoom: float,
    shift: float,
    mode: ViewMode,
    x: int,
    y: int,
    width: int,
    height: int,
    inverted: bool,
) -> None:
    scene, view = scene_of(size_hw, overlay_inverted=inverted), view_of(size_hw, zoom, shift)
    whole = whole_frame(scene, view, mode)
    frame = np.full((*FRAME_HW, 4), 77, np.uint8)
    box = Box(x, y, x + width, y + height)
    render_into(frame, scene, view, box, mode)
    inside = np.zeros(FRAME_HW, np.bool_)
    inside[box.clip(Box.whole(FRAME_HW)).slices()] = True
    assert np.array_equal(frame[inside], whole[inside])
    assert (frame[~inside] == 77).all()


places = st.tuples(st.integers(-10, 150), st.integers(-10, 160), st.integers(0, 140), st.integers(0, 150))


@settings(max_examples=60)
@given(
    st.sampled_from(SIZES),
    st.lists(
        st.tuples(
            st.sampled_from(ZOOMS[3:6]), st.sampled_from([0.0, 0.5]), st.sampled_from(list(ViewMode)), places
        ),
        max_size=6,
    ),
)
def test_a_remembered_photo_shows_what_a_sampled_one_shows(
    size_hw: tuple[int, int],
    renderings: list[tuple[float, float, ViewMode, tuple[int, int, int, int]]],
) -> None:
    scene, other = scene_of(size_hw), scene_of((90, 70))
    other.ground = scene.ground = Ground()
    for zoom, shift, mode, (x, y, width, height) in renderings:
        whole_frame(other if mode is ViewMode.BLACK else scene, view_of(size_hw, zoom, shift), mode)
        view, box = view_of(size_hw, zoom, shift), Box(x, y, x + width, y + height)
        remembered, sampled = (np.zeros((*FRAME_HW, 4), np.uint8) for _ in range(2))
        render_into(remembered, scene, view, box, mode)
        render_into(sampled, replace(scene, ground=None), view, box, mode)
        assert np.array_equal(remembered, sampled)


@settings(max_examples=60)
@given(
    st.sampled_from(SIZES),
    st.sampled_from(ZOOMS),
    st.floats(-30, 30),
    st.sampled_from(list(ViewMode)),
    st.integers(0, 390),
    st.integers(0, 290),
    st.integers(1, 40),
)
def test_a_change_of_pixels_shows_inside_its_dirty_box_only(
    size_hw: tuple[int, int], zoom: float, shift: float, mode: ViewMode, x: int, y: int, side: int
) -> None:
    scene, view = scene_of(size_hw), view_of(size_hw, zoom, shift)
    pyramid = scene.visible_layers()[0].alpha
    frame = whole_frame(scene, view, mode)
    box = Box(x % size_hw[1], y % size_hw[0], x % size_hw[1] + side, y % size_hw[0] + side).clip(pyramid.box)
    pyramid.level(0)[box.slices()] ^= 255
    pyramid.update(box)
    render_into(frame, scene, view, view.dirty_box(box), mode)
    assert np.array_equal(frame, whole_frame(scene, view, mode))


@pytest.mark.parametrize("zoom", [0.13, 0.5, 0.67, 1.0, 1.5, 4.0])
def test_photo_and_mask_lie_on_one_grid_at_every_zoom(zoom: float) -> None:
    """The same picture as photo and as mask looks the same: neither is shifted against the other."""
    size_hw = (211, 333)
    grey = blobs(size_hw, 7)
    scene = Scene(Pyramid(np.repeat(grey[..., None], 3, axis=2)), [SceneLayer(Pyramid(grey), GREEN)])
    view = view_of(size_hw, zoom, 0.4)
    photo, alpha = whole_frame(scene, view, ViewMode.PHOTO), whole_frame(scene, view, ViewMode.ALPHA)
    assert np.abs(photo.astype(int) - alpha).max() <= 1


def test_at_full_size_the_photo_is_shown_pixel_for_pixel() -> None:
    scene = scene_of((200, 300))
    frame = whole_frame(scene, View(1.0, 40.0, 30.0), ViewMode.PHOTO)
    assert np.array_equal(frame[..., 2::-1], scene.photo.level(0)[30:180, 40:180])


def test_the_contour_is_dark_outside_and_bright_inside_along_the_half_covered_line() -> None:
    alpha = np.zeros((40, 60), np.uint8)
    alpha[10:30, 20:40] = 255
    photo = Pyramid(np.full((40, 60, 3), 100, np.uint8))
    scene = Scene(photo, [SceneLayer(Pyramid(alpha), GREEN)])
    frame = np.zeros((40, 60, 4), np.uint8)
    render_into(frame, scene, View(1.0, 0.0, 0.0), Box(0, 0, 60, 40), ViewMode.CONTOUR)
    row = frame[20, :, 1].tolist()
    assert row[17:23] == [100, 100, 0, 128 + 158 // 2, 100, 100]
    assert row[37:43] == [100, 100, 128 + 158 // 2, 0, 100, 100]
    assert (frame[..., 3] == 255).all()


def test_a_mask_that_leaves_the_photo_has_no_contour_along_the_rim() -> None:
    alpha = np.full((40, 60), 255, np.uint8)
    alpha[:, 30:] = 0
    scene = Scene(Pyramid(np.full((40, 60, 3), 100, np.uint8)), [SceneLayer(Pyramid(alpha), GREEN)])
    frame = np.zeros((40, 60, 4), np.uint8)
    render_into(frame, scene, View(1.0, 0.0, 0.0), Box(0, 0, 60, 40), ViewMode.CONTOUR)
    assert (frame[:, :28, :3] == 100).all()
    assert (frame[:, 32:, :3] == 100).all()


def test_the_inverted_overlay_tints_what_lies_outside_all_layers() -> None:
    scene = scene_of((67, 101), overlay_inverted=True, overlay_opacity=1.0)
    view = View(1.0, 0.0, 0.0)
    frame = whole_frame(scene, view, ViewMode.OVERLAY)[:67, :101]
    joint = np.maximum(scene.visible_layers()[0].alpha.level(0), scene.visible_layers()[1].alpha.level(0))
    assert (frame[joint == 0][:, 2::-1] == GREEN).all()  # the active layer's colour
    assert np.array_equal(frame[joint == 255][:, 2::-1], scene.photo.level(0)[joint == 255])


def test_the_active_layer_is_drawn_last_and_hidden_ones_not_at_all() -> None:
    scene = scene_of((67, 101))
    assert [layer.colour for layer in scene.visible_layers()] == [PINK, GREEN]
    plain = Scene(scene.photo, [(layer.alpha, layer.colour, True) for layer in scene.visible_layers()])
    assert [layer.colour for layer in plain.visible_layers()] == [PINK, GREEN]


@pytest.mark.parametrize("mode", list(ViewMode))
def test_every_view_works_without_any_layer(mode: ViewMode) -> None:
    scene = Scene(scene_of((67, 101)).photo)
    frame = whole_frame(scene, View(1.0, 0.0, 0.0), mode)
    photo = scene.photo.level(0)
    empty = {ViewMode.BLACK: 0, ViewMode.ALPHA: 0, ViewMode.WHITE: 255}
    if mode in empty:
        assert (frame[:67, :101, :3] == empty[mode]).all()
    elif mode is not ViewMode.CHECKERBOARD:
        assert np.array_equal(frame[:67, :101, 2::-1], photo)


def test_doubt_is_orange_and_certainty_grey() -> None:
    doubt = np.zeros((20, 30), np.uint8)
    doubt[:, 15:] = 255
    scene = Scene(Pyramid(np.full((20, 30, 3), 100, np.uint8)), doubt=Pyramid(doubt))
    frame = np.zeros((20, 30, 4), np.uint8)
    render_into(frame, scene, View(1.0, 0.0, 0.0), Box(0, 0, 30, 20), ViewMode.CONFIDENCE)
    blue, green, red = frame[5, 5, :3].tolist()
    assert blue == green == red
    blue, green, red = frame[5, 25, :3].tolist()
    assert red > green + 50 > blue + 80


def test_the_checkerboard_moves_with_the_photo() -> None:
    scene = Scene(scene_of((67, 101)).photo)
    first = whole_frame(scene, View(1.0, 0.0, 0.0), ViewMode.CHECKERBOARD)
    panned = whole_frame(scene, View(1.0, 5.0, 3.0), ViewMode.CHECKERBOARD)
    assert np.array_equal(first[3:60, 5:100], panned[:57, :95])


def test_neither_photo_nor_mask_is_written_to() -> None:
    scene = scene_of((67, 101))
    before = [scene.photo.level(0).copy(), scene.visible_layers()[0].alpha.level(0).copy()]
    for mode in ViewMode:
        whole_frame(scene, View(1.0, 0.0, 0.0), mode)
    assert np.array_equal(scene.photo.level(0), before[0])
    assert np.array_equal(scene.visible_layers()[0].alpha.level(0), before[1])
