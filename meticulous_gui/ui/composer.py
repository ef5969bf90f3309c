"""Draws a scene into the canvas's frame: exactly, or roughly first where a hand zooms and that takes long."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.ground import Ground
from meticulous_gui.core.render import Scene, View, ViewMode, render_into

if TYPE_CHECKING:
    from meticulous_gui.ui.canvas_frame import CanvasFrame
    from meticulous_gui.ui.navigation import Place
    from meticulous_gui.ui.views import ViewState

ONE_TO_ONE = View(1.0, 0.0, 0.0)


class Composer:
    """Composes what is stale in a frame.

    Attributes:
        scene: what is drawn, None for nothing.
        place: where the view is, None without a photo.
        surround_rgb: the colour around the photo.
        is_zooming: more steps of a zoom may follow soon.
        rough_above_ms: while the view is zoomed, frames that would take longer are drawn roughly first.

    Args:
        frame: what is drawn into.
        views: how the scene is shown.
    """

    def __init__(self, frame: CanvasFrame, views: ViewState) -> None:
        self._frame = frame
        self._views = views
        self._whole_frame_ms = 0.0
        self._ground = Ground()
        self.scene: Scene | None = None
        self.place: Place | None = None
        self.surround_rgb = (0, 0, 0)
        self.is_zooming = False
        self.rough_above_ms = 14.0

    @property
    def view(self) -> View:
        """The present view; 1:1 without a photo."""
        return self.place.view if self.place is not None else ONE_TO_ONE

    def compose(self) -> bool:
        """Draw what is stale; return whether that was only a quick first look."""
        if not self._frame.is_all_stale:
            self._frame.compose(self._render)
            return False
        if self.is_zooming and self._whole_frame_ms > self.rough_above_ms:
            self._frame.compose_rough(self._render_half)
            return True
        start_s = time.perf_counter()
        self._frame.compose(self._render)
        self._whole_frame_ms = (time.perf_counter() - start_s) * 1e3
        self.is_zooming = False
        return False

    def _render_half(self, pixels: NDArray[np.uint8], box: Box) -> None:
        view = self.view
        self._render_view(pixels, box, View(view.zoom / 2.0, view.origin_x, view.origin_y))

    def _render(self, pixels: NDArray[np.uint8], box: Box) -> None:
        self._render_view(pixels, box, self.view)

    def _render_view(self, pixels: NDArray[np.uint8], box: Box, view: View) -> None:
        red, green, blue = self.surround_rgb
        if self.scene is None or self.place is None:
            pixels[box.slices()] = (blue, green, red, 255)
            return
        scene = replace(
            self.scene,
            overlay_opacity=self._views.overlay_opacity,
            overlay_inverted=self._views.is_overlay_inverted,
            backdrop_rgb=self.surround_rgb,
            ground=self._ground,
        )
        # The scene's own pixels are larger ones while it is a first, small picture.
        scale = self.scene.photo.size_hw[1] / self.place.image_hw[1]
        scene_view = View(view.zoom / scale, view.origin_x * scale, view.origin_y * scale)
        # Before the first layer a cut-out would be an empty canvas; the photo is what there is to see.
        mode = self._views.shown_mode if self.scene.layers else ViewMode.PHOTO
        render_into(pixels, scene, scene_view, box, mode)
