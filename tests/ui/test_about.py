"""About tells of versions, licences and the terms of what the weights were made from."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from PySide6.QtWidgets import QApplication

from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.ui.dialogs.about import AboutDialog
from meticulous_gui.ui.licences import COMPONENTS, licence_of
from meticulous_gui.ui.network_words import network_name
from tests.ui.window_stage import WindowStage

ROOT = Path(__file__).parents[2]


def test_about_names_the_version_the_licences_and_the_data(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("about")
    stage.settle()
    dialog = stage.dialog(AboutDialog)
    assert not dialog.isModal()
    assert "LGPL" in dialog.text.text()
    shown = []
    for row in range(dialog.components.count()):
        dialog.components.setCurrentRow(row)
        shown.append(dialog.licence.toPlainText())
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in shown[1]
    assert "you may replace them by your own build" in shown[1]
    for component, text in zip(COMPONENTS, shown, strict=True):
        assert len(text) > 500, component.name
    assert QApplication.instance() is not None


def test_the_list_of_parts_is_that_of_the_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[<>=!~ ;\[]", line)[0].casefold() for line in project["dependencies"]}
    named = {component.name.casefold() for component in COMPONENTS} - {"meticulous", "shiboken6"}
    assert named == needed


def test_our_own_licence_is_the_one_of_the_repository() -> None:
    assert licence_of(COMPONENTS[0]) == (ROOT / "LICENSE").read_text()


def test_weights_name_the_terms_of_their_data() -> None:
    for card in Catalog.default().cards.values():
        assert card.terms, card.name
        assert card.data, card.name
        assert card.path is not None
        assert json.loads(card.path.with_suffix(".json").read_text())["terms"] == card.terms
        assert network_name(card.name) != card.name
