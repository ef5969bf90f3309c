"""The steps of the document, each with a small picture of what it changed; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.document import Document
from meticulous_gui.ui.icons import icon_pixmap
from meticulous_gui.ui.panels.history_model import AnyIndex, HistoryModel
from meticulous_gui.ui.panels.step_pictures import StepPictures
from meticulous_gui.ui.panels.title import panel_title

PICTURE_PX = 36
GAP_PX = 4
TAKEN_BACK_OPACITY = 0.4
BAR_PX = 3


class HistoryPanel(QWidget):
    """All steps, the oldest first; those that were taken back are faint.

    Signals:
        wanted: (int) go to the state after this many of the listed steps.
    """

    wanted = Signal(int)

    def __init__(self, pictures: StepPictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("History"))
        self.model = HistoryModel(self)
        self.list = QListView(self)
        self.list.setAccessibleName(self.tr("Steps"))
        self.list.setToolTip(self.tr("Click a step to go there."))
        self.list.setModel(self.model)
        self.list.setItemDelegate(StepDelegate(self.model, pictures))
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.viewport().setBackgroundRole(QPalette.ColorRole.Window)  # quiet: no box beside the photo
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # No focus by click: a list searches by letters, and those belong to the tools.
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.clicked.connect(lambda index: self.wanted.emit(index.row()))
        self.list.activated.connect(lambda index: self.wanted.emit(index.row()))
        pictures.arrived.connect(self.list.viewport().update)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setAccessibleName(self.tr("What was dropped from the history"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(panel_title(self.tr("History"), self))
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)

    def show_document(self, document: Document | None) -> None:
        """Show the steps of a document as they are now."""
        n_dropped = document.history.n_dropped if document is not None else 0
        sentence = self.tr("Older steps dropped to save memory: {count}.").format(count=n_dropped)
        self.note.setText(sentence)
        self.note.setVisible(n_dropped > 0)
        if self.model.follow(document):
            present = self.model.index(self.model.present_row)
            select = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(present, select)
            self.list.scrollTo(present)


class StepDelegate(QStyledItemDelegate):
    """Draws a step: its picture and its name; asking for a picture that is not there has it made."""

    def __init__(self, model: HistoryModel, pictures: StepPictures) -> None:
        super().__init__(model)
        self._model = model
        self._pictures = pictures

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        del index
        return QSize(PICTURE_PX * 3, max(PICTURE_PX, option.fontMetrics.height()) + 2 * GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        cell: QRect = option.rect
        palette: QPalette = option.palette
        state: QStyle.StateFlag = option.state
        is_present = index.row() == self._model.present_row
        is_selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if is_selected:
            painter.fillRect(cell, palette.color(QPalette.ColorRole.Highlight))
        elif is_present:  # the keyboard has gone on to another row
            bar = QRect(cell.x(), cell.y(), BAR_PX, cell.height())
            painter.fillRect(bar, palette.color(QPalette.ColorRole.Highlight))
        if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
            painter.drawRect(cell.adjusted(1, 1, -2, -2))
        if not self._model.is_applied(index):
            painter.setOpacity(TAKEN_BACK_OPACITY)
        frame = QRect(
            cell.x() + 2 * GAP_PX, cell.y() + (cell.height() - PICTURE_PX) // 2, PICTURE_PX, PICTURE_PX
        )
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
        self._draw_picture(painter, frame, index, palette, role)
        painter.setPen(palette.color(role))
        line = cell.adjusted(frame.right() - cell.x() + 2 * GAP_PX, 0, -GAP_PX, 0)
        title = str(index.data() or "")
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _draw_picture(
        self,
        painter: QPainter,
        frame: QRect,
        index: AnyIndex,
        palette: QPalette,
        role: QPalette.ColorRole,
    ) -> None:
        step = self._model.step(index)
        picture = self._pictures.of_photo() if step is None else self._pictures.of_step(step)
        if picture is not None:
            size = picture.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(frame.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(QRectF(place), picture, QRectF(picture.rect()))
        elif step is not None and step.structures:
            ratio = painter.device().devicePixelRatioF()
            sign = icon_pixmap("layers", size_px=round(20 * ratio), colour=palette.color(role))
            sign.setDevicePixelRatio(ratio)
            painter.drawPixmap(frame.center().x() - 10, frame.center().y() - 10, sign)
        else:
            painter.setPen(palette.color(QPalette.ColorRole.Mid))
            painter.drawRect(frame.adjusted(0, 0, -1, -1))
