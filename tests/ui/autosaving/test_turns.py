"""Autosave copies in slices between the turns of the window, and holds none of them up."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.autosave import Autosave
from meticulous_gui.ui import autosaving
from tests.ui.autosaving.stage import SavedStage, n_works
from tests.ui.fakes import HandExecutor


def test_a_window_that_turns_slowly_is_not_waited_for(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COPY_S", "LATE_COPY_S"):  # no turn of the window ever copies anything
        monkeypatch.setattr(autosaving, name, 0.0)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 0.05)
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert n_works(stage) == 1


def test_slices_go_on_until_patience_ends(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets: list[float] = []
    now_s = 0.0

    def copy(budget_s: float) -> bool:
        nonlocal now_s
        budgets.append(budget_s)
        now_s = max(now_s + 0.05, 0.6)
        return False  # there is always more

    stage.open_with_mask()
    monkeypatch.setattr(stage.autosaver._autosave, "copy_some", copy)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 1.0)
    clock = SimpleNamespace(monotonic=lambda: now_s, thread_time=lambda: now_s)
    monkeypatch.setattr(autosaving, "time", clock)
    stage.paint()
    stage.autosave(qtbot)
    assert budgets == [autosaving.COPY_S] + [autosaving.LATE_COPY_S] * 9
    assert n_works(stage) == 1


def test_nothing_is_copied_between_a_move_of_the_hand_and_its_paint(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_asked, n_copied = 0, 0

    def is_due() -> bool:
        nonlocal n_asked
        n_asked += 1
        return n_asked <= 4

    def copy(_budget_s: float) -> bool:
        nonlocal n_copied
        assert n_asked > 4, "a paint was due"
        n_copied += 1
        return True

    stage.open_with_mask()
    monkeypatch.setattr(stage.autosaver, "_is_paint_due", is_due)
    monkeypatch.setattr(stage.autosaver._autosave, "copy_some", copy)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 60.0)
    stage.paint()
    stage.autosave(qtbot)
    assert (n_copied, n_works(stage)) == (1, 1)


def test_a_canvas_that_never_paints_is_not_waited_for(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage.autosaver, "_is_paint_due", lambda: True)  # a window that is minimised
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 0.0)
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert n_works(stage) == 1


def test_a_window_that_was_held_up_copies_in_slices_all_the_same(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets: list[float] = []

    def copy(budget_s: float) -> bool:
        budgets.append(budget_s)
        return len(budgets) == 3

    stage.open_with_mask()
    monkeypatch.setattr(stage.autosaver._autosave, "copy_some", copy)
    monkeypatch.setattr(autosaving, "COPY_PATIENCE_S", 0.0)  # it is late from the beginning
    stage.paint()
    stage.autosave(qtbot)
    assert budgets == [autosaving.LATE_COPY_S] * 3, "nothing was taken before all of it was copied"
    assert n_works(stage) == 1


def test_a_window_whose_turns_are_long_is_written_in_time(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine that is busy with other things: neither paints nor slices use the two seconds up."""
    monkeypatch.setattr(stage.autosaver, "_is_paint_due", lambda: True)
    monkeypatch.setattr(autosaving, "MAX_HELD_TURNS", 1_000_000)
    monkeypatch.setattr("meticulous_gui.core.autosave.SAFE_S", 0.6)
    stage.open_with_mask()
    stage.paint()
    stage.autosave(qtbot)
    assert n_works(stage) == 1


@pytest.mark.parametrize("is_own_work", [False, True])
def test_a_machine_that_is_busy_with_other_things_is_not_waited_for(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch, is_own_work: bool
) -> None:
    """Turns that are late by work of the window itself, such as a mask cleared, are no reason to give up."""
    now_s = itertools.count(0.0, 0.02)
    clock = SimpleNamespace(monotonic=lambda: next(now_s), thread_time=lambda: is_own_work * next(now_s))
    stage.open_with_mask()
    monkeypatch.setattr(autosaving, "time", clock)
    monkeypatch.setattr(autosaving, "MAX_HELD_TURNS", 1_000_000)
    monkeypatch.setattr("meticulous_gui.core.autosave.SAFE_S", 60.0)  # nothing is urgent
    monkeypatch.setattr(stage.autosaver, "_is_paint_due", lambda: True)
    stage.paint()
    qtbot.wait(100)
    stage.settle()
    assert n_works(stage) == (0 if is_own_work else 1)


def test_a_photo_is_noted_once_however_many_writes_end_meanwhile(
    stage: SavedStage, qtbot: QtBot, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[Autosave] = []
    slow = HandExecutor()
    stage.open_with_mask()
    monkeypatch.setattr(stage.session.background, "_executor", slow)
    monkeypatch.setattr(Autosave, "note_photo", lambda self: noted.append(self))
    for value in (90, 120, 200):
        stage.paint(value)
        stage.autosave(qtbot)
    slow.run_all()
    assert noted == [stage.autosaver._autosave]
