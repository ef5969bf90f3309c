"""Somebody who is new sees three hints; each goes when its thing has been done, and never comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from meticulous_gui.core.folders import state_dir
from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.actions import action
from meticulous_gui.ui.choices import Choices
from meticulous_gui.ui.hints import HintPanel
from meticulous_gui.ui.key_map import with_keys
from tests.ui.mouse import LEFT, NO_BUTTON, send
from tests.ui.window_stage import WindowStage, paint_a_stroke


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WindowStage]:
    monkeypatch.setenv("METICULOUS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("METICULOUS_CONFIG_DIR", str(tmp_path / "config"))
    assert state_dir().is_relative_to(tmp_path)
    stage = WindowStage(tmp_path, qtbot, Choices.load())
    yield stage
    stage.session.close()


def panel(stage: WindowStage) -> HintPanel:
    found = stage.window.findChild(HintPanel)
    assert found is not None
    return found


def hints(stage: WindowStage) -> list[str]:
    """Return what the card shows."""
    shown = panel(stage)
    texts = [label.text() for label in shown.findChildren(QLabel) if label.isVisible()]
    return [hint.id for hint in stage.window.hints.left if hint.text in texts]


def test_each_hint_goes_when_its_thing_has_been_done(stage: WindowStage) -> None:
    assert not panel(stage).isVisible(), "without a photo there is nothing to do yet"
    stage.open_with_mask()
    assert hints(stage) == ["paint", "refine", "export"]
    paint_a_stroke(stage)
    assert hints(stage) == ["refine", "export"]
    stage.window.actions_set.trigger("refine_all")
    stage.runner.job.finish()
    stage.settle()
    assert hints(stage) == ["refine", "export"], "nothing became sharper: nobody has seen yet what it does"
    stage.window.actions_set.trigger("refine_all")
    stage.runner.job.paint(Box(18, 10, 20, 30), 128)
    stage.runner.job.finish()
    stage.settle()
    assert hints(stage) == ["export"]
    stage.window.actions_set.trigger("export")
    stage.settle()
    assert not panel(stage).isVisible()
    assert Choices.load().hints_done == ["export", "paint", "refine"], "the next start shows none"


def test_the_card_makes_room_while_a_hand_paints(stage: WindowStage) -> None:
    stage.open_with_mask()
    canvas = stage.window.canvas
    middle = canvas.width() / 2, canvas.height() / 2
    send(canvas, QEvent.Type.MouseButtonPress, middle, button=LEFT, held=LEFT)
    assert not panel(stage).isVisible()
    send(canvas, QEvent.Type.MouseMove, (middle[0] + 9, middle[1]), button=NO_BUTTON, held=LEFT)
    assert not panel(stage).isVisible()
    assert hints(stage) == []
    send(canvas, QEvent.Type.MouseButtonRelease, (middle[0] + 9, middle[1]), button=LEFT, held=NO_BUTTON)
    assert hints(stage) == ["refine", "export"]


@pytest.mark.parametrize("wh", [(1000, 700), (900, 600), (640, 420)])
@pytest.mark.parametrize("opens", ["adjust_edge", "clean_up", "point_panel"])
def test_no_panel_covers_half_of_the_card(stage: WindowStage, opens: str, wh: tuple[int, int]) -> None:
    stage.window.resize(*wh)
    stage.open_with_mask()
    if opens == "point_panel":
        stage.window.actions_set.trigger("tool_point")
    stage.window.actions_set.trigger(opens)
    stage.settle()
    assert not panel(stage).isVisible()
    stage.window.actions_set.trigger("point_panel" if opens == "point_panel" else "stop")
    stage.settle()
    assert panel(stage).isVisible()


def test_a_stroke_that_is_dropped_brings_the_card_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    canvas = stage.window.canvas
    send(
        canvas,
        QEvent.Type.MouseButtonPress,
        (canvas.width() / 2, canvas.height() / 2),
        button=LEFT,
        held=LEFT,
    )
    assert not panel(stage).isVisible()
    canvas.cancel_gesture()
    assert hints(stage) == ["paint", "refine", "export"]


def test_a_mask_that_a_network_finds_teaches_nobody_to_paint(stage: WindowStage) -> None:
    stage.open_with_mask()
    assert "paint" in hints(stage)


def test_one_click_closes_them_for_good(stage: WindowStage) -> None:
    stage.open_with_mask()
    (button,) = panel(stage).findChildren(QToolButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not panel(stage).isVisible()
    stage.open("next.png")
    assert not panel(stage).isVisible()
    assert len(Choices.load().hints_done or ()) == 3


def test_the_card_stays_readable_when_light_becomes_dark(stage: WindowStage) -> None:
    stage.open_with_mask()
    before = panel(stage).sizeHint()
    stage.window.setPalette(QPalette(QColor("#222222")))
    stage.settle()
    assert panel(stage).sizeHint() == before
    assert panel(stage).height() >= before.height()


def test_the_hints_name_the_keys_as_they_are(stage: WindowStage) -> None:
    stage.open_with_mask()
    texts = [label.text() for label in panel(stage).findChildren(QLabel)]
    assert {"B", "R", "Ctrl+E"} <= set(texts)


def test_on_a_small_canvas_one_hint_after_the_other_is_shown(stage: WindowStage) -> None:
    stage.window.resize(853, 480)
    stage.open_with_mask()
    assert hints(stage) == ["paint"]
    canvas, card = stage.window.canvas, panel(stage)
    assert card.sizeHint().height() < canvas.height() / 4
    assert card.geometry().right() <= canvas.width()
    paint_a_stroke(stage)
    assert hints(stage) == ["refine"]
    stage.window.resize(1000, 700)
    stage.settle()
    assert hints(stage) == ["refine", "export"]


def test_a_hint_is_read_whole_in_the_smallest_window(stage: WindowStage) -> None:
    stage.window.resize(stage.window.minimumSize())
    stage.open_with_mask()
    stage.window.choices.note_hint("paint")
    stage.window.hints._show()
    stage.settle()
    card = panel(stage)
    for label in card.findChildren(QLabel):
        if label.isVisible() and label.text():
            is_one_line = label.width() >= label.fontMetrics().horizontalAdvance(label.text())
            assert is_one_line or label.height() >= label.heightForWidth(label.width()) > 0, label.text()
    assert card.geometry().right() <= stage.window.canvas.width()


def test_other_keys_are_named_at_once(stage: WindowStage) -> None:
    stage.open_with_mask()
    choices = stage.window.choices
    choices.take(with_keys(choices.settings, action("export"), ("Ctrl+F9",)))
    stage.settle()
    texts = [label.text() for label in panel(stage).findChildren(QLabel) if label.isVisible()]
    assert "Ctrl+F9" in texts
    assert "Ctrl+E" not in texts
