"""Commands for a folder of photos: open it, go through it, mark what is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.folder_work import FolderWork
from meticulous_gui.ui.mask_folders import MaskFolders
from meticulous_gui.ui.panels.batch import BatchDock
from meticulous_gui.ui.photo_list import FILTERS
from meticulous_gui.ui.strip.dock import StripDock


class FolderCommands:
    """Works on the list of photos, and on the strip that shows it.

    Args:
        work: follows the photos.
        strip: shows them.
        batch: the queue of photos to be cut out.
        masks: the folders of masks beside the photos.
        open_paths: opens photos and folders.
        canvas: gets the focus when the strip goes.
        settled: does something when all that was done to the open photo is there.
    """

    def __init__(
        self,
        work: FolderWork,
        strip: StripDock,
        batch: BatchDock,
        masks: MaskFolders,
        open_paths: Callable[[list[Path]], None],
        canvas: Canvas,
        *,
        settled: Callable[[Callable[[], None]], None],
    ) -> None:
        self._work = work
        self._strip = strip
        self._batch = batch
        self._masks = masks
        self._open_paths = open_paths
        self._canvas = canvas
        self._settled = settled
        strip.photo_wanted.connect(self.go_to)

    def open_dialog(self) -> None:
        """Let the person choose a folder of photos."""

        def take(folder: Path) -> None:
            self._open_paths([folder])

        choose_folder(self._canvas, QCoreApplication.translate("Commands", "Open a folder of photos"), take)

    def choose_masks(self) -> None:
        """Let the person choose the folder with the masks of these photos."""
        self._masks.choose()

    def step(self, n_steps: int) -> None:
        """Go on (positive) or back among the photos that the strip shows."""
        self._settled(lambda: self._work.step(n_steps))

    def go_to(self, path: Path) -> None:
        """Open a photo of the strip and give the keys to the canvas."""
        self._settled(lambda: self._work.go_to(path))
        self._canvas.setFocus()

    def toggle_done(self) -> None:
        """Mark the open photo as done, or take the mark back."""
        self._work.toggle_done()

    def finish_and_step(self) -> None:
        """Mark the open photo as done and go to the next one."""
        self._settled(self._work.finish_and_step)

    def cycle_filter(self) -> None:
        """Show the photos of the next kind."""
        photos = self._work.photos
        photos.set_filter(FILTERS[(FILTERS.index(photos.filter) + 1) % len(FILTERS)])

    def toggle_strip(self) -> None:
        """Show the strip and give it the keys, or hide it."""
        is_shown = not self._strip.isVisible()
        self._strip.setVisible(is_shown)
        (self._strip.view if is_shown else self._canvas).setFocus()

    def toggle_batch(self) -> None:
        """Show the queue and give it the keys, or hide it; what is in work goes on."""
        if not self._batch.isVisible() or self._batch.visibleRegion().isEmpty():
            self._batch.bring_up()
            return
        self._batch.hide()
        self._canvas.setFocus()


def choose_folder(parent: QWidget, title: str, take: Callable[[Path], None]) -> None:
    """Let the person choose a folder, without waiting for the answer."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def choose_file(parent: QWidget, title: str, proposed: Path, take: Callable[[Path], None]) -> None:
    """Let the person choose a file to write, without waiting for the answer; an existing one after a word."""
    dialog = QFileDialog(parent, title, str(proposed.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(proposed.suffix)
    dialog.selectFile(proposed.name)
    dialog.fileSelected.connect(lambda name: take(Path(name)))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
