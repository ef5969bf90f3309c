"""The page of keys: every action with its key; another one is pressed, and who has it already is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.settings import Settings
from meticulous_gui.ui.action import GROUPS, Action
from meticulous_gui.ui.actions import ACTIONS, action, group_label
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.preference_pages import Change
from meticulous_gui.ui.dialogs.shortcuts import ROW_HEIGHT_PX, TITLE_HEIGHT_PX, keys_for_people
from meticulous_gui.ui.key_map import Conflict, conflict_of, with_keys

ID_ROLE = Qt.ItemDataRole.UserRole


class KeyEdit(QKeySequenceEdit):
    """Takes one key; Tab is none, it leads on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(False)
        # Qt gives the focus of its inner field back to this one: Tab would never get past it.
        for field in self.findChildren(QLineEdit):
            field.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class KeysPage(QWidget):
    """A list of all actions; below it the key of the chosen one.

    Args:
        keys: the keys of an action as they are now.
    """

    def __init__(
        self, choices: Choices, change: Change, *, keys: Callable[[Action], tuple[str, ...]]
    ) -> None:
        super().__init__()
        self._change = change
        self._keys = keys
        self._conflict: Conflict | None = None
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(self.tr("Type to filter"))
        self.filter.setAccessibleName(self.tr("Filter the list"))
        self.filter.textChanged.connect(self._on_filter)
        self.tree = self._make_tree()
        self.edit = KeyEdit(self)
        self.edit.setAccessibleName(self.tr("New key"))
        self.edit.keySequenceChanged.connect(self._on_key)
        self.none = self._button(self.tr("No key"), self._on_none)
        self.reset = self._button(self.tr("Reset"), self._on_reset)
        self.reset_all = self._button(self.tr("Reset all"), self._on_reset_all)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName(self.tr("Whose the key is"))
        self.take = self._button(self.tr("Take it from there"), self._on_take)
        self._lay_out()
        self._fill()
        choices.changed.connect(self._show_keys)
        self._on_chosen()

    def choose(self, action_id: str) -> None:
        """Show the key of an action."""
        for item in self._items():
            if item.data(0, ID_ROLE) == action_id:
                self.tree.setCurrentItem(item)

    # --- building -----------------------------------------------------------------------------------------

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setAccessibleName(self.tr("Actions and their keys"))
        tree.setColumnCount(2)
        tree.setHeaderLabels([self.tr("Action"), self.tr("Keys")])
        tree.setRootIsDecorated(False)
        tree.setAlternatingRowColors(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(False)
        tree.currentItemChanged.connect(lambda _now, _before: self._on_chosen())
        tree.itemActivated.connect(lambda _item, _column: self.edit.setFocus())
        return tree

    def _button(self, text: str, run: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        label = QLabel(self.tr("New key"), self)
        label.setBuddy(self.edit)
        line = QHBoxLayout()
        line.addWidget(label)
        line.addWidget(self.edit, 1)
        line.addWidget(self.none)
        line.addWidget(self.reset)
        line.addWidget(self.reset_all)
        said = QHBoxLayout()
        said.addWidget(self.problem, 1)
        said.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        layout.addLayout(line)
        layout.addLayout(said)

    def _fill(self) -> None:
        for group, _ in GROUPS:
            title = QTreeWidgetItem(self.tree, [group_label(group)])
            title.setFlags(Qt.ItemFlag.ItemIsEnabled)
            font = title.font(0)
            font.setBold(True)
            title.setFont(0, font)
            title.setSizeHint(0, QSize(0, TITLE_HEIGHT_PX))
            for row in ACTIONS:
                if row.group == group:
                    item = QTreeWidgetItem(title, [row.label, ""])
                    item.setData(0, ID_ROLE, row.id)
                    item.setToolTip(0, row.explanation)
                    item.setSizeHint(0, QSize(0, ROW_HEIGHT_PX))
            title.setExpanded(True)
        self._show_keys()
        self.tree.setCurrentItem(self._items()[0])

    # --- what is shown ------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> Action | None:
        item = self.tree.currentItem()
        action_id = item.data(0, ID_ROLE) if item is not None else None
        return action(action_id) if action_id else None

    def _items(self) -> list[QTreeWidgetItem]:
        titles = [self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount())]
        return [
            item
            for title in titles
            if title is not None
            for index in range(title.childCount())
            if (item := title.child(index)) is not None
        ]

    def _show_keys(self) -> None:
        for item in self._items():
            row = action(item.data(0, ID_ROLE))
            item.setText(1, keys_for_people(self._keys(row)))
            font = item.font(1)
            font.setBold(self._keys(row) != row.keys)  # bold: the person's own
            item.setFont(1, font)
        self._on_chosen()

    def _on_chosen(self) -> None:
        row = self._chosen
        self._say("")
        keys = self._keys(row) if row is not None else ()
        with QSignalBlocker(self.edit):
            self.edit.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
        is_free = row is not None and not row.is_held
        for widget in (self.edit, self.none):
            widget.setEnabled(is_free)
        self.reset.setEnabled(row is not None and is_free and keys != row.keys)
        self.reset_all.setEnabled(any(self._keys(one) != one.keys for one in ACTIONS))
        if row is not None and row.is_held:
            self._say(self.tr("This key counts while it is held and cannot be changed."))

    def _say(self, sentence: str, conflict: Conflict | None = None) -> None:
        self._conflict = conflict
        self.problem.setText(sentence)
        self.take.setVisible(conflict is not None and conflict.owner is not None)

    def _on_filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            line = f"{item.text(0)} {item.text(1)} {item.toolTip(0)}".casefold()
            item.setHidden(not all(word in line for word in words))

    # --- what is done -------------------------------------------------------------------------------------

    def _on_key(self, sequence: QKeySequence) -> None:
        row, key = self._chosen, sequence.toString()
        if row is None or not key:
            return
        conflict = conflict_of(key, row, ACTIONS, self._keys)
        shown = keys_for_people((key,))
        if conflict is None:
            self._give(row, (key,))
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
        elif conflict.owner is None:
            self._say(self.tr("{key} is needed by the canvas itself; press another key.").format(key=shown))
        else:
            sentence = self.tr("{key} is the key of “{action}”; press another one, or take it from there.")
            self._say(sentence.format(key=shown, action=conflict.owner.label), conflict)

    def _on_take(self) -> None:
        """Give the key to the chosen action; the other keeps what keys it has besides."""
        row, conflict = self._chosen, self._conflict
        if row is None or conflict is None or conflict.owner is None:
            return
        owner, key = conflict.owner, conflict.key
        left = tuple(one for one in self._keys(owner) if QKeySequence(one).toString() != key)
        self._change(lambda settings: with_keys(with_keys(settings, owner, left), row, (key,)))

    def _give(self, row: Action, keys: tuple[str, ...] | None) -> None:
        self._change(lambda settings: with_keys(settings, row, keys))

    def _on_none(self) -> None:
        if self._chosen is not None:
            self._give(self._chosen, ())

    def _on_reset(self) -> None:
        """Give an action its own keys again, unless another has one of them now."""
        row = self._chosen
        if row is None:
            return
        for key in row.keys:
            conflict = conflict_of(key, row, ACTIONS, self._keys)
            if conflict is not None and conflict.owner is not None:
                sentence = self.tr("{key} is the key of “{action}” now; reset that one first, or take it.")
                shown = keys_for_people((key,))
                self._say(sentence.format(key=shown, action=conflict.owner.label), conflict)
                return
        self._give(row, None)

    def _on_reset_all(self) -> None:
        def reset(settings: Settings) -> Settings:
            return replace(settings, keys=MappingProxyType({}))

        self._change(reset)
