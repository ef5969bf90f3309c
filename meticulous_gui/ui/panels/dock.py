"""The dock beside the canvas: layers, history, and the cut-out to drag out; closed by one button or F4."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from meticulous_gui.ui.close_button import close_button
from meticulous_gui.ui.panels.cutout_chip import CutoutChip
from meticulous_gui.ui.panels.history import HistoryPanel
from meticulous_gui.ui.panels.layers import LayersPanel
from meticulous_gui.ui.panels.title import panel_title

MIN_WIDTH_PX = 220
LAYERS_PART = 0.4, 0.6
"""Of the height that both panels have: with few layers, and with many."""


class PanelDock(QDockWidget):
    """Holds both panels and the chip below them.

    Attributes:
        splitter: between the panels.
    """

    def __init__(
        self, layers: LayersPanel, history: HistoryPanel, chip: CutoutChip, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        name = self.tr("Layers and history")
        self.setWindowTitle(name)
        self.setObjectName("panels")
        self.setAccessibleName(name)
        self.setTitleBarWidget(self._make_title(name))
        self._layers = layers
        self._is_shared_by_hand = False
        splitter = self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.setAccessibleName(name)
        splitter.addWidget(layers)
        splitter.addWidget(history)
        splitter.setChildrenCollapsible(False)
        splitter.installEventFilter(self)
        splitter.splitterMoved.connect(self._on_moved)
        layers.rows_changed.connect(self._share)
        content = QWidget(self)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(splitter, 1)
        column.addWidget(chip)
        self.setWidget(content)
        self.setMinimumWidth(MIN_WIDTH_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the height anew when there is more or less of it."""
        if watched is self.splitter and event.type() == QEvent.Type.Resize:
            self._share()
        return super().eventFilter(watched, event)

    def _share(self) -> None:
        """Give the layers the room that all of them need, but leave the history a good part."""
        height = self.splitter.height() - self.splitter.handleWidth()
        if not self._is_shared_by_hand:
            least, most = (round(part * height) for part in LAYERS_PART)
            above = min(max(self._layers.whole_height, least), most)
            self.splitter.setSizes([above, height - above])

    def _on_moved(self) -> None:
        self._is_shared_by_hand = True

    def _make_title(self, name: str) -> QWidget:
        title = QWidget(self)
        title.setAccessibleName(name)
        tip = self.tr("Close the panels; the menu View brings them back.")
        close = close_button(self.tr("Close the panels"), title, tip=tip)
        close.clicked.connect(self.hide)
        row = QHBoxLayout(title)
        row.setContentsMargins(0, 2, 2, 0)
        row.addWidget(panel_title(self.tr("Layers"), title), 1)
        row.addWidget(close)
        return title
