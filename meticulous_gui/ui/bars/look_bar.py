"""The small bar over the canvas while a person goes through the doubtful places."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.bars.floating_bar import FloatingBar


class LookBar(FloatingBar):
    """Says which place it is and how many are left; its buttons are the keys' actions.

    Attributes:
        close_button: puts the bar away.
    """

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Look here"))
        self.row.addSpacing(8)
        self.add_action(actions, "previous_place")
        self.add_action(actions, "next_place")
        self.add_action(actions, "accept_place", Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.close_button = self.add_close(
            self.tr("Stop looking"), self.tr("Put this bar away; the list stays (Esc).")
        )
