"""What a person does with the pixels that are decided, each of it one undo step."""

from __future__ import annotations

import numpy as np

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box

__all__ = ["release_decided"]


def release_decided(document: Document, layer_id: int, box: Box | None = None) -> Box:
    """Let networks speak again where a person had decided: one undo step; the alpha stays.

    Args:
        document: whose layer.
        layer_id: which layer.
        box: where; the whole photo without one.

    Returns:
        The box of the pixels that are free again.

    Raises:
        MeticulousError: the layer is locked or gone.
    """
    layer, whole = document.layer(layer_id), (box if box is not None else document.box)
    changed = Box(0, 0, 0, 0)
    with document.transaction("Forget my strokes", layer_id) as transaction:
        for tile in list(layer.decided.boxes()):
            part = tile.clip(whole).clip(document.box)
            if part.is_empty:
                continue
            free = np.zeros(part.size_hw, np.bool_)
            edit = Edit(layer_id, part, layer.alpha[part.slices()], free, transaction.title)
            changed = changed.union(transaction.apply(edit))
    return changed
