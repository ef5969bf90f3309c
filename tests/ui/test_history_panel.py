"""The history panel in the real window: pictures, going there by mouse and keys, and rows that follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.ui.panels import step_pictures
from meticulous_gui.ui.panels.history_model import HistoryModel
from tests.core.documents import open_document, paint
from tests.ui.window_stage import WindowStage, paint_a_stroke


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    stage.window.resize(1000, 900)
    yield stage
    stage.session.close()


def see(stage: WindowStage) -> None:
    """Let the panel paint, and what it asked for arrive and be painted."""
    for _ in range(2):
        stage.window.grab()
        stage.settle()


def click_row(stage: WindowStage, row: int) -> None:
    view = stage.window.history.list
    view.scrollTo(stage.window.history.model.index(row))
    place = view.visualRect(stage.window.history.model.index(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    stage.settle()


def test_a_click_goes_to_any_step_and_the_row_is_marked(stage: WindowStage) -> None:
    stage.open_with_mask()
    states = [stage.alpha]
    for reach in (200, 120, 60):
        paint_a_stroke(stage, reach=reach)
        states.append(stage.alpha)
    for row in (1, 4, 2, 3):
        click_row(stage, row)
        np.testing.assert_array_equal(stage.alpha, states[row - 1])
        assert stage.window.history.list.currentIndex().row() == row
    click_row(stage, 0)
    assert not stage.alpha.any()


def test_the_arrows_choose_a_step_and_enter_goes_there(stage: WindowStage) -> None:
    stage.open_with_mask()
    found = stage.alpha
    paint_a_stroke(stage)
    painted = stage.alpha
    view = stage.window.history.list
    view.setFocus(Qt.FocusReason.TabFocusReason)
    stage.press(Qt.Key.Key_Up)
    np.testing.assert_array_equal(stage.alpha, painted)
    stage.press(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, found)
    assert view.hasFocus()


def test_a_reader_hears_which_step_it_is_and_whether_it_was_taken_back(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    stage.session.undo()
    stage.settle()
    model = stage.window.history.model
    said = [model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert said[0] == "As it was opened, 0 of 2"
    assert said[2] == "Brush, 2 of 2, taken back"


def test_every_step_that_is_seen_gets_a_picture_and_no_other(stage: WindowStage) -> None:
    stage.window.panels.hide()
    stage.open_with_mask()
    for _ in range(3):
        paint_a_stroke(stage)
    see(stage)
    pictures = stage.window.history_pictures
    assert pictures.n_kept == 0, "nobody looks"
    stage.window.panels.show()
    see(stage)
    assert pictures.n_kept == 5


def test_pictures_stay_through_undo_and_a_new_branch_gets_its_own(stage: WindowStage) -> None:
    stage.open_with_mask()
    paint_a_stroke(stage)
    see(stage)
    pictures = stage.window.history_pictures
    document = stage.session.document
    assert document is not None
    step = document.history.listed[-1]
    picture = pictures.of_step(step)
    assert picture is not None
    before = picture.toImage()
    stage.session.undo()
    see(stage)
    kept = pictures.of_step(step)
    assert kept is not None
    assert kept.toImage() == before
    paint_a_stroke(stage, reach=100)
    see(stage)
    other = pictures.of_step(document.history.listed[-1])
    assert other is not None
    assert other.toImage() != before


def test_few_pictures_are_kept_however_long_the_day(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_pictures, "N_KEPT", 4)
    stage.open_with_mask()
    document = stage.session.document
    assert document is not None
    for x in range(12):
        paint(document, Box(x, x, x + 9, x + 9), 200)
    see(stage)
    for row in range(0, 13, 3):
        stage.window.history.list.scrollTo(stage.window.history.model.index(row))
        see(stage)
    assert stage.window.history_pictures.n_kept <= 4


def test_another_photo_has_its_own_pictures(stage: WindowStage) -> None:
    stage.open_with_mask()
    see(stage)
    assert stage.window.history_pictures.n_kept == 2
    stage.open("other.png", (60, 40))
    see(stage)
    assert stage.window.history_pictures.n_kept == 1


@example(deeds=[(what, 30, 90) for what in "pbpcurbuc"])  # by chance alone nothing is ever committed
@given(
    deeds=st.lists(
        st.tuples(st.sampled_from("pppuurraobc"), st.integers(0, 400), st.integers(1, 255)), max_size=30
    )
)
def test_the_rows_follow_whatever_is_done(qtbot: QtBot, deeds: list[tuple[str, int, int]]) -> None:
    """p paints, u undoes, r redoes, a adds a layer, o opens another document, b begins and c commits."""
    document, model, running = open_document(), HistoryModel(), None
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester.model() is model
    for what, x, value in deeds:
        match what:
            case "p":
                paint(document, Box(x, 0, x + 20, 30), value)
            case "u":
                document.undo()
            case "r":
                document.redo()
            case "a":
                document.add_layer("Cat")
            case "o":
                document = open_document()
            case "b":
                running = document.begin("Refine")
            case "c" if running is not None:
                running.commit()
        model.follow(document)
        steps = document.history.steps
        assert model.rowCount(QModelIndex()) == len(steps) + 1
        assert model.present_row == sum(step.is_applied for step in steps)
        shown = [model.index(row).data() for row in range(1, len(steps) + 1)]
        assert shown == [f"{step.title} (running)" if step.is_open else step.title for step in steps]
