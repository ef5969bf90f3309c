"""Small pictures of what the steps of the history changed, made when a row is seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from meticulous_gui.core.document import Document
from meticulous_gui.core.step import Step
from meticulous_gui.core.step_picture import draw_photo, draw_sketch, sketch_step
from meticulous_gui.core.types import RgbImage
from meticulous_gui.ui.qimage import qimage_from_rgb
from meticulous_gui.ui.session import Session

SIDE_PX = 72
"""Longest side in device pixels: twice what the panel shows at 100 %."""

N_KEPT = 200
"""About 4 MB at most."""

OPENED = 0
"""Stands for the photo as it was opened; steps are numbered from 1."""

Key = tuple[int, int]
"""Number of the step, and its version."""


class StepPictures(QObject):
    """A bounded cache; the drawing is done in the executor.

    A picture is made from the step itself and not from what is seen now: undo, redo and other branches do not
    change it.

    Signals:
        arrived: a picture is there.
    """

    arrived = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._document: Document | None = None
        self._kept: OrderedDict[Key, QPixmap | None] = OrderedDict()
        self._waiting: set[Key] = set()
        session.document_opened.connect(self._follow)  # nobody asks for pictures while the panel is hidden

    @property
    def n_kept(self) -> int:
        return len(self._kept)

    def of_photo(self) -> QPixmap | None:
        """Return the photo itself, small; None while it is being made."""
        return self._get((OPENED, 0), None)

    def of_step(self, step: Step) -> QPixmap | None:
        """Return the picture of a step; None while it is made, and for a step that changed no pixel."""
        return self._get((step.id, step.version), step) if not step.is_open else None

    def _get(self, key: Key, step: Step | None) -> QPixmap | None:
        self._follow()
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._waiting:
            self._make(key, step)
        return self._kept.get(key)

    def _follow(self) -> None:
        """Let go of another document than the one that is open."""
        if self._session.document is not self._document:
            self._document = self._session.document
            self._kept.clear()
            self._waiting.clear()

    def _make(self, key: Key, step: Step | None) -> None:
        document, scene = self._document, self._session.shown.scene
        if document is None or scene is None:
            return
        photo = scene.photo
        if step is None:
            self._run(key, lambda: draw_photo(photo, side_px=SIDE_PX))
            return
        colours = {layer.id: layer.colour for layer in document.layers}
        sketch = sketch_step(step, photo, colours, side_px=SIDE_PX)
        if sketch is None:
            self._keep(key, None)
        else:
            self._run(key, lambda: draw_sketch(sketch, side_px=SIDE_PX))

    def _run(self, key: Key, draw: Callable[[], RgbImage]) -> None:
        document = self._document
        self._waiting.add(key)

        def take(picture: RgbImage) -> None:
            if document is self._document:
                self._waiting.discard(key)
                self._keep(key, QPixmap.fromImage(qimage_from_rgb(picture)))
                self.arrived.emit()

        self._session.background.run(draw, take)

    def _keep(self, key: Key, picture: QPixmap | None) -> None:
        self._kept[key] = picture
        while len(self._kept) > N_KEPT:
            self._kept.popitem(last=False)
