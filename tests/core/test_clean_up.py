"""Specks go, holes are filled, and what is larger is never touched."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.clean_up import CleanUp, Findings
from meticulous_gui.core.types import Alpha, Mask

seeds = st.integers(0, 200)
sizes = st.integers(0, 60)


def speckled(seed: int, size_hw: tuple[int, int] = (70, 90)) -> Alpha:
    """Return a mask of many pieces and holes, hard or soft, also at the rim."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random(size_hw, np.float32), (0, 0), float(rng.uniform(0.6, 3)))
    steep = (noise - noise.mean()) * float(rng.choice([15, 100, 10_000])) + 0.5
    return np.rint(np.clip(steep, 0, 1) * 255).astype(np.uint8)


def drawn(*rows: str) -> Alpha:
    """Return an alpha: '#' 255, '+' 200, '-' 60, '.' 0."""
    values = {"#": 255, "+": 200, "-": 60, ".": 0}
    return np.array([[values[letter] for letter in row] for row in rows], np.uint8)


def slowly_found(mask: Mask, *, with_corners: bool) -> list[set[tuple[int, int]]]:
    """Return the connected sets of pixels, one by one."""
    steps = [(0, 1), (1, 0), (0, -1), (-1, 0)]
    if with_corners:
        steps += [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    found = []
    while left:
        todo, piece = [left.pop()], set()
        while todo:
            y, x = todo.pop()
            piece.add((y, x))
            near = {(y + dy, x + dx) for dy, dx in steps} & left
            left -= near
            todo += near
        found.append(piece)
    return found


def with_inside(hole: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return a hole with what it goes round."""
    outside = np.ones((27, 42), bool)
    for y, x in hole:
        outside[y + 1, x + 1] = False
    around = next(one for one in slowly_found(outside, with_corners=True) if (0, 0) in one)
    return {(y - 1, x - 1) for y, x in np.ndindex(27, 42) if (y, x) not in around}


@given(seeds)
def test_pieces_and_holes_are_those_found_one_by_one(seed: int) -> None:
    alpha = speckled(seed, (25, 40))
    findings = Findings(alpha)
    pieces = slowly_found(alpha >= 128, with_corners=True)
    holes = [
        hole
        for hole in slowly_found(alpha < 128, with_corners=False)
        if all(0 < y < 24 and 0 < x < 39 for y, x in hole)
    ]
    for found, expected in ((findings.pieces, pieces), (findings.holes, holes)):
        assert [piece.area_px for piece in found] == sorted(map(len, expected), reverse=True)
        as_sets = [
            {(int(y) + piece.box.y0, int(x) + piece.box.x0) for y, x in np.argwhere(piece.region)}
            for piece in found
        ]
        whole = [one if found is findings.pieces else with_inside(one) for one in expected]
        assert sorted(map(sorted, as_sets)) == sorted(map(sorted, whole))


@given(seeds, sizes)
def test_dropping_specks_never_touches_larger_pieces(seed: int, speck_px: int) -> None:
    alpha = speckled(seed)
    findings, wish = Findings(alpha), CleanUp(speck_px=speck_px)
    after, _ = findings.cleaned(wish)
    assert ((after == alpha) | (after == 0)).all()
    for piece in findings.pieces:
        here, before = after[piece.box.slices()], alpha[piece.box.slices()]
        if piece.area_px >= speck_px:
            np.testing.assert_array_equal(here[piece.region], before[piece.region])
        else:
            assert not here[piece.region].any()


@given(seeds, sizes)
def test_filling_holes_takes_nothing_away_and_leaves_larger_holes(seed: int, hole_px: int) -> None:
    alpha = speckled(seed)
    findings = Findings(alpha)
    after, _ = findings.cleaned(CleanUp(hole_px=hole_px))
    assert (after >= alpha).all()
    kept = [hole.area_px for hole in findings.holes if hole.area_px >= hole_px]
    inside_others = len(kept) - len(Findings(after).holes)
    assert [hole.area_px for hole in Findings(after).holes if hole.area_px < hole_px] == []
    assert inside_others >= 0, "a hole in an island in a filled hole is filled with it"


@given(seeds, sizes, sizes, st.booleans())
def test_cleaning_up_twice_is_cleaning_up_once(seed: int, hole_px: int, speck_px: int, largest: bool) -> None:
    wish = CleanUp(hole_px=hole_px, speck_px=speck_px, keeps_largest_only=largest)
    once, _ = Findings(speckled(seed)).cleaned(wish)
    twice, boxes = Findings(once).cleaned(wish)
    np.testing.assert_array_equal(twice >= 128, once >= 128)
    if hole_px == 0:
        np.testing.assert_array_equal(twice, once)
        assert not boxes


@settings(max_examples=8)
@given(seeds, sizes, sizes)
def test_the_boxes_hold_every_change_and_no_pixel_twice(seed: int, hole_px: int, speck_px: int) -> None:
    alpha = speckled(seed, (300, 600))
    after, boxes = Findings(alpha).cleaned(CleanUp(hole_px=hole_px, speck_px=speck_px))
    n_times = np.zeros(alpha.shape, int)
    for box in boxes:
        n_times[box.slices()] += 1
    assert n_times.max(initial=0) <= 1
    np.testing.assert_array_equal(after[n_times == 0], alpha[n_times == 0])


@given(seeds)
def test_keeping_the_largest_leaves_one_piece(seed: int) -> None:
    findings = Findings(speckled(seed))
    after, _ = findings.cleaned(CleanUp(keeps_largest_only=True))
    left = Findings(after).pieces
    assert [piece.area_px for piece in left] == [piece.area_px for piece in findings.pieces[:1]]
    assert len(findings.dropped(CleanUp(keeps_largest_only=True))) == max(len(findings.pieces) - 1, 0)


@given(seeds, sizes)
def test_nothing_asked_for_changes_nothing(seed: int, size_px: int) -> None:
    alpha = speckled(seed)
    before = alpha.copy()
    after, boxes = Findings(alpha).cleaned(CleanUp())
    np.testing.assert_array_equal(after, alpha)
    assert not boxes
    Findings(alpha).cleaned(CleanUp(hole_px=size_px, speck_px=size_px))
    np.testing.assert_array_equal(alpha, before)


def test_a_speck_goes_with_its_soft_rim_and_not_with_its_neighbours() -> None:
    alpha = drawn(
        "..............",
        "..---...-#####",
        "..-#-..-+#####",
        "..---...-#####",
        "..............",
    )
    after, _ = Findings(alpha).cleaned(CleanUp(speck_px=5))
    assert not after[:, :6].any()
    np.testing.assert_array_equal(after[:, 6:], alpha[:, 6:])


def test_a_rim_that_two_pieces_share_is_parted_in_the_valley() -> None:
    alpha = np.array([[0, 90, 200, 90, 60, 30, 60, 90, 200, 255, 255, 255]], np.uint8)
    after, _ = Findings(alpha).cleaned(CleanUp(speck_px=2))
    assert after[0].tolist() == [0, 0, 0, 0, 0, 0, 60, 90, 200, 255, 255, 255]


def test_a_hole_is_filled_with_its_rim_and_the_island_in_it() -> None:
    alpha = drawn(
        "#########",
        "##+++++##",
        "##+...+##",
        "##+.#.+##",
        "##+...+##",
        "##+++++##",
        "#########",
    )
    after, _ = Findings(alpha).cleaned(CleanUp(hole_px=9, speck_px=3))
    assert (after == 255).all()


def test_a_bay_at_the_photos_rim_is_no_hole() -> None:
    findings = Findings(drawn("#.###", "#.#.#", "#.###"))
    assert [hole.area_px for hole in findings.holes] == [1]


def test_a_wide_soft_rim_is_followed_to_its_end() -> None:
    distance = np.hypot(*np.mgrid[-60:60, -70:70])
    alpha = np.clip(200 - 5 * distance, 0, 255).astype(np.uint8)
    after, _ = Findings(alpha).cleaned(CleanUp(speck_px=10_000))
    assert not after.any()


def test_empty_and_full_masks_have_nothing_to_clean() -> None:
    for value, n_pieces in ((0, 0), (255, 1)):
        findings = Findings(np.full((20, 30), value, np.uint8))
        assert (len(findings.pieces), len(findings.holes)) == (n_pieces, 0)
