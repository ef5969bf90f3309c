"""Pointing when the engine has forgotten the clicks, or never was there: what is seen can be undone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from meticulous_gui.core.errors import EngineError
from meticulous_gui.engine.clicks.commands import RemoveClick
from tests.ui.point_stage import CYAN, IN_CYAN, IN_RED, RED, ClickServer, PointStage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def start_anew(stage: PointStage) -> None:
    """Let other networks come, which know nothing of the clicks."""
    stage.server.forget_sessions()
    stage.session.set_runner(ClickServer())
    stage.session.set_runner(stage.server)
    stage.settle()


def test_an_object_whose_clicks_the_networks_forgot_is_undone_as_a_whole(point_stage: PointStage) -> None:
    before = point_stage.mask
    point_stage.click(*IN_RED)
    point_stage.click(*IN_CYAN)
    selected = point_stage.mask
    start_anew(point_stage)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    assert point_stage.texts == []
    assert np.array_equal(point_stage.mask, before)
    assert not point_stage.pointing.is_open
    point_stage.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert np.array_equal(point_stage.mask, selected)


def test_forgotten_clicks_are_seen_but_cannot_be_moved(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    start_anew(point_stage)
    (mark,) = point_stage.pointing.marks
    assert mark.id is None
    assert point_stage.pointing.opened.readings == ()
    n_asked = len(point_stage.server.commands)
    point_stage.hover(*IN_RED)
    point_stage.press(Qt.Key.Key_Delete)
    point_stage.drag(IN_RED, IN_CYAN)
    assert not any(isinstance(command, RemoveClick) for command in point_stage.server.commands[n_asked:])
    assert point_stage.texts == []


def test_clear_takes_forgotten_clicks_back_too(point_stage: PointStage) -> None:
    before = point_stage.mask
    point_stage.click(*IN_RED)
    start_anew(point_stage)
    point_stage.pointing.clear()
    point_stage.settle()
    assert point_stage.texts == []
    assert np.array_equal(point_stage.mask, before)


def test_of_an_object_that_goes_on_after_a_failure_no_older_session_stays(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_Return, SHIFT)
    point_stage.server.breaks = "Memory ran out; your mask is unchanged."
    point_stage.click(*IN_CYAN)
    point_stage.click(*IN_CYAN)
    assert point_stage.has_most_of(RED)
    assert point_stage.has_most_of(CYAN)
    part = point_stage.pointing.opened.part
    assert part is not None
    assert set(point_stage.server.sessions) == {part.session}


def test_a_click_without_networks_is_refused_in_words(
    point_stage: PointStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "The photo does not fit into the memory that the networks share."

    def refuse(_rgb: Any) -> None:
        raise EngineError(why)

    monkeypatch.setattr(point_stage.server, "put_photo", refuse)
    point_stage.open("next.png")
    point_stage.settle()
    assert why in point_stage.texts
    n_said = len(point_stage.texts)
    point_stage.click(20, 20)
    assert point_stage.texts[n_said:] == [why]
    assert not point_stage.pointing.is_waiting
    assert point_stage.pointing.marks == ()


def test_a_mark_that_was_undone_under_the_pointer_is_not_taken_away_again(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    point_stage.click(*IN_CYAN)
    point_stage.hover(*IN_CYAN)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    point_stage.press(Qt.Key.Key_Delete)
    assert not any(isinstance(command, RemoveClick) for command in point_stage.server.commands)
    assert point_stage.pointing.opened.can_redo


def test_what_waits_for_a_redo_of_the_first_click_is_done_when_it_is_answered(
    point_stage: PointStage,
) -> None:
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    point_stage.is_slow = True
    point_stage.press(Qt.Key.Key_Z, CTRL | SHIFT)
    done: list[str] = []
    assert not point_stage.pointing.rests(lambda: done.append("saved"))
    point_stage.answer()
    assert done == ["saved"]
    assert point_stage.titles == ["Point at the object"]


def test_a_redo_under_way_is_undone_before_older_steps(point_stage: PointStage) -> None:
    point_stage.click(*IN_CYAN)
    point_stage.press(Qt.Key.Key_Return)
    point_stage.click(*IN_RED)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    older = point_stage.mask
    point_stage.is_slow = True
    point_stage.press(Qt.Key.Key_Z, CTRL | SHIFT)
    point_stage.press(Qt.Key.Key_Z, CTRL)
    point_stage.answer()
    assert np.array_equal(point_stage.mask, older)
    assert older.any()


def test_the_next_object_begins_with_the_networks_that_are_chosen_now(point_stage: PointStage) -> None:
    started = point_stage.server.sessions
    assert started, "prepared before the first click"
    point_stage.window.networks.leaving.emit()
    point_stage.settle()
    point_stage.pointing.prepare()
    point_stage.settle()
    assert point_stage.server.sessions
    assert not set(started) & set(point_stage.server.sessions)


def test_a_process_that_ends_loses_no_click(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    red = point_stage.mask
    point_stage.server.forget_sessions()
    point_stage.server.breaks = "The network process ended unexpectedly; your mask is unchanged."
    point_stage.click(*IN_CYAN)
    assert "ended unexpectedly" in point_stage.texts[-1]
    assert np.array_equal(point_stage.mask, red)
    assert len(point_stage.pointing.marks) == 1
    point_stage.click(*IN_CYAN)
    assert point_stage.has_most_of(CYAN)
    assert point_stage.mask[red].all()
    point_stage.press(Qt.Key.Key_Return)
    assert point_stage.titles == ["Point at the object"]


def test_networks_that_start_anew_are_told_only_to_who_waits(point_stage: PointStage) -> None:
    point_stage.click(*IN_RED)
    red = point_stage.mask
    point_stage.server.forget_sessions()
    point_stage.session.set_runner(ClickServer())
    point_stage.session.set_runner(point_stage.server)
    point_stage.settle()
    assert point_stage.texts == []
    point_stage.click(*IN_CYAN)
    assert point_stage.texts == []
    assert point_stage.has_most_of(CYAN)
    assert point_stage.mask[red].all()


def test_without_weights_a_sentence_says_so_and_nothing_is_lost(point_stage: PointStage) -> None:
    point_stage.press(Qt.Key.Key_B)
    point_stage.server.breaks = (
        "No click_segmenter network is installed; install Meticulous again or name a file."
    )
    point_stage.take_tool()
    assert "installed" in point_stage.texts[-1]
    n_said = len(point_stage.texts)
    point_stage.settle()
    point_stage.pointing.prepare()
    assert len(point_stage.texts) == n_said, "once is enough"
    point_stage.click(*IN_RED)
    assert point_stage.has_most_of(RED)
