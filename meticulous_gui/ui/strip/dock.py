"""The dock with the strip, its filter and what is counted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QListView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.ui.close_button import close_button
from meticulous_gui.ui.photo_list import FILTERS, PhotoFilter, PhotoList
from meticulous_gui.ui.plain_text import plain_tip
from meticulous_gui.ui.quiet_scroll_bar import QuietScrollBar
from meticulous_gui.ui.strip.delegate import PICTURE_WH_PX, StripDelegate
from meticulous_gui.ui.strip.model import StripModel
from meticulous_gui.ui.thumbnails import Thumbnails
from meticulous_gui.ui.yielding_label import YieldingLabel

BUTTON_PX = 28
MODIFIERS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class StripView(QListView):
    """One row of photos: a click or Enter opens one, Shift and Ctrl select several.

    Signals:
        wanted: (Path) open this photo.
        menu_wanted: (Path, QPoint of the screen) the commands for this photo.
    """

    wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, model: StripModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        # Not by the model's dataChanged: the view would lay all its rows out anew for each picture.
        model.thumbnails.arrived.connect(lambda path: self.update(model.index_of(path)))
        self.setItemDelegate(StripDelegate(model))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Its room is always there, or the photos would jump when it comes; it draws nothing without need.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBar(QuietScrollBar(Qt.Orientation.Horizontal, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName(self.tr("Photos of the folder"))
        line_px = self.fontMetrics().height()
        bar_px = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(PICTURE_WH_PX[1] + line_px + bar_px + 16)

    @property
    def selected(self) -> list[Path]:
        """The selected photos, in the order of the list."""
        return [self._model.path(index) for index in sorted(self.selectedIndexes())]

    def show_open(self) -> None:
        """Bring the open photo into view and select it alone."""
        row = self._model.photos.row
        if row is None:
            return
        index = self._model.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        is_plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers() & MODIFIERS
        if index.isValid() and is_plain:
            self.wanted.emit(self._model.path(index))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.currentIndex().isValid():
            self.wanted.emit(self._model.path(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index, place = self.indexAt(event.pos()), event.globalPos()
        else:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        if index.isValid():
            self.menu_wanted.emit(self._model.path(index), place)


class StripDock(QDockWidget):
    """The strip with a line above it.

    Attributes:
        view: the row of photos.
        filter_box: which photos are shown.

    Signals:
        photo_wanted: (Path) open this photo.
    """

    photo_wanted = Signal(object)

    def __init__(self, photos: PhotoList, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        name = self.tr("Photos of the folder")
        self.setWindowTitle(name)
        self.setObjectName("strip")
        self.setAccessibleName(name)
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.model = StripModel(photos, thumbnails, self)
        self.view = StripView(self.model, self)
        self.view.wanted.connect(self.photo_wanted)
        self.setTitleBarWidget(QWidget(self))  # the line above the photos is title enough
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(4, 2, 4, 0)
        column.setSpacing(2)
        column.addLayout(self._make_line())
        column.addWidget(self.view)
        self.setWidget(body)
        # Once for all changes of a turn of the event loop: an arriving list changes much at once.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_all)
        for signal in (photos.changed, photos.rows_changed, photos.state_changed):
            signal.connect(self._schedule)
        self._show_all()

    def add_button(self, button: QToolButton) -> None:
        """Put a button on the line above the photos."""
        self._line.insertWidget(self._line.count() - 1, button)

    def _make_line(self) -> QHBoxLayout:
        self.filter_box = QComboBox(self)
        self.filter_box.setAccessibleName(self.tr("Which photos are shown"))
        self.filter_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for entry in FILTERS:
            self.filter_box.addItem(entry.label, entry)
        self.filter_box.activated.connect(self._on_filter)
        self.where = YieldingLabel(self, mode=Qt.TextElideMode.ElideLeft)  # the folder's own name is its end
        self.where.setTextFormat(Qt.TextFormat.PlainText)  # a folder may be called <b>
        self.where.setAccessibleName(self.tr("Folder"))
        tip = self.tr("Close the strip; the menu Folder brings it back.")
        close = close_button(self.tr("Close the strip"), self, tip=tip)
        close.clicked.connect(self.hide)
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(self.filter_box)
        self._line.addWidget(self.where, 1)
        self._line.addWidget(close)
        return self._line

    def _on_filter(self, _row: int) -> None:
        chosen: PhotoFilter = self.filter_box.currentData()
        self._photos.set_filter(chosen)

    def _schedule(self, _path: Path | None = None) -> None:
        if not self._timer.isActive():
            self._timer.start(0)

    def _show_all(self) -> None:
        photos = self._photos
        with QSignalBlocker(self.filter_box):
            for row, entry in enumerate(FILTERS):
                text = self.tr("{filter} ({count})")
                self.filter_box.setItemText(row, text.format(filter=entry.label, count=photos.count(entry)))
            self.filter_box.setCurrentIndex(FILTERS.index(photos.filter))
        current = photos.current
        self.where.setText(str(current.parent) if current is not None else "")
        self.where.setToolTip(plain_tip(self.where.text()))
        open_row = photos.row
        is_elsewhere = open_row is not None and self.view.currentIndex().row() != open_row
        if is_elsewhere or not self.view.selectedIndexes():
            self.view.show_open()
        self.view.viewport().update()
