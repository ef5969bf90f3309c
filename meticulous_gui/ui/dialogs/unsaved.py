"""The one question that stands between a person and losing work."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from meticulous_gui.ui.moments import moment_text
from meticulous_gui.ui.wrapping_label import breakable


class UnsavedQuestion(QMessageBox):
    """Save, discard or stay; saving is the default and Esc stays.

    Args:
        name: the file whose layers would be lost.
        n_changes: how many steps were not saved.
        since: when the first of them was made, None where that is this very moment.
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
        since: datetime.datetime | None,
        place: str,
        save: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)  # its answers hold the document
        self.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <b>
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(self.tr("Unsaved changes"))
        one = self.tr("One change to {name} since {time} would be lost.")
        more = self.tr("{count} changes to {name} since {time} would be lost.")
        time = moment_text(since or datetime.datetime.now())
        sentence = (one if n_changes == 1 else more).format(name=name, count=n_changes, time=time)
        self.setText(breakable(sentence))
        self.setInformativeText(breakable(place))
        self.save_button = self.addButton(self.tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        self.discard_button = self.addButton(self.tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        self.stay_button = self.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        self.setDefaultButton(self.save_button)
        self.setEscapeButton(self.stay_button)
        for button in (self.save_button, self.discard_button, self.stay_button):
            button.setAccessibleName(button.text())
        self.save_button.clicked.connect(save)
        self.discard_button.clicked.connect(leave)
