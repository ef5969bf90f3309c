"""The hand: moves the picture."""

from __future__ import annotations

from PySide6.QtCore import Qt

from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext
from meticulous_gui.ui.tools.gesture import GestureTool
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP


class HandTool(GestureTool):
    """Drag to move the picture; Space or the middle button do the same with any other tool."""

    id = "hand"
    icon = "hand"
    key = "V"
    _text = QT_TRANSLATE_NOOP("Tools", "Hand")
    _help = QT_TRANSLATE_NOOP("Tools", "Drag to move the picture.")

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._held_at = (0.0, 0.0)

    def press(self, event: PointerEvent) -> None:
        """Take hold of the picture."""
        self._is_busy = True
        self._held_at = event.view_x, event.view_y

    def move(self, event: PointerEvent) -> None:
        """Let the picture follow."""
        if self._is_busy:
            # Whole device pixels only; what is left of a slow pen waits for the next move.
            dx, dy = round(event.view_x - self._held_at[0]), round(event.view_y - self._held_at[1])
            self._held_at = self._held_at[0] + dx, self._held_at[1] + dy
            self.surface.pan_by(dx, dy)

    def release(self, event: PointerEvent) -> None:
        """Let go."""
        self.move(event)
        self._is_busy = False

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.ClosedHandCursor if self._is_busy else Qt.CursorShape.OpenHandCursor
