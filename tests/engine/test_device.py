"""Devices: folding, precision, and the ladder when memory runs out."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from meticulous_gui.core.errors import EngineError
from meticulous_gui.engine import device as device_module
from meticulous_gui.engine.device import (
    MemoryLadder,
    OutOfMemoryError,
    Placed,
    choose_device,
    device_text,
    fold_norms,
    place,
)
from meticulous_gui.engine.models import build

CPU = torch.device("cpu")
OPTIONS = {"is_deep": False, "width8": 32, "width4": 24, "width2": 16, "point_hidden": 16}


def _double(network: nn.Module, x: Tensor) -> Tensor:
    return network(x) * 2


class Greedy:
    """Answers as long as a batch is small enough; otherwise memory is out."""

    def __init__(self, fits: int, error: Exception) -> None:
        self.fits = fits
        self.error = error
        self.sizes: list[int] = []

    def __call__(self, network: nn.Module, x: Tensor) -> Tensor:
        self.sizes.append(x.shape[0])
        if x.shape[0] > self.fits:
            raise self.error
        return x + 1


def _placed(answer: Greedy, *, batch_size: int, device: torch.device = CPU) -> Placed:
    ladder = MemoryLadder(batch_size, is_on_cpu=device.type == "cpu")
    return Placed(nn.Identity(), answer, device=device, dtype=torch.float32, ladder=ladder)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
        RuntimeError(
            "[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"
        ),
        RuntimeError("MPS backend out of memory (MPS allocated: 1 GB)"),
        MemoryError(),
    ],
)
def test_when_memory_runs_out_batches_are_halved_and_nothing_is_lost(error: Exception) -> None:
    answer = Greedy(3, error)
    placed = _placed(answer, batch_size=16)
    x = torch.arange(11.0).view(11, 1, 1, 1)
    torch.testing.assert_close(placed.run(x), x + 1)
    assert answer.sizes == [16, 8, 4, 2, 2, 2, 2, 2, 1]
    assert placed.ladder.batch_size == 2
    assert placed.ladder.note == "Memory ran out; going on with 2 at a time."


@pytest.mark.parametrize(
    ("n", "sizes"), [(8, [4, 4]), (7, [4, 4]), (6, [4, 4]), (5, [4, 1]), (1, [1]), (2, [4])]
)
def test_the_processor_is_asked_for_full_batches_or_for_one(n: int, sizes: list[int]) -> None:
    answer = Greedy(4, MemoryError())
    x = torch.arange(float(n)).view(n, 1, 1, 1)
    torch.testing.assert_close(_placed(answer, batch_size=4).run(x), x + 1)
    assert answer.sizes == sizes


def test_the_last_rung_is_the_processor() -> None:
    class CpuOnly(Greedy):
        """Memory is out on anything but the processor, even for one."""

        def __call__(self, network: nn.Module, x: Tensor) -> Tensor:
            self.sizes.append(x.shape[0])
            if x.device.type != "cpu":
                raise torch.OutOfMemoryError("out of memory")
            return x + 1

    answer = CpuOnly(0, MemoryError())
    placed = _placed(answer, batch_size=2, device=torch.device("meta"))
    x = torch.ones(3, 1, 1, 1)
    torch.testing.assert_close(placed.run(x), x + 1)
    assert answer.sizes == [2, 1, 1, 1, 1]
    assert placed.ladder.is_on_cpu
    assert "processor" in placed.ladder.note
    assert placed.text == "CPU (float32)"


def test_without_memory_for_one_patch_it_is_said_in_one_sentence() -> None:
    with pytest.raises(OutOfMemoryError, match="the mask is unchanged"):
        _placed(Greedy(0, MemoryError()), batch_size=4).run(torch.ones(2, 1, 1, 1))


def test_other_errors_are_not_taken_for_memory() -> None:
    with pytest.raises(RuntimeError, match="shape"):
        _placed(Greedy(0, RuntimeError("wrong shape")), batch_size=4).run(torch.ones(2, 1, 1, 1))


def test_folding_the_norms_does_not_change_what_a_network_says() -> None:
    torch.manual_seed(0)
    network = build("mos_h", OPTIONS)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.2)
            module.running_mean = torch.randn_like(module.bias.detach()) * 0.1
            module.running_var = torch.rand_like(module.bias.detach()) + 0.5
    network.eval()
    before = sum(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    rgb, logits = torch.rand(2, 3, 64, 64), torch.randn(2, 1, 64, 64)
    with torch.inference_mode():
        expected = network(rgb, logits)
    fold_norms(network)
    after = sum(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    assert after < before / 3
    with torch.inference_mode():
        given = network(rgb, logits)
    torch.testing.assert_close(given.coarse[0], expected.coarse[0], atol=1e-4, rtol=1e-4)
    assert (given.logits - expected.logits).abs().mean() < 1e-3


@pytest.mark.parametrize(
    ("has_bfloat16", "text", "tolerance"), [(False, "float32", 1e-5), (True, "bfloat16", 0.03)]
)
def test_a_placed_network_gives_what_the_network_gives(
    monkeypatch: pytest.MonkeyPatch, has_bfloat16: bool, text: str, tolerance: float
) -> None:
    monkeypatch.setattr(device_module, "has_bfloat16", lambda: has_bfloat16)
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4)).eval()
    x = torch.randn(5, 3, 9, 9)
    with torch.inference_mode():
        expected = network(x) * 2
    placed = place(network, _double, (x[:1],), device=CPU, batch_size=2)
    assert placed.text == f"CPU ({text})"
    torch.testing.assert_close(placed.run(x), expected, atol=tolerance, rtol=tolerance)


def test_devices_are_chosen_by_name_or_for_the_best() -> None:
    assert choose_device("cpu") == CPU
    assert choose_device("auto") == choose_device(None)
    for wanted in ("tpu", "cpu:first"):
        with pytest.raises(EngineError, match=f"no device named {wanted}"):
            choose_device(wanted)
    if not torch.cuda.is_available():
        with pytest.raises(EngineError, match="not available"):
            choose_device("cuda")
    assert device_text(CPU) == "CPU (float32)"
