"""Commands that change what is seen and which tool is in hand; none of them touches the document."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from meticulous_gui.core.geometry import bounding_box
from meticulous_gui.core.render import ViewMode
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.toolbox import Toolbox
from meticulous_gui.ui.tools.brush_settings import BrushSettings


class ViewCommands:
    """Turns the knobs of the canvas, the toolbox and the window."""

    def __init__(
        self, session: Session, canvas: Canvas, toolbox: Toolbox, window: QMainWindow, panels: QDockWidget
    ) -> None:
        self._session = session
        self._canvas = canvas
        self._toolbox = toolbox
        self._window = window
        self._panels = panels

    def choose_tool(self, tool_id: str) -> None:
        """Take a tool in hand."""
        self._toolbox.choose(tool_id)

    def choose(self, mode: ViewMode) -> None:
        """Show the mask in this way."""
        self._canvas.views.set_mode(mode)

    def toggle_overlay(self) -> None:
        """Show the photo alone, or the mask again."""
        self._canvas.views.toggle_overlay()

    def cycle(self) -> None:
        """Go to the next view; networks' doubt and the person's strokes are left out while there are none."""
        views, document = self._canvas.views, self._session.document
        has_strokes = document is not None and not document.active.decided.is_empty()
        there = {ViewMode.CONFIDENCE: self._session.shown.has_confidence, ViewMode.DECIDED: has_strokes}
        views.cycle()
        while not there.get(views.mode, True):
            views.cycle()

    def invert_overlay(self) -> None:
        """Lay the colour on the background, or on the object again."""
        views = self._canvas.views
        views.set_overlay_inverted(not views.is_overlay_inverted)

    def zoom_fit(self) -> None:
        """Show the whole photo."""
        self._canvas.fit()

    def zoom_actual(self) -> None:
        """Show one pixel on one pixel."""
        self._canvas.zoom_to(1.0)

    def zoom_mask(self) -> None:
        """Show the active layer's object as large as possible."""
        if self._session.document is not None:
            self._canvas.zoom_to_box(bounding_box(self._session.document.active.alpha))

    def zoom_step(self, n_steps: int) -> None:
        """Come closer (positive) or go further away."""
        self._canvas.zoom_by_steps(n_steps)

    def swap_sign(self) -> None:
        """Exchange adding and taking away."""
        self._session.brush.swap()

    def toggle_edges(self) -> None:
        """Let the brush stop at the photo's edges, or paint all it reaches again."""
        self._session.brush.stops_at_edges = not self._session.brush.stops_at_edges

    def step_brush(self, n_steps: int) -> None:
        """Make the brush larger (positive) or smaller."""
        self._brush.step_size(n_steps)

    def step_hardness(self, n_steps: int) -> None:
        """Make the brush harder (positive) or softer."""
        self._brush.step_hardness(n_steps)

    @property
    def _brush(self) -> BrushSettings:
        """The brush of the tool in hand (the marker has its own), else the one that paints."""
        return self._toolbox.active.brush or self._session.brush

    def toggle_keyboard_cursor(self) -> None:
        """Let the arrow keys move a cross, or the picture again."""
        self._canvas.setFocus()
        self._canvas.show_keyboard_cursor(not self._canvas.has_keyboard_cursor)

    def toggle_panels(self) -> None:
        """Show layers and history, before other panels of their place; or hide them."""
        is_seen = self._panels.isVisible() and not self._panels.visibleRegion().isEmpty()
        self._panels.setVisible(not is_seen)
        self._panels.raise_()

    def toggle_full_screen(self) -> None:
        """Give the photo the whole screen, or the window its old size."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)
