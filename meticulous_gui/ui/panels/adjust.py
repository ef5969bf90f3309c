"""Adjust the edge: smooth, grow or shrink, feather, contrast, seen while the sliders move."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from meticulous_gui.core.adjust import Adjustment, adjusted_box, adjusted_parts
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.layer import Layer
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.bars.context_bar import NumberControl
from meticulous_gui.ui.panels.floating import FloatingPanel, align_labels
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.tools.base import ToolOption
from meticulous_gui.ui.trial import Showing, Trial

MAX_SMOOTH_PX = 50.0
MAX_GROW_PX = 50.0
MAX_FEATHER_PX = 100.0


class AdjustPanel(FloatingPanel):
    """Shows what the sliders do to the active layer; its mask changes when the person applies it."""

    def __init__(self, session: Session, surface: Showing, over: QWidget) -> None:
        super().__init__(self.tr("Adjust the edge"), over)
        self._session = session
        self._trial = Trial(session.shown, surface)
        self._seen: tuple[int, int] | None = None  # layer id and revision that are shown
        self._work: object | None = None
        # Several changes in one turn of the event loop are shown once.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show)
        self.smooth = self._number(
            self.tr("Smooth"), self.tr("Round off teeth and corners smaller than this."), 0.0, MAX_SMOOTH_PX
        )
        self.grow = self._number(
            self.tr("Grow or shrink"),
            self.tr("Move the edge outwards, or inwards below zero."),
            -MAX_GROW_PX,
            MAX_GROW_PX,
            decimals=1,
        )
        self.feather = self._number(
            self.tr("Feather"),
            self.tr("Soften the edge, so far to both sides."),
            0.0,
            MAX_FEATHER_PX,
            decimals=1,
        )
        self.contrast = self._number(
            self.tr("Contrast"), self.tr("Make a soft edge harder."), 0.0, 100.0, suffix=" %"
        )
        self._controls = (self.smooth, self.grow, self.feather, self.contrast)
        align_labels(*self._controls)
        session.changed.connect(self._on_changed)
        session.shown.pixels_changed.connect(self._on_changed)
        self.apply_wanted.connect(self.apply)
        self.drop_wanted.connect(self.drop)

    @property
    def is_applying(self) -> bool:
        """Whether it is being worked out at full size."""
        return self._work is not None

    @property
    def adjustment(self) -> Adjustment:
        """What the sliders say."""
        return Adjustment(
            smooth_px=self.smooth.field.value(),
            grow_px=self.grow.field.value(),
            feather_px=self.feather.field.value(),
            contrast=self.contrast.field.value() / 100.0,
        )

    def open(self) -> None:
        """Begin with an edge as it is."""
        document = self._session.document
        if document is None:
            return
        self._seen = document.active.id, document.revision
        for control in self._controls:
            control.show_value(0.0)
        self.begin_steps(document)
        self.pop_up(self.smooth)

    def drop(self) -> None:
        """Leave the mask as it was."""
        self._soon.stop()
        self._work = None
        self._trial.clear()
        self.hide()
        self._over.setFocus()
        self.rested.emit()

    def apply(self) -> None:
        """Make it so at full size, in the background, as one step; not of a layer hidden meanwhile."""
        adjustment = self.adjustment
        if adjustment.is_identity:
            self.drop()
            return
        document = self._session.changeable()
        if document is None:
            return
        self.set_busy(True, self.tr("Working on the whole photo…"))
        self._apply_to(document, document.active, adjustment)

    def _apply_to(self, document: Document, layer: Layer, adjustment: Adjustment) -> None:
        """Work it out for a layer, whichever is active when that is done."""
        work, revision = object(), document.revision
        self._work = work

        def take(parts: list[tuple[Box, Alpha]]) -> None:
            if work is not self._work or document is not self._session.document:
                return  # dropped meanwhile
            if revision == document.revision:
                self._commit(layer, adjustment, parts)
            elif document.has_layer(layer.id):
                self._apply_to(document, layer, adjustment)  # somebody painted meanwhile
            else:
                self.drop()

        def fail(error: MeticulousError) -> None:
            self._session.message(str(error), kind="error", topic="edge")
            if work is self._work:
                self._work = None
                self.set_busy(False)
                self.rested.emit()

        self._session.background.run(lambda: list(adjusted_parts(layer.alpha, adjustment)), take, fail)

    def _commit(self, layer: Layer, adjustment: Adjustment, parts: list[tuple[Box, Alpha]]) -> None:
        self.set_busy(False)
        title = self._title(adjustment)
        edits = [Edit.changing(layer, *part, title=title) for part in parts]
        self._work = None
        if self._session.commit_all(title, [edit for edit in edits if edit is not None]):
            self.drop()
        self.rested.emit()

    def _title(self, adjustment: Adjustment) -> str:
        """Return the name of the one thing that was done, or of several."""
        for name, title in (
            ("smooth_px", self.tr("Smooth the edge")),
            ("grow_px", self.tr("Grow the mask") if adjustment.grow_px > 0 else self.tr("Shrink the mask")),
            ("feather_px", self.tr("Feather the edge")),
            ("contrast", self.tr("Contrast of the edge")),
        ):
            if replace(adjustment, **{name: 0.0}).is_identity:
                return title
        return self.tr("Adjust the edge")

    def _show(self) -> None:
        adjustment = self.adjustment
        if not self.isVisible():
            return
        if adjustment.is_identity:
            self._trial.clear()
            return

        def change(level: Alpha, k: int, box: Box) -> Alpha:
            return adjusted_box(level, box, adjustment.scaled(0.5**k))

        self._trial.show(change)

    def _on_changed(self) -> None:
        """Follow the person to another layer, and every change of this one."""
        document = self._session.document
        if not self.isVisible() or document is None:
            return
        seen = document.active.id, document.revision
        if seen != self._seen:
            self._seen = seen
            self._soon.start()

    def _number(
        self, text: str, help_text: str, low: float, high: float, *, decimals: int = 0, suffix: str = " px"
    ) -> NumberControl:
        option = ToolOption(
            id=text,
            text=text,
            help=help_text,
            kind="number",
            value=0.0,
            minimum=low,
            maximum=high,
            step=0.5 if decimals else 1.0,
            decimals=decimals,
            suffix=suffix,
        )
        control = NumberControl(option, self)
        control.changed.connect(lambda _value: self._soon.start())
        self.add_number(control)
        return control
