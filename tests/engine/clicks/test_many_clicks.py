"""Two hundred clicks on one object: no click is compared with each of the others one by one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from types import FrameType

import numpy as np
import pytest

from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.clicks.answer import Answering, Outcome
from meticulous_gui.engine.clicks.crop import whole_crop
from meticulous_gui.engine.clicks.piece import piece_of
from meticulous_gui.engine.clicks.state import PlacedClick, State
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import ClickAnswer, ClickQuestion, Embedding
from meticulous_gui.engine.types import Logits, RgbImage
from tests.engine.clicks.toy import blobs

N_CLICKS = 50, 100, 200


class Unmoved:
    """A click network that says what it is told, so that all that counts clicks is the session's own work."""

    crop_px = 64
    pad_rgb = (128, 128, 128)

    def encode(self, crop: RgbImage) -> Embedding:
        return Embedding("unmoved", (np.ones((crop.shape[0] // 4, crop.shape[1] // 4, 1), np.float32),))

    def answer_steps(
        self, embedding: Embedding, question: ClickQuestion
    ) -> Generator[None, None, ClickAnswer]:
        yield
        logits: Logits = question.previous.astype(np.float32) / np.float32(32) - np.float32(4)
        return ClickAnswer(logits, logits, embedding.data[0])


def calls_of(act: Callable[[], object]) -> int:
    """Return how many functions are called, ours and those of libraries."""
    n_calls = 0

    def count(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal n_calls
        n_calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return n_calls


@pytest.mark.parametrize("is_honest", [True, False], ids=["where the mask is right", "anywhere, of any sign"])
def test_clicks_are_twice_the_work_when_there_are_twice_as_many(is_honest: bool) -> None:
    rgb, truth = blobs(4)
    rng = np.random.default_rng(0)
    crop, photo = whole_crop(truth.shape, size_px=64), PhotoLevels(rgb)
    places = rng.permutation(truth.size)[: max(N_CLICKS)].tolist()
    clicks = []
    for n, place in enumerate(places):
        row, col = divmod(place, truth.shape[1])
        is_positive = bool(truth[row, col]) if is_honest else bool(rng.integers(2))
        clicks.append(PlacedClick(n, row, col, is_positive))
    calls = []
    for n_clicks in N_CLICKS:
        answering = Answering(photo, Unmoved(), True, None, None)
        state = State(clicks=tuple(clicks[:n_clicks]))
        found: list[Outcome] = []
        steps = answering.steps(state, crop, piece_of(truth), newest=n_clicks - 1)
        calls.append(calls_of(lambda: found.append(drained(steps))))  # noqa: B023
        mask = found[0].piece.at(Box.whole(truth.shape))
        assert all(mask[click.row, click.col] == click.is_positive for click in state.clicks)
    first, second = np.diff(calls)
    assert second < 1.25 * first * (N_CLICKS[2] - N_CLICKS[1]) / (N_CLICKS[1] - N_CLICKS[0]), calls


def drained(steps: Generator[None, None, Outcome]) -> Outcome:
    """Return the outcome at the end of the work."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            outcome: Outcome = stop.value
            return outcome
