"""Similar colour in the real window: pressed, dragged, let go."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from meticulous_gui.core.similar import SimilarColour
from meticulous_gui.core.types import Alpha, RgbImage
from meticulous_gui.ui.tools import similar
from meticulous_gui.ui.tools.base import ToolOption
from tests.ui.fakes import make_photo
from tests.ui.mouse import LEFT, NO_BUTTON, ViewPoint, drag, send
from tests.ui.window_stage import WindowStage

RIGHT = Qt.MouseButton.RightButton


def patches() -> RgbImage:
    """Return two red fields alike, apart from each other on blue, and a paler red beside the first."""
    rgb = np.full((120, 200, 3), (30, 40, 160), np.uint8)
    rgb[20:60, 20:70] = (200, 30, 30)
    rgb[20:60, 70:90] = (240, 70, 60)
    rgb[70:110, 130:180] = (203, 33, 28)
    return rgb


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStage]:
    stage = WindowStage(tmp_path, qtbot)
    stage.open_picture(patches())
    stage.press(Qt.Key.Key_S)
    yield stage
    stage.session.close()


def option(stage: WindowStage, option_id: str) -> ToolOption:
    return next(each for each in stage.window.toolbox.active.options() if each.id == option_id)


def expected(stage: WindowStage, x: int, y: int, tolerance: float, *, is_contiguous: bool = True) -> Alpha:
    alpha = np.zeros((120, 200), np.uint8)
    box, coverage = SimilarColour(patches(), x, y).region(tolerance, is_contiguous=is_contiguous)
    alpha[box.slices()] = coverage
    return alpha


def click(stage: WindowStage, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
    drag(stage.window.canvas, stage.at(x, y), button=button)
    stage.settle()


def press(stage: WindowStage, position: ViewPoint) -> None:
    send(stage.window.canvas, QEvent.Type.MouseButtonPress, position, button=LEFT, held=LEFT)


def move(stage: WindowStage, position: ViewPoint) -> None:
    send(stage.window.canvas, QEvent.Type.MouseMove, position, button=NO_BUTTON, held=LEFT)


def test_a_click_adds_what_is_alike_and_hangs_together_as_one_decided_step(stage: WindowStage) -> None:
    click(stage, 40, 40)
    np.testing.assert_array_equal(stage.alpha, expected(stage, 40, 40, 32))
    assert (stage.alpha[20:60, 20:70] == 255).all()
    assert not stage.alpha[70:, 100:].any()
    document = stage.session.document
    assert document is not None
    np.testing.assert_array_equal(document.active.decided.to_mask(), stage.alpha > 0)
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not stage.alpha.any()
    assert not document.can_undo


def test_everywhere_adds_what_is_alike_elsewhere_too(stage: WindowStage) -> None:
    stage.window.toolbox.active.set_option("contiguous", False)
    click(stage, 40, 40)
    assert (stage.alpha[70:110, 130:180] == 255).all()


@pytest.mark.parametrize("is_right", [True, False])
def test_right_button_and_the_swapped_sign_take_away(stage: WindowStage, is_right: bool) -> None:
    click(stage, 40, 40)
    if not is_right:
        stage.press(Qt.Key.Key_X)
    added = stage.alpha
    click(stage, 40, 40, RIGHT if is_right else LEFT)
    assert not stage.alpha[added == 255].any()


def test_dragging_right_takes_more_and_shows_it_before_anything_changes(stage: WindowStage) -> None:
    start = stage.at(40, 40)
    press(stage, start)
    narrow = stage.shown_alpha()
    move(stage, (start[0] + 60, start[1]))
    wide = stage.shown_alpha()
    assert not stage.alpha.any()
    assert not narrow[30, 80]
    assert wide[30, 80] == 255
    assert option(stage, "tolerance").value == 32 + 60 * similar.TOLERANCE_PER_PX
    field = stage.window.context_bar.findChildren(QDoubleSpinBox)[0]
    assert field.value() == option(stage, "tolerance").value, "the bar follows the hand"
    drag_end = start[0] + 60, start[1]
    send(stage.window.canvas, QEvent.Type.MouseButtonRelease, drag_end, button=LEFT, held=NO_BUTTON)
    np.testing.assert_array_equal(stage.shown_alpha(), wide)  # still shown while the truth is worked out
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, wide)
    np.testing.assert_array_equal(stage.shown_alpha(), stage.alpha)


def test_escape_drops_it_and_gives_the_tolerance_back(stage: WindowStage) -> None:
    press(stage, stage.at(40, 40))
    move(stage, stage.at(90, 40))
    stage.press(Qt.Key.Key_Escape)
    assert option(stage, "tolerance").value == similar.FIRST_TOLERANCE
    np.testing.assert_array_equal(stage.shown_alpha(), np.zeros((120, 200), np.uint8))
    drag_end = stage.at(90, 40)
    send(stage.window.canvas, QEvent.Type.MouseButtonRelease, drag_end, button=LEFT, held=NO_BUTTON)
    stage.settle()
    assert not stage.alpha.any()


def test_who_goes_on_before_it_is_worked_out_loses_nothing(stage: WindowStage) -> None:
    make_photo(stage.folder / "z.png", (40, 60))
    stage.window.open_paths([stage.folder])
    stage.settle()
    stage.runner.job.finish()
    stage.settle()
    left = stage.document
    drag(stage.window.canvas, stage.at(40, 40))
    stage.press(Qt.Key.Key_PageDown)
    assert stage.document.photo.name == "z.png"
    assert not stage.alpha.any()
    np.testing.assert_array_equal(left.active.alpha, expected(stage, 40, 40, similar.FIRST_TOLERANCE))
    assert not left.unsaved.is_any, "it was saved on the way"


def test_undo_before_it_is_worked_out_takes_it_back_and_nothing_else(stage: WindowStage) -> None:
    click(stage, 80, 40)
    before = stage.alpha
    drag(stage.window.canvas, stage.at(150, 90))
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(stage.alpha, before)
    assert before.any()
    stage.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not stage.alpha.any()


def test_what_cannot_be_worked_out_is_said_and_holds_nobody_up(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise MemoryError

    make_photo(stage.folder / "z.png", (40, 60))
    stage.window.open_paths([stage.folder])
    stage.settle()
    monkeypatch.setattr(similar.ColourPick, "region", fail)
    drag(stage.window.canvas, stage.at(40, 40))
    stage.press(Qt.Key.Key_PageDown)
    assert stage.document.photo.name == "z.png"
    assert "went wrong" in stage.texts[-1]


def test_a_photo_that_was_left_meanwhile_gets_nothing(stage: WindowStage) -> None:
    drag(stage.window.canvas, stage.at(40, 40))
    opener = stage.session.opener
    other = stage.folder / "other.png"
    (stage.folder / "picture-120-200.png").rename(other)
    waiting, stage.executor._waiting = stage.executor._waiting, []
    opener.open_path(other)
    stage.settle()
    stage.runner.job.finish()
    stage.executor._waiting = waiting
    stage.settle()
    assert not stage.alpha.any()


def test_a_locked_layer_refuses_before_anything_is_shown(stage: WindowStage) -> None:
    stage.window.actions_set.trigger("lock_layer")
    click(stage, 40, 40)
    assert not stage.alpha.any()
    assert any("locked" in text for text in stage.texts)


def test_beside_the_photo_nothing_happens(stage: WindowStage) -> None:
    click(stage, -5, 40)
    assert not stage.alpha.any()


def test_by_keyboard_alone(stage: WindowStage) -> None:
    stage.press(Qt.Key.Key_F8)
    for _ in range(5):
        stage.press(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
        stage.press(Qt.Key.Key_Up)
    cursor = stage.window.canvas._key_input.cursor
    stage.press(Qt.Key.Key_Return)
    stage.press(Qt.Key.Key_Return)
    assert stage.alpha[int(cursor.y), int(cursor.x)] == 255


def test_large_photos_are_shown_by_the_level_in_view(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similar, "MAX_FLOOD_PX", 4000)
    stage.window.canvas.zoom_to(1.0)
    start = stage.at(40, 40)
    press(stage, start)
    shown = stage.shown_alpha()
    assert (shown[21:59, 21:69] == 255).all()
    assert not shown[70:, 100:].any(), "what does not hang together is not shown"
    send(stage.window.canvas, QEvent.Type.MouseButtonRelease, start, button=LEFT, held=NO_BUTTON)
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, expected(stage, 40, 40, 32))
