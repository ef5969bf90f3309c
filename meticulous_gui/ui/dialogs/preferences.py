"""Preferences: a window beside the work; every change counts at once, so there is nothing to confirm."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui.core.errors import MeticulousError
from meticulous_gui.core.settings import Settings, settings_path
from meticulous_gui.ui.action import Action
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.keys_page import KeysPage
from meticulous_gui.ui.dialogs.networks_page import NetworksPage
from meticulous_gui.ui.dialogs.preference_pages import ExportPage, LookPage, PhotosPage, SafetyPage
from meticulous_gui.ui.first_size import resize_within_screen
from meticulous_gui.ui.networks import Networks
from meticulous_gui.ui.wrapping_label import WrappingLabel

LIST_WIDTH_PX = 150
ROW_HEIGHT_PX = 30
ROW_MARGIN_PX = 16


class PreferencesDialog(QDialog):
    """A list of pages and the page that is chosen.

    Args:
        choices: what the person has chosen; it is changed and written at once.
        networks: what is installed.
        keys: the keys of an action as they are now.
    """

    def __init__(
        self,
        choices: Choices,
        networks: Networks,
        parent: QWidget | None = None,
        *,
        keys: Callable[[Action], tuple[str, ...]],
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self.setWindowTitle(self.tr("Preferences"))
        resize_within_screen(self, 760, 560)
        self.problem = WrappingLabel(parent=self)
        self.problem.setAccessibleName(self.tr("What could not be saved"))
        self.problem.hide()
        self.look = LookPage(choices.settings, self._change)
        self.photos = PhotosPage(choices.settings, self._change)
        self.safety = SafetyPage(choices.settings, self._change)
        self.export = ExportPage(choices.settings, self._change)
        self.networks = NetworksPage(choices, networks, self._change)
        self.keys = KeysPage(choices, self._change, keys=keys)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Pages"))
        self.pages = QStackedWidget(self)
        for title, page in (
            (self.tr("Look"), self.look),
            (self.tr("Photos"), self.photos),
            (self.tr("Undo and safety"), self.safety),
            (self.tr("Copy and export"), self.export),
            (self.tr("Networks"), self.networks),
            (self.tr("Keys"), self.keys),
        ):
            page.setAccessibleName(title)
            self.list.addItem(title)
            self.list.item(self.list.count() - 1).setSizeHint(QSize(0, ROW_HEIGHT_PX))
            self.pages.addWidget(page)
        titles = [self.list.item(row).text() for row in range(self.list.count())]
        widest_px = max(self.list.fontMetrics().horizontalAdvance(title) for title in titles)
        self.list.setFixedWidth(max(LIST_WIDTH_PX, widest_px + 2 * self.list.frameWidth() + ROW_MARGIN_PX))
        self.list.currentRowChanged.connect(self.pages.setCurrentIndex)
        self.list.setCurrentRow(0)
        self._lay_out()

    def _lay_out(self) -> None:
        note = WrappingLabel(
            self.tr("Changes count at once. Everything is in {path}.").format(path=settings_path()), self
        )
        note.setEnabled(False)  # quiet: it is only there for those who look for it
        note.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.setAccessibleName(self.tr("Buttons"))
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setAccessibleName(self.tr("Close"))
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.list)
        middle.addWidget(self.pages, 1)
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        foot.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.addLayout(middle, 1)
        layout.addWidget(self.problem)
        layout.addLayout(foot)

    def _change(self, change: Callable[[Settings], Settings]) -> None:
        """Take other settings; where they cannot be written, say so: they count all the same."""
        try:
            self._choices.change(change(self._choices.settings))
        except MeticulousError as error:
            self.problem.setText(str(error))
            self.problem.show()
        else:
            self.problem.hide()
