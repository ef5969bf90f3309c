"""The part of the Mask menu that goes through the doubtful places of the edge."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, has_layer
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

LOOK: Final = (
    Action("next_place", "mask", QT_TRANSLATE_NOOP("Action", "Next doubtful place"),
           QT_TRANSLATE_NOOP("Action", "Go where the edge is most likely wrong; again: to the next place."),
           "next", ("Shift+N",), lambda c: c.look.next(), enabled=has_layer, starts_section=True),
    Action("previous_place", "mask", QT_TRANSLATE_NOOP("Action", "Previous doubtful place"),
           QT_TRANSLATE_NOOP("Action", "Go back to the doubtful place before."),
           "previous", ("Shift+P",), lambda c: c.look.previous(), enabled=has_layer),
    Action("accept_place", "mask", QT_TRANSLATE_NOOP("Action", "It is right here"),
           QT_TRANSLATE_NOOP("Action", "Call the edge at this place right, keep networks off it, and go on."),
           "done", ("Return", "Enter"), lambda c: c.look.accept(),
           enabled=lambda s: s.is_at_place and not s.is_locked),
)
