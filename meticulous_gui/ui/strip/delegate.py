"""How one photo of the strip is drawn: its small picture, its mark, its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from meticulous_gui.ui.icons import icon_pixmap
from meticulous_gui.ui.strip.states import MARK_PX, state_mark

if TYPE_CHECKING:
    from meticulous_gui.ui.strip.model import AnyIndex, StripModel

PICTURE_WH_PX = 112, 76
GAP_PX = 4
RING_PX = 2


class StripDelegate(QStyledItemDelegate):
    """Draws a row of a `StripModel`; asking for a picture that is not there has it made."""

    def __init__(self, model: StripModel) -> None:
        super().__init__(model)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        del index
        text_px = option.fontMetrics.height()
        return QSize(PICTURE_WH_PX[0] + 2 * GAP_PX, PICTURE_WH_PX[1] + 3 * GAP_PX + text_px)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        cell: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        model, path = self._model, self._model.path(index)
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        is_open = path == model.photos.current
        painter.save()
        if is_selected:
            painter.fillRect(cell, palette.color(QPalette.ColorRole.Highlight))
        frame = QRect(cell.x() + GAP_PX, cell.y() + GAP_PX, *PICTURE_WH_PX)
        place = self._draw_picture(painter, frame, index, palette)
        if is_open:
            self._draw_ring(painter, frame, palette, is_selected=is_selected)
        ratio = painter.device().devicePixelRatioF()
        corner = QPointF(place.right() - MARK_PX - 1, place.bottom() - MARK_PX - 1)
        painter.drawPixmap(corner, state_mark(model.photos.state(path), ratio))
        if state & QStyle.StateFlag.State_HasFocus:
            self._draw_focus(painter, cell, palette)
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
        painter.setPen(palette.color(role))
        font = painter.font()
        font.setBold(is_open)
        painter.setFont(font)
        line = cell.adjusted(GAP_PX, frame.bottom() - cell.y() + GAP_PX, -GAP_PX, 0)
        metrics = painter.fontMetrics()
        name = metrics.elidedText(path.name, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, name)
        painter.restore()

    def _draw_picture(self, painter: QPainter, frame: QRect, index: AnyIndex, palette: QPalette) -> QRectF:
        """Draw the small picture, or what stands for one; return where it lies."""
        path, thumbnails = self._model.path(index), self._model.thumbnails
        picture = thumbnails.get(path)
        if picture is not None:
            place = fitted(picture, frame)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, picture, QRectF(picture.rect()))
            return place
        painter.fillRect(frame, palette.color(QPalette.ColorRole.AlternateBase))
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if thumbnails.problem(path):
            ratio = painter.device().devicePixelRatioF()
            colour = palette.color(QPalette.ColorRole.PlaceholderText)
            sign = icon_pixmap("warning", size_px=round(24 * ratio), colour=colour)
            sign.setDevicePixelRatio(ratio)
            painter.drawPixmap(QPointF(frame.center().x() - 11, frame.center().y() - 11), sign)
        return QRectF(frame)

    def _draw_ring(self, painter: QPainter, frame: QRect, palette: QPalette, *, is_selected: bool) -> None:
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Accent
        painter.setPen(QPen(palette.color(role), RING_PX))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(frame).adjusted(-1, -1, 1, 1))

    def _draw_focus(self, painter: QPainter, cell: QRect, palette: QPalette) -> None:
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell.adjusted(0, 0, -1, -1))


def fitted(picture: QPixmap, frame: QRect) -> QRectF:
    """Return the largest place in the middle of a frame that keeps the picture's sides; never enlarged."""
    scale = min(frame.width() / picture.width(), frame.height() / picture.height(), 1.0)
    width, height = picture.width() * scale, picture.height() * scale
    x, y = frame.x() + (frame.width() - width) / 2, frame.y() + (frame.height() - height) / 2
    return QRectF(x, y, width, height)
