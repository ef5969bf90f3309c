"""The parts of the window that work on a folder of photos, put together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt

from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.ui.commands.folder import FolderCommands, choose_folder
from meticulous_gui.ui.folder_work import FolderWork
from meticulous_gui.ui.photo_list import PhotoList
from meticulous_gui.ui.quiet_saving import QuietSaving
from meticulous_gui.ui.strip.dock import StripDock
from meticulous_gui.ui.thumbnails import Thumbnails

if TYPE_CHECKING:
    from meticulous_gui.ui.window import MainWindow


class FolderDesk(QObject):
    """What a window has for folders.

    Attributes:
        photos, quiet, work, thumbnails, strip: the parts.

    Args:
        ask: the question about unsaved work.
    """

    def __init__(self, window: MainWindow, *, ask: Callable[[Callable[[], None]], None]) -> None:
        super().__init__(window)
        self._window = window
        session, saving = window.session, window.saving
        title = QCoreApplication.translate("Commands", "Save the layers in")
        self.photos = PhotoList(self)
        self.quiet = QuietSaving(
            session, saving, ask=ask, choose_folder=lambda take: choose_folder(window, title, take)
        )
        self.work = FolderWork(session, saving, self.photos, self.quiet)
        self.thumbnails = Thumbnails(session)
        self.strip = StripDock(self.photos, self.thumbnails, window)
        self.strip.hide()
        self.photos.listed.connect(self._on_listed)
        self.photos.state_changed.connect(lambda _path: window.actions_set.schedule())

    @property
    def is_done(self) -> bool:
        """Whether the open photo is marked as done."""
        current = self.photos.current
        return current is not None and self.photos.state(current) is PhotoState.DONE

    def make_commands(self) -> FolderCommands:
        """Return what the actions of the folder menu call."""
        window = self._window
        return FolderCommands(self.work, self.strip, window.open_paths, window.canvas)

    def lay_out(self) -> None:
        """Put the strip under the canvas."""
        self._window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.strip)

    def _on_listed(self) -> None:
        """Show the strip for a folder that was opened; the neighbours of a single photo come quietly."""
        self.thumbnails.forget_waiting()
        if self.photos.is_folder:
            self.strip.show()
