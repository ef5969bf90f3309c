from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.step_picture import DIMMED, draw_photo, draw_sketch, sketch_step
from meticulous_gui.core.types import RgbImage
from tests.core.documents import paint

GREEN = (0, 158, 115)


def open_grey(size_hw: tuple[int, int]) -> Document:
    return Document(photo_from_array(np.full((*size_hw, 3), 100, np.uint8)))


def picture(document: Document, *, side_px: int = 64, row: int = -1) -> RgbImage:
    step = document.history.listed[row]
    sketch = sketch_step(step, Pyramid(document.photo.rgb), {1: GREEN}, side_px=side_px)
    assert sketch is not None
    return draw_sketch(sketch, side_px=side_px)


@given(
    box=st.tuples(st.integers(0, 700), st.integers(0, 500), st.integers(1, 300), st.integers(1, 300)),
    side_px=st.sampled_from([16, 33, 72]),
)
def test_as_much_of_the_picture_is_coloured_as_was_changed(
    box: tuple[int, int, int, int], side_px: int
) -> None:
    document = open_grey((600, 800))
    changed = Box(box[0], box[1], box[0] + box[2], box[1] + box[3]).clip(document.box)
    paint(document, changed, 255)
    step = document.history.listed[-1]
    sketch = sketch_step(step, Pyramid(document.photo.rgb), {1: GREEN}, side_px=side_px)
    assert sketch is not None
    assert sketch.view.contains(changed)
    found = draw_sketch(sketch, side_px=side_px)
    assert max(found.shape[:2]) == side_px
    mask = np.zeros(document.box.size_hw, np.float32)
    mask[changed.slices()] = 1
    wanted = cv2.resize(mask[sketch.view.slices()], found.shape[1::-1], interpolation=cv2.INTER_AREA)
    share = (found[:, :, 0].astype(np.float32) - 100 * DIMMED) / (25 - 100 * DIMMED)
    assert float(np.abs(share - wanted).mean()) < 0.06


def test_a_picture_does_not_change_with_what_comes_after() -> None:
    document = open_grey((300, 300))
    paint(document, Box(20, 20, 60, 200), 255)
    before = picture(document)
    paint(document, Box(0, 0, 300, 300), 99)
    document.undo()
    np.testing.assert_array_equal(picture(document, row=0), before)
    document.undo()
    np.testing.assert_array_equal(picture(document, row=0), before)
    paint(document, Box(200, 20, 260, 200), 255)
    assert (picture(document) != before).any(), "another branch has another picture"


def test_deciding_pixels_without_changing_them_is_seen() -> None:
    document = open_grey((64, 64))
    box = Box(0, 0, 64, 32)
    document.apply(Edit(1, box, np.zeros(box.size_hw, np.uint8), np.ones(box.size_hw, np.bool_), "Eraser"))
    found = picture(document)
    assert found[5, 5].tolist() != found[60, 60].tolist()


def test_steps_without_pixels_and_steps_that_grow_have_no_picture() -> None:
    document = open_grey((64, 64))
    document.add_layer("Cat")
    document.begin("Brush")
    photo = Pyramid(document.photo.rgb)
    for step in document.history.listed:
        assert sketch_step(step, photo, {}, side_px=32) is None


@pytest.mark.parametrize("size_hw", [(1, 1), (3, 900), (900, 3), (257, 255)])
def test_photos_of_any_shape_have_pictures(size_hw: tuple[int, int]) -> None:
    document = open_grey(size_hw)
    paint(document, document.box, 255)
    assert max(picture(document).shape[:2]) == 64
    assert max(draw_photo(Pyramid(document.photo.rgb), side_px=64).shape[:2]) == 64
