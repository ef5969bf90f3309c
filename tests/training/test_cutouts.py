"""One table of the default cut-out over pictures of every kind."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.training.toy_data import write_toy_data
from training.common import cutouts
from training.common.evaluate import Scores
from training.common.large import square_sides
from training.common.shards import Pair


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_data(tmp_path_factory.mktemp("data"), n_train=1, n_val=2)


@pytest.mark.parametrize("kind", list(cutouts.KINDS))
def test_every_kind_has_held_out_pictures_that_are_the_same_every_time(data: Path, kind: str) -> None:
    pairs = cutouts.KINDS[kind].open([data], "val")
    first, again = pairs[0], pairs[0]
    assert first.key == again.key
    assert np.array_equal(first.rgb, again.rgb)
    assert np.array_equal(first.alpha, again.alpha)
    assert first.rgb.shape == (*first.alpha.shape, 3)
    assert first.alpha.max() == 255


def test_large_pictures_are_large() -> None:
    sides_px = square_sides(24, (2.5, 13.0))
    assert sides_px == sorted(sides_px)
    assert 2.5e6 < sides_px[0] ** 2 < 2.8e6
    assert 12e6 < sides_px[-1] ** 2 < 13e6


def test_the_table_and_the_sheets_hold_the_chosen_kind(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data", str(data), "--kinds", "people", "--limit", "1"]
    files = ["--json", str(tmp_path / "found.json"), "--sheet", str(tmp_path / "sheet.png")]
    found = cutouts.main([*words, *files])
    assert list(found) == ["people"]
    assert all(0 <= row["cut-out mean_iou"] <= 1 and row["pictures"] == 1 for row in found.values())
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8")) == found
    assert {path.name for path in tmp_path.glob("*.png")} == {"sheet_people.png"}
    assert "| people |" in capsys.readouterr().out


def test_a_perfect_cut_out_scores_one() -> None:
    alpha = np.zeros((64, 64), np.uint8)
    alpha[16:48, 16:48] = 255
    pair = Pair("square", np.repeat(alpha[..., None], 3, axis=2), alpha)
    row = cutouts.Row(Scores("MOS_L"), Scores("cut-out"))
    for scores, seconds in ((row.coarse, row.coarse_s), (row.whole, row.whole_s)):
        scores.add(pair.key, alpha.astype(np.float32) / np.float32(255), alpha)
        seconds.append(0.5)
    found = row.summary()
    assert found["MOS_L mean_iou"] == found["cut-out mba"] == 1.0
    assert found["cut-out seconds"] == 0.5
    assert "1.000 / 1.000" in cutouts.as_text({"people": found})
