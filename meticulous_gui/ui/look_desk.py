"""The parts of the window that show the doubtful places, put together."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.bars.look_bar import LookBar
from meticulous_gui.ui.bars.status import StatusBar
from meticulous_gui.ui.canvas import Canvas
from meticulous_gui.ui.look_here import LookHere
from meticulous_gui.ui.session import Session


class LookDesk(QObject):
    """What a window has for going through the doubtful places.

    Attributes:
        here: where the person is in the list; what the actions call.
        bar: over the canvas; there after `attach`.
    """

    def __init__(self, session: Session, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self.here = LookHere(session, canvas, self)

    def attach(self, stage: QGridLayout, actions: ActionSet, status: StatusBar) -> None:
        """Lay the bar over the canvas and let everything follow the list.

        Args:
            stage: the layout in whose only cell the canvas lies.
            actions: enabled anew whenever the list changes.
            status: says how much is left.
        """
        accept = actions["accept_place"]
        self._leave_enter_to_others(accept)
        actions.keys_changed.connect(lambda: self._leave_enter_to_others(accept))
        self.bar = LookBar(actions, self._canvas.parentWidget())
        self.bar.lie_over(stage)
        self.bar.close_button.clicked.connect(self.here.leave)

        def show() -> None:
            self.bar.setVisible(self.here.is_on)
            self.bar.say(self.here.position)
            status.show_doubt(self.here.sentence)
            actions.schedule()

        self.here.changed.connect(show)

    def take_enter(self) -> bool:
        """Call the place right whose turn it is, if the canvas has the keys; say whether there was one."""
        if not self._canvas.hasFocus() or self.here.current is None:
            return False
        self.here.accept()
        return True

    def _leave_enter_to_others(self, accept: QAction) -> None:
        """Show Enter as the key of an action but let fields, tools and panels have it first."""
        text, keys = accept.text().partition("\t")[0], accept.shortcuts()
        accept.setText(text)
        others = [key for key in keys if key not in (QKeySequence("Return"), QKeySequence("Enter"))]
        if len(others) == len(keys):
            return  # the person chose another key
        accept.setShortcuts(others)
        shown = (others or keys)[0].toString(QKeySequence.SequenceFormat.NativeText)
        accept.setText(f"{text}\t{shown}")  # a menu shows what follows a tab as its key
        accept.setIconText(text)
