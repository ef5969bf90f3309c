"""A small panel that floats over the canvas: something is tried, then applied or dropped."""

from __future__ import annotations

import weakref

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from meticulous_gui.core.document import Document
from meticulous_gui.ui.bars.context_bar import NumberControl
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.panels.floating_frame import FloatingFrame
from meticulous_gui.ui.panels.panel_steps import PanelSteps

SLIDER_WIDTH_PX = 150
FIELD_WIDTH_PX = 112
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FloatingPanel(FloatingFrame):
    """A title, a body to fill, and two buttons; Enter applies, Esc drops. Nothing else is blocked meanwhile.

    Attributes:
        body: where the controls go, one below the other.
        steps: what was set in it since it was opened, to be taken back.

    Signals:
        apply_wanted: the person likes what is shown.
        drop_wanted: the person does not.
        rested: nothing is being applied any more.
        stepped: something else can be taken back in it.
    """

    apply_wanted = Signal()
    drop_wanted = Signal()
    rested = Signal()
    stepped = Signal()

    def __init__(self, title: str, over: QWidget) -> None:
        """Make a hidden panel in the lower right corner of ``over``."""
        super().__init__(title, over, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        self.setAccessibleName(title)
        self._numbers: list[NumberControl] = []
        self.steps = PanelSteps(self.stepped.emit)
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
        self.column.setSpacing(8)
        self.column.addLayout(self.body)
        self.column.addWidget(self.note)
        self.column.addLayout(buttons)

    def add(self, control: QWidget) -> None:
        """Put a control under the others; Enter in it, or in a part of it, applies."""
        self.body.addWidget(control)
        for widget in (control, *control.findChildren(QWidget)):
            widget.installEventFilter(self)

    def add_number(self, control: NumberControl) -> None:
        """Put a slider with its field under the other controls, as wide as theirs."""
        control.slider.setFixedWidth(SLIDER_WIDTH_PX)
        self._numbers.append(control)
        control.changed.connect(self.steps.add(control.field.value, control.field.setValue))
        control.field.setFixedWidth(FIELD_WIDTH_PX)
        self.add(control)

    def add_switch(self, box: CheckBox) -> None:
        """Put a switch under the other controls."""
        box.toggled.connect(self.steps.add(box.isChecked, lambda is_on: box.setChecked(bool(is_on))))
        self.add(box)

    def place(self) -> None:
        """Do without sliders where the canvas is narrower than the panel: fields say the same."""
        self._show_sliders(True)
        if self.sizeHint().width() > self._over.width():
            self._show_sliders(False)
        super().place()

    def _show_sliders(self, is_shown: bool) -> None:
        for number in self._numbers:
            number.slider.setVisible(is_shown)
            number.updateGeometry()
        self.column.activate()  # or the layouts in it would know only later how wide they are now

    def begin_steps(self, document: Document) -> None:
        """Take back from now on what is set in the panel, and after it what is done to a document."""
        known = weakref.ref(document.history)  # the panel outlives the photo

        def n_done() -> int:
            history = known()
            return history.n_done if history is not None else 0

        self.steps.begin(n_done)

    def pop_up(self, first: NumberControl) -> None:
        """Show the panel with the keyboard in one of its controls."""
        self.set_busy(False)
        self.show()
        self.raise_()
        self.place()
        (first.field if first.slider.isHidden() else first.slider).setFocus()

    def set_busy(self, is_busy: bool, note: str = "") -> None:
        """Say that it is being worked on, and take no second wish meanwhile."""
        self.apply_button.setEnabled(not is_busy)
        self.say(note)

    def say(self, note: str) -> None:
        """Show a sentence above the buttons, none for an empty one."""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter before a field does, with what was typed into it; follow the canvas's size."""
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

    def _button(self, text: str, help_text: str) -> QPushButton:
        button = self.make_button(text, help_text)
        button.installEventFilter(self)
        return button


def align_labels(*controls: NumberControl) -> None:
    """Give the labels of sliders one width, so that the sliders lie below each other."""
    labels = [control.findChildren(QLabel)[0] for control in controls]
    widest = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(widest)
