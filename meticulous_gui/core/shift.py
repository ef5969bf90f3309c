"""A mask moved by whole pixels; what leaves the photo is gone, nothing comes in from beyond."""

from __future__ import annotations

import numpy as np

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.types import Alpha

__all__ = ["shift_edit", "shifted_box"]


def shifted_box(alpha: Alpha, box: Box, *, dx: int, dy: int) -> Alpha:
    """Return the pixels of ``box`` after the whole alpha was moved, at the cost of the box.

    Args:
        alpha: (H, W) uint8.
        box: inside the alpha.
        dx, dy: columns to the right and rows down; left and up when negative.

    Returns:
        (box.height, box.width) uint8, a new array.
    """
    result = np.zeros(box.size_hw, np.uint8)
    source = box.translate(-dx, -dy).clip(Box.whole((alpha.shape[0], alpha.shape[1])))
    if not source.is_empty:
        target = source.translate(dx - box.x0, dy - box.y0)
        result[target.slices()] = alpha[source.slices()]
    return result


def shift_edit(layer: Layer, *, dx: int, dy: int, title: str) -> Edit | None:
    """Return what moving a layer's mask does; None where it changes nothing."""
    bounds = bounding_box(layer.alpha)
    box = bounds.union(bounds.translate(dx, dy).clip(layer.box))
    if box.is_empty:
        return None
    return Edit.changing(layer, box, shifted_box(layer.alpha, box, dx=dx, dy=dy), title=title)
