"""The frame: what is stale, and shifting what is drawn."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.canvas_frame import (
    MAX_DIRTY_BOXES,
    CanvasFrame,
    FrameRenderer,
    frame_size_hw,
    logical_rect,
)

SIZE_HW = (40, 60)
shifts = st.tuples(st.integers(-70, 70), st.integers(-50, 50))


def world_renderer(origin_x: int, origin_y: int) -> FrameRenderer:
    """Return a renderer whose picture depends only on where a pixel lies in the world."""

    def render(pixels: NDArray[np.uint8], box: Box) -> None:
        rows = np.arange(box.y0, box.y1)[:, None] + origin_y
        columns = np.arange(box.x0, box.x1)[None, :] + origin_x
        pixels[box.slices()] = (((rows * 7 + columns * 13) % 251)[:, :, None]).astype(np.uint8)

    return render


@given(st.lists(shifts, max_size=6), st.booleans())
def test_shifting_shows_what_drawing_everything_would(moves: list[tuple[int, int]], lazy: bool) -> None:
    frame, origin_x, origin_y = CanvasFrame(), 0, 0
    frame.resize(SIZE_HW)
    frame.compose(world_renderer(0, 0))
    for dx, dy in moves:
        frame.shift(dx, dy)
        origin_x, origin_y = origin_x - dx, origin_y - dy
        if not lazy:
            frame.compose(world_renderer(origin_x, origin_y))
    frame.compose(world_renderer(origin_x, origin_y))
    whole = CanvasFrame()
    whole.resize(SIZE_HW)
    whole.compose(world_renderer(origin_x, origin_y))
    np.testing.assert_array_equal(frame.pixels, whole.pixels)


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(-10, 65),
    st.integers(-10, 45),
    st.integers(0, 20),
    st.integers(0, 20),
)


@given(st.lists(boxes, max_size=30))
def test_every_marked_pixel_is_drawn_again_and_the_boxes_stay_few(marks: list[Box]) -> None:
    frame = CanvasFrame()
    frame.resize(SIZE_HW)
    frame.compose(lambda pixels, box: None)
    wanted, drawn = np.zeros(SIZE_HW, bool), np.zeros(SIZE_HW, bool)
    for box in marks:
        inside = frame.mark(box)
        wanted[inside.slices()] = True
    assert len(frame.dirty_boxes) <= MAX_DIRTY_BOXES
    for box in frame.dirty_boxes:
        drawn[box.slices()] = True
    assert (drawn | ~wanted).all()
    frame.compose(lambda pixels, box: None)
    assert frame.dirty_boxes == ()


def test_a_small_mark_draws_only_little() -> None:
    frame = CanvasFrame()
    frame.resize((1000, 1000))
    frame.compose(lambda pixels, box: None)
    for step in range(5):
        frame.mark(Box(100 + step, 100, 130 + step, 130))
    assert sum(box.area for box in frame.dirty_boxes) < 2 * 34 * 30


def test_the_picture_shares_the_frames_bytes() -> None:
    frame = CanvasFrame()
    frame.resize(SIZE_HW)
    frame.pixels[3, 5] = (10, 20, 30, 255)
    colour = frame.picture.pixelColor(5, 3)
    assert (colour.red(), colour.green(), colour.blue()) == (30, 20, 10)


def test_sizes_are_rounded_as_qt_rounds_them() -> None:
    sizes = [
        frame_size_hw(width=301, height=201, device_pixel_ratio=ratio) for ratio in (1.0, 1.25, 1.5, 2.0)
    ]
    assert sizes == [(201, 301), (251, 376), (302, 452), (402, 602)]
    assert frame_size_hw(width=471, height=243, device_pixel_ratio=1.5) == (365, 707)


@given(boxes, st.sampled_from([1.0, 1.25, 1.5, 1.75, 2.0, 3.0]))
def test_the_logical_rectangle_covers_the_device_pixels(box: Box, ratio: float) -> None:
    rect = logical_rect(box, device_pixel_ratio=ratio)
    assert rect.left() * ratio <= box.x0
    assert rect.top() * ratio <= box.y0
    assert (rect.left() + rect.width()) * ratio >= box.x1
    assert (rect.top() + rect.height()) * ratio >= box.y1
