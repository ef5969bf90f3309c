"""The parts of the window for pointing at objects, put together."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QGridLayout, QWidget

from meticulous_gui.core.settings import PointSettings
from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.look_here import LookHere
from meticulous_gui.ui.points.bar import PointBar
from meticulous_gui.ui.points.panel import PointPanel
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.toolbox import Toolbox
from meticulous_gui.ui.tools.point import PointTool


class PointDesk(QObject):
    """Lets bar, panel, canvas and settings follow the tool and what is pointed at.

    Attributes:
        bar, panel: over the canvas.
    """

    def __init__(
        self,
        session: Session,
        choices: Choices,
        canvas: Canvas,
        toolbox: Toolbox,
        look: LookHere,
        actions: ActionSet,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._choices = choices
        self._canvas = canvas
        self._toolbox = toolbox
        self._look = look
        self._pointing = session.pointing
        self.bar = PointBar(self._pointing, session.brush, actions, canvas.parentWidget())
        self.panel = PointPanel(self._pointing, choices, canvas)
        self.panel.keep_above(self.bar)
        self._pointing.changed.connect(canvas.refresh_overlay)
        self._pointing.changed.connect(actions.schedule)
        self._pointing.changed.connect(self._refresh)
        self._pointing.options.wanted.connect(self._remember)
        session.hover.changed.connect(canvas.refresh_overlay)
        session.changed.connect(self._refresh)
        session.brush.changed.connect(self._on_brush)
        toolbox.changed.connect(self._on_tool)
        choices.changed.connect(self._on_choices)
        canvas.pointer_moved.connect(self._on_pointer)
        look.changed.connect(self._refresh)
        self._on_choices()

    def lay_out(self, stage: QGridLayout) -> None:
        """Lay the bar over the canvas, which fills the layout."""
        self.bar.lie_over(stage)

    def renew_sheets(self) -> None:
        """Take the colours of the present palette."""
        self.bar.renew_sheet()
        self.panel.renew_sheet()

    @property
    def _is_in_hand(self) -> bool:
        return self._toolbox.active.id == PointTool.id

    def _on_tool(self) -> None:
        self._pointing.set_active(self._is_in_hand)
        self._session.hover.pace.forget()
        self._refresh()

    def _on_brush(self) -> None:
        if self._is_in_hand:
            self._session.hover.stop()  # what it shows is of a click of the other kind

    def _on_choices(self) -> None:
        self._pointing.options.follow(self._choices.settings.points)
        self._refresh()

    def _on_pointer(self, position: tuple[float, float] | None) -> None:
        if position is None and isinstance(self._toolbox.active, PointTool):
            self._toolbox.active.leave()

    def _refresh(self) -> None:
        has_photo = self._session.document is not None
        if self._pointing.is_open and self._look.is_on:
            self._look.leave()  # both bars lie at the canvas's lower edge
        self.bar.setVisible(self._is_in_hand and has_photo and not self._look.is_on)
        is_unfolded = self._is_in_hand and has_photo and self._pointing.options.now.has_panel
        if is_unfolded == self.panel.isHidden():
            self.panel.set_shown(is_unfolded)
        self._toolbox.active.options_changed()

    def _remember(self, options: PointSettings) -> None:
        self._choices.take(replace(self._choices.settings, points=options))
