"""What every small bar over the canvas is: a sentence, buttons, and perhaps a way to put it away."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QToolButton, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.icons import icon

MARGINS_PX: Final = 12, 4, 6, 4
SPACING_PX: Final = 4
ICON_PX: Final = 20
MAX_LINES: Final = 2
AT_THE_FOOT: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom


class Sentence(QLabel):
    """A text that is one line where there is room, and several where there is not."""

    def __init__(self, parent: QWidget, text: str = "") -> None:
        super().__init__(text, parent)
        self.setWordWrap(True)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 1, super().sizeHint().height())


class FloatingBar(QFrame):
    """A row over the canvas, hidden at first; the keyboard stays with the canvas whatever is pressed.

    Attributes:
        row: what the bar holds, from left to right; the sentence comes first.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._close_button: QToolButton | None = None
        self._wordy: list[QToolButton] = []
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(*MARGINS_PX)
        self.row.setSpacing(SPACING_PX)
        self._text = Sentence(self)
        self._text.hide()
        self.row.addWidget(self._text)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, sentence: str) -> None:
        """Say something before the buttons."""
        if sentence != self._text.text():
            self._text.setText(sentence)
            self._text.setAccessibleName(sentence)
            self._text.setVisible(bool(sentence))

    def lie_over(self, stage: QGridLayout) -> None:
        """Take the foot of the canvas, which fills the layout's only cell."""
        stage.addWidget(self, 0, 0, AT_THE_FOOT)
        canvas = self.parentWidget()
        assert canvas is not None  # the layout has just given it one
        canvas.installEventFilter(self)

    def fit(self) -> None:
        """Show buttons without their words where those would be cut off, or leave the sentence no room."""
        self._set_style(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        canvas = self.parentWidget()
        if canvas is not None and self._is_tight(canvas.width()):
            self._set_style(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def _is_tight(self, room_px: int) -> bool:
        sentence_px = 0 if self._text.isHidden() else self._text.sizeHint().width()
        left_px = room_px - (self.sizeHint().width() - sentence_px)
        height_px = self._text.heightForWidth(max(left_px, 1))
        return left_px < 0 or height_px > MAX_LINES * self.fontMetrics().lineSpacing()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the width of the canvas."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self.fit()
        return super().eventFilter(watched, event)

    def add_action(
        self,
        actions: ActionSet,
        action_id: str,
        style: Qt.ToolButtonStyle = Qt.ToolButtonStyle.ToolButtonIconOnly,
    ) -> QToolButton:
        """Put a button of an action at the end of the row."""
        button = self._add_button(actions[action_id].iconText())
        button.setDefaultAction(actions[action_id])
        button.setToolButtonStyle(style)
        if style is Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            self._wordy.append(button)
        return button

    def add_close(self, text: str, help_text: str) -> QToolButton:
        """Put the button that ends it at the end of the row."""
        self._close_button = self._add_button(text)
        self._close_button.setToolTip(help_text)
        self._draw_icon()
        return self._close_button

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_icon()
        super().changeEvent(event)

    def _set_style(self, style: Qt.ToolButtonStyle) -> None:
        for button in self._wordy:
            button.setToolButtonStyle(style)

    def _draw_icon(self) -> None:
        if self._close_button is not None:
            self._close_button.setIcon(icon("close", self.palette()))

    def _add_button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the canvas
        self.row.addWidget(button)
        return button
