"""The small bar over the canvas while a person points at an object, and what can be done with it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from meticulous_gui.ui.action_set import ActionSet
from meticulous_gui.ui.bars.context_bar import CHOSEN_SHEET
from meticulous_gui.ui.bars.floating_bar import FloatingBar
from meticulous_gui.ui.points.pointing import Pointing
from meticulous_gui.ui.tools.brush_settings import BrushSettings
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

SPACING_PX: Final = 6
READINGS: Final = {
    "detail": QT_TRANSLATE_NOOP("Readings", "Detail"),
    "part": QT_TRANSLATE_NOOP("Readings", "Part"),
    "object": QT_TRANSLATE_NOOP("Readings", "Object"),
    "group": QT_TRANSLATE_NOOP("Readings", "Group"),
}


class PointBar(FloatingBar):
    """Says how to begin; then offers the readings of a click, another part, the end.

    Attributes:
        readings: the buttons of what a click may mean, by name; empty where it is clear.

    Args:
        brush: knows whether the left button takes away.
    """

    def __init__(
        self, pointing: Pointing, brush: BrushSettings, actions: ActionSet, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pointing = pointing
        self._brush = brush
        self.readings: dict[str, QPushButton] = {}
        self.setAccessibleName(self.tr("Point at the object"))
        self.row.setSpacing(SPACING_PX)
        self._group = QButtonGroup(self)
        self._choice = QWidget(self)
        self._choice_row = QHBoxLayout(self._choice)
        self._choice_row.setContentsMargins(6, 0, 6, 0)
        self._choice_row.setSpacing(0)
        self.row.addWidget(self._choice)
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self._buttons = [
            self.add_action(actions, name, beside) for name in ("point_part", "point_drop", "point_keep")
        ]
        self.renew_sheet()
        pointing.changed.connect(self.refresh)
        brush.changed.connect(self.refresh)

    def renew_sheet(self) -> None:
        """Take the colours of the present palette: a style sheet keeps those it was set with."""
        self._choice.setStyleSheet("")
        self._choice.setStyleSheet(CHOSEN_SHEET)

    def refresh(self) -> None:
        """Show the present state."""
        pointing = self._pointing
        self.say(self._sentence())
        self._show_readings(pointing.opened.readings, pointing.opened.reading)
        for button in self._buttons:
            button.setVisible(pointing.is_open)
        self.fit()

    def _sentence(self) -> str:
        pointing = self._pointing
        if pointing.is_waiting:
            return self.tr("Working on your click…")
        if not pointing.is_open and self._brush.is_subtracting:
            return self.tr("Click what does not belong, right-click the object (the buttons are swapped)")
        if not pointing.is_open:
            return self.tr("Click the object, right-click what does not belong; or drag a box round it")
        if pointing.opened.readings:
            return self.tr("The click may mean (Tab):")
        n_clicks = len(pointing.marks)
        if not n_clicks:  # a box alone
            return self.tr("Click what is missing, right-click what is too much")
        if pointing.opened.n_parts > 1:
            return self.tr("Parts: {parts} · clicks: {clicks}").format(
                parts=pointing.opened.n_parts, clicks=n_clicks
            )
        return self.tr("Clicks: {clicks}").format(clicks=n_clicks)

    def _show_readings(self, names: tuple[str, ...], shown: str) -> None:
        if tuple(self.readings) != names:
            for button in self.readings.values():
                self._group.removeButton(button)
                button.setParent(None)
                button.deleteLater()
            self.readings = {name: self._reading(name) for name in names}
        if shown in self.readings:
            self.readings[shown].setChecked(True)
        self._choice.setVisible(bool(names))

    def _reading(self, name: str) -> QPushButton:
        text = READINGS[name]
        button = QPushButton(QCoreApplication.translate("Readings", text), self._choice)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the canvas
        button.setAccessibleName(button.text())
        button.setAccessibleDescription(self.tr("What the click may mean; Tab shows one after the other."))
        button.setToolTip(button.accessibleDescription())
        button.clicked.connect(lambda: self._pointing.choose_reading(name))
        self._group.addButton(button)
        self._choice_row.addWidget(button)
        return button
