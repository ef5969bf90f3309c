"""The line between A and B: dragged by the mouse or moved by the arrow keys, with both names beside it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPolygonF

from meticulous_gui.ui.comparing.comparison import Comparison, Side
from meticulous_gui.ui.decorations import DARK, LIGHT, label_rect, paint_label, two_tone_pens
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext
from meticulous_gui.ui.tools.gesture import SHIFT, GestureTool
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

STEP_PX: Final = 8.0
LARGE_STEP_PX: Final = 64.0
GRIP_PX: Final = 12.0
HANDLE_PX: Final = 13.0
MARGIN_PX: Final = 10.0
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class WipeTool(GestureTool):
    """Is in hand while two edges are compared; a press beside the line brings it there."""

    id = "wipe"
    icon = "compare"
    _text = QT_TRANSLATE_NOOP("Tools", "Compare")
    _help = QT_TRANSLATE_NOOP("Tools", "Drag the line, or move it by the arrow keys; Shift goes faster.")

    def __init__(self, context: ToolContext, surface: Surface, comparison: Comparison) -> None:
        super().__init__(context, surface)
        self._comparison = comparison
        self._offset_px = 0.0

    def press(self, event: PointerEvent) -> None:
        """Take the line at the pointer, or bring it there."""
        self._is_busy = True
        distance_px = self._line_view_x - event.view_x
        is_near = abs(distance_px) <= GRIP_PX * self.surface.device_pixel_ratio
        self._offset_px = distance_px if is_near else 0.0
        self.move(event)

    def move(self, event: PointerEvent) -> None:
        """Drag the line."""
        if self._is_busy:
            self._go_to(event.view_x + self._offset_px)

    def release(self, event: PointerEvent) -> None:
        """Let go of the line."""
        self.move(event)
        self._is_busy = False

    def key_press(self, event: QKeyEvent) -> bool:
        """Move the line by the arrow keys."""
        step = STEPS.get(Qt.Key(event.key()))
        is_large = bool(event.modifiers() & SHIFT)
        if step is None or event.modifiers() & ~(SHIFT | Qt.KeyboardModifier.KeypadModifier):
            return False
        length_px = (LARGE_STEP_PX if is_large else STEP_PX) * self.surface.device_pixel_ratio
        before = self._comparison.line_x
        self._go_to(self._line_view_x + step * length_px)
        if self._comparison.line_x == before:  # a pixel of the photo is larger than the step
            self._comparison.move_line(before + step)
        return True

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.SplitHCursor

    def is_subtracting(self, event: PointerEvent) -> bool | None:
        """Return None: it changes nothing."""
        return None

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw the line over the height of the photo, its handle and the two names."""
        image_hw = self.surface.image_size_hw
        if image_hw is None or not self._comparison.is_on:
            return
        ratio = self.surface.device_pixel_ratio
        x = self._line_view_x
        top = max(self.surface.view.image_to_view(0, 0)[1], 0.0)
        bottom = min(self.surface.view.image_to_view(0, image_hw[0])[1], float(self.surface.viewport_hw[0]))
        for pen in two_tone_pens(ratio):
            painter.setPen(pen)
            painter.drawLine(QLineF(x, top, x, bottom))
        self._paint_handle(painter, QPointF(x, (top + bottom) / 2), ratio)
        self._paint_name(painter, "a", x, top, ratio)
        self._paint_name(painter, "b", x, top, ratio)

    def _paint_handle(self, painter: QPainter, centre: QPointF, ratio: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(DARK)
        radius = HANDLE_PX * ratio
        painter.drawEllipse(centre, radius, radius)
        painter.setBrush(LIGHT)
        for sign in (-1, 1):
            tip = centre + QPointF(sign * 9.0 * ratio, 0)
            back = centre + QPointF(sign * 3.5 * ratio, 0)
            height = QPointF(0, 4.5 * ratio)
            painter.drawPolygon(QPolygonF([tip, back + height, back - height]))
        painter.restore()

    def _paint_name(self, painter: QPainter, side: Side, x: float, top: float, ratio: float) -> None:
        text = side_text(self._comparison, side)
        rect = label_rect(QPointF(0, 0), text, device_pixel_ratio=ratio)
        gap = MARGIN_PX * ratio
        left = x - gap - rect.width() if side == "a" else x + gap
        at = QPointF(left - rect.x(), top + gap - rect.y())
        paint_label(painter, at, text, device_pixel_ratio=ratio)

    @property
    def _line_view_x(self) -> float:
        return self.surface.view.image_to_view(self._comparison.line_x, 0.0)[0]

    def _go_to(self, view_x: float) -> None:
        self._comparison.move_line(self.surface.view.view_to_image(view_x, 0.0)[0])


def side_text(comparison: Comparison, side: Side) -> str:
    """Return what is written on a side of the line: "A  MOS_H", with dots while it is not whole."""
    dots = "" if comparison.is_whole(side) else " …"
    return f"{side.upper()}   {comparison.text(side)}{dots}"
