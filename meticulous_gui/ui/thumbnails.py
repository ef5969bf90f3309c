"""Small pictures of photos, decoded in the background one at a time, what is in view first."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.photo import load_preview
from meticulous_gui.ui.qimage import qimage_from_rgb
from meticulous_gui.ui.session import Session

SIDE_PX = 192
"""Longest side in device pixels: twice what the strip shows at 100 %."""
N_KEPT = 400
"""About 40 MB at most."""
N_WAITING = 48
"""More than one strip shows at once; what was asked for before has scrolled away."""
N_IN_VIEW = 10
"""A strip asks from left to right: of so many that were asked for last, the first is made next."""


class Thumbnails(QObject):
    """A bounded cache of small pictures.

    One at a time: the other workers stay free for the photo that a person opens.

    Signals:
        arrived: (Path) the picture is there, or it is known why there is none.
    """

    arrived = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._kept: OrderedDict[Path, QPixmap | str] = OrderedDict()
        self._waiting: list[Path] = []
        self._decoding: Path | None = None
        session.document_opened.connect(self._on_opened)

    @property
    def n_kept(self) -> int:
        return len(self._kept)

    def get(self, path: Path) -> QPixmap | None:
        """Return the picture, or None and have it made."""
        found = self._kept.get(path)
        if found is None:
            self._want(path)
            return None
        self._kept.move_to_end(path)
        return found if isinstance(found, QPixmap) else None

    def problem(self, path: Path) -> str:
        """Return why a photo has no picture, in one sentence, or ""."""
        found = self._kept.get(path)
        return found if isinstance(found, str) else ""

    def forget_waiting(self) -> None:
        """Make nothing that was asked for so far: other photos are shown now."""
        self._waiting.clear()

    def _on_opened(self) -> None:
        """Try once more where there was no picture: the file was still being copied, or was mended."""
        document = self._session.document
        path = document.photo.path if document is not None else None
        if path is not None and self.problem(path):
            del self._kept[path]
            self.arrived.emit(path)  # who shows it asks again

    def _want(self, path: Path) -> None:
        if path == self._decoding:
            return
        if path in self._waiting:
            self._waiting.remove(path)
        self._waiting.append(path)
        del self._waiting[:-N_WAITING]
        self._decode_next()

    def _decode_next(self) -> None:
        if self._decoding is not None or not self._waiting:
            return
        self._decoding = path = self._waiting.pop(max(len(self._waiting) - N_IN_VIEW, 0))
        limits = self._session.limits

        def failed(error: MeticulousError) -> None:
            self._keep(path, str(error))

        self._session.background.run(
            lambda: load_preview(path, max_side_px=SIDE_PX, limits=limits).rgb,
            lambda rgb: self._keep(path, QPixmap.fromImage(qimage_from_rgb(rgb))),
            failed,
        )

    def _keep(self, path: Path, picture: QPixmap | str) -> None:
        self._kept[path] = picture
        while len(self._kept) > N_KEPT:
            self._kept.popitem(last=False)
        self._decoding = None
        self.arrived.emit(path)
        self._decode_next()
