"""A slow document to compare the real one with: every step keeps the value it gave each pixel, or nothing.

What is seen is the beginning with the steps laid over it in their order. The real history must always agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.rims import along_rims, rim_signs

NONE = -1


def nothing(size_hw: tuple[int, int]) -> NDArray[np.int16]:
    return np.full(size_hw, NONE, np.int16)


@dataclass(eq=False)
class ModelStep:
    alpha: NDArray[np.int16]
    decided: NDArray[np.int16]
    is_open: bool = True
    by_hand: bool = False
    has_grown: bool = False
    last_revision: int = 0

    @property
    def touched(self) -> NDArray[np.bool_]:
        return self.alpha != NONE


@dataclass
class ModelDocument:
    base: NDArray[np.uint8]
    applied: list[ModelStep] = field(default_factory=list)
    undone: list[ModelStep] = field(default_factory=list)

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.base.shape[0], self.base.shape[1]

    def seen(self, n_steps: int | None = None) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """Return alpha and decided after the first ``n_steps`` (all without a number)."""
        alpha = self.base.astype(np.int16)
        decided = np.zeros(self.size_hw, np.int16)
        for step in self.applied[:n_steps]:
            alpha = np.where(step.alpha == NONE, alpha, step.alpha)
            decided = np.where(step.decided == NONE, decided, step.decided)
        return alpha.astype(np.uint8), decided == 1

    def begin(self, revision: int) -> ModelStep:
        step = ModelStep(nothing(self.size_hw), nothing(self.size_hw), last_revision=revision)
        self.applied.append(step)
        return step

    def write_by_hand(
        self,
        step: ModelStep,
        box: Box,
        alpha: NDArray[np.uint8],
        decided: NDArray[np.bool_] | None,
        touched: NDArray[np.bool_] | None,
        revision: int,
    ) -> None:
        where = box.slices()
        seen_alpha, seen_decided = self.seen()
        said = np.zeros(self.size_hw, np.bool_)
        said[where] = seen_alpha[where] != alpha
        if decided is not None:
            said[where] |= seen_decided[where] != decided
        if touched is not None:
            said[where] |= touched
        if not said.any():
            return
        changes = seen_alpha[where] != alpha
        if decided is not None:
            changes = changes | (seen_decided[where] != decided)
        is_top = step is self.applied[-1]
        self._grow(step, revision, clears=bool(changes.any()) or not is_top)
        step.by_hand = True
        new_alpha, new_decided = seen_alpha.astype(np.int16), seen_decided.astype(np.int16)
        new_alpha[where] = alpha
        if decided is not None:
            new_decided[where] = decided
        step.alpha[said], step.decided[said] = new_alpha[said], new_decided[said]
        for above in self.applied[self.applied.index(step) + 1 :]:
            above.alpha[said] = NONE
            above.decided[said] = NONE

    def write_result(
        self, step: ModelStep, box: Box, alpha: NDArray[np.uint8], since: int, respects: bool, revision: int
    ) -> None:
        index = self.applied.index(step)
        below_alpha, below_decided = self.seen(index + 1)
        wanted = below_alpha.copy()
        wanted[box.slices()] = alpha
        signs = np.zeros(self.size_hw, np.int8)
        if respects:
            before_alpha, before_decided = self.seen(index)
            signs[box.slices()] = rim_signs(before_alpha, before_decided)[box.slices()]
            wanted = along_rims(signs, before_alpha, wanted)
        writes = below_alpha != wanted
        for lower in self.applied[:index]:
            if lower.by_hand and lower.last_revision > since:
                writes &= ~lower.touched
        if respects:
            writes &= ~below_decided | (signs != 0)
        if writes.any():
            self._grow(step, revision)
            step.alpha[writes] = wanted[writes]

    def close(self, step: ModelStep) -> None:
        step.is_open = False
        index = self.applied.index(step)
        same = [np.array_equal(a, b) for a, b in zip(self.seen(index), self.seen(index + 1), strict=True)]
        if all(same) and not any(other.is_open for other in self.applied):
            self.applied.remove(step)

    def roll_back(self, step: ModelStep) -> None:
        self.applied.remove(step)

    def undo(self) -> None:
        self.undone.append(self.applied.pop())

    def redo(self, revision: int) -> None:
        step = self.undone.pop()
        step.last_revision = revision
        self.applied.append(step)

    def _grow(self, step: ModelStep, revision: int, *, clears: bool = True) -> None:
        if clears and not step.has_grown:
            self.undone.clear()
            step.has_grown = True
        step.last_revision = revision
