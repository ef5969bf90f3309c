"""Decided pixels are sets of pixels, and a layer's alpha is written by its document alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import DecidedMap, Layer

SIZE_HW = (300, 530)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    x0, y0 = draw(st.integers(0, SIZE_HW[1] - 1)), draw(st.integers(0, SIZE_HW[0] - 1))
    return Box(x0, y0, draw(st.integers(x0 + 1, SIZE_HW[1])), draw(st.integers(y0 + 1, SIZE_HW[0])))


def random_mask(size_hw: tuple[int, int], seed: int, density: float) -> NDArray[np.bool_]:
    return np.random.default_rng(seed).random(size_hw) < density


@given(
    st.lists(st.tuples(boxes(), st.integers(0, 99), st.sampled_from([0.0, 0.02, 1.0])), max_size=5), boxes()
)
def test_decided_pixels_behave_like_a_plain_mask(writes: list[tuple[Box, int, float]], read_box: Box) -> None:
    decided, plain = DecidedMap(SIZE_HW), np.zeros(SIZE_HW, np.bool_)
    for box, seed, density in writes:
        mask = random_mask(box.size_hw, seed, density)
        decided.set(box, mask)
        plain[box.slices()] = mask
    assert np.array_equal(decided.to_mask(), plain)
    assert np.array_equal(decided.get(read_box), plain[read_box.slices()])
    assert decided.is_empty() == (not plain.any())
    covered = np.zeros(SIZE_HW, np.bool_)
    for box in decided.boxes():
        covered[box.slices()] = True
    assert not (plain & ~covered).any()


def test_a_set_of_pixels_costs_memory_only_where_it_is() -> None:
    decided = DecidedMap((30_000, 30_000))
    decided.set(Box(20_000, 20_000, 20_010, 20_010), np.ones((10, 10), np.bool_))
    assert decided.n_bytes <= 4 * 8192
    decided.set(Box(19_000, 19_000, 21_000, 21_000), np.zeros((2000, 2000), np.bool_))
    assert decided.n_bytes == 0


def test_reading_outside_the_image_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        DecidedMap((4, 5)).get(Box(0, 0, 6, 4))


def test_a_mask_of_another_size_than_its_box_is_refused() -> None:
    with pytest.raises(ValueError, match="must have"):
        DecidedMap((4, 5)).set(Box(0, 0, 2, 2), np.ones((1, 1), np.bool_))


def test_tiles_turned_over_whole_equal_those_turned_over_pixel_by_pixel() -> None:
    maps = DecidedMap((300, 520)), DecidedMap((300, 520))
    box = Box(10, 20, 30, 40)
    for _ in range(2):
        for key in ((0, 0), (0, 1), (0, 1)):
            maps[0].flip_tile(key)
            maps[1].xor_tile(key, np.full((256, 32), 255, np.uint8))
        for decided in maps:
            decided.set(box, ~decided.get(box))
        assert np.array_equal(maps[0].to_mask(), maps[1].to_mask())
        assert not maps[0].get(Box(256, 0, 512, 256)).any()


def test_nobody_writes_through_a_layers_alpha() -> None:
    alpha = np.zeros((4, 5), np.uint8)
    layer = Layer(1, "Object", alpha)
    alpha[0, 0] = 9
    assert layer.alpha[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        layer.alpha[0, 0] = 1


def test_a_sleeping_layer_wakes_with_the_same_pixels() -> None:
    alpha = np.random.default_rng(0).integers(0, 256, (50, 70), dtype=np.uint8)
    layer = Layer(1, "Object", alpha)
    layer.set_aside(True)
    n_bytes = layer.n_aside_bytes
    layer.sleep()
    assert layer.is_asleep
    assert 0 < layer.n_aside_bytes < 2 * n_bytes
    assert np.array_equal(layer.alpha, alpha)
    assert not layer.is_asleep
    layer.set_aside(False)
    assert layer.n_aside_bytes == 0


def test_what_was_packed_is_packed_anew_after_a_change() -> None:
    layer = Layer(1, "Object", np.zeros((50, 70), np.uint8))
    layer.set_aside(True)
    layer.packed().pack_strip()
    before = layer.alpha
    layer.writable_alpha()[20, 30] = 5
    assert layer.alpha is not before
    layer.sleep()
    assert layer.alpha[20, 30] == 5


def test_alpha_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match="uint8"):
        Layer(1, "Object", np.zeros((2, 2), np.float32))


def test_decided_pixels_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="decided"):
        Layer(1, "Object", np.zeros((2, 2), np.uint8), decided=DecidedMap((3, 2)))
