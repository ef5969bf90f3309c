"""Wheel and touchpad on the canvas: zoom at the pointer, move the view, change the brush."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent

from meticulous_gui.ui.hands import Hands
from meticulous_gui.ui.navigation import SMOOTH_ZOOM_PER_PX, ZOOM_STEP, Place

WHEEL_NOTCH = 120.0
WHEEL_PAN_PX = 64.0


class WheelInput:
    """Turns wheel events and native gestures into moves of the view; methods return whether they were."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._host = hands.host

    def wheel(self, event: QWheelEvent) -> bool:
        """Zoom at the pointer; Shift moves sideways, Alt sizes the brush, two fingers on a touchpad move."""
        place = self._host.place
        if place is None:
            return False
        ratio = self._host.device_pixel_ratio
        position = event.position() * ratio
        about = position.x(), position.y()
        pixels, angle = event.pixelDelta(), event.angleDelta()
        modifiers = event.modifiers()
        has_pixels = not pixels.isNull() and _is_touchpad(event)
        # Some platforms turn the axes while Alt or Shift is held: whichever delta is there counts.
        notches = (angle.y() or angle.x()) / WHEEL_NOTCH
        if modifiers & Qt.KeyboardModifier.AltModifier:
            return self._wheel_brush(notches)
        if modifiers & Qt.KeyboardModifier.ControlModifier and has_pixels:
            factor = math.exp((pixels.y() or pixels.x()) * SMOOTH_ZOOM_PER_PX)
            self._zoom(place, factor, about, is_step=False)
        elif has_pixels:
            self._host.go(place.panned_by(pixels.x() * ratio, pixels.y() * ratio))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._host.go(place.panned_by(notches * WHEEL_PAN_PX * ratio, 0.0))
        elif angle.y() == 0 and angle.x() != 0:
            self._host.go(place.panned_by(angle.x() / WHEEL_NOTCH * WHEEL_PAN_PX * ratio, 0.0))
        else:
            self._zoom(place, ZOOM_STEP**notches, about, is_step=abs(notches) >= 1.0)
        self._hands.follow_view()
        return True

    def _zoom(self, place: Place, factor: float, about: tuple[float, float], *, is_step: bool) -> None:
        self._host.go(place.zoomed_by(factor, about_view_xy=about, is_step=is_step), is_zooming=True)

    def _wheel_brush(self, notches: float) -> bool:
        tool = self._host.tool
        brush = tool.brush if tool is not None else None
        if brush is None:
            return False
        brush.step_size(notches)
        return True

    def native_gesture(self, event: QNativeGestureEvent) -> bool:
        """Follow a touchpad's pinch, pan and double tap."""
        place, ratio = self._host.place, self._host.device_pixel_ratio
        if place is None:
            return False
        position = event.position() * ratio
        about = position.x(), position.y()
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom(place, max(1.0 + event.value(), 0.1), about, is_step=False)
            case Qt.NativeGestureType.PanNativeGesture:
                self._host.go(place.panned_by(event.delta().x() * ratio, event.delta().y() * ratio))
            case Qt.NativeGestureType.SmartZoomNativeGesture:
                self._host.go(
                    place.zoomed_to(1.0, about_view_xy=about) if place.is_fitted else place.fitted()
                )
            case _:
                return False
        self._hands.follow_view()
        return True


def _is_touchpad(event: QWheelEvent) -> bool:
    if event.phase() != Qt.ScrollPhase.NoScrollPhase:
        return True
    return event.pointingDevice().type() == QPointingDevice.DeviceType.TouchPad
