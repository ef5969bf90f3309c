"""A choice of several things, each with one line on when to take it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from meticulous_gui.ui.tools.base import ToolOption

TOOL_TIP = Qt.ItemDataRole.ToolTipRole
ROOM_PX = 24
"""For a scroll bar and the frame beside the longest entry."""


class _WithNotes(QStyledItemDelegate):
    """An entry of the open list: its name, and behind it the line that belongs to it."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        note = index.data(TOOL_TIP)
        if note:
            option.text = f"{option.text} \u2013 {note}"


class ListControl(QWidget):
    """A label and a list, which says of each entry when to take it once it is open.

    Signals:
        changed: (str) the person chose another entry.
        done: Enter or Esc in the list; the focus belongs to the canvas again.
    """

    changed = Signal(str)
    done = Signal()

    def __init__(self, option: ToolOption, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._notes = dict(zip((name for name, _ in option.choices), option.notes, strict=True))
        self._help = option.help
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        label = QLabel(option.text, self)
        self.list = QComboBox(self)
        label.setBuddy(self.list)
        self.list.setAccessibleName(option.text)
        # As wide as what can be chosen; the reasons why others cannot are read in the open list.
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.list.setMinimumContentsLength(max((len(text) for _, text in option.choices), default=0))
        model = self.list.model()
        assert isinstance(model, QStandardItemModel)
        for name, text in (*option.choices, *(("", text) for text in option.unavailable)):
            self.list.addItem(text, name)
            self.list.setItemData(self.list.count() - 1, self._notes.get(name, ""), TOOL_TIP)
            model.item(self.list.count() - 1).setEnabled(bool(name))
        for widget in (label, self.list):
            layout.addWidget(widget)
        view = self.list.view()
        view.setItemDelegate(_WithNotes(view))
        view.setMinimumWidth(view.sizeHintForColumn(0) + ROOM_PX)
        self.list.activated.connect(self._on_activated)
        self.show_value(str(option.value))

    def show_value(self, name: str) -> None:
        """Show what is chosen without telling anybody."""
        with QSignalBlocker(self.list):
            self.list.setCurrentIndex(self.list.findData(name))
        tip = f"{self._help} {self._notes.get(name, '')}".strip()
        self.list.setToolTip(tip)
        self.list.setAccessibleDescription(tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.done.emit()
            return
        super().keyPressEvent(event)

    def _on_activated(self, index: int) -> None:
        name = self.list.itemData(index)
        self.show_value(name)
        self.changed.emit(name)
