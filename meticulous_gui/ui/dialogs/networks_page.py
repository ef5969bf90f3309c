"""The page of networks: where they run, which are used, and what is known of each."""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton, QTextBrowser
from shiboken6 import isValid

from meticulous_gui.engine.catalog import ROLES, Card, Catalog, Role
from meticulous_gui.ui.card_texts import card_text
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.preference_pages import Change, Page
from meticulous_gui.ui.network_words import network_name
from meticulous_gui.ui.networks import Networks
from meticulous_gui.ui.numbers import decimal_text, short_text
from meticulous_gui.ui.refiners import refiner_entries, refiner_use
from meticulous_gui.ui.words import QT_TRANSLATE_NOOP
from meticulous_gui.ui.wrapping_label import WrappingLabel

ROLE_TEXTS: dict[str, str] = {
    "segmenter": QT_TRANSLATE_NOOP("Networks", "Finds the object"),
    "refiner": QT_TRANSLATE_NOOP("Networks", "Perfects the edge"),
    "click_segmenter": QT_TRANSLATE_NOOP("Networks", "Follows clicks"),
    "proposer": QT_TRANSLATE_NOOP("Networks", "Finds every object"),
}


class NetworksPage(Page):
    """Lists of installed networks by what they do; the card of the one touched last is shown below."""

    def __init__(self, choices: Choices, networks: Networks, change: Change) -> None:
        super().__init__(choices.settings, change)
        self._choices = choices
        self._networks = networks
        self.device = self.add_choice(
            "engine",
            "device",
            self.tr("Networks run on"),
            [("auto", self.tr("The fastest there is")), ("cpu", "CPU"), ("cuda", "CUDA"), ("mps", "MPS")],
        )
        self.threads = self.add_number(
            "engine",
            "threads",
            self.tr("Threads of the CPU"),
            0,
            1024,
            "",
            self.tr("0 leaves one core free."),
        )
        self.threads.setSpecialValueText(self.tr("all but one"))
        self.boxes: dict[Role, QComboBox] = {role: QComboBox(self) for role in ROLES}
        for role, box in self.boxes.items():
            text = role_text(role)
            box.setAccessibleName(text)
            label = QLabel(text, self)
            label.setBuddy(box)
            self.form.addRow(label, box)
            box.activated.connect(lambda _index, role=role: self._on_chosen(role))
            box.highlighted.connect(lambda index, role=role: self._show_card(role, index))
            if role == "refiner":
                self.refiner_use = QLabel(self)
                self.refiner_use.setWordWrap(True)
                self.form.addRow(self.refiner_use)
        self.card = QTextBrowser(self)
        self.card.setAccessibleName(self.tr("What is known of the network"))
        self.card.setOpenLinks(False)
        self.column.addWidget(self.card, 1)
        self.note = WrappingLabel(parent=self)
        self.note.hide()
        self.column.addWidget(self.note)
        self.add = QPushButton(self.tr("Add weights from a file…"), self)
        self.add.setAccessibleName(self.add.text())
        self.add.setToolTip(self.tr("Copy a .safetensors file and the card beside it into your folder."))
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._on_add)
        self.column.addWidget(self.add)
        networks.listed.connect(self._fill)
        choices.changed.connect(self._show_chosen)
        self._fill()

    def _fill(self) -> None:
        """List what is installed; a role that no network has is not shown."""
        for role, box in self.boxes.items():
            cards = self._networks.cards(role)
            box.clear()
            if role == "refiner":
                _list_refiners(box, self._networks.catalog)
            else:
                for card in cards:
                    box.addItem(network_name(card.name), card.name)
            self.form.setRowVisible(box, bool(cards))
        self._show_chosen()
        for role in self.boxes:
            if self.boxes[role].count():
                self._show_card(role, self.boxes[role].currentIndex())
                return

    def _on_chosen(self, role: Role) -> None:
        self.set_value("engine", role, self.boxes[role].currentData())
        self._show_card(role, self.boxes[role].currentIndex())
        self._show_use()

    def _show_chosen(self) -> None:
        """Show which are chosen, here or in the bar of a tool."""
        for role, box in self.boxes.items():
            if self._networks.cards(role):
                catalog = self._networks.catalog
                box.setCurrentIndex(box.findData(catalog.preferred(role).name))
        self._show_use()

    def _show_use(self) -> None:
        """Say when to take the refiner that is chosen."""
        name = self.boxes["refiner"].currentData()
        card = self._networks.catalog.cards.get(name)
        use = refiner_use(name if card is None else card.architecture)
        self.refiner_use.setText(use)
        self.form.setRowVisible(self.refiner_use, bool(use))

    def _show_card(self, role: Role, index: int) -> None:
        name, cards = self.boxes[role].itemData(index), self._networks.catalog.cards
        if name in cards:
            self.card.setHtml(card_html(cards[name]))

    def _on_add(self) -> None:
        dialog = QFileDialog(self, self.tr("Add weights"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Weights (*.safetensors)")])
        dialog.fileSelected.connect(lambda name: self.add_file(Path(name)))
        dialog.open()

    def add_file(self, path: Path) -> None:
        """Install a weight file with the card beside it, and say how that went."""

        elsewhere = self.tr("{name} is installed; choose it in the preferences to use it.")

        def done(card: Card) -> None:
            if not isValid(self):  # the page was closed: copying weights takes a while
                self._networks.say(elsewhere.format(name=network_name(card.name)))
                return
            here = self.tr("{name} is installed; choose it above to use it.")
            self._say(here.format(name=network_name(card.name)))
            self.card.setHtml(card_html(card))

        def failed(sentence: str) -> None:
            (self._say if isValid(self) else self._networks.say)(sentence)

        self._networks.add_weights(path, done, failed)

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.show()


def _list_refiners(box: QComboBox, catalog: Catalog) -> None:
    """List the refiners, greyed out with the reason those that could be here."""
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    for entry in refiner_entries(catalog):
        box.addItem(entry.listed_text, entry.name)
        model.item(box.count() - 1).setEnabled(entry.is_installed)


def role_text(role: str) -> str:
    """Return what networks of a role do, in the person's language."""
    text = ROLE_TEXTS[role]
    return QCoreApplication.translate("Networks", text)


def card_html(card: Card) -> str:
    """Return a card as a page to read: what it is for, trained on what, its terms, scores and failures."""
    measured = QCoreApplication.translate("Networks", "Measured")
    file_title = QCoreApplication.translate("Networks", "File")
    made_with = QCoreApplication.translate("Networks", "Made with")
    parts = [f"<h3>{escape(network_name(card.name))}</h3><p>{escape(role_text(card.role))}.</p>"]
    for title, lines in (
        (QCoreApplication.translate("Networks", "Known to do badly"), card.failures),
        (QCoreApplication.translate("Networks", "Trained on"), card.data),
        (QCoreApplication.translate("Networks", "Terms"), [card.terms] if card.terms else []),
    ):
        if lines:
            entries = "".join(f"<li>{escape(card_text(line))}</li>" for line in lines)
            parts.append(f"<h4>{escape(title)}</h4><ul>{entries}</ul>")
    if card.scores:
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td align='right'>&nbsp;&nbsp;{short_text(value)}</td></tr>"
            for name, value in card.scores.items()
        )
        parts.append(f"<h4>{escape(measured)}</h4><table>{rows}</table>")
    megabytes = card.bytes / 1e6
    file = escape(str(card.path)) if card.path is not None else ""
    parts.append(f"<h4>{escape(file_title)}</h4><p>{file}<br>{decimal_text(megabytes)} MB</p>")
    if card.command:
        parts.append(f"<h4>{escape(made_with)}</h4><p><code>{escape(card.command)}</code></p>")
    return "".join(parts)
