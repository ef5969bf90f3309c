"""Mouse, pen and fingers on the canvas."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEventPoint, QMouseEvent, QPointingDevice, QTabletEvent, QTouchEvent

from meticulous_gui.ui.hands import Hands
from meticulous_gui.ui.tools.base import PointerEvent


class PointerInput:
    """Turns Qt's pointer events into gestures; every method returns whether the event was used."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._host = hands.host
        self._pen_seen = False
        self._fingers: list[QPointF] = []

    def mouse_press(self, event: QMouseEvent) -> bool:
        """Begin a pan or the tool's gesture; a second button during one is ignored."""
        return self._hands.press(self._mouse(event, button=event.button()))

    def mouse_move(self, event: QMouseEvent) -> bool:
        """Go on with the gesture, or hover."""
        self._hands.move(self._mouse(event, button=self._hands.button))
        return True

    def mouse_release(self, event: QMouseEvent) -> bool:
        """End the gesture with the button that began it."""
        if event.button() != self._hands.button:
            return False
        return self._hands.release(self._mouse(event, button=self._hands.button))

    def tablet(self, event: QTabletEvent) -> bool:
        """Use the pen; accepting it keeps Qt from sending a second, synthetic mouse stroke."""
        self._pen_seen = True
        is_eraser = event.pointerType() == QPointingDevice.PointerType.Eraser
        button = event.button() if event.type() == QEvent.Type.TabletPress else self._hands.button
        pen = self._hands.event(
            event.position(),
            button=button,
            modifiers=event.modifiers(),
            timestamp_ms=event.timestamp(),
            pressure=event.pressure(),
            is_eraser=is_eraser,
            is_pen=True,
        )
        match event.type():
            case QEvent.Type.TabletPress:
                return self._hands.press(pen)
            case QEvent.Type.TabletMove:
                self._hands.move(pen)
                return True
            case QEvent.Type.TabletRelease:
                return self._hands.release(pen) if event.button() == self._hands.button else True
        return False

    def pen_left(self) -> None:
        """End what the pen held when it went out of reach without a release."""
        if self._hands.pointer is not None and self._hands.pointer.is_pen and not self._hands.is_free:
            self._hands.release(self._hands.pointer)
        self._hands.leave()

    def touch(self, event: QTouchEvent) -> bool:
        """One finger is the tool (or the hand once a pen was seen), two fingers move and zoom the view."""
        points = [point for point in event.points() if point.state() != QEventPoint.State.Released]
        if event.type() == QEvent.Type.TouchCancel:
            self._hands.cancel()
            self._fingers = []
            return True
        if len(points) >= 2:
            self._two_fingers([point.position() for point in points[:2]])
            return True
        if len(self._fingers) == 2:
            # The finger that stays after a pinch must not begin to paint.
            if not points:
                self._fingers = []
            return True
        return self._one_finger(event)

    def _one_finger(self, event: QTouchEvent) -> bool:
        point = event.points()[0]
        finger = self._hands.event(
            point.position(),
            button=Qt.MouseButton.LeftButton,
            modifiers=event.modifiers(),
            timestamp_ms=event.timestamp(),
        )
        match point.state():
            case QEventPoint.State.Pressed:
                return self._hands.press(finger, wants_pan=self._pen_seen)
            case QEventPoint.State.Released:
                self._hands.release(finger)
                self._hands.leave()
                return True
        self._hands.move(finger)
        return True

    def _two_fingers(self, positions: list[QPointF]) -> None:
        place, ratio = self._host.place, self._host.device_pixel_ratio
        fingers = [position * ratio for position in positions]
        before, self._fingers = self._fingers, fingers
        if len(before) < 2:
            self._hands.cancel()
            return
        if place is None:
            return
        middle, old_middle = (fingers[0] + fingers[1]) / 2, (before[0] + before[1]) / 2
        place = place.panned_by(middle.x() - old_middle.x(), middle.y() - old_middle.y())
        spread, old_spread = _length(fingers[1] - fingers[0]), _length(before[1] - before[0])
        if old_spread > 0 and spread > 0:
            about = middle.x(), middle.y()
            place = place.zoomed_by(spread / old_spread, about_view_xy=about, is_step=False)
        self._host.go(place, is_zooming=True)

    def _mouse(self, event: QMouseEvent, *, button: Qt.MouseButton) -> PointerEvent:
        return self._hands.event(
            event.position(), button=button, modifiers=event.modifiers(), timestamp_ms=event.timestamp()
        )


def _length(vector: QPointF) -> float:
    return math.hypot(vector.x(), vector.y())
