"""The bar above the canvas: the few options of the tool in hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolBar,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from meticulous_gui.ui.action import Action
from meticulous_gui.ui.actions import action
from meticulous_gui.ui.bars.help_line import HelpLine
from meticulous_gui.ui.bars.list_control import ListControl
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.dialogs.shortcuts import keys_for_people
from meticulous_gui.ui.tools.base import Tool, ToolOption
from meticulous_gui.ui.typed_undo import TypedUndo

if TYPE_CHECKING:
    from meticulous_gui.ui.action_set import ActionSet

SLIDER_STEPS = 200
SLIDER_WIDTH_PX = 96
N_IN_BAR = 4
HEIGHT_PX = 38  # the same for every tool: a bar that grows would move the photo
LAYOUTS = ((N_IN_BAR, True), *((n_in_bar, False) for n_in_bar in range(N_IN_BAR, -1, -1)))
"""How many options lie in the bar, and whether with sliders; from the roomiest to the narrowest."""

CHOSEN_SHEET = """
QPushButton:checked {
    background: palette(highlight); color: palette(highlighted-text);
    border: 1px solid palette(highlight); border-radius: 3px; padding: 3px 8px;
}
"""
"""What Fusion draws for a chosen button is a shade that nobody sees in the dark."""


class NumberControl(QWidget):
    """A label, a slider for the eye and a field for the exact value.

    Signals:
        changed: (float) the person chose another value.
        done: Enter or Esc in the field; the focus belongs to the canvas again.
    """

    changed = Signal(float)
    done = Signal()

    def __init__(self, option: ToolOption, parent: QWidget | None = None, *, has_slider: bool = True) -> None:
        super().__init__(parent)
        self._option = option
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        label = QLabel(option.text, self)
        label.setToolTip(option.help)
        label.setAccessibleName(option.text)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, SLIDER_STEPS)
        self.slider.setFixedWidth(SLIDER_WIDTH_PX)
        self.slider.setVisible(has_slider)
        self.field = QDoubleSpinBox(self)
        self.field.setRange(option.minimum, option.maximum)
        self.field.setDecimals(option.decimals)
        self.field.setSingleStep(option.step)
        self.field.setSuffix(option.suffix)
        self.field.setKeyboardTracking(False)
        TypedUndo(self.field)
        label.setBuddy(self.field)
        for widget in (self.slider, self.field):
            widget.setAccessibleName(option.text)
            widget.setAccessibleDescription(option.help)
            widget.setToolTip(option.help)
        layout.addWidget(label)
        layout.addWidget(self.slider)
        layout.addWidget(self.field)
        self.show_value(float(option.value))
        self.slider.valueChanged.connect(self._on_slider)
        self.field.valueChanged.connect(self._on_field)

    def show_value(self, value: float) -> None:
        """Show a value without telling anybody."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._to_slider(value))
        with QSignalBlocker(self.field):
            self.field.setValue(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.done.emit()
            return
        super().keyPressEvent(event)

    def _to_slider(self, value: float) -> int:
        low, high = self._option.minimum, self._option.maximum
        if self._option.is_logarithmic:
            return round(SLIDER_STEPS * math.log(max(value, low) / low) / math.log(high / low))
        return round(SLIDER_STEPS * (value - low) / (high - low))

    def _on_slider(self, position: int) -> None:
        low, high, part = self._option.minimum, self._option.maximum, position / SLIDER_STEPS
        value = low * (high / low) ** part if self._option.is_logarithmic else low + (high - low) * part
        with QSignalBlocker(self.field):
            self.field.setValue(value)
        self.changed.emit(self.field.value())

    def _on_field(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._to_slider(value))
        self.changed.emit(value)


class ContextBar(QToolBar):
    """Controls made from what the tool describes; a change of the tool's state is shown without an echo.

    What a narrow window has no room for moves behind the button "More"; sliders and the lines beside lists go
    first, for fields and tooltips say the same.

    Attributes:
        help_line: what the tool in hand is for.

    Signals:
        finished: the person has set a value and wants the canvas back.
    """

    help_line: HelpLine
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("context_bar")
        self.setWindowTitle(self.tr("Tool options"))
        self.setAccessibleName(self.tr("Tool options"))
        self.setMovable(False)
        self.renew_sheet()
        self.setMinimumHeight(HEIGHT_PX)
        self._tool: Tool | None = None
        self._keys: Callable[[Action], tuple[str, ...]] = lambda row: row.keys
        self._show_value: dict[str, Callable[[float | bool | str], None]] = {}
        self._layout_ids: tuple[object, ...] = ()
        self._layout = LAYOUTS[0]
        self._widths: dict[tuple[int, bool], int] = {}

    def follow_keys(self, actions: ActionSet) -> None:
        """Name the keys as the person has set them, in the tooltips of what they change."""
        self._keys = actions.keys
        actions.keys_changed.connect(lambda: self.show_tool(self._tool))

    def show_tool(self, tool: Tool | None) -> None:
        """Show the options of another tool."""
        self._tool = tool
        self._widths.clear()
        self._build(LAYOUTS[0])
        if self.isVisible():  # before, it has no width yet
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Take the roomiest layout that the bar is wide enough for, else the narrowest."""
        for layout in LAYOUTS:
            if layout not in self._widths:
                self._build(layout)
            if self._widths[layout] <= self.width():
                break
        if layout != self._layout:
            self._build(layout)

    def _build(self, layout: tuple[int, bool]) -> None:
        """Make the controls anew and note how wide they are."""
        for entry in self.actions():
            self.removeAction(entry)
            entry.deleteLater()  # with what it shows, which `clear` would keep for ever
        for menu in self.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
            menu.deleteLater()
        self._show_value.clear()
        self._layout_ids = ()
        self._layout = layout
        if self._tool is not None:
            self._fill(self._tool, *layout)
        self._widths[layout] = self.sizeHint().width()

    def _fill(self, tool: Tool, n_in_bar: int, has_sliders: bool) -> None:
        name = QLabel(tool.text, self)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        name.setAccessibleName(tool.text)
        name.setToolTip(tool.help)
        name.setContentsMargins(8, 0, 12, 0)
        self.addWidget(name)
        options = tuple(self._with_keys(option) for option in tool.options())
        self._layout_ids = _made_of(options)
        for option in options[:n_in_bar]:
            self.addWidget(self._control(option, has_slider=has_sliders))
            self._add_space()
        if len(options) > n_in_bar:
            self._add_more(options[n_in_bar:])
        self.help_line = HelpLine(tool.help, self)
        self.addWidget(self.help_line)

    def renew_sheet(self) -> None:
        """Take the colours of the present palette: a style sheet keeps those it was set with."""
        self.setStyleSheet("")
        self.setStyleSheet(CHOSEN_SHEET)

    def refresh(self) -> None:
        """Show the present values of the tool in hand."""
        if self._tool is None:
            return
        options = self._tool.options()
        if _made_of(options) != self._layout_ids:
            self.show_tool(self._tool)
            return
        for option in options:
            self._show_value[option.id](option.value)
        self.help_line.show_text(self._tool.help)

    def _with_keys(self, option: ToolOption) -> ToolOption:
        """Return the option with a help that names its keys, as the tooltips of actions do."""
        keys = (keys_for_people(self._keys(action(action_id))[:1]) for action_id in option.action_ids)
        shown = " ".join(filter(None, keys))
        return replace(option, help=f"{option.text} ({shown})\n{option.help}") if shown else option

    def _control(self, option: ToolOption, *, has_slider: bool = True) -> QWidget:
        match option.kind:
            case "number":
                return self._number(option, has_slider=has_slider)
            case "switch":
                return self._switch(option)
            case "choice":
                return self._choice(option)
            case "list":
                return self._list(option)

    def _add_space(self) -> None:
        spacer = QWidget(self)
        spacer.setFixedWidth(18)
        self.addWidget(spacer)

    def _add_more(self, options: tuple[ToolOption, ...]) -> None:
        """Put the options that are seldom changed behind one button."""
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("More options"))
        for option in options:
            holder = QWidget(menu)
            layout = QHBoxLayout(holder)
            layout.setContentsMargins(12, 4, 12, 4)
            layout.addWidget(self._control(option))
            entry = QWidgetAction(menu)
            entry.setDefaultWidget(holder)
            menu.addAction(entry)
        button = QToolButton(self)
        button.setText(self.tr("More"))
        self._describe(button, self.tr("More options"), self.tr("The options that are seldom changed."))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        self.addWidget(button)

    def _set(self, option: ToolOption, value: float | bool | str) -> None:
        if self._tool is not None:
            self._tool.set_option(option.id, value)

    def _number(self, option: ToolOption, *, has_slider: bool) -> QWidget:
        control = NumberControl(option, self, has_slider=has_slider)
        control.changed.connect(lambda value: self._set(option, value))
        control.done.connect(self.finished)
        self._show_value[option.id] = lambda value: control.show_value(float(value))
        return control

    def _switch(self, option: ToolOption) -> QWidget:
        box = CheckBox(option.text, self)
        box.setChecked(bool(option.value))
        self._describe(box, option.text, option.help)
        box.toggled.connect(lambda is_on: self._set(option, is_on))
        box.clicked.connect(self.finished)

        def show(value: float | bool | str) -> None:
            with QSignalBlocker(box):
                box.setChecked(bool(value))

        self._show_value[option.id] = show
        return box

    def _choice(self, option: ToolOption) -> QWidget:
        holder = QWidget(self)
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        group = QButtonGroup(holder)
        buttons: dict[str, QPushButton] = {}
        for choice_id, text in option.choices:
            button = QPushButton(text, holder)
            button.setCheckable(True)
            button.setChecked(choice_id == option.value)
            self._describe(button, text, option.help)
            button.clicked.connect(lambda _checked, value=choice_id: self._set(option, value))
            button.clicked.connect(self.finished)
            group.addButton(button)
            layout.addWidget(button)
            buttons[choice_id] = button

        def show(value: float | bool | str) -> None:
            if str(value) in buttons:
                buttons[str(value)].setChecked(True)

        self._show_value[option.id] = show
        return holder

    def _list(self, option: ToolOption) -> QWidget:
        control = ListControl(option, self)
        control.changed.connect(lambda value: self._set(option, value))
        control.changed.connect(self.finished)
        control.done.connect(self.finished)
        self._show_value[option.id] = lambda value: control.show_value(str(value))
        return control

    def _describe(self, widget: QWidget, name: str, help_text: str) -> None:
        widget.setAccessibleName(name)
        widget.setAccessibleDescription(help_text)
        widget.setToolTip(help_text)


def _made_of(options: tuple[ToolOption, ...]) -> tuple[object, ...]:
    """Return what the controls of these options are made of, beside their values."""
    return tuple((option.id, option.choices, option.unavailable) for option in options)
