"""What is drawn over the picture with vectors: the brush ring, outlines, the pixel grid, progress.

All of it is in device pixels of the canvas and two-tone, dark under light: no colour shows on every photo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPalette,
    QPen,
    QPolygonF,
)

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.render import View
from meticulous_gui.ui.navigation import PIXEL_GRID_FROM_ZOOM

DARK = QColor(0, 0, 0, 190)
LIGHT = QColor(255, 255, 255)
GRID = QColor(128, 128, 128, 64)
CROSS_BELOW_RADIUS_PX = 4.0
GLYPH_ARM_PX = 4.0
PROGRESS_PX = 3.0
LABEL_FONT_PX = 13.0
LABEL_PAD_PX = 5.0
LABEL_GAP_PX = 14.0
CORNER_GAP_PX = 14.0
CORNER_ARM_PX = 18.0


def two_tone_pens(device_pixel_ratio: float, *, is_dashed: bool = False) -> tuple[QPen, QPen]:
    """Return the dark pen to draw first and the light one for on top."""
    under = QPen(DARK, 3.0 * device_pixel_ratio)
    over = QPen(LIGHT, 1.0 * device_pixel_ratio)
    for pen in (under, over):
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if is_dashed:
        over.setDashPattern([4.0, 3.0])
    return under, over


def ring_rect(centre: QPointF, radius_px: float, device_pixel_ratio: float) -> QRectF:
    """Return the device pixels that the ring, its cross and its glyph may touch."""
    reach = max(radius_px, CROSS_BELOW_RADIUS_PX * device_pixel_ratio) + 22.0 * device_pixel_ratio
    return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)


def paint_ring(
    painter: QPainter,
    centre: QPointF,
    radius_px: float,
    *,
    device_pixel_ratio: float,
    is_subtracting: bool | None,
) -> None:
    """Draw the brush: a ring, dashed when it takes away, with a plus or a minus if it has a sign."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in two_tone_pens(device_pixel_ratio, is_dashed=bool(is_subtracting)):
        painter.setPen(pen)
        painter.drawEllipse(centre, radius_px, radius_px)
    lines: list[QLineF] = []
    if radius_px < CROSS_BELOW_RADIUS_PX * device_pixel_ratio:
        lines += _cross(centre, inner=3.0 * device_pixel_ratio, outer=8.0 * device_pixel_ratio)
    arm = GLYPH_ARM_PX * device_pixel_ratio
    offset = max(radius_px, 4.0 * device_pixel_ratio) * math.sqrt(0.5) + 9.0 * device_pixel_ratio
    glyph = centre + QPointF(offset, offset)
    if is_subtracting is not None:
        lines.append(QLineF(glyph - QPointF(arm, 0), glyph + QPointF(arm, 0)))
    if is_subtracting is False:
        lines.append(QLineF(glyph - QPointF(0, arm), glyph + QPointF(0, arm)))
    for pen in two_tone_pens(device_pixel_ratio):
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        painter.drawLines(lines)
    painter.restore()


def cursor_rect(centre: QPointF, device_pixel_ratio: float) -> QRectF:
    """Return the device pixels of the keyboard cursor."""
    reach = 20.0 * device_pixel_ratio
    return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)


def paint_keyboard_cursor(painter: QPainter, centre: QPointF, *, device_pixel_ratio: float) -> None:
    """Draw the cross hair that the arrow keys move."""
    painter.save()
    for pen in two_tone_pens(device_pixel_ratio):
        painter.setPen(pen)
        painter.drawLines(_cross(centre, inner=5.0 * device_pixel_ratio, outer=16.0 * device_pixel_ratio))
    painter.restore()


def paint_polyline(
    painter: QPainter, points: QPolygonF, *, device_pixel_ratio: float, is_dashed: bool
) -> None:
    """Draw a line through `points`, dark under light."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in two_tone_pens(device_pixel_ratio, is_dashed=is_dashed):
        painter.setPen(pen)
        painter.drawPolyline(points)
    painter.restore()


def paint_rectangle(painter: QPainter, rect: QRectF, *, device_pixel_ratio: float, is_dashed: bool) -> None:
    """Draw a rectangle's outline, dark under light."""
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in two_tone_pens(device_pixel_ratio, is_dashed=is_dashed):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(rect)
    painter.restore()


def paint_corners(painter: QPainter, rect: QRectF, *, device_pixel_ratio: float) -> None:
    """Draw four corners around a rectangle, dark under light: what they frame stays free to be judged."""
    gap, arm = CORNER_GAP_PX * device_pixel_ratio, CORNER_ARM_PX * device_pixel_ratio
    frame = rect.adjusted(-gap, -gap, gap, gap)
    arm_x, arm_y = min(arm, frame.width() / 3), min(arm, frame.height() / 3)
    corners = [
        (frame.topLeft(), arm_x, arm_y),
        (frame.topRight(), -arm_x, arm_y),
        (frame.bottomRight(), -arm_x, -arm_y),
        (frame.bottomLeft(), arm_x, -arm_y),
    ]
    painter.save()
    for width_px, colour in ((5.0, DARK), (2.0, LIGHT)):
        pen = QPen(colour, width_px * device_pixel_ratio)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        for corner, dx, dy in corners:
            painter.drawPolyline(QPolygonF([corner + QPointF(dx, 0), corner, corner + QPointF(0, dy)]))
    painter.restore()


def paint_pixel_grid(painter: QPainter, view: View, image_hw: tuple[int, int], box: Box) -> None:
    """Draw the borders of image pixels inside a box of device pixels, from 1600 % on."""
    if view.zoom < PIXEL_GRID_FROM_ZOOM or box.is_empty:
        return
    left, top = view.image_to_view(0.0, 0.0)
    right, bottom = view.image_to_view(float(image_hw[1]), float(image_hw[0]))
    x_low, x_high = max(box.x0, left), min(box.x1, right)
    y_low, y_high = max(box.y0, top), min(box.y1, bottom)
    if x_high <= x_low or y_high <= y_low:
        return
    lines = []
    for column in range(math.ceil((x_low - left) / view.zoom), math.floor((x_high - left) / view.zoom) + 1):
        x = math.floor(left + column * view.zoom) + 0.5
        lines.append(QLineF(x, y_low, x, y_high))
    for row in range(math.ceil((y_low - top) / view.zoom), math.floor((y_high - top) / view.zoom) + 1):
        y = math.floor(top + row * view.zoom) + 0.5
        lines.append(QLineF(x_low, y, x_high, y))
    painter.save()
    painter.setPen(QPen(GRID, 1.0))
    painter.drawLines(lines)
    painter.restore()


def progress_rect(size_hw: tuple[int, int], device_pixel_ratio: float) -> QRectF:
    """Return where the progress bar lies: along the canvas's lower edge."""
    thickness = round(PROGRESS_PX * device_pixel_ratio)
    return QRectF(0, size_hw[0] - thickness, size_hw[1], thickness)


def paint_progress(painter: QPainter, rect: QRectF, fraction: float, palette: QPalette) -> None:
    """Draw how much is done, 0..1, as a thin bar."""
    painter.fillRect(rect, QColor(0, 0, 0, 150))
    done = QRectF(rect)
    done.setWidth(rect.width() * min(max(fraction, 0.0), 1.0))
    painter.fillRect(done, palette.color(QPalette.ColorRole.Accent).lighter(125))


def _cross(centre: QPointF, *, inner: float, outer: float) -> list[QLineF]:
    x, y = centre.x(), centre.y()
    return [
        QLineF(x - outer, y, x - inner, y),
        QLineF(x + inner, y, x + outer, y),
        QLineF(x, y - outer, x, y - inner),
        QLineF(x, y + inner, x, y + outer),
    ]


@dataclass(frozen=True)
class PointerMark:
    """The pointer as the canvas draws it: a ring, the keyboard's cross, or both; nothing when neither.

    Attributes:
        centre: device pixels.
        radius_px: of the ring in device pixels, 0 for none.
        is_subtracting: the sign of the ring, None without one.
        has_cross: whether the keyboard cursor is drawn.
    """

    centre: QPointF
    radius_px: float
    is_subtracting: bool | None
    has_cross: bool

    def rect(self, device_pixel_ratio: float) -> QRectF:
        """Return the device pixels it touches."""
        rect = QRectF()
        if self.radius_px > 0:
            rect = ring_rect(self.centre, self.radius_px, device_pixel_ratio)
        if self.has_cross:
            rect = rect.united(cursor_rect(self.centre, device_pixel_ratio))
        return rect

    def paint(self, painter: QPainter, device_pixel_ratio: float) -> None:
        """Draw it; the painter is in device pixels."""
        if self.radius_px > 0:
            paint_ring(
                painter,
                self.centre,
                self.radius_px,
                device_pixel_ratio=device_pixel_ratio,
                is_subtracting=self.is_subtracting,
            )
        if self.has_cross:
            paint_keyboard_cursor(painter, self.centre, device_pixel_ratio=device_pixel_ratio)


def label_rect(at: QPointF, text: str, *, device_pixel_ratio: float) -> QRectF:
    """Return the device pixels of a label beside a point, with a margin."""
    size = QFontMetricsF(_label_font(device_pixel_ratio)).size(0, text)
    pad = LABEL_PAD_PX * device_pixel_ratio
    corner = at + QPointF(LABEL_GAP_PX, LABEL_GAP_PX) * device_pixel_ratio
    return QRectF(corner, size).adjusted(-1, -1, 2 * pad + 1, 2 * pad + 1)


def paint_label(painter: QPainter, at: QPointF, text: str, *, device_pixel_ratio: float) -> None:
    """Write a few words beside a point, light on dark."""
    rect = label_rect(at, text, device_pixel_ratio=device_pixel_ratio).adjusted(1, 1, -1, -1)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(DARK)
    corner_px = 3.0 * device_pixel_ratio
    painter.drawRoundedRect(rect, corner_px, corner_px)
    painter.setFont(_label_font(device_pixel_ratio))
    painter.setPen(LIGHT)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def _label_font(device_pixel_ratio: float) -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPixelSize(round(LABEL_FONT_PX * device_pixel_ratio))
    return font
