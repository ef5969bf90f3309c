"""Which means put each click on its side: the network, its refinement or the kernel; the stamp is later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.types import Logits
from meticulous_gui.engine.clicks.commands import Obeyed
from meticulous_gui.engine.clicks.kernel import values_at
from meticulous_gui.engine.clicks.state import PlacedClick

__all__ = ["by_means", "of_all_clicks"]


def by_means(
    told: Sequence[PlacedClick],
    points: NDArray[np.float64],
    signs: NDArray[np.float64],
    first: Logits,
    refined: Logits,
) -> dict[int, Obeyed]:
    """Return the gentlest means that was enough for each click, by its id.

    Args:
        told: n clicks in a crop.
        points: (n, 2) x, y in network pixels.
        signs: (n,) 1 or -1.
        first: float32 (S, S), the network's own answer.
        refined: the same after back-propagating refinement.
    """
    if not told:
        return {}
    by_network, by_brs = signs * values_at(first, points) > 0, signs * values_at(refined, points) > 0
    return {
        click.id: "network" if by_network[n] and by_brs[n] else "brs" if by_brs[n] else "kernel"
        for n, click in enumerate(told)
    }


def of_all_clicks(
    clicks: Sequence[PlacedClick], last: Sequence[PlacedClick], means: dict[int, Obeyed]
) -> dict[int, Obeyed]:
    """Return what obeyed each click; one under a later click of its own sign goes with that one.

    Args:
        clicks: in order.
        last: the newest on each pixel.
        means: what was enough for those of a crop; elsewhere the mask was right.
    """
    top = {(click.row, click.col): click for click in last}
    obeyed: dict[int, Obeyed] = {}
    for click in clicks:
        above = top[(click.row, click.col)]
        if above.is_positive != click.is_positive:
            obeyed[click.id] = "overridden"
        else:
            obeyed[click.id] = means.get(above.id, "network")
    return obeyed
