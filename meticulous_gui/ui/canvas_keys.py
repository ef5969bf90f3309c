"""Keys on the canvas: Space, arrows, Esc, the keyboard cursor, the tool's own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from meticulous_gui.ui.hands import NO_BUTTON, NO_MODIFIER, Hands
from meticulous_gui.ui.keyboard_cursor import KeyboardCursor
from meticulous_gui.ui.navigation import Place
from meticulous_gui.ui.tools.base import PointerEvent

ARROW_STEP_PX = 64.0
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
HOLD_ORIGINAL_KEY = Qt.Key.Key_H


class KeyInput:
    """Turns keys into gestures and moves of the view; methods return whether the key was used.

    Attributes:
        cursor: the cross that the arrow keys move.
    """

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._host = hands.host
        self.cursor = KeyboardCursor()

    def key_press(self, event: QKeyEvent) -> bool:
        """Take the keys that belong to the canvas: Space, arrows, the keyboard cursor, the tool's own."""
        key, tool = event.key(), self._host.tool
        if key == Qt.Key.Key_Space and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if not event.isAutoRepeat():
                self._hands.is_space_held = True
                self._host.refresh_cursor()
            return True
        if key == HOLD_ORIGINAL_KEY and event.modifiers() == NO_MODIFIER:
            if not event.isAutoRepeat():
                self._host.hold_original(True)
            return True
        if key == Qt.Key.Key_Escape:
            if not self._hands.cancel():
                self._host.report_escape()
            return True
        if key in (Qt.Key.Key_Alt, Qt.Key.Key_Shift):
            self._hands.modifiers_changed(event.modifiers())
            return False
        place = self._host.place
        if place is None:
            return False
        if self.cursor.is_on and self._cursor_key(event, place):
            return True
        if tool is not None and tool.key_press(event):
            return True
        if key in ARROWS:
            self._host.go(self._arrow_pan(event, place))
            self._hands.follow_view()
            return True
        return False

    def key_release(self, event: QKeyEvent) -> bool:
        """Let go of Space, of the key that shows the original, and of the tool's own."""
        if event.key() in (Qt.Key.Key_Alt, Qt.Key.Key_Shift):
            self._hands.modifiers_changed(event.modifiers())
            return False
        if event.isAutoRepeat():
            return event.key() in (Qt.Key.Key_Space, HOLD_ORIGINAL_KEY)
        if event.key() == Qt.Key.Key_Space and self._hands.is_space_held:
            self._hands.is_space_held = False
            self._host.refresh_cursor()
            return True
        if event.key() == HOLD_ORIGINAL_KEY:
            self._host.hold_original(False)
            return True
        return self._host.tool is not None and self._host.tool.key_release(event)

    def toggle_cursor(self, is_on: bool) -> None:
        """Show the keyboard cursor in the middle of the view, or hide it."""
        place = self._host.place
        if is_on and place is not None:
            view_x, view_y = place.centre_view_xy
            if self._hands.pointer is not None:
                view_x, view_y = self._hands.pointer.view_x, self._hands.pointer.view_y
            self.cursor.show(*place.view.view_to_image(view_x, view_y), image_hw=place.image_hw)
        else:
            self._hands.cancel()
            self.cursor.hide()
        self._host.show_pointer(self.event_at_cursor())

    def _cursor_key(self, event: QKeyEvent, place: Place) -> bool:
        key, tool = event.key(), self._host.tool
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in ARROWS:
            dx, dy = ARROWS[Qt.Key(key)]
            steps = 10 if shift else 1
            self.cursor.move(dx * steps, dy * steps, zoom=place.view.zoom, image_hw=place.image_hw)
            self._host.go(place.revealing(self.cursor.x, self.cursor.y))
            moved = self.event_at_cursor(self._hands.button)
            if moved is not None and self._hands.is_tool_busy:
                self._hands.move(moved)
            elif moved is not None:
                if tool is not None:
                    tool.move(moved)
                self._host.show_pointer(moved)
            return True
        is_dab = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if tool is None or not (is_dab or key == Qt.Key.Key_Delete):
            return False
        modifiers = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        button = Qt.MouseButton.LeftButton if is_dab else Qt.MouseButton.RightButton
        if button == Qt.MouseButton.RightButton and not tool.takes_right_button:
            return True
        dab = self.event_at_cursor(self._hands.button if self._hands.is_tool_busy else button, modifiers)
        assert dab is not None
        if self._hands.is_tool_busy:
            return self._hands.release(dab)
        self._hands.press(dab)
        return True if tool.is_drag_tool else self._hands.release(dab)

    def _arrow_pan(self, event: QKeyEvent, place: Place) -> Place:
        dx, dy = ARROWS[Qt.Key(event.key())]
        height, width = place.viewport_hw
        step_x = step_y = ARROW_STEP_PX * self._host.device_pixel_ratio
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step_x, step_y = width * 0.9, height * 0.9
        return place.panned_by(-dx * step_x, -dy * step_y)

    def event_at_cursor(
        self, button: Qt.MouseButton = NO_BUTTON, modifiers: Qt.KeyboardModifier = NO_MODIFIER
    ) -> PointerEvent | None:
        """Return an event where the keyboard cursor is, None while it is off."""
        place = self._host.place
        if place is None or not self.cursor.is_on:
            return None
        x, y = self.cursor.x, self.cursor.y
        view_x, view_y = place.view.image_to_view(x, y)
        return PointerEvent(x=x, y=y, view_x=view_x, view_y=view_y, button=button, modifiers=modifiers)
