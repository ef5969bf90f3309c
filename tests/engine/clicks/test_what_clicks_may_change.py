"""What a click may change: what it is about, of the object it is on, and nothing else."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meticulous_gui.core.prompts import Stroke
from meticulous_gui.engine.clicks.commands import ClickSettings
from meticulous_gui.engine.clicks.session import ClickSession
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import ClickAnswer, ClickQuestion, Embedding
from meticulous_gui.engine.steps import result_of
from tests.engine.clicks.toy import SEGMENTERS, blobs, random_click, session_on_blobs, value_of
from tests.engine.stubs import ColourClick


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 100_000))
def test_a_click_on_an_existing_mask_changes_only_what_it_is_about(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rgb, truth = blobs(seed)
    given_mask = np.roll(truth, (int(rng.integers(-9, 10)), int(rng.integers(-9, 10))), (0, 1))
    session = ClickSession(PhotoLevels(rgb), SEGMENTERS[seed % 3], initial=given_mask)
    before = session.mask.copy()
    x, y, is_positive = float(rng.uniform(0, 100)), float(rng.uniform(0, 80)), bool(rng.integers(2))
    report = result_of(session.click(x, y, is_positive=is_positive))
    changed = session.mask != before
    assert (session.mask[changed] == is_positive).all()
    rows, cols = np.nonzero(changed)
    box = report.box
    assert ((rows >= box.y0) & (rows < box.y1) & (cols >= box.x0) & (cols < box.x1)).all()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 100_000))
def test_locked_pixels_never_change(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rgb, _ = blobs(seed)
    locked = np.zeros((80, 100), np.bool_)
    locked[10:50, int(rng.integers(10, 50)) :] = True
    decided = np.zeros((80, 100), np.bool_)
    decided[60:70, 20:40] = True
    initial = rng.random((80, 100)) < 0.3
    session = ClickSession(
        PhotoLevels(rgb), SEGMENTERS[seed % 3], initial=initial, locked=locked, decided=decided
    )
    for _ in range(5):
        random_click(session, rng)
    assert (session.mask == initial)[locked].all()
    on_clicks = np.zeros((80, 100), np.bool_)
    for click in session.clicks:
        on_clicks[click.row, click.col] = True
    assert (session.mask == initial)[decided & ~on_clicks].all()


def test_what_lies_beyond_the_crop_stays() -> None:
    """Two parts far apart: a click in one changes neither the other nor anything between."""
    rgb, _ = blobs(3, (300, 400))
    initial = np.zeros((300, 400), np.bool_)
    initial[20:60, 20:60] = initial[220:280, 300:380] = True
    for network in SEGMENTERS.values():
        session = ClickSession(PhotoLevels(rgb), network, initial=initial, settings=ClickSettings(zoom=True))
        result_of(session.click(25.5, 25.5, is_positive=False))
        assert (session.mask == initial)[:, 200:].all()
        result_of(session.click(310.5, 230.5, is_positive=True))
        assert session.mask[220:280, 300:380].all()


def test_to_exclude_first_lets_the_next_click_look_at_all_of_the_photo() -> None:
    """With nothing selected nobody knows how large the object is: a crop around the click cuts it off."""
    rgb = np.full((400, 500, 3), (30, 40, 160), np.uint8)
    rgb[50:350, 100:420] = (200, 30, 30)
    masks = []
    for has_speck in (False, True):
        initial = np.zeros((400, 500), np.bool_)
        initial[10:12, 460:462] = has_speck
        session = ClickSession(PhotoLevels(rgb), ColourClick(), initial=initial)
        result_of(session.click(461.0, 11.0, is_positive=False))
        assert not session.mask.any()
        assert value_of(session.preview(250.5, 200.5))[1].mean() > 0.9  # type: ignore[index]
        result_of(session.click(250.5, 200.5))
        masks.append(session.mask)
        assert session.mask[60:340, 110:410].mean() > 0.95
    assert (masks[0] == masks[1]).all()


def test_an_excluding_click_never_adds_where_all_is_taken_away() -> None:
    rgb, _ = blobs(1)
    for network in SEGMENTERS.values():
        initial = np.zeros((80, 100), np.bool_)
        initial[5:8, 5:8] = True
        session = ClickSession(PhotoLevels(rgb), network, initial=initial)
        for x, y in ((6.5, 6.5), (5.5, 5.5), (7.5, 7.5), (60.5, 40.5)):
            result_of(session.click(x, y, is_positive=False))
            assert not (session.mask & ~initial).any()


def test_a_scribble_on_a_mask_changes_only_what_it_is_about() -> None:
    rgb, truth = blobs(1)
    for network in SEGMENTERS.values():
        for is_adding in (True, False):
            session = ClickSession(
                PhotoLevels(rgb), network, initial=truth, settings=ClickSettings(changes="local")
            )
            stroke = Stroke(((10.0, 10.0, 1.0), (20.0, 14.0, 1.0)), radius_px=3.0, is_adding=is_adding)
            result_of(session.add_prompt(stroke))
            assert session.mask[10, 10] == is_adding
            assert (session.mask[session.mask != truth] == is_adding).all()


def test_a_click_on_what_was_drawn_by_hand_says_why_so_little_changes() -> None:
    decided = np.zeros((80, 100), np.bool_)
    decided[30:50, 40:60] = True
    session, _ = session_on_blobs(1, decided=decided)
    report = result_of(session.click(50.5, 40.5))
    assert session.mask[40, 50]
    assert np.count_nonzero(session.mask & decided) == 1
    assert "set by hand" in report.message
    assert result_of(session.click(20.5, 20.5)).message == ""


class _Nearby(ColourClick):
    """Finds all of a colour that a crop shows, and no more: what lies beyond the crop it cannot know."""

    def answer_steps(
        self, embedding: Embedding, question: ClickQuestion
    ) -> Generator[None, None, ClickAnswer]:
        yield
        logits = np.where(embedding.data[0][..., 0] > 0.6, np.float32(6), np.float32(-6))
        return ClickAnswer(logits, logits, np.ones((1, 1, 1), np.float32))


@pytest.mark.parametrize("has_speck", [False, True])
def test_an_object_that_runs_out_of_the_crop_is_not_cut_off(has_speck: bool) -> None:
    """A click beside a small mask shows a part of a long thing: no straight edge stays where a crop ends."""
    rgb = np.full((300, 600, 3), (30, 40, 160), np.uint8)
    rgb[130:170, 100:500] = (200, 30, 30)
    initial = np.zeros((300, 600), np.bool_)
    initial[140:160, 290:310] = has_speck
    session = ClickSession(PhotoLevels(rgb), _Nearby(crop_px=192), initial=initial)
    result_of(session.click(280.5, 150.5))
    inside = np.zeros((300, 600), np.bool_)
    inside[136:164, 106:494] = True
    assert session.mask[inside].mean() > 0.99
