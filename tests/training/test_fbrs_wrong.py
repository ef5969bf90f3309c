"""Wrong masks to correct: wrong by as much as promised, in the promised way, the same at every run."""

from __future__ import annotations

from collections.abc import Generator
from typing import cast

import numpy as np
import pytest

from meticulous_gui.core.metrics import iou
from meticulous_gui.core.types import Mask
from meticulous_gui.engine.ladder import PhotoLevels
from meticulous_gui.engine.roles import Prediction, Segmenter
from tests.engine.clicks.toy import blobs
from training.fbrs import wrong
from training.fbrs.wrong import WRONG_ENOUGH, WrongKind, wrong_mask

KEYS = [f"duts_{n}" for n in range(8)]


def _thing(seed: int) -> tuple[PhotoLevels, Mask]:
    rgb, truth = blobs(seed, (120, 160))
    return PhotoLevels(rgb), truth


@pytest.mark.parametrize("kind", ["pieces", "edges"])
def test_they_are_as_wrong_as_promised_and_the_same_again(kind: WrongKind) -> None:
    for seed, key in enumerate(KEYS):
        photo, truth = _thing(seed)
        found = wrong_mask(kind, key, truth, photo, None)
        assert found is not None
        assert WRONG_ENOUGH[0] <= iou(found, truth) <= WRONG_ENOUGH[1]
        again = wrong_mask(kind, key, truth, photo, None)
        assert again is not None
        assert np.array_equal(again, found)


def test_where_pieces_are_wrong_the_rest_of_the_edge_is_right() -> None:
    def right_edge(kind: WrongKind) -> float:
        shares = []
        for seed, key in enumerate(KEYS):
            photo, truth = _thing(seed)
            found = wrong_mask(kind, key, truth, photo, None)
            assert found is not None
            before, after = (mask[1:] ^ mask[:-1] for mask in (truth, found))
            shares.append((before & after).sum() / before.sum())
        return float(np.mean(shares))

    assert right_edge("pieces") > 2 * right_edge("edges")


@pytest.mark.parametrize(("share_found", "is_given"), [(0.2, False), (0.7, True), (1.0, False)])
def test_what_the_cut_out_found_counts_where_it_is_wrong(
    share_found: float, is_given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    truth = np.zeros((40, 60), np.bool_)
    truth[10:30, 10:50] = True

    def found(_photo: PhotoLevels, _finder: Segmenter) -> Generator[None, None, Prediction]:
        logits = np.full((40, 60), -3.0, np.float32)
        logits[10:30, 10 : 10 + int(share_found * 40)] = 3.0
        yield
        return Prediction(logits)

    monkeypatch.setattr(wrong, "object_found", found)
    photo = PhotoLevels(np.zeros((40, 60, 3), np.uint8))
    given = wrong_mask("found", "key", truth, photo, cast(Segmenter, object()))
    assert (given is not None) == is_given
    assert wrong_mask("found", "key", truth, photo, None) is None
