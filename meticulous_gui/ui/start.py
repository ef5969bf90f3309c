"""What stands on the empty canvas below the drop zone: two buttons and the photos opened last."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from meticulous_gui.ui.actions import action
from meticulous_gui.ui.dialogs.shortcuts import keys_for_people
from meticulous_gui.ui.drop_zone import ZONE_SHARE, ZONE_WH_PX

if TYPE_CHECKING:
    from meticulous_gui.ui.action_set import ActionSet
    from meticulous_gui.ui.canvas import Canvas
    from meticulous_gui.ui.recent import RecentRow

GAP_PX = 16
BUTTON_PX = 34


class StartPanel(QWidget):
    """Two buttons and a row of pictures for somebody who has no photo open.

    It is a child of the canvas, so that what is dropped on it reaches the canvas.
    """

    def __init__(self, actions: ActionSet, recent: RecentRow, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._actions = actions
        self._canvas = canvas
        self._recent = recent
        self.setAccessibleName(self.tr("Start"))
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        for action_id in ("open", "open_sample"):
            qaction = actions[action_id]
            button = QPushButton(qaction.text(), self)
            button.setAccessibleName(qaction.text())
            button.setToolTip(qaction.toolTip())
            button.setMinimumHeight(BUTTON_PX)
            button.clicked.connect(qaction.trigger)
            qaction.changed.connect(partial(_show_tip, button, qaction))  # it names the key
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        column.addLayout(buttons)
        column.addWidget(recent, 0, Qt.AlignmentFlag.AlignHCenter)
        recent.filled.connect(self._place)
        canvas.installEventFilter(self)
        actions.keys_changed.connect(self._name_keys)
        self._name_keys()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _name_keys(self) -> None:
        """Name the keys that open a photo, as they are now."""
        open_key, paste_key = (
            keys_for_people(self._actions.keys(action(name))[:1]) for name in ("open", "paste")
        )
        hint = self.tr("or press {open} to open one, {paste} to paste one")
        has_both = bool(open_key and paste_key)
        self._canvas.set_hint(hint.format(open=open_key, paste=paste_key) if has_both else "")

    def _place(self) -> None:
        """Lie below the drop zone, in the middle; pictures that have no room there are left out."""
        width, height = self._canvas.width(), self._canvas.height()
        top = (height + min(ZONE_WH_PX[1], round(height * ZONE_SHARE))) // 2 + GAP_PX
        room = height - top - BUTTON_PX - GAP_PX
        self._recent.fit(width - 2 * GAP_PX, room)
        self.adjustSize()
        self.move((width - self.width()) // 2, min(top, height - self.height()))


def _show_tip(button: QPushButton, qaction: QAction) -> None:
    button.setToolTip(qaction.toolTip())


def show_folder(folder: Path) -> None:
    """Show a folder in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
