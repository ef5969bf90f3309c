"""The floating panels over the canvas: at most one is open, and it goes with the photo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.panels.adjust import AdjustPanel
from meticulous_gui.ui.panels.clean_up import CleanUpPanel
from meticulous_gui.ui.panels.floating import FloatingPanel
from meticulous_gui.ui.session import Session


class EdgePanels(QObject):
    """Opens the panels that change the mask as a whole, made when they are first wanted.

    Attributes:
        adjust, clean_up: the panels, None before they were first opened.

    Signals:
        opened: one of them is about to be shown.
        changed: one was opened or closed, or something else can be taken back in it.
    """

    opened = Signal()
    changed = Signal()

    def __init__(self, session: Session, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._session = session
        self._canvas = canvas
        self.adjust: AdjustPanel | None = None
        self.clean_up: CleanUpPanel | None = None
        self._below: QWidget | None = None
        self._waiting: list[Callable[[], object]] = []
        session.document_opened.connect(self.drop)

    def keep_above(self, below: QWidget) -> None:
        """Leave room for what may come and go at the foot of the canvas."""
        self._below = below

    @property
    def open_panel(self) -> AdjustPanel | CleanUpPanel | None:
        """The panel that is open."""
        for panel in (self.adjust, self.clean_up):
            if panel is not None and panel.isVisible():
                return panel
        return None

    def open_adjust(self) -> None:
        """Smooth, grow, feather or sharpen the edge, unless the layer may not be changed, which is said."""
        if self._session.changeable() is None:
            return
        if self.adjust is None:
            self.adjust = AdjustPanel(self._session, self._canvas, self._canvas)
            self._take_in(self.adjust)
        self.drop()
        self.opened.emit()
        self.adjust.open()
        self.changed.emit()

    def open_clean_up(self) -> None:
        """Fill holes, drop specks, keep the largest piece, unless the layer may not be changed."""
        if self._session.changeable() is None:
            return
        if self.clean_up is None:
            self.clean_up = CleanUpPanel(self._session, self._canvas)
            self._take_in(self.clean_up)
        self.drop()
        self.opened.emit()
        self.clean_up.open()
        self.changed.emit()

    def drop(self) -> bool:
        """Close the open panel and leave the mask as it was; say whether there was one."""
        panel = self.open_panel
        if panel is not None:
            panel.drop()
        return panel is not None

    def apply(self) -> bool:
        """Make it so in the open panel; say whether there was one."""
        panel = self.open_panel
        if panel is not None and panel.apply_button.isEnabled():
            panel.apply()
        return panel is not None

    def undo(self) -> bool:
        """Take back what was set last in the open panel, or close it; False where something else is newer."""
        panel = self.open_panel
        if panel is None or not panel.steps.is_newest:
            return False
        if panel.is_applying or not panel.steps.undo():
            panel.drop()
        return True

    def redo(self) -> bool:
        """Set again in the open panel what was taken back last; say whether there was something."""
        panel = self.open_panel
        return panel is not None and panel.steps.redo()

    def _take_in(self, panel: FloatingPanel) -> None:
        panel.rested.connect(self._go_on)
        panel.rested.connect(self.changed)
        panel.stepped.connect(self.changed)
        if self._below is not None:
            panel.keep_above(self._below)

    def rests(self, then: Callable[[], object]) -> bool:
        """Let what is being applied become the mask before something else happens.

        Args:
            then: called when that is done.

        Returns:
            Whether the caller may go on at once.
        """
        panel = self.open_panel
        if panel is None or not panel.is_applying:
            return True
        self._waiting.append(then)
        return False

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for call in waiting:
            call()

    def renew_sheets(self) -> None:
        """Take the colours of the present palette."""
        for panel in (self.adjust, self.clean_up):
            if panel is not None:
                panel.renew_sheet()
