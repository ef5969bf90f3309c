from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.natural_order import natural_key
from meticulous_gui.core.plan import find_files
from meticulous_gui.ui.opening import photos_in

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.mark.parametrize(
    "names",
    [
        ["img1.png", "img2.png", "img10.png", "img100.png"],
        ["2.jpg", "10.jpg", "a.jpg"],
        ["IMG_9.JPG", "img_10.jpg", "IMG_11.JPG"],
        ["a01b2.png", "a1b3.png", "a01b10.png"],
        ["x1.png", "x²", "x٣"],
    ],
)
def test_numbers_count_as_numbers_whatever_the_case(names: list[str]) -> None:
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == names


@given(st.lists(NAMES))
def test_any_names_have_an_order_and_only_equal_names_share_a_place(names: list[str]) -> None:
    once = sorted(names, key=natural_key)
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == once
    assert all((natural_key(a) == natural_key(b)) == (a == b) for a in names for b in names)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_numbered_names_follow_their_numbers(first: int, second: int) -> None:
    if first != second:
        is_before = natural_key(f"dsc{first}.jpg") < natural_key(f"dsc{second}.jpg")
        assert is_before == (first < second)


def test_the_strip_and_a_batch_take_photos_in_one_order(tmp_path: Path) -> None:
    wanted = [f"img{number}.png" for number in (1, 2, 9, 10, 11, 100)]
    for name in reversed(wanted):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in photos_in([tmp_path])] == wanted
    found, _ = find_files([tmp_path], (".png",))
    assert [item.path.name for item in found] == wanted
