"""How a run is done: the values, and the options of every trainer that set them."""

from __future__ import annotations

import argparse
import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path

from meticulous_gui.core.errors import EngineError
from meticulous_gui.engine.device import choose_device


@dataclass(frozen=True)
class RunConfig:
    """How a run is done; stored with it.

    Exactly one of ``minutes`` and ``steps`` says how long. With ``steps`` the run is a function of its
    configuration alone; with ``minutes`` the schedule follows the clock.
    """

    out: str
    seed: int = 0
    minutes: float | None = None
    steps: int | None = None
    batch: int = 16  # over all processes
    sizes: str = "224"  # schedule.parse_sizes
    learning_rate: float = 1e-3
    encoder_rate: float = 2.5e-4  # a pretrained encoder forgets at the decoder's rate
    weight_decay: float = 1e-4
    clip_norm: float = 5.0
    freeze_statistics_at: float = 0.5  # share of the run after which BatchNorm keeps its statistics
    precision: str = "float32"  # or bfloat16 (autocast)
    device: str = "cpu"
    threads: int = 0  # of torch; 0 keeps torch's own choice
    workers: int = 1  # threads that make samples
    n_validations: int = 10
    stop_after_step: int | None = None  # end early, resumable


def add_arguments(parser: argparse.ArgumentParser, defaults: RunConfig) -> None:
    """Add the options of every trainer to ``parser``; ``run_config`` reads them back."""
    parser.add_argument("--data", nargs="+", type=Path, required=True, metavar="FOLDER", help="data folders")
    parser.add_argument("--out", required=True, metavar="RUN", help="folder of the run")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--minutes", type=_above_zero, help="length by the clock, validation included")
    length.add_argument("--steps", type=counted, help="length in optimiser steps (reproducible)")
    parser.add_argument(
        "--resume", action="store_true", help="go on from RUN/last.safetensors if it is there"
    )
    parser.add_argument(
        "--device",
        type=device_here,
        default=defaults.device,
        help="cpu, cuda, cuda:1, mps (default %(default)s)",
    )
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument(
        "--batch", type=counted, default=defaults.batch, help="over all processes (%(default)s)"
    )
    parser.add_argument(
        "--size", dest="sizes", default=defaults.sizes, help="px, or 224,336@0.75 (%(default)s)"
    )
    parser.add_argument("--lr", dest="learning_rate", type=_above_zero, default=defaults.learning_rate)
    parser.add_argument("--encoder-lr", dest="encoder_rate", type=_above_zero, default=defaults.encoder_rate)
    parser.add_argument("--weight-decay", type=_zero_or_more, default=defaults.weight_decay)
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default=defaults.precision)
    parser.add_argument(
        "--threads", type=_none_or_more, default=defaults.threads, help="of torch; 0: its own choice"
    )
    parser.add_argument(
        "--workers", type=_none_or_more, default=defaults.workers, help="threads that make samples"
    )
    parser.add_argument("--validations", dest="n_validations", type=counted, default=defaults.n_validations)
    parser.add_argument("--freeze-statistics-at", type=_zero_or_more, default=defaults.freeze_statistics_at)
    parser.add_argument("--stop-after-step", type=counted, default=None, help="end early; --resume goes on")


def device_here(text: str) -> str:
    """Return the name of a device that this machine has, for argparse."""
    try:
        return str(choose_device(text))
    except EngineError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def counted(text: str) -> int:
    """Return a whole number of at least 1, for argparse."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, got {text!r}")
    return int(text)


def _none_or_more(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"must be a whole number, 0 or more, got {text!r}")
    return int(text)


def _above_zero(text: str) -> float:
    value = _number(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0, got {text!r}")
    return value


def _zero_or_more(text: str) -> float:
    value = _number(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number, 0 or more, got {text!r}")
    return value


def _number(text: str) -> float:
    """Return the number that ``text`` names, one that nothing is above or below where it names none."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def run_config(arguments: argparse.Namespace) -> RunConfig:
    """Return the part of the parsed options that the loop needs."""
    names = {field.name for field in dataclasses.fields(RunConfig)}
    return RunConfig(**{name: value for name, value in vars(arguments).items() if name in names})
