"""The one question that stands between a person and losing work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class UnsavedQuestion(QMessageBox):
    """Save, discard or stay; saving is the default and Esc stays.

    Args:
        name: the file whose layers would be lost.
        n_changes: how many steps were not saved.
        place: one sentence on where saving puts them.
        save: called for Save; it goes on to `leave` itself when the layers are safe.
        leave: called for Discard.
    """

    def __init__(
        self,
        parent: QWidget | None,
        *,
        name: str,
        n_changes: int,
        place: str,
        save: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # its answers hold the document
        self.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <b>
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(self.tr("Unsaved changes"))
        one = self.tr("One change to {name} would be lost.")
        more = self.tr("{count} changes to {name} would be lost.")
        self.setText((one if n_changes == 1 else more).format(name=name, count=n_changes))
        self.setInformativeText(place)
        self.save_button = self.addButton(self.tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        self.discard_button = self.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        self.stay_button = self.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.save_button)
        self.setEscapeButton(self.stay_button)
        for button in (self.save_button, self.discard_button, self.stay_button):
            button.setAccessibleName(button.text())
        self.save_button.clicked.connect(save)
        self.discard_button.clicked.connect(leave)
