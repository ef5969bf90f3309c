"""The titles of steps that the core makes, in the person's language."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

CORE_TITLES: Final = (
    QT_TRANSLATE_NOOP("Steps", "Add layer"),
    QT_TRANSLATE_NOOP("Steps", "Remove layer"),
    QT_TRANSLATE_NOOP("Steps", "Duplicate layer"),
    QT_TRANSLATE_NOOP("Steps", "Merge down"),
    QT_TRANSLATE_NOOP("Steps", "Move layer"),
    QT_TRANSLATE_NOOP("Steps", "Rename layer"),
    QT_TRANSLATE_NOOP("Steps", "Recolour layer"),
    QT_TRANSLATE_NOOP("Steps", "Category"),
    QT_TRANSLATE_NOOP("Steps", "Forget my strokes"),
)
"""The core is without Qt and names its own steps in English."""


def step_title(title: str) -> str:
    """Return a step's title for people; one that the window gave is in their language already."""
    return QCoreApplication.translate("Steps", title)
