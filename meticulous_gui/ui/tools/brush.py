"""Brush and eraser: paint what belongs to the object and what does not, one undo step a stroke."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter, QPolygonF

from meticulous_gui.core.brush import MIN_PRESSURE_SIZE, StrokePainter
from meticulous_gui.core.document import Document
from meticulous_gui.core.edge_guide import EdgeGuide
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.transaction import Transaction
from meticulous_gui.ui.decorations import paint_polyline
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext, ToolOption
from meticulous_gui.ui.tools.brush_settings import BrushSettings
from meticulous_gui.ui.tools.gesture import ALT, RIGHT, SHIFT, GestureTool
from meticulous_gui.ui.tools.options import ADD, SIGN_OPTION, TAKE_AWAY, brush_options, set_brush_option
from meticulous_gui.ui.tools.size_drag import SizeDrag
from meticulous_gui.ui.tools.stroke_path import Sample, StrokePath
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

LINE_MARGIN_PX = 4.0


class BrushTool(GestureTool):
    """Left adds, right button or Alt takes away, Shift goes straight, Alt+right sets the size."""

    id = "brush"
    icon = "brush"
    key = "B"
    _text = QT_TRANSLATE_NOOP("Tools", "Brush")
    _help = QT_TRANSLATE_NOOP("Tools", "Paint what belongs to the object; right button or Alt takes away.")

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._size_drag: SizeDrag | None = None
        self._transaction: Transaction | None = None
        self._painter: StrokePainter | None = None
        self._path: StrokePath | None = None
        self._last_xy: tuple[float, float] | None = None
        self._last_document: weakref.ref[Document] | None = None
        self._line_to_xy: tuple[float, float] | None = None  # how a press with Shift would go straight

    @property
    def brush(self) -> BrushSettings:
        return self.context.brush

    @property
    def is_drag_tool(self) -> bool:
        return False

    @property
    def takes_right_button(self) -> bool:
        return True

    def press(self, event: PointerEvent) -> None:
        """Begin a stroke, or a drag that sets the size."""
        self._show_line(None)
        if event.button == RIGHT and event.has(ALT):
            self._is_busy = True
            self._size_drag = SizeDrag(self.brush, self.surface, event)
            return
        document = self.context.changeable()
        if document is None:
            return
        self._is_busy = True
        takes_away = bool(self.is_subtracting(event))
        zoom = self.surface.view.zoom
        radius_px = self.brush.radius_image_px(zoom=zoom, device_pixel_ratio=self.surface.device_pixel_ratio)
        title = self._title(takes_away)
        self._painter = StrokePainter(
            document.active,
            radius_px=radius_px,
            hardness=self.brush.hardness,
            opacity=self.brush.opacity,
            is_pressure_size=self.brush.is_pressure_size,
            is_pressure_opacity=self.brush.is_pressure_opacity,
            guide=EdgeGuide(document.photo.rgb) if self.brush.stops_at_edges else None,
            is_adding=not takes_away,
            title=title,
        )
        self._path = StrokePath(smoothing=self.brush.smoothing, zoom=zoom)
        self._transaction = document.begin(title, document.active.id)
        self._start(event)

    def move(self, event: PointerEvent) -> None:
        """Paint on; before a press with Shift show the line that it would draw."""
        if self._size_drag is not None:
            self._size_drag.move_to(event)
        elif self._path is not None:
            self._extend(self._path.extend(self._sample(event)))
        elif not self._is_busy:
            has_start = event.has(SHIFT) and self._start_of_line() is not None
            self._show_line((event.x, event.y) if has_start else None)

    def release(self, event: PointerEvent) -> None:
        """Finish the stroke: one undo step."""
        if self._path is not None and self._painter is not None:
            self._extend(self._path.finish(self._sample(event)))
        # The end may have met a locked layer and dropped the stroke.
        if self._painter is not None and self._transaction is not None:
            self._apply(self._painter.finish())
        if self._transaction is not None:
            self._transaction.commit()
            self._last_xy = event.x, event.y
            document = self.context.document
            self._last_document = weakref.ref(document) if document is not None else None
        self._forget()

    def cancel(self) -> bool:
        """Take the stroke back, or the size that the brush had before."""
        if self._size_drag is not None:
            self._size_drag.undo()
        if self._transaction is not None:
            self._transaction.rollback()
        self._show_line(None)
        was_busy = self._is_busy
        self._forget()
        return was_busy

    def options(self) -> tuple[ToolOption, ...]:
        return brush_options(self.brush)

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take a value of the brush."""
        set_brush_option(self.brush, option_id, value)

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw the line that a press with Shift would paint along."""
        start_xy = self._start_of_line()
        if self._line_to_xy is None or start_xy is None:
            return
        view, ratio = self.surface.view, self.surface.device_pixel_ratio
        ends = [QPointF(*view.image_to_view(*xy)) for xy in (start_xy, self._line_to_xy)]
        paint_polyline(painter, QPolygonF(ends), device_pixel_ratio=ratio, is_dashed=True)

    def ring_radius_view_px(self, event: PointerEvent) -> float:
        radius_px = super().ring_radius_view_px(event)
        if self._painter is not None and self.brush.is_pressure_size:
            return radius_px * (MIN_PRESSURE_SIZE + (1.0 - MIN_PRESSURE_SIZE) * self._sample(event)[2])
        return radius_px

    def ring_centre(self, event: PointerEvent) -> tuple[float, float]:
        return self._size_drag.centre if self._size_drag is not None else super().ring_centre(event)

    def _base_sign(self) -> bool:
        return self.brush.is_subtracting

    def _title(self, takes_away: bool) -> str:
        if takes_away:
            return QCoreApplication.translate("Tools", "Eraser")
        return QCoreApplication.translate("Tools", "Brush")

    def _start(self, event: PointerEvent) -> None:
        assert self._path is not None
        points: list[Sample] = []
        start_xy = self._start_of_line()
        if event.has(SHIFT) and start_xy is not None:
            # Straight from the end of the last stroke; the hand's own line begins where it ends.
            points.append((*start_xy, self._sample(event)[2]))
        points += self._path.extend(self._sample(event))
        self._extend(points)

    def _extend(self, points: Iterable[Sample]) -> None:
        if self._painter is not None:
            self._apply(self._painter.extend(points))

    def _apply(self, edit: Edit | None) -> None:
        """Put a piece of the stroke on the layer, or drop the stroke where that is refused."""
        if edit is None or self._transaction is None:
            return
        if not self._transaction.is_open:  # undone while the button was down
            self._forget()
            return
        try:
            self._transaction.apply(edit)
        except MeticulousError as error:
            self.cancel()
            self.context.message(str(error))

    def _sample(self, event: PointerEvent) -> Sample:
        return event.x, event.y, event.pressure if event.is_pen else 1.0

    def _start_of_line(self) -> tuple[float, float] | None:
        """Return where the last stroke ended, None where there was none on this photo."""
        last = self._last_document() if self._last_document is not None else None
        return self._last_xy if last is not None and last is self.context.document else None

    def _show_line(self, to_xy: tuple[float, float] | None) -> None:
        before, self._line_to_xy = self._line_to_xy, to_xy
        start_xy = self._start_of_line()
        ends = [xy for xy in (before, to_xy) if xy is not None]
        if not ends or start_xy is None:
            return
        view, margin = self.surface.view, LINE_MARGIN_PX * self.surface.device_pixel_ratio
        rect = QPolygonF([QPointF(*view.image_to_view(*xy)) for xy in (start_xy, *ends)]).boundingRect()
        self.surface.refresh_overlay(rect.adjusted(-margin, -margin, margin, margin))

    def _forget(self) -> None:
        self._is_busy = False
        self._size_drag = self._transaction = self._painter = self._path = None


class EraserTool(BrushTool):
    """The brush the other way round."""

    id = "eraser"
    icon = "eraser"
    key = "E"
    _text = QT_TRANSLATE_NOOP("Tools", "Eraser")
    _help = QT_TRANSLATE_NOOP("Tools", "Paint what does not belong to the object; right button or Alt adds.")

    def options(self) -> tuple[ToolOption, ...]:
        """Describe the brush's controls, with what the left button does in this hand."""
        sign = TAKE_AWAY if self._base_sign() else ADD
        return tuple(replace(o, value=sign) if o.id == SIGN_OPTION else o for o in super().options())

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take a value of the brush; its sign is the other way round."""
        if option_id == SIGN_OPTION:
            value = ADD if value == TAKE_AWAY else TAKE_AWAY
        super().set_option(option_id, value)

    def _base_sign(self) -> bool:
        return not self.brush.is_subtracting
