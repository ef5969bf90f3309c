from __future__ import annotations

import mmap
from pathlib import Path

import cv2
import numpy as np
import pytest

from meticulous_gui.core.metrics import iou
from training.common import benchmark
from training.common.baselines import grabcut_in_band, guided_filter
from training.common.large import LargeScenes
from training.common.memory import peak_mb_of
from training.common.shards import Pair, PairSet, open_set


def _disc(side_px: int = 160) -> Pair:
    """Return a bright disc on a dark ground, with a little noise."""
    rows, cols = np.mgrid[:side_px, :side_px] + 0.5
    inside = np.hypot(rows - side_px / 2, cols - side_px / 2) < side_px * 0.3
    rng = np.random.default_rng(0)
    rgb = np.where(inside[..., None], (200, 150, 90), (30, 60, 50)) + rng.integers(-8, 9, (*inside.shape, 3))
    return Pair("disc", rgb.astype(np.uint8), inside.astype(np.uint8) * 255)


@pytest.mark.parametrize("refine", [guided_filter, grabcut_in_band])
def test_a_baseline_pulls_a_wrong_edge_to_the_photo(refine: benchmark.Refine) -> None:
    pair = _disc()
    wrong = np.roll(pair.alpha, 2, axis=1)
    after = refine(pair.rgb, wrong) >= 128
    assert iou(after, pair.alpha >= 128) > iou(wrong >= 128, pair.alpha >= 128) + 0.02


@pytest.mark.parametrize("value", [0, 255])
@pytest.mark.parametrize("refine", [guided_filter, grabcut_in_band])
def test_a_baseline_leaves_a_mask_without_an_edge(refine: benchmark.Refine, value: int) -> None:
    alpha = np.full((60, 60), value, np.uint8)
    assert np.array_equal(refine(_disc(60).rgb, alpha) >= 128, alpha >= 128)


def test_every_refiner_gets_the_same_wrong_masks() -> None:
    pair = _disc()
    first, second = benchmark.wrong_masks(pair), benchmark.wrong_masks(pair)
    assert len(first) == len(benchmark.IOU_BANDS) + len(benchmark.FACTORS)
    for kind, alpha in first.items():
        assert np.array_equal(alpha, second[kind])
    for low, high in benchmark.IOU_BANDS:
        found = iou(first[f"IoU {low:.2f}-{high:.2f}"] >= 128, pair.alpha >= 128)
        assert low - 0.03 <= found <= high + 0.03 or found == 1.0  # one in ten is left as it is


def test_the_table_holds_what_was_measured() -> None:
    pair = _disc()
    perfect = benchmark.run([pair], {"none": lambda _rgb, alpha: alpha, "oracle": lambda _r, _a: pair.alpha})
    for row in perfect.values():
        assert row["oracle"]["iou"] == row["oracle"]["mba"] == row["oracle"]["boundary_iou"] == 1.0
        assert row["oracle"]["harm"] == row["none"]["harm"] == 0.0
        assert row["none"]["iou"] < 1.0 or row["none"]["mba"] == 1.0
    assert benchmark.as_text(perfect).count("oracle") == len(perfect)


def test_no_more_pictures_are_decoded_than_asked_for() -> None:
    looked_at: list[int] = []

    class Pairs(list[Pair]):
        def __getitem__(self, index: int) -> Pair:  # type: ignore[override]
            looked_at.append(index)
            return super().__getitem__(index)

    benchmark.run(Pairs([_disc()] * 3), {"none": lambda _rgb, alpha: alpha}, limit=2)
    assert looked_at == [0, 1]


def test_a_refiner_without_a_name_is_refused_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        benchmark.main(["--data", "nowhere", "--refiner", "runs/crm"])
    assert "a refiner looks like NAME=RUN, got 'runs/crm'" in capsys.readouterr().err


def test_large_scenes_are_the_same_every_time_and_grow(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), np.full((60, 80, 3), 90, np.uint8))
    cv2.imwrite(str(tmp_path / "a.png"), np.full((60, 80), 0, np.uint8))
    split = next(s for s in ("train", "val", "test") if _holds(tmp_path, s))
    scenes = LargeScenes(open_set([tmp_path], tmp_path.name, split), 24)  # type: ignore[arg-type]
    first, again = scenes[0], scenes[0]
    assert np.array_equal(first.rgb, again.rgb)
    assert np.array_equal(first.alpha, again.alpha)
    assert 2.0e6 <= first.alpha.size < 2.4e6
    with pytest.raises(IndexError):
        scenes[24]


def _holds(folder: Path, split: str) -> bool:
    found: PairSet = open_set([folder], folder.name, split)  # type: ignore[arg-type]
    return len(found) > 0


def test_the_peak_of_memory_is_seen_after_it_was_given_back() -> None:
    # Straight from the system: numpy's may be memory that this process gave back to itself before.
    with peak_mb_of() as peak, mmap.mmap(-1, 80_000_000) as block:
        block.write(bytes(80_000_000))
    assert np.isnan(peak.mb) or 75 < peak.mb < 200
