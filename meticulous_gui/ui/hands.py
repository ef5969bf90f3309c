"""Who holds what: the one way from any input event to a tool's gesture or a pan of the view."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from PySide6.QtCore import QPointF, Qt

from meticulous_gui.ui.navigation import Place
from meticulous_gui.ui.tools.base import PointerEvent, Tool

NO_BUTTON = Qt.MouseButton.NoButton
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class Grab(Enum):
    """Whom the running press belongs to."""

    NOBODY = "nobody"
    TOOL = "tool"
    PAN = "pan"


class CanvasHost(Protocol):
    """What gestures need of the canvas."""

    @property
    def place(self) -> Place | None: ...
    @property
    def tool(self) -> Tool | None: ...
    @property
    def device_pixel_ratio(self) -> float: ...
    def go(self, place: Place, *, is_zooming: bool = False) -> None: ...
    def show_pointer(self, event: PointerEvent | None) -> None: ...
    def refresh_cursor(self) -> None: ...
    def hold_original(self, is_held: bool) -> None: ...
    def report_escape(self) -> None: ...


class Hands:
    """The state of the hands: who owns the press, where the pointer is, whether Space is held.

    Attributes:
        host: the canvas.
        pointer: the last pointer event over the canvas, None when it left.
        button: the button of the running gesture.
        is_space_held: Space makes any tool a hand while it is down.
    """

    def __init__(self, host: CanvasHost) -> None:
        self.host = host
        self.pointer: PointerEvent | None = None
        self.button = NO_BUTTON
        self.is_space_held = False
        self._grab = Grab.NOBODY
        self._pan_from: tuple[float, float] = (0.0, 0.0)

    @property
    def is_free(self) -> bool:
        """Whether no gesture runs."""
        return self._grab is Grab.NOBODY

    @property
    def is_tool_busy(self) -> bool:
        """Whether a press went to the tool and has not ended."""
        return self._grab is Grab.TOOL

    @property
    def is_panning(self) -> bool:
        return self._grab is Grab.PAN

    @property
    def would_pan(self) -> bool:
        """Whether a left press would move the picture whatever the tool."""
        return self.is_space_held or self.is_panning

    def press(self, event: PointerEvent, *, wants_pan: bool = False) -> bool:
        """Begin a pan or the tool's gesture; say whether anybody took it. A second press is ignored."""
        if self._grab is not Grab.NOBODY or self.host.place is None:
            return self._grab is not Grab.NOBODY
        tool = self.host.tool
        is_left = event.button == Qt.MouseButton.LeftButton
        if event.button == Qt.MouseButton.MiddleButton or (is_left and (self.is_space_held or wants_pan)):
            self._grab, self.button = Grab.PAN, event.button
            self._pan_from = event.view_x, event.view_y
            self.host.refresh_cursor()
            return True
        is_right = event.button == Qt.MouseButton.RightButton
        if tool is None or not (is_left or (is_right and tool.takes_right_button)):
            return False
        self._grab, self.button = Grab.TOOL, event.button
        self.show(event)
        tool.press(event)
        self.host.refresh_cursor()
        return True

    def move(self, event: PointerEvent) -> None:
        """Go on with the gesture, or hover."""
        place, tool = self.host.place, self.host.tool
        if self._grab is Grab.PAN and place is not None:
            # Whole device pixels only; what is left of a slow pen waits for the next move.
            dx, dy = round(event.view_x - self._pan_from[0]), round(event.view_y - self._pan_from[1])
            self._pan_from = self._pan_from[0] + dx, self._pan_from[1] + dy
            self.host.go(place.panned_by(dx, dy))
        elif tool is not None and place is not None:
            tool.move(event)
        self.show(event)

    def release(self, event: PointerEvent) -> bool:
        """End the gesture; return whether there was one."""
        grab, self._grab = self._grab, Grab.NOBODY
        self.button = NO_BUTTON
        tool = self.host.tool
        if grab is Grab.TOOL and tool is not None:
            tool.release(event)
        self.show(event)
        self.host.refresh_cursor()
        return grab is not Grab.NOBODY

    def cancel(self) -> bool:
        """Drop the tool's gesture or the pan; return whether there was one."""
        tool, grab = self.host.tool, self._grab
        self._grab, self.button = Grab.NOBODY, NO_BUTTON
        was_busy = tool is not None and tool.cancel()
        self.host.refresh_cursor()
        return was_busy or grab is Grab.PAN

    def leave(self) -> None:
        """Forget the pointer, unless a gesture goes on outside the canvas."""
        if self._grab is Grab.NOBODY:
            self.pointer = None
            self.host.show_pointer(None)

    def show(self, event: PointerEvent) -> None:
        """Remember and show where the pointer is."""
        self.pointer = event
        self.host.show_pointer(event)

    def follow_view(self) -> None:
        """Bring the pointer's image position up to date after the view moved under it."""
        if self.pointer is not None:
            position = QPointF(self.pointer.view_x, self.pointer.view_y) / self.host.device_pixel_ratio
            self.show(self.event(position, button=self.button, modifiers=self.pointer.modifiers))

    def modifiers_changed(self, modifiers: Qt.KeyboardModifier) -> None:
        """Let the ring say what a press with these keys would do."""
        if self.pointer is not None and self._grab is Grab.NOBODY:
            position = QPointF(self.pointer.view_x, self.pointer.view_y) / self.host.device_pixel_ratio
            hovering = self.event(position, button=NO_BUTTON, modifiers=modifiers)
            if self.host.tool is not None:
                self.host.tool.move(hovering)
            self.show(hovering)

    def focus_lost(self) -> None:
        """Let go of every held key: its release goes to another window, as with Alt+Tab."""
        self.is_space_held = False
        self.host.hold_original(False)
        if self.host.tool is not None:
            self.host.tool.keys_lost()
        if self.pointer is not None:
            self.modifiers_changed(NO_MODIFIER)
        self.host.refresh_cursor()

    def event(
        self,
        position: QPointF,
        *,
        button: Qt.MouseButton,
        modifiers: Qt.KeyboardModifier,
        timestamp_ms: int = 0,
        pressure: float = 1.0,
        is_eraser: bool = False,
        is_pen: bool = False,
    ) -> PointerEvent:
        """Return the event at `position` (logical pixels of the canvas)."""
        ratio, place = self.host.device_pixel_ratio, self.host.place
        view_x, view_y = position.x() * ratio, position.y() * ratio
        x, y = place.view.view_to_image(view_x, view_y) if place is not None else (view_x, view_y)
        return PointerEvent(
            x=x,
            y=y,
            view_x=view_x,
            view_y=view_y,
            pressure=pressure,
            is_eraser=is_eraser,
            is_pen=is_pen,
            button=button,
            modifiers=modifiers,
            timestamp_ms=timestamp_ms,
        )
