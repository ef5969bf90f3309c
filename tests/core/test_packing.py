"""What was packed comes back to the bit, and damage is seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from meticulous_gui.core.packing import PackedImage, pack, plain_value, unpack, unpack_image

pixels = arrays.arrays(np.uint8, st.tuples(st.integers(0, 40), st.integers(0, 40)))


@given(pixels)
def test_unpacking_gives_back_what_was_packed(values: np.ndarray) -> None:
    np.testing.assert_array_equal(unpack(pack(values), values.shape), values)


def test_a_part_of_an_array_is_packed_as_it_is_seen() -> None:
    whole = np.arange(200, dtype=np.uint8).reshape(10, 20)
    np.testing.assert_array_equal(unpack(pack(whole[2:7, ::3]), (5, 7)), whole[2:7, ::3])


def test_a_plain_tile_takes_next_to_nothing() -> None:
    assert len(pack(np.full((256, 256), 255, np.uint8))) < 10


@given(pixels, st.integers(0, 255))
def test_one_value_everywhere_is_known_without_unpacking(values: np.ndarray, value: int) -> None:
    assert plain_value(pack(np.full((9, 11), value, np.uint8))) == value
    plain = plain_value(pack(values))
    assert (plain is not None) == (np.unique(values).size == 1)
    assert plain is None or (values == plain).all()


@given(st.integers(0, 1000), st.integers(1, 255))
def test_damage_is_seen(at: int, change: int) -> None:
    values = np.random.default_rng(1).integers(0, 4, (50, 60), dtype=np.uint8)
    damaged = bytearray(pack(values))
    damaged[at % len(damaged)] ^= change
    with pytest.raises(ValueError, match="damaged"):
        unpack(bytes(damaged), values.shape)


@pytest.mark.parametrize("packed", [b"", b"abc", b"\0" * 8])
def test_what_was_never_packed_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"damaged|fill"):
        unpack(packed, (2, 2))


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="fill"):
        unpack(pack(np.zeros((3, 4), np.uint8)), (4, 4))


@given(st.integers(1, 700), st.integers(1, 9), st.integers(0, 700), st.integers(0, 700))
def test_an_image_comes_back_strip_by_strip(height: int, width: int, first: int, last: int) -> None:
    image = np.zeros((height, width), np.uint8)
    image[first:last] = np.arange(width) + 1
    back = unpack_image(PackedImage(image).finish(), (height, width))
    np.testing.assert_array_equal(back, image)
    back[:] = 7  # it may be written to


@given(st.integers(0, 2000), st.integers(1, 255))
def test_damage_of_an_image_is_seen_or_without_effect(at: int, change: int) -> None:
    image = np.random.default_rng(1).integers(0, 4, (300, 20), dtype=np.uint8)
    damaged = bytearray(PackedImage(image).finish())
    damaged[at % len(damaged)] ^= change
    with pytest.raises(ValueError, match=r"damaged|fill"):
        unpack_image(bytes(damaged), (300, 20))
