"""Layers that are hidden or locked, and strokes in hand: what the keys of the window do about them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest

from tests.ui.fakes import make_photo
from tests.ui.mouse import LEFT, NO_BUTTON, drag, send
from tests.ui.window_stage import WindowStage

CTRL = Qt.KeyboardModifier.ControlModifier
CHANGES = ["invert_mask", "clear_mask", "find_again", "refine_all", "forget_strokes"]


@pytest.mark.parametrize("action", CHANGES)
def test_a_hidden_layer_is_not_changed_unseen(stage: WindowStage, action: str) -> None:
    stage.open_with_mask()
    before, n_jobs = stage.alpha, len(stage.runner.jobs)
    stage.document.set_layer_state(stage.document.active.id, visible=False)
    stage.window.actions_set.trigger(action)
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, before)
    assert len(stage.runner.jobs) == n_jobs
    assert [choice.text for choice in stage.messages[-1].choices] == ["Show it"]


@pytest.mark.parametrize("tool", ["refine", "find_box"])
def test_tools_of_networks_refuse_a_hidden_layer(stage: WindowStage, tool: str) -> None:
    stage.open_with_mask()
    n_jobs = len(stage.runner.jobs)
    stage.document.set_layer_state(stage.document.active.id, visible=False)
    stage.window.toolbox.choose(tool)
    drag(stage.window.canvas, stage.at(10, 10), stage.at(50, 30))
    stage.settle()
    assert len(stage.runner.jobs) == n_jobs
    assert stage.messages[-1].choices[0].text == "Show it"


def test_the_delete_key_in_the_list_leaves_a_locked_layer(stage: WindowStage) -> None:
    stage.open_with_mask()
    document = stage.document
    added = document.add_layer()
    document.set_layer_state(added.id, locked=True)
    stage.settle()
    row = stage.window.layers.rows[0]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Delete)
    assert document.has_layer(added.id)
    assert stage.messages[-1].choices[0].text == "Unlock it"
    document.set_layer_state(added.id, locked=False)
    QTest.keyClick(row, Qt.Key.Key_Delete)
    assert not document.has_layer(added.id)


@pytest.mark.parametrize("action", ["invert_mask", "clear_mask"])
def test_a_stroke_in_hand_is_dropped_before_the_whole_mask_changes(stage: WindowStage, action: str) -> None:
    stage.open_with_mask()
    before, canvas = stage.alpha, stage.window.canvas
    send(canvas, QEvent.Type.MouseButtonPress, stage.at(5, 5), button=LEFT, held=LEFT)
    send(canvas, QEvent.Type.MouseMove, stage.at(15, 5), button=NO_BUTTON, held=LEFT)
    assert (stage.alpha != before).any()
    stage.window.actions_set.trigger(action)
    send(canvas, QEvent.Type.MouseMove, stage.at(30, 8), button=NO_BUTTON, held=LEFT)
    send(canvas, QEvent.Type.MouseButtonRelease, stage.at(30, 8), button=LEFT, held=NO_BUTTON)
    stage.settle()
    wanted = 255 - before if action == "invert_mask" else np.zeros_like(before)
    np.testing.assert_array_equal(stage.alpha, wanted)


def test_showing_only_one_layer_is_of_one_photo(stage: WindowStage) -> None:
    stage.open_with_mask()
    hidden = stage.document.add_layer()
    stage.document.set_layer_state(hidden.id, visible=False)
    stage.document.set_active(stage.document.layers[0].id)
    stage.window.commands.layers.solo()
    stage.open("next.png")
    document = stage.document
    other = document.add_layer()
    assert other.id == hidden.id
    document.set_active(document.layers[0].id)
    document.set_layer_state(other.id, visible=False)
    stage.window.commands.layers.solo()
    assert all(layer.visible for layer in document.layers), "nobody remembers how they were: all are shown"


def test_annotations_dropped_with_several_photos_are_no_photos(stage: WindowStage) -> None:
    photos = [make_photo(stage.folder / f"{name}.png", (40, 60)) for name in "ab"]
    other = stage.folder / "all.json"
    other.write_text("{}")
    stage.window.commands.files.drop_paths([photos[0], other, photos[1]])
    stage.settle()
    assert stage.window.photos.paths == tuple(photos)
