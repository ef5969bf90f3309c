"""Similar colour: press on a colour, drag for more or less tolerance, let go to add or take away."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter

from meticulous_gui.core.blend import blend_coverage
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.similar import (
    MAX_TOLERANCE,
    Colour,
    ColourDistance,
    SimilarColour,
    colour_at,
)
from meticulous_gui.core.types import Alpha, Coverage
from meticulous_gui.ui.decorations import label_rect, paint_label
from meticulous_gui.ui.tools.base import PointerEvent, Surface, ToolContext, ToolOption
from meticulous_gui.ui.tools.gesture import GestureTool
from meticulous_gui.ui.tools.options import SIGN_OPTION, set_sign, sign_option
from meticulous_gui.ui.trial import Trial
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

FIRST_TOLERANCE = 32.0
TOLERANCE_PER_PX = 0.5
"""Levels of colour for each logical pixel that the pointer is dragged to the right."""

MAX_FLOOD_PX = 3_000_000
"""Pixels of the level that a preview floods as a whole; larger ones are guided by a smaller one."""


class ColourPick:
    """A colour pressed on, and what is similar to it at any level of the photo."""

    def __init__(self, photo: Pyramid, x: int, y: int) -> None:
        """Pick the colour of column x, row y of the photo."""
        self._photo = photo
        self._xy = x, y
        self._colour: Colour = colour_at(photo.level(0), x, y)
        self._levels: dict[int, SimilarColour] = {}
        self._in_view: tuple[int, Box, ColourDistance] | None = None

    def coverage(self, k: int, box: Box, tolerance: float, *, is_contiguous: bool) -> Coverage:
        """Return what is covered in a box of level k, quickly enough to follow the hand."""
        if not is_contiguous:
            return self._distance_in(k, box).similar(tolerance)
        flooded = k
        while self._photo.level(flooded).shape[0] * self._photo.level(flooded).shape[1] > MAX_FLOOD_PX:
            flooded += 1
        if flooded == k:
            return _cropped(self._at(k).region(tolerance, is_contiguous=True), box)
        # The flood of a smaller level says what hangs together, this one where exactly it ends.
        factor = 2 ** (flooded - k)
        coarse_hw = self._photo.level(flooded).shape[:2]
        coarse_box = Box(box.x0 // factor, box.y0 // factor, -(-box.x1 // factor), -(-box.y1 // factor)).clip(
            Box.whole((coarse_hw[0], coarse_hw[1]))
        )
        hint = _cropped(self._at(flooded).region(tolerance, is_contiguous=True), coarse_box)
        near = cv2.threshold(cv2.dilate(hint, np.ones((3, 3), np.uint8)), 0, 255, cv2.THRESH_BINARY)[1]
        size_wh = coarse_box.width * factor, coarse_box.height * factor
        large = cv2.resize(near, size_wh, interpolation=cv2.INTER_NEAREST)
        inner = box.translate(-coarse_box.x0 * factor, -coarse_box.y0 * factor)
        exact = self._distance_in(k, box).similar(tolerance)
        return np.asarray(cv2.bitwise_and(exact, large[inner.slices()], dst=exact), np.uint8)

    def region(self, tolerance: float, *, is_contiguous: bool) -> tuple[Box, Coverage]:
        """Return the box of what is covered of the photo itself, and how much of it: the slow truth."""
        similar = SimilarColour(self._photo.level(0), *self._xy, self._colour)
        return similar.region(tolerance, is_contiguous=is_contiguous)

    def _distance_in(self, k: int, box: Box) -> ColourDistance:
        # Kept while the view rests: only the tolerance follows the hand.
        if self._in_view is None or self._in_view[:2] != (k, box):
            distance = ColourDistance(self._photo.level(k)[box.slices()], self._colour)
            self._in_view = k, box, distance
        return self._in_view[2]

    def _at(self, k: int) -> SimilarColour:
        if k not in self._levels:
            x, y = self._xy
            self._levels[k] = SimilarColour(self._photo.level(k), x >> k, y >> k, self._colour)
        return self._levels[k]


def _cropped(region: tuple[Box, Coverage], box: Box) -> Coverage:
    """Return the part of a region that lies in ``box``."""
    covered, coverage = region
    result = np.zeros(box.size_hw, np.uint8)
    part = covered.clip(box)
    if not part.is_empty:
        inner = part.translate(-covered.x0, -covered.y0)
        result[part.translate(-box.x0, -box.y0).slices()] = coverage[inner.slices()]
    return result


@dataclass(frozen=True)
class _Press:
    """Where and on what a gesture began."""

    document: Document
    layer_id: int
    pick: ColourPick
    view_x: float
    tolerance: float
    takes_away: bool


class SimilarTool(GestureTool):
    """Press on a colour and drag to the right for more of its like, to the left for less."""

    id = "similar"
    icon = "similar"
    key = "S"
    _text = QT_TRANSLATE_NOOP("Tools", "Similar colour")
    _help = QT_TRANSLATE_NOOP(
        "Tools", "Press on a colour, drag right for more of its like, left for less; Alt takes it away."
    )

    def __init__(self, context: ToolContext, surface: Surface) -> None:
        super().__init__(context, surface)
        self._trial = Trial(context.shown, surface)
        self._tolerance = FIRST_TOLERANCE
        self._is_contiguous = True
        self._press: _Press | None = None
        self._pointer_view = QPointF()

    @property
    def takes_right_button(self) -> bool:
        return True

    def press(self, event: PointerEvent) -> None:
        """Pick the colour and show what is like it."""
        document, scene = self.context.changeable(), self.context.shown.scene
        if document is None or scene is None or not document.box.contains_xy(event.x, event.y):
            return
        self._is_busy = True
        self._press = _Press(
            document,
            document.active.id,
            ColourPick(scene.photo, int(event.x), int(event.y)),
            event.view_x,
            self._tolerance,
            bool(self.is_subtracting(event)),
        )
        self._point_to(event)
        self._show()

    def move(self, event: PointerEvent) -> None:
        """Follow the hand with the tolerance."""
        if self._press is None:
            return
        dragged_px = (event.view_x - self._press.view_x) / self.surface.device_pixel_ratio
        before = self._tolerance
        self._tolerance = _rounded(self._press.tolerance + dragged_px * TOLERANCE_PER_PX)
        self._point_to(event)
        if self._tolerance != before:
            self._show()
            self.options_changed()

    def release(self, event: PointerEvent) -> None:
        """Work it out at full size and add it, or take it away: one undo step."""
        press = self._press
        if press is None:
            return
        self.move(event)
        self._press = None
        self._is_busy = False
        self._point_to(event)
        tolerance, is_contiguous = self._tolerance, self._is_contiguous
        self.context.compute(
            lambda: press.pick.region(tolerance, is_contiguous=is_contiguous),
            lambda region: self._commit(press, *region),
        )

    def cancel(self) -> bool:
        """Drop what is shown, and take the tolerance back that it began with."""
        if self._press is not None:
            self._tolerance = self._press.tolerance
            self._press = None
            self.options_changed()
        self._trial.clear()
        self.surface.refresh_overlay(self._label_rect())
        return super().cancel()

    def paint_overlay(self, painter: QPainter) -> None:
        """Say the tolerance beside the pointer."""
        if self._press is not None:
            ratio = self.surface.device_pixel_ratio
            paint_label(painter, self._pointer_view, self._label(), device_pixel_ratio=ratio)

    def options(self) -> tuple[ToolOption, ...]:
        translate = QCoreApplication.translate
        return (
            sign_option(self.context.brush),
            ToolOption(
                id="tolerance",
                text=translate("Tools", "Tolerance"),
                help=translate("Tools", "How different a colour may be; dragging on the photo changes it."),
                kind="number",
                value=self._tolerance,
                maximum=MAX_TOLERANCE,
                step=1.0,
            ),
            ToolOption(
                id="contiguous",
                text=translate("Tools", "Only what hangs together"),
                help=translate("Tools", "Only the area around the point; else everywhere in the photo."),
                kind="switch",
                value=self._is_contiguous,
            ),
        )

    def set_option(self, option_id: str, value: float | bool | str) -> None:
        """Take the sign, the tolerance, or whether the area hangs together."""
        match option_id:
            case "tolerance":
                self._tolerance = _rounded(float(value))
            case "contiguous":
                self._is_contiguous = bool(value)
            case _ if option_id == SIGN_OPTION:
                set_sign(self.context.brush, value)
            case _:
                raise KeyError(option_id)

    def _base_sign(self) -> bool:
        return self.context.brush.is_subtracting

    def _show(self) -> None:
        press, tolerance, is_contiguous = self._press, self._tolerance, self._is_contiguous
        assert press is not None

        def change(level: Alpha, k: int, box: Box) -> Alpha:
            coverage = press.pick.coverage(k, box, tolerance, is_contiguous=is_contiguous)
            return blend_coverage(level[box.slices()], coverage, is_adding=not press.takes_away)

        self._trial.show(change)

    def _commit(self, press: _Press, box: Box, coverage: Coverage) -> None:
        if self._press is None:  # what is shown now belongs to the next press, if there is one
            self._trial.clear()
        document = press.document
        if document is not self.context.document or not document.has_layer(press.layer_id):
            return
        layer = document.layer(press.layer_id)
        alpha = blend_coverage(layer.alpha[box.slices()], coverage, is_adding=not press.takes_away)
        title = self._title(press.takes_away)
        self.context.commit(Edit.by_hand(layer, box, alpha, touched=coverage > 0, title=title))

    def _title(self, takes_away: bool) -> str:
        if takes_away:
            return QCoreApplication.translate("Tools", "Similar colour, take away")
        return QCoreApplication.translate("Tools", "Similar colour")

    def _label(self) -> str:
        return QCoreApplication.translate("Tools", "Tolerance {value}").format(value=round(self._tolerance))

    def _point_to(self, event: PointerEvent) -> None:
        self.surface.refresh_overlay(self._label_rect())
        self._pointer_view = QPointF(event.view_x, event.view_y)
        self.surface.refresh_overlay(self._label_rect())

    def _label_rect(self) -> QRectF:
        ratio = self.surface.device_pixel_ratio
        return label_rect(self._pointer_view, self._label(), device_pixel_ratio=ratio)


def _rounded(tolerance: float) -> float:
    return float(round(min(max(tolerance, 0.0), float(MAX_TOLERANCE))))
