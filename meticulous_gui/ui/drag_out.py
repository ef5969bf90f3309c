"""The cut-out on its way into another program: a file in full size, made before it is dropped."""

from __future__ import annotations

import tempfile
import weakref
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QImage, QPixmap
from PySide6.QtWidgets import QWidget

from meticulous_gui.core.document import Document
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.export import export_cutout
from meticulous_gui.core.settings import Settings
from meticulous_gui.ui.panels.cutout_chip import THUMBNAIL_PX, CutoutChip
from meticulous_gui.ui.qimage import qimage_from_rgba
from meticulous_gui.ui.saving import COPY_MAX_PIXELS, joint_alpha
from meticulous_gui.ui.session import Session

THUMBNAIL_DELAY_MS = 150
SAMPLES_PX = 4 * THUMBNAIL_PX


_State = tuple[weakref.ref[Document], int, Settings]
"""The document, its revision, and what the person has chosen for exports."""


@dataclass(frozen=True)
class _Ready:
    """A file and what it was made of.

    Attributes:
        png: its content, for programs that take no files.
        picture: the same as pixels; null for a large one, which few receivers could take.
    """

    state: _State
    path: Path
    png: bytes
    picture: QImage


class DragOut(QObject):
    """Gives the chip its picture, and a hand that drags it a file.

    The file is written while the hand comes near, in the executor; a drag begins when it is there.

    Attributes:
        chip: to be put where it is found and never in the way.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.chip = chip = CutoutChip(parent)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._ready: _Ready | None = None
        self._making: _State | None = None
        self._is_wanted = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(THUMBNAIL_DELAY_MS)
        self._timer.timeout.connect(self.show_thumbnail)
        for changed in (session.changed, session.pointing.changed):  # an object that is open is no new step
            changed.connect(self._on_changed)
        chip.grasped.connect(self._prepare)
        chip.dragged.connect(self._on_dragged)
        chip.released.connect(self._on_released)

    def close(self) -> None:
        """Remove the files: the program leaves."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def show_thumbnail(self) -> None:
        """Show the cut-out of now, from a small level of its pixels: that takes no time at any size."""
        document, small = self._session.document, self._session.shown.small_cutout(SAMPLES_PX)
        if document is None or small is None or not small[1].any():
            self.chip.show_cutout(QImage(), "")
            return
        height, width = document.photo.size_hw
        sentence = self.tr("{width} × {height} px, PNG").format(width=width, height=height)
        self.chip.show_cutout(qimage_from_rgba(np.dstack(small)), sentence)

    def _on_changed(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_dragged(self) -> None:
        self._is_wanted = True
        self._prepare()
        self._start_if_ready()

    def _on_released(self) -> None:
        self._is_wanted = False
        self.chip.setCursor(Qt.CursorShape.OpenHandCursor)

    def _prepare(self) -> None:
        """Write the file, unless that of the present state is there or on its way."""
        document = self._session.document
        if document is None:
            return
        state = self._state(document)
        if state == self._making or (self._ready is not None and self._ready.state == state):
            return
        self._making, self._ready = state, None
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="meticulous-", ignore_cleanup_errors=True)
        settings = self._session.settings
        recipe = replace(settings.usual_recipe, format="png")
        photo, alpha = document.photo, joint_alpha(document)
        keeps_location = settings.export.keeps_location
        stem, folder = Path(photo.name).stem, Path(self._folder.name)

        def write() -> _Ready:
            path = folder / f"{recipe.file_stem(stem)}.png"
            export_cutout(photo, alpha, path, recipe, keeps_location=keeps_location)
            png = path.read_bytes()
            picture = QImage.fromData(png) if alpha.size <= COPY_MAX_PIXELS else QImage()
            return _Ready(state, path, png, picture)

        self._session.background.run(write, self._on_ready, self._on_failed)

    def _on_ready(self, ready: _Ready) -> None:
        if ready.state == self._making:
            self._making, self._ready = None, ready
        self._start_if_ready()

    def _on_failed(self, error: MeticulousError) -> None:
        self._making, self._is_wanted = None, False
        self.chip.let_go()
        self._session.message(str(error), kind="error", topic="export")

    def _start_if_ready(self) -> None:
        document = self._session.document
        if not self._is_wanted or document is None or not self.chip.is_held:
            return
        if self._ready is None or self._ready.state != self._state(document):
            self.chip.setCursor(Qt.CursorShape.BusyCursor)
            return
        self._is_wanted = False
        drag = QDrag(self.chip)
        drag.setMimeData(drag_data(self._ready.path, self._ready.png, self._ready.picture))
        drag.setPixmap(self._thumbnail())
        drag.setHotSpot(QPoint(THUMBNAIL_PX // 2, THUMBNAIL_PX // 2))
        # Copy alone: a folder that offered to move would take the file away from a second drag.
        drag.exec(Qt.DropAction.CopyAction)
        self.chip.let_go()  # the drag has eaten the release

    def _state(self, document: Document) -> _State:
        return weakref.ref(document), document.revision, self._session.settings

    def _thumbnail(self) -> QPixmap:
        how = Qt.TransformationMode.SmoothTransformation
        keep = Qt.AspectRatioMode.KeepAspectRatio
        ratio = self.chip.devicePixelRatioF()
        side_px = round(THUMBNAIL_PX * ratio)
        picture = self.chip.picture.scaled(side_px, side_px, keep, how)
        picture.setDevicePixelRatio(ratio)
        return QPixmap.fromImage(picture)


def drag_data(path: Path, png: bytes, picture: QImage) -> QMimeData:
    """Return what receivers choose from: the file for programs and folders, PNG bytes, then pixels."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    data.setData("image/png", png)
    if not picture.isNull():
        data.setImageData(picture)
    return data
