"""How clicks, boxes and scribbles are drawn: by shape and sign first, by colour second."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.core.view import View
from meticulous_gui.ui.decorations import DARK, LIGHT, paint_polyline, paint_rectangle
from meticulous_gui.ui.points.open_object import Mark

INCLUDE = QColor(0, 90, 181)
EXCLUDE = QColor(220, 50, 32)
"""Blue and red that every eye tells apart; besides, a circle with a plus and a square with a minus."""
SETTLED_SHARE = 0.65
GRAB_PX = 4.0
HOT_PX = 2.0


def reach_px(radius_px: float, device_pixel_ratio: float) -> float:
    """Return how near to its middle a mark is taken hold of, in device pixels."""
    return (radius_px + GRAB_PX) * device_pixel_ratio


def nearest(marks: Sequence[Mark], x: float, y: float, *, reach_image_px: float) -> Mark | None:
    """Return the mark nearest to an image point that can be taken hold of, None where none is near."""
    near = [mark for mark in marks if mark.id is not None]
    near = [mark for mark in near if np.hypot(mark.x - x, mark.y - y) <= reach_image_px]
    return min(near, key=lambda mark: float(np.hypot(mark.x - x, mark.y - y)), default=None)


def mark_rect(centre: QPointF, radius_px: float, device_pixel_ratio: float) -> QRectF:
    """Return the device pixels that a mark may touch."""
    reach = (radius_px + HOT_PX + 3.0) * device_pixel_ratio
    return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)


def paint_mark(
    painter: QPainter,
    mark: Mark,
    centre: QPointF,
    radius_px: float,
    *,
    device_pixel_ratio: float,
    is_hot: bool,
) -> None:
    """Draw a click: hollow while it is worked on, small where it cannot be moved, wide under the hand."""
    is_settled = mark.id is None and not mark.is_waiting
    size = radius_px * (SETTLED_SHARE if is_settled else 1.0) + (HOT_PX if is_hot else 0.0)
    radius = size * device_pixel_ratio
    colour = INCLUDE if mark.is_positive else EXCLUDE
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen, brush in (
        (QPen(DARK, 4.0 * device_pixel_ratio), Qt.BrushStyle.NoBrush),
        (QPen(LIGHT, 2.0 * device_pixel_ratio), Qt.BrushStyle.NoBrush if mark.is_waiting else colour),
    ):
        painter.setPen(pen)
        painter.setBrush(brush)
        _outline(painter, centre, radius, is_round=mark.is_positive)
    arm = radius * 0.55
    lines = [QLineF(centre - QPointF(arm, 0), centre + QPointF(arm, 0))]
    if mark.is_positive:
        lines.append(QLineF(centre - QPointF(0, arm), centre + QPointF(0, arm)))
    sign = QPen(LIGHT, 2.0 * device_pixel_ratio)
    sign.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(sign)
    painter.drawLines(lines)
    painter.restore()


def paint_prompts(
    painter: QPainter, prompts: Sequence[BoxPrompt | Stroke], view: View, *, device_pixel_ratio: float
) -> None:
    """Draw boxes and scribbles."""
    for prompt in prompts:
        if isinstance(prompt, BoxPrompt):
            corners = [
                QPointF(*view.image_to_view(x, y))
                for x, y in ((prompt.box.x0, prompt.box.y0), (prompt.box.x1, prompt.box.y1))
            ]
            rect = QRectF(*corners)
            paint_rectangle(painter, rect, device_pixel_ratio=device_pixel_ratio, is_dashed=True)
        else:
            points = [(x, y) for x, y, _ in prompt.points_xy]
            paint_scribble(
                painter, points, view, is_positive=prompt.is_adding, device_pixel_ratio=device_pixel_ratio
            )


def paint_scribble(
    painter: QPainter,
    points_xy: Sequence[tuple[float, float]],
    view: View,
    *,
    is_positive: bool,
    device_pixel_ratio: float,
) -> None:
    """Draw a line of a sign: solid for what belongs to the object, dashed for what does not."""
    line = QPolygonF([QPointF(*view.image_to_view(x, y)) for x, y in points_xy])
    colour = INCLUDE if is_positive else EXCLUDE
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for paint, width_px in ((QColor(LIGHT), 6.0), (colour, 4.0)):
        pen = QPen(paint, width_px * device_pixel_ratio)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap if is_positive else Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if not is_positive and paint is colour:
            pen.setDashPattern([2.0, 1.0])
        painter.setPen(pen)
        painter.drawPolyline(line)
    painter.restore()


def paint_outlines(
    painter: QPainter, outlines: Sequence[NDArray[np.float32]], view: View, *, device_pixel_ratio: float
) -> None:
    """Draw closed lines of image points, dashed: what would be."""
    for outline in outlines:
        points = [QPointF(*view.image_to_view(float(x), float(y))) for x, y in (*outline, outline[0])]
        paint_polyline(painter, QPolygonF(points), device_pixel_ratio=device_pixel_ratio, is_dashed=True)


def _outline(painter: QPainter, centre: QPointF, radius: float, *, is_round: bool) -> None:
    if is_round:
        painter.drawEllipse(centre, radius, radius)
    else:
        side = 0.9 * radius
        painter.drawRect(QRectF(centre.x() - side, centre.y() - side, 2 * side, 2 * side))
