"""Click sessions: every click counts, every step comes back bit for bit, nothing else changes."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.errors import EngineError
from meticulous_gui.core.geometry import Box
from meticulous_gui.core.metrics import iou
from meticulous_gui.core.prompts import BoxPrompt, Stroke
from meticulous_gui.engine.clicks.answer import _stability
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.session import ClickReport, ClickSession
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import ClickAnswer, ClickQuestion, Embedding
from meticulous_gui.engine.steps import result_of
from tests.engine.clicks.toy import (
    SEGMENTERS,
    assert_obeyed,
    blobs,
    random_click,
    session_on_blobs,
    toy_segmenter,
    value_of,
)
from tests.engine.stubs import ColourClick
from training.fbrs.robot import next_click


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 2), st.integers(1, 12), st.booleans())
def test_every_click_is_obeyed_by_any_network(seed: int, network: int, n_clicks: int, has_mask: bool) -> None:
    rng = np.random.default_rng(seed)
    rgb, mask = blobs(seed, (int(rng.integers(20, 90)), int(rng.integers(20, 120))))
    quick = ClickSettings(evaluations=3)
    session = ClickSession(
        PhotoLevels(rgb), SEGMENTERS[network], settings=quick, initial=mask if has_mask else None
    )
    for _ in range(n_clicks):
        assert_obeyed(session, random_click(session, rng))


def _random_command(session: ClickSession, rng: np.random.Generator) -> ClickReport:
    kind = rng.random()
    if kind < 0.6 or not session.clicks:
        return random_click(session, rng)
    if kind < 0.7:
        return result_of(session.remove(int(rng.choice([click.id for click in session.clicks]))))
    if kind < 0.8:
        height, width = session.mask.shape
        chosen = int(rng.choice([click.id for click in session.clicks]))
        return result_of(session.move(chosen, float(rng.uniform(0, width)), float(rng.uniform(0, height))))
    if kind < 0.9:
        return result_of(session.change_settings(ClickSettings(zoom=bool(rng.integers(2)))))
    return session.reset()


def _snapshot(session: ClickSession) -> tuple[object, ...]:
    state = session.state
    previous = None if state.previous is None else state.previous.tobytes()
    variables = None if state.variables is None else state.variables.tobytes()
    return session.mask.tobytes(), state.clicks, state.crop, previous, variables, dict(state.obeyed)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_undo_and_redo_restore_every_bit_without_the_network(seed: int, has_mask: bool) -> None:
    rng = np.random.default_rng(seed)
    rgb, mask = blobs(seed)
    segmenter = ColourClick()
    session = ClickSession(PhotoLevels(rgb), segmenter, initial=mask if has_mask else None)
    for _ in range(3):
        _random_command(session, rng)
    snapshots = [_snapshot(session)]
    while len(snapshots) < 5:
        place = session.state
        assert_obeyed(session, _random_command(session, rng))
        if session.state is not place:
            snapshots.append(_snapshot(session))
    n_answers = segmenter.n_answers
    for expected in snapshots[-2::-1]:
        session.undo()
        assert _snapshot(session) == expected
    for expected in snapshots[1:]:
        session.redo()
        assert _snapshot(session) == expected
    assert segmenter.n_answers == n_answers


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 100_000))
def test_what_is_kept_of_crops_changes_no_mask(seed: int) -> None:
    rgb, _ = blobs(seed)
    masks = []
    for most_embeddings in (0, 1, 12):
        session = ClickSession(PhotoLevels(rgb), SEGMENTERS[0], settings=ClickSettings(evaluations=3))
        session._answering.most_embeddings = most_embeddings
        rng = np.random.default_rng(seed)
        for _ in range(4):
            random_click(session, rng)
        masks.append(session.mask.tobytes())
    assert masks[0] == masks[1] == masks[2]


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 100_000), st.booleans())
def test_looking_at_all_clicks_again_does_not_depend_on_their_order(seed: int, has_mask: bool) -> None:
    rng = np.random.default_rng(seed)
    rgb, mask = blobs(seed)
    places = rng.choice(80 * 100, size=5, replace=False)
    clicks = [(int(p) % 100 + 0.5, int(p) // 100 + 0.5, bool(rng.integers(2))) for p in places]
    results = []
    for order in (range(5), rng.permutation(5)):
        session = ClickSession(PhotoLevels(rgb), ColourClick(), initial=mask if has_mask else None)
        for n in order:
            x, y, is_positive = clicks[n]
            result_of(session.click(x, y, is_positive=is_positive))
        result_of(session.change_settings(replace(session.state.settings, evaluations=5)))
        results.append(session.mask.tobytes())
    assert results[0] == results[1]


def test_a_click_on_a_locked_pixel_is_refused() -> None:
    locked = np.ones((80, 100), np.bool_)
    session, _ = session_on_blobs(locked=locked)
    report = result_of(session.click(30.5, 20.5))
    assert report.was_refused
    assert "locked" in report.message
    assert not session.clicks
    assert not session.can_undo


@pytest.mark.parametrize("point", [(-0.1, 4.0), (100.0, 4.0), (5.0, 80.0), (1e9, -1e9)])
def test_a_click_outside_is_refused(point: tuple[float, float]) -> None:
    session, _ = session_on_blobs()
    report = result_of(session.click(*point))
    assert report.was_refused
    assert "outside" in report.message


def test_a_second_click_of_one_sign_on_a_pixel_is_refused_and_the_other_sign_wins() -> None:
    session, _ = session_on_blobs()
    result_of(session.click(30.2, 20.9))
    assert result_of(session.click(30.7, 20.1)).was_refused
    report = result_of(session.click(30.7, 20.1, is_positive=False))
    assert not session.mask[20, 30]
    assert report.obeyed == {1: "overridden", 2: report.obeyed[2]}
    again = result_of(session.click(30.5, 20.5))
    assert session.mask[20, 30]
    assert again.obeyed[2] == "overridden"


@pytest.mark.slow
def test_two_hundred_clicks() -> None:
    session = ClickSession(PhotoLevels(blobs(3)[0]), ColourClick(crop_px=32))
    rng = np.random.default_rng(0)
    places = rng.choice(80 * 100, size=200, replace=False)
    for n, place in enumerate(places):
        report = result_of(session.click(place % 100 + 0.5, place // 100 + 0.5, is_positive=n % 2 == 0))
    assert len(session.clicks) == 200
    assert_obeyed(session, report)


@pytest.mark.parametrize("size_hw", [(1, 1), (20, 20), (31, 1000), (2, 3)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_odd_photos(size_hw: tuple[int, int], value: int) -> None:
    rgb = np.full((*size_hw, 3), value, np.uint8)
    session = ClickSession(PhotoLevels(rgb), SEGMENTERS[0], settings=ClickSettings(evaluations=3))
    for x, y, is_positive in ((0.0, 0.0, True), (size_hw[1] - 0.5, size_hw[0] - 0.5, False)):
        assert_obeyed(session, result_of(session.click(x, y, is_positive=is_positive)))


def test_the_given_mask_is_shown_until_the_first_click() -> None:
    rgb, mask = blobs(5)
    session = ClickSession(PhotoLevels(rgb), ColourClick(), initial=mask)
    assert (session.mask == mask).all()
    result_of(session.click(3.5, 3.5))
    session.undo()
    assert (session.mask == mask).all()


@pytest.mark.parametrize("side", [0, 3])
def test_what_is_kept_of_the_first_mask_is_as_small_as_the_object(side: int) -> None:
    initial = np.zeros((80, 100), np.bool_)
    initial[40 : 40 + side, 50 : 50 + side] = True
    session, _ = session_on_blobs(initial=initial)
    start = session._timeline.start.mask
    assert start.base is None or start.base.size <= side * side
    assert start.size == side * side


def test_an_empty_mask_to_start_from_is_none_at_all() -> None:
    rgb, mask = blobs(5)
    from_empty = ClickSession(PhotoLevels(rgb), ColourClick(), initial=np.zeros_like(mask))
    from_none = ClickSession(PhotoLevels(rgb), ColourClick())
    for session in (from_empty, from_none):
        result_of(session.click(50.5, 40.5))
    assert (from_empty.mask == from_none.mask).all()


def test_excluding_clicks_alone_select_nothing() -> None:
    session, _ = session_on_blobs(2)
    result_of(session.click(50.5, 40.5, is_positive=False))
    assert not session.mask.any()


@pytest.mark.parametrize("has_mask", [False, True])
def test_clicks_help(has_mask: bool) -> None:
    """The robot's clicks make masks better on average, and no single one much worse."""
    curves = []
    for seed in range(50):
        rgb, truth = blobs(seed)
        start = np.roll(truth, 12, axis=1) if has_mask else None
        session = ClickSession(PhotoLevels(rgb), ColourClick(crop_px=192), initial=start)
        overlaps = [iou(session.mask, truth)]
        for _ in range(10):
            if overlaps[-1] >= 0.9:  # as the protocol: good enough is left alone
                overlaps.append(overlaps[-1])
                continue
            clicked = [(click.row, click.col) for click in session.clicks]
            wanted = next_click(truth, session.mask, clicked=clicked)
            if wanted is not None:
                result_of(session.click(wanted.col + 0.5, wanted.row + 0.5, is_positive=wanted.is_positive))
            overlaps.append(iou(session.mask, truth))
        curves.append(overlaps)
    means = np.mean(curves, axis=0)
    assert (np.diff(means) >= -0.002).all()
    assert means[-1] > means[0] + 0.1
    if has_mask:
        assert np.diff(curves, axis=1).min() > -0.05


def test_a_network_that_gives_no_numbers_leaves_the_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    session, _ = session_on_blobs(1)
    result_of(session.click(50.5, 40.5))
    before = _snapshot(session)
    broken = toy_segmenter(0)
    monkeypatch.setattr(broken._network.head.logit, "bias", torch.nn.Parameter(torch.full((1,), torch.nan)))
    monkeypatch.setattr(session._answering, "_segmenter", broken)
    session._answering._embeddings.clear()
    with pytest.raises(EngineError, match="the mask is unchanged"):
        result_of(session.click(20.5, 20.5))
    assert _snapshot(session) == before


def test_confidence_is_how_stable_the_mask_is() -> None:
    logits = np.array([[-2, -0.5, 0.3], [0.8, 1.5, 3], [0.02, -0.02, -4]], np.float32)
    assert _stability(logits) == pytest.approx(2 / 7)
    assert _stability(np.full((3, 3), -9, np.float32)) == 1.0


def test_previews_leave_no_trace() -> None:
    session, _ = session_on_blobs(1)
    result_of(session.click(50.5, 40.5))
    before = _snapshot(session)
    rng = np.random.default_rng(0)
    for _ in range(50):
        steps = session.preview(float(rng.uniform(-5, 105)), float(rng.uniform(-5, 85)))
        shown = value_of(steps)
        assert shown is None or shown[1].shape == shown[0].size_hw
    assert _snapshot(session) == before
    report = result_of(session.click(20.5, 20.5, is_positive=False))
    other, _ = session_on_blobs(1)
    result_of(other.click(50.5, 40.5))
    assert result_of(other.click(20.5, 20.5, is_positive=False)) == report
    assert (other.mask == session.mask).all()


def test_a_command_that_is_left_half_way_changes_nothing() -> None:
    session, _ = session_on_blobs(1)
    result_of(session.click(50.5, 40.5))
    before = _snapshot(session)
    steps = session.click(20.5, 20.5, is_positive=False)
    next(steps)
    steps.close()
    assert _snapshot(session) == before


def test_boxes_and_scribbles_are_prompts() -> None:
    rgb, _ = blobs(1)
    session = ClickSession(PhotoLevels(rgb), SEGMENTERS[0])
    result_of(session.add_prompt(BoxPrompt(Box(20, 20, 60, 60))))
    result_of(session.add_prompt(BoxPrompt(Box(25, 25, 60, 60))))
    result_of(session.add_prompt(Stroke(((30.0, 30.0, 1.0), (40.0, 44.0, 1.0)), radius_px=3.0)))
    assert len(session.state.prompts) == 2
    assert session.mask[30, 30]
    assert session.mask[44, 40]
    result_of(
        session.add_prompt(Stroke(((32.0, 38.0, 1.0), (44.0, 38.0, 1.0)), radius_px=3.0, is_adding=False))
    )
    assert not session.mask[38, 33]
    assert not session.mask[38, 43]
    while session.can_undo:
        session.undo()
    assert not session.mask.any()


@pytest.mark.parametrize("mode", ["none", "a", "b", "c", "distmap", "rgb"])
def test_every_mode_in_a_session(mode: str) -> None:
    rgb, _ = blobs(1)
    chosen = ClickSettings(mode=mode, evaluations=3)  # type: ignore[arg-type]
    session = ClickSession(PhotoLevels(rgb), SEGMENTERS[1], settings=chosen)
    for x, y, is_positive in ((50.5, 40.5, True), (10.5, 10.5, False), (52.5, 70.5, True)):
        assert_obeyed(session, result_of(session.click(x, y, is_positive=is_positive)))


@pytest.mark.parametrize("what", ["move", "remove"])
def test_a_click_that_is_not_there_can_be_neither_moved_nor_removed(what: str) -> None:
    session, _ = session_on_blobs()
    result_of(session.click(50.5, 40.5))
    result_of(session.click(5.5, 5.5, is_positive=False))
    gone = session.clicks[-1].id
    session.undo()
    report = result_of(session.remove(gone) if what == "remove" else session.move(gone, 9.5, 9.5))
    assert report.was_refused
    assert session.can_redo


class _Blind(ColourClick):
    """Finds nothing, whatever is asked."""

    def answer_steps(
        self, embedding: Embedding, question: ClickQuestion
    ) -> Generator[None, None, ClickAnswer]:
        yield
        logits = np.full(question.previous.shape, -6.0, np.float32)
        return ClickAnswer(logits, logits, np.ones((1, 1, 1), np.float32))


def test_where_the_network_finds_nothing_a_sentence_says_so() -> None:
    rgb, truth = blobs(1)
    session = ClickSession(PhotoLevels(rgb), _Blind())
    report = result_of(session.click(50.5, 40.5))
    assert session.mask[40, 50]
    assert session.mask.sum() < 300
    assert "found nothing here" in report.message
    found, _ = session_on_blobs(1)
    assert result_of(found.click(50.5, 40.5)).message == ""
    corrected = ClickSession(PhotoLevels(rgb), _Blind(), initial=truth)
    assert result_of(corrected.click(3.5, 3.5)).message == ""
