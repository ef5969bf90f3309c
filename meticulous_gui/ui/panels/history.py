"""The steps of the document; a click goes there."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from meticulous_gui.core.document import Document
from meticulous_gui.ui.panels.title import panel_title

ROW_HEIGHT_PX = 26


class HistoryPanel(QWidget):
    """All steps, the oldest first; those that were taken back are grey.

    Signals:
        wanted: (int) go to the state after this many of the listed steps.
    """

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("History"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Steps"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # No focus by click: a list searches by letters, and those belong to the tools.
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.list.itemClicked.connect(lambda item: self.wanted.emit(self.list.row(item)))
        self.list.itemActivated.connect(lambda item: self.wanted.emit(self.list.row(item)))
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.setAccessibleName(self.tr("What was dropped from the history"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(panel_title(self.tr("History"), self))
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        self._shown: tuple[bool, tuple[tuple[str, bool, bool], ...]] | None = None

    def show_document(self, document: Document | None) -> None:
        """Show the steps of a document as they are now."""
        steps = document.history.steps if document is not None else ()
        shown = tuple((step.title, step.is_applied, step.is_open) for step in steps)
        n_dropped = document.history.n_dropped if document is not None else 0
        sentence = self.tr("{count} older steps were dropped to save memory.").format(count=n_dropped)
        self.note.setText(sentence)
        self.note.setVisible(n_dropped > 0)
        if (document is not None, shown) == self._shown:
            return
        self._shown = document is not None, shown
        with QSignalBlocker(self.list):
            self.list.clear()
            if document is not None:
                self.list.addItem(self.tr("As it was opened"))
            for title, is_applied, is_open in shown:
                item = QListWidgetItem(self.tr("{title} (running)").format(title=title) if is_open else title)
                if not is_applied:
                    group = QPalette.ColorGroup.Disabled
                    item.setForeground(self.palette().brush(group, QPalette.ColorRole.Text))
                self.list.addItem(item)
            for row in range(self.list.count()):
                self.list.item(row).setSizeHint(QSize(0, ROW_HEIGHT_PX))
            self.list.setCurrentRow(sum(is_applied for _, is_applied, _ in shown))
        self.list.scrollToItem(self.list.currentItem())
