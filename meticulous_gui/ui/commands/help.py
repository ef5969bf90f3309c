"""Commands that help: the sheet of keys, the palette, preferences, the log, about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QWidget

from meticulous_gui.ui.action import Action
from meticulous_gui.ui.actions import ACTIONS
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.about import AboutDialog
from meticulous_gui.ui.dialogs.palette import CommandPalette
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from meticulous_gui.ui.dialogs.shortcuts import ShortcutSheet
from meticulous_gui.ui.networks import Networks


class HelpCommands:
    """Opens windows beside the work; none of them blocks it.

    Args:
        trigger: does the action of that name.
        is_enabled: whether an action makes sense now.
        keys: the keys of an action as they are now.
        choices: what the person has chosen.
        networks: what is installed.
        log_folder: where the log file lies.
    """

    def __init__(
        self,
        parent: QWidget,
        *,
        trigger: Callable[[str], None],
        is_enabled: Callable[[Action], bool],
        keys: Callable[[Action], tuple[str, ...]],
        choices: Choices,
        networks: Networks,
        log_folder: Path,
    ) -> None:
        self._parent = parent
        self._trigger = trigger
        self._is_enabled = is_enabled
        self._keys = keys
        self._choices = choices
        self._networks = networks
        self._log_folder = log_folder

    def show_shortcuts(self) -> None:
        """List all keys and gestures."""
        self._open(ShortcutSheet(self._parent, keys=self._keys))

    def show_palette(self) -> None:
        """Find a command by a few letters."""
        palette = CommandPalette(
            ACTIONS,
            self._parent,
            is_enabled=self._is_enabled,
            keys=self._keys,
            recent=self._choices.recent_commands,
        )
        palette.chosen.connect(self._choices.note_command)
        palette.chosen.connect(self._trigger)
        self._open(palette)

    def show_preferences(self) -> None:
        """Choose habits."""
        self._open(PreferencesDialog(self._choices, self._networks, self._parent, keys=self._keys))

    def show_log(self) -> None:
        """Show the folder of the log file."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._log_folder)))

    def show_about(self) -> None:
        """Say what this is."""
        cards = [card for _, card in sorted(self._networks.catalog.cards.items())]
        self._open(AboutDialog(cards, self._parent))

    def _open(self, dialog: QDialog) -> None:
        """Show a dialog that blocks nothing; a second one of its kind takes the place of the first."""
        for older in self._parent.findChildren(type(dialog)):
            if older is not dialog:
                older.close()
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(False)
        dialog.show()
