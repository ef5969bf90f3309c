"""The contour in pieces: nothing lost, nothing counted twice, and what a person settled leaves."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from meticulous_gui.core.doubt import (
    PIECE_PX,
    DoubtMap,
    Piece,
    contour_of,
    doubtful,
    edge_band,
    found_places,
    gather_factor,
    group_places,
    ranked,
)
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.tiles import TILE_PX
from meticulous_gui.core.types import Alpha, Mask


def look_at(doubts: DoubtMap, alpha: Alpha, sure: Alpha, settled: Mask, box: Box | None = None) -> None:
    """Update all tiles that a change of ``box`` concerns, or all there are."""
    for tile in doubts.tiles_around(box or Box.whole(doubts.size_hw)):
        doubts.update(tile, alpha, sure[tile.slices()], settled[doubts.around(tile).slices()])


def map_of(alpha: Alpha, sure: Alpha, settled: Mask | None = None) -> DoubtMap:
    doubts = DoubtMap((alpha.shape[0], alpha.shape[1]))
    look_at(doubts, alpha, sure, np.zeros(alpha.shape, np.bool_) if settled is None else settled)
    return doubts


def disc(size_hw: tuple[int, int], centre_xy: tuple[int, int], radius_px: int) -> Alpha:
    alpha = np.zeros(size_hw, np.uint8)
    cv2.circle(alpha, centre_xy, radius_px, 255, -1)
    return alpha


@st.composite
def masks(draw: st.DrawFn) -> Alpha:
    """Blobs of a few pixels enlarged, so that there are edges of every kind, over several tiles."""
    small = draw(hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 12))))
    factor = draw(st.integers(1, 40))
    return np.repeat(np.repeat(small, factor, axis=0), factor, axis=1).astype(np.uint8) * 255


@settings(max_examples=40, deadline=None)
@given(masks(), st.integers(0, 255))
def test_every_contour_pixel_lies_in_one_piece_and_pieces_in_their_cells(alpha: Alpha, sure: int) -> None:
    pieces = map_of(alpha, np.full(alpha.shape, sure, np.uint8)).pieces()
    contour = contour_of(alpha >= 128)
    assert sum(piece.length_px for piece in pieces) == np.count_nonzero(contour)
    assert len({piece.cell for piece in pieces}) == len(pieces)
    for piece in pieces:
        row, column = piece.cell
        cell = Box(column, row, column + 1, row + 1).scaled(PIECE_PX)
        assert cell.contains(piece.box)
        assert np.count_nonzero(contour[cell.clip(Box.whole(alpha.shape)).slices()]) == piece.length_px


@settings(max_examples=40, deadline=None)
@given(masks(), st.integers(0, 2**32 - 1))
def test_no_doubt_is_charged_twice(alpha: Alpha, seed: int) -> None:
    sure = np.random.default_rng(seed).integers(0, 256, alpha.shape, dtype=np.uint8)
    wrong_px = sum(piece.wrong_px for piece in map_of(alpha, sure).pieces())
    assert wrong_px <= ((255 - sure.astype(np.float64)) / 510).sum() * (1 + 1e-5)


@settings(max_examples=15, deadline=None)
@given(masks(), masks(), st.integers(0, 2**32 - 1))
def test_what_is_followed_equals_what_is_looked_at_anew(first: Alpha, second: Alpha, seed: int) -> None:
    size_hw = (600, 300)
    rng = np.random.default_rng(seed)
    alpha, sure = np.zeros(size_hw, np.uint8), np.full(size_hw, 255, np.uint8)
    settled = np.zeros(size_hw, np.bool_)
    doubts = DoubtMap(size_hw)
    for change in (first, second):
        part = change[:300, :200]
        y, x = int(rng.integers(300)), int(rng.integers(100))
        box = Box(x, y, x + part.shape[1], y + part.shape[0]).clip(Box.whole(size_hw))
        alpha[box.slices()] = part[: box.height, : box.width]
        sure[box.slices()] = rng.integers(0, 256, box.size_hw)
        settled[box.slices()] = rng.random(box.size_hw) < 0.1
        look_at(doubts, alpha, sure, settled, box)
    assert doubts.pieces() == map_of(alpha, sure, settled).pieces()


def test_an_empty_mask_and_a_full_one_have_no_pieces() -> None:
    doubt = np.zeros((70, 90), np.uint8)
    assert map_of(np.zeros((70, 90), np.uint8), doubt).pieces() == []
    assert map_of(np.full((70, 90), 255, np.uint8), doubt).pieces() == []
    assert DoubtMap((1, 1)).pieces() == []


def test_the_less_sure_part_comes_first_and_by_as_much_as_it_is_wrong() -> None:
    alpha = np.zeros((400, 400), np.uint8)
    alpha[:, :200] = 255
    sure = np.full((400, 400), 255, np.uint8)
    sure[320:384, 196:204] = 0  # a coin toss over 8 px: half of it is expected to be wrong
    sure[64:128, 196:204] = 255 - 102  # one in five
    pieces = ranked(map_of(alpha, sure).pieces())
    assert [piece.cell[0] for piece in pieces[:4]] == [10, 11, 2, 3]
    assert [piece.wrong_px for piece in pieces[:2]] == pytest.approx([PIECE_PX * 4] * 2)
    assert [piece.wrong_px for piece in pieces[2:4]] == pytest.approx([PIECE_PX * 8 * 0.2] * 2)
    assert pieces[0].depth_px == pytest.approx(4)
    assert [piece.cell[0] for piece in doubtful(pieces, (400, 400))] == [10, 11]


def test_doubt_far_from_any_edge_is_charged_to_none() -> None:
    alpha = disc((400, 400), (60, 60), 30)
    sure = np.full((400, 400), 255, np.uint8)
    sure[300:, 300:] = 0
    assert all(piece.wrong_px == 0 for piece in map_of(alpha, sure).pieces())


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 600), st.integers(0, 600), st.integers(1, 80))
def test_settling_pixels_takes_their_pieces_away_and_freeing_them_brings_all_back(
    x: int, y: int, radius_px: int
) -> None:
    alpha, sure = disc((600, 600), (300, 300), 200), np.zeros((600, 600), np.uint8)
    doubts = map_of(alpha, sure)
    before = doubts.pieces()
    settled = disc((600, 600), (x, y), radius_px) > 0
    box = Box(x - radius_px, y - radius_px, x + radius_px + 1, y + radius_px + 1).clip(Box.whole((600, 600)))
    look_at(doubts, alpha, sure, settled, box)
    for piece in doubts.pieces():
        contour = contour_of(alpha >= 128)[piece.box.slices()]
        if settled[piece.box.slices()][contour].all():
            assert piece.is_settled
            assert piece.wrong_px == 0
    look_at(doubts, alpha, sure, np.zeros_like(settled), box)
    assert doubts.pieces() == before


def test_calling_a_place_right_settles_it_and_nothing_else() -> None:
    size_hw = (600, 600)
    alpha, sure = disc(size_hw, (300, 300), 200), np.zeros(size_hw, np.uint8)
    doubts = map_of(alpha, sure)
    places = group_places(doubtful(doubts.pieces(), size_hw), size_hw)
    assert len(places) > 3
    box, band = edge_band(alpha, places[0])
    settled = np.zeros(size_hw, np.bool_)
    settled[box.slices()] = band
    look_at(doubts, alpha, sure, settled, box)
    left = {piece.cell for piece in doubtful(doubts.pieces(), size_hw)}
    assert left.isdisjoint(piece.cell for piece in places[0].pieces)
    beyond = [piece for place in places[1:] for piece in place.pieces]
    near = places[0].box.pad(8)
    assert {piece.cell for piece in beyond if piece.box.clip(near).is_empty} <= left


def piece_at(row: int, column: int, wrong_px: float) -> Piece:
    box = Box(column, row, column + 1, row + 1).scaled(PIECE_PX)
    return Piece((row, column), box, 32, wrong_px, is_settled=False)


@given(st.dictionaries(st.tuples(st.integers(0, 20), st.integers(0, 20)), st.floats(1, 1e4), max_size=60))
def test_places_hold_each_piece_once_and_the_largest_comes_first(wrong: dict[tuple[int, int], float]) -> None:
    pieces = ranked([piece_at(row, column, area) for (row, column), area in wrong.items()])
    places = group_places(pieces, (700, 700))
    assert sorted(piece.cell for place in places for piece in place.pieces) == sorted(wrong)
    assert [place.wrong_px for place in places] == sorted((p.wrong_px for p in places), reverse=True)
    for place in places:
        assert max(place.box.size_hw) <= 3 * PIECE_PX
        assert all(place.box.contains(piece.box) for piece in place.pieces)


def test_a_copy_keeps_the_doubt_of_its_moment() -> None:
    size_hw = (600, 600)
    alpha, sure = disc(size_hw, (300, 300), 200), np.zeros(size_hw, np.uint8)
    doubts = map_of(alpha, sure)
    copy, before = doubts.copy(), found_places(doubts)
    assert before[0]
    assert before[1] == sum(piece.length_px for piece in doubts.pieces())
    look_at(doubts, np.zeros_like(alpha), sure, np.ones(size_hw, np.bool_))
    assert found_places(doubts) == ((), 0)
    assert found_places(copy) == before


def test_the_cost_follows_the_contour() -> None:
    size_hw = (10_000, 10_000)
    alpha = np.zeros(size_hw, np.uint8)
    cv2.circle(alpha, (5000, 5000), 4000, 255, -1)
    doubts, n_looked_at = DoubtMap(size_hw), 0
    sure = np.full((TILE_PX, TILE_PX), 100, np.uint8)
    for box in (Box(900, 4000, 1400, 5200), Box(8600, 4900, 9100, 5000)):  # two strokes on the edge
        for tile in doubts.tiles_around(box):
            around = doubts.around(tile)
            doubts.update(tile, alpha, sure[: tile.height, : tile.width], np.zeros(around.size_hw, np.bool_))
            n_looked_at += 1
    assert n_looked_at < 25
    assert doubts.pieces()
    assert max(size_hw) / gather_factor(size_hw) <= 512
