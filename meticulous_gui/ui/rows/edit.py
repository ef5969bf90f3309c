"""The Edit menu: steps back and forth, the clipboard, preferences."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action, has_photo
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

EDIT: Final = (
    Action("undo", "edit", QT_TRANSLATE_NOOP("Action", "Undo"),
           QT_TRANSLATE_NOOP("Action", "Take back the newest step; a network that still runs is stopped."),
           "undo", ("Ctrl+Z",), lambda c: c.mask.undo(), enabled=lambda s: s.can_undo or s.is_running,
           subject=lambda s: s.undo_title),
    Action("redo", "edit", QT_TRANSLATE_NOOP("Action", "Redo"),
           QT_TRANSLATE_NOOP("Action", "Do again what was taken back."),
           "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), lambda c: c.mask.redo(), enabled=lambda s: s.can_redo,
           subject=lambda s: s.redo_title),
    Action("copy", "edit", QT_TRANSLATE_NOOP("Action", "Copy the cut-out"),
           QT_TRANSLATE_NOOP("Action", "Put the cut-out on the clipboard, smaller if above 16 megapixels."),
           "copy", ("Ctrl+C",), lambda c: c.files.copy(), enabled=has_photo, starts_section=True),
    Action("copy_full", "edit", QT_TRANSLATE_NOOP("Action", "Copy the cut-out in full size"),
           QT_TRANSLATE_NOOP("Action", "Put the cut-out on the clipboard with all its pixels."),
           "", ("Ctrl+Shift+C",), lambda c: c.files.copy(is_full_size=True), enabled=has_photo),
    Action("stop", "edit", QT_TRANSLATE_NOOP("Action", "Stop"),
           QT_TRANSLATE_NOOP("Action", "Drop the stroke in hand, or stop the network and keep its work."),
           "close", ("Esc",), lambda c: c.mask.stop(), starts_section=True),
    Action("preferences", "edit", QT_TRANSLATE_NOOP("Action", "Preferences…"),
           QT_TRANSLATE_NOOP("Action", "Choose colours, networks, your own keys and other habits."),
           "settings", ("Ctrl+,",), lambda c: c.help.show_preferences(), starts_section=True),
)
