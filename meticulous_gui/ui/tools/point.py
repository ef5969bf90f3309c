"""Point: click what belongs to the object and what does not; the networks find its edge."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from meticulous_gui.core.prompts import Stroke
from meticulous_gui.ui.decorations import label_rect, paint_label
from meticulous_gui.ui.points.marks import (
    mark_rect,
    nearest,
    paint_mark,
    paint_outlines,
    paint_prompts,
    paint_scribble,
    reach_px,
)
from meticulous_gui.ui.points.open_object import Mark
from meticulous_gui.ui.points.pointing import Pointing
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext, ToolOption
from meticulous_gui.ui.tools.box import BoxDrag
from meticulous_gui.ui.tools.gesture import SHIFT, GestureTool
from meticulous_gui.ui.tools.options import SIGN_OPTION, set_sign, sign_option
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

DRAG_PX = 4.0
"""A hand that clicks moves less than this many logical pixels."""
SCRIBBLE_RADIUS_PX = 3.0
NONE = Qt.KeyboardModifier.NoModifier
KEYPAD = Qt.KeyboardModifier.KeypadModifier


@dataclass
class _Press:
    """A gesture under way.

    Attributes:
        event: how it began.
        is_positive: whether it includes.
        mark: the mark that was taken hold of.
        is_scribble: whether a drag draws a line; else a box.
        points_xy: where the pointer has been, in image pixels.
        box: the box that is dragged.
        is_drag: whether the hand has moved.
    """

    event: PointerEvent
    is_positive: bool
    mark: Mark | None
    is_scribble: bool
    points_xy: list[tuple[float, float]]
    box: BoxDrag | None = None
    is_drag: bool = False


class PointTool(GestureTool):
    """Left click includes, right click excludes, X swaps them; a drag is a box, with Shift a scribble."""

    id = "point"
    icon = "point"
    key = "P"
    _text = QT_TRANSLATE_NOOP("Tools", "Point")
    _help = QT_TRANSLATE_NOOP(
        "Tools", "Click what belongs to the object, right-click what does not; the networks find its edge."
    )

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._press: _Press | None = None
        self._hot: Mark | None = None
        self._pointer: PointerEvent | None = None

    @property
    def is_drag_tool(self) -> bool:
        return False

    @property
    def takes_right_button(self) -> bool:
        return True

    @property
    def takes_tab(self) -> bool:
        """Whether Tab shows another reading of the click; otherwise it leaves the canvas as everywhere."""
        return self._pointing.may_have_readings

    @property
    def _pointing(self) -> Pointing:
        return self.context.pointing

    # --- gestures -----------------------------------------------------------------------------------------

    def press(self, event: PointerEvent) -> None:
        """Begin a click, a box, a scribble, or take hold of a mark."""
        if self.context.document is None:
            return
        self._is_busy = True
        self.context.hover.stop()
        is_positive = not self.is_subtracting(event)
        is_scribble = event.has(SHIFT) or not is_positive
        self._press = _Press(event, is_positive, self._mark_at(event), is_scribble, [(event.x, event.y)])

    def move(self, event: PointerEvent) -> None:
        """Go on with it, or show what a click here would do."""
        press = self._press
        if press is None:
            self._hover_over(event)
            return
        self._pointer = event
        moved = math.hypot(event.view_x - press.event.view_x, event.view_y - press.event.view_y)
        if not press.is_drag and moved < DRAG_PX * self.surface.device_pixel_ratio:
            return
        if not press.is_drag:
            press.is_drag = True
            if press.mark is None and not press.is_scribble:
                press.box = BoxDrag(self.surface, press.event)
        if press.box is not None:
            press.box.move_to(event)
        else:
            press.points_xy.append((event.x, event.y))
            self.surface.refresh_overlay()

    def release(self, event: PointerEvent) -> None:
        """Do it."""
        self.move(event)
        press, image_hw = self._press, self.surface.image_size_hw
        self.cancel()
        if press is None or image_hw is None:
            return
        pointing, mark = self._pointing, press.mark
        if mark is not None and mark.id is not None:
            if press.is_drag:
                pointing.move(mark.id, event.x, event.y)
            elif mark.is_positive != press.is_positive:
                pointing.remove(mark.id)  # “this does” on “this does not” takes it back
            return
        if press.box is not None:
            pointing.add_box(press.box.box(image_hw))
        elif press.is_drag:
            points = tuple((x, y, 1.0) for x, y in press.points_xy)
            radius_px = max(1.0, SCRIBBLE_RADIUS_PX / self.surface.view.zoom)
            pointing.add_scribble(Stroke(points, radius_px, is_adding=press.is_positive))
        else:
            pointing.click(press.event.x, press.event.y, is_positive=press.is_positive)

    def cancel(self) -> bool:
        """Drop the gesture; clicks that were made stay."""
        press, self._press = self._press, None
        self._hot = None
        if press is not None:
            self.surface.refresh_overlay()
        return super().cancel()

    def leave(self) -> None:
        """See the pointer go."""
        self.context.hover.stop()
        self._set_hot(None)

    def key_press(self, event: QKeyEvent) -> bool:
        """Take Enter (keep the object), Tab (another reading) and Delete (the mark under the pointer)."""
        pointing = self._pointing
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if event.modifiers() & ~KEYPAD == NONE:
                return pointing.keep()
            case Qt.Key.Key_Tab | Qt.Key.Key_Backtab if self.takes_tab:
                pointing.next_reading(-1 if event.key() == Qt.Key.Key_Backtab else 1)
                return True
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if self._hot is not None:
                if self._hot.id is not None:
                    pointing.remove(self._hot.id)
                self._set_hot(None)
                return True
        return False

    # --- what is seen -------------------------------------------------------------------------------------

    def paint_overlay(self, painter: QPainter) -> None:
        """Draw what would be selected, boxes and scribbles, and on top of them the clicks."""
        ratio, view, press = self.surface.device_pixel_ratio, self.surface.view, self._press
        pointing = self._pointing
        paint_outlines(painter, self.context.hover.outline, view, device_pixel_ratio=ratio)
        paint_prompts(painter, pointing.opened.prompts, view, device_pixel_ratio=ratio)
        for mark in pointing.marks:
            shown = mark
            if press is not None and press.is_drag and mark == press.mark:
                shown = replace(mark, x=press.points_xy[-1][0], y=press.points_xy[-1][1])
            paint_mark(
                painter,
                shown,
                QPointF(*view.image_to_view(shown.x, shown.y)),
                pointing.options.now.marker_px,
                device_pixel_ratio=ratio,
                is_hot=mark == self._hot or (press is not None and mark == press.mark),
            )
        if press is not None and press.box is not None:
            press.box.paint(painter, is_dashed=False)
        elif press is not None and press.is_drag and press.mark is None:
            sign = press.is_positive
            paint_scribble(painter, press.points_xy, view, is_positive=sign, device_pixel_ratio=ratio)
        if self._hot is not None and self._hot in pointing.marks and press is None:
            paint_label(painter, self._hot_point(), self._hot_text(), device_pixel_ratio=ratio)

    def options(self) -> tuple[ToolOption, ...]:
        translate, options = QCoreApplication.translate, self._pointing.options.now
        return (
            sign_option(self.context.brush),
            ToolOption(
                id="sharpens",
                text=translate("Tools", "Sharpen the edge afterwards"),
                help=translate("Tools", "The networks go over the new edge as soon as the object is kept."),
                kind="switch",
                value=options.sharpens,
            ),
            ToolOption(
                id="previews",
                text=translate("Tools", "Preview under the pointer"),
                help=translate(
                    "Tools", "Outline what a click would change; it pauses by itself where that takes long."
                ),
                kind="switch",
                value=options.previews,
            ),
            ToolOption(
                id="has_panel",
                text=translate("Tools", "All controls"),
                help=translate("Tools", "Show the panel with every control of the click network."),
                kind="switch",
                value=options.has_panel,
                action_ids=("point_panel",),
            ),
        )

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take what the left button does, or a switch."""
        if option_id == SIGN_OPTION:
            set_sign(self.context.brush, value)
            return
        options, is_on = self._pointing.options.now, bool(value)
        match option_id:
            case "sharpens":
                options = replace(options, sharpens=is_on)
            case "previews":
                options = replace(options, previews=is_on)
            case "has_panel":
                options = replace(options, has_panel=is_on)
            case _:
                raise KeyError(option_id)
        self._pointing.options.choose(options)

    def cursor(self) -> Qt.CursorShape:
        return Qt.CursorShape.SizeAllCursor if self._hot is not None else Qt.CursorShape.CrossCursor

    # --- inner works --------------------------------------------------------------------------------------

    def _base_sign(self) -> bool:
        return self.context.brush.is_subtracting

    def _hover_over(self, event: PointerEvent) -> None:
        self._pointer = event
        mark = self._mark_at(event)
        self._set_hot(mark)
        if mark is not None:
            self.context.hover.stop()
        else:
            self.context.hover.point_at(event.x, event.y, is_positive=not self.is_subtracting(event))

    def _mark_at(self, event: PointerEvent) -> Mark | None:
        pointing, ratio = self._pointing, self.surface.device_pixel_ratio
        reach = reach_px(pointing.options.now.marker_px, ratio) / self.surface.view.zoom
        return nearest(pointing.marks, event.x, event.y, reach_image_px=reach)

    def _set_hot(self, mark: Mark | None) -> None:
        if mark == self._hot:
            return
        for hot in (self._hot, mark):
            if hot is not None:
                self._hot = hot
                self.surface.refresh_overlay(self._hot_rect())
        self._hot = mark

    def _hot_rect(self) -> QRectF:
        """Return the device pixels of the mark under the pointer and of its label."""
        ratio, at = self.surface.device_pixel_ratio, self._hot_point()
        label = label_rect(at, self._hot_text(), device_pixel_ratio=ratio)
        return mark_rect(at, self._pointing.options.now.marker_px, ratio).united(label)

    def _hot_point(self) -> QPointF:
        assert self._hot is not None
        return QPointF(*self.surface.view.image_to_view(self._hot.x, self._hot.y))

    def _hot_text(self) -> str:
        return QCoreApplication.translate("Tools", "Drag to move, Delete takes it away")
