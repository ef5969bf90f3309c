"""Rows of the Tool menu for the object that is pointed at."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, ActionState
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP


def _has_object(state: ActionState) -> bool:
    return state.has_object


POINT: Final = (
    Action("point_keep", "tool", QT_TRANSLATE_NOOP("Action", "Keep the object"),
           QT_TRANSLATE_NOOP("Action", "Make what you pointed at part of the layer; Enter does the same."),
           "done", ("Ctrl+Return",), lambda c: c.points.keep(), enabled=_has_object, starts_section=True),
    Action("point_drop", "tool", QT_TRANSLATE_NOOP("Action", "Discard the object"),
           QT_TRANSLATE_NOOP("Action", "Leave the layer as it was before the first click; so does Esc."),
           "close", (), lambda c: c.points.drop(), enabled=_has_object),
    Action("point_part", "tool", QT_TRANSLATE_NOOP("Action", "Another part"),
           QT_TRANSLATE_NOOP("Action", "Leave the selection as it is; the next click adds something to it."),
           "add", ("Shift+Return",), lambda c: c.points.begin_part(), enabled=lambda s: s.is_pointing),
    Action("point_reading", "tool", QT_TRANSLATE_NOOP("Action", "Another reading of the click"),
           QT_TRANSLATE_NOOP("Action", "Part, object or group: show the next; Tab does the same."),
           "", (), lambda c: c.points.next_reading(), enabled=lambda s: s.has_readings),
    Action("point_clear", "tool", QT_TRANSLATE_NOOP("Action", "Take all clicks back"),
           QT_TRANSLATE_NOOP("Action", "Begin this part of the object again; undo brings the clicks back."),
           "", (), lambda c: c.points.clear(), enabled=_has_object),
    Action("point_panel", "tool", QT_TRANSLATE_NOOP("Action", "All controls of clicks"),
           QT_TRANSLATE_NOOP("Action", "Show every control of the click network, or fold them away."),
           "settings", (), lambda c: c.points.toggle_panel(), enabled=lambda s: s.is_pointing,
           checked=lambda s: s.has_point_panel),
)
