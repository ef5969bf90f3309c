"""About: which version this is, what it is made of, and under which terms; a window beside the work."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QCoreApplication, QSize, qVersion
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from meticulous_gui import __version__
from meticulous_gui.engine.catalog import Card
from meticulous_gui.ui.card_texts import card_text
from meticulous_gui.ui.dialogs.networks_page import role_text
from meticulous_gui.ui.first_size import resize_within_screen
from meticulous_gui.ui.licences import COMPONENTS, licence_of, version_of
from meticulous_gui.ui.network_words import network_name

ICON_PX = 72
LIST_WIDTH_PX = 230
ROW_HEIGHT_PX = 26


class AboutDialog(QDialog):
    """Three tabs: the program, the licences, the networks and their data.

    Args:
        cards: the installed networks.
    """

    def __init__(self, cards: Sequence[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Meticulous"))
        resize_within_screen(self, 880, 600)
        self.tabs = QTabWidget(self)
        self.tabs.setAccessibleName(self.tr("About Meticulous"))
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self._make_program(), self.tr("Program"))
        self.tabs.addTab(self._make_licences(), self.tr("Licences"))
        self.tabs.addTab(self._make_networks(cards), self.tr("Networks and data"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.setAccessibleName(self.tr("Buttons"))
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(self.tr("Close"))
        close.setAccessibleName(self.tr("Close"))
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)

    def _make_program(self) -> QWidget:
        page = QWidget(self)
        picture = QLabel(page)
        picture.setPixmap(QApplication.windowIcon().pixmap(ICON_PX, ICON_PX))
        picture.setAccessibleName(self.tr("Icon"))
        sentence = self.tr(
            "<h2>Meticulous {version}</h2>"
            "<p>Cuts objects out of photographs, on this computer and nowhere else: no photo, mask or click "
            "ever leaves it.</p>"
            "<p>Licensed under the Apache License 2.0. Uses Qt {qt} under the LGPL, version 3.</p>"
            "<p>The networks were trained on research data whose photographs have mixed or unknown rights; "
            "the third tab names each set.</p>"
        )
        self.text = QLabel(sentence.format(version=__version__, qt=qVersion()), page)
        self.text.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(picture)
        row.addWidget(self.text, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 24, 24, 24)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _make_licences(self) -> QWidget:
        page = QWidget(self)
        self.components = QListWidget(page)
        self.components.setAccessibleName(self.tr("Parts of the program"))
        self.components.setFixedWidth(LIST_WIDTH_PX)
        for component in COMPONENTS:
            title = f"{component.name} {version_of(component)}".strip()
            self.components.addItem(title)
            item = self.components.item(self.components.count() - 1)
            item.setSizeHint(QSize(0, ROW_HEIGHT_PX))
            item.setToolTip(QCoreApplication.translate("Licences", component.what))
        self.licence = QPlainTextEdit(page)
        self.licence.setReadOnly(True)
        self.licence.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.licence.setAccessibleName(self.tr("Text of the licence"))
        self.licence.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.components.currentRowChanged.connect(
            lambda row: self.licence.setPlainText(licence_of(COMPONENTS[row]))
        )
        self.components.setCurrentRow(0)
        row = QHBoxLayout(page)
        row.addWidget(self.components)
        row.addWidget(self.licence, 1)
        return page

    def _make_networks(self, cards: Sequence[Card]) -> QWidget:
        browser = QTextBrowser(self)
        browser.setAccessibleName(self.tr("Networks and data"))
        browser.setOpenLinks(False)
        parts = []
        for card in cards:
            data = "".join(f"<li>{escape(card_text(line))}</li>" for line in card.data)
            parts.append(
                f"<h3>{escape(network_name(card.name))}</h3>"
                f"<p>{escape(role_text(card.role))}. {escape(card_text(card.terms))}</p><ul>{data}</ul>"
            )
        browser.setHtml("".join(parts))
        return browser
