"""The sheet of all keys and gestures (F1), made from the actions table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.ui.action import GROUPS, Action
from meticulous_gui.ui.actions import ACTIONS, group_label
from meticulous_gui.ui.first_size import resize_within_screen
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

GESTURES: tuple[tuple[str, str], ...] = (
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Wheel, pinch"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Zoom at the pointer"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Space and drag, middle button"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Move the picture"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Arrow keys"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Move the picture"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Right button, or Alt and the left one"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Take away instead of adding"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Alt and the wheel, or a drag with the right button"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Change the size of the brush"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Shift and click"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Paint a straight line from the last point"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Clicks with the lasso"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Set corners; Enter closes, Backspace takes one back"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Drag with similar colour"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Right for more of the colour's like, left for less"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Arrow keys while moving the mask"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Move it by a pixel, with Shift by ten"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Drag with the point tool"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Look for an object in a box; with Shift, draw a line over it"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Tab after a click with the point tool"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Show what else it may mean: part, object or group"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Shift and drag with the refine tool"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Refine inside a box"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Eraser end of a pen"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Take away, whatever the tool"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Alt and the eye of a layer"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Show only this layer, or all again"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutSheet", "Drag the picture below the panels"),
        QT_TRANSLATE_NOOP("ShortcutSheet", "Take the cut-out into another program"),
    ),
)

ROW_HEIGHT_PX = 24
TITLE_HEIGHT_PX = 30


def keys_for_people(keys: tuple[str, ...]) -> str:
    """Return key sequences as this platform writes them."""
    format_native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(format_native) for key in keys)


class ShortcutSheet(QDialog):
    """Every action with its keys and its help, and what the mouse and the pen do; typing filters."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        keys: Callable[[Action], tuple[str, ...]] = lambda row: row.keys,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self._groups: list[QTreeWidgetItem] = []
        self._rows: list[QTreeWidgetItem] = []
        self.setWindowTitle(self.tr("Keys and gestures"))
        resize_within_screen(self, 1180, 700)
        layout = QVBoxLayout(self)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Type to filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(self.tr("Filter the list"))
        for button in self.filter.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the filter"))
        self.filter.textChanged.connect(self._on_filter)
        layout.addWidget(self.filter)
        self.tree = self._make_tree()
        layout.addWidget(self.tree, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setAccessibleName(self.tr("Close"))
        buttons.setAccessibleName(self.tr("Buttons"))
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._fill()

    def rows(self) -> list[QTreeWidgetItem]:
        """Return the lines without the titles of groups."""
        return self._rows

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setAccessibleName(self.tr("Keys and gestures"))
        tree.setColumnCount(3)
        tree.setHeaderLabels([self.tr("Action"), self.tr("Keys"), self.tr("What it does")])
        tree.setRootIsDecorated(False)
        tree.setAlternatingRowColors(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        return tree

    def _fill(self) -> None:
        for group, _ in GROUPS:
            rows = [row for row in ACTIONS if row.group == group]
            lines = [(row.label, keys_for_people(self._keys(row)), row.explanation) for row in rows]
            self._add_group(group_label(group), lines)
        gestures = [(self._gesture(how), "", self._gesture(what)) for how, what in GESTURES]
        self._add_group(self.tr("Mouse, pen and wheel"), gestures)
        self._nothing = QTreeWidgetItem(self.tree, [self.tr("Nothing is called that.")])
        self._nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        self._nothing.setHidden(True)

    def _add_group(self, title: str, rows: list[tuple[str, str, str]]) -> None:
        group = QTreeWidgetItem(self.tree, [title])
        self._groups.append(group)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        group.setSizeHint(2, QSize(0, TITLE_HEIGHT_PX))
        for row in rows:
            item = QTreeWidgetItem(group, list(row))
            item.setToolTip(2, row[2])
            item.setSizeHint(2, QSize(0, ROW_HEIGHT_PX))  # the column that need not show all of its text
            self._rows.append(item)
        group.setExpanded(True)

    def _gesture(self, text: str) -> str:
        return QCoreApplication.translate("ShortcutSheet", text)

    def _on_filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self.rows():
            line = " ".join(item.text(column) for column in range(3)).casefold()
            item.setHidden(not all(word in line for word in words))
        for group in self._groups:
            group.setHidden(all(item.isHidden() for item in self.rows() if item.parent() is group))
        self._nothing.setHidden(not all(group.isHidden() for group in self._groups))
