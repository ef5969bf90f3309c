"""Refine the edge: the person paints roughly over a bad edge, the network redraws it in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.types import Mask
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext, ToolOption
from meticulous_gui.ui.tools.box import BoxDrag
from meticulous_gui.ui.tools.brush_settings import BrushSettings
from meticulous_gui.ui.tools.gesture import SHIFT, GestureTool
from meticulous_gui.ui.tools.marker import MarkerTrace
from meticulous_gui.ui.tools.options import SIZE_OPTION, size_option
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from meticulous_gui.ui.comparing.comparison import Comparison

MARKER_RADIUS_PX = 28.0


class RefineTool(GestureTool):
    """Paint with a marker, or drag a box with Shift; the work begins when the button is let go.

    The marker has a brush of its own, so that painting and marking each keep their size.

    Attributes:
        compares: whether what comes is looked at before the mask changes.
        comparison: of the window, which knows the refiners; None in a canvas alone.
    """

    id = "refine"
    icon = "refine"
    key = "R"
    _text = QT_TRANSLATE_NOOP("Tools", "Refine the edge")
    _help = QT_TRANSLATE_NOOP(
        "Tools", "Paint roughly over a bad edge, or drag a box with Shift, to redraw it."
    )

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._marker = BrushSettings()
        self._marker.radius_px = MARKER_RADIUS_PX
        self._my_strokes_too = False
        self.compares = False
        self.comparison: Comparison | None = None
        self._trace: MarkerTrace | None = None
        self._drag: BoxDrag | None = None

    @property
    def brush(self) -> BrushSettings:
        return self._marker

    def press(self, event: PointerEvent) -> None:
        """Begin to mark."""
        image_hw = self.surface.image_size_hw
        if self.context.document is None or image_hw is None:
            return
        self._is_busy = True
        if event.has(SHIFT):
            self._drag = BoxDrag(self.surface, event)
            return
        zoom, ratio = self.surface.view.zoom, self.surface.device_pixel_ratio
        radius_px = self._marker.radius_image_px(zoom=zoom, device_pixel_ratio=ratio)
        self._trace = MarkerTrace(self.surface, event, radius_px=radius_px, image_hw=image_hw)

    def move(self, event: PointerEvent) -> None:
        """Mark on."""
        if self._trace is not None:
            self._trace.move_to(event)
        elif self._drag is not None:
            self._drag.move_to(event)

    def release(self, event: PointerEvent) -> None:
        """Ask for the marked region, nearest to the pointer first."""
        if not self._is_busy:
            return
        self.move(event)
        mask, box = self._region()
        self.cancel()
        if not mask.any():
            return
        focus_xy = min(max(event.x, box.x0), box.x1), min(max(event.y, box.y0), box.y1)
        if self.compares and self.comparison is not None:
            if self.context.changeable() is not None:
                self.comparison.start(mask, box, focus_xy, my_strokes_too=self._my_strokes_too)
        else:
            self.context.asking.refine_region(mask, box, focus_xy, my_strokes_too=self._my_strokes_too)

    def cancel(self) -> bool:
        """Drop what was marked."""
        trace, drag = self._trace, self._drag
        self._trace = self._drag = None
        if trace is not None:
            trace.erase()
        if drag is not None:
            drag.erase()
        return super().cancel()

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw the trace or the box."""
        if self._trace is not None:
            self._trace.paint(painter)
        if self._drag is not None:
            self._drag.paint(painter, is_dashed=False)

    def options(self) -> tuple[ToolOption, ...]:
        return (
            size_option(self._marker),
            ToolOption(
                id="my_strokes_too",
                text=QCoreApplication.translate("Tools", "My strokes too"),
                help=QCoreApplication.translate("Tools", "Let the network change what you painted."),
                kind="switch",
                value=self._my_strokes_too,
            ),
            *self._options_of_refiners(),
        )

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take the marker's size, which network refines, or what it may change."""
        match option_id:
            case "my_strokes_too":
                self._my_strokes_too = bool(value)
            case "compare":
                self.compares = bool(value)
            case "refiner" if self.comparison is not None:
                self.comparison.refiners.take(str(value))
            case _ if option_id == SIZE_OPTION:
                self._marker.radius_px = float(value) / 2.0
            case _:
                raise KeyError(option_id)

    def _options_of_refiners(self) -> tuple[ToolOption, ...]:
        """Describe which network refines, and whether it is asked for a look only."""
        if self.comparison is None:
            return ()
        refiners = self.comparison.refiners
        entries = refiners.entries
        installed = [entry for entry in entries if entry.is_installed]
        return (
            ToolOption(
                id="compare",
                text=QCoreApplication.translate("Tools", "Compare"),
                help=QCoreApplication.translate(
                    "Tools", "Look first: A beside B, then keep one of them or neither."
                ),
                kind="switch",
                value=self.compares,
                action_ids=("compare",),
            ),
            ToolOption(
                id="refiner",
                text=QCoreApplication.translate("Tools", "Network"),
                help=QCoreApplication.translate("Tools", "What redraws the edge."),
                kind="list",
                value=refiners.taken,
                choices=tuple((entry.name, entry.text) for entry in installed),
                notes=tuple(entry.use for entry in installed),
                unavailable=tuple(entry.listed_text for entry in entries if not entry.is_installed),
            ),
        )

    def is_subtracting(self, event: PointerEvent) -> bool | None:
        """Return None: a marker only says where."""
        return None

    def _region(self) -> tuple[Mask, Box]:
        if self._trace is not None:
            return self._trace.region()
        image_hw = self.surface.image_size_hw
        if self._drag is None or image_hw is None:
            return np.zeros((0, 0), np.bool_), Box(0, 0, 0, 0)
        box = self._drag.box(image_hw)
        return np.ones(box.size_hw, np.bool_), box
