"""Where the view may go: zoom about a point, limits, the catch at 100 %, fit; pure functions of values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.render import View

ZOOM_STEP = 2.0 ** (1.0 / 4.0)
MAX_ZOOM = 64.0
CATCH_RATIO = 1.03
PIXEL_GRID_FROM_ZOOM = 16.0
FIT_MARGIN = 0.02
MIN_SHOWN_PX = 4.0
SMOOTH_ZOOM_PER_PX = 1.0 / 240.0
REVEALED_PX = 24.0
"""So far from the rim of the canvas, in device pixels, lies what is brought into view."""


@dataclass(frozen=True)
class Place:
    """The view and what bounds it.

    Attributes:
        view: zoom in device pixels per image pixel, origin in image pixels.
        image_hw: size of the photo.
        viewport_hw: size of the canvas in device pixels, at least 1 x 1.
        free_zoom: the zoom the hand asked for, before 100 % caught it.
        is_fitted: whether the view follows the window's size.
        anchor: (view_x, view_y, x, y) of the running zoom: its device point and the image point there.
    """

    view: View
    image_hw: tuple[int, int]
    viewport_hw: tuple[int, int]
    free_zoom: float = 1.0
    is_fitted: bool = True
    anchor: tuple[float, float, float, float] | None = None

    @property
    def fit_zoom(self) -> float:
        """The zoom that shows all of the photo with a slim margin; of a thin strip, what can be seen."""
        ratios = (view / max(image, 1) for view, image in zip(self.viewport_hw, self.image_hw, strict=True))
        whole = min(min(ratios) * (1.0 - 2.0 * FIT_MARGIN), MAX_ZOOM)
        # A panorama 20 pixels high would be half a pixel high, and nothing would be there.
        return max(whole, min(min(MIN_SHOWN_PX, *self.viewport_hw) / max(min(self.image_hw), 1), 1.0))

    @property
    def min_zoom(self) -> float:
        return min(self.fit_zoom, 1.0) / 2.0

    @property
    def centre_view_xy(self) -> tuple[float, float]:
        """The middle of the viewport in device pixels."""
        return self.viewport_hw[1] / 2.0, self.viewport_hw[0] / 2.0

    @property
    def visible_box(self) -> Box:
        """The part of the photo that is seen, outwards to whole pixels."""
        return self.view.view_box_to_image(Box.whole(self.viewport_hw)).clip(Box.whole(self.image_hw))

    def fitted(self) -> Place:
        """Show the whole photo."""
        return replace(self._centred(Box.whole(self.image_hw), self.fit_zoom), is_fitted=True)

    def on_box(self, box: Box) -> Place:
        """Show `box` as large as it fits, with a margin of a tenth, and not beyond 800 %."""
        if box.is_empty:
            return self.fitted()
        ratios = [view / max(side, 1) for view, side in zip(self.viewport_hw, box.size_hw, strict=True)]
        return self._centred(box, min(max(min(ratios) * 0.8, self.min_zoom), 8.0))

    def zoomed_to(self, zoom: float, *, about_view_xy: tuple[float, float]) -> Place:
        """Go to exactly this zoom; the image point under `about_view_xy` stays there."""
        zoom = min(max(zoom, self.min_zoom), MAX_ZOOM)
        return self._with_zoom(zoom, free_zoom=zoom, about_view_xy=about_view_xy)

    def zoomed_by(self, factor: float, *, about_view_xy: tuple[float, float], is_step: bool) -> Place:
        """Zoom by `factor` and let 100 % catch the view.

        A step (a wheel's notch, a key) that would pass 100 % stops there. A smooth gesture is held only
        within 3 % of it, and what the hand asked for goes on in `free_zoom`, so that it can leave again.
        """
        free = min(max(self.free_zoom * factor, self.min_zoom), MAX_ZOOM)
        passes = (self.free_zoom < 1.0 < free) or (free < 1.0 < self.free_zoom)
        is_near = max(free, 1.0 / free) <= CATCH_RATIO
        if is_step and (passes or is_near):
            return self._with_zoom(1.0, free_zoom=1.0, about_view_xy=about_view_xy)
        return self._with_zoom(1.0 if is_near else free, free_zoom=free, about_view_xy=about_view_xy)

    def panned_by(self, dx: float, dy: float) -> Place:
        """Move the picture by device pixels."""
        return replace(self, view=self._bounded(self.view.panned_by(dx, dy)), is_fitted=False, anchor=None)

    def resized(self, viewport_hw: tuple[int, int]) -> Place:
        """Follow the window's new size: fitted stays fitted, else the middle stays in the middle."""
        height, width = max(viewport_hw[0], 1), max(viewport_hw[1], 1)
        moved = replace(self, viewport_hw=(height, width), anchor=None)
        if self.is_fitted:
            return moved.fitted()
        shift_x = (self.viewport_hw[1] - width) / 2.0 / self.view.zoom
        shift_y = (self.viewport_hw[0] - height) / 2.0 / self.view.zoom
        view = View(self.view.zoom, self.view.origin_x + shift_x, self.view.origin_y + shift_y)
        return replace(moved, view=moved._bounded(view))

    def revealing(self, x: float, y: float) -> Place:
        """Pan just enough that an image point is inside the viewport."""
        view_x, view_y = self.view.image_to_view(x, y)
        height, width = self.viewport_hw
        dx = _into_range(view_x, REVEALED_PX, width - REVEALED_PX) - view_x
        dy = _into_range(view_y, REVEALED_PX, height - REVEALED_PX) - view_y
        return self if dx == 0.0 and dy == 0.0 else self.panned_by(dx, dy)

    def _with_zoom(self, zoom: float, *, free_zoom: float, about_view_xy: tuple[float, float]) -> Place:
        # Zooming on about one point starts from what was first seen there: snapping and limits do not add up.
        if self.anchor is not None and self.anchor[:2] == about_view_xy:
            x, y = self.anchor[2:]
        else:
            x, y = self.view.view_to_image(*about_view_xy)
        view = View(zoom, x - about_view_xy[0] / zoom, y - about_view_xy[1] / zoom)
        return replace(
            self,
            view=self._bounded(view),
            free_zoom=free_zoom,
            is_fitted=False,
            anchor=(*about_view_xy, x, y),
        )

    def _centred(self, box: Box, zoom: float) -> Place:
        centre_x, centre_y = (box.x0 + box.x1) / 2.0, (box.y0 + box.y1) / 2.0
        height, width = self.viewport_hw
        view = View(zoom, centre_x - width / 2.0 / zoom, centre_y - height / 2.0 / zoom)
        return replace(self, view=self._bounded(view), free_zoom=zoom, is_fitted=False, anchor=None)

    def _bounded(self, view: View) -> View:
        """Keep the middle of the viewport over the photo, then put the origin on whole device pixels.

        On whole pixels a pan is a shift of the finished frame, exact at any device pixel ratio.
        """
        (image_h, image_w), (view_h, view_w), zoom = self.image_hw, self.viewport_hw, view.zoom
        half_w, half_h = view_w / 2.0 / zoom, view_h / 2.0 / zoom
        origin_x = _into_range(view.origin_x, -half_w, image_w - half_w)
        origin_y = _into_range(view.origin_y, -half_h, image_h - half_h)
        return View(zoom, origin_x, origin_y).snapped()


def place_for(image_hw: tuple[int, int], viewport_hw: tuple[int, int]) -> Place:
    """Return the place that shows a whole photo in a viewport."""
    viewport_hw = max(viewport_hw[0], 1), max(viewport_hw[1], 1)
    return Place(View(1.0, 0.0, 0.0), image_hw, viewport_hw).fitted()


def _into_range(value: float, low: float, high: float) -> float:
    return min(max(value, low), high) if low <= high else (low + high) / 2.0
