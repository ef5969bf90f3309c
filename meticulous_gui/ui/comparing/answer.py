"""What one refiner makes of a region, kept beside the mask while it comes in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.jobs import Partial
from meticulous_gui.ui.wish import Wish

GRID_PX: Final = 256
"""Crops begin on this grid: as far as a window zooms out their levels then hold the pixels of the photo's."""


@dataclass
class Base:
    """The mask as it was when the first refiner saw it.

    Attributes:
        box: where, on the grid.
        alpha: (box.height, box.width) uint8.
        revision: of the document.
    """

    box: Box
    alpha: Alpha
    revision: int


@dataclass(eq=False)
class Answer:
    """A refiner's answers so far.

    Attributes:
        name: of the refiner.
        wish: what it answers, as if it were to change the mask.
        asked: the same wish in the queue, which only looks.
        partials: in the order in which they came.
        revision: of the document when it was asked.
        is_done: whether all of them are there.
    """

    name: str
    wish: Wish
    asked: Wish
    partials: list[Partial] = field(default_factory=list)
    revision: int = 0
    is_done: bool = False
    _box: Box = field(default=Box(0, 0, 0, 0))
    _levels: Pyramid | None = None
    _alpha: Alpha | None = None

    def let_go(self) -> None:
        """Forget what was asked, which holds this answer: both would live until Python looks for garbage."""
        self.asked = self.wish

    def begin(self, base: Base, revision: int) -> None:
        """Start from the mask as it is."""
        self.revision = revision
        self._box, self._alpha = base.box, base.alpha.copy()
        self._levels = Pyramid(self._alpha)

    def take(self, partial: Partial) -> None:
        """Take new pixels; only after `begin`."""
        assert self._alpha is not None
        assert self._levels is not None
        self.partials.append(partial)
        here = partial.box.translate(-self._box.x0, -self._box.y0)
        self._alpha[here.slices()] = partial.alpha
        self._levels.update(here)

    def is_like(self, other: Answer | Base) -> bool:
        """Say whether it shows the same pixels as another one, or as the mask before."""
        alpha = other.alpha if isinstance(other, Base) else other._alpha
        return self._alpha is None or alpha is None or np.array_equal(self._alpha, alpha)

    def paint(self, shown: Alpha, k: int, box: Box) -> None:
        """Write its pixels over a part of the mask.

        Args:
            shown: (box.height, box.width) uint8, changed in place.
            k: the level.
            box: of that level.
        """
        if self._levels is None or k >= self._levels.n_levels:
            return
        level = self._levels.level(k)
        x0, y0 = self._box.x0 >> k, self._box.y0 >> k
        mine = Box(x0, y0, x0 + level.shape[1], y0 + level.shape[0])
        part = mine.clip(box)
        if not part.is_empty:
            shown[part.translate(-box.x0, -box.y0).slices()] = level[part.translate(-x0, -y0).slices()]


def on_grid(box: Box, photo: Box) -> Box:
    """Return a region outwards to the grid, inside the photo."""
    return Box(
        box.x0 // GRID_PX * GRID_PX,
        box.y0 // GRID_PX * GRID_PX,
        -(-box.x1 // GRID_PX) * GRID_PX,
        -(-box.y1 // GRID_PX) * GRID_PX,
    ).clip(photo)
