"""The parts of the window for comparing refined edges, put together."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QGridLayout, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.comparing.bar import ComparisonBar
from meticulous_gui.ui.comparing.comparison import Comparison
from meticulous_gui.ui.comparing.wipe import WipeTool
from meticulous_gui.ui.edge_panels import EdgePanels
from meticulous_gui.ui.look_here import LookHere
from meticulous_gui.ui.refiners import Refiners
from meticulous_gui.ui.session import Session
from meticulous_gui.ui.toolbox import Toolbox
from meticulous_gui.ui.tools.refine import RefineTool


class ComparisonDesk(QObject):
    """Gives the Refine tool its refiners, and the canvas the line while something is compared.

    Attributes:
        comparison: what is compared.
        bar: over the canvas; there after `attach`.
    """

    def __init__(
        self, session: Session, refiners: Refiners, canvas: Canvas, toolbox: Toolbox, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._toolbox = toolbox
        self.comparison = Comparison(session, refiners, canvas, self)
        self._wipe = WipeTool(session, canvas, self.comparison)
        tool = toolbox.tools["refine"]
        assert isinstance(tool, RefineTool)
        self._tool = tool
        tool.comparison = self.comparison
        toolbox.changed.connect(self.comparison.drop)
        self.comparison.changed.connect(self._follow)
        self.comparison.line_moved.connect(canvas.refresh_overlay)
        refiners.changed.connect(self._on_refiners)

    def attach(self, stage: QGridLayout, actions: ActionSet, panels: EdgePanels, look: LookHere) -> None:
        """Lay the bar over the canvas; whatever else lies at the canvas's lower edge gives way.

        Args:
            stage: the layout in whose only cell the canvas lies.
            actions: enabled anew whenever the comparison changes.
            panels, look: of the same window.
        """
        self.bar = ComparisonBar(self.comparison, actions, self._canvas.parentWidget())
        self.bar.lie_over(stage)
        self.bar.finished.connect(self._canvas.setFocus)
        self.comparison.changed.connect(actions.schedule)
        panels.opened.connect(self.comparison.drop)

        def give_way() -> None:
            if self.comparison.is_on:
                panels.drop()
                look.leave()

        self.comparison.changed.connect(give_way)
        look.changed.connect(lambda: look.is_on and self.comparison.drop())

    @property
    def compares(self) -> bool:
        """Whether the Refine tool asks for a look only."""
        return self._tool.compares

    def toggle(self) -> None:
        """Take the Refine tool to compare, or let it change the mask again."""
        is_in_hand = self._toolbox.active is self._tool
        self._tool.compares = not (is_in_hand and self._tool.compares)
        self._toolbox.choose(self._tool.id)
        self._tool.options_changed()

    def compare_all(self) -> None:
        """Compare on the whole edge."""
        document = self._session.document
        if document is not None:
            self._toolbox.choose(self._tool.id)
            box = document.box
            self.comparison.start(None, box, (box.width / 2, box.height / 2))

    def _follow(self) -> None:
        """Put the line in hand while something is compared, then the tool again."""
        tool = self._wipe if self.comparison.is_on else self._toolbox.active
        if self._canvas.tool is not tool and (self.comparison.is_on or self._canvas.tool is self._wipe):
            self._canvas.set_tool(tool)
        if self.comparison.is_on:
            self._canvas.setFocus()
        self._canvas.refresh_overlay()

    def _on_refiners(self) -> None:
        if self._toolbox.active is self._tool:
            self._tool.options_changed()
        if self.comparison.is_on:
            self.comparison.changed.emit()
