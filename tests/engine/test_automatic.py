"""The refiner that chooses, with networks whose answers are known."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from meticulous_gui.engine.automatic import AROUND_PX, FADE_PX, FAR_PX, AutomaticRefiner, share_of_second
from meticulous_gui.engine.catalog import Card
from meticulous_gui.engine.continuous import CrmRefiner
from meticulous_gui.engine.models.crm import CrmConfig, CrmNet
from meticulous_gui.engine.types import Batch
from tests.engine.stubs import IdentityRefiner

SIDE = CrmRefiner.patch_px
GIVEN_COLUMN = SIDE // 2


class ShiftingCrm(CrmRefiner):
    """Moves a vertical edge so many pixels to the right."""

    shift_px: int = 0

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        return np.roll(logits, self.shift_px, axis=3)


@dataclass
class Watched(IdentityRefiner):
    """Says that everything is inside, and notes what it was shown."""

    seen: list[tuple[int, ...]] = field(default_factory=list)

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        self.seen.append(rgb.shape)
        assert rgb.shape[2:] == logits.shape[2:]
        return np.full_like(logits, 8)


def _asked(shift_px: int) -> tuple[NDArray[np.float32], Watched, NDArray[np.float32]]:
    """Return the row in the middle of what comes of a half-plane, the other network, and the row given."""
    crm = ShiftingCrm(Card("c", "refiner", "crm"), CrmNet(CrmConfig()).eval(), torch.device("cpu"))
    crm.shift_px = shift_px
    other = Watched()
    logits = np.where(np.arange(SIDE) >= GIVEN_COLUMN, 6, -6).astype(np.float32)
    logits = np.broadcast_to(logits, (1, 1, SIDE, SIDE)).copy()
    answer = AutomaticRefiner(crm, other).refine(np.zeros((1, 3, SIDE, SIDE), np.float32), logits)
    return answer[0, 0, SIDE // 2], other, logits[0, 0, 0]


@pytest.mark.parametrize("shift_px", [0, int(FAR_PX)])
def test_where_crm_hardly_moves_an_edge_it_alone_answers(shift_px: int) -> None:
    row, other, given = _asked(shift_px)
    np.testing.assert_array_equal(row, np.roll(given, shift_px))
    assert not other.seen


def test_around_what_crm_moved_far_both_have_a_vote() -> None:
    row, other, given = _asked(10)
    crm = np.roll(given, 10)
    both = (crm + 8) / 2
    columns = np.arange(SIDE)
    moved = columns[GIVEN_COLUMN + int(FAR_PX) : GIVEN_COLUMN + 10]
    distance = np.abs(columns[:, None] - moved).min(axis=1)
    is_answered = np.abs(columns - SIDE / 2) < 100
    near, away = is_answered & (distance <= AROUND_PX), is_answered & (distance >= AROUND_PX + FADE_PX)
    np.testing.assert_allclose(row[near], both[near])
    np.testing.assert_array_equal(row[away], crm[away])
    between = is_answered & ~near & ~away
    assert between.any()
    assert ((row >= crm) & (row <= both))[between].all()
    assert len(other.seen) == 1


def test_the_share_of_the_other_network_falls_with_the_distance() -> None:
    far = np.zeros((80, 80), np.bool_)
    far[40, 10] = True
    share = share_of_second(far)[40, 10:]
    assert share[0] == share[AROUND_PX] == 0.5
    assert (np.diff(share) <= 0).all()
    assert share[AROUND_PX + FADE_PX + 1 :].max() == 0


def test_the_other_network_sees_only_what_is_answered_and_its_own_margin() -> None:
    _, other, _ = _asked(10)
    core = SIDE - 2 * CrmRefiner.margin_px
    seen = core + 2 * (16 + IdentityRefiner.margin_px)
    assert other.seen == [(1, 3, seen, seen)]
    assert seen % 32 == 0, "a size that MOS_H takes"
    assert seen < SIDE
