"""“Only where nothing else is”: a layer takes no pixel that another layer holds.

Of each pixel a layer may cover what the others leave of it, so that two soft edges that meet add up to a
whole. What it covered before stays, and taking away is always allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.types import Alpha

__all__ = ["cap_of", "limit_alpha", "limit_edit"]


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


def limit_alpha(alpha: Alpha, cap: Alpha) -> tuple[Alpha, int]:
    """Return the alpha with nothing above the cap, and how many pixels that concerned."""
    return np.minimum(alpha, cap), int(np.count_nonzero(alpha > cap))


def limit_edit(edit: Edit, layer: Layer, others: Iterable[Layer]) -> tuple[Edit, int]:
    """Return the edit as far as there is room for it, and how many pixels were held back.

    A pixel that stays as it was because of another layer does not count as decided by this edit.
    """
    cap = cap_of(layer, others, edit.box)
    alpha, n_spared_px = limit_alpha(edit.alpha, cap)
    if n_spared_px == 0:
        return edit, 0
    stays = (edit.alpha > cap) & (alpha == layer.alpha[edit.box.slices()])
    decided, touched = edit.decided, edit.touched
    if decided is not None:
        decided = np.where(stays, layer.decided.get(edit.box), decided)
    if touched is not None:
        touched = touched & ~stays
    return replace(edit, alpha=alpha, decided=decided, touched=touched), n_spared_px
