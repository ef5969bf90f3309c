"""Which refiner is chosen for a mask, with networks whose answers are known."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.automatic import NEARLY_RIGHT_PX, choose_refiner, places_on_edge
from meticulous_gui.engine.band import Region
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.types import Alpha, Batch, Mask
from tests.engine.stubs import IdentityRefiner

SIZE_HW = (300, 420)


@dataclass
class Shifting(IdentityRefiner):
    """Moves everything so many pixels to the right, and notes how many patches it saw."""

    shift_px: int = 0
    seen: list[int] = field(default_factory=list)

    def refine(self, rgb: Batch, logits: Batch) -> Batch:
        assert rgb.shape[2:] == logits.shape[2:] == (self.patch_px, self.patch_px)
        self.seen.append(len(rgb))
        return logits[..., np.maximum(np.arange(self.patch_px) - self.shift_px, 0)]


def half(size_hw: tuple[int, int] = SIZE_HW) -> Alpha:
    """Return a mask whose edge runs down the middle."""
    alpha = np.zeros(size_hw, np.uint8)
    alpha[:, size_hw[1] // 2 :] = 255
    return alpha


def chosen(alpha: Alpha, refiners: tuple[Refiner, ...], *, region: Region | None = None) -> Refiner:
    size_hw = alpha.shape[0], alpha.shape[1]
    whole = Box.whole(size_hw)
    photo = PhotoLevels(np.zeros((*size_hw, 3), np.uint8))
    region = region or Region(whole, size_hw)
    return choose_refiner(photo, refiners, alpha=alpha, alpha_box=whole, region=region)


@pytest.mark.parametrize(("shift_px", "is_near"), [(0, True), (1, True), (2, False), (9, False)])
@pytest.mark.parametrize("size_hw", [SIZE_HW, (60, 50), (40, 2000)])
def test_how_far_the_edge_is_off_decides(shift_px: int, is_near: bool, size_hw: tuple[int, int]) -> None:
    assert 1 < NEARLY_RIGHT_PX < 2
    near, otherwise = IdentityRefiner(), Shifting(shift_px=shift_px)
    assert chosen(half(size_hw), (near, otherwise)) is (near if is_near else otherwise)
    assert sum(otherwise.seen) <= 4
    assert near.n_calls == 0


def test_the_only_refiner_is_taken_untried() -> None:
    only = Shifting(shift_px=9)
    assert chosen(half(), (only,)) is only
    assert not only.seen


@pytest.mark.parametrize("value", [0, 255])
def test_without_an_edge_nothing_is_tried(value: int) -> None:
    otherwise = Shifting(shift_px=9)
    chosen(np.full(SIZE_HW, value, np.uint8), (IdentityRefiner(), otherwise))
    assert not otherwise.seen


@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_what_is_tried_lies_on_the_edge_and_may_change(height: int, width: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    size_hw = (height, width)
    alpha = np.where(rng.random(size_hw) < 0.5, 255, 0).astype(np.uint8)
    x0, y0 = int(rng.integers(width)), int(rng.integers(height))
    box = Box(x0, y0, int(rng.integers(x0, width)) + 1, int(rng.integers(y0, height)) + 1)
    painted: Mask = rng.random(box.size_hw) < 0.8
    decided: Mask = rng.random(size_hw) < 0.3
    whole = Box.whole(size_hw)
    region = Region(box, size_hw, mask=painted, decided=decided, decided_box=whole)
    places = places_on_edge(alpha, whole, region)
    assert len(places) <= 4
    for x, y in places:
        assert painted[y - y0, x - x0]
        assert not decided[y, x]
        left, above = max(x - 1, 0), max(y - 1, 0)
        assert alpha[y, left] != alpha[y, x] or alpha[above, x] != alpha[y, x]
    if not places:
        crop, may = alpha[box.slices()], region.allowed(box)
        assert not ((crop[:, 1:] != crop[:, :-1]) & may[:, 1:])[:: max(1, box.height // 256)].any()


def test_places_are_spread_along_the_edge() -> None:
    size_hw = (1000, 400)
    whole = Box.whole(size_hw)
    rows = [y for _, y in places_on_edge(half(size_hw), whole, Region(whole, size_hw))]
    assert len(rows) == 4
    assert np.diff(sorted(rows)).min() > 100
