"""One request, one whole answer: what the command line and the Python functions wait for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from meticulous_gui.core.errors import EngineError, WeightsError
from meticulous_gui.core.geometry import Box
from meticulous_gui.engine.catalog import Catalog
from meticulous_gui.engine.jobs import Progress
from meticulous_gui.engine.oneshot import find_object, refine_alpha, start_runner
from meticulous_gui.engine.roles import Refiner
from meticulous_gui.engine.runner import Runner
from tests.engine.stubs import StubNetworks, disc_logits, disc_photo

SIZE = (300, 260)


def test_the_answer_is_whole_and_says_what_was_done(runner: Runner) -> None:
    told: list[Progress] = []
    answer = find_object(runner, disc_photo(SIZE), on_progress=told.append)
    truth = disc_logits(SIZE) >= 0
    assert ((answer.alpha >= 128) == truth).mean() > 0.99
    assert answer.report.device == "stub device"
    assert told[-1].done == told[-1].total == sum(answer.report.n_patches) > 0


def test_the_photo_is_forgotten_after_each_answer(runner: Runner) -> None:
    alpha = np.where(disc_logits(SIZE) >= 0, 255, 0).astype(np.uint8)
    find_object(runner, disc_photo(SIZE), refine=False)
    refine_alpha(runner, disc_photo(SIZE), alpha, box=Box(50, 50, 150, 150))
    assert not runner._photos


def test_work_that_is_cancelled_from_elsewhere_is_an_error(runner: Runner) -> None:
    def cancel_all(_progress: Progress) -> None:
        for job_id in list(runner._jobs):
            runner.cancel(job_id)

    with pytest.raises(EngineError, match="cancelled before it was done"):
        find_object(runner, disc_photo(SIZE), on_progress=cancel_all)


def test_a_device_or_a_file_that_is_not_there_is_said_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(EngineError, match="The device cuda is not available here"):
        start_runner(device="cuda")
    with pytest.raises(WeightsError, match=r"none\.safetensors does not exist"):
        start_runner(weights=[tmp_path / "none.safetensors"])


def test_the_number_of_threads_is_the_one_asked_for() -> None:
    before = torch.get_num_threads()
    try:
        start_runner(device="cpu", n_threads=before + 1).close()
        assert torch.get_num_threads() == before + 1
        start_runner(device="auto").close()
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("fades", [True, False])
def test_whether_changes_fade_reaches_the_refiner(fades: bool) -> None:
    asked: list[bool] = []

    class Source(StubNetworks):
        def refiner(self, name: str, *, fades: bool = True) -> Refiner:
            asked.append(fades)
            return super().refiner(name)

    runner = Runner(Catalog(), networks=Source)
    alpha = np.where(disc_logits(SIZE) >= 0, 255, 0).astype(np.uint8)
    try:
        refine_alpha(runner, disc_photo(SIZE), alpha, fades=fades)
    finally:
        runner.close()
    assert asked == [fades]
