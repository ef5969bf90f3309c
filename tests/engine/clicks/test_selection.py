"""Clicks that are waited for: each call gives the whole mask, or one sentence and the mask as it was."""

from __future__ import annotations

import gc
from typing import cast

import numpy as np
import pytest

from meticulous_gui.core.errors import MaskError, UsageError
from meticulous_gui.engine.clicks.selection import ClickSelection, click_object
from meticulous_gui.engine.clicks.session import ClickSession
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.runner import Runner
from meticulous_gui.engine.steps import result_of
from tests.engine.clicks.toy import blobs
from tests.engine.stubs import ColourClick


def test_it_gives_what_a_session_gives(runner: Runner) -> None:
    rgb, truth = blobs(4)
    start = np.where(np.roll(truth, 8, axis=1), 255, 0).astype(np.uint8)
    for given in (None, start):
        own = ClickSession(PhotoLevels(rgb), ColourClick(), initial=None if given is None else given >= 128)
        with ClickSelection(runner, rgb, given) as selection:
            begun = selection.alpha
            for x, y, include in ((50.5, 40.5, True), (5.5, 5.5, False)):
                alpha = selection.click(x, y, include)
                result_of(own.click(x, y, is_positive=include))
                assert alpha.dtype == np.uint8
                np.testing.assert_array_equal(alpha, np.where(own.mask, 255, 0))
            own.undo()
            np.testing.assert_array_equal(selection.undo() >= 128, own.mask)
            np.testing.assert_array_equal(selection.reset(), begun)
            np.testing.assert_array_equal(selection.undo() >= 128, own.mask)


def test_what_it_returned_is_the_callers_own(runner: Runner) -> None:
    with ClickSelection(runner, blobs(4)[0]) as selection:
        alpha = selection.click(50.5, 40.5)
        kept = alpha.copy()
        alpha[:] = 7
        np.testing.assert_array_equal(selection.alpha, kept)


def test_undo_at_the_beginning_and_a_click_twice_change_nothing(runner: Runner) -> None:
    with ClickSelection(runner, blobs(4)[0]) as selection:
        assert not selection.undo().any()
        alpha = selection.click(50.5, 40.5)
        np.testing.assert_array_equal(selection.click(50.5, 40.5), alpha)
        assert not selection.undo().any()


@pytest.mark.parametrize("point", [(-1.0, 5.0), (100.0, 5.0), (5.0, float("nan")), (1e30, 5.0)])
def test_a_click_outside_is_one_sentence(runner: Runner, point: tuple[float, float]) -> None:
    with ClickSelection(runner, blobs(4)[0]) as selection:
        before = selection.click(50.5, 40.5)
        with pytest.raises(UsageError, match="outside the photo, which is 100 x 80 pixels"):
            selection.click(*point)
        np.testing.assert_array_equal(selection.alpha, before)


def test_a_point_outside_is_said_before_any_network_is_asked() -> None:
    class Nobody:
        """A runner that must not be asked."""

    with pytest.raises(UsageError, match="The click 100,5 lies outside the photo"):
        click_object(cast(Runner, Nobody()), blobs(4)[0], [(50.5, 40.5, True), (100.0, 5.0, True)])


def test_a_mask_of_another_size_is_one_sentence(runner: Runner) -> None:
    with pytest.raises(MaskError, match="4 x 3 pixels and the photo 100 x 80"):
        ClickSelection(runner, blobs(4)[0], np.zeros((3, 4), np.uint8))


def test_its_photo_is_forgotten_when_it_is_left_or_let_go(runner: Runner) -> None:
    with ClickSelection(runner, blobs(4)[0]) as selection:
        assert runner._photos
    assert not runner._photos
    with pytest.raises(UsageError, match="closed"):
        selection.undo()
    let_go = ClickSelection(runner, blobs(4)[0])
    assert runner._photos
    del let_go
    gc.collect()
    assert not runner._photos


@pytest.mark.parametrize("refine", [False, True])
def test_of_a_given_mask_only_the_new_edge_changes_and_what_is_soft_stays_soft(
    runner: Runner, refine: bool
) -> None:
    rgb = np.full((100, 300, 3), 60, np.uint8)
    rgb[20:80, 20:80] = rgb[20:80, 220:280] = 200
    start = np.zeros((100, 300), np.uint8)
    start[26:76, 26:76] = 255  # the edge is off here, but nobody points at it
    start[10:15, 10:40] = 90
    answer = click_object(runner, rgb, [(250.5, 50.5, True)], alpha=start, refine=refine)
    np.testing.assert_array_equal(answer.alpha[:, :150], start[:, :150])
    assert (answer.alpha[25:75, 225:275] >= 128).mean() > 0.5
    assert bool(answer.report.n_patches) == refine


@pytest.mark.parametrize("refine", [False, True])
def test_points_stay_on_their_sides_also_when_the_edge_is_made_better(runner: Runner, refine: bool) -> None:
    rgb, truth = blobs(4)
    rows, cols = np.nonzero(truth)
    middle = (float(cols.mean()), float(rows.mean()), True)
    edge = (float(cols.max()), float(rows[cols.argmax()]) + 0.5, False)
    answer = click_object(runner, rgb, [middle, edge], refine=refine)
    for x, y, is_positive in (middle, edge):
        assert (answer.alpha[int(y), int(x)] >= 128) == is_positive
    assert bool(answer.report.n_patches) == refine


def test_only_what_the_points_are_about_changes_of_a_given_mask(runner: Runner) -> None:
    rgb, truth = blobs(4)
    start = np.where(truth, 255, 0).astype(np.uint8)
    start[2:6, 2:6] = 255
    before = start.copy()
    answer = click_object(runner, rgb, [(4.5, 4.5, False)], alpha=start, refine=False)
    np.testing.assert_array_equal(start, before)
    changed = answer.alpha != start
    assert changed[4, 4]
    assert not answer.alpha[changed].any()
