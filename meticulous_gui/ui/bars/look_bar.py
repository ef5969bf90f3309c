"""The small bar over the canvas while a person goes through the doubtful places."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.icons import icon

MARGINS_PX = 12, 4, 6, 4
ICON_PX = 20


class LookBar(QFrame):
    """Says which place it is and how many are left; its buttons are the keys' actions.

    Attributes:
        close_button: puts the bar away.
    """

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.close_button = QToolButton(self)
        self.setAccessibleName(self.tr("Look here"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        row = QHBoxLayout(self)
        row.setContentsMargins(*MARGINS_PX)
        row.setSpacing(4)
        self._text = QLabel(self)
        row.addWidget(self._text)
        row.addSpacing(8)
        for action_id in ("previous_place", "next_place", "accept_place"):
            button = QToolButton(self)
            button.setDefaultAction(actions[action_id])
            button.setAccessibleName(actions[action_id].iconText())
            row.addWidget(self._plain(button))
            if action_id == "accept_place":
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.close_button.setAccessibleName(self.tr("Stop looking"))
        self.close_button.setToolTip(self.tr("Put this bar away; the list stays."))
        row.addWidget(self._plain(self.close_button))
        self._draw_icon()
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, sentence: str) -> None:
        """Say which place it is."""
        self._text.setText(sentence)
        self._text.setAccessibleName(sentence)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()
        super().changeEvent(event)

    def _draw_icon(self) -> None:
        self.close_button.setIcon(icon("close", self.palette()))

    @staticmethod
    def _plain(button: QToolButton) -> QToolButton:
        button.setAutoRaise(True)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the canvas
        return button
