"""The empty canvas: where to drop a photo, and what else opens one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPalette, QPen

from meticulous_gui.ui.decorations import paint_rectangle

ZONE_WH_PX = 460, 240
ZONE_SHARE = 0.7
"""It takes no more of the height of a low canvas."""

RIM_SCALE = 2.0
"""How much bolder than a box drawn by hand the rim is."""


def paint_drop_zone(
    painter: QPainter,
    size_hw: tuple[int, int],
    *,
    device_pixel_ratio: float,
    palette: QPalette,
    font: QFont,
    title: str,
    hint: str,
    is_hot: bool,
) -> None:
    """Draw the empty canvas: where to drop a photo, and what else opens one."""
    height, width = size_hw
    ratio = device_pixel_ratio
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    # Text on the neutral surround needs more contrast than the palette's window text is made for.
    is_dark_ground = palette.color(QPalette.ColorRole.Window).lightnessF() < 0.5
    ink = QColor("#e4e4e4") if is_dark_ground else QColor("#1d1d1d")
    zone_w, zone_h = min(width * 0.8, ZONE_WH_PX[0] * ratio), min(height * ZONE_SHARE, ZONE_WH_PX[1] * ratio)
    zone = QRectF((width - zone_w) / 2.0, (height - zone_h) / 2.0, zone_w, zone_h)
    pen = QPen(ink, (2.5 if is_hot else 1.5) * ratio)
    pen.setDashPattern([5.0, 4.0])
    painter.setPen(pen)
    painter.setBrush(QColor(ink.red(), ink.green(), ink.blue(), 40) if is_hot else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(zone, 14.0 * ratio, 14.0 * ratio)
    painter.setPen(ink)
    _paint_tray(painter, QPointF(zone.center().x(), zone.top() + zone_h * 0.30), 22.0 * ratio, ink)
    text_flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    inner = zone.adjusted(16 * ratio, 0, -16 * ratio, 0)
    large = QFont(font)
    large.setPixelSize(round(19 * ratio))
    painter.setFont(large)
    painter.drawText(
        QRectF(inner.left(), zone.top() + zone_h * 0.50, inner.width(), zone_h * 0.2), text_flags, title
    )
    small = QFont(font)
    small.setPixelSize(round(13 * ratio))
    painter.setFont(small)
    painter.drawText(
        QRectF(inner.left(), zone.top() + zone_h * 0.68, inner.width(), zone_h * 0.3), text_flags, hint
    )
    painter.restore()


def paint_drop_rim(painter: QPainter, size_hw: tuple[int, int], *, device_pixel_ratio: float) -> None:
    """Draw a rim round the canvas: what is dragged over the open photo may be dropped on it."""
    height, width = size_hw
    scale = RIM_SCALE * device_pixel_ratio
    inset = 1.5 * scale  # half of the wider of the two lines
    rect = QRectF(inset, inset, width - 2 * inset, height - 2 * inset)
    paint_rectangle(painter, rect, device_pixel_ratio=scale, is_dashed=True)


def _paint_tray(painter: QPainter, centre: QPointF, half: float, ink: QColor) -> None:
    """Draw a picture falling into a tray."""
    pen = QPen(ink, half * 0.11)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = centre.x(), centre.y()
    path = QPainterPath(QPointF(x, y - half))
    path.lineTo(x, y + half * 0.3)
    path.moveTo(x - half * 0.45, y - half * 0.15)
    path.lineTo(x, y + half * 0.3)
    path.lineTo(x + half * 0.45, y - half * 0.15)
    path.moveTo(x - half, y + half * 0.3)
    path.lineTo(x - half, y + half * 0.8)
    path.lineTo(x + half, y + half * 0.8)
    path.lineTo(x + half, y + half * 0.3)
    painter.drawPath(path)
