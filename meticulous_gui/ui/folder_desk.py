"""The parts of the window that work on a folder of photos, put together."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QTabBar, QTabWidget

from meticulous_gui.core.batch_item import Item
from meticulous_gui.core.photo_states import PhotoState
from meticulous_gui.core.target_format import TargetFormat
from meticulous_gui.ui.batching import BatchQueue
from meticulous_gui.ui.commands.folder import FolderCommands, choose_file, choose_folder
from meticulous_gui.ui.folder_annotations import FolderAnnotations
from meticulous_gui.ui.folder_work import FolderWork
from meticulous_gui.ui.mask_folders import MaskFolders
from meticulous_gui.ui.messages import Choice, Message
from meticulous_gui.ui.panels.batch import BatchDock
from meticulous_gui.ui.photo_list import PhotoList
from meticulous_gui.ui.quiet_saving import QuietSaving
from meticulous_gui.ui.rows.folder import OPEN_PHOTO_MENU, PHOTO_MENU
from meticulous_gui.ui.strip.dock import StripDock
from meticulous_gui.ui.thumbnails import Thumbnails

if TYPE_CHECKING:
    from meticulous_gui.ui.window import MainWindow


class FolderDesk(QObject):
    """What a window has for folders.

    Attributes:
        photos, quiet, work, thumbnails, strip, queue, batch: the parts.

    Args:
        ask: the question about unsaved work.
        rests: keeps what is open; False where its argument is called later, when that is done.
    """

    def __init__(
        self,
        window: MainWindow,
        *,
        ask: Callable[[Callable[[], None]], None],
        rests: Callable[[Callable[[], object]], bool],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._rests = rests
        session, saving = window.session, window.saving
        results_title = QCoreApplication.translate("Commands", "Write the results to")
        report_title = QCoreApplication.translate("Commands", "Save the report as")
        title = QCoreApplication.translate("Commands", "Save the layers in")
        self.photos = PhotoList(self)
        self.quiet = QuietSaving(
            session, saving, ask=ask, choose_folder=lambda take: choose_folder(window, title, take)
        )
        session.opener.leave = lambda then: self._settled(lambda: self.quiet.leave(then))
        self.work = FolderWork(session, saving, self.photos, self.quiet)
        self.thumbnails = Thumbnails(session)
        self.strip = StripDock(self.photos, self.thumbnails, window)
        self.strip.hide()
        self.strip.view.menu_wanted.connect(self._show_menu)
        masks_title = QCoreApplication.translate("Commands", "Take masks from")
        self.masks = MaskFolders(
            session,
            self.photos,
            window.masks,
            window.keeping,
            window.choices,
            annotations=FolderAnnotations(session, self.photos, window.masks, window.keeping, window.choices),
            choose_folder=lambda take: choose_folder(window, masks_title, take),
        )
        self.masks.paired.connect(self.work.ahead.forget)
        self.queue = BatchQueue(session)
        self.batch = BatchDock(
            self.queue,
            sources=self._sources,
            settings=lambda: window.choices.settings,
            choose_folder=lambda take: choose_folder(window, results_title, take),
            choose_file=lambda proposed, take: choose_file(window, report_title, proposed, take),
            parent=window,
        )
        self.batch.hide()
        self.batch.left.connect(lambda: window.canvas.setFocus())
        self.queue.photo_done.connect(self._on_photo_done)
        self.queue.finished.connect(self._on_queue_finished)
        self.photos.listed.connect(self._on_listed)
        for signal in (self.photos.rows_changed, self.strip.view.selectionModel().selectionChanged):
            signal.connect(self._offer_sources)
        window.choices.changed.connect(self._offer_sources)
        self.photos.state_changed.connect(lambda _path: window.actions_set.schedule())

    @property
    def is_done(self) -> bool:
        """Whether the open photo is marked as done."""
        current = self.photos.current
        return current is not None and self.photos.state(current) is PhotoState.DONE

    def make_commands(self) -> FolderCommands:
        """Return what the actions of the folder menu call."""
        window = self._window
        return FolderCommands(
            self.work,
            self.strip,
            self.batch,
            self.masks,
            window.open_paths,
            window.canvas,
            settled=self._settled,
        )

    def _settled(self, then: Callable[[], None]) -> None:
        """Do `then` when all that was done to the open photo is there, the stroke in hand included."""
        self._window.canvas.finish_gesture()
        if self._rests(lambda: self._settled(then)):
            then()

    def lay_out(self) -> None:
        """Put the strip under the canvas."""
        self._window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.strip)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.batch)
        # As tabs: one above the other both would be cramped on a laptop's screen.
        self._window.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        self._window.tabifyDockWidget(self._window.panels, self.batch)
        for dock in (self._window.panels, self.batch):
            dock.visibilityChanged.connect(partial(_show_content, dock))
            dock.visibilityChanged.connect(lambda: QTimer.singleShot(0, self, self._lead_past_lone_tabs))

    def holds_window(self) -> bool:
        """Return whether closing would end the queue, and offer that."""
        if not self.queue.is_running:
            return False
        n_left = self.queue.n_total - self.queue.n_finished
        sentence = self.tr("Photos of the queue that are not done: {count}. Results that are written stay.")
        choice = Choice(self.tr("End the queue and close"), self._end_and_close)
        message = Message(sentence.format(count=n_left), "warning", (choice,), topic="leave")
        self._window.session.post(message)
        return True

    def hide(self) -> None:
        """Show nothing of folders, as at the start."""
        self.strip.hide()
        self.batch.hide()

    def _lead_past_lone_tabs(self) -> None:
        """Let the Tab key pass the tabs of a panel that is alone: Qt keeps them, out of sight."""
        only_direct = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self._window.findChildren(QTabBar, options=only_direct):
            bar.setAccessibleName(self.tr("Panels at the side"))
            is_choice = bar.count() > 1
            bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_choice else Qt.FocusPolicy.NoFocus)

    def _end_and_close(self) -> None:
        self.queue.close()
        self._window.close()

    def _sources(self) -> list[tuple[str, tuple[Path, ...]]]:
        """Return the choices of photos for the queue, the narrowest first: who selects some means these."""
        photos, selected = self.photos, tuple(self.strip.view.selected)
        found = [(self.tr("Photos selected"), selected)] if len(selected) > 1 else []
        if 0 < len(photos.shown) < photos.n_photos:
            shown = tuple(photos.paths[index] for index in photos.shown)
            found.append((self.tr("Photos shown"), shown))
        if photos.paths:
            found.append((self.tr("All photos"), photos.paths))
        return found

    def _offer_sources(self, *_changes: object) -> None:
        if self.batch.isVisible():
            self.batch.refresh()

    def _on_queue_finished(self) -> None:
        """Say how it went to a person who has closed the panel."""
        if self.batch.isVisible() or not self.queue.n_finished:
            return
        sentence = self.tr("The queue is done: {sum}.").format(sum=self.batch.sum.text())
        show = Choice(self.tr("Show the queue"), self.batch.bring_up)
        self._window.session.post(Message(sentence, choices=(show,), topic="batch"))

    def _on_photo_done(self, item: Item, target: TargetFormat) -> None:
        path = Path(item.input)
        is_worked_on = self.photos.state(path) in (PhotoState.EDITED, PhotoState.DONE)
        if target.kind == "cutout" and not is_worked_on:  # a person's mark stays
            self.work.note_exported(path)

    def _show_menu(self, path: Path, place: QPoint) -> None:
        """Show what can be done with a photo of the strip."""
        is_open = path == self.photos.current
        names = OPEN_PHOTO_MENU if is_open else PHOTO_MENU
        menu = self._window.actions_set.make_menu(names, self.strip)
        if not is_open:
            open_it = QAction(self.tr("Open this photo"), menu)
            open_it.triggered.connect(lambda: self.strip.photo_wanted.emit(path))
            menu.insertAction(menu.actions()[0], open_it)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _on_listed(self) -> None:
        """Show the strip for a folder that was opened; the neighbours of a single photo come quietly."""
        self.thumbnails.forget_waiting()
        if self.photos.is_folder:
            self.strip.show()


def _show_content(dock: QDockWidget, is_in_front: bool) -> None:
    """Hide what a panel behind another one holds: Qt only moves it out of sight, where Tab still finds it."""
    for part in (dock.widget(), dock.titleBarWidget()):
        if part is not None:
            part.setVisible(is_in_front)
