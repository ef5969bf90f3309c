"""The canvas: a scene, and every input handed to the active tool or to the view.

What is shown is in `scene_widget`; mouse, pen, wheel, keys and what is dropped are in `canvas_pointer`,
`canvas_wheel`, `canvas_keys`, `hands` and `canvas_drops`.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from meticulous_gui.ui.canvas_drops import DropInput
from meticulous_gui.ui.canvas_keys import KeyInput
from meticulous_gui.ui.canvas_pointer import PointerInput
from meticulous_gui.ui.canvas_wheel import WheelInput
from meticulous_gui.ui.hands import Hands
from meticulous_gui.ui.highlights import Highlights
from meticulous_gui.ui.pointer_ring import PointerRing
from meticulous_gui.ui.scene_widget import SceneWidget
from meticulous_gui.ui.tools.base import PointerEvent, Tool
from meticulous_gui.ui.views import ViewState

TOUCH_TYPES = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
)


class Canvas(SceneWidget):
    """Shows a scene; zooms, pans, and lets the active tool work on it.

    Attributes:
        hands: what is pressed and where the pointer is.
        highlights: parts of the photo that are pointed out.

    Signals (window thread):
        pointer_moved: (x, y) in image pixels, or None when the pointer left.
        files_dropped: (list of Path) files or folders were dropped.
        picture_dropped: (QImage) a picture without a file was dropped.
        escape_pressed: Esc, and no gesture was there to drop.
        menu_requested: (QPoint, global) a context menu is wanted.
        keyboard_cursor_changed: (bool) it was shown or hidden.
        hands_changed: a gesture began or ended, or a press would do something else.
    """

    pointer_moved = Signal(object)
    files_dropped = Signal(list)
    picture_dropped = Signal(object)
    escape_pressed = Signal()
    menu_requested = Signal(QPoint)
    keyboard_cursor_changed = Signal(bool)
    hands_changed = Signal()

    def __init__(self, views: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(views, parent)
        self._tool: Tool | None = None
        self._detail = self._hint = ""
        self.hands = Hands(self)
        self._pointer_input = PointerInput(self.hands)
        self._wheel_input = WheelInput(self.hands)
        self._key_input = KeyInput(self.hands)
        self._drop_input = DropInput(self)
        self._ring = PointerRing(self, self._key_input)
        self.highlights = Highlights(self, self)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 90)
        self.set_subject("")

    def set_subject(self, subject: str, detail: str = "") -> None:
        """Say for screen readers what is shown.

        Args:
            subject: the file's name; empty without a photo.
            detail: the rest of the description: "3 objects, 41 % covered".
        """
        self._detail = detail
        self.setAccessibleName(subject or self.tr("Canvas, no photo open"))
        self._describe()

    def set_hint(self, hint: str) -> None:
        """Say on the empty canvas what else can be done than to drop a photo."""
        self._hint = hint
        self._describe()
        self.update()

    # --- tools -------------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool | None:
        """The tool that gets the gestures."""
        return self._tool

    @property
    def is_gesture_running(self) -> bool:
        """Whether a stroke, a lasso, a box or a pan is under way."""
        return not self.hands.is_free

    def set_tool(self, tool: Tool | None) -> None:
        """Give the gestures to another tool; a running gesture is dropped."""
        self.hands.cancel()
        old = self._tool.brush if self._tool is not None else None
        if old is not None:
            old.changed.disconnect(self._on_brush_changed)
        self._tool = tool
        new = tool.brush if tool is not None else None
        if new is not None:
            new.changed.connect(self._on_brush_changed)
        self.refresh_cursor()
        self._ring.refresh()
        self._describe()

    def cancel_gesture(self) -> bool:
        """Drop the running gesture as if it had never begun; return whether there was one."""
        return self.hands.cancel()

    def take_back(self) -> bool:
        """Take the last piece of the running gesture back, or drop it; return whether there was one."""
        return (self._tool is not None and self._tool.take_back()) or self.cancel_gesture()

    def finish_gesture(self) -> None:
        """End the running gesture where the pointer is: the photo is left, and nothing of it may be lost."""
        if self.hands.is_tool_busy and self.hands.pointer is not None:
            self.hands.release(self.hands.pointer)
        if self._tool is not None:
            self._tool.keys_lost()
        self.hands.cancel()

    @property
    def has_keyboard_cursor(self) -> bool:
        return self._key_input.cursor.is_on

    def show_keyboard_cursor(self, is_on: bool) -> None:
        """Let the arrow keys move a cross on the photo, or give them back to the view."""
        if is_on != self.has_keyboard_cursor and (self.place is not None or not is_on):
            self._key_input.toggle_cursor(is_on)
            self.refresh_cursor()
            self.keyboard_cursor_changed.emit(is_on)

    # --- what the hands ask for --------------------------------------------------------------------------

    def show_pointer(self, event: PointerEvent | None) -> None:
        """Let the ring follow the pointer."""
        self._ring.refresh()
        inside = event is not None and self.place is not None
        self.pointer_moved.emit((event.x, event.y) if inside and event is not None else None)

    def refresh_cursor(self) -> None:
        """Show the system cursor that says what a press would do."""
        self.setCursor(self._cursor_shape())
        self.hands_changed.emit()

    def hold_original(self, is_held: bool) -> None:
        """Show the bare photo while a key is down."""
        self.views.hold_original(is_held)

    def report_escape(self) -> None:
        """Pass Esc on to whoever runs jobs."""
        self.escape_pressed.emit()

    # --- what a scene alone does not do ------------------------------------------------------------------

    def _leave_photo(self) -> None:
        self.hands.cancel()
        self.show_keyboard_cursor(False)
        self.highlights.clear()

    def _view_moved(self) -> None:
        self.hands.follow_view()
        self.refresh_cursor()
        self._ring.refresh()
        self._describe()

    def _paint_over(self, painter: QPainter) -> None:
        if self.place is not None:
            if self._tool is not None:
                self._tool.paint_overlay(painter)
            self.highlights.paint(painter)
            self._ring.paint(painter)
        self._drop_input.paint(painter, title=self.tr("Drop a photo here"), hint=self._hint)

    def _about(self) -> tuple[float, float]:
        """Return the keyboard cursor, the pointer, else the middle."""
        pointer, cursor = self.hands.pointer, self._key_input.cursor
        if cursor.is_on:
            return self.view.image_to_view(cursor.x, cursor.y)
        return (pointer.view_x, pointer.view_y) if pointer is not None else super()._about()

    # --- events ------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Take the events that have no handler of their own."""
        if isinstance(event, QNativeGestureEvent):
            return self._wheel_input.native_gesture(event)
        if isinstance(event, QTouchEvent) and event.type() in TOUCH_TYPES:
            event.setAccepted(self._pointer_input.touch(event))
            return event.isAccepted()
        if event.type() == QEvent.Type.TabletLeaveProximity:
            self._pointer_input.pen_left()
        if isinstance(event, QKeyEvent) and self._is_tools_tab(event):
            self.keyPressEvent(event)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._pointer_input.mouse_press(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The second of two quick dabs is a press like any other.
        event.setAccepted(self._pointer_input.mouse_press(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._pointer_input.mouse_move(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(self._pointer_input.mouse_release(event))

    def tabletEvent(self, event: QTabletEvent) -> None:
        event.setAccepted(self._pointer_input.tablet(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.setAccepted(self._wheel_input.wheel(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key_input.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._key_input.key_release(event):
            super().keyReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hands.leave()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hands.focus_lost()
        super().focusOutEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_tools = event.reason() == QContextMenuEvent.Reason.Mouse and (
            self._tool is not None and self._tool.takes_right_button and self.place is not None
        )
        if not is_tools:
            self.menu_requested.emit(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._drop_input.enter(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_input.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_input.drop(event)

    # --- inner works -------------------------------------------------------------------------------------

    def _is_tools_tab(self, event: QKeyEvent) -> bool:
        """Say whether an event is a Tab that must not move the focus, for the tool wants it."""
        is_tab = event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return is_tab and self._tool is not None and self._tool.takes_tab

    def _cursor_shape(self) -> Qt.CursorShape:
        if self.place is None:
            return Qt.CursorShape.ArrowCursor
        if self.hands.is_panning:
            return Qt.CursorShape.ClosedHandCursor
        if self.hands.is_space_held:
            return Qt.CursorShape.OpenHandCursor
        return self._tool.cursor() if self._tool is not None else Qt.CursorShape.ArrowCursor

    def _on_brush_changed(self) -> None:
        self._ring.preview()
        self._describe()

    def _describe(self) -> None:
        if self.place is None:
            self.setAccessibleDescription(f"{self.tr('Drop a photo here')} {self._hint}".strip())
            return
        parts = [self.tr("zoom {percent} %").format(percent=round(self.place.view.zoom * 100))]
        brush = self._tool.brush if self._tool is not None else None
        if brush is not None:
            parts.append(self.tr("brush {size} px").format(size=round(brush.radius_px * 2)))
        if self._detail:
            parts.append(self._detail)
        self.setAccessibleDescription(", ".join(parts))
