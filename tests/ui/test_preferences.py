"""Preferences count at once, keys are never given twice, networks change while the window is open."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.settings import Settings
from meticulous_gui.engine.catalog import ROLES, Card, Catalog, write_card
from meticulous_gui.engine.jobs import WarmUpRequest
from meticulous_gui.ui.actions import ACTIONS, action
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.dialogs.about import AboutDialog
from meticulous_gui.ui.dialogs.networks_page import card_html
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from meticulous_gui.ui.key_map import RESERVED, conflict_of, keys_from_text, text_of_keys, with_keys
from meticulous_gui.ui.licences import COMPONENTS, licence_of
from meticulous_gui.ui.networks import Networks
from tests.ui.fakes import FakeRunner, Stage
from tests.ui.window_stage import WindowStage

ROOT = Path(__file__).parents[2]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    yield stage
    stage.session.close()


def preferences(stage: WindowStage) -> PreferencesDialog:
    stage.window.actions_set.trigger("preferences")
    stage.settle()
    dialog = stage.dialog(PreferencesDialog)
    assert isinstance(dialog, PreferencesDialog)
    return dialog


def press(dialog: PreferencesDialog, action_id: str, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    """Choose an action and press a key for it."""
    dialog.keys.choose(action_id)
    dialog.keys.edit.setFocus()
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(dialog.keys.edit, key, held)


def keys_of(stage: WindowStage, action_id: str) -> list[str]:
    return [key.toString() for key in stage.window.actions_set[action_id].shortcuts()]


# --- plain pages ----------------------------------------------------------------------------------------


def test_every_change_counts_at_once_and_nothing_is_confirmed(stage: WindowStage) -> None:
    stage.open_with_mask()
    dialog = preferences(stage)
    assert not dialog.isModal()
    dialog.look.opacity.setValue(80)
    assert stage.window.canvas.views.overlay_opacity == pytest.approx(0.8)
    dialog.look.inverted.click()
    assert stage.window.canvas.views.is_overlay_inverted
    dialog.safety.budget.setValue(20)
    assert stage.session.document is not None
    assert stage.session.document.history.budget_bytes == 20 * 1024 * 1024
    dialog.safety.only_where_empty.click()
    assert stage.session.document.only_where_empty
    dialog.photos.side.setValue(30)
    assert stage.session.limits.max_side_px == 30
    dialog.photos.side.setValue(30_000)
    dialog.photos.finds.click()
    dialog.export.location.click()
    assert stage.session.settings.export.keeps_location
    n_jobs = len(stage.runner.jobs)
    stage.open("other.png")
    assert len(stage.runner.jobs) == n_jobs, "no mask is asked for any more"


def test_a_language_is_kept_and_when_it_counts_is_said(stage: WindowStage) -> None:
    dialog = preferences(stage)
    assert not dialog.look.next_start.isVisible()
    dialog.look.language.setFocus()
    QTest.keyClick(dialog.look.language, Qt.Key.Key_End)
    assert stage.window.choices.settings.view.language == "de"
    assert dialog.look.next_start.isVisible()


def test_pages_are_reached_by_keys(stage: WindowStage) -> None:
    dialog = preferences(stage)
    dialog.list.setFocus()
    for index in range(1, dialog.pages.count()):
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
        assert dialog.pages.currentIndex() == index


@pytest.fixture
def full_disk(stage: WindowStage, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let no settings be written; return what is said about it."""
    sentence = "The settings could not be written; free some space."

    def refuse(_settings: Settings) -> None:
        raise EngineError(sentence)

    monkeypatch.setattr("meticulous_gui.ui.choices.save_settings", refuse)
    stage.window.choices._is_kept = True
    return sentence


def test_settings_that_cannot_be_written_are_said_and_count_all_the_same(
    stage: WindowStage, full_disk: str
) -> None:
    dialog = preferences(stage)
    dialog.look.opacity.setValue(70)
    assert dialog.problem.text() == full_disk
    assert stage.window.canvas.views.overlay_opacity == pytest.approx(0.7)


def test_a_switch_in_the_window_that_cannot_be_written_is_said_in_its_bar(
    stage: WindowStage, full_disk: str
) -> None:
    stage.open_with_mask()
    stage.window.layers.only_where_empty.click()
    assert stage.messages[-1].text == full_disk
    assert stage.messages[-1].kind == "warning"
    assert stage.window.choices.settings.layers.only_where_empty


# --- keys -----------------------------------------------------------------------------------------------


def test_a_free_key_is_given_and_works_at_once(stage: WindowStage, qtbot: QtBot) -> None:
    stage.open_with_mask()
    dialog = preferences(stage)
    press(dialog, "invert_mask", Qt.Key.Key_F9, CTRL)
    assert keys_of(stage, "invert_mask") == ["Ctrl+F9"]
    assert "F9" in stage.window.actions_set["invert_mask"].toolTip()
    dialog.close()
    stage.window.activateWindow()
    stage.window.canvas.setFocus()
    qtbot.waitUntil(stage.window.isActiveWindow)
    before = stage.alpha
    stage.press(Qt.Key.Key_F9, CTRL)
    assert (stage.alpha == 255 - before).all()


def test_a_key_that_is_taken_is_said_at_once_and_may_be_taken_away(stage: WindowStage) -> None:
    dialog = preferences(stage)
    press(dialog, "invert_mask", Qt.Key.Key_Y, CTRL)
    assert "Ctrl+Y is the key of “Redo”" in dialog.keys.problem.text()
    assert keys_of(stage, "invert_mask") == ["Ctrl+I"], "nothing has changed yet"
    dialog.keys.take.click()
    assert keys_of(stage, "invert_mask") == ["Ctrl+Y"]
    assert keys_of(stage, "redo") == ["Ctrl+Shift+Z"], "its other key stays"
    assert dialog.keys.problem.text() == ""


@pytest.mark.parametrize(("key", "what"), [(Qt.Key.Key_Space, "canvas"), (Qt.Key.Key_H, "canvas")])
def test_keys_of_the_canvas_cannot_be_given_away(stage: WindowStage, key: Qt.Key, what: str) -> None:
    dialog = preferences(stage)
    press(dialog, "invert_mask", key)
    assert what in dialog.keys.problem.text()
    assert not dialog.keys.take.isVisible()
    assert keys_of(stage, "invert_mask") == ["Ctrl+I"]


def test_one_key_is_reset_or_all_are(stage: WindowStage) -> None:
    dialog = preferences(stage)
    for action_id, key in (("invert_mask", Qt.Key.Key_F9), ("clear_mask", Qt.Key.Key_F10)):
        press(dialog, action_id, key, CTRL)
    dialog.keys.choose("invert_mask")
    dialog.keys.reset.click()
    assert keys_of(stage, "invert_mask") == ["Ctrl+I"]
    assert keys_of(stage, "clear_mask") == ["Ctrl+F10"]
    dialog.keys.choose("redo")
    dialog.keys.none.click()
    assert keys_of(stage, "redo") == []
    dialog.keys.reset_all.click()
    for row in ACTIONS:
        if not row.is_held:
            assert keys_of(stage, row.id) == [QKeySequence(key).toString() for key in row.keys]
    assert not dialog.keys.reset_all.isEnabled()


def test_a_reset_that_would_give_a_key_twice_is_refused(stage: WindowStage) -> None:
    dialog = preferences(stage)
    press(dialog, "invert_mask", Qt.Key.Key_F9, CTRL)
    press(dialog, "clear_mask", Qt.Key.Key_I, CTRL)
    assert keys_of(stage, "clear_mask") == ["Ctrl+I"]
    dialog.keys.choose("invert_mask")
    dialog.keys.reset.click()
    assert "is the key of “Clear the mask” now" in dialog.keys.problem.text()
    assert keys_of(stage, "invert_mask") == ["Ctrl+F9"]


def test_the_list_of_keys_filters(stage: WindowStage) -> None:
    dialog = preferences(stage)
    QTest.keyClicks(dialog.keys.filter, "merge")
    assert [item.text(0) for item in dialog.keys._items() if not item.isHidden()] == ["Merge down"]


changes = st.lists(
    st.tuples(
        st.sampled_from([row.id for row in ACTIONS if not row.is_held]),
        st.sampled_from(["F7", "Ctrl+Z", "Ctrl+Y", "B", "+", "Ctrl+K", "Space", "H", "Ctrl+;"]),
    ),
    max_size=12,
)


@given(changes)
def test_however_keys_are_given_and_taken_no_two_actions_share_one(wishes: list[tuple[str, str]]) -> None:
    settings = Settings()

    def keys(row: Any) -> tuple[str, ...]:
        return keys_from_text(settings.keys[row.id]) if row.id in settings.keys else row.keys

    for action_id, key in wishes:
        row = action(action_id)
        conflict = conflict_of(key, row, ACTIONS, keys)
        if conflict is not None and conflict.owner is not None:
            left = tuple(one for one in keys(conflict.owner) if QKeySequence(one).toString() != key)
            settings = with_keys(settings, conflict.owner, left)
        if conflict is None or conflict.owner is not None:
            settings = with_keys(settings, row, (key,))
    all_keys = [QKeySequence(key).toString() for row in ACTIONS for key in keys(row)]
    assert len(all_keys) == len(set(all_keys))
    assert not RESERVED & {key for row in ACTIONS if keys(row) != row.keys for key in keys(row)}


@given(st.lists(st.sampled_from(["+", "Ctrl++", "Ctrl+;", ";", "F7"]), unique=True, max_size=4))
def test_several_keys_of_an_action_survive_the_settings_file(keys: list[str]) -> None:
    assert keys_from_text(text_of_keys(keys)) == tuple(keys)


# --- networks -------------------------------------------------------------------------------------------


def install_card(
    folder: Path, name: str, role: str, content: bytes = b"weights", *, architecture: str = "mos_l"
) -> Path:
    """Write a weight file that nobody runs, with its card."""
    import hashlib

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.safetensors"
    path.write_bytes(content)
    card = Card(name, role, architecture, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))  # type: ignore[arg-type]
    write_card(card, path.with_suffix(".json"))
    return path


class Made:
    """Takes note of every runner that was asked for."""

    def __init__(self) -> None:
        self.runners: list[FakeRunner] = []
        self.asked: list[tuple[Catalog, str | None, int | None]] = []

    def __call__(self, catalog: Catalog, device: str | None, n_threads: int | None) -> FakeRunner:
        if device == "cuda":
            raise EngineError("This machine has no CUDA; choose another device.")
        self.asked.append((catalog, device, n_threads))
        self.runners.append(FakeRunner())
        return self.runners[-1]


@pytest.fixture
def data_folder(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the person's own weights lie in an empty folder."""
    monkeypatch.setenv("METICULOUS_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def test_another_device_counts_at_once_and_keeps_what_was_done(tmp_path: Path, data_folder: Path) -> None:
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    stage.settle()
    stage.open()
    first = made.runners[0]
    first.job.paint(Box(0, 0, 10, 10), 255)
    stage.settle()
    engine = choices.settings.engine
    choices.change(replace(choices.settings, engine=replace(engine, device="cpu", threads=3)))
    stage.settle()
    assert made.asked[1][1:] == ("cpu", 3)
    assert first.is_closed
    assert stage.session.runner is made.runners[1]
    assert stage.alpha[5, 5] == 255, "finished patches stay"
    stage.session.refine_all()
    stage.settle()
    assert made.runners[1].photos, "the open photo is with the new networks"
    made.runners[1].job.paint(Box(10, 10, 20, 20), 255)
    made.runners[1].job.finish()
    stage.settle()
    assert stage.alpha[15, 15] == 255
    choices.change(replace(choices.settings, view=replace(choices.settings.view, theme="dark")))
    assert len(made.runners) == 2, "other settings leave the networks alone"
    stage.session.close()


def test_another_refiner_is_loaded_where_the_networks_run_and_nothing_is_lost(
    tmp_path: Path, data_folder: Path
) -> None:
    install_card(data_folder / "weights", "crm", "refiner", architecture="crm")
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    stage.settle()
    stage.open()
    running = made.runners[0].job
    running.paint(Box(0, 0, 10, 10), 255)
    engine = choices.settings.engine
    choices.change(replace(choices.settings, engine=replace(engine, refiner="crm")))
    stage.settle()
    assert len(made.runners) == 1, "no new process"
    runner = made.runners[0]
    assert not runner.is_closed
    assert [catalog.preferred("refiner").name for catalog in runner.catalogs] == ["crm"]
    assert isinstance(runner.job.request, WarmUpRequest), "loaded before it is needed"
    assert not running.is_cancelled
    running.paint(Box(10, 10, 20, 20), 255)
    running.finish()
    stage.settle()
    assert stage.alpha[15, 15] == 255, "what ran goes on to its end"
    assert stage.texts == []
    stage.session.close()


def test_a_device_that_is_not_there_is_said_and_the_old_networks_go_on(
    tmp_path: Path, data_folder: Path
) -> None:
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    stage.settle()
    choices.change(replace(choices.settings, engine=replace(choices.settings.engine, device="cuda")))
    stage.settle()
    assert stage.texts[-1] == "This machine has no CUDA; choose another device."
    assert stage.session.runner is made.runners[0]
    assert not made.runners[0].is_closed
    stage.open()
    made.runners[0].job.paint(Box(0, 0, 10, 10), 255)
    stage.settle()
    assert stage.alpha[5, 5] == 255
    stage.session.close()


def test_networks_that_do_not_start_on_a_device_say_so_and_the_way_back(
    tmp_path: Path, data_folder: Path
) -> None:
    stage, choices, made = Stage(tmp_path), Choices(), Made()
    networks = Networks(stage.session, choices, make_runner=made)
    networks.start()
    made.runners[0].job.finish()
    stage.settle()
    assert stage.texts == [], "at the start the status bar says enough"
    choices.change(replace(choices.settings, engine=replace(choices.settings.engine, device="mps")))
    made.runners[1].job.fail("The device mps is not available here; use auto or cpu.")
    stage.settle()
    message = stage.messages[-1]
    assert message.text == "The device mps is not available here; use auto or cpu."
    message.choices[0].run()
    assert choices.settings.engine.device == "auto"
    made.runners[2].job.finish()
    stage.settle()
    assert stage.texts[-1] == "The networks run on CPU (float32) now."
    assert stage.messages[-1].topic == message.topic, "the refusal goes"
    stage.session.close()


def test_the_page_shows_cards_and_installs_weights_that_are_then_used(
    stage: WindowStage, data_folder: Path, tmp_path: Path
) -> None:
    source = install_card(tmp_path / "download", "better", "segmenter")
    dialog = preferences(stage)
    page = dialog.networks
    assert page.boxes["segmenter"].currentText() == "mos_l"
    text = page.card.toPlainText()
    for part in (
        "mos_l",
        "Finds the object",
        "Trained on",
        "DUTS-TR",
        "Terms",
        "Known to do badly",
        "Measured",
    ):
        assert part in text
    page.add_file(source)
    stage.settle()
    assert "better is installed" in page.note.text()
    assert (data_folder / "weights" / "better.safetensors").exists()
    box = page.boxes["segmenter"]
    box.setCurrentIndex(box.findText("better"))
    box.activated.emit(box.currentIndex())
    assert stage.window.choices.settings.engine.segmenter == "better"
    assert stage.window.networks.catalog.preferred("segmenter").name == "better"
    source.write_bytes(b"other")
    page.add_file(source)
    stage.settle()
    assert "is not the one its card describes" in page.note.text()


def test_a_chosen_network_that_is_gone_gives_way_to_the_usual_one() -> None:
    catalog = Catalog.default().choosing({"segmenter": "gone", "refiner": "mos_l"})
    assert catalog.preferred("segmenter").name == "mos_l"
    assert catalog.preferred("refiner").name == "mos_h"
    assert Settings().engine.segmenter == ""
    for role in ROLES:
        assert getattr(Settings().engine, role) == ""


def test_a_card_is_text_and_never_markup() -> None:
    html = card_html(Card("<b>x</b>", "refiner", "mos_h", terms="<script>", data=["a & b"]))
    assert "<script>" not in html
    assert "&lt;b&gt;x" in html
    assert "a &amp; b" in html


# --- about ----------------------------------------------------------------------------------------------


def test_about_names_the_version_the_licences_and_the_data(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("about")
    stage.settle()
    dialog = stage.dialog(AboutDialog)
    assert isinstance(dialog, AboutDialog)
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


def test_a_refiner_says_when_to_take_it_or_why_it_cannot_be_taken(stage: WindowStage) -> None:
    page = preferences(stage).networks
    box = page.boxes["refiner"]
    assert box.currentText() == "MOS_H"
    assert "For most edges" in page.refiner_use.text()
    missing = box.findData("crm")
    if "crm" not in stage.window.networks.catalog.cards:
        assert box.itemText(missing) == "CRM (its weights are not installed)"
        assert not box.model().flags(box.model().index(missing, 0)) & Qt.ItemFlag.ItemIsEnabled


def test_another_refiner_is_chosen_and_remembered(
    stage: WindowStage, data_folder: Path, tmp_path: Path
) -> None:
    page = preferences(stage).networks
    page.add_file(install_card(tmp_path / "download", "crm", "refiner", architecture="crm"))
    stage.settle()
    box = page.boxes["refiner"]
    row = box.model().index(box.findData("crm"), 0)
    assert box.model().flags(row) & Qt.ItemFlag.ItemIsEnabled, "no longer greyed out"
    box.setCurrentIndex(box.findData("crm"))
    box.activated.emit(box.currentIndex())
    assert stage.window.choices.settings.engine.refiner == "crm"
    assert "changes only what is near the edge" in page.refiner_use.text()
