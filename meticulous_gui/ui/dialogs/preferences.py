"""Preferences: the few habits that are worth a control; all others are in the settings file."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.settings import Settings, settings_path
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.choices import Choices


class PreferencesDialog(QDialog):
    """Shows the present settings and takes the new ones with OK."""

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        settings = choices.settings
        self.setWindowTitle(self.tr("Preferences"))
        self.theme = self._choice(
            self.tr("Colours of the window"),
            [("system", self.tr("As the desktop")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))],
            settings.view.theme,
        )
        self.opacity = self._number(
            self.tr("Strength of the overlay"), 10, 100, round(settings.view.overlay_opacity * 100), " %"
        )
        self.finds = self._switch(
            self.tr("Find the object as soon as a photo is open"), settings.engine.finds_on_open
        )
        self.device = self._choice(
            self.tr("Networks run on"),
            [("auto", self.tr("The fastest there is")), ("cpu", "CPU"), ("cuda", "CUDA"), ("mps", "MPS")],
            settings.engine.device,
        )
        self.autosaves = self._switch(
            self.tr("Keep unsaved work safe from crashes"), settings.history.autosaves
        )
        self.saves_on_leaving = self._switch(
            self.tr("Save the layers without a question when going to the next photo"),
            settings.history.saves_on_leaving,
        )
        self.budget = self._number(self.tr("Memory for undo"), 16, 65_536, settings.history.budget_mb, " MB")
        self.megapixels = self._number(
            self.tr("Largest photo"), 1, 100_000, settings.decode.max_megapixels, self.tr(" megapixels")
        )
        self.png_only = self._switch(
            self.tr("Copy only as PNG, for programs that lose transparency"), settings.export.copies_png_only
        )
        form = QFormLayout()
        for control in (self.theme, self.opacity, self.device, self.budget, self.megapixels):
            form.addRow(control.accessibleName(), control)
        for switch in (self.finds, self.autosaves, self.saves_on_leaving, self.png_only):
            form.addRow(switch)
        sentence = self.tr(
            "More settings and your own keys are in {path}. Device and keys count from the next start."
        )
        note = QLabel(sentence.format(path=settings_path()), self)
        note.setWordWrap(True)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.buttons = QDialogButtonBox(self)
        self.buttons.setAccessibleName(self.tr("Buttons"))
        self.ok = self.buttons.addButton(self.tr("OK"), QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self.buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        for button in (self.ok, cancel):
            button.setAccessibleName(button.text())
        self.buttons.accepted.connect(self._on_ok)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)

    def chosen(self) -> Settings:
        """Return the settings as the controls show them."""
        old = self._choices.settings
        return replace(
            old,
            view=replace(
                old.view, theme=self.theme.currentData(), overlay_opacity=self.opacity.value() / 100
            ),
            engine=replace(
                old.engine, device=self.device.currentData(), finds_on_open=self.finds.isChecked()
            ),
            history=replace(
                old.history,
                autosaves=self.autosaves.isChecked(),
                saves_on_leaving=self.saves_on_leaving.isChecked(),
                budget_mb=self.budget.value(),
            ),
            decode=replace(old.decode, max_megapixels=self.megapixels.value()),
            export=replace(old.export, copies_png_only=self.png_only.isChecked()),
        )

    def _on_ok(self) -> None:
        try:
            self._choices.change(self.chosen())
        except MeticulousError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.accept()

    def _choice(self, name: str, entries: list[tuple[str, str]], value: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        for key, text in entries:
            box.addItem(text, key)
        box.setCurrentIndex(max(box.findData(value), 0))
        return box

    def _number(self, name: str, low: int, high: int, value: int, suffix: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setAccessibleName(name)
        box.setRange(low, high)
        box.setSuffix(suffix)
        box.setValue(value)
        return box

    def _switch(self, name: str, is_on: bool) -> CheckBox:
        box = CheckBox(name, self)
        box.setAccessibleName(name)
        box.setChecked(is_on)
        return box
