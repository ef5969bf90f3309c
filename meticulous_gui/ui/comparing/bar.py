"""The small bar over the canvas while two edges are compared: what A and B are, and what to keep."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.bars.floating_bar import FloatingBar
from meticulous_gui.ui.bars.list_control import ROOM_PX
from meticulous_gui.ui.comparing.comparison import BEFORE, Comparison, Side


class ComparisonBar(FloatingBar):
    """Shows a comparison while it is on; its buttons are the keys' actions.

    Attributes:
        lists: what each side may show.
        close_button: ends the comparison.

    Signals:
        finished: the keyboard belongs to the canvas again.
    """

    finished = Signal()

    def __init__(self, comparison: Comparison, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison = comparison
        self.lists: dict[Side, QComboBox] = {}
        self.setAccessibleName(self.tr("Compare"))
        self._add_label("A")
        self._add_list("a", self.tr("What A shows, left of the line"))
        self.add_action(actions, "compare_swap")
        self._add_label("B")
        self._add_list("b", self.tr("What B shows, right of the line"))
        self.row.addSpacing(12)
        for action_id in ("compare_keep_a", "compare_keep_b"):
            self.add_action(actions, action_id, Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.close_button = self.add_close(
            self.tr("Keep neither"), self.tr("Leave the mask as it was (Esc).")
        )
        self.close_button.clicked.connect(comparison.drop)
        comparison.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what is compared; hide where nothing is."""
        if self._comparison.is_on:
            entries = self._comparison.refiners.entries
            for side, box in self.lists.items():
                with QSignalBlocker(box):
                    box.clear()
                    box.addItem(self.tr("Before"), BEFORE)
                    model = box.model()
                    assert isinstance(model, QStandardItemModel)
                    for entry in entries:
                        box.addItem(entry.listed_text, entry.name)
                        box.setItemData(box.count() - 1, entry.use, Qt.ItemDataRole.ToolTipRole)
                        model.item(box.count() - 1).setEnabled(entry.is_installed)
                    box.setCurrentIndex(box.findData(self._comparison.name(side)))
                    box.view().setMinimumWidth(box.view().sizeHintForColumn(0) + ROOM_PX)
        self.setVisible(self._comparison.is_on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the keyboard back to the canvas at Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finished.emit()
            return
        super().keyPressEvent(event)

    def _add_label(self, letter: str) -> None:
        label = QLabel(letter, self)
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        self.row.addWidget(label)

    def _add_list(self, side: Side, help_text: str) -> None:
        box = QComboBox(self)
        box.setAccessibleName(help_text)
        box.setToolTip(help_text)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(6)

        def choose(index: int) -> None:
            self._comparison.set_side(side, box.itemData(index))
            self.finished.emit()

        box.activated.connect(choose)
        self.lists[side] = box
        self.row.addWidget(box)
