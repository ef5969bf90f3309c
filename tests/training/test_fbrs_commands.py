"""The commands of the click network, from the first step to the table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.training.toy_data import write_toy_data
from training.common.checkpoint import load_state
from training.fbrs import train

OPTIONS = json.dumps({"encoder": "mobilenet_v2", "is_deep": False, "width": 8, "context": 8})
SHORT = ["--batch", "2", "--workers", "0", "--validations", "1", "--threads", "1"]


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_toy_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def run(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fbrs")
    words = ["--data", str(data), "--out", str(folder), "--size", "64", "--options", OPTIONS]
    sets = ["--sets", "duts:1", "--validation-sets", "duts", "--test-size", "64", "--n-validation", "2"]
    train.main([*words, *SHORT, *sets, "--steps", "3"])
    return folder


def test_training_leaves_a_checkpoint_and_figures(run: Path) -> None:
    assert load_state(run / "last.safetensors")["step"] == 3
    assert load_state(run / "last.safetensors")["network"]["architecture"] == "fbrs"
    assert (run / "pictures").is_dir()
    assert "obeyed" in (run / "metrics.csv").read_text(encoding="utf-8")
