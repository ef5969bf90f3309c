"""The lasso: a free-hand outline whose inside is added or taken away."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from meticulous_gui.core.lasso import lasso_edit
from meticulous_gui.core.prompts import Lasso
from meticulous_gui.ui.decorations import paint_polyline
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext, ToolOption
from meticulous_gui.ui.tools.gesture import GestureTool
from meticulous_gui.ui.tools.options import SIGN_OPTION, set_sign, sign_option
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

MIN_POINTS = 3
MIN_STEP_VIEW_PX = 1.0


class LassoTool(GestureTool):
    """Draw round an area: left adds it, right button or Alt takes it away."""

    id = "lasso"
    icon = "lasso"
    key = "L"
    _text = QT_TRANSLATE_NOOP("Tools", "Lasso")
    _help = QT_TRANSLATE_NOOP("Tools", "Draw round an area to add it; right button or Alt takes it away.")

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._points_xy: list[tuple[float, float]] = []
        self._takes_away = False

    @property
    def takes_right_button(self) -> bool:
        return True

    def press(self, event: PointerEvent) -> None:
        """Begin the outline."""
        if self.context.document is not None:
            self._is_busy = True
            self._takes_away = bool(self.is_subtracting(event))
            self._points_xy = [(event.x, event.y)]

    def move(self, event: PointerEvent) -> None:
        """Draw on."""
        if not self._is_busy:
            return
        last_x, last_y = self._points_xy[-1]
        if math.hypot(event.x - last_x, event.y - last_y) * self.surface.view.zoom >= MIN_STEP_VIEW_PX:
            self._points_xy.append((event.x, event.y))
            # The closing line moves too, so the first point belongs to what has to be drawn again.
            self._refresh([self._points_xy[0], *self._points_xy[-3:]])

    def release(self, event: PointerEvent) -> None:
        """Close the outline and change what lies inside."""
        if not self._is_busy:
            return
        self.move(event)
        lasso = Lasso(tuple(self._points_xy), is_adding=not self._takes_away)
        self.cancel()
        if len(lasso.points_xy) >= MIN_POINTS:
            self._commit(lasso)

    def cancel(self) -> bool:
        """Drop the outline."""
        points, self._points_xy = self._points_xy, []
        if points:
            self._refresh(points)
        return super().cancel()

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw the outline and, dashed, how it would close."""
        if len(self._points_xy) < 2:
            return
        view, ratio = self.surface.view, self.surface.device_pixel_ratio
        points = [QPointF(*view.image_to_view(x, y)) for x, y in self._points_xy]
        closing = QPolygonF([points[-1], points[0]])
        paint_polyline(painter, closing, device_pixel_ratio=ratio, is_dashed=True)
        paint_polyline(painter, QPolygonF(points), device_pixel_ratio=ratio, is_dashed=self._takes_away)

    def options(self) -> tuple[ToolOption, ...]:
        return (sign_option(self.context.brush),)

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take the sign."""
        if option_id != SIGN_OPTION:
            raise KeyError(option_id)
        set_sign(self.context.brush, value)

    def _base_sign(self) -> bool:
        return self.context.brush.is_subtracting

    def _commit(self, lasso: Lasso) -> None:
        document = self.context.document
        layer = document.active if document is not None else None
        if layer is None:
            return
        edit = lasso_edit(layer, lasso, title=self._title(lasso))
        if edit is not None:
            self.context.commit(edit)

    def _title(self, lasso: Lasso) -> str:
        if lasso.is_adding:
            return QCoreApplication.translate("Tools", "Lasso")
        return QCoreApplication.translate("Tools", "Lasso, take away")

    def _refresh(self, points_xy: list[tuple[float, float]]) -> None:
        view, margin = self.surface.view, 4.0 * self.surface.device_pixel_ratio
        rect = QPolygonF([QPointF(*view.image_to_view(x, y)) for x, y in points_xy]).boundingRect()
        self.surface.refresh_overlay(QRectF(rect).adjusted(-margin, -margin, margin, margin))
