"""What a step of the history does to the list of layers, as values that can be done and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from meticulous_gui.core.layer import Layer, Rgb

__all__ = ["Looks", "Order", "Presence", "Relook", "Structure"]


class Looks(NamedTuple):
    """What a layer is called and how it is drawn; the part of its state that is a person's work."""

    name: str
    colour: Rgb
    category: str | None

    @classmethod
    def of(cls, layer: Layer) -> Looks:
        """Return the looks that a layer has now."""
        return cls(layer.name, layer.colour, layer.category)


@dataclass(frozen=True)
class Presence:
    """A layer comes or goes; ``active_id`` is the layer that was active before."""

    kind: Literal["add", "remove"]
    layer: Layer
    index: int
    active_id: int


@dataclass(frozen=True)
class Order:
    """A layer moves from one place in the list to another (0 is the lowest)."""

    layer_id: int
    before: int
    after: int


@dataclass(frozen=True)
class Relook:
    """A layer gets another name, colour or category."""

    layer_id: int
    before: Looks
    after: Looks


Structure: TypeAlias = Presence | Order | Relook
