"""Strokes: the same path gives the same pixels, nothing piles up, nothing outside the box changes."""

from __future__ import annotations

import itertools
import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from meticulous_gui.core.blend import blend_coverage
from meticulous_gui.core.brush import StrokeCoverage, StrokePainter
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import photo_from_array
from meticulous_gui.core.prompts import Stroke
from tests.core.documents import stroke_edit

SIZE_HW = (120, 300)
Point = tuple[float, float, float]

points = st.tuples(
    st.floats(-20, 320).map(lambda v: round(v, 2)),
    st.floats(-20, 140).map(lambda v: round(v, 2)),
    st.sampled_from([0.0, 0.3, 1.0]),
)


def open_document(alpha: NDArray[np.uint8] | None = None, size_hw: tuple[int, int] = SIZE_HW) -> Document:
    document = Document(photo_from_array(np.zeros((*size_hw, 3), np.uint8)))
    if alpha is not None:
        document.apply(Edit(1, document.box, alpha))
    return document


def ramp() -> NDArray[np.uint8]:
    return np.tile(np.linspace(0, 255, SIZE_HW[1]).astype(np.uint8), (SIZE_HW[0], 1))


def paint(
    document: Document, pieces: list[list[Point]], *, is_adding: bool = True, radius_px: float = 9.0
) -> Box:
    """Paint one stroke in pieces; check that nothing outside the boxes changes; return the changed box."""
    painter = StrokePainter(
        document.active, radius_px=radius_px, hardness=0.6, opacity=0.7, is_adding=is_adding
    )
    whole = Box(0, 0, 0, 0)
    with document.transaction("Brush") as transaction:
        edits = (painter.extend(piece) for piece in pieces)
        for edit in (*edits, painter.finish()):
            if edit is None:
                continue
            before = document.active.alpha.copy()
            decided = document.active.decided.to_mask()
            transaction.apply(edit)
            inside = np.zeros(document.box.size_hw, np.bool_)
            inside[edit.box.slices()] = True
            assert np.array_equal(document.active.alpha[~inside], before[~inside])
            assert np.array_equal(document.active.decided.to_mask()[~inside], decided[~inside])
            whole = whole.union(edit.box)
    return whole


@given(st.lists(points, min_size=1, max_size=7), st.lists(st.integers(0, 7), max_size=3), st.booleans())
def test_one_path_gives_the_same_pixels_in_one_piece_and_in_many(
    path: list[Point], cuts: list[int], is_adding: bool
) -> None:
    at = [0, *sorted(min(cut, len(path)) for cut in cuts), len(path)]
    pieces = [path[a:b] for a, b in itertools.pairwise(at)]
    whole, parts = open_document(ramp()), open_document(ramp())
    paint(whole, [path], is_adding=is_adding)
    paint(parts, pieces, is_adding=is_adding)
    assert np.array_equal(whole.active.alpha, parts.active.alpha)
    assert np.array_equal(whole.active.decided.to_mask(), parts.active.decided.to_mask())
    recorded = open_document(ramp())
    stroke = Stroke(tuple(path), 9.0, is_adding)
    edit = stroke_edit(recorded.active, stroke, hardness=0.6, opacity=0.7)
    if edit is not None:
        recorded.apply(edit)
    assert np.array_equal(whole.active.alpha, recorded.active.alpha)
    while whole.can_undo:
        whole.undo()
    assert not whole.active.alpha.any()


def test_going_over_the_same_place_in_one_stroke_covers_no_more_than_once() -> None:
    once, often = (StrokeCoverage(SIZE_HW, radius_px=8, hardness=0.3, opacity=0.4) for _ in range(2))
    once.extend([(20, 50, 1.0), (120, 50, 1.0)])
    often.extend([(20, 50, 1.0), (120, 50, 1.0)] * 5)
    box = Box.whole(SIZE_HW)
    assert once.read(box).max() == round(0.4 * 255)
    assert (
        np.abs(once.read(box).astype(int) - often.read(box)).max() <= 6
    )  # stamps lie elsewhere on the way back


def test_a_second_stroke_covers_more() -> None:
    document = open_document()
    path = [[(50.0, 50.0, 1.0)]]
    paint(document, path)
    first = int(document.active.alpha[50, 50])
    paint(document, path)
    assert 0 < first < int(document.active.alpha[50, 50]) < 255


def test_the_eraser_takes_away_what_the_brush_covers() -> None:
    document = open_document(np.full(SIZE_HW, 255, np.uint8))
    painter = StrokePainter(document.active, radius_px=10, is_adding=False)
    edit = painter.extend([(60.0, 60.0, 1.0), (90.0, 60.0, 1.0)])
    assert edit is not None
    document.apply(edit)
    assert document.active.alpha[60, 75] == 0
    assert document.active.alpha[60, 110] == 255
    assert document.active.decided.get(Box(60, 60, 61, 61)).all()
    assert document.undo_title == "Eraser"


@pytest.mark.parametrize("radius_px", [0.5, 1.0, 2.5, 7.0, 40.0])
def test_a_hard_dab_covers_the_area_of_its_disc(radius_px: float) -> None:
    coverage = StrokeCoverage(SIZE_HW, radius_px=radius_px)
    coverage.extend([(150.0, 60.5, 1.0)])
    area = coverage.read(Box.whole(SIZE_HW)).sum() / 255.0
    assert area == pytest.approx(np.pi * radius_px**2, rel=0.05, abs=0.6)


def test_a_dab_lies_where_the_pointer_is() -> None:
    for x, y, radius in ((40.5, 30.5, 6.0), (41.25, 30.0, 6.0), (100.0, 60.0, 50.0)):
        coverage = StrokeCoverage(SIZE_HW, radius_px=radius, hardness=0.5)
        coverage.extend([(x, y, 1.0)])
        values = coverage.read(Box.whole(SIZE_HW)).astype(np.float64)
        ys, xs = np.mgrid[: SIZE_HW[0], : SIZE_HW[1]] + 0.5
        assert (xs * values).sum() / values.sum() == pytest.approx(x, abs=0.07)
        assert (ys * values).sum() / values.sum() == pytest.approx(y, abs=0.07)


def test_a_softer_brush_has_a_wider_rim_and_the_same_reach() -> None:
    hard, soft = (StrokeCoverage(SIZE_HW, radius_px=30, hardness=value) for value in (1.0, 0.0))
    for coverage in (hard, soft):
        coverage.extend([(150.0, 60.0, 1.0)])
    row = Box(150, 60, 190, 61)
    hard_row, soft_row = hard.read(row)[0], soft.read(row)[0]
    assert (hard_row[:28] == 255).all()
    assert (np.diff(soft_row.astype(int)) <= 0).all()
    assert ((soft_row > 5) & (soft_row < 250)).sum() > 20
    assert not soft_row[31:].any()


def test_a_straight_line_has_no_gaps_and_reaches_its_end() -> None:
    coverage = StrokeCoverage(SIZE_HW, radius_px=3)
    coverage.extend([(10.0, 10.0, 1.0), (250.3, 100.7, 1.0)])
    coverage.finish()
    covered = coverage.read(Box.whole(SIZE_HW))
    t = np.linspace(0, 1, 500)
    xs, ys = 10 + t * 240.3, 10 + t * 90.7
    assert (covered[ys.astype(int), xs.astype(int)] == 255).all()
    reach = cv2.distanceTransform((covered == 0).astype(np.uint8), cv2.DIST_L2, 5)
    assert reach[100, 250] == 0


def test_pressure_makes_the_brush_smaller_down_to_a_fifth() -> None:
    areas = []
    for pressure in (1.0, 0.5, 0.0):
        coverage = StrokeCoverage(SIZE_HW, radius_px=20)
        coverage.extend([(150.0, 60.0, pressure)])
        areas.append(coverage.read(Box.whole(SIZE_HW)).sum() / 255 / np.pi)
    assert np.sqrt(areas) == pytest.approx([20.0, 12.0, 4.0], rel=0.02)


def test_a_stroke_beside_the_photo_is_no_edit() -> None:
    document = open_document()
    painter = StrokePainter(document.active, radius_px=5)
    assert painter.extend([(-50.0, -50.0, 1.0), (-50.0, 300.0, 1.0)]) is None
    assert painter.finish() is None
    assert stroke_edit(document.active, Stroke(((-50.0, 0.0, 1.0),), 5.0)) is None
    assert stroke_edit(document.active, Stroke((), 5.0)) is None


def test_what_a_network_writes_beside_a_stroke_stays_while_the_stroke_goes_on() -> None:
    document = open_document()
    revision = document.snapshot(1).revision
    refine = document.begin("Refine")
    stroke = document.begin("Brush")
    painter = StrokePainter(document.active, radius_px=4, opacity=0.5)

    def go_to(x: float) -> None:
        edit = painter.extend([(x, 50.0, 1.0)])
        assert edit is not None
        stroke.apply(edit)

    go_to(50.0)
    box = Box(40, 40, 80, 60)
    refine.apply_result(box, np.full(box.size_hw, 100, np.uint8), revision)
    go_to(70.0)
    assert document.active.alpha[42, 50] == 100
    assert document.active.alpha[50, 50] == 128
    assert document.active.alpha[50, 68] == 178  # half way from 100 to 255
    stroke.commit()
    document.undo()
    assert (document.active.alpha[box.slices()] == 100).all()


def test_a_stroke_on_a_hundred_megapixels_takes_memory_of_its_own_size() -> None:
    document = open_document(size_hw=(8160, 12240))
    painter = StrokePainter(document.active, radius_px=40)
    tracemalloc.start()
    with document.transaction("Brush") as transaction:
        for x in range(2000, 3000, 50):
            edit = painter.extend([(float(x), 4000.0, 1.0)])
            if edit is not None:
                transaction.apply(edit)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000
    assert document.history.n_bytes < 50_000


@given(st.integers(0, 255), st.integers(0, 255))
def test_blending_moves_towards_its_goal_and_never_past_it(alpha: int, coverage: int) -> None:
    pixel, amount = np.full((1, 1), alpha, np.uint8), np.full((1, 1), coverage, np.uint8)
    added = int(blend_coverage(pixel, amount, is_adding=True)[0, 0])
    taken = int(blend_coverage(pixel, amount, is_adding=False)[0, 0])
    assert added == pytest.approx(alpha + (255 - alpha) * coverage / 255, abs=0.5001)
    assert taken == pytest.approx(alpha * (255 - coverage) / 255, abs=0.5001)


def test_impossible_brushes_and_points_are_refused() -> None:
    with pytest.raises(ValueError, match="radius_px"):
        StrokeCoverage(SIZE_HW, radius_px=0)
    with pytest.raises(ValueError, match="hardness"):
        StrokeCoverage(SIZE_HW, radius_px=1, hardness=1.5)
    with pytest.raises(ValueError, match="finite"):
        StrokeCoverage(SIZE_HW, radius_px=1).extend([(float("nan"), 0.0, 1.0)])
