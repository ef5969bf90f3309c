"""Parts of the photo that the canvas points out: where something just happened, what is to be looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF, QTimer
from PySide6.QtGui import QPainter

from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.decorations import paint_corners, paint_rectangle
from meticulous_gui.ui.tools.base import Surface

FLASH_MS = 300


class Highlights(QObject):
    """At most one part that is outlined for a moment, and one that stays between corners.

    Args:
        surface: the canvas that shows them.
    """

    def __init__(self, surface: Surface, parent: QObject) -> None:
        super().__init__(parent)
        self._surface = surface
        self._flashed: Box | None = None
        self._marked: Box | None = None
        self._flash_end = QTimer(self, singleShot=True, interval=FLASH_MS)
        self._flash_end.timeout.connect(lambda: self.flash(None))

    @property
    def marked(self) -> Box | None:
        """The part that is marked to be looked at."""
        return self._marked

    def flash(self, box: Box | None) -> None:
        """Outline a part for a moment: something happened there. None ends it at once."""
        self._flashed = box
        if box is not None:
            self._flash_end.start()
        self._surface.refresh_overlay()

    def mark(self, box: Box | None) -> None:
        """Put corners around a part that is to be looked at, or take them away."""
        if box != self._marked:
            self._marked = box
            self._surface.refresh_overlay()

    def clear(self) -> None:
        """Point nothing out any more: another photo comes."""
        self.flash(None)
        self.mark(None)

    def paint(self, painter: QPainter) -> None:
        """Draw them; the painter is in device pixels."""
        ratio = self._surface.device_pixel_ratio
        if self._marked is not None:
            paint_corners(painter, self._rect(self._marked), device_pixel_ratio=ratio)
        if self._flashed is not None:
            paint_rectangle(painter, self._rect(self._flashed), device_pixel_ratio=ratio, is_dashed=False)

    def _rect(self, box: Box) -> QRectF:
        """Return where a box of image pixels lies, in device pixels."""
        view = self._surface.view
        left, top = view.image_to_view(box.x0, box.y0)
        right, bottom = view.image_to_view(box.x1, box.y1)
        return QRectF(left, top, right - left, bottom - top)
