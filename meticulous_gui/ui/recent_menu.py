"""The menu of photos that were open lately."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu, QWidget

from meticulous_gui.ui.choices import Choices


class RecentMenu(QMenu):
    """Lists the photos anew each time it opens.

    Args:
        choices: remember them.
        open_paths: opens what is chosen.
    """

    def __init__(self, choices: Choices, open_paths: Callable[[list[Path]], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._choices = choices
        self._open_paths = open_paths
        self.setTitle(self.tr("Open recent"))
        self.setAccessibleName(self.tr("Open recent"))
        self.aboutToShow.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        self.clear()
        for path in self._choices.recent:
            # Not looked at here: a dead network folder would hold the menu.
            entry = self.addAction(path.name)
            entry.setToolTip(str(path))
            entry.triggered.connect(lambda _checked, path=path: self._open_paths([path]))
        if self.isEmpty():
            self.addAction(self.tr("No photo yet")).setEnabled(False)
