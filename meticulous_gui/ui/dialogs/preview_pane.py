"""A picture of what will be written, on the ground that a person wants to judge it on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from meticulous_gui.ui.theme import canvas_surround

CHECKER_PX = 8
CHECKER_COLOURS = ("#ffffff", "#cccccc")
MARGIN_PX = 12
CLICK_PX = 4
KEY_STEP = 0.1


class PreviewPane(QWidget):
    """Shows a result whole, or after a click pixel for pixel; then dragging moves it.

    Signals:
        detail_wanted: the part to be seen pixel for pixel is another one, or none any more.
    """

    detail_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(320, 280)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Preview of the export"))
        self.setToolTip(self.tr("Click to see every pixel, drag to move, click again to see the whole."))
        self._picture = QImage()
        self._result_size = QSize()
        self._ground: QColor | QImage | None = None
        self._pressed_at: QPointF | None = None
        self._dragged_from: QPointF | None = None
        self._is_detail = False  # of the picture, which follows the wish a moment later
        self.centre: tuple[float, float] | None = None
        """The middle of what is seen pixel for pixel, in shares of the result; None for the whole."""

    @property
    def view_size(self) -> QSize:
        """The room for a part pixel for pixel, in device pixels."""
        ratio = self.devicePixelRatio()
        return QSize(round(self.width() * ratio), round(self.height() * ratio))

    @property
    def picture(self) -> QImage:
        """What is shown."""
        return self._picture

    def show_picture(self, picture: QImage, result_size: QSize, *, is_detail: bool) -> None:
        """Show a picture of a result of that size: a part of it pixel for pixel, or the whole."""
        self._picture, self._result_size, self._is_detail = picture, result_size, is_detail
        self.update()

    def set_ground(self, ground: QColor | QImage | None) -> None:
        """Put a colour or a picture behind what is transparent; None for a checkerboard."""
        self._ground = ground
        self.update()

    def show_whole(self) -> None:
        """Leave the view of single pixels."""
        if self.centre is not None:
            self.centre = None
            self.detail_wanted.emit()

    def picture_rect(self) -> QRect:
        """Return where the picture lies."""
        if self._picture.isNull():
            return QRect()
        ratio = self.devicePixelRatio()
        if self._is_detail:
            size = QSize(round(self._picture.width() / ratio), round(self._picture.height() / ratio))
        else:
            room = self.size() - QSize(2 * MARGIN_PX, 2 * MARGIN_PX)
            # Never larger than it is: enlarged pixels would look like a poor export.
            largest = QSize(
                round(self._result_size.width() / ratio), round(self._result_size.height() / ratio)
            )
            size = largest.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            size = size if size.width() <= largest.width() else largest
        size = size.expandedTo(QSize(1, 1))
        return QRect(
            (self.width() - size.width()) // 2,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), canvas_surround(self.palette()))
        rect = self.picture_rect()
        if not rect.isEmpty():
            self._paint_ground(painter, rect)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not self._is_detail)
            painter.drawImage(QRectF(rect), self._picture)
        if self.hasFocus():
            painter.setPen(self.palette().color(QPalette.ColorRole.Highlight))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_ground(self, painter: QPainter, rect: QRect) -> None:
        if isinstance(self._ground, QColor):
            painter.fillRect(rect, self._ground)
        elif isinstance(self._ground, QImage):
            covering = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            size = self._ground.size().scaled(rect.size(), covering)
            target = QRect(rect.topLeft(), size)
            target.moveCenter(rect.center())
            painter.save()
            painter.setClipRect(rect)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(target, self._ground)
            painter.restore()
        else:
            painter.setBrushOrigin(rect.topLeft())
            painter.fillRect(rect, checkerboard())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = self._dragged_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None and self.centre is not None:
            step = event.position() - self._dragged_from
            self._dragged_from = event.position()
            ratio = self.devicePixelRatio()
            self._move(
                -step.x() * ratio / max(self._result_size.width(), 1),
                -step.y() * ratio / max(self._result_size.height(), 1),
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed_at, self._dragged_from = self._pressed_at, None, None
        if pressed is None or (event.position() - pressed).manhattanLength() > CLICK_PX:
            return
        rect = self.picture_rect()
        if self.centre is not None:
            self.show_whole()
        elif rect.contains(pressed.toPoint()):
            x, y = pressed.x() - rect.x(), pressed.y() - rect.y()
            self._look_at(x / rect.width(), y / rect.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (-KEY_STEP, 0.0),
            Qt.Key.Key_Right: (KEY_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -KEY_STEP),
            Qt.Key.Key_Down: (0.0, KEY_STEP),
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self.show_whole() if self.centre is not None else self._look_at(0.5, 0.5)
        elif key in steps and self.centre is not None:
            self._move(*steps[key])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.centre is not None:
            self.detail_wanted.emit()

    def _look_at(self, x: float, y: float) -> None:
        self.centre = x, y
        self.detail_wanted.emit()

    def _move(self, dx: float, dy: float) -> None:
        assert self.centre is not None
        self._look_at(min(max(self.centre[0] + dx, 0.0), 1.0), min(max(self.centre[1] + dy, 0.0), 1.0))


def checkerboard() -> QBrush:
    """Return the brush that everyone reads as "nothing here"."""
    tile = QPixmap(2 * CHECKER_PX, 2 * CHECKER_PX)
    tile.fill(QColor(CHECKER_COLOURS[0]))
    painter = QPainter(tile)
    for x, y in ((0, 0), (CHECKER_PX, CHECKER_PX)):
        painter.fillRect(x, y, CHECKER_PX, CHECKER_PX, QColor(CHECKER_COLOURS[1]))
    painter.end()
    return QBrush(tile)
