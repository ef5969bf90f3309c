"""Going through the doubtful places of an edge, in the real window with real keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox
from pytestqt.qtbot import QtBot

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.render import ViewMode
from meticulous_gui.core.types import Alpha
from meticulous_gui.engine.jobs import Partial, RefineRequest
from meticulous_gui.ui.actions import action
from meticulous_gui.ui.key_map import with_keys
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SIZE_HW = 240, 320
WHOLE = Box.whole(SIZE_HW)
OBJECT = Box(80, 60, 240, 180)
WORST = Box(225, 100, 255, 124)
"""Where the network tosses a coin, on the right edge of the object."""
BAD = Box(74, 130, 86, 154)
"""Where it hesitates less, on the left edge."""


def answer(*doubts: Box, alpha: Alpha | None = None) -> Partial:
    """What a network says about the whole photo: the object, in doubt in some boxes."""
    if alpha is None:
        alpha = np.zeros(SIZE_HW, np.uint8)
        alpha[OBJECT.slices()] = 255
    confidence = np.full(SIZE_HW, 255, np.uint8)
    for box in doubts:
        confidence[box.slices()] = 0
    return Partial(WHOLE, alpha, confidence)


class LookStage(WindowStage):
    """A window on a photo in whose mask two places are in doubt."""

    def open_with_doubts(self, *doubts: Box) -> None:
        self.open(size_hw=SIZE_HW)
        self.runner.job.tell(answer(*(doubts or (WORST, BAD))))
        self.runner.job.finish()
        self.look_again()

    def look_again(self) -> None:
        """Let the list follow what has changed."""
        self.settle()
        self.session.doubts.settle()
        self.settle()

    @property
    def places(self) -> list[Box]:
        self.look_again()
        return [place.box for place in self.session.doubts.places]

    @property
    def marked(self) -> Box:
        assert self.window.canvas.highlights.marked is not None
        return self.window.canvas.highlights.marked

    @property
    def status(self) -> str:
        return " | ".join(label.text() for label in self.window.status.labels)

    def go_on(self) -> None:
        self.press(Qt.Key.Key_N, SHIFT)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[LookStage]:
    stage = LookStage(tmp_path, qtbot)
    yield stage
    stage.session.close()


def test_a_key_goes_round_the_doubtful_places_the_worst_first(stage: LookStage) -> None:
    stage.open_with_doubts()
    assert "2 places to look at" in stage.status
    zoom = stage.window.canvas.view.zoom
    stage.go_on()
    assert not stage.marked.clip(WORST).is_empty
    assert stage.window.canvas.view.zoom > zoom
    assert stage.window.canvas.visible_box.contains(stage.marked)
    assert stage.window.look.bar.isVisible()
    assert "Place 1 of 2" in stage.window.look.bar.text
    stage.go_on()
    assert not stage.marked.clip(BAD).is_empty
    stage.press(Qt.Key.Key_P, SHIFT)
    assert not stage.marked.clip(WORST).is_empty
    stage.press(Qt.Key.Key_P, SHIFT)
    assert not stage.marked.clip(BAD).is_empty
    stage.go_on()
    assert not stage.marked.clip(WORST).is_empty


def test_esc_puts_the_bar_away_and_the_list_stays(stage: LookStage) -> None:
    stage.open_with_doubts()
    stage.go_on()
    stage.press(Qt.Key.Key_Escape)
    assert not stage.window.look.bar.isVisible()
    assert "2 places to look at" in stage.status


@pytest.mark.parametrize("panel", ["adjust_edge", "clean_up"])
def test_a_panel_over_the_canvas_takes_the_place_of_the_bar(stage: LookStage, panel: str) -> None:
    stage.open_with_doubts()
    stage.go_on()
    assert stage.window.look.bar.isVisible()
    stage.window.actions_set.trigger(panel)
    assert stage.window.edge_panels.open_panel is not None
    assert not stage.window.look.bar.isVisible()


def test_enter_calls_a_place_right_until_none_is_left_and_undo_brings_them_back(stage: LookStage) -> None:
    stage.open_with_doubts()
    before, places = stage.alpha, stage.places
    stage.go_on()
    stage.press(Qt.Key.Key_Return)
    assert stage.places == [places[1]]
    assert not stage.marked.clip(BAD).is_empty
    document = stage.session.document
    assert document is not None
    assert document.active.decided.get(Box(239, 110, 240, 111)).all(), "networks may change it again"
    assert document.unsaved.is_any
    stage.press(Qt.Key.Key_Enter)
    assert stage.places == []
    assert stage.window.canvas.highlights.marked is None
    assert not stage.window.look.bar.isVisible()
    assert "nothing left to look at" in stage.texts[-1]
    assert "No place of the edge is in doubt" in stage.status
    np.testing.assert_array_equal(stage.alpha, before)
    stage.press(Qt.Key.Key_Z, CTRL)
    stage.press(Qt.Key.Key_Z, CTRL)
    assert stage.places == places
    assert not document.unsaved.is_any


def test_half_a_mask_is_not_called_beyond_doubt(stage: LookStage) -> None:
    stage.open(size_hw=SIZE_HW)
    stage.runner.job.tell(answer())
    stage.look_again()
    assert "in doubt" not in stage.status
    stage.press(Qt.Key.Key_N, SHIFT)
    assert "still at work" in stage.texts[-1]
    stage.runner.job.tell(answer(WORST))
    stage.runner.job.finish()
    stage.look_again()
    assert stage.marked.clip(WORST) != Box(0, 0, 0, 0)


def test_painting_over_a_place_takes_it_off_the_list_and_undo_puts_it_back(stage: LookStage) -> None:
    stage.open_with_doubts()
    places = stage.places
    stage.go_on()
    canvas = stage.window.canvas
    ratio = canvas.device_pixel_ratio
    stage.session.brush.radius_px = 30 * canvas.view.zoom
    ends = [canvas.view.image_to_view(240, y) for y in (100, 124)]
    drag(canvas, *((x / ratio, y / ratio) for x, y in ends))
    assert stage.places == [places[1]]
    assert canvas.highlights.marked is None
    assert "Done here, 1 place left" in stage.window.look.bar.text
    stage.press(Qt.Key.Key_Z, CTRL)
    assert stage.places == places


def test_a_region_that_was_refined_leaves_the_list_however_doubtful_it_stays(stage: LookStage) -> None:
    stage.open_with_doubts()
    places, scene = stage.places, stage.session.shown.scene
    assert scene is not None
    assert scene.doubt is not None
    shown = scene.doubt.level(0).copy()
    stage.session.asking.refine_region(np.ones(WORST.size_hw, np.bool_), WORST, (240.0, 110.0))
    stage.settle()
    stage.runner.job.paint(WORST, 255)
    stage.runner.job.finish()
    assert stage.places == [places[1]]
    stage.press(Qt.Key.Key_Z, CTRL)
    assert stage.places == places
    np.testing.assert_array_equal(scene.doubt.level(0), shown)
    stage.press(Qt.Key.Key_Y, CTRL)
    assert stage.places == [places[1]]


def test_a_refine_that_fails_leaves_the_list_as_it_was(stage: LookStage) -> None:
    stage.open_with_doubts()
    places = stage.places
    stage.session.asking.refine_region(np.ones(WORST.size_hw, np.bool_), WORST, (240.0, 110.0))
    stage.settle()
    stage.runner.job.paint(WORST, 255)
    assert stage.places == [places[1]]
    stage.runner.job.fail()
    assert stage.places == places


def test_a_mask_from_elsewhere_is_looked_over_without_being_changed(stage: LookStage) -> None:
    stage.open_with_doubts()
    document = stage.session.document
    assert document is not None
    mask = np.zeros(SIZE_HW, np.uint8)
    mask[OBJECT.slices()] = 255
    mask[90:130, 240:256] = 255  # a bump that does not belong there
    layer = document.add_layer("from a file", mask)
    stage.settle()
    assert not stage.session.shown.has_confidence
    steps = document.history.n_done
    stage.go_on()
    request = stage.runner.job.request
    assert isinstance(request, RefineRequest)
    assert "mask stays as it is" in stage.texts[-1]
    stage.runner.job.tell(answer())
    stage.runner.job.finish()
    stage.settle()
    assert document.history.n_done == steps
    np.testing.assert_array_equal(layer.alpha, mask)
    assert not stage.marked.clip(Box(240, 90, 256, 130)).is_empty
    assert len(stage.places) == 1


def test_a_check_that_fails_is_said_and_goes_nowhere(stage: LookStage) -> None:
    stage.open_with_doubts()
    assert stage.session.document is not None
    mask = np.zeros(SIZE_HW, np.uint8)
    mask[OBJECT.slices()] = 255
    stage.session.document.add_layer("from a file", mask)
    stage.go_on()
    stage.runner.job.fail("The network process ran out of memory; your mask is unchanged.")
    stage.settle()
    assert "ran out of memory" in stage.texts[-1]
    assert stage.window.canvas.highlights.marked is None


def test_a_mask_beyond_doubt_says_so(stage: LookStage) -> None:
    stage.open_with_doubts(Box(0, 0, 1, 1))
    stage.go_on()
    assert "nothing left to look at" in stage.texts[-1]
    assert stage.window.canvas.highlights.marked is None


def test_a_layer_without_an_edge_says_so_and_another_layer_has_its_own_list(stage: LookStage) -> None:
    stage.open_with_doubts()
    document = stage.session.document
    assert document is not None
    first = document.active.id
    document.add_layer("empty")
    assert stage.places == []
    assert "places" not in stage.status
    stage.go_on()
    assert "has no edge yet" in stage.texts[-1]
    document.set_active(first)
    assert len(stage.places) == 2


def test_enter_in_a_field_or_with_the_keyboard_cursor_accepts_nothing(stage: LookStage) -> None:
    stage.open_with_doubts()
    stage.go_on()
    assert_enter_in_a_field_accepts_nothing(stage)
    stage.press(Qt.Key.Key_F8)
    steps = stage.session.document.history.n_done if stage.session.document is not None else 0
    stage.press(Qt.Key.Key_Return)
    assert stage.session.document is not None
    assert [step.title for step in stage.session.document.history.steps][steps:] == ["Brush"]


def test_a_locked_layer_is_looked_at_but_takes_no_word(stage: LookStage) -> None:
    stage.open_with_doubts()
    assert stage.session.document is not None
    stage.session.document.set_layer_state(stage.session.document.active.id, locked=True)
    places = stage.places
    stage.go_on()
    assert not stage.window.actions_set["accept_place"].isEnabled()
    stage.press(Qt.Key.Key_Return)
    assert stage.places == places
    assert "is locked" in stage.texts[-1]


def test_the_confidence_view_shows_what_the_list_knows(stage: LookStage) -> None:
    stage.open_with_doubts()
    scene = stage.session.shown.scene
    assert scene is not None
    assert scene.doubt is not None
    assert (scene.doubt.level(0)[WORST.slices()] == 255).all()
    stage.go_on()
    stage.press(Qt.Key.Key_Return)
    stage.look_again()
    edge = scene.doubt.level(0)[104:120, 237:242]
    assert not edge.any(), "what a person called right is no longer in doubt"


def test_another_photo_ends_the_round(stage: LookStage) -> None:
    stage.open_with_doubts()
    stage.go_on()
    stage.open("other.png", size_hw=SIZE_HW)
    assert stage.window.canvas.highlights.marked is None
    assert not stage.window.look.bar.isVisible()
    assert stage.places == []
    assert "place" not in stage.status


def test_what_is_left_follows_an_edit_by_itself(stage: LookStage, qtbot: QtBot) -> None:
    stage.open_with_doubts()
    document = stage.session.document
    assert document is not None
    cleared = np.zeros((SIZE_HW[0], 100), np.uint8)
    stage.session.commit(Edit(document.active.id, Box(220, 0, 320, 240), cleared, cleared == 0))

    def is_shorter() -> bool:
        stage.settle()
        return len(stage.session.doubts.places) == 1

    qtbot.waitUntil(is_shorter)
    assert "1 place to look at" in stage.status


def test_a_list_that_is_late_is_not_taken_for_what_is_left(stage: LookStage, qtbot: QtBot) -> None:
    stage.open_with_doubts()
    doubts = stage.session.doubts
    before, n_waiting = doubts.places, stage.executor.n_waiting
    cleared = np.zeros((SIZE_HW[0], 100), np.uint8)
    stage.session.commit(Edit(stage.document.active.id, Box(220, 0, 320, 240), cleared, cleared == 0))
    qtbot.waitUntil(lambda: stage.executor.n_waiting > n_waiting)
    assert doubts.places == before, "it is put together in the background"
    stage.session.undo()
    stage.settle()
    assert doubts.places == before
    stage.look_again()
    assert doubts.places == before


def test_other_keys_for_anything_leave_enter_to_fields_and_tools(stage: LookStage) -> None:
    stage.open_with_doubts()
    places = stage.places
    stage.go_on()
    give_key(stage, "invert_mask", ("Ctrl+F9",))
    assert_enter_in_a_field_accepts_nothing(stage)
    stage.press(Qt.Key.Key_Return)
    assert len(stage.places) < len(places)


def test_the_menu_names_the_key_that_calls_a_place_right(stage: LookStage) -> None:
    accept = stage.window.actions_set["accept_place"]
    assert "Return" in accept.text()
    give_key(stage, "accept_place", ("Ctrl+F9",))
    assert "Return" not in accept.text()
    give_key(stage, "accept_place", ("Return", "Enter"))
    assert "Return" in accept.text()


def assert_enter_in_a_field_accepts_nothing(stage: LookStage) -> None:
    """Press Enter in a field of the bar, and leave it for the canvas."""
    places = stage.places
    field = stage.window.context_bar.findChildren(QAbstractSpinBox)[0]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert stage.places == places
    stage.window.canvas.setFocus()


def give_key(stage: LookStage, action_id: str, keys: tuple[str, ...]) -> None:
    choices = stage.window.choices
    choices.take(with_keys(choices.settings, action(action_id), keys))
    stage.settle()


@pytest.mark.parametrize(("mode", "draws"), [(ViewMode.OVERLAY, False), (ViewMode.CONFIDENCE, True)])
def test_a_look_at_the_edge_is_drawn_only_where_confidence_is_shown(
    stage: LookStage, mode: ViewMode, draws: bool
) -> None:
    stage.open_with_doubts()
    canvas, layer = stage.window.canvas, stage.document.active
    canvas.views.set_mode(mode)
    alpha, touched = np.full(WORST.size_hw, 255, np.uint8), np.ones(WORST.size_hw, np.bool_)
    stage.session.commit(Edit.by_hand(layer, WORST, alpha, touched=touched, title="Brush"))
    assert canvas.frame_pixels.any(), "what was painted is drawn"
    stage.session.doubts.settle()
    assert bool(canvas._frame.dirty_boxes) == draws
