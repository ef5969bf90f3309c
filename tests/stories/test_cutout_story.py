"""From a photo on disk to a finished cut-out: real weights, a real child process and a real mouse."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meticulous_gui.core.geometry import Box
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.remote import RemoteRunner
from meticulous_gui.ui.wish import Outcome
from tests.stories.conftest import Person, edge_point
from tests.ui.mouse import drag
from tests.ui.received import received

RIGHT = Qt.MouseButton.RightButton
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
    x, y = edge_point(found)
    drag(person.canvas, person.on_canvas(x, y - 25), person.on_canvas(x, y + 25))
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

    person.window.session.document.unsaved.mark_saved()  # type: ignore[union-attr]
    person.window.open_paths([target])
    person.wait_until(lambda: "coffee-cutout" in person.window.windowTitle())
    np.testing.assert_array_equal(person.alpha, refined)


def test_painting_goes_on_while_the_edge_sharpens_and_escape_keeps_what_is_done(person: Person) -> None:
    person.open_sample()
    before = person.alpha
    person.refine_until_a_patch_is_there()
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
    person.refine_until_a_patch_is_there()
    QTest.keyClick(person.canvas, Qt.Key.Key_Z, CTRL)
    assert not person.session.work.is_running
    np.testing.assert_array_equal(person.alpha, before)


def test_the_death_of_the_networks_costs_one_sentence_and_nothing_else(person: Person) -> None:
    person.open_sample()
    before = person.alpha
    outcomes: list[Outcome] = []
    patches: list[Box] = []
    person.session.work.ended.connect(outcomes.append)
    person.session.work.verdict_arrived.connect(lambda verdict: patches.append(verdict.box))
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


def test_saved_layers_are_found_by_the_next_window(person: Person, qtbot: QtBot) -> None:
    path = person.open_sample()
    found = person.alpha
    x, y = edge_point(found)
    QTest.keyClick(person.canvas, Qt.Key.Key_L)
    corners = ((10, 10), (70, 12), (66, 60), (12, 58))
    drag(person.canvas, *(person.on_canvas(x, y) for x, y in corners))
    assert (person.alpha[20:40, 20:50] == 255).all(), "the lasso's inside is added"
    drag(person.canvas, *(person.on_canvas(x / 2 + 20, y / 2 + 20) for x, y in corners), button=RIGHT)
    assert person.alpha[35, 38] == 0, "and taken away with the right button"

    QTest.keyClick(person.canvas, Qt.Key.Key_R)
    before = person.alpha
    region = Box(x - 50, y - 50, x + 50, y + 50).clip(Box.whole(found.shape))
    drag(
        person.canvas,
        person.on_canvas(region.x0, region.y0),
        person.on_canvas(region.x1, region.y1),
        keys=SHIFT,
    )
    assert person.session.work.is_running
    person.wait_for_networks()
    refined = person.alpha
    outside = np.ones(found.shape, np.bool_)
    outside[region.pad(1).clip(Box.whole(found.shape)).slices()] = False
    assert (refined != before).any(), "the edge in the box changed"
    np.testing.assert_array_equal(refined[outside], before[outside])

    assert person.session.has_unsaved_work
    saved = received(person.window.saving.saved)
    QTest.keyClick(person.canvas, Qt.Key.Key_S, CTRL)
    person.wait_until(lambda: bool(saved))
    assert not person.session.has_unsaved_work
    assert (path.parent / ".meticulous").is_dir()

    assert person.session.document is not None
    decided = person.session.document.active.decided
    second = Person(qtbot, person.runner, person.folder)
    try:
        opened = received(second.session.document_opened)
        second.window.open_paths([path])
        second.wait_until(lambda: bool(opened))
        assert not second.session.work.is_running, "no network speaks where somebody has spoken"
        np.testing.assert_array_equal(second.alpha, refined)
        assert second.session.document is not None
        again = second.session.document.active.decided
        np.testing.assert_array_equal(again.to_mask(), decided.to_mask())
        assert not second.session.has_unsaved_work
    finally:
        second.leave()


@pytest.mark.parametrize("name", ["mos_l", "mos_h"])
def test_weights_that_are_damaged_cost_one_sentence_and_the_person_paints_on(
    qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    weights, photos = tmp_path / "weights", tmp_path / "photos"
    shutil.copytree(resource_dir() / "weights", weights)
    photos.mkdir()
    damaged = weights / f"{name}.safetensors"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(bytes(content))
    runner = RemoteRunner(Catalog.of_folders([weights]), n_threads=1)
    person = Person(qtbot, runner, photos)
    try:
        person.open_sample()
        if name == "mos_h":
            person.window.actions_set.trigger("refine_all")
            person.wait_for_networks()
        sentences = {message.text for message in person.messages}
        assert len(sentences) == 1
        assert str(damaged) in sentences.pop()
        before = person.alpha
        drag(person.canvas, person.on_canvas(10, 10), person.on_canvas(60, 12))
        assert (person.alpha != before).any()
        assert sorted(entry.name for entry in photos.iterdir()) == ["coffee.png"]
    finally:
        person.leave()
        runner.close()
