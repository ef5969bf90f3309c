"""The lasso: an outline, drawn free-hand or set corner by corner, whose inside is added or taken away."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPolygonF

from meticulous_gui.core.lasso import lasso_edit
from meticulous_gui.core.prompts import Lasso
from meticulous_gui.ui.decorations import paint_polyline, paint_rectangle
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext, ToolOption
from meticulous_gui.ui.tools.gesture import GestureTool
from meticulous_gui.ui.tools.options import SIGN_OPTION, set_sign, sign_option
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

MIN_POINTS = 3
MIN_STEP_VIEW_PX = 1.0
CLICK_REACH_PX = 3.0
"""Logical pixels: a press that moves less is a click and sets a corner."""

CLOSE_REACH_PX = 8.0
"""Logical pixels: a click so near to the first corner closes the outline."""

CORNER_PX = 4.0
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LassoTool(GestureTool):
    """Drag round an area, or click its corners: left adds it, right button or Alt takes it away.

    A drag closes where it is let go. After a click each further one sets a corner (a drag draws a piece
    free-hand), until a click on the first corner, a second one on the last, or Enter closes the outline.
    """

    id = "lasso"
    icon = "lasso"
    key = "L"
    _text = QT_TRANSLATE_NOOP("Tools", "Lasso")
    _help = QT_TRANSLATE_NOOP(
        "Tools", "Drag round an area or click its corners; right button or Alt takes it away."
    )

    _help_with_corners = QT_TRANSLATE_NOOP(
        "Tools", "A click on the first corner or Enter closes; Backspace takes one back, Esc all."
    )

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._points_xy: list[tuple[float, float]] = []
        self._pieces: list[int] = []  # how many points there were before each press but the first
        self._pointer_xy: tuple[float, float] | None = None
        self._pressed_at: tuple[float, float] | None = None  # device pixels, None while no button is down
        self._is_drawing = False
        self._has_corners = False
        self._closes = False
        self._takes_away = False

    @property
    def help(self) -> str:
        text = self._help_with_corners if self._has_corners else self._help
        return QCoreApplication.translate("Tools", text)

    @property
    def takes_right_button(self) -> bool:
        return True

    @property
    def is_drag_tool(self) -> bool:
        return False

    def press(self, event: PointerEvent) -> None:
        """Begin the outline, or set its next corner."""
        if not self._is_busy and self.context.changeable() is None:
            return
        self._pressed_at = event.view_x, event.view_y
        self._is_drawing = self._closes = False
        if not self._is_busy:
            self._is_busy = True
            self._takes_away = bool(self.is_subtracting(event))
            self._points_xy = [(event.x, event.y)]
            return
        is_on_an_end = self._is_at(event, self._points_xy[0], CLOSE_REACH_PX) or self._is_at(
            event, self._points_xy[-1], CLICK_REACH_PX
        )
        if is_on_an_end:
            self._closes = len(self._points_xy) >= MIN_POINTS
        else:
            self._pieces.append(len(self._points_xy))
            self._points_xy.append((event.x, event.y))
        self._point_to(None)

    def move(self, event: PointerEvent) -> None:
        """Draw on while a button is down; between clicks let the next side follow the pointer."""
        if not self._is_busy:
            return
        if self._pressed_at is None:
            self._point_to((event.x, event.y))
            return
        start_x, start_y = self._pressed_at
        moved_px = math.hypot(event.view_x - start_x, event.view_y - start_y)
        if not self._is_drawing and moved_px <= CLICK_REACH_PX * self.surface.device_pixel_ratio:
            return
        self._is_drawing = True
        last_x, last_y = self._points_xy[-1]
        if math.hypot(event.x - last_x, event.y - last_y) * self.surface.view.zoom >= MIN_STEP_VIEW_PX:
            self._points_xy.append((event.x, event.y))
            # The closing line moves too, so the first point belongs to what has to be drawn again.
            self._refresh([self._points_xy[0], *self._points_xy[-3:]])

    def release(self, event: PointerEvent) -> None:
        """End a free-hand outline, or wait for the next corner."""
        if not self._is_busy:
            return
        self.move(event)
        self._pressed_at = None
        if self._closes or (self._is_drawing and not self._has_corners):
            self._close()
        else:
            self._set_corners(True)
            self._refresh(self._points_xy)

    def cancel(self) -> bool:
        """Drop the outline."""
        points = self._shown_points()
        self._points_xy, self._pieces = [], []
        self._pointer_xy = self._pressed_at = None
        self._set_corners(False)
        if points:
            self._refresh(points)
        return super().cancel()

    def take_back(self) -> bool:
        """Take the last corner (or free-hand piece) back, as undo and Backspace do."""
        if not self._has_corners or self._pressed_at is not None:
            return False
        self._take_corner_back()
        return True

    def key_press(self, event: QKeyEvent) -> bool:
        """Enter closes the outline, Backspace takes its last corner back."""
        if not self._has_corners or self._pressed_at is not None:
            return super().key_press(event)
        if event.key() in ENTER:
            if len(self._points_xy) >= MIN_POINTS:
                self._close()
            return True
        if event.key() == Qt.Key.Key_Backspace:
            return self.take_back()
        return super().key_press(event)

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw the outline and, dashed, how it would close; a square marks where a click closes it."""
        shown = self._shown_points()
        if not shown:
            return
        view, ratio = self.surface.view, self.surface.device_pixel_ratio
        points = [QPointF(*view.image_to_view(x, y)) for x, y in shown]
        if len(points) >= 2:
            closing = QPolygonF([points[-1], points[0]])
            paint_polyline(painter, closing, device_pixel_ratio=ratio, is_dashed=True)
            paint_polyline(painter, QPolygonF(points), device_pixel_ratio=ratio, is_dashed=self._takes_away)
        if self._has_corners:
            reach = CORNER_PX * ratio
            square = QRectF(points[0] - QPointF(reach, reach), points[0] + QPointF(reach, reach))
            paint_rectangle(painter, square, device_pixel_ratio=ratio, is_dashed=False)

    def options(self) -> tuple[ToolOption, ...]:
        return (sign_option(self.context.brush),)

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take the sign."""
        if option_id != SIGN_OPTION:
            raise KeyError(option_id)
        set_sign(self.context.brush, value)

    def _base_sign(self) -> bool:
        return self.context.brush.is_subtracting

    def _is_at(self, event: PointerEvent, xy: tuple[float, float], reach_px: float) -> bool:
        view_x, view_y = self.surface.view.image_to_view(*xy)
        distance_px = math.hypot(event.view_x - view_x, event.view_y - view_y)
        return distance_px <= reach_px * self.surface.device_pixel_ratio

    def _shown_points(self) -> list[tuple[float, float]]:
        return self._points_xy + ([self._pointer_xy] if self._pointer_xy is not None else [])

    def _point_to(self, xy: tuple[float, float] | None) -> None:
        """Let the side that is not set yet end here."""
        before = self._pointer_xy
        self._pointer_xy = xy
        ends = [end for end in (before, xy) if end is not None]
        self._refresh([self._points_xy[0], self._points_xy[-1], *ends])

    def _set_corners(self, has_corners: bool) -> None:
        if has_corners != self._has_corners:
            self._has_corners = has_corners
            self.options_changed()

    def _take_corner_back(self) -> None:
        if not self._pieces:
            self.cancel()
            return
        self._refresh(self._shown_points())
        del self._points_xy[self._pieces.pop() :]

    def _close(self) -> None:
        """Change what lies inside; corners wait where the layer was hidden or locked meanwhile."""
        document = self.context.changeable()
        if document is None and self._has_corners:
            return
        lasso = Lasso(tuple(self._points_xy), is_adding=not self._takes_away)
        title = self._title()
        self.cancel()
        if document is None or len(lasso.points_xy) < MIN_POINTS:
            return
        edit = lasso_edit(document.active, lasso, title=title)
        if edit is not None:
            self.context.commit(edit)

    def _title(self) -> str:
        if self._has_corners:
            adding = QCoreApplication.translate("Tools", "Polygon")
            taking = QCoreApplication.translate("Tools", "Polygon, take away")
        else:
            adding = QCoreApplication.translate("Tools", "Lasso")
            taking = QCoreApplication.translate("Tools", "Lasso, take away")
        return taking if self._takes_away else adding

    def _refresh(self, points_xy: list[tuple[float, float]]) -> None:
        view, margin = self.surface.view, (CORNER_PX + 4.0) * self.surface.device_pixel_ratio
        rect = QPolygonF([QPointF(*view.image_to_view(x, y)) for x, y in points_xy]).boundingRect()
        self.surface.refresh_overlay(QRectF(rect).adjusted(-margin, -margin, margin, margin))
