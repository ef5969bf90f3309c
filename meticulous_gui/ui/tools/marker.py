"""A felt pen: a translucent trace on the canvas and the pixels of the photo that it went over."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from meticulous_gui.core.brush import StrokeCoverage
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.render import View
from meticulous_gui.core.types import Mask
from meticulous_gui.ui.tools.base import PointerEvent, Surface

TRACE = QColor(255, 176, 0, 110)


class MarkerTrace:
    """One stroke of the marker; each move costs what it adds.

    The trace is kept as a picture in device pixels and drawn anew only when the view moves under it.
    """

    def __init__(
        self, surface: Surface, event: PointerEvent, *, radius_px: float, image_hw: tuple[int, int]
    ) -> None:
        """Begin at `event`; `radius_px` is in image pixels."""
        self._surface = surface
        self._radius_px = radius_px
        self._coverage = StrokeCoverage(image_hw, radius_px=radius_px)
        self._points_xy: list[tuple[float, float]] = [(event.x, event.y)]
        self._coverage.extend([(event.x, event.y, 1.0)])
        self._picture = QImage()
        self._drawn_view: View | None = None
        self._n_drawn = 0
        surface.refresh_overlay(self._rect([self._points_xy[0]]))

    def move_to(self, event: PointerEvent) -> None:
        """Go on to the pointer."""
        self._points_xy.append((event.x, event.y))
        self._coverage.extend([(event.x, event.y, 1.0)])
        self._surface.refresh_overlay(self._rect(self._points_xy[-2:]))

    def region(self) -> tuple[Mask, Box]:
        """Return the covered pixels, (h, w) bool, and the box they lie in; empty beside the photo."""
        self._coverage.finish()
        return self._coverage.mask(), self._coverage.box

    def erase(self) -> None:
        """Take the trace off the canvas (after whoever draws it has let it go)."""
        self._surface.refresh_overlay(self._rect(self._points_xy))

    def paint(self, painter: QPainter) -> None:
        """Draw the trace; the painter is in device pixels."""
        self._bring_up_to_date()
        painter.drawImage(0, 0, self._picture)

    def _bring_up_to_date(self) -> None:
        view, (height, width) = self._surface.view, self._surface.viewport_hw
        if self._drawn_view != view or (self._picture.height(), self._picture.width()) != (height, width):
            self._picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
            self._picture.fill(Qt.GlobalColor.transparent)
            self._drawn_view, self._n_drawn = view, 0
        if self._n_drawn == len(self._points_xy):
            return
        pen = QPen(TRACE, 2.0 * self._radius_px * view.zoom)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        points = [QPointF(*view.image_to_view(*xy)) for xy in self._points_xy[max(self._n_drawn - 1, 0) :]]
        painter = QPainter(self._picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Source, not over: where pieces overlap the trace must not become denser.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setPen(pen)
        if len(points) == 1:
            painter.drawPoint(points[0])
        painter.drawLines([QLineF(first, second) for first, second in pairwise(points)])
        painter.end()
        self._n_drawn = len(self._points_xy)

    def _rect(self, points_xy: list[tuple[float, float]]) -> QRectF:
        view = self._surface.view
        reach = self._radius_px * view.zoom + 2.0
        xs, ys = zip(*(view.image_to_view(*xy) for xy in points_xy), strict=True)
        return QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys))).adjusted(
            -reach, -reach, reach, reach
        )
