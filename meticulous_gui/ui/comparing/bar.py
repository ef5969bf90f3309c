"""The small bar over the canvas while two edges are compared: what A and B are, and what to keep."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.bars.list_control import ROOM_PX
from meticulous_gui.ui.comparing.comparison import BEFORE, Comparison, Side
from meticulous_gui.ui.icons import icon

MARGINS_PX: Final = 12, 4, 6, 4
ICON_PX: Final = 20
SIDES: Final[tuple[Side, ...]] = ("a", "b")


class ComparisonBar(QFrame):
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
        self.close_button = QToolButton(self)
        self.setAccessibleName(self.tr("Compare"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        row = QHBoxLayout(self)
        row.setContentsMargins(*MARGINS_PX)
        row.setSpacing(4)
        row.addWidget(self._label("A"))
        row.addWidget(self._list("a", self.tr("What A shows, left of the line")))
        row.addWidget(self._action(actions, "compare_swap", is_text=False))
        row.addWidget(self._label("B"))
        row.addWidget(self._list("b", self.tr("What B shows, right of the line")))
        row.addSpacing(12)
        for action_id in ("compare_keep_a", "compare_keep_b"):
            row.addWidget(self._action(actions, action_id, is_text=True))
        self.close_button.setAccessibleName(self.tr("Keep neither"))
        self.close_button.setToolTip(self.tr("Leave the mask as it was (Esc)."))
        self.close_button.clicked.connect(comparison.drop)
        row.addWidget(self._plain(self.close_button))
        self._draw_icon()
        comparison.changed.connect(self.refresh)
        self.hide()

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

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        self.close_button.setIcon(icon("close", self.palette()))

    def _label(self, letter: str) -> QLabel:
        label = QLabel(letter, self)
        font = label.font()
        font.setBold(True)
        label.setFont(font)
        return label

    def _list(self, side: Side, help_text: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(help_text)
        box.setToolTip(help_text)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)

        def choose(index: int) -> None:
            self._comparison.set_side(side, box.itemData(index))
            self.finished.emit()

        box.activated.connect(choose)
        self.lists[side] = box
        return box

    def _action(self, actions: ActionSet, action_id: str, *, is_text: bool) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(actions[action_id])
        button.setAccessibleName(actions[action_id].iconText())
        if is_text:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        return self._plain(button)

    @staticmethod
    def _plain(button: QToolButton) -> QToolButton:
        button.setAutoRaise(True)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the canvas
        return button
