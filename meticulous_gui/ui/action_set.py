"""The actions table as living QActions: menus, shortcuts, ticks, and what makes sense now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QObject, QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from meticulous_gui.ui.action import GROUPS, Action, ActionState, needs_rest
from meticulous_gui.ui.actions import ACTIONS, action, group_label
from meticulous_gui.ui.commands import Commands
from meticulous_gui.ui.dialogs.shortcuts import keys_for_people
from meticulous_gui.ui.icons import icon
from meticulous_gui.ui.key_map import settled_keys

QUIET_ROLE = QAction.MenuRole.NoRole
ROLES = {
    "quit": QAction.MenuRole.QuitRole,
    "about": QAction.MenuRole.AboutRole,
    "preferences": QAction.MenuRole.PreferencesRole,
}


class ActionSet(QObject):
    """One QAction for each row of the table.

    What is enabled and ticked is worked out in one place, at most once per turn of the event loop.

    Args:
        window: the shortcuts are its own.
        read_state: looks at the program for the rows.
        rests: keeps what is open; False where its argument is called later, when that is done.
        keys: other keys than the table's, by action id, as the person set them.

    Signals:
        keys_changed: the person has set other keys.
    """

    keys_changed = Signal()

    def __init__(
        self,
        window: QWidget,
        commands: Commands,
        read_state: Callable[[], ActionState],
        *,
        rests: Callable[[Callable[[], None]], bool],
        keys: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._read_state = read_state
        self._rests = rests
        self._keys = settled_keys(keys or {}, ACTIONS)
        self.state = ActionState()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self._by_id = {row.id: self._make(row, commands) for row in ACTIONS}
        window.addActions(list(self._by_id.values()))
        self.update_icons()

    def __getitem__(self, action_id: str) -> QAction:
        return self._by_id[action_id]

    def keys(self, row: Action) -> tuple[str, ...]:
        """Return the keys of an action: the person's own, else the table's as far as they are left."""
        return self._keys.get(row.id, row.keys)

    def set_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Take other keys of the person's own, by action id; they count at once."""
        settled = settled_keys(keys, ACTIONS)
        if settled == self._keys:
            return
        self._keys = settled
        for row in ACTIONS:  # all let go first: for a moment two may want the same key
            self._by_id[row.id].setShortcuts([])
        for row in ACTIONS:
            self._show_keys(row, self._by_id[row.id])
        self.keys_changed.emit()

    def is_enabled(self, row: Action) -> bool:
        """Return whether an action makes sense now."""
        return row.enabled(self._read_state())

    def trigger(self, action_id: str) -> None:
        """Do an action, if it makes sense now."""
        self.refresh()
        self._by_id[action_id].trigger()

    def schedule(self) -> None:
        """Look at the program again before the next event."""
        if not self._timer.isActive():
            self._timer.start(0)

    def refresh(self) -> None:
        """Enable and tick everything as the program is now."""
        self.state = self._read_state()
        for row in ACTIONS:
            qaction = self._by_id[row.id]
            qaction.setEnabled(row.enabled(self.state))
            if row.subject is not None:
                subject = row.subject(self.state)
                qaction.setText(f"{row.label}: {subject}" if subject else row.label)
            if row.checked is not None:
                with QSignalBlocker(qaction):
                    # Blocked: a tick that follows the program must not run the action again.
                    qaction.setChecked(row.checked(self.state))

    def update_icons(self) -> None:
        """Draw the icons in the colours of the present palette."""
        palette = QApplication.palette()
        for row in ACTIONS:
            if row.icon:
                self._by_id[row.id].setIcon(icon(row.icon, palette))

    def fill_menu_bar(self, bar: QMenuBar, *, extra: Mapping[str, QMenu]) -> None:
        """Make a menu of each group; `extra` menus come after the action they are named after."""
        for group, _ in GROUPS:
            menu = bar.addMenu(group_label(group))
            menu.setAccessibleName(group_label(group))
            menu.setToolTipsVisible(True)
            for row in ACTIONS:
                if row.group != group:
                    continue
                if row.starts_section:
                    menu.addSeparator()
                menu.addAction(self._by_id[row.id])
                if row.id in extra:
                    menu.addMenu(extra[row.id])

    def make_menu(self, action_ids: Iterable[str], parent: QWidget) -> QMenu:
        """Return a menu of some actions; an empty name draws a line."""
        menu = QMenu(parent)
        for action_id in action_ids:
            if action_id:
                menu.addAction(self._by_id[action_id])
            else:
                menu.addSeparator()
        return menu

    def _make(self, row: Action, commands: Commands) -> QAction:
        qaction = QAction(row.label, self._window)
        qaction.setObjectName(row.id)
        qaction.setCheckable(row.checked is not None)
        qaction.setMenuRole(ROLES.get(row.id, QUIET_ROLE))
        self._show_keys(row, qaction)
        qaction.triggered.connect(lambda: self._run(action(row.id), commands))
        return qaction

    def _show_keys(self, row: Action, qaction: QAction) -> None:
        keys = self.keys(row)
        if not row.is_held:  # a key that counts while it is down is the canvas's own
            qaction.setShortcuts([QKeySequence(key) for key in keys])
        shown = keys_for_people(keys[:1])
        if row.is_held:
            qaction.setText(f"{row.label}\t{shown}")  # a menu shows what follows a tab as its key
        title = f"{row.label} ({shown})" if shown else row.label
        qaction.setToolTip(f"{title}\n{row.explanation}")
        qaction.setStatusTip(row.explanation)

    def _run(self, row: Action, commands: Commands) -> None:
        if needs_rest(row) and not self._rests(lambda: self._run(row, commands)):
            return
        row.run(commands)
        self.refresh()  # at once: the next key may come before the next turn of the event loop
