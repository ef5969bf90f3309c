from __future__ import annotations

import csv
import fcntl
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.metrics import iou
from meticulous_gui.core.types import Logits, RgbImage
from meticulous_gui.engine.models import build
from tests.training.shapes import disc_or_star
from training.common import record
from training.common.augment import coarse_sample, generator, pixel_weight
from training.common.checkpoint import load_state, load_tensors, save_checkpoint
from training.common.config import RunConfig
from training.common.feed import Feed, Sample, to_unit
from training.common.loop import BEST, LAST, train
from training.common.losses import mos_loss
from training.common.networks import network_of
from training.common.perturb import InputShares, coarse_input, logits_of, shrink_and_enlarge
from training.common.schedule import AverageOfWeights

SMALL = {
    "encoder": "mobilenet_v2",
    "is_deep": False,
    "width8": 16,
    "width4": 16,
    "width2": 8,
    "point_hidden": 8,
}


class _ShapeTask:
    """MOS_L or MOS_H on shapes; ``is_fixed`` shows the same batch at every step."""

    score_names = ("score",)

    def __init__(self, *, has_prior: bool = False, is_fixed: bool = False) -> None:
        self._has_prior, self._is_fixed = has_prior, is_fixed
        self.losses: list[float] = []

    def sample(self, step: int, index: int, side_px: int) -> Sample:
        rng = generator(0, 0 if self._is_fixed else step, index)
        rgb, alpha = disc_or_star(index if self._is_fixed else int(rng.integers(1000)), side_px=side_px)
        if not self._has_prior:
            if self._is_fixed:
                return {"image": rgb, "target": alpha, "weight": pixel_weight(alpha, alpha >= 0)}
            return dict(coarse_sample(rgb, alpha, rng, side_px=side_px))
        prior = coarse_input(alpha, rng, InputShares(), predicted=None)
        return {"image": rgb, "prior": prior, "target": alpha, "weight": pixel_weight(alpha, alpha >= 0)}

    def loss(self, network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        device = torch.device("cpu")
        inputs = [to_unit(batch["image"], device)]
        if self._has_prior:
            inputs.append(batch["prior"].unsqueeze(1))
        weight = batch["weight"].unsqueeze(1).float()
        loss, parts = mos_loss(network(*inputs), to_unit(batch["target"], device), weight)
        self.losses.append(float(loss.detach()))
        return loss, parts

    def validate(self, network: nn.Module) -> dict[str, float]:
        assert not network.training
        return {"score": sum(float(p.detach().abs().sum()) for p in network.parameters())}

    def picture(self, network: nn.Module) -> RgbImage:
        return np.zeros((4, 4, 3), np.uint8)


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


def _config(folder: Path, **changes: object) -> RunConfig:
    config = RunConfig(out=str(folder), steps=8, batch=2, sizes="64", n_validations=2, workers=0)
    return replace(config, **changes)  # type: ignore[arg-type]


def _network(architecture: str = "mos_l") -> nn.Module:
    torch.manual_seed(0)
    return build(architecture, dict(SMALL))


@pytest.mark.parametrize(("architecture", "stop"), [("mos_l", 3), ("mos_h", 5)])
def test_an_interrupted_run_equals_an_uninterrupted_one_bit_for_bit(
    tmp_path: Path, architecture: str, stop: int
) -> None:
    has_prior = architecture == "mos_h"
    whole = _config(tmp_path / "whole", sizes="64,96@0.5")
    train(_network(architecture), _ShapeTask(has_prior=has_prior), whole)
    parts = _config(tmp_path / "parts", sizes="64,96@0.5", workers=1)
    train(_network(architecture), _ShapeTask(has_prior=has_prior), replace(parts, stop_after_step=stop))
    assert load_state(tmp_path / "parts" / LAST)["step"] == stop
    torch.manual_seed(99)  # a new process starts with other random numbers
    other = build(architecture, dict(SMALL))
    train(other, _ShapeTask(has_prior=has_prior), parts, is_resuming=True)
    for prefix in ("network", "average", "optimiser"):
        expected = load_tensors(tmp_path / "whole" / LAST, prefix)
        found = load_tensors(tmp_path / "parts" / LAST, prefix)
        assert expected.keys() == found.keys()
        for name, value in expected.items():
            assert torch.equal(value, found[name]), f"{prefix}.{name}"


@pytest.mark.parametrize("architecture", ["mos_l", "mos_h"])
def test_a_smoke_run_overfits_one_fixed_batch(tmp_path: Path, architecture: str) -> None:
    task = _ShapeTask(has_prior=architecture == "mos_h", is_fixed=True)
    config = _config(tmp_path, steps=32, n_validations=1, learning_rate=1e-2, encoder_rate=1e-2)
    train(_network(architecture), task, config)
    assert np.mean(task.losses[-5:]) <= 0.7 * np.mean(task.losses[:2])


@pytest.mark.slow
def test_after_a_smoke_training_the_refiner_leaves_true_masks_alone_and_mends_shrunk_ones(
    tmp_path: Path,
) -> None:
    task = _ShapeTask(has_prior=True)
    network = _network("mos_h")
    config = _config(tmp_path, steps=300, batch=4, n_validations=1, learning_rate=3e-3, encoder_rate=3e-3)
    train(network, task, config)
    trained = _with_averages(network, tmp_path)
    gains = []
    for seed in range(2000, 2024):
        rgb, alpha = disc_or_star(seed, side_px=64)
        truth = alpha >= 128
        kept = _refined(trained, rgb, logits_of(truth.astype(np.float32))) >= 0
        assert iou(kept, truth) >= 0.98
        shrunk = logits_of(shrink_and_enlarge(truth.astype(np.float32), 4))
        gains.append(iou(_refined(trained, rgb, shrunk) >= 0, truth) - iou(shrunk >= 0, truth))
    assert np.mean(gains) >= 0


def _with_averages(network: nn.Module, run: Path) -> nn.Module:
    """Return ``network`` with the averaged weights of the run's end, in evaluation mode."""
    network.load_state_dict(load_tensors(run / LAST, "average"), strict=False)
    return network.eval()


def _refined(network: nn.Module, rgb: RgbImage, prior: Logits) -> Logits:
    with torch.no_grad():
        x = to_unit(torch.from_numpy(rgb[None]), torch.device("cpu"))
        logits: Logits = network(x, torch.from_numpy(prior[None, None])).logits[0, 0].numpy()
    return logits


def test_a_run_leaves_its_records_behind(tmp_path: Path) -> None:
    facts = {"architecture": "mos_l", "options": SMALL}
    train(_network(), _ShapeTask(), _config(tmp_path), facts=facts)
    assert {path.name for path in tmp_path.iterdir()} >= {
        "config.json",
        "metrics.csv",
        "pictures",
        BEST,
        LAST,
    }
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert config["config"]["steps"] == 8
    assert config["torch"] == torch.__version__
    with (tmp_path / "metrics.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["step"] for row in rows if row["score"]] == ["4", "8"]
    network, known = network_of(tmp_path)
    assert not network.training
    assert known["options"] == SMALL
    averages = load_tensors(tmp_path / BEST, "average")
    assert torch.equal(network.state_dict()["point.last.weight"], averages["point.last.weight"])


def test_a_checkpoint_is_synced_as_a_file_that_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes: list[int] = []

    def note(file: BinaryIO) -> None:
        modes.append(fcntl.fcntl(file, fcntl.F_GETFL) & os.O_ACCMODE)

    monkeypatch.setattr(os, "fsync", note)
    network = nn.Linear(2, 1)
    optimiser = torch.optim.AdamW(network.parameters())
    average = AverageOfWeights(network)
    save_checkpoint(tmp_path / LAST, network=network, average=average, optimiser=optimiser, state={"step": 3})
    assert modes == [os.O_RDWR], "Windows syncs no other"
    assert load_state(tmp_path / LAST) == {"step": 3}


def test_the_average_lies_between_start_and_end(tmp_path: Path) -> None:
    network = _network()
    start = network.state_dict()["stem.0.weight"].clone()
    train(network, _ShapeTask(), _config(tmp_path))
    end = network.state_dict()["stem.0.weight"]
    average = load_tensors(tmp_path / LAST, "average")["stem.0.weight"]
    assert not torch.equal(average, start)
    assert float((average - end).norm()) < float((start - end).norm())


def test_records_that_a_power_cut_left_half_written_do_not_stop_a_run_from_being_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record.MetricsLog(tmp_path, ("score",), first_step=0).add(step=3, loss=0.5)
    table = tmp_path / record.CSV_NAME
    table.write_bytes(table.read_bytes() + b"\0\0\0")  # what a disk holds of a row that never got there
    record.MetricsLog(tmp_path, ("score",), first_step=5).add(step=6, loss=0.4)
    with table.open(newline="", encoding="utf-8") as stream:
        assert [row["step"] for row in csv.DictReader(stream)] == ["3", "6"]
    record.write_config(tmp_path, {"seed": 1})
    synced: list[bytes] = []
    really_sync = os.fsync

    def note(descriptor: int) -> None:
        synced.append((tmp_path / "config.json").read_bytes())
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    record.write_config(tmp_path, {"seed": 2}, is_resuming=True)
    assert json.loads(synced[0])["config"] == {"seed": 1}, "the old one is there until the new one is whole"
    assert len(json.loads((tmp_path / "config.json").read_bytes())["earlier"]) == 1


def test_a_run_by_the_clock_ends_and_can_be_resumed(tmp_path: Path) -> None:
    config = _config(tmp_path, steps=None, minutes=0.02)
    train(_network(), _ShapeTask(), config)
    state = load_state(tmp_path / LAST)
    assert state["elapsed_s"] >= 1.2
    train(_network(), _ShapeTask(), config, is_resuming=True)
    assert load_state(tmp_path / LAST)["step"] == state["step"]


def test_a_run_needs_exactly_one_length(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="either minutes or steps"):
        train(_network(), _ShapeTask(), _config(tmp_path, minutes=1.0))


def test_a_run_is_not_replaced_nor_resumed_with_another_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = _config(tmp_path, steps=2)
    train(_network(), _ShapeTask(), config, is_resuming=True)
    assert f"{tmp_path} holds no run yet; it begins." in capsys.readouterr().out
    before = (tmp_path / LAST).read_bytes()
    with pytest.raises(UsageError, match="holds a run: --resume goes on with it"):
        train(_network(), _ShapeTask(), config)
    with pytest.raises(UsageError, match="is damaged or of a network with other options"):
        train(_network("mos_h"), _ShapeTask(has_prior=True), config, is_resuming=True)
    assert (tmp_path / LAST).read_bytes() == before


def test_batches_that_overflow_are_left_out_and_a_diverged_run_stops(tmp_path: Path) -> None:
    class Broken(_ShapeTask):
        def loss(self, network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
            loss, parts = super().loss(network, batch)
            return loss * float("nan"), parts

    network = _network()
    before = network.state_dict()["stem.0.weight"].clone()
    with pytest.raises(FloatingPointError, match="20 steps in a row"):
        train(network, Broken(), _config(tmp_path, steps=30, n_validations=1))
    assert torch.equal(network.state_dict()["stem.0.weight"], before)


def test_threads_give_the_same_batches_in_the_same_order() -> None:
    def make(step: int, index: int, side_px: int) -> Sample:
        return {"values": np.array([step, index, side_px])}

    batches = []
    for n_threads in (0, 2):
        with Feed(
            make, first_step=4, indices=range(3), side_of=lambda step: 32 * step, n_threads=n_threads
        ) as feed:
            batches.append([feed.next_batch() for _ in range(5)])
    for (side, batch), (other_side, other) in zip(*batches, strict=True):
        assert side == other_side
        assert torch.equal(batch["values"], other["values"])
    assert batches[0][0][1]["values"].tolist() == [[4, 0, 128], [4, 1, 128], [4, 2, 128]]
