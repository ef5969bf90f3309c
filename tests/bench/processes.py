"""Whole programs measured from outside: wall time and peak memory of a fresh process."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Run:
    """What one process cost.

    Attributes:
        seconds: from its start to its end.
        peak_mb: largest resident memory, in 10**6 bytes.
        stdout, stderr: what it said.
    """

    seconds: float
    peak_mb: float
    stdout: str
    stderr: str


def environment_with(own: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a program that is measured, with ``own`` values.

    It keeps its compiled modules, as pip leaves an installed program: else compiling hundreds of them,
    which a person waits for once at most, would be half of every start.
    """
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **(own or {})}


def run(*arguments: str, environment: dict[str, str] | None = None) -> Run:
    """Run Python with ``arguments`` in a fresh process and return what it cost.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment_with(environment),
    )
    assert process.stdout is not None
    assert process.stderr is not None
    # The programs measured here say little: neither pipe fills up before the other is read.
    stdout, stderr = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}: {stderr[-2000:]}")
    scale = 1 if sys.platform == "darwin" else 1024  # Linux counts in KiB
    return Run(seconds, usage.ru_maxrss * scale / 1e6, stdout, stderr)


def median_of(n_rounds: int, *arguments: str) -> Run:
    """Return the run with the median time of several."""
    runs = sorted((run(*arguments) for _ in range(n_rounds)), key=lambda one: one.seconds)
    return runs[len(runs) // 2]


def children(pid: int) -> list[int]:
    """Return the processes that a process has started, whichever of its threads did it (Linux)."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # a thread that has just ended
            found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
    return found


def percentile(values: list[float], share: float) -> float:
    """Return the value that ``share`` (0..1) of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: list[float]) -> float:
    """Return the median."""
    return float(statistics.median(values))
