"""The plain pages of the preferences: a few controls each, every one of which counts at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from meticulous_gui.core.settings import Settings
from meticulous_gui.ui.check_box import CheckBox
from meticulous_gui.ui.languages import LANGUAGES

Change = Callable[[Callable[[Settings], Settings]], None]

ROOM_PX = 6


class Page(QWidget):
    """A form of controls.

    Args:
        settings: what the controls show at the beginning.
        change: takes other settings.
    """

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__()
        self._settings = settings
        self._change = change
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.form = QFormLayout()
        self.form.setVerticalSpacing(ROOM_PX)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        layout.addLayout(self.form)
        self.column = layout

    def end(self) -> None:
        """Leave what is below empty."""
        self.column.addStretch(1)

    def set_value(self, section: str, name: str, value: Any) -> None:
        """Change one value of the settings."""

        def changed(settings: Settings) -> Settings:
            return replace(settings, **{section: replace(getattr(settings, section), **{name: value})})

        self._change(changed)

    def add_choice(
        self, section: str, name: str, text: str, entries: list[tuple[str, str]], help_text: str = ""
    ) -> QComboBox:
        """Add a list of (value, text) to choose from."""
        box = QComboBox(self)
        for value, shown in entries:
            box.addItem(shown, value)
        box.setCurrentIndex(max(box.findData(getattr(getattr(self._settings, section), name)), 0))
        box.activated.connect(lambda _index: self.set_value(section, name, box.currentData()))
        self._add(box, text, help_text)
        return box

    def add_number(
        self,
        section: str,
        name: str,
        text: str,
        low: int,
        high: int,
        suffix: str,
        help_text: str = "",
        *,
        scale: float = 1,
    ) -> QSpinBox:
        """Add a whole number; the setting is `scale` times what is shown."""
        box = QSpinBox(self)
        box.setRange(low, high)
        box.setSuffix(suffix)
        box.setKeyboardTracking(False)
        box.setGroupSeparatorShown(True)
        box.setValue(round(getattr(getattr(self._settings, section), name) / scale))

        def take(value: int) -> None:
            self.set_value(section, name, value if scale == 1 else value * scale)

        box.valueChanged.connect(take)
        self._add(box, text, help_text)
        return box

    def add_switch(self, section: str, name: str, text: str) -> CheckBox:
        """Add a yes or no."""
        box = CheckBox(text, self)
        box.setChecked(bool(getattr(getattr(self._settings, section), name)))
        box.setAccessibleName(text)
        box.toggled.connect(lambda is_on: self.set_value(section, name, is_on))
        self.form.addRow(box)
        return box

    def add_note(self, text: str) -> QLabel:
        """Add a sentence that explains."""
        note = QLabel(text, self)
        note.setWordWrap(True)
        note.setContentsMargins(0, 0, 0, ROOM_PX)
        self.form.addRow(note)
        return note

    def _add(self, control: QComboBox | QSpinBox, text: str, help_text: str) -> None:
        control.setAccessibleName(text)
        control.setAccessibleDescription(help_text)
        control.setToolTip(help_text)
        label = QLabel(text, self)
        label.setBuddy(control)
        self.form.addRow(label, control)


class LookPage(Page):
    """Light and dark, the language, and how strongly the mask is laid over the photo."""

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__(settings, change)
        self.theme = self.add_choice(
            "view",
            "theme",
            self.tr("Colours of the window"),
            [("system", self.tr("As the desktop")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))],
        )
        self.language = self.add_choice(
            "view",
            "language",
            self.tr("Language"),
            [("system", self.tr("As the desktop")), *LANGUAGES.items()],
            self.tr("The window speaks it from the next start."),
        )
        self.next_start = self.add_note(self.tr("The window speaks it from the next start."))
        self.next_start.hide()  # until somebody has chosen one
        self.language.activated.connect(lambda _index: self.next_start.show())
        self.opacity = self.add_number(
            "view", "overlay_opacity", self.tr("Strength of the overlay"), 10, 100, " %", scale=0.01
        )
        self.inverted = self.add_switch(
            "view", "overlay_inverted", self.tr("Colour the background instead of the object")
        )
        self.end()


class PhotosPage(Page):
    """What happens when a photo is opened, and which are too large."""

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__(settings, change)
        self.finds = self.add_switch(
            "engine", "finds_on_open", self.tr("Find the object as soon as a photo is open")
        )
        self.megapixels = self.add_number(
            "decode", "max_megapixels", self.tr("Largest photo"), 1, 100_000, self.tr(" megapixels")
        )
        self.side = self.add_number(
            "decode", "max_side_px", self.tr("Longest side"), 1, 1_000_000, self.tr(" pixels")
        )
        self.add_note(
            self.tr(
                "Larger files are refused before memory is taken: a damaged file can claim to be of any size."
            )
        )
        self.end()


class SafetyPage(Page):
    """What is kept for undo, against a crash and when leaving."""

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__(settings, change)
        self.budget = self.add_number("history", "budget_mb", self.tr("Memory for undo"), 16, 65_536, " MB")
        self.add_note(
            self.tr("A stroke takes a few kilobytes. When the memory is full the oldest steps go first.")
        )
        self.autosaves = self.add_switch(
            "history", "autosaves", self.tr("Keep unsaved work safe from crashes")
        )
        self.saves_on_leaving = self.add_switch(
            "history",
            "saves_on_leaving",
            self.tr("Save the layers without a question when going to the next photo"),
        )
        self.only_where_empty = self.add_switch(
            "layers",
            "only_where_empty",
            self.tr("Only where nothing else is: layers never take pixels from each other"),
        )
        self.end()


class ExportPage(Page):
    """What leaves the program with a picture."""

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__(settings, change)
        self.location = self.add_switch(
            "export", "keeps_location", self.tr("Keep the place where a photo was taken in what is exported")
        )
        self.add_note(
            self.tr("Camera and date travel on in any case; the place (GPS) only where this is ticked.")
        )
        self.png_only = self.add_switch(
            "export",
            "copies_png_only",
            self.tr("Copy only as PNG, for programs that lose transparency"),
        )
        self.end()
