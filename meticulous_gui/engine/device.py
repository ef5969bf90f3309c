"""Where networks run, in which precision, and what happens when memory runs out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from meticulous_gui.core.errors import EngineError

__all__ = [
    "MemoryLadder",
    "OutOfMemoryError",
    "Placed",
    "choose_device",
    "device_text",
    "fold_norms",
    "place",
]

_LOG = logging.getLogger(__name__)
_GPU_BATCH: Final = 16
_CPU_BATCH: Final = 4
_WORTH_IT: Final = 0.85
"""A lower precision is taken when it needs at most this share of the time."""

_CLOSE: Final = 0.03
"""Largest mean difference of probabilities between float32 and a lower precision that is taken."""


class OutOfMemoryError(EngineError):
    """Memory ran out even for one patch at a time on the processor."""


@dataclass(frozen=True)
class _Place:
    device: torch.device
    dtype: torch.dtype


def choose_device(wanted: str | None = None) -> torch.device:
    """Return the device to use: ``wanted``, else CUDA, then MPS, then the CPU.

    Args:
        wanted: "cpu", "cuda", "cuda:1", "mps"; None or "auto": choose.

    Raises:
        EngineError: ``wanted`` is not there.
    """
    has_cuda, has_mps = torch.cuda.is_available(), torch.backends.mps.is_available()
    if wanted in (None, "auto"):
        return torch.device("cuda" if has_cuda else "mps" if has_mps else "cpu")
    kind = str(wanted).partition(":")[0]
    if kind not in ("cpu", "cuda", "mps"):
        raise EngineError(f"There is no device named {wanted}; use auto, cpu, cuda or mps.")
    if (kind == "cuda" and not has_cuda) or (kind == "mps" and not has_mps):
        raise EngineError(f"The device {wanted} is not available here; use auto or cpu.")
    try:
        device = torch.device(str(wanted))
    except RuntimeError:
        device = None
    if device is None or (kind == "cuda" and (device.index or 0) >= torch.cuda.device_count()):
        raise EngineError(f"There is no device named {wanted}; use auto, cpu, cuda or mps.")
    return device


def device_text(device: torch.device, dtype: torch.dtype = torch.float32) -> str:
    """Return what the status bar says, such as "CPU (float32)" or the name of the graphics card."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type.upper()
    return f"{name} ({str(dtype).removeprefix('torch.')})"


def fold_norms(network: nn.Module) -> None:
    """Make each BatchNorm directly behind a convolution part of that convolution, in ``network`` itself.

    Only inside ``nn.Sequential``, where the order of the modules is the order of the work. The network must
    be in evaluation mode. There is no copy: it took as long as reading the weights.
    """
    for parent in network.modules():
        if not isinstance(parent, nn.Sequential):
            continue
        children = list(parent.named_children())
        for (_, first), (next_name, second) in pairwise(children):
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                _fold_into(first, second)
                parent.register_module(next_name, nn.Identity())


def _fold_into(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
    """Make ``conv`` do what ``norm`` does behind it; torch's own function copies the module once more."""
    assert not norm.training
    assert norm.running_mean is not None
    assert norm.running_var is not None
    conv.weight, conv.bias = fuse_conv_bn_weights(
        conv.weight, conv.bias, norm.running_mean, norm.running_var, norm.eps, norm.weight, norm.bias
    )


class MemoryLadder:
    """What to do when memory runs out: half the batch, again and again, then the processor.

    Attributes:
        batch_size: patches at a time; also how many the cascade prepares, so that less is in flight.
        is_on_cpu: whether the last rung was taken.
        note: one sentence on the last step down, "" when there was none; whoever shows it clears it.
    """

    def __init__(self, batch_size: int, *, is_on_cpu: bool) -> None:
        self.batch_size = batch_size
        self.is_on_cpu = is_on_cpu
        self.note = ""

    def step_down(self) -> None:
        """Take the next rung.

        Raises:
            OutOfMemoryError: there is none.
        """
        if self.batch_size > 1:
            self.batch_size //= 2
            self.note = f"Memory ran out; going on with {self.batch_size} at a time."
        elif not self.is_on_cpu:
            self.is_on_cpu = True
            self.note = "The graphics card's memory ran out; going on with the processor."
        else:
            raise OutOfMemoryError("Memory ran out, even for one patch at a time; the mask is unchanged.")
        _LOG.warning(self.note)


class Placed:
    """A network on its device; takes and gives float32 tensors on the CPU, in batches that fit.

    Attributes:
        ladder: what was done about memory so far.
    """

    def __init__(
        self,
        network: nn.Module,
        answer: Callable[..., Tensor],
        *,
        device: torch.device,
        dtype: torch.dtype,
        ladder: MemoryLadder,
    ) -> None:
        """Keep ``network``; ``answer(network, *tensors)`` gives the result for one batch."""
        self._network = network
        self._answer = answer
        self._place = _Place(device, dtype)
        self.ladder = ladder

    @property
    def text(self) -> str:
        return device_text(self._place.device, self._place.dtype)

    def run(self, *inputs: Tensor) -> Tensor:
        """Return the answers for inputs [B, ...], in as many batches as memory asks for.

        Raises:
            OutOfMemoryError: not even one at a time on the processor.
        """
        answers: list[Tensor] = []
        done = 0
        while done < inputs[0].shape[0]:
            part = [x[done : done + self.ladder.batch_size] for x in inputs]
            n_asked = part[0].shape[0]
            answer = self._try([self._filled_up(x) for x in part])
            if answer is None:
                self.ladder.step_down()
                self._move_if_asked()
            else:
                answers.append(answer[:n_asked])
                done += n_asked
        return torch.cat(answers)

    def _filled_up(self, x: Tensor) -> Tensor:
        """Return a batch of several inputs as a full one on the processor, its last input repeated.

        Each new size of a batch is compiled anew for every layer, which takes longer than the few inputs more
        (three patches of MOS_H on two cores: 72 ms for the first time and 40 after it, a full batch 52).
        """
        n_missing = self.ladder.batch_size - x.shape[0]
        if self._place.device.type != "cpu" or x.shape[0] == 1 or not n_missing:
            return x
        return torch.cat([x, x[-1:].expand(n_missing, *x.shape[1:])])

    def _try(self, part: list[Tensor]) -> Tensor | None:
        """Return the answer, None when memory ran out. The failed attempt's memory is free on return."""
        device, dtype = self._place.device, self._place.dtype
        try:
            with torch.inference_mode(), _precision(device, dtype):
                moved = [x.to(device).contiguous(memory_format=torch.channels_last) for x in part]
                return self._answer(self._network, *moved).float().cpu()
        except (torch.OutOfMemoryError, MemoryError):
            return None
        except RuntimeError as error:
            if not _is_out_of_memory(error):
                raise
            return None

    def _move_if_asked(self) -> None:
        if self._place.device.type == "cuda":
            torch.cuda.empty_cache()
        if self.ladder.is_on_cpu and self._place.device.type != "cpu":
            self._place = _Place(torch.device("cpu"), torch.float32)
            self._network = self._network.to("cpu")


def place(
    network: nn.Module,
    answer: Callable[..., Tensor],
    example: tuple[Tensor, ...],
    *,
    device: torch.device,
    batch_size: int | None = None,
) -> Placed:
    """Return ``network`` on ``device``: norms folded, channels last, in the precision that measures best.

    Args:
        network: float32, in evaluation mode; it is changed and belongs to the answer from here on.
        answer: gives the result of one batch, see `Placed`.
        example: inputs of batch 1, to measure and to compare with on a GPU.
        device: where.
        batch_size: None: what suits the device.
    """
    is_cpu = device.type == "cpu"
    fold_norms(network)
    light = network.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    size = batch_size if batch_size is not None else _CPU_BATCH if is_cpu else _GPU_BATCH
    ladder = MemoryLadder(size, is_on_cpu=is_cpu)
    if is_cpu:
        # No measurement: it would take as long as the cut-out of a small photo.
        dtype = torch.bfloat16 if has_bfloat16() else torch.float32
        return Placed(light, answer, device=device, dtype=dtype, ladder=ladder)
    placed = Placed(light, answer, device=device, dtype=torch.float32, ladder=ladder)
    for dtype in _candidates(device):
        other = Placed(light, answer, device=device, dtype=dtype, ladder=ladder)
        if _is_better(other, placed, example):
            placed = other
    return placed


def has_bfloat16() -> bool:
    """Say whether this processor multiplies bfloat16 itself, which makes the networks half as fast again.

    Where it is emulated it is several times slower than float32.
    """
    return bool(torch.cpu._is_avx512_bf16_supported())


def _candidates(device: torch.device) -> tuple[torch.dtype, ...]:
    if device.type == "cuda":
        return (
            (torch.bfloat16,) if torch.cuda.is_bf16_supported(including_emulation=False) else (torch.float16,)
        )
    return (torch.float16,)


def _is_better(other: Placed, than: Placed, example: tuple[Tensor, ...]) -> bool:
    """Say whether ``other`` is faster by enough and says the same."""
    expected, expected_s = _timed(than, example)
    given, given_s = _timed(other, example)
    difference = float((expected.sigmoid() - given.sigmoid()).abs().mean())
    is_close = bool(given.isfinite().all()) and difference <= _CLOSE
    _LOG.info(
        "%s: %.1f ms; %s: %.1f ms, %.4f apart",
        than.text,
        expected_s * 1e3,
        other.text,
        given_s * 1e3,
        difference,
    )
    return is_close and given_s <= _WORTH_IT * expected_s


def _timed(placed: Placed, example: tuple[Tensor, ...]) -> tuple[Tensor, float]:
    """Return the answer and the best of two times after a first one that warms up."""
    result = placed.run(*example)
    times = []
    for _ in range(2):
        start = time.perf_counter()
        result = placed.run(*example)
        times.append(time.perf_counter() - start)
    return result, min(times)


def _precision(device: torch.device, dtype: torch.dtype) -> AbstractContextManager[object]:
    return nullcontext() if dtype == torch.float32 else torch.autocast(device.type, dtype)


def _is_out_of_memory(error: RuntimeError) -> bool:
    """Say whether torch means memory: on the CPU and on MPS it has no class of its own for it."""
    text = str(error).lower()
    return "out of memory" in text or "can't allocate memory" in text or "not enough memory" in text
