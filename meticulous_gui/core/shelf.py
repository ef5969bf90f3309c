"""Whole alphas as they were beside a large step, so that undo and redo change memory instead of pixels."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from meticulous_gui.core.layer import Layer, Pixels
from meticulous_gui.core.types import Alpha

__all__ = ["WORTH_PX", "Shelf"]

WORTH_PX: Final = 16_000_000
"""From edits of so many pixels on: turning them over again costs more than half a frame."""


class Shelf:
    """What layers held in other states of the document's history (`History.state`), unpacked.

    A layer in a state has these pixels and no others, for any change of a step makes the state another one.
    The memory of a layer and of what is kept here changes places; it is copied once, before a large edit.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], Pixels] = {}  # the longest unused first

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def n_bytes(self) -> int:
        return sum(pixels.alpha.nbytes for pixels in self._kept.values())

    def holds(self, alpha: Alpha) -> bool:
        """Return whether this very array is kept."""
        return any(pixels.shown is alpha for pixels in self._kept.values())

    def keep(self, layer: Layer, state: int) -> None:
        """Keep what ``layer`` holds in ``state``; the layer goes on with a copy."""
        self._kept[layer.id, state] = layer.exchange(Pixels.of(layer.alpha.copy()))

    def exchange(self, layer: Layer, here: int, there: int) -> bool:
        """Give ``layer``, now in state ``here``, what it held in ``there``, and keep what it had.

        Returns:
            Whether that was here; else nothing has changed.
        """
        kept = None if layer.is_aside else self._kept.pop((layer.id, there), None)
        if kept is not None:
            self._kept[layer.id, here] = layer.exchange(kept)
        return kept is not None

    def give_back(self, layer: Layer, state: int) -> None:
        """Take `keep` back: nothing has changed since."""
        layer.exchange(self._kept.pop((layer.id, state)))

    def keep_only(self, states: Collection[int]) -> None:
        """Let go of all that was so in other states."""
        self._kept = {key: pixels for key, pixels in self._kept.items() if key[1] in states}

    def drop_oldest(self) -> bool:
        """Let go of what was not used for the longest time; return whether there was anything."""
        if self._kept:
            del self._kept[next(iter(self._kept))]
            return True
        return False
