"""Preferences count at once, keys are never given twice."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.settings import Settings
from meticulous_gui.ui.actions import ACTIONS, action
from meticulous_gui.ui.dialogs.export import ExportDialog
from meticulous_gui.ui.dialogs.preferences import PreferencesDialog
from meticulous_gui.ui.key_map import RESERVED, conflict_of, keys_from_text, text_of_keys, with_keys
from tests.ui.window_stage import WindowStage

CTRL = Qt.KeyboardModifier.ControlModifier


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
    dialog = stage.preferences()
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
    dialog = stage.preferences()
    assert not dialog.look.next_start.isVisible()
    dialog.look.language.setFocus()
    QTest.keyClick(dialog.look.language, Qt.Key.Key_End)
    assert stage.window.choices.settings.view.language == "de"
    assert dialog.look.next_start.isVisible()


def test_pages_are_reached_by_keys(stage: WindowStage) -> None:
    dialog = stage.preferences()
    dialog.list.setFocus()
    for index in range(1, dialog.pages.count()):
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
        assert dialog.pages.currentIndex() == index


@pytest.fixture
def full_disk(stage: WindowStage, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let no settings be written; return what is said about it."""
    sentence = "The settings could not be written; free some space."

    def refuse(_settings: Settings, *, since: Settings) -> None:
        raise EngineError(sentence)

    monkeypatch.setattr("meticulous_gui.ui.choices.save_settings", refuse)
    stage.window.choices._is_kept = True
    return sentence


def test_settings_that_cannot_be_written_are_said_and_count_all_the_same(
    stage: WindowStage, full_disk: str
) -> None:
    dialog = stage.preferences()
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
    dialog = stage.preferences()
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
    dialog = stage.preferences()
    press(dialog, "invert_mask", Qt.Key.Key_Y, CTRL)
    assert "Ctrl+Y is the key of “Redo”" in dialog.keys.problem.text()
    assert keys_of(stage, "invert_mask") == ["Ctrl+I"], "nothing has changed yet"
    dialog.keys.take.click()
    assert keys_of(stage, "invert_mask") == ["Ctrl+Y"]
    assert keys_of(stage, "redo") == ["Ctrl+Shift+Z"], "its other key stays"
    assert dialog.keys.problem.text() == ""


@pytest.mark.parametrize(("key", "what"), [(Qt.Key.Key_Space, "canvas"), (Qt.Key.Key_H, "canvas")])
def test_keys_of_the_canvas_cannot_be_given_away(stage: WindowStage, key: Qt.Key, what: str) -> None:
    dialog = stage.preferences()
    press(dialog, "invert_mask", key)
    assert what in dialog.keys.problem.text()
    assert not dialog.keys.take.isVisible()
    assert keys_of(stage, "invert_mask") == ["Ctrl+I"]


def test_keys_of_a_settings_file_are_never_given_twice(stage: WindowStage) -> None:
    wishes = {"tool_brush": "D", "invert_mask": "H; Ctrl+F9", "clear_mask": "Space", "redo": ""}
    settings = stage.window.choices.settings
    stage.window.choices.take(replace(settings, keys=MappingProxyType(wishes)))
    assert (keys_of(stage, "tool_brush"), keys_of(stage, "toggle_done")) == (["D"], [])
    assert keys_of(stage, "invert_mask") == ["Ctrl+F9"], "H is held down to see the photo"
    assert keys_of(stage, "clear_mask") == ["Ctrl+Del"], "a wish of no use leaves the key of the table"
    assert keys_of(stage, "redo") == []
    stage.window.choices.take(settings)
    assert (keys_of(stage, "tool_brush"), keys_of(stage, "toggle_done")) == (["B"], ["D"])


def test_one_key_is_reset_or_all_are(stage: WindowStage) -> None:
    dialog = stage.preferences()
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
            # Fields and tools have Enter first; the window takes it where they leave it.
            own = [key for key in row.keys if key not in ("Return", "Enter")]
            assert keys_of(stage, row.id) == [QKeySequence(key).toString() for key in own]
            assert stage.window.actions_set.keys(row) == row.keys
    assert not dialog.keys.reset_all.isEnabled()


def test_a_reset_that_would_give_a_key_twice_is_refused(stage: WindowStage) -> None:
    dialog = stage.preferences()
    press(dialog, "invert_mask", Qt.Key.Key_F9, CTRL)
    press(dialog, "clear_mask", Qt.Key.Key_I, CTRL)
    assert keys_of(stage, "clear_mask") == ["Ctrl+I"]
    dialog.keys.choose("invert_mask")
    dialog.keys.reset.click()
    assert "is the key of “Clear the mask” now" in dialog.keys.problem.text()
    assert keys_of(stage, "invert_mask") == ["Ctrl+F9"]


def test_the_list_of_keys_filters(stage: WindowStage) -> None:
    dialog = stage.preferences()
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


def test_the_empty_canvas_and_the_export_dialog_name_the_keys_as_they_are(stage: WindowStage) -> None:
    canvas = stage.window.canvas
    assert "Ctrl+O" in canvas.accessibleDescription()
    dialog = stage.preferences()
    press(dialog, "open", Qt.Key.Key_F9, CTRL)
    assert "Ctrl+F9" in canvas.accessibleDescription()
    assert "Ctrl+O" not in canvas.accessibleDescription()
    press(dialog, "export", Qt.Key.Key_F10, CTRL)
    dialog.close()
    stage.open_with_mask()
    stage.window.actions_set.trigger("export_as")
    stage.settle()
    assert stage.dialog(ExportDialog).presets.usual.text() == "Ctrl+F10"
