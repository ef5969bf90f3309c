"""The slim strip of tools on the left."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolBar, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.actions import TOOL_STRIP

CHOSEN_SHEET = """
QToolButton:checked {
    background: palette(midlight); border: none; border-left: 3px solid palette(highlight);
}
"""
"""A bar beside the icon says which tool is in hand, also without colour."""


class ToolStrip(QToolBar):
    """One button for each tool, and the swap of adding and taking away."""

    def __init__(self, actions: ActionSet, *, icon_size_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tool_strip")
        self.setWindowTitle(self.tr("Tools"))
        self.setAccessibleName(self.tr("Tools"))
        self.setMovable(False)
        self.setIconSize(QSize(icon_size_px, icon_size_px))
        self.renew_sheet()
        for action_id in TOOL_STRIP:
            qaction = actions[action_id]
            if action_id == "swap":
                self.addSeparator()
            self.addAction(qaction)
            button = self.widgetForAction(qaction)
            button.setAccessibleName(qaction.text())
            button.setMinimumSize(icon_size_px + 12, icon_size_px + 10)

    def renew_sheet(self) -> None:
        """Take the colours of the present palette: a style sheet keeps those it was set with."""
        self.setStyleSheet("")
        self.setStyleSheet(CHOSEN_SHEET)
