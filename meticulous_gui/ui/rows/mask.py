"""The Mask menu: what is done to the whole mask of the active layer."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, is_editable
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

MASK: Final = (
    Action("find_again", "mask", QT_TRANSLATE_NOOP("Action", "Find the object again"),
           QT_TRANSLATE_NOOP("Action", "Look for the object in the whole photo; what you painted stays."),
           "find_again", ("Ctrl+R",), lambda c: c.mask.find_again(), enabled=is_editable),
    Action("refine_all", "mask", QT_TRANSLATE_NOOP("Action", "Refine the whole edge"),
           QT_TRANSLATE_NOOP("Action", "Perfect the edge of the mask everywhere; what you painted stays."),
           "refine", ("Ctrl+Shift+R",), lambda c: c.mask.refine_all(), enabled=is_editable),
    Action("adjust_edge", "mask", QT_TRANSLATE_NOOP("Action", "Adjust the edge…"),
           QT_TRANSLATE_NOOP("Action", "Smooth, grow, shrink, feather or sharpen it, seen at once."),
           "adjust", ("Ctrl+G",), lambda c: c.edge.adjust(), enabled=is_editable, starts_section=True),
    Action("clean_up", "mask", QT_TRANSLATE_NOOP("Action", "Clean up the mask…"),
           QT_TRANSLATE_NOOP("Action", "Fill holes, drop specks, keep the largest piece; counted first."),
           "clean_up", ("Ctrl+Shift+G",), lambda c: c.edge.clean_up(), enabled=is_editable),
    Action("clear_mask", "mask", QT_TRANSLATE_NOOP("Action", "Clear the mask"),
           QT_TRANSLATE_NOOP("Action", "Start this layer from nothing."),
           "clear_mask", ("Ctrl+Del",), lambda c: c.mask.clear(), enabled=is_editable, starts_section=True),
    Action("invert_mask", "mask", QT_TRANSLATE_NOOP("Action", "Invert the mask"),
           QT_TRANSLATE_NOOP("Action", "Make the inside the outside and the outside the inside."),
           "invert", ("Ctrl+I",), lambda c: c.mask.invert(), enabled=is_editable),
    Action("forget_strokes", "mask", QT_TRANSLATE_NOOP("Action", "Forget my strokes in view"),
           QT_TRANSLATE_NOOP("Action", "Let networks change again what you painted in the part in view."),
           "", (), lambda c: c.mask.forget_strokes(), enabled=is_editable),
)
