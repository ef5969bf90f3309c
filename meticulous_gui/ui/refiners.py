"""The networks that perfect an edge: which there are, when to take which, and which is taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, Signal

from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.network_words import network_name
from meticulous_gui.ui.networks import Networks
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP

REFINER_USES: Final = {
    "mos_h": QT_TRANSLATE_NOOP("Networks", "The better edge on all kinds of masks, and the fastest."),
    "crm": QT_TRANSLATE_NOOP("Networks", "A second opinion on an edge; takes three times as long."),
}
"""When to take which, by name or architecture."""


@dataclass(frozen=True)
class RefinerEntry:
    """One refiner as a person sees it.

    Attributes:
        name: in the catalog; of one without weights that of its architecture.
        text: its name for people.
        use: one line on when to take it, "" where nobody knows.
        is_installed: whether it can be taken.
    """

    name: str
    text: str
    use: str
    is_installed: bool = True

    @property
    def listed_text(self) -> str:
        """What a list says of it: its name, and why it cannot be taken."""
        if self.is_installed:
            return self.text
        reason = QCoreApplication.translate("Networks", "its weights are not installed")
        return f"{self.text} ({reason})"


class Refiners(QObject):
    """Reads the catalog and the settings; the one setting is shown in the tool's bar and in the preferences.

    Signals:
        changed: others are installed, or another one is taken.
    """

    changed = Signal()

    def __init__(self, networks: Networks, choices: Choices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._networks = networks
        self._choices = choices
        networks.listed.connect(self.changed)
        choices.changed.connect(self.changed)

    @property
    def entries(self) -> list[RefinerEntry]:
        """The installed ones by name, then those whose weights are missing."""
        return refiner_entries(self._networks.catalog)

    @property
    def installed(self) -> list[RefinerEntry]:
        """Those that can be taken."""
        return [entry for entry in self.entries if entry.is_installed]

    @property
    def taken(self) -> str:
        """The name of the one that refines; "" where none is installed."""
        return self._networks.catalog.preferred("refiner").name if self.installed else ""

    def text(self, name: str) -> str:
        """Return the name for people of an installed refiner."""
        return next((entry.text for entry in self.installed if entry.name == name), name)

    def take(self, name: str) -> None:
        """Let this one refine from now on."""
        settings = self._choices.settings
        self._choices.take(replace(settings, engine=replace(settings.engine, refiner=name)))


def refiner_entries(catalog: Catalog) -> list[RefinerEntry]:
    """Return the installed refiners by name, then known but missing ones."""
    cards = [card for _, card in sorted(catalog.cards.items()) if card.role == "refiner"]
    entries = [
        RefinerEntry(card.name, network_name(card.name), refiner_use(card.architecture)) for card in cards
    ]
    known = {card.architecture for card in cards}
    missing = [name for name in REFINER_USES if name not in known]
    return entries + [
        RefinerEntry(name, network_name(name), refiner_use(name), is_installed=False) for name in missing
    ]


def refiner_use(architecture: str) -> str:
    """Return one line on when to take a refiner, in the person's language; "" where nobody knows."""
    use = REFINER_USES.get(architecture, "")
    return QCoreApplication.translate("Networks", use) if use else ""
