"""The Tool menu: tools and what changes them."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, has_photo
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP


def _tool(name: str, text: str, help: str, key: str) -> Action:  # noqa: A002
    return Action(
        f"tool_{name}", "tool", text, help, name, (key,), lambda c: c.view.choose_tool(name),
        checked=lambda s: s.tool == name,
    )


TOOL: Final = (
    _tool("hand", QT_TRANSLATE_NOOP("Action", "Hand"),
          QT_TRANSLATE_NOOP("Action", "Move the picture; Space with any tool does the same."), "V"),
    _tool("brush", QT_TRANSLATE_NOOP("Action", "Brush"),
          QT_TRANSLATE_NOOP("Action", "Paint what belongs to the object; right button or Alt takes away."),
          "B"),
    _tool("eraser", QT_TRANSLATE_NOOP("Action", "Eraser"),
          QT_TRANSLATE_NOOP("Action", "Paint what does not belong to the object."), "E"),
    _tool("lasso", QT_TRANSLATE_NOOP("Action", "Lasso"),
          QT_TRANSLATE_NOOP("Action", "Drag round an area or click its corners; Alt takes it away."),
          "L"),
    _tool("similar", QT_TRANSLATE_NOOP("Action", "Similar colour"),
          QT_TRANSLATE_NOOP("Action", "Press on a colour, drag for more or less of its like."), "S"),
    _tool("move", QT_TRANSLATE_NOOP("Action", "Move the mask"),
          QT_TRANSLATE_NOOP("Action", "Drag the mask, or move it by the arrow keys."), "M"),
    _tool("point", QT_TRANSLATE_NOOP("Action", "Point"),
          QT_TRANSLATE_NOOP("Action", "Click what belongs to the object, right-click what does not."), "P"),
    _tool("refine", QT_TRANSLATE_NOOP("Action", "Refine the edge"),
          QT_TRANSLATE_NOOP("Action", "Paint roughly over a bad edge, or drag a box with Shift."),
          "R"),
    _tool("find_box", QT_TRANSLATE_NOOP("Action", "Find in a box"),
          QT_TRANSLATE_NOOP("Action", "Drag a box round the object to look for it only there."), "G"),
    Action("swap", "tool", QT_TRANSLATE_NOOP("Action", "Swap add and take away"),
           QT_TRANSLATE_NOOP("Action", "Exchange what the left and the right button do."),
           "swap", ("X",), lambda c: c.view.swap_sign(), checked=lambda s: s.is_subtracting,
           starts_section=True),
    Action("brush_smaller", "tool", QT_TRANSLATE_NOOP("Action", "Smaller brush"),
           QT_TRANSLATE_NOOP("Action", "Make the brush smaller."), "", ("[",),
           lambda c: c.view.step_brush(-1)),
    Action("brush_larger", "tool", QT_TRANSLATE_NOOP("Action", "Larger brush"),
           QT_TRANSLATE_NOOP("Action", "Make the brush larger."), "", ("]",), lambda c: c.view.step_brush(1)),
    Action("brush_softer", "tool", QT_TRANSLATE_NOOP("Action", "Softer brush"),
           QT_TRANSLATE_NOOP("Action", "Make the edge of the brush softer."), "", ("{",),
           lambda c: c.view.step_hardness(-1)),
    Action("brush_harder", "tool", QT_TRANSLATE_NOOP("Action", "Harder brush"),
           QT_TRANSLATE_NOOP("Action", "Make the edge of the brush harder."), "", ("}",),
           lambda c: c.view.step_hardness(1)),
    Action("brush_edges", "tool", QT_TRANSLATE_NOOP("Action", "Brush stops at edges"),
           QT_TRANSLATE_NOOP("Action", "Paint only what looks like the photo under the middle of the brush."),
           "", ("Shift+B",), lambda c: c.view.toggle_edges(), checked=lambda s: s.stops_at_edges),
    Action("keyboard_cursor", "tool", QT_TRANSLATE_NOOP("Action", "Keyboard cursor"),
           QT_TRANSLATE_NOOP("Action", "Move a cross with the arrow keys; Enter paints, Shift goes faster."),
           "", ("F8",), lambda c: c.view.toggle_keyboard_cursor(), enabled=has_photo,
           checked=lambda s: s.is_keyboard_cursor, starts_section=True),
)
