"""What a person does with whole layers, each of it one undo step with a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.structure import Order, Presence

__all__ = ["add_layers", "duplicate_layer", "merge_down", "move_layer"]


def move_layer(document: Document, layer_id: int, index: int) -> bool:
    """Put a layer at another place of the list, 0 is the lowest; say whether that is another one.

    Raises:
        MeticulousError: there is no such layer.
    """
    before = document.layers.index(document.layer(layer_id))
    after = min(max(index, 0), len(document.layers) - 1)
    if before == after:
        return False
    document.restructure("Move layer", [Order(layer_id, before, after)])
    return True


def duplicate_layer(document: Document, layer_id: int, name: str) -> Layer:
    """Put a copy of a layer above it, make it active and return it; it is visible and not locked.

    Raises:
        MeticulousError: there is no such layer.
    """
    layer = document.layer(layer_id)
    twin = layer.copy(document.new_layer_id())
    twin.name, twin.colour, twin.visible, twin.locked = name, document.free_colour(), True, False
    index = document.layers.index(layer) + 1
    document.restructure("Duplicate layer", [Presence("add", twin, index, document.active.id)])
    return twin


def merge_down(document: Document, layer_id: int) -> None:
    """Put the pixels of a layer on the one below it and take it out.

    Of each pixel the larger coverage counts; what was decided on either stays decided.

    Raises:
        MeticulousError: one sentence; there is none below, or one of the two is locked or hidden.
    """
    upper = document.layer(layer_id)
    index = document.layers.index(upper)
    if index == 0:
        raise MeticulousError(f"“{upper.name}” is the lowest layer; there is nothing below to merge it into.")
    lower = document.layers[index - 1]
    for layer in (upper, lower):
        if layer.locked or not layer.visible:
            state, verb = ("locked", "unlock") if layer.locked else ("hidden", "show")
            raise MeticulousError(f"“{layer.name}” is {state}; {verb} it to merge the two layers.")
    box = bounding_box(upper.alpha)
    for tile in upper.decided.boxes():
        box = box.union(tile)
    edits = []
    if not box.is_empty:
        alpha = np.maximum(upper.alpha[box.slices()], lower.alpha[box.slices()])
        decided = upper.decided.get(box) | lower.decided.get(box)
        edits.append(Edit(lower.id, box, alpha, decided))
    document.restructure("Merge down", [Presence("remove", upper, index, document.active.id)], edits)
    document.set_active(lower.id)


def add_layers(
    document: Document, layers: Sequence[Layer], title: str, *, in_place_of: Sequence[int] = ()
) -> None:
    """Put several layers on top, the first of them lowest, and make the last one active: one step.

    Args:
        document: where.
        layers: made with `Document.new_layer_id`, of the photo's size; at least one.
        title: what the undo step is called.
        in_place_of: layers that go in the same step.
    """
    index, active_id = len(document.layers), document.active.id
    changes = [Presence("add", layer, index + n, active_id) for n, layer in enumerate(layers)]
    # From the top, so that the places of those below stay what they are.
    places = reversed(list(enumerate(document.layers)))
    changes += [
        Presence("remove", old, place, layers[-1].id) for place, old in places if old.id in in_place_of
    ]
    document.restructure(title, changes)
