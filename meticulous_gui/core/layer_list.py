"""The layers of a document in their order, the active one, and how steps put them in and take them out."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.layer import LAYER_COLOURS, Layer, Rgb
from meticulous_gui.core.structure import Looks, Order, Presence, Relook, Structure

__all__ = ["LayerChange", "LayerEvent", "LayerList"]


class LayerChange(Enum):
    """What happened to a layer, other than to its pixels."""

    ADDED = "added"
    REMOVED = "removed"
    STATE = "state"
    ACTIVE = "active"
    MOVED = "moved"


@dataclass(frozen=True)
class LayerEvent:
    """One change of the list of layers: of which layer, and what."""

    kind: LayerChange
    layer_id: int


class LayerList:
    """Layers, the lowest first; never empty.

    Attributes:
        active: the layer that tools work on.
        by_id: also the removed layers that a step of the history can bring back.
    """

    def __init__(self, layers: Sequence[Layer], removed: Sequence[Layer] = ()) -> None:
        """Begin with ``layers``; a history can bring the ``removed`` ones back."""
        self._layers = list(layers)
        self.active = self._layers[0]
        known = [*layers, *removed]
        for layer in removed:
            layer.set_aside(True)
        # Weak: a removed layer lives as long as a step that can bring it back.
        self._by_id = weakref.WeakValueDictionary({layer.id: layer for layer in known})
        if len(self._by_id) != len(known):
            raise ValueError(f"layers must have different ids, got {[layer.id for layer in known]}")
        self._ids = itertools.count(max(layer.id for layer in known) + 1)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self._layers)

    def __len__(self) -> int:
        return len(self._layers)

    def __contains__(self, layer_id: object) -> bool:
        return any(layer.id == layer_id for layer in self._layers)

    @property
    def by_id(self) -> Mapping[int, Layer]:
        return self._by_id

    def get(self, layer_id: int) -> Layer:
        """Return one layer.

        Raises:
            MeticulousError: there is none with this id (any more).
        """
        for layer in self._layers:
            if layer.id == layer_id:
                return layer
        raise MeticulousError(f"There is no layer {layer_id} in this document; it may have been removed.")

    def new_id(self) -> int:
        """Return an id never given before."""
        return next(self._ids)

    def free_colour(self) -> Rgb:
        """Return the layer colour that is used least."""
        used = [layer.colour for layer in self._layers]
        return min(LAYER_COLOURS, key=used.count)

    def relooking(
        self, layer_id: int, *, name: str | None, colour: Rgb | None, category: str | None
    ) -> Relook | None:
        """Return the structure of a step that changes those looks that are not None; None for no change."""
        before = Looks.of(self.get(layer_id))
        after = Looks(
            before.name if name is None else name,
            before.colour if colour is None else colour,
            before.category if category is None else (category or None),
        )
        return Relook(layer_id, before, after) if after != before else None

    def adding(self, layer: Layer) -> Presence:
        """Return the structure of a step that puts ``layer`` on top."""
        return Presence("add", layer, len(self._layers), self.active.id)

    def removing(self, layer_id: int) -> Presence:
        """Return the structure of a step that takes a layer out.

        Raises:
            MeticulousError: it is the only one, or not there.
        """
        layer = self.get(layer_id)
        if len(self._layers) == 1:
            raise MeticulousError(f"“{layer.name}” is the only layer and stays; clear it instead.")
        return Presence("remove", layer, self._layers.index(layer), self.active.id)

    def place(self, structure: Structure, *, is_forward: bool) -> list[LayerEvent]:
        """Do a structure or take it back; return what to tell once the document is whole again."""
        match structure:
            case Presence():
                return self._come_or_go(structure, is_forward=is_forward)
            case Order(layer_id, before, after):
                source, target = (before, after) if is_forward else (after, before)
                self._layers.insert(target, self._layers.pop(source))
                return [LayerEvent(LayerChange.MOVED, layer_id)]
            case Relook(layer_id, before, after):
                layer = self.get(layer_id)
                layer.name, layer.colour, layer.category = after if is_forward else before
                return [LayerEvent(LayerChange.STATE, layer_id)]

    def _come_or_go(self, structure: Presence, *, is_forward: bool) -> list[LayerEvent]:
        layer, was_active = structure.layer, self.active
        self._by_id[layer.id] = layer
        if (structure.kind == "add") == is_forward:
            layer.set_aside(False)
            self._layers.insert(structure.index, layer)
            events = [LayerEvent(LayerChange.ADDED, layer.id)]
            if is_forward:
                self.active = layer
        else:
            self._layers.remove(layer)
            layer.set_aside(True)
            events = [LayerEvent(LayerChange.REMOVED, layer.id)]
            if layer is self.active:
                self.active = self._layers[max(structure.index - 1, 0)]
        if not is_forward and structure.active_id in self:
            self.active = self.get(structure.active_id)
        if self.active is not was_active:
            events.append(LayerEvent(LayerChange.ACTIVE, self.active.id))
        return events
