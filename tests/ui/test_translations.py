"""The translation that comes with the program: whole, true to its source, and shown."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication, QLabel, QTextBrowser, QToolButton
from pytestqt.qtbot import QtBot

import meticulous_gui.ui
from meticulous_gui.core.mask_file import Encoding, MaskFile
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.core.settings import ViewSettings
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.ui.actions import ACTIONS, action
from meticulous_gui.ui.bars.status import StatusBar
from meticulous_gui.ui.card_texts import CARD_TEXTS
from meticulous_gui.ui.dialogs.about import AboutDialog
from meticulous_gui.ui.dialogs.networks_page import card_html
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from meticulous_gui.ui.inbox import Inbox
from meticulous_gui.ui.languages import LANGUAGES, install_translations, locale_of
from meticulous_gui.ui.mask_words import kind_text
from meticulous_gui.ui.messages import Message, MessageBar
from meticulous_gui.ui.moments import moment_text
from meticulous_gui.ui.panels.history import GAP_PX, PICTURE_PX
from meticulous_gui.ui.work import NetworkWork
from tests.engine.stubs import Staircase, nested_things
from tests.ui.point_stage import PointStage, fields
from tests.ui.window_stage import WindowStage

FOLDER = resource_dir() / "translations"
SOURCE = FOLDER / "meticulous_de.ts"
TOOLS = Path(sys.executable).parent


def _messages(path: Path) -> list[tuple[str, str, ElementTree.Element]]:
    """Return context, source text and translation of every message."""
    found = []
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            name, source, translation = (
                context.find("name"),
                message.find("source"),
                message.find("translation"),
            )
            assert name is not None
            assert source is not None
            assert translation is not None
            found.append((name.text or "", source.text or "", translation))
    return found


def test_every_text_of_the_window_is_translated(tmp_path: Path) -> None:
    """If not: run the two commands of CONTRIBUTING and fill in what they marked as unfinished."""
    copy = Path(shutil.copy(SOURCE, tmp_path))
    sources = sorted(str(path) for path in Path(meticulous_gui.ui.__file__).parent.rglob("*.py"))
    command = [str(TOOLS / "pyside6-lupdate"), "-silent", "-locations", "none", "-no-obsolete"]
    subprocess.run([*command, *sources, "-ts", str(copy)], check=True, capture_output=True)
    missing = [text for _, text, translation in _messages(copy) if translation.get("type") == "unfinished"]
    assert not missing


def test_a_translation_keeps_the_places_that_are_filled_in() -> None:
    for _, source, translation in _messages(SOURCE):
        translated = translation.text or ""
        assert sorted(re.findall(r"{[^}]*}", translated)) == sorted(re.findall(r"{[^}]*}", source)), source
        assert (source[:1].isspace(), source[-1:].isspace()) == (
            translated[:1].isspace(),
            translated[-1:].isspace(),
        ), source
        assert source.endswith("…") == translated.endswith("…"), source


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translators = install_translations(qapp, QLocale("de_DE"))
    assert len(translators) == 2
    yield
    for translator in translators:
        qapp.removeTranslator(translator)
    QLocale.setDefault(QLocale.system())


@pytest.mark.usefixtures("german")
def test_what_is_shipped_is_what_was_written() -> None:
    for context, source, translation in _messages(SOURCE):
        assert QCoreApplication.translate(context, source) == translation.text


@pytest.mark.usefixtures("german")
def test_the_window_speaks_german(qtbot: QtBot, tmp_path: Path) -> None:
    stage = WindowStage(tmp_path, qtbot)
    menus = [entry.text() for entry in stage.window.menuBar().actions()]
    assert menus[:3] == ["Datei", "Bearbeiten", "Maske"]
    assert stage.window.actions_set["undo"].text() == "Rückgängig"
    stage.session.opener.open_picture(np.zeros((20, 30, 3), np.uint8))
    stage.settle()
    assert "unbenannt" in stage.window.windowTitle()
    assert action("tool_brush").label == "Pinsel"
    stage.open()
    assert stage.session.document is not None
    assert stage.session.document.active.name == "Objekt 1"
    stage.window.actions_set.trigger("add_layer")
    assert stage.session.document.active.name == "Objekt 2"
    stage.session.close()


@pytest.mark.usefixtures("german")
def test_moments_are_written_as_germans_write_them() -> None:
    now = datetime.datetime.now().astimezone()
    assert moment_text(now) == f"{now:%H:%M}"
    assert moment_text(datetime.datetime(2024, 2, 28, 14, 2)) == "28.02.24 14:02"


@pytest.mark.usefixtures("german")
def test_decimals_are_written_as_germans_write_them(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    bar, work = StatusBar(), NetworkWork(Inbox())
    qtbot.addWidget(bar)
    monkeypatch.setattr(NetworkWork, "took", ("Kante", 0.52))
    bar.show_work(work, "", is_exporting=False)
    bar.show_zoom(0.054)
    said = [label.text() for label in bar.labels]
    assert "Kante: 0,5 s" in said
    assert "5,4 %" in said
    card = Catalog.default().cards["mos_h"]
    assert f"{card.bytes / 1e6:.1f} MB".replace(".", ",") in card_html(card)
    assert ">0,9929<" in card_html(card).replace("&nbsp;", "")


@pytest.mark.usefixtures("german")
def test_what_the_program_says_of_a_network_is_german() -> None:
    shown = card_html(Catalog.default().cards["mos_l"])
    for part in ("<h3>MOS_L</h3>", "Bedingungen", "Die Gewichte wurden für dieses Programm", "Gemessen"):
        assert part in shown
    assert "The weights are made" not in shown


@pytest.mark.usefixtures("german")
def test_what_the_cards_of_the_networks_say_is_german(qtbot: QtBot) -> None:
    """If not: copy the new lines of the cards to `card_texts` and translate them, as CONTRIBUTING says."""
    cards = Catalog.default().cards.values()
    lines = {line for card in cards for line in (*card.failures, *card.data, card.terms)}
    assert lines == set(CARD_TEXTS)
    about = AboutDialog(tuple(cards))
    qtbot.addWidget(about)
    for browser in about.findChildren(QTextBrowser):
        assert not any(line in browser.toPlainText() for line in lines)
    for card in cards:
        assert not any(escape(line) in card_html(card) for line in lines)


@pytest.mark.usefixtures("german")
def test_the_kind_of_a_mask_is_said_in_german() -> None:
    alpha = np.zeros((4, 5), np.uint8)
    binary = MaskFile(None, "binary", alpha, Encoding("PNG", "L", levels=(255, 0), is_inverted=True))
    assert kind_text(binary) == "PNG in Grau mit 8 Bit, dunkel auf hell"
    assert kind_text(MaskFile(None, "labels", alpha, Encoding("TIFF", "P"))) == "Nummernbild als TIFF"


@pytest.mark.usefixtures("german")
def test_what_core_says_is_german_in_the_bar(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.show_message(Message("/a/b.jpg is damaged (no; end); copy it again from where it came from."))
    german = "/a/b.jpg ist beschädigt (no; end); kopieren Sie es noch einmal von dort, woher es kam."
    assert bar.messages[0].text == german
    readable = "JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP, GIF or PSD"
    photo = f'/a/b.jpg is text ("some words..."), not a photo; open a {readable} file.'
    bar.show_message(Message(f"The background cannot be used: {photo}"))
    began = "Der Hintergrund lässt sich nicht verwenden: /a/b.jpg ist kein Foto, sondern Text („some words…“)"
    assert bar.messages[0].text.startswith(began), "a sentence in a sentence, too"


@pytest.mark.usefixtures("german")
def test_long_german_words_are_not_cut_off(qtbot: QtBot, tmp_path: Path) -> None:
    stage = WindowStage(tmp_path, qtbot)
    stage.window.resize(stage.window.minimumSize())
    stage.open()
    stage.window.actions_set.trigger("tool_point")
    stage.settle()
    bar = stage.window.points.bar
    text = bar.findChild(QLabel)
    assert text is not None
    assert bar.isVisible()
    is_one_line = text.width() >= text.fontMetrics().horizontalAdvance(text.text())
    assert is_one_line or (text.wordWrap() and text.height() >= text.heightForWidth(text.width()))
    stage.window.actions_set.trigger("preferences")
    pages = stage.dialog(PreferencesDialog).list
    for row in range(pages.count()):
        assert pages.fontMetrics().horizontalAdvance(pages.item(row).text()) < pages.viewport().width()
    stage.session.close()


@pytest.mark.usefixtures("german")
def test_panels_and_bars_fit_the_smallest_window(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    window = stage.window
    window.resize(window.minimumSize())
    stage.open_picture(fields())
    stage.take_tool()
    for action_id in ("adjust_edge", "clean_up"):
        window.actions_set.trigger(action_id)
        stage.settle()
        panel = window.edge_panels.open_panel
        assert panel is not None
        assert window.canvas.geometry().contains(panel.geometry()), action_id
        assert panel.focusWidget() is not None
        window.actions_set.trigger("stop")
    stage.click(40, 50)
    stage.settle()
    cut_off = [button for button in window.points.bar.findChildren(QToolButton) if not is_whole(button)]
    assert cut_off == []
    stage.session.close()


@pytest.mark.usefixtures("german")
def test_the_sentence_of_a_bar_is_not_squeezed_by_its_buttons(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    stage.server.networks.click_network = Staircase()
    stage.window.resize(1024, 640)
    stage.open_picture(nested_things())
    stage.take_tool()
    stage.click(80, 50)
    stage.settle()
    bar = stage.window.points.bar
    assert bar.text == "Der Klick kann meinen (Tab):"
    text = bar.findChild(QLabel)
    assert text is not None
    assert text.heightForWidth(text.width()) <= 2 * text.fontMetrics().lineSpacing()
    stage.session.close()


@pytest.mark.usefixtures("german")
def test_an_object_that_is_open_has_its_whole_name_in_the_history(qtbot: QtBot, tmp_path: Path) -> None:
    stage = PointStage(tmp_path, qtbot)
    stage.open_picture(fields())
    stage.take_tool()
    stage.click(40, 50)
    steps = stage.window.history.list
    title = steps.model().index(steps.model().rowCount() - 1, 0).data()
    room = steps.viewport().width() - PICTURE_PX - 5 * GAP_PX
    assert title.endswith("(offen)")
    assert steps.fontMetrics().horizontalAdvance(title) <= room
    stage.session.close()


def is_whole(button: QToolButton) -> bool:
    return not button.isVisible() or button.width() >= button.sizeHint().width()


def test_every_language_that_can_be_chosen_is_there() -> None:
    choices = set(ViewSettings.__dataclass_fields__["language"].metadata["choices"])
    assert choices == {"system", *LANGUAGES}
    assert {path.stem for path in FOLDER.glob("*.qm")} == {
        f"meticulous_{code}" for code in LANGUAGES if code != "en"
    }
    assert locale_of("de").language() is QLocale.Language.German
    assert locale_of("en").language() is QLocale.Language.English
    assert locale_of("system") == QLocale.system()


def test_without_a_translation_the_window_speaks_english() -> None:
    assert action("tool_brush").label == "Brush"
    assert all(row.label for row in ACTIONS)
