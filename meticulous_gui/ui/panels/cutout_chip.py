"""A small picture of the cut-out below the panels, to be dragged out of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from meticulous_gui.ui.dialogs.preview_pane import checkerboard

THUMBNAIL_PX = 56
MARGIN_PX = 8
DWELL_MS = 200
GRIP_DOTS = 4


class CutoutChip(QWidget):
    """Looks like something one can take hold of.

    Signals:
        grasped: a hand comes near or presses: the drag may follow soon.
        dragged: the hand has pressed and moved away.
        released: the hand let go.
    """

    grasped = Signal()
    dragged = Signal()
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(THUMBNAIL_PX + 2 * MARGIN_PX)
        self._picture = QImage()
        self._detail = ""
        self._pressed_at: QPointF | None = None
        self._dwell = QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(DWELL_MS)
        self._dwell.timeout.connect(self.grasped)
        self.setToolTip(
            self.tr("Drag the cut-out into another program or a folder: full size, with transparency.")
        )
        self.show_cutout(QImage(), "")

    @property
    def picture(self) -> QImage:
        """The thumbnail; null where there is nothing to drag."""
        return self._picture

    @property
    def is_held(self) -> bool:
        """Whether the left button is down on it."""
        return self._pressed_at is not None

    def show_cutout(self, picture: QImage, detail: str) -> None:
        """Show what would be dragged, and one line about it; a null picture means that there is nothing."""
        self._picture, self._detail = picture, detail
        has_cutout = not picture.isNull()
        self.setEnabled(has_cutout)
        self.setCursor(Qt.CursorShape.OpenHandCursor if has_cutout else Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(self.tr("Cut-out, to be dragged into another program"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawLine(0, 0, self.width(), 0)
        if self._picture.isNull():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            nothing = self.tr("Nothing cut out yet")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, nothing)
        else:
            self._paint_cutout(painter)
        painter.end()

    def _paint_cutout(self, painter: QPainter) -> None:
        box = QRect(MARGIN_PX, MARGIN_PX, THUMBNAIL_PX, THUMBNAIL_PX)
        size = self._picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(box.topLeft(), size.expandedTo(QSize(1, 1)))
        target.moveCenter(box.center())
        painter.setBrushOrigin(target.topLeft())
        painter.fillRect(target, checkerboard())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._picture)
        grip_x = self.width() - MARGIN_PX - 6
        text = QRect(box.right() + 10, MARGIN_PX, grip_x - box.right() - 20, THUMBNAIL_PX)
        title = self.fontMetrics().elidedText(
            self.tr("Drag the cut-out out"), Qt.TextElideMode.ElideRight, text.width()
        )
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        middle = text.center().y()
        upper = QRect(text.left(), text.top(), text.width(), middle - text.top())
        painter.drawText(upper, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, title)
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        lower = QRect(text.left(), middle + 2, text.width(), text.bottom() - middle)
        painter.drawText(lower, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, self._detail)
        for row in range(GRIP_DOTS):
            for column in range(2):
                y = self.height() // 2 + (row * 2 - GRIP_DOTS + 1) * 3
                painter.fillRect(grip_x + column * 5, y - 1, 2, 2, painter.pen().color())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if self.isEnabled():
            self._dwell.start()  # a hand that only passes by costs nothing

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._dwell.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            self.grasped.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None:
            way = (event.position() - self._pressed_at).manhattanLength()
            if way >= QApplication.startDragDistance():
                self.dragged.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self.let_go()

    def let_go(self) -> None:
        """Forget the press: the button is up, or the drag has taken it over."""
        if self._pressed_at is not None:
            self._pressed_at = None
            self.released.emit()
