"""Kinds of values on the command line: each turns the text of one argument into what it means."""

from __future__ import annotations

import argparse
from pathlib import Path

_DEVICES = ("auto", "cpu", "cuda", "mps")


def add_device(parser: argparse.ArgumentParser) -> None:
    """Describe ``--device``, as every command has it that runs networks."""
    parser.add_argument(
        "--device", metavar="NAME", type=_device, help="auto, cpu, cuda or mps (default: the setting)"
    )


def path_of(text: str) -> Path:
    """Return a path; an empty one, as of a variable of a script that is not set, would be the folder here."""
    if not text:
        raise argparse.ArgumentTypeError("is empty; name a file or a folder, the one here is .")
    return Path(text)


def positive(text: str) -> int:
    """Return a whole number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, got {text!r}")
    return int(text)


def _device(text: str) -> str:
    """Return the name of a kind of device, or of one of several ("cuda:1"); it need not be there."""
    if text.partition(":")[0] not in _DEVICES:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(_DEVICES)}, got {text!r}")
    return text
