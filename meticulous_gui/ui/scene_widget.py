"""A widget that shows a scene: a frame of device pixels, composed where it is stale, and where the view is.

It knows no tools and no input; `canvas` adds those.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.render import Scene, View, ViewMode
from meticulous_gui.ui.canvas_frame import CanvasFrame, frame_size_hw, logical_rect, outer_box
from meticulous_gui.ui.composer import Composer
from meticulous_gui.ui.decorations import paint_pixel_grid, paint_progress, progress_rect
from meticulous_gui.ui.navigation import ZOOM_STEP, Place, place_for
from meticulous_gui.ui.theme import canvas_surround
from meticulous_gui.ui.views import ViewState

REST_MS = 80
"""After so long without a step of the zoom the hand is taken to rest."""


class SceneWidget(QWidget):
    """Shows a scene at any zoom.

    Attributes:
        views: how the scene is shown.
        composer: draws the frame.

    Signals (window thread):
        view_changed: (View) the part that is shown is another one.
    """

    view_changed = Signal(object)

    def __init__(self, views: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views = views
        self._frame = CanvasFrame()
        self.composer = Composer(self._frame, views)
        self._progress: float | None = None
        self._is_paint_due = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._sharpen)
        views.changed.connect(self.invalidate_all)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def place(self) -> Place | None:
        """Where the view is, None without a photo."""
        return self.composer.place

    @property
    def view(self) -> View:
        """The present view; 1:1 without a photo."""
        return self.composer.view

    @property
    def device_pixel_ratio(self) -> float:
        return self.devicePixelRatioF()

    @property
    def image_size_hw(self) -> tuple[int, int] | None:
        """Size of the photo, None while there is none."""
        return self.place.image_hw if self.place is not None else None

    @property
    def viewport_hw(self) -> tuple[int, int]:
        """Size of the canvas in device pixels."""
        return self._frame.size_hw

    @property
    def visible_box(self) -> Box:
        """The part of the photo that is seen."""
        return self.place.visible_box if self.place is not None else Box(0, 0, 0, 0)

    @property
    def frame_pixels(self) -> NDArray[np.uint8]:
        """The composed (H, W, 4) uint8 BGRX frame without decorations, brought up to date and exact."""
        self._sharpen()
        self._compose()
        return self._frame.pixels

    @property
    def is_paint_due(self) -> bool:
        """Whether the next paint will show something new, be it only the ring elsewhere; others wait."""
        return self._is_paint_due

    @property
    def is_rough(self) -> bool:
        """Whether the last paint was a quick first look that an exact one will follow."""
        return self._frame.is_rough

    def set_scene(self, scene: Scene | None, image_size_hw: tuple[int, int] | None = None) -> None:
        """Show another scene, or nothing.

        Args:
            scene: what to show.
            image_size_hw: size of the photo where the scene is only a smaller, first picture of it. The view
                is kept as long as this size (by default the scene's own) stays the same.
        """
        size_hw = None if scene is None else image_size_hw or scene.photo.size_hw
        is_other_photo = size_hw != self.image_size_hw
        if is_other_photo:
            self._leave_photo()
        self.composer.scene = scene
        if size_hw is None:
            self.composer.place = None
            self._view_moved()
        elif is_other_photo:
            self._put(place_for(size_hw, self._frame.size_hw))
        self.invalidate_all()

    def invalidate_image_box(self, box: Box) -> None:
        """Draw a box of image pixels again; costs its area on the screen, at the next paint."""
        if self.place is not None and not box.is_empty:
            self._invalidate(self.place.view.dirty_box(box))

    def invalidate_confidence(self, box: Box) -> None:
        """Draw a box of image pixels again where confidence is what is shown: no other view knows of it."""
        if self.views.shown_mode is ViewMode.CONFIDENCE:
            self.invalidate_image_box(box)

    def invalidate_all(self) -> None:
        """Draw everything again at the next paint."""
        self._frame.mark_all()
        self._ask_paint()

    def set_progress(self, fraction: float | None) -> None:
        """Show how much of a job is done, 0..1, in the canvas's lower edge; None takes the bar away."""
        if fraction != self._progress:
            self._progress = fraction
            self.refresh_overlay(progress_rect(self._frame.size_hw, self.device_pixel_ratio))

    def refresh_overlay(self, view_box: QRectF | None = None) -> None:
        """Repaint what is drawn over the frame: in a device-pixel rectangle, or everywhere."""
        if view_box is None:
            self._ask_paint()
            return
        self._ask_paint(logical_rect(outer_box(view_box), device_pixel_ratio=self.device_pixel_ratio))

    def go(self, place: Place, *, is_zooming: bool = False) -> None:
        """Show another part; a mere pan shifts finished pixels.

        Args:
            place: where to.
            is_zooming: more steps may follow soon (a wheel, a pinch). Where a whole frame takes long, each is
                shown roughly, and exactly as soon as the hand rests.
        """
        before = self.place
        self._put(place)
        self.composer.is_zooming = is_zooming
        if before is None or before.view.zoom != place.view.zoom or before.image_hw != place.image_hw:
            self.invalidate_all()
        elif before.view != place.view:
            zoom = place.view.zoom
            dx = round((before.view.origin_x - place.view.origin_x) * zoom)
            dy = round((before.view.origin_y - place.view.origin_y) * zoom)
            self._frame.shift(dx, dy)
            self._ask_paint()

    def fit(self) -> None:
        """Show the whole photo."""
        if self.place is not None:
            self.go(self.place.fitted())

    def zoom_to(self, zoom: float) -> None:
        """Go to a zoom in device pixels per image pixel, about the pointer or the middle."""
        if self.place is not None:
            self.go(self.place.zoomed_to(zoom, about_view_xy=self._about()))

    def zoom_by_steps(self, n_steps: float) -> None:
        """Zoom in (positive) or out by steps of the wheel."""
        if self.place is not None:
            factor = ZOOM_STEP**n_steps
            place = self.place.zoomed_by(factor, about_view_xy=self._about(), is_step=True)
            self.go(place, is_zooming=True)

    def zoom_to_box(self, box: Box) -> None:
        """Show a box of the photo as large as it fits; the whole photo for an empty one."""
        if self.place is not None:
            self.go(self.place.on_box(box))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by device pixels."""
        if self.place is not None:
            self.go(self.place.panned_by(dx, dy))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Compose what is stale, copy it to the screen, draw the rest over it."""
        self._is_paint_due = False
        self._compose()
        ratio = self.device_pixel_ratio
        painter = QPainter(self)
        # From here on one unit is one device pixel, at any scaling of the screen.
        painter.scale(1.0 / ratio, 1.0 / ratio)
        painter.drawImage(0, 0, self._frame.picture)
        if self.place is not None:
            paint_pixel_grid(painter, self.place.view, self.place.image_hw, Box.whole(self._frame.size_hw))
        self._paint_over(painter)
        if self._progress is not None:
            paint_progress(painter, progress_rect(self._frame.size_hw, ratio), self._progress, self.palette())
        painter.end()

    def _compose(self) -> None:
        surround = canvas_surround(self.palette())
        self.composer.surround_rgb = surround.red(), surround.green(), surround.blue()
        if self.composer.compose():
            self._rest.start()

    def _sharpen(self) -> None:
        """Draw exactly what was only shown roughly."""
        self.composer.is_zooming = False
        if self._frame.is_rough:
            self.invalidate_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._resize_frame()

    def event(self, event: QEvent) -> bool:
        """Follow the window to a screen of another scaling."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._resize_frame()
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.invalidate_all()
        super().changeEvent(event)

    def _ask_paint(self, rect: QRect | None = None) -> None:
        """Have a part painted soon, everything without one."""
        self._is_paint_due = True
        if rect is None:
            self.update()
        else:
            self.update(rect)

    def _invalidate(self, box: Box) -> None:
        marked = self._frame.mark(box)
        if not marked.is_empty:
            self._ask_paint(logical_rect(marked, device_pixel_ratio=self.device_pixel_ratio))

    def _resize_frame(self) -> None:
        size_hw = frame_size_hw(
            width=self.width(), height=self.height(), device_pixel_ratio=self.device_pixel_ratio
        )
        self._frame.resize(size_hw)
        if self.place is not None:
            self._put(self.place.resized(size_hw))
        self._ask_paint()

    def _put(self, place: Place) -> None:
        is_other_view = self.place is None or self.place.view != place.view
        self.composer.place = place
        if is_other_view:
            self._view_moved()
            self.view_changed.emit(place.view)

    # --- what a widget with tools adds -------------------------------------------------------------------

    def _leave_photo(self) -> None:
        """Let go of the photo that was shown, before another one or none is."""

    def _view_moved(self) -> None:
        """Follow a change of the view."""

    def _paint_over(self, painter: QPainter) -> None:
        """Draw over the frame; the painter is in device pixels."""

    def _about(self) -> tuple[float, float]:
        """Return what keys zoom about, in device pixels."""
        assert self.place is not None
        return self.place.centre_view_xy
