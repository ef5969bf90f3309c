"""The Help menu."""

from __future__ import annotations

from typing import Final

from meticulous_gui.ui.action import Action
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

HELP: Final = (
    Action("shortcuts", "help", QT_TRANSLATE_NOOP("Action", "Keys and gestures"),
           QT_TRANSLATE_NOOP("Action", "List every key and what the mouse, the pen and the wheel do."),
           "help", ("F1",), lambda c: c.help.show_shortcuts()),
    Action("palette", "help", QT_TRANSLATE_NOOP("Action", "Find a command…"),
           QT_TRANSLATE_NOOP("Action", "Type a few letters of what you want to do."),
           "commands", ("Ctrl+K",), lambda c: c.help.show_palette()),
    Action("show_log", "help", QT_TRANSLATE_NOOP("Action", "Open the folder of the log file"),
           QT_TRANSLATE_NOOP("Action", "Show the file that tells what went wrong."),
           "", (), lambda c: c.help.show_log(), starts_section=True),
    Action("about", "help", QT_TRANSLATE_NOOP("Action", "About Meticulous"),
           QT_TRANSLATE_NOOP("Action", "Say which version this is and what it is made of."),
           "info", (), lambda c: c.help.show_about()),
)
