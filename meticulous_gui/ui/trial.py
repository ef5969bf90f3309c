"""A change of the mask that is only shown: worked out at the size of the screen, whenever either changes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np
from PySide6.QtCore import SignalInstance

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid, SingleLevel
from meticulous_gui.core.types import Alpha
from meticulous_gui.core.view import View

MARGIN_PX = 4

Change: TypeAlias = Callable[[Alpha, int, Box], Alpha]
"""Takes level k of the mask, (H, W) uint8, k, and a box of that level; returns the box's new content."""


class ShownMask(Protocol):
    """What a trial needs of what the canvas shows."""

    @property
    def mask_levels(self) -> Pyramid | None: ...
    def show_instead(self, levels: Pyramid | None) -> None: ...


class Showing(Protocol):
    """What a trial needs of the canvas."""

    @property
    def view(self) -> View: ...
    @property
    def viewport_hw(self) -> tuple[int, int]: ...
    @property
    def view_changed(self) -> SignalInstance: ...


class Trial:
    """Shows the active layer's mask as it would be; the mask itself stays.

    Only the part in view is worked out, from the level that the canvas draws: exactly what a change at full
    size gives from 100 % on, and as near as the screen can show below.
    """

    def __init__(self, shown: ShownMask, surface: Showing) -> None:
        self._shown = shown
        self._surface = surface
        self._change: Change | None = None
        surface.view_changed.connect(self.refresh)

    @property
    def is_on(self) -> bool:
        return self._change is not None

    def show(self, change: Change) -> None:
        """Show what a change would do, until another one or `clear`."""
        self._change = change
        self.refresh()

    def clear(self) -> None:
        """Show the mask as it is."""
        if self._change is not None:
            self._change = None
            self._shown.show_instead(None)

    def refresh(self) -> None:
        """Work it out anew, for the view or the mask is another one."""
        levels = self._shown.mask_levels
        if self._change is None or levels is None:
            return
        view = self._surface.view
        k = levels.level_for(view.zoom)
        level = levels.level(k)
        box = level_box_in_view(view, self._surface.viewport_hw, (level.shape[0], level.shape[1]), k)
        shown = np.zeros(level.shape, np.uint8)  # beyond the view nobody looks, and its memory is not touched
        if not box.is_empty:
            shown[box.slices()] = self._change(level, k, box)
        self._shown.show_instead(SingleLevel(shown, k))


def level_box_in_view(view: View, viewport_hw: tuple[int, int], level_hw: tuple[int, int], k: int) -> Box:
    """Return the pixels of level ``k`` that a viewport of device pixels shows, with a small margin."""
    scale = 0.5**k
    x0, y0 = view.view_to_image(0.0, 0.0)
    x1, y1 = view.view_to_image(viewport_hw[1], viewport_hw[0])
    box = Box(math.floor(x0 * scale), math.floor(y0 * scale), math.ceil(x1 * scale), math.ceil(y1 * scale))
    return box.pad(MARGIN_PX).clip(Box.whole(level_hw))
