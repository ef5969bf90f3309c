"""The panels that change the whole edge: seen first, exact at full size, one step, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from meticulous_gui.core.adjust import Adjustment, adjusted
from meticulous_gui.core.clean_up import CleanUp, Findings
from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.types import Alpha
from meticulous_gui.ui.dialogs.unsaved import UnsavedQuestion
from meticulous_gui.ui.panels.adjust import AdjustPanel
from meticulous_gui.ui.panels.clean_up import CleanUpPanel
from meticulous_gui.ui.panels.floating import FloatingPanel
from tests.ui.fakes import make_photo
from tests.ui.mouse import drag
from tests.ui.window_stage import WindowStage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SIZE_HW = (240, 330)


def blot() -> Alpha:
    """Return a disc with holes of 1, 9 and 100 pixels, and specks of 4, 25 and 400 beside it."""
    alpha = np.zeros(SIZE_HW, np.uint8)
    cv2.circle(alpha, (150, 120), 80, 255, -1, cv2.LINE_AA)
    for x, y, side in ((120, 120, 1), (150, 90, 3), (160, 130, 10)):
        alpha[y : y + side, x : x + side] = 0
    for x, y, side in ((20, 20, 2), (280, 30, 5), (290, 190, 20)):
        alpha[y : y + side, x : x + side] = 255
    return alpha


@pytest.fixture
def stage(stage: WindowStage) -> WindowStage:
    rng = np.random.default_rng(5)
    stage.open_picture(rng.integers(0, 256, (*SIZE_HW, 3), dtype=np.uint8), blot())
    return stage


def open_adjust(stage: WindowStage) -> AdjustPanel:
    stage.press(Qt.Key.Key_G, CTRL)
    panel = stage.window.edge_panels.adjust
    assert panel is not None
    assert panel.isVisible()
    return panel


def open_clean_up(stage: WindowStage) -> CleanUpPanel:
    stage.press(Qt.Key.Key_G, CTRL | SHIFT)
    panel = stage.window.edge_panels.clean_up
    assert panel is not None
    assert panel.isVisible()
    return panel


@pytest.mark.parametrize("name", ["adjust_edge", "clean_up"])
def test_a_hidden_layer_is_not_changed_unseen(stage: WindowStage, name: str) -> None:
    stage.document.set_layer_state(stage.document.active.id, visible=False)
    stage.window.actions_set.trigger(name)
    assert stage.window.edge_panels.open_panel is None
    assert "is hidden; show it" in stage.texts[-1]


def n_steps(stage: WindowStage) -> int:
    return stage.document.history.n_done


def assert_enter_makes(stage: WindowStage, panel: AdjustPanel | CleanUpPanel, expected: Alpha) -> None:
    """Press Enter: what was shown is the mask, in one step that Ctrl+Z takes back."""
    stage.press(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, expected)
    np.testing.assert_array_equal(stage.shown_alpha(), expected)
    assert not panel.isVisible()
    assert n_steps(stage) == 1
    np.testing.assert_array_equal(stage.document.active.decided.to_mask(), expected != blot())
    stage.press(Qt.Key.Key_Z, CTRL)
    np.testing.assert_array_equal(stage.alpha, blot())


# --- adjust


def test_sliders_show_what_enter_then_makes_at_full_size(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(1.0)
    panel = open_adjust(stage)
    panel.grow.field.setValue(4.5)
    panel.feather.field.setValue(3.0)
    panel.contrast.field.setValue(20)
    stage.settle()
    expected = adjusted(blot(), Adjustment(grow_px=4.5, feather_px=3.0, contrast=0.2))
    np.testing.assert_array_equal(stage.alpha, blot())
    np.testing.assert_array_equal(stage.shown_alpha(), expected)  # all of it is in view
    assert_enter_makes(stage, panel, expected)


def test_zoomed_out_the_smaller_level_is_shown_and_the_truth_is_made(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(0.4)
    panel = open_adjust(stage)
    panel.grow.field.setValue(8.0)
    stage.settle()
    shown = stage.shown_alpha()
    assert shown.shape == (120, 165)
    whole = adjusted(blot(), Adjustment(grow_px=8.0))
    half = cv2.resize(whole, (165, 120), interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - half).mean() < 2.0
    stage.press(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, whole)


def test_escape_drops_it_and_nothing_has_happened(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.smooth.field.setValue(10)
    stage.settle()
    assert (stage.shown_alpha() != blot()).any()
    stage.press(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    np.testing.assert_array_equal(stage.shown_alpha(), blot())
    assert n_steps(stage) == 0
    assert QApplication.focusWidget() is stage.window.canvas
    assert open_adjust(stage).adjustment.is_identity


def test_escape_and_enter_on_the_canvas_mean_the_panel(stage: WindowStage) -> None:
    for key, n_done in ((Qt.Key.Key_Escape, 0), (Qt.Key.Key_Return, 1)):
        panel = open_adjust(stage)
        panel.grow.field.setValue(3.0)
        stage.window.canvas.setFocus()
        stage.press(key)
        assert not panel.isVisible()
        assert n_steps(stage) == n_done


def test_a_value_typed_into_a_field_counts_when_enter_is_pressed(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setFocus()
    panel.grow.field.selectAll()
    QTest.keyClicks(panel.grow.field, "6")
    QTest.keyClick(panel.grow.field, Qt.Key.Key_Return)
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, adjusted(blot(), Adjustment(grow_px=6.0)))


def test_sliders_move_by_the_arrow_keys(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    assert QApplication.focusWidget() is panel.smooth.slider
    for _ in range(16):
        stage.press(Qt.Key.Key_Right)
    stage.press(Qt.Key.Key_Return)
    np.testing.assert_array_equal(stage.alpha, adjusted(blot(), Adjustment(smooth_px=4)))


def test_the_buttons_do_what_the_keys_do(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    QTest.mouseClick(panel.cancel_button, Qt.MouseButton.LeftButton)
    assert n_steps(stage) == 0
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    QTest.mouseClick(panel.apply_button, Qt.MouseButton.LeftButton)
    stage.settle()
    assert n_steps(stage) == 1


def test_a_stroke_while_the_panel_is_open_is_adjusted_too(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    stage.settle()
    drag(stage.window.canvas, stage.at(30, 200), stage.at(60, 210))
    stage.settle()
    painted = stage.alpha
    assert (painted != blot()).any()
    shown = stage.shown_alpha()
    stage.window.edge_panels.apply()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, adjusted(painted, Adjustment(grow_px=5.0)))
    assert (shown != painted).any()
    assert n_steps(stage) == 2


def test_a_stroke_while_the_whole_photo_is_worked_on_is_not_lost(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    panel.apply()
    drag(stage.window.canvas, stage.at(30, 200), stage.at(60, 210))
    painted = stage.alpha
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, adjusted(painted, Adjustment(grow_px=5.0)))


def test_hiding_and_showing_the_layer_or_another_one_keeps_the_change_in_sight(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(1.0)
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    stage.settle()
    shown = stage.shown_alpha()
    for _ in range(2):
        stage.window.actions_set.trigger("toggle_layer")
        stage.settle()
    np.testing.assert_array_equal(stage.shown_alpha(), shown)
    stage.window.actions_set.trigger("add_layer")
    stage.settle()
    assert not stage.shown_alpha().any()
    stage.press(Qt.Key.Key_Escape)
    assert n_steps(stage) == 1


def test_panning_shows_the_change_in_what_comes_into_view(stage: WindowStage) -> None:
    stage.window.canvas.zoom_to(6.0)
    panel = open_adjust(stage)
    panel.grow.field.setValue(6.0)
    stage.settle()
    stage.window.canvas.pan_by(-300, 0)
    box = stage.window.canvas.visible_box
    expected = adjusted(blot(), Adjustment(grow_px=6.0))
    np.testing.assert_array_equal(stage.shown_alpha()[box.slices()], expected[box.slices()])


def test_a_locked_layer_is_refused_in_one_sentence_and_the_panel_stays(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    stage.window.actions_set.trigger("lock_layer")
    panel.apply()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, blot())
    assert any("locked" in text for text in stage.texts)
    assert panel.isVisible()


def test_another_photo_closes_the_panel(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(3.0)
    panel.apply()
    stage.open("other.png", SIZE_HW)
    assert not panel.isVisible()
    assert not stage.alpha.any()


def test_each_change_alone_has_its_own_name_in_the_history(stage: WindowStage) -> None:
    titles = []
    for name, value in (("smooth", 4), ("grow", 3), ("grow", -3), ("feather", 5), ("contrast", 50)):
        panel = open_adjust(stage)
        getattr(panel, name).field.setValue(value)
        stage.press(Qt.Key.Key_Return)
        document = stage.session.document
        assert document is not None
        titles.append(document.undo_title)
    assert len(set(titles)) == 5


# --- clean up


def test_holes_and_specks_are_counted_before_anything_happens(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    assert panel.hole_count.text() == "2 of 3 holes are filled"
    assert panel.piece_count.text() == "2 of 4 pieces go"
    panel.specks.field.setValue(1000)
    panel.holes.field.setValue(5)
    assert panel.hole_count.text() == "1 of 3 holes are filled"
    assert panel.piece_count.text() == "3 of 4 pieces go"
    panel.holes.field.setValue(1)
    panel.specks.field.setValue(1)
    assert panel.hole_count.text().startswith("0 of 3")
    assert panel.piece_count.text().startswith("0 of 4")
    np.testing.assert_array_equal(stage.alpha, blot())


def test_what_is_shown_is_what_enter_makes(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.specks.field.setValue(30)
    stage.settle()
    expected, _ = Findings(blot()).cleaned(CleanUp(hole_px=64, speck_px=30))
    np.testing.assert_array_equal(stage.shown_alpha(), expected)
    np.testing.assert_array_equal(stage.alpha, blot())
    assert_enter_makes(stage, panel, expected)


def test_enter_right_after_the_last_change_waits_for_it(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.specks.field.setValue(500)
    panel.apply()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, Findings(blot()).cleaned(CleanUp(hole_px=64, speck_px=500))[0])


def test_keeping_the_largest_drops_all_others(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.holes.field.setValue(1)
    QTest.mouseClick(panel.largest, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.largest.height() // 2))
    assert panel.piece_count.text() == "3 of 4 pieces go"
    assert not panel.specks.isEnabled()
    stage.press(Qt.Key.Key_Return)
    assert len(Findings(stage.alpha).pieces) == 1
    assert len(Findings(stage.alpha).holes) == 3
    panel = open_clean_up(stage)
    panel.largest.setChecked(False)


def test_escape_leaves_every_speck(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    stage.press(Qt.Key.Key_Escape)
    assert not panel.isVisible()
    np.testing.assert_array_equal(stage.shown_alpha(), blot())
    assert n_steps(stage) == 0


def test_a_stroke_while_the_panel_is_open_is_counted(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    drag(stage.window.canvas, stage.at(20, 200))
    stage.settle()
    assert panel.piece_count.text().endswith("of 5 pieces go")
    assert (stage.shown_alpha()[150:, :60] > 0).any()


def test_nothing_to_clean_leaves_no_step(stage: WindowStage) -> None:
    panel = open_clean_up(stage)
    panel.holes.field.setValue(1)
    panel.specks.field.setValue(1)
    stage.press(Qt.Key.Key_Return)
    assert n_steps(stage) == 0
    assert not panel.isVisible()


def test_only_one_panel_is_open(stage: WindowStage) -> None:
    first = open_adjust(stage)
    second = open_clean_up(stage)
    assert not first.isVisible()
    assert second.isVisible()


def test_every_control_of_the_panels_has_a_name(stage: WindowStage) -> None:
    for panel in (open_adjust(stage), open_clean_up(stage)):
        for widget in (panel, *panel.findChildren(QWidget)):
            is_inner = widget.objectName().startswith("qt_")
            is_holder = type(widget).__name__ == "NumberControl" or widget is panel.note
            assert widget.accessibleName() or is_inner or is_holder, widget


def test_a_click_on_the_panel_does_not_paint_below_it(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    stage.settle()
    assert n_steps(stage) == 0


def test_the_panel_stays_in_the_corner_of_the_canvas(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    for width, height in ((1100, 800), (760, 560)):
        stage.window.resize(width, height)
        stage.settle()
        canvas = stage.window.canvas.geometry()
        assert canvas.contains(panel.geometry())
        assert canvas.right() - panel.geometry().right() < 30


@pytest.mark.parametrize("opens", [open_adjust, open_clean_up])
@pytest.mark.parametrize("wh", [(853, 480), (1000, 700)])
def test_the_panel_leaves_the_pointing_bar_free(
    stage: WindowStage, opens: Callable[[WindowStage], FloatingPanel], wh: tuple[int, int]
) -> None:
    stage.window.resize(*wh)
    stage.window.toolbox.choose("point")
    stage.settle()
    panel, bar = opens(stage), stage.window.points.bar
    assert bar.isVisible()
    assert not panel.geometry().intersects(bar.geometry())
    assert stage.window.canvas.geometry().contains(panel.geometry())


@pytest.mark.parametrize("is_clean_up", [False, True])
def test_what_is_applied_goes_to_the_layer_it_was_seen_on(stage: WindowStage, is_clean_up: bool) -> None:
    document = stage.document
    blotted = document.active
    other = document.add_layer(alpha=blot())
    document.set_active(blotted.id)
    stage.settle()
    if is_clean_up:
        open_clean_up(stage).largest.setChecked(True)
        stage.settle()
        stage.window.edge_panels.apply()
    else:
        open_adjust(stage).grow.field.setValue(5.0)
        stage.settle()
        stage.window.edge_panels.apply()
    stage.window.commands.layers.choose(other.id)
    stage.settle()
    np.testing.assert_array_equal(other.alpha, blot())
    assert (blotted.alpha != blot()).any()
    assert stage.window.edge_panels.open_panel is None


@pytest.mark.parametrize("opens", [open_adjust, open_clean_up])
def test_a_layer_that_is_removed_while_it_is_worked_on_closes_the_panel(
    stage: WindowStage, opens: Callable[[WindowStage], AdjustPanel | CleanUpPanel]
) -> None:
    other = stage.document.add_layer(alpha=blot())
    stage.settle()
    panel = opens(stage)
    if isinstance(panel, AdjustPanel):
        panel.grow.field.setValue(5.0)
    panel.apply()
    stage.window.commands.layers.remove()
    stage.settle()
    assert not stage.document.has_layer(other.id)
    assert not panel.isVisible()
    np.testing.assert_array_equal(stage.alpha, blot())


def test_what_was_dropped_does_not_come_when_the_panel_is_opened_again(stage: WindowStage) -> None:
    panel = open_adjust(stage)
    panel.grow.field.setValue(5.0)
    panel.apply()
    panel.drop()
    panel.open()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, blot())
    assert panel.isVisible()


@pytest.mark.parametrize("opens", [open_adjust, open_clean_up])
@pytest.mark.parametrize("is_dropped", [False, True])
def test_who_goes_on_before_it_is_worked_out_loses_nothing(
    stage: WindowStage, opens: Callable[[WindowStage], AdjustPanel | CleanUpPanel], is_dropped: bool
) -> None:
    document, panel = begin_in_a_folder(stage), opens(stage)
    if isinstance(panel, AdjustPanel):
        panel.grow.field.setValue(5.0)
    else:
        panel.largest.setChecked(True)
    panel.apply()
    stage.window.actions_set.trigger("next_photo")
    if is_dropped:
        panel.drop()
    stage.settle()
    assert stage.document is not document
    assert (document.active.alpha != blot()).any() != is_dropped


@pytest.mark.parametrize("is_clean_up", [False, True])
def test_what_cannot_be_worked_out_is_said_and_nobody_waits_for_it(
    stage: WindowStage, monkeypatch: pytest.MonkeyPatch, is_clean_up: bool
) -> None:
    def fail(*_wishes: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("meticulous_gui.ui.panels.adjust.adjusted_parts", fail)
    monkeypatch.setattr("meticulous_gui.ui.panels.clean_up.Findings", fail)
    before = stage.alpha
    if is_clean_up:
        stage.press(Qt.Key.Key_G, CTRL | SHIFT)
    else:
        open_adjust(stage).grow.field.setValue(5.0)
        stage.press(Qt.Key.Key_Return)
    stage.settle()
    assert stage.window.edge_panels.open_panel is (None if is_clean_up else stage.window.edge_panels.adjust)
    assert "no room" in stage.texts[-1]
    assert stage.window.edge_panels.rests(lambda: None)
    np.testing.assert_array_equal(stage.alpha, before)


def test_who_clicks_another_photo_before_it_is_worked_out_loses_nothing(stage: WindowStage) -> None:
    document, panel = begin_in_a_folder(stage), open_adjust(stage)
    panel.grow.field.setValue(5.0)
    panel.apply()
    stage.window.folder.strip.view.wanted.emit(stage.folder / "z.png")
    stage.settle()
    assert stage.document.photo.name == "z.png"
    assert (document.active.alpha != blot()).any()
    assert not document.is_dirty, "it was saved on the way"


def test_what_becomes_of_unsaved_work_is_asked_when_it_is_worked_out(stage: WindowStage) -> None:
    document, panel = begin_in_a_folder(stage), open_adjust(stage)
    document.mark_saved()
    panel.grow.field.setValue(5.0)
    panel.apply()
    gone: list[bool] = []
    stage.window.commands.files.unless_unsaved(lambda: gone.append(True))
    stage.settle()
    assert not gone
    assert stage.dialog(UnsavedQuestion).isVisible()
    assert (document.active.alpha != blot()).any()


def begin_in_a_folder(stage: WindowStage) -> Document:
    """Work on the first photo of a folder of two."""
    stage.document.mark_saved()
    make_photo(stage.folder / "z.png", SIZE_HW)
    stage.window.open_paths([stage.folder])
    stage.settle()
    stage.runner.job.finish()
    document = stage.document
    document.apply(Edit(document.active.id, document.box, blot()))
    stage.settle()
    stage.window.canvas.setFocus()
    return document


def test_the_title_is_seen_however_small_the_window(stage: WindowStage) -> None:
    stage.window.resize(640, 420)
    stage.window.toolbox.choose("point")
    stage.window.actions_set.trigger("strip")
    stage.settle()
    panel = open_clean_up(stage)
    assert panel.geometry().top() >= stage.window.canvas.geometry().top()
