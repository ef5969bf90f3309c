"""What stands on the empty canvas: open a photo, or try the sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

if TYPE_CHECKING:
    from meticulous_gui.ui.action_set import ActionSet


class StartPanel(QWidget):
    """Two buttons for somebody who has no photo open."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Start"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for action_id in ("open", "open_sample"):
            qaction = actions[action_id]
            button = QPushButton(qaction.text(), self)
            button.setAccessibleName(qaction.text())
            button.setToolTip(qaction.toolTip())
            button.setMinimumHeight(34)
            button.clicked.connect(qaction.trigger)
            layout.addWidget(button)


def show_folder(folder: Path) -> None:
    """Show a folder in the file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
