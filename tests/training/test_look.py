"""What the evaluation of "Look here" counts."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.types import Mask
from training.mos_h.look import FAULTS, ORDERS, Pieces, share_found, with_faults


def disc(radius_px: int = 90) -> Mask:
    image = np.zeros((320, 320), np.uint8)
    cv2.circle(image, (160, 160), radius_px, 1, -1)
    return image.view(np.bool_)


def test_the_first_tenth_ends_within_a_piece() -> None:
    lengths, wrong = np.array([10.0, 10.0, 20.0]), np.array([4.0, 0.0, 12.0])
    assert share_found(np.array([3.0, 2.0, 1.0]), lengths, wrong) == pytest.approx(0.4 * 4 / 16)
    assert share_found(np.array([1.0, 2.0, 3.0]), lengths, wrong) == pytest.approx(0.2 * 12 / 16)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 99), st.floats(-9, 9)), min_size=1, max_size=40))
def test_no_order_finds_more_than_the_best(pieces: list[tuple[int, int, float]]) -> None:
    lengths, wrong, scores = (np.array(values, np.float64) for values in zip(*pieces, strict=True))
    assert share_found(scores, lengths, wrong) <= share_found(wrong / lengths, lengths, wrong) + 1e-9


def test_faults_lie_at_the_edge_and_spare_most_of_it() -> None:
    truth, rng = disc(), np.random.default_rng(1)
    for _ in range(10):
        is_wrong = with_faults(truth, rng) != truth
        assert 0 < is_wrong.sum() < 0.15 * truth.sum()
        assert not is_wrong[160 - 40 : 160 + 40, 160 - 40 : 160 + 40].any()


def test_a_confidence_that_knows_where_the_faults_are_finds_what_can_be_found() -> None:
    found, truth = Pieces(), disc()
    for seed in range(5):
        mask = with_faults(truth, np.random.default_rng(seed))
        alpha = mask.view(np.uint8) * 255
        knowing = np.where(mask == truth, np.uint8(255), np.uint8(0))
        found.add(alpha, knowing, np.full_like(alpha, 255), truth)
    table = found.table()
    assert tuple(table) == ORDERS
    for fault in FAULTS[:2]:
        (pooled, single), best, chance = (
            table["look here"][fault],
            table["best"][fault],
            table["random"][fault],
        )
        assert pooled == pytest.approx(best[0], abs=0.02)
        assert single == pytest.approx(best[1], abs=0.02)
        assert chance[0] < 0.5 * best[0]


def test_a_mask_without_an_edge_counts_nothing() -> None:
    found, nothing = Pieces(), np.zeros((40, 40), np.uint8)
    found.add(nothing, nothing, nothing, disc()[:40, :40])
    assert found.lengths == []
