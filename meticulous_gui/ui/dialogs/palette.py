"""The command palette (Ctrl+K): a few letters find any action; what was used last comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.ui.action import Action
from meticulous_gui.ui.dialogs.shortcuts import keys_for_people

ROW_HEIGHT_PX = 26
NEAR = 0.75
LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def rank(query: str, text: str) -> int | None:
    """Return how well `text` answers `query`, 0 best, None not at all.

    Words that begin with the query's words come first, then words that contain them, then the letters in
    order, then words that are nearly those.
    """
    wanted, offered = query.casefold().split(), text.casefold()
    words = offered.split()
    if all(any(word.startswith(part) for word in words) for part in wanted):
        return 0
    if all(part in offered for part in wanted):
        return 1
    letters = iter(offered)
    if all(letter in letters for letter in "".join(wanted)):
        return 2
    # A slip of the finger: one letter of four may be another.
    is_near = all(len(part) > 3 and any(_likeness(part, word) >= NEAR for word in words) for part in wanted)
    return 3 if is_near else None


def _likeness(part: str, word: str) -> float:
    return SequenceMatcher(None, part, word[: len(part)]).ratio()


def find_actions(query: str, actions: Iterable[Action], recent: Sequence[str] = ()) -> list[Action]:
    """Return the actions that answer `query`, best first; all of them for an empty query.

    Args:
        recent: ids of those that were used last, the newest first; of equally good answers they come first.
    """
    ranked = []
    places = {action_id: place - len(recent) for place, action_id in enumerate(recent)}
    for number, row in enumerate(actions):
        index = places.get(row.id, number)
        answer = _rank_of_row(query, row)
        if answer is not None:
            ranked.append((answer, index, row))
    return [row for _, _, row in sorted(ranked, key=lambda entry: entry[:2])]


def _rank_of_row(query: str, row: Action) -> int | None:
    """Return how well an action answers; a word of its help says more than letters strewn over its label."""
    of_label, of_help = rank(query, row.label), rank(query, row.explanation)
    if of_label is not None and of_label < 2:
        return of_label
    if of_help == 0:
        return 2
    if of_label is not None:
        return 1 + of_label
    return 5 if of_help == 1 else None


class CommandPalette(QDialog):
    """A line to type in and what it finds, each command with its key at the right.

    Signals:
        chosen: the id of the action that was taken.
    """

    chosen = Signal(str)

    def __init__(
        self,
        actions: Sequence[Action],
        parent: QWidget | None = None,
        *,
        is_enabled: Callable[[Action], bool] = lambda row: True,
        keys: Callable[[Action], tuple[str, ...]] = lambda row: row.keys,
        recent: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self._actions = tuple(actions)
        self._recent = tuple(recent)
        self._is_enabled = is_enabled
        self._keys = keys
        self.setWindowTitle(self.tr("Find a command"))
        self.resize(520, 420)
        layout = QVBoxLayout(self)
        self.query = QLineEdit(self)
        self.query.setPlaceholderText(self.tr("What do you want to do?"))
        self.query.setAccessibleName(self.tr("What do you want to do?"))
        self.query.textChanged.connect(self._fill)
        self.query.installEventFilter(self)
        self.query.returnPressed.connect(self._take)
        self._make_list()
        layout.addWidget(self.query)
        layout.addWidget(self.list, 1)
        self._fill("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk through the list while the line keeps the focus."""
        is_press = watched is self.query and event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() in LIST_KEYS:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def rows(self) -> list[QTreeWidgetItem]:
        """Return what is found, from the top."""
        found = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _make_list(self) -> None:
        self.list = QTreeWidget(self)
        self.list.setAccessibleName(self.tr("Commands found"))
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemActivated.connect(lambda _item: self._take())
        self.list.itemClicked.connect(lambda _item: self._take())

    def _fill(self, query: str) -> None:
        self.list.clear()
        for row in find_actions(query, self._actions, self._recent):
            self._add(row)
        if not self.list.topLevelItemCount():
            nothing = QTreeWidgetItem(self.list, [self.tr("No command is called that.")])
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        for item in self.rows():
            if item.flags() & Qt.ItemFlag.ItemIsEnabled:
                self.list.setCurrentItem(item)
                return

    def _add(self, row: Action) -> None:
        item = QTreeWidgetItem(self.list, [row.label, keys_for_people(self._keys(row)[:1])])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setSizeHint(0, QSize(0, ROW_HEIGHT_PX))
        item.setData(0, Qt.ItemDataRole.UserRole, row.id)
        for column in range(2):
            item.setToolTip(column, row.explanation)
        if self._is_enabled(row):
            item.setForeground(1, self.palette().color(QPalette.ColorRole.PlaceholderText))
        else:
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _take(self) -> None:
        item = self.list.currentItem()
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        self.accept()
        self.chosen.emit(item.data(0, Qt.ItemDataRole.UserRole))
