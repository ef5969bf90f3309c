"""What all our tools have in common: whom they serve, whether a gesture runs, and quiet defaults."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext, ToolOption
from meticulous_gui.ui.tools.brush_settings import BrushSettings

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
RIGHT = Qt.MouseButton.RightButton


class GestureTool:
    """A tool that does nothing yet; the others fill in what they need (the interface is `base.Tool`)."""

    id = ""
    icon = ""
    key = ""
    _text = ""
    _help = ""

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        self.context = context
        self.surface = surface
        self.options_changed: Callable[[], None] = lambda: None
        self._is_busy = False

    @property
    def text(self) -> str:
        return QCoreApplication.translate("Tools", self._text)

    @property
    def help(self) -> str:
        return QCoreApplication.translate("Tools", self._help)

    @property
    def is_busy(self) -> bool:
        return self._is_busy

    @property
    def brush(self) -> BrushSettings | None:
        return None

    @property
    def is_drag_tool(self) -> bool:
        return True

    @property
    def takes_right_button(self) -> bool:
        return False

    @property
    def takes_tab(self) -> bool:
        return False

    def press(self, event: PointerEvent) -> None:
        """Begin a gesture."""

    def move(self, event: PointerEvent) -> None:
        """Go on with a gesture, or hover."""

    def release(self, event: PointerEvent) -> None:
        """End the gesture."""

    def cancel(self) -> bool:
        """Drop the gesture; return whether there was one."""
        was_busy, self._is_busy = self._is_busy, False
        return was_busy

    def take_back(self) -> bool:
        """Have no pieces."""
        return False

    def key_press(self, event: QKeyEvent) -> bool:
        """Take the keys of the brush: size, hardness and sign."""
        brush = self.brush
        if brush is None:
            return False
        match event.text():
            case "[":
                brush.step_size(-1)
            case "]":
                brush.step_size(1)
            case "{":
                brush.step_hardness(-1)
            case "}":
                brush.step_hardness(1)
            case "x" | "X" if event.modifiers() & ~SHIFT == Qt.KeyboardModifier.NoModifier:
                brush.swap()
            case _:
                return False
        return True

    def key_release(self, event: QKeyEvent) -> bool:
        """Take no key."""
        return False

    def keys_lost(self) -> None:
        """Hold no key."""

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw nothing."""

    def options(self) -> tuple[ToolOption, ...]:
        """Describe no controls."""
        return ()

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Refuse what is not described.

        Raises:
            KeyError: there is no such option.
        """
        raise KeyError(option_id)

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.BlankCursor if self.brush is not None else Qt.CursorShape.CrossCursor

    def is_subtracting(self, event: PointerEvent) -> bool | None:
        """Return whether it takes away: an eraser end always, right button or Alt against the chosen sign."""
        if event.is_eraser:
            return True
        is_other_way = event.button == RIGHT or event.has(ALT)
        return self._base_sign() != is_other_way

    def ring_radius_view_px(self, event: PointerEvent) -> float:
        brush = self.brush
        if brush is None:
            return 0.0
        zoom = self.surface.view.zoom
        return zoom * brush.radius_image_px(zoom=zoom, device_pixel_ratio=self.surface.device_pixel_ratio)

    def ring_centre(self, event: PointerEvent) -> tuple[float, float]:
        return event.view_x, event.view_y

    def _base_sign(self) -> bool:
        """Return whether the left button takes away."""
        return False
