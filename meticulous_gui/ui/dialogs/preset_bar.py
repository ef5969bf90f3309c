"""Presets of exports: choose one, keep the present wishes as one, forget one, see when they are none."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QWidget

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.recipe import Recipe
from meticulous_gui.core.settings import Settings
from meticulous_gui.ui.actions import action
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.shortcuts import keys_for_people
from meticulous_gui.ui.icons import icon

BUTTON_PX = 28


class _NameField(QLineEdit):
    """Keeps Enter and Esc to itself: the dialog around it would export or close.

    Signals:
        done: (bool) the name is meant, or given up.
    """

    done = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.done.emit(True)
            case Qt.Key.Key_Escape:
                self.done.emit(False)
            case _:
                super().keyPressEvent(event)


class PresetBar(QWidget):
    """One row: the presets, a field to name a new one while it is wanted, and buttons.

    Signals:
        chosen: (Recipe) take these wishes.
        save_wanted: (str) keep the present wishes under this name.
        failed: (str) why nothing was kept.
    """

    chosen = Signal(object)
    save_wanted = Signal(str)
    failed = Signal(str)

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._taken = ""  # the preset chosen last
        self._is_own = False
        self.list = QComboBox(self)
        self.list.setAccessibleName(self.tr("Preset"))
        self.name = _NameField(self)
        self.name.setPlaceholderText(self.tr("Name of the preset, then Enter"))
        self.name.setAccessibleName(self.tr("Name of the preset"))
        self.name.hide()
        self.keep = self._button("save", self.tr("Keep these choices as a preset"))
        self.forget = self._button("delete", self.tr("Delete this preset"))
        export = action("export")
        key = keys_for_people(choices.keys.get(export.id, export.keys)[:1]) or export.label
        self.usual = CheckBox(key, self)
        self.usual.setAccessibleName(self.tr("{key} writes by this preset").format(key=key))
        self.usual.setToolTip(self.usual.accessibleName())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.list, 1)
        row.addWidget(self.name, 1)
        for widget in (self.usual, self.keep, self.forget):
            row.addWidget(widget)
        self.list.activated.connect(self._on_chosen)
        self.keep.clicked.connect(self._on_keep)
        self.forget.clicked.connect(self._on_forget)
        self.name.done.connect(self._on_named)
        self.usual.toggled.connect(self._on_usual)
        self.show_presets(choices.settings.export.preset)

    @property
    def current(self) -> str:
        """The preset that the wishes are, "" for the built-in one, and where they are none."""
        return "" if self._is_own else self._taken

    def show_presets(self, current: str) -> None:
        """List what there is, with one of them chosen."""
        self._taken = current if current in self._choices.settings.presets else ""
        self._is_own = False
        self._fill()

    def show_own(self, is_own: bool) -> None:
        """Say whether the present wishes differ from the preset chosen last."""
        if is_own != self._is_own:
            self._is_own = is_own
            self._fill()

    def save(self, name: str, recipe: Recipe) -> None:
        """Keep a recipe under a name; one of that name is replaced."""
        settings = self._choices.settings
        presets = MappingProxyType({**settings.presets, name: recipe})
        self._change(replace(settings, presets=presets))
        self.show_presets(name)

    def _fill(self) -> None:
        with QSignalBlocker(self.list):
            self.list.clear()
            self.list.addItem(self.tr("Cut-out as PNG"), "")
            for name in self._choices.settings.presets:
                self.list.addItem(name, name)
            if self._is_own:
                self.list.addItem(self.tr("Own choices"))
            own = self.list.count() - 1
            self.list.setCurrentIndex(own if self._is_own else max(self.list.findData(self._taken), 0))
        self._show_state()

    def _on_chosen(self, index: int) -> None:
        if self._is_own and index == self.list.count() - 1:
            return
        self.show_presets(str(self.list.itemData(index)))
        self.chosen.emit(self._choices.settings.presets.get(self._taken, Recipe()))

    def _on_keep(self) -> None:
        is_naming = self.name.isHidden()
        self.name.setVisible(is_naming)
        self.list.setVisible(not is_naming)
        if is_naming:
            self.name.setText(self._taken)
            self.name.selectAll()
            self.name.setFocus()

    def _on_named(self, is_meant: bool) -> None:
        name = self.name.text().strip()
        self.name.hide()
        self.list.show()
        self.list.setFocus()
        if name and is_meant:
            self.save_wanted.emit(name)

    def _on_forget(self) -> None:
        settings, name = self._choices.settings, self.current
        presets = {key: recipe for key, recipe in settings.presets.items() if key != name}
        export = replace(settings.export, preset="") if settings.export.preset == name else settings.export
        self._change(replace(settings, presets=MappingProxyType(presets), export=export))
        self._on_chosen(0)

    def _on_usual(self, is_usual: bool) -> None:
        settings = self._choices.settings
        preset = self.current if is_usual else ""
        self._change(replace(settings, export=replace(settings.export, preset=preset)))

    def _change(self, settings: Settings) -> None:
        try:
            self._choices.change(settings)
        except MeticulousError as error:
            self.failed.emit(str(error))

    def _show_state(self) -> None:
        self.forget.setEnabled(bool(self.current))
        with QSignalBlocker(self.usual):
            is_usual = self._choices.settings.export.preset == self._taken
            self.usual.setChecked(is_usual and not self._is_own)
        self.usual.setEnabled(bool(self.current))  # the built-in one is what Ctrl+E falls back to

    def _button(self, icon_name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(icon_name, self.palette()))
        button.setAutoRaise(True)
        button.setFixedSize(BUTTON_PX, BUTTON_PX)
        button.setToolTip(text)
        button.setAccessibleName(text)
        return button
