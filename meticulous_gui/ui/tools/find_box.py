"""Find in a box: the person drags a box round an object, the network looks for it there."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext
from meticulous_gui.ui.tools.box import BoxDrag
from meticulous_gui.ui.tools.gesture import GestureTool
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP


class FindBoxTool(GestureTool):
    """Drag a box round the object."""

    id = "find_box"
    icon = "find_box"
    key = "G"
    _text = QT_TRANSLATE_NOOP("Tools", "Find in a box")
    _help = QT_TRANSLATE_NOOP("Tools", "Drag a box round the object to look for it only there.")

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._drag: BoxDrag | None = None

    def press(self, event: PointerEvent) -> None:
        """Set the first corner."""
        if self.context.document is not None:
            self._is_busy = True
            self._drag = BoxDrag(self.surface, event)

    def move(self, event: PointerEvent) -> None:
        """Drag the second corner."""
        if self._drag is not None:
            self._drag.move_to(event)

    def release(self, event: PointerEvent) -> None:
        """Ask for the object in the box."""
        drag, image_hw = self._drag, self.surface.image_size_hw
        if drag is None or image_hw is None:
            return
        drag.move_to(event)
        self.cancel()
        box = drag.box(image_hw)
        if not box.is_empty:
            self.context.asking.segment_box(box)

    def cancel(self) -> bool:
        """Drop the box."""
        drag, self._drag = self._drag, None
        if drag is not None:
            drag.erase()
        return super().cancel()

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw the box."""
        if self._drag is not None:
            self._drag.paint(painter, is_dashed=False)
