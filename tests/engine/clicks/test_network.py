"""The click network in its role."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from meticulous_gui.core.prompts import Click
from meticulous_gui.engine.roles import ClickAnswer, ClickQuestion
from meticulous_gui.engine.steps import result_of
from tests.engine.clicks.toy import toy_segmenter

SIDE_PX = 96


def _answer(rgb: np.ndarray, question: ClickQuestion) -> ClickAnswer:
    segmenter = toy_segmenter(crop_px=SIDE_PX)
    return result_of(segmenter.answer_steps(segmenter.encode(rgb), question))


def test_a_mirrored_photo_gets_a_mirrored_answer() -> None:
    rng = np.random.default_rng(3)
    rgb = rng.integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8)
    previous = rng.integers(0, 256, (SIDE_PX, SIDE_PX), np.uint8)
    clicks = (Click(20.5, 30.5), Click(70.25, 60.5, is_positive=False))
    mirrored = tuple(replace(click, x=SIDE_PX - click.x) for click in clicks)
    question = ClickQuestion(clicks, previous, mode="none")
    other = replace(question, prompts=mirrored, previous=np.ascontiguousarray(previous[:, ::-1]))
    found = _answer(rgb, question).first
    assert np.ptp(found) > 0
    np.testing.assert_allclose(_answer(rgb[:, ::-1], other).first[:, ::-1], found, atol=1e-3)
