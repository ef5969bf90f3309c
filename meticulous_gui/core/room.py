"""“Only where nothing else is”: a layer takes no pixel that another layer holds.

Of each pixel a layer may cover what the others leave of it, so that two soft edges that meet add up to a
whole. What it covered before stays, and taking away is always allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.types import Alpha

__all__ = ["Spared", "cap_of", "limit_edit", "limit_result"]


@dataclass
class Spared:
    """How much of a step was held back for other layers.

    Attributes:
        n_spared_px: pixels that would have become more than there was room for.
        n_gained_px: pixels that did change all the same.
    """

    n_spared_px: int = 0
    n_gained_px: int = 0

    @property
    def is_most(self) -> bool:
        """Whether next to nothing is left of what the person wanted."""
        return self.n_spared_px > 4 * self.n_gained_px

    def count(self, wanted: Alpha, given: Alpha, now: Alpha) -> None:
        """Add one box: what was wanted, what was given, and what was there before."""
        self.n_spared_px += int(np.count_nonzero(wanted > given))
        self.n_gained_px += int(np.count_nonzero(given != now))


def cap_of(layer: Layer, others: Iterable[Layer], box: Box) -> Alpha:
    """Return how much of each pixel of ``box`` the layer may cover, (h, w) uint8.

    Args:
        layer: what it covers now it may keep.
        others: those of them that are seen or locked count; ``layer`` itself does not.
        box: inside the photo.
    """
    taken = np.zeros(box.size_hw, np.uint8)
    for other in others:
        if other is not layer and (other.visible or other.locked):
            np.maximum(taken, other.alpha[box.slices()], out=taken)
    return np.maximum(255 - taken, layer.alpha[box.slices()])


def limit_result(alpha: Alpha, box: Box, layer: Layer, others: Iterable[Layer], spared: Spared) -> Alpha:
    """Return a network's (h, w) alpha of ``box`` where there is room for it; ``spared`` counts the rest."""
    limited = np.minimum(alpha, cap_of(layer, others, box))
    spared.count(alpha, limited, layer.alpha[box.slices()])
    return limited


def limit_edit(edit: Edit, layer: Layer, others: Iterable[Layer], spared: Spared) -> Edit:
    """Return a person's edit as far as there is room for it; ``spared`` counts the rest.

    A pixel that stays as it was because of another layer does not count as decided by this edit.
    """
    now = layer.alpha[edit.box.slices()]
    alpha = limit_result(edit.alpha, edit.box, layer, others, spared)
    stays = (alpha < edit.alpha) & (alpha == now)
    if not stays.any():
        return replace(edit, alpha=alpha)
    decided, touched = edit.decided, edit.touched
    if decided is not None:
        decided = np.where(stays, layer.decided.get(edit.box), decided)
    if touched is not None:
        touched = touched & ~stays
    return replace(edit, alpha=alpha, decided=decided, touched=touched)
