"""From a photo on disk to a finished cut-out: real weights, a real child process and a real mouse."""

from __future__ import annotations

import os
import signal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_photo
from meticulous_gui.ui.work import Outcome
from tests.stories.conftest import Person, box_of
from tests.ui.mouse import drag

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_open_paint_refine_undo_redo_export_and_reopen(person: Person) -> None:
    path = person.open_sample()
    found = person.alpha
    assert 0.05 < (found >= 128).mean() < 0.8, "the cup is found"

    drag(person.canvas, person.on_canvas(40, 30), person.on_canvas(110, 40), person.on_canvas(120, 60))
    painted = person.alpha
    assert painted[30, 42] == 255

    QTest.keyClick(person.canvas, Qt.Key.Key_R)
    box = box_of(found)
    drag(person.canvas, person.on_canvas(box.x0 + 8, box.y1 - 60), person.on_canvas(box.x0 + 60, box.y1 - 20))
    assert person.session.work.is_running
    person.wait_for_networks()
    refined = person.alpha
    assert (refined != painted).any(), "the edge changed"
    assert (refined[25:35, 40:44] == painted[25:35, 40:44]).all(), "elsewhere nothing did"

    for state in (painted, found, np.zeros_like(found)):
        QTest.keyClick(person.canvas, Qt.Key.Key_Z, CTRL)
        np.testing.assert_array_equal(person.alpha, state)
    for state in (found, painted, refined):
        QTest.keyClick(person.canvas, Qt.Key.Key_Z, CTRL | SHIFT)
        np.testing.assert_array_equal(person.alpha, state)

    with_signal: list[object] = []
    person.window.saving.exported.connect(with_signal.append)
    QTest.keyClick(person.canvas, Qt.Key.Key_E, CTRL)
    person.wait_until(lambda: bool(with_signal))
    target = path.with_name("coffee-cutout.png")
    assert with_signal == [target]
    exported = load_photo(target)
    assert exported.alpha is not None
    np.testing.assert_array_equal(exported.alpha, refined)

    person.window.session.document.mark_saved()  # type: ignore[union-attr]
    person.window.open_paths([target])
    person.wait_until(lambda: "coffee-cutout" in person.window.windowTitle())
    np.testing.assert_array_equal(person.alpha, refined)


def test_painting_goes_on_while_the_edge_sharpens_and_escape_keeps_what_is_done(person: Person) -> None:
    person.open_sample()
    before = person.alpha
    patches: list[Box] = []
    person.session.work.confidence_arrived.connect(lambda box, _confidence: patches.append(box))
    person.window.actions_set.trigger("refine_all")
    person.wait_until(lambda: bool(patches))
    drag(person.canvas, person.on_canvas(10, 10), person.on_canvas(60, 12))
    assert person.alpha[10, 30] == 255, "the stroke is there at once"
    person.canvas.setFocus()
    QTest.keyClick(person.canvas, Qt.Key.Key_Escape)
    assert not person.session.work.is_running, "the window does not wait for the network"
    kept = person.alpha
    assert kept[10, 30] == 255
    QTest.keyClick(person.canvas, Qt.Key.Key_Z, CTRL)
    assert person.alpha[10, 30] == before[10, 30]
    QTest.keyClick(person.canvas, Qt.Key.Key_Z, CTRL)
    np.testing.assert_array_equal(person.alpha, before)


def test_ctrl_z_while_a_network_runs_restores_every_pixel(person: Person) -> None:
    person.open_sample()
    before = person.alpha
    patches: list[Box] = []
    person.session.work.confidence_arrived.connect(lambda box, _confidence: patches.append(box))
    person.window.actions_set.trigger("refine_all")
    person.wait_until(lambda: bool(patches))
    QTest.keyClick(person.canvas, Qt.Key.Key_Z, CTRL)
    assert not person.session.work.is_running
    np.testing.assert_array_equal(person.alpha, before)


def test_the_death_of_the_networks_costs_one_sentence_and_nothing_else(person: Person) -> None:
    person.open_sample()
    before = person.alpha
    outcomes: list[Outcome] = []
    patches: list[Box] = []
    person.session.work.ended.connect(outcomes.append)
    person.session.work.confidence_arrived.connect(lambda box, _confidence: patches.append(box))
    person.messages.clear()
    person.window.actions_set.trigger("refine_all")
    person.wait_until(lambda: bool(patches))
    pid = person.runner.child_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    person.wait_for_networks()
    assert [outcome.end for outcome in outcomes] == ["failed"]
    np.testing.assert_array_equal(person.alpha, before)
    assert len(person.messages) == 1
    assert person.messages[0].text.count(". ") <= 1
    person.window.actions_set.trigger("refine_all")
    person.wait_for_networks()
    assert outcomes[-1].end == "done"
    assert person.runner.child_pid not in (None, pid)
