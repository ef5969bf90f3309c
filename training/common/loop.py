"""The one training loop: AdamW, cosine, running average, clipping, exact resume, one or many machines."""

from __future__ import annotations

import dataclasses
import math
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

import cv2
import torch
import torch.distributed as distributed
from safetensors import SafetensorError
from torch import Tensor, nn
from tqdm import tqdm

from meticulous_gui.core.errors import UsageError
from meticulous_gui.core.types import RgbImage
from training.common import record
from training.common.checkpoint import resume, save_checkpoint
from training.common.config import RunConfig
from training.common.feed import Feed, Sample
from training.common.schedule import (
    AverageOfWeights,
    average_decay,
    freeze_statistics,
    parse_sizes,
    rate_factor,
    size_at,
)

LAST, BEST = "last.safetensors", "best.safetensors"
_ROW_EVERY_S = 5.0  # of training time, between rows of the CSV
_SAVE_EVERY_S = 300.0  # between checkpoints: what a crash may cost
_MOST_BAD_STEPS = 20


class Task(Protocol):
    """What a network adds to the loop."""

    @property
    def score_names(self) -> tuple[str, ...]:
        """Return what ``validate`` gives; the first one chooses the best checkpoint, higher is better."""

    def sample(self, step: int, index: int, side_px: int) -> Sample:
        """Return one training sample, a function of its arguments alone."""

    def loss(self, network: nn.Module, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """Return the scalar loss of a batch and detached parts for the log."""

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Return the scores of a network in evaluation mode."""

    def picture(self, network: nn.Module) -> RgbImage:
        """Return a few predictions side by side with photo and truth."""


def train(
    network: nn.Module, task: Task, config: RunConfig, *, is_resuming: bool = False, facts: Any = None
) -> Path:
    """Train ``network`` in place and return the folder of the run.

    Args:
        network: on the CPU; has a sub-module ``encoder`` with the lower learning rate.
        task: samples, loss and validation.
        config: how.
        is_resuming: continue from the folder's last checkpoint where there is one.
        facts: what else ``config.json`` should hold, such as the network's options.

    Raises:
        UsageError: the folder holds a run that is not to be resumed, or one of another network.
    """
    run = _Run(network, task, config, is_resuming=is_resuming, facts=facts)
    with _interruptible() as is_interrupted:
        run.steps(is_interrupted)
    return run.folder


class _Run:
    """State of one run between steps."""

    def __init__(
        self, network: nn.Module, task: Task, config: RunConfig, *, is_resuming: bool, facts: Any
    ) -> None:
        if (config.minutes is None) == (config.steps is None):
            msg = f"a run needs either minutes or steps, got {config.minutes} and {config.steps}"
            raise ValueError(msg)
        self.task, self.config, self.facts = task, config, facts
        self.folder = Path(config.out)
        self.stages = parse_sizes(config.sizes)
        if config.threads:
            torch.set_num_threads(config.threads)
        cv2.setNumThreads(0)
        self.rank, self.n_processes, self.device = _join_processes(config.device)
        if config.batch % self.n_processes:
            msg = f"--batch {config.batch} must be a multiple of the {self.n_processes} processes"
            raise UsageError(msg)
        torch.manual_seed(config.seed + self.rank)
        self.network = network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = AverageOfWeights(self.network)
        self.optimiser = make_optimiser(self.network, config)
        self.step, self.elapsed_s, self.best = 0, 0.0, -math.inf
        last = self.folder / LAST
        self.folder.mkdir(parents=True, exist_ok=True)
        if is_resuming and not last.is_file():
            tqdm.write(f"{self.folder} holds no run yet; it begins.")
        elif last.is_file():
            if not is_resuming:
                raise UsageError(f"{self.folder} holds a run: --resume goes on with it; or name another one.")
            state = self._resumed(last)
            self.step, self.elapsed_s, self.best = state["step"], state["elapsed_s"], state["best"]
            if self.rank:  # the checkpoint holds the first process's random numbers; others need their own
                torch.manual_seed(config.seed + 1000 * self.step + self.rank)
        self.wrapped: nn.Module = self.network
        if self.n_processes > 1:
            ids = [self.device.index] if self.device.type == "cuda" else None
            self.wrapped = nn.parallel.DistributedDataParallel(self.network, device_ids=ids)
        self.n_bad_steps = 0
        if self.rank == 0:
            settings = dataclasses.asdict(config) | {"network": facts}
            record.write_config(self.folder, settings, is_resuming=is_resuming)
            self.log = record.MetricsLog(self.folder, task.score_names, first_step=self.step)

    def _resumed(self, last: Path) -> dict[str, Any]:
        try:
            return resume(last, network=self.network, average=self.average, optimiser=self.optimiser)
        except (RuntimeError, KeyError, SafetensorError) as error:
            raise UsageError(
                f"{last} is damaged or of a network with other options; give those that the run began with, "
                "or name another folder."
            ) from error

    @property
    def progress(self) -> float:
        if self.config.steps is not None:
            return self.step / self.config.steps
        assert self.config.minutes is not None
        return self._shared(self.elapsed_s) / (60.0 * self.config.minutes)

    def _shared(self, value: float) -> float:
        """Return the first process's value: clocks differ, the schedule must not."""
        if self.n_processes == 1:
            return value
        tensor = torch.tensor([value], dtype=torch.float64, device=self.device)
        distributed.broadcast(tensor, 0)
        return float(tensor)

    def _any(self, wish: bool) -> bool:
        """Return whether any process has the wish: one that stops alone leaves the others waiting."""
        if self.n_processes == 1:
            return wish
        tensor = torch.tensor([float(wish)], device=self.device)
        distributed.all_reduce(tensor, distributed.ReduceOp.MAX)
        return bool(tensor > 0)

    def _side_of(self, step: int) -> int:
        if self.config.steps is not None:
            return size_at(self.stages, step / self.config.steps)
        return size_at(self.stages, self.elapsed_s / (60.0 * (self.config.minutes or 1.0)))

    def steps(self, is_interrupted: Callable[[], bool]) -> None:
        """Train until the end, the stop, or an interruption; every way leaves a checkpoint."""
        config = self.config
        share = config.batch // self.n_processes
        indices = range(self.rank * share, (self.rank + 1) * share)
        progress = self.progress
        next_validation = math.floor(progress * config.n_validations + 1e-9) + 1
        bar = tqdm(
            total=1.0, initial=min(progress, 1.0), disable=self.rank != 0, mininterval=5.0, bar_format=_BAR
        )
        meter = _Meter()
        saved_s = self.elapsed_s
        feed = Feed(
            self.task.sample,
            first_step=self.step,
            indices=indices,
            side_of=self._side_of,
            n_threads=config.workers,
        )
        with feed, bar:
            while progress < 1.0 and not self._any(is_interrupted()) and self.step != config.stop_after_step:
                began = time.monotonic()
                side_px, batch = feed.next_batch()
                values = self._one_step(batch, progress)
                self.step += 1
                self.elapsed_s += time.monotonic() - began
                meter.add(values, time.monotonic() - began, config.batch)
                progress = self.progress
                if self.rank == 0:
                    bar.update(min(progress, 1.0) - bar.n)
                    if meter.seconds >= _ROW_EVERY_S or progress >= 1.0:
                        row = meter.take()
                        bar.set_postfix_str(
                            f"step {self.step} loss {row['loss']:.4f} {row['pictures_per_s']:.1f}/s"
                        )
                        self._row(progress, side_px, row)
                if progress * config.n_validations >= next_validation - 1e-9 or progress >= 1.0:
                    next_validation = math.floor(progress * config.n_validations + 1e-9) + 1
                    began = time.monotonic()
                    self._validate(progress, side_px)
                    self.elapsed_s += time.monotonic() - began
                    progress, saved_s = self.progress, self.elapsed_s
                elif self.elapsed_s - saved_s >= _SAVE_EVERY_S:
                    self._save(LAST)
                    saved_s = self.elapsed_s
        self._save(LAST)
        if self.rank == 0:
            record.draw_curves(self.folder)
        if self.n_processes > 1:
            distributed.destroy_process_group()

    def _one_step(self, batch: dict[str, Tensor], progress: float) -> dict[str, float]:
        config = self.config
        self.wrapped.train()
        if progress >= config.freeze_statistics_at:
            freeze_statistics(self.network)
        for group in self.optimiser.param_groups:
            group["lr"] = group["full_rate"] * rate_factor(progress)
        self.optimiser.zero_grad(set_to_none=True)
        is_half = config.precision == "bfloat16"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=is_half):
            loss, parts = self.task.loss(self.wrapped, batch)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), config.clip_norm)
        if bool(torch.isfinite(norm)):
            self.optimiser.step()
            self.average.update(self.network, decay=average_decay(self.step))
            self.n_bad_steps = 0
        else:
            # One overflowing batch must not end a night's run; a run of them means it has diverged.
            self.n_bad_steps += 1
            if self.n_bad_steps >= _MOST_BAD_STEPS:
                msg = f"{_MOST_BAD_STEPS} steps in a row without finite gradients, up to step {self.step}"
                raise FloatingPointError(msg)
        return {"loss": float(loss.detach())} | {name: float(value) for name, value in parts.items()}

    def _row(self, progress: float, side_px: int, values: dict[str, float]) -> None:
        self.log.add(
            step=self.step,
            elapsed_s=self.elapsed_s,
            progress=progress,
            side_px=side_px,
            rate=self.optimiser.param_groups[-1]["lr"],
            **values,
        )

    def _validate(self, progress: float, side_px: int) -> None:
        """Score the averaged weights, keep the best, draw the preview; the others wait at the next step."""
        if self.rank == 0:
            self.network.eval()
            self.average.swap_with(self.network)
            try:
                with torch.no_grad():
                    scores = self.task.validate(self.network)
                    picture = self.task.picture(self.network)
            finally:
                self.average.swap_with(self.network)
            self._row(progress, side_px, scores)
            tqdm.write(
                f"step {self.step}: " + ", ".join(f"{name} {value:.4f}" for name, value in scores.items())
            )
            score = scores[self.task.score_names[0]]
            if score > self.best:
                self.best = score
                self._save(BEST)
            self._save(LAST)  # before the picture, whose failure must not cost what was learnt
            folder = self.folder / "pictures"
            folder.mkdir(exist_ok=True)
            path = folder / f"step_{self.step:07d}.jpg"
            if not cv2.imwrite(str(path), picture[..., ::-1]):
                msg = f"{path}: the picture of predictions could not be written"
                raise OSError(msg)

    def _save(self, name: str) -> None:
        if self.rank != 0:
            return
        state = {
            "step": self.step,
            "elapsed_s": self.elapsed_s,
            "best": self.best,
            "config": dataclasses.asdict(self.config),
            "network": self.facts,
        }
        save_checkpoint(
            self.folder / name,
            network=self.network,
            average=self.average,
            optimiser=self.optimiser,
            state=state,
        )


_BAR = "{percentage:5.1f}% |{bar:20}| {elapsed}<{remaining} {postfix}"


class _Meter:
    """Means of what the steps since the last row gave."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.seconds, self._n_pictures, self._n_steps = 0.0, 0, 0
        self._sums: dict[str, float] = {}

    def add(self, values: dict[str, float], seconds: float, n_pictures: int) -> None:
        self.seconds += seconds
        self._n_pictures += n_pictures
        self._n_steps += 1
        for name, value in values.items():
            self._sums[name] = self._sums.get(name, 0.0) + value

    def take(self) -> dict[str, float]:
        row = {name: value / self._n_steps for name, value in self._sums.items()}
        row["pictures_per_s"] = self._n_pictures / max(self.seconds, 1e-9)
        self._clear()
        return row


def make_optimiser(network: nn.Module, config: RunConfig) -> torch.optim.Optimizer:
    """Return AdamW: encoder and rest, each with decay for kernels and none for norms and biases."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        groups.setdefault((name.startswith("encoder."), parameter.ndim > 1), []).append(parameter)
    settings = []
    for (is_encoder, has_decay), parameters in sorted(groups.items(), key=lambda item: item[0], reverse=True):
        rate = config.encoder_rate if is_encoder else config.learning_rate
        decay = config.weight_decay if has_decay else 0.0
        settings.append({"params": parameters, "lr": rate, "full_rate": rate, "weight_decay": decay})
    return torch.optim.AdamW(settings, fused=config.device != "mps")


def _join_processes(device_name: str) -> tuple[int, int, torch.device]:
    """Return rank, number of processes and device, from torchrun's environment where it started us."""
    n_processes = int(os.environ.get("WORLD_SIZE", "1"))
    device = torch.device(device_name)
    if n_processes == 1:
        return 0, 1, device
    if device.type == "cuda":
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return distributed.get_rank(), n_processes, device


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl+C and a polite kill into a wish that the loop looks at between steps."""
    wishes: list[int] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        wishes.append(number)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(wishes)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
