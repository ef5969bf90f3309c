"""Who follows a document: its pixels, its layers, its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer_list import LayerEvent
from meticulous_gui.core.observers import Observers

__all__ = ["Changed", "Observed"]


@dataclass(frozen=True)
class Changed:
    """Where an undo or redo changed something, so that a view can go there; the box may be empty."""

    layer_id: int
    box: Box
    title: str


class Observed:
    """The side of a document that others subscribe to; they are told in the thread of the change."""

    def __init__(self) -> None:
        self._pixel_observers: Observers[[int, Box]] = Observers()
        self._layer_observers: Observers[[LayerEvent]] = Observers()
        self._history_observers: Observers[[]] = Observers()
        self._spared_observers: Observers[[]] = Observers()

    def subscribe(self, callback: Callable[[int, Box], None]) -> Callable[[], None]:
        """Call ``callback(layer_id, box)`` after pixels or decided bits changed; returns how to stop it."""
        return self._pixel_observers.add(callback)

    def subscribe_layers(self, callback: Callable[[LayerEvent], None]) -> Callable[[], None]:
        """Call ``callback(event)`` after a layer came, went, became active or got another name or colour."""
        return self._layer_observers.add(callback)

    def subscribe_history(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback()`` after the steps or the saved state changed (titles, can_undo, unsaved)."""
        return self._history_observers.add(callback)

    def subscribe_spared(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback()`` after a step of which little is left, for other layers hold its pixels."""
        return self._spared_observers.add(callback)
