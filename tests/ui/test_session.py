from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from meticulous_gui.core import history
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.pyramid import Pyramid
from meticulous_gui.core.render import SceneLayer
from meticulous_gui.engine.jobs import Progress, RefineRequest, SegmentRequest
from tests.ui.fakes import Stage, make_photo


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    stage.session.close()


def hand_edit(stage: Stage, box: Box, value: int) -> Edit:
    assert stage.session.document is not None
    layer = stage.session.document.active
    alpha = np.full(box.size_hw, value, np.uint8)
    return Edit.by_hand(layer, box, alpha, touched=np.ones(box.size_hw, np.bool_), title="Brush")


def test_a_photo_is_open_and_its_mask_is_asked_for_at_once(stage: Stage) -> None:
    path = stage.open()
    assert stage.session.document is not None
    assert stage.session.document.photo.path == path
    assert isinstance(stage.runner.job.request, SegmentRequest)
    assert stage.runner.job.request.box is None


def test_without_networks_the_photo_opens_and_its_mask_comes_with_them(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(tmp_path, has_networks=False)
    stage.open()
    assert stage.session.document is not None
    assert not stage.runner.jobs
    stage.session.set_runner(stage.runner)
    stage.settle()
    assert len(stage.runner.jobs) == 1
    stage.session.close()


def test_the_automatic_mask_is_one_undo_step_and_nothing_to_lose(stage: Stage) -> None:
    stage.open_with_mask()
    document = stage.session.document
    assert document is not None
    assert document.history.n_done == 1
    assert stage.alpha[20, 30] == 255
    assert stage.alpha[0, 0] == 0
    assert not stage.session.has_unsaved_work
    stage.session.undo()
    assert not stage.alpha.any()


def test_a_photo_with_an_alpha_channel_keeps_it_as_its_mask(stage: Stage) -> None:
    stage.session.opener.open_path(make_photo(stage.folder / "cut.png", (30, 50), mode="RGBA"))
    stage.settle()
    assert not stage.runner.jobs
    assert stage.alpha.any()


def test_results_become_visible_while_the_job_runs(stage: Stage) -> None:
    boxes: list[Box] = []
    stage.session.shown.pixels_changed.connect(boxes.append)
    stage.open()
    stage.runner.job.paint(Box(5, 5, 15, 15), 255)
    stage.settle()
    assert stage.alpha[10, 10] == 255
    assert any(not box.clip(Box(5, 5, 15, 15)).is_empty for box in boxes)
    assert stage.session.work.is_running


def test_what_a_person_paints_meanwhile_wins(stage: Stage) -> None:
    stage.open()
    stage.session.commit(hand_edit(stage, Box(0, 0, 10, 10), 255))
    stage.runner.job.paint(Box(0, 0, 60, 40), 0)
    stage.runner.job.finish()
    stage.settle()
    assert (stage.alpha[:10, :10] == 255).all()
    assert not stage.alpha[10:].any()
    assert stage.session.has_unsaved_work


def test_escape_keeps_finished_patches_as_one_step(stage: Stage) -> None:
    stage.open_with_mask()
    before = stage.alpha
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 8, 8), 255)
    assert stage.session.cancel()
    stage.runner.job.paint(Box(8, 8, 16, 16), 255)  # crosses the cancel on its way
    stage.runner.job.acknowledge()
    stage.settle()
    assert stage.runner.job.is_cancelled
    assert (stage.alpha[:8, :8] == 255).all()
    assert not stage.alpha[8:10, 8:16].any()
    stage.session.undo()
    np.testing.assert_array_equal(stage.alpha, before)


def test_undo_during_a_run_stops_it_and_restores_the_mask(stage: Stage) -> None:
    stage.open_with_mask()
    before = stage.alpha
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 30, 30), 255)
    stage.settle()
    assert (stage.alpha[:30, :30] == 255).all()
    stage.session.undo()
    assert stage.runner.job.is_cancelled
    np.testing.assert_array_equal(stage.alpha, before)
    assert not stage.session.work.is_running


def test_undo_takes_back_a_newer_stroke_before_the_run_below_it(stage: Stage) -> None:
    stage.open_with_mask()
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 8, 8), 255)
    stage.settle()
    stage.session.commit(hand_edit(stage, Box(50, 30, 60, 40), 255))
    stage.session.undo()
    assert stage.session.work.is_running
    assert not stage.alpha[30:, 50:].any()
    assert (stage.alpha[:8, :8] == 255).all()
    stage.session.undo()
    assert not stage.session.work.is_running
    assert not stage.alpha[:8, :8].any()


def test_a_failure_restores_the_mask_and_says_one_sentence(stage: Stage) -> None:
    stage.open_with_mask()
    before = stage.alpha
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 30, 30), 255)
    stage.runner.job.fail()
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, before)
    assert stage.texts == ["The network process ended; your mask is unchanged."]
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 4, 4), 255)
    stage.runner.job.finish()
    stage.settle()
    assert (stage.alpha[:4, :4] == 255).all()


def test_a_failure_leaves_strokes_painted_meanwhile(stage: Stage) -> None:
    stage.open_with_mask()
    before = stage.alpha
    stage.session.asking.refine_all()
    stage.runner.job.paint(Box(0, 0, 30, 30), 255)
    stage.settle()
    stage.session.commit(hand_edit(stage, Box(50, 30, 60, 40), 128))
    stage.runner.job.fail()
    stage.settle()
    assert (stage.alpha[30:, 50:] == 128).all()
    stage.session.undo()
    np.testing.assert_array_equal(stage.alpha, before)


def test_region_refines_queue_and_each_sees_the_result_of_the_one_before(stage: Stage) -> None:
    stage.open_with_mask()
    mask = np.ones((20, 20), np.bool_)
    stage.session.asking.refine_region(mask, Box(0, 0, 20, 20), (10.0, 10.0))
    stage.session.asking.refine_region(mask, Box(10, 10, 30, 30), (20.0, 20.0))
    first = stage.runner.job
    assert len(stage.runner.jobs) == 2  # the automatic mask and the first region
    assert stage.session.work.n_waiting == 1
    first.paint(Box(0, 0, 20, 20), 77)
    first.finish()
    stage.settle()
    request = stage.runner.job.request
    assert isinstance(request, RefineRequest)
    assert request.region_box == Box(10, 10, 30, 30)
    assert (request.alpha_crop[:20, :20] == 77).all()
    assert request.focus_xy == (20.0, 20.0)


def test_a_region_that_reaches_beyond_the_photo_is_cut_to_it(stage: Stage) -> None:
    stage.open_with_mask()
    mask = np.zeros((30, 30), np.bool_)
    mask[20:, 20:] = True
    stage.session.asking.refine_region(mask, Box(-20, -20, 10, 10), (0.0, 0.0))
    request = stage.runner.job.request
    assert isinstance(request, RefineRequest)
    assert request.region_box == Box(0, 0, 10, 10)
    assert request.region_mask is not None
    assert request.region_mask.all()


def test_results_outside_a_box_change_nothing(stage: Stage) -> None:
    stage.open_with_mask()
    stage.session.asking.segment_box(Box(0, 0, 10, 10))
    stage.runner.job.paint(Box(0, 0, 60, 40), 255)
    stage.runner.job.finish()
    stage.settle()
    assert (stage.alpha[:10, :10] == 255).all()
    assert stage.alpha[0, 11] == 0


def test_decided_pixels_reach_the_network_and_stay(stage: Stage) -> None:
    stage.open_with_mask()
    stage.session.commit(hand_edit(stage, Box(0, 0, 10, 10), 255))
    stage.session.asking.refine_all()
    request = stage.runner.job.request
    assert isinstance(request, RefineRequest)
    assert request.decided is not None
    assert request.decided[:10, :10].all()
    stage.runner.job.paint(Box(0, 0, 60, 40), 0)
    stage.runner.job.finish()
    stage.settle()
    assert (stage.alpha[:10, :10] == 255).all()


def test_my_strokes_too_lets_the_network_change_them(stage: Stage) -> None:
    stage.open_with_mask()
    stage.session.commit(hand_edit(stage, Box(0, 0, 10, 10), 255))
    mask = np.ones((10, 10), np.bool_)
    stage.session.asking.refine_region(mask, Box(0, 0, 10, 10), (5.0, 5.0), my_strokes_too=True)
    stage.runner.job.paint(Box(0, 0, 10, 10), 3)
    stage.runner.job.finish()
    stage.settle()
    assert (stage.alpha[:10, :10] == 3).all()


def test_nothing_found_is_told_once_the_search_is_over(stage: Stage) -> None:
    told: list[bool] = []
    stage.session.nothing_found.connect(told.append)
    stage.open()
    stage.runner.job.finish(is_empty=True)
    stage.settle()
    stage.session.asking.segment_box(Box(0, 0, 20, 20))
    stage.runner.job.finish(is_empty=True)
    stage.settle()
    assert told == [False, True]


def test_another_photo_drops_the_job_of_the_last_one(stage: Stage) -> None:
    stage.open("first.png")
    first = stage.runner.job
    stage.open("second.png", (20, 30))
    assert first.is_cancelled
    first.paint(Box(0, 0, 30, 20), 255)
    stage.settle()
    assert not stage.alpha.any()
    assert len(stage.runner.photos) == 1


def test_a_locked_layer_refuses_a_stroke_and_a_network_in_one_sentence_each(stage: Stage) -> None:
    stage.open_with_mask()
    document = stage.session.document
    assert document is not None
    before = stage.alpha
    stage.session.asking.refine_all()
    document.set_layer_state(document.active.id, locked=True)
    stage.session.commit(hand_edit(stage, Box(0, 0, 5, 5), 255))
    stage.runner.job.paint(Box(0, 0, 5, 5), 255)
    stage.settle()
    np.testing.assert_array_equal(stage.alpha, before)
    assert len(stage.messages) == 2
    assert not stage.session.work.is_running
    n_jobs = len(stage.runner.jobs)
    stage.session.asking.refine_all()
    assert len(stage.messages) == 3
    assert len(stage.runner.jobs) == n_jobs, "a network that must not speak is not asked"


@pytest.mark.parametrize(
    ("state", "way_out"), [({"locked": True}, "Unlock it"), ({"visible": False}, "Show it")]
)
def test_a_layer_that_refuses_offers_the_way_out(stage: Stage, state: dict[str, bool], way_out: str) -> None:
    stage.open_with_mask()
    stage.document.set_layer_state(stage.document.active.id, **state)  # type: ignore[arg-type]
    assert stage.session.changeable() is None
    [choice] = stage.messages[-1].choices
    assert choice.text == way_out
    choice.run()
    assert stage.session.changeable() is stage.document
    stage.session.commit(hand_edit(stage, Box(0, 0, 5, 5), 255))
    assert (stage.alpha[:5, :5] == 255).all()


def test_the_confidence_of_results_can_be_seen(stage: Stage) -> None:
    stage.open()
    assert not stage.session.shown.has_confidence
    stage.runner.job.paint(Box(0, 0, 10, 10), 255)
    stage.settle()
    scene = stage.session.shown.scene
    assert stage.session.shown.has_confidence
    assert scene is not None
    assert scene.doubt is not None
    stage.session.doubts.settle()
    assert scene.doubt.level(0)[5, 5] == 55


def test_undo_all_and_redo_all_restore_every_pixel(stage: Stage) -> None:
    stage.open_with_mask()
    document = stage.session.document
    assert document is not None
    states = [stage.alpha]
    for number in range(3):
        stage.session.commit(hand_edit(stage, Box(number * 5, 0, number * 5 + 9, 9), 50 * number + 50))
        states.append(stage.alpha)
    for state in reversed(states):
        np.testing.assert_array_equal(stage.alpha, state)
        stage.session.undo()
    assert not stage.alpha.any()
    for state in states:
        stage.session.redo()
        np.testing.assert_array_equal(stage.alpha, state)


def test_what_is_shown_follows_large_steps_that_change_memory(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.open_with_mask()
    session, document = stage.session, stage.session.document
    assert document is not None
    monkeypatch.setattr(history, "WORTH_PX", document.box.area)
    told = [session.shown.scene]
    session.shown.scene_replaced.connect(lambda: told.append(session.shown.scene))

    def fill(box: Box, value: int) -> None:
        session.commit(hand_edit(stage, box, value))

    acts = [
        lambda: fill(document.box, 90),
        lambda: fill(Box(0, 0, 9, 7), 30),
        lambda: fill(document.box, 60),
        *[session.undo] * 3,
        *[session.redo] * 3,
        *[session.undo] * 2,
        lambda: fill(Box(0, 0, 5, 5), 200),
        *[session.undo] * 2,
    ]
    for act in acts:
        act()
        assert told[-1] is session.shown.scene
        assert session.shown.scene is not None
        shown, real = SceneLayer(*session.shown.scene.layers[0]).alpha, Pyramid(stage.alpha.copy())
        for k in range(real.n_levels):
            assert np.array_equal(shown.level(k), real.level(k))


def test_what_the_engine_says_of_a_run_is_passed_on(stage: Stage) -> None:
    stage.open_with_mask()
    stage.session.asking.refine_all()
    stage.runner.job.finish(message="Your own strokes cover all of it; nothing was changed.")
    stage.settle()
    assert stage.texts == ["Your own strokes cover all of it; nothing was changed."]


@pytest.mark.parametrize(("has_strokes", "part"), [(False, "by hand"), (True, "My strokes too")])
def test_a_refine_that_changes_nothing_says_so(stage: Stage, has_strokes: bool, part: str) -> None:
    stage.open_with_mask()
    if has_strokes:
        stage.session.commit(hand_edit(stage, Box(0, 0, 10, 10), 255))
    marked = np.ones((20, 20), np.bool_)
    stage.session.asking.refine_region(marked, Box(0, 0, 20, 20), (5.0, 5.0))
    stage.runner.job.finish()
    stage.settle()
    assert stage.texts[-1].startswith("Nothing was changed")
    assert part in stage.texts[-1]
    n_texts = len(stage.texts)
    stage.session.asking.refine_region(marked, Box(0, 0, 20, 20), (5.0, 5.0))
    stage.runner.job.paint(Box(10, 10, 20, 20), 255)
    stage.runner.job.finish()
    stage.settle()
    assert len(stage.texts) == n_texts


def test_the_time_of_a_run_begins_when_it_does(stage: Stage) -> None:
    now_s = [100.0]
    work = stage.session.work
    work._clock_s = lambda: now_s[0]
    stage.open()
    now_s[0] += 9.0  # the networks start
    stage.runner.job.tell(Progress(0, 0))
    stage.settle()
    now_s[0] += 2.0
    stage.runner.job.tell(Progress(2, 8))
    stage.settle()
    assert work.seconds_left == pytest.approx(6.0)
    stage.runner.job.finish()
    stage.settle()
    assert work.took == ("Find the object", 2.0)
    stage.open("next.png")
    assert work.took is None
