"""A small panel that floats over the canvas: something is tried, then applied or dropped."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from meticulous_gui.ui.bars.context_bar import NumberControl
from meticulous_gui.ui.panels.title import panel_title

GAP_PX = 16
SLIDER_WIDTH_PX = 150
FIELD_WIDTH_PX = 112
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)

SHEET = """
FloatingPanel { background: palette(window); border: 1px solid palette(dark); border-radius: 6px; }
"""


class FloatingPanel(QFrame):
    """A title, a body to fill, and two buttons; Enter applies, Esc drops. Nothing else is blocked meanwhile.

    Attributes:
        body: where the controls go, one below the other.

    Signals:
        apply_wanted: the person likes what is shown.
        drop_wanted: the person does not.
    """

    apply_wanted = Signal()
    drop_wanted = Signal()

    def __init__(self, title: str, over: QWidget) -> None:
        """Make a hidden panel in the lower right corner of ``over``."""
        super().__init__(over.parentWidget())
        self._over = over
        self.setAccessibleName(title)
        self.setAutoFillBackground(True)
        self.renew_sheet()
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self.note = QLabel(self)
        self.note.setWordWrap(True)
        self.note.hide()
        self.apply_button = self._button(self.tr("Apply"), self.tr("Make it so; Enter does the same."))
        self.cancel_button = self._button(
            self.tr("Cancel"), self.tr("Leave the mask as it was; Esc does the same.")
        )
        self.apply_button.clicked.connect(self.apply_wanted)
        self.cancel_button.clicked.connect(self.drop_wanted)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.apply_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        heading = panel_title(title, self)
        heading.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading)
        layout.addLayout(self.body)
        layout.addWidget(self.note)
        layout.addLayout(buttons)
        over.installEventFilter(self)
        self.hide()

    def renew_sheet(self) -> None:
        """Take the colours of the present palette: a style sheet keeps those it was set with."""
        self.setStyleSheet("")
        self.setStyleSheet(SHEET)

    def add(self, control: QWidget) -> None:
        """Put a control under the others; Enter in it, or in a part of it, applies."""
        self.body.addWidget(control)
        for widget in (control, *control.findChildren(QWidget)):
            widget.installEventFilter(self)

    def add_number(self, control: NumberControl) -> None:
        """Put a slider with its field under the other controls, as wide as theirs."""
        control.slider.setFixedWidth(SLIDER_WIDTH_PX)
        control.field.setFixedWidth(FIELD_WIDTH_PX)
        self.add(control)

    def pop_up(self, first: QWidget) -> None:
        """Show the panel with the keyboard in one of its controls."""
        self.set_busy(False)
        self.show()
        self.raise_()
        self._place()
        first.setFocus()

    def set_busy(self, is_busy: bool, note: str = "") -> None:
        """Say that it is being worked on, and take no second wish meanwhile."""
        self.apply_button.setEnabled(not is_busy)
        self.say(note)

    def say(self, note: str) -> None:
        """Show a sentence above the buttons, none for an empty one."""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the canvas's size; take Enter before a field does, with what was typed into it."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
        if (
            watched is not self._over
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            return self._take_key(event, watched)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._take_key(event, self):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # it must not reach what lies below

    def _take_key(self, event: QKeyEvent, watched: QObject) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.drop_wanted.emit()
            return True
        if event.key() in ENTER:
            if watched is self.cancel_button:
                self.drop_wanted.emit()
                return True
            focused = self.focusWidget()
            if focused is not None:
                focused.clearFocus()  # a field takes what was typed into it
            if self.apply_button.isEnabled():
                self.apply_wanted.emit()
            return True
        return False

    def _place(self) -> None:
        self.adjustSize()
        corner = self._over.geometry().bottomRight()
        self.move(corner - QPoint(self.width() + GAP_PX, self.height() + GAP_PX))

    def _button(self, text: str, help_text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(text)
        button.setAccessibleDescription(help_text)
        button.setToolTip(help_text)
        button.installEventFilter(self)
        return button


def align_labels(*controls: NumberControl) -> None:
    """Give the labels of sliders one width, so that the sliders lie below each other."""
    labels = [control.findChildren(QLabel)[0] for control in controls]
    widest = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(widest)
