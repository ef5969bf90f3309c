"""What there is to know of a process from outside: its end, and the cores it may use."""

from __future__ import annotations

import os
from multiprocessing.process import BaseProcess

__all__ = ["end_process", "n_cores", "why_it_ended"]


def end_process(process: BaseProcess) -> None:
    """Wait a moment for a process that should be ending, then end it, and take it off the system's list."""
    process.join(0.2)
    if process.is_alive():
        process.kill()
    process.join()


def n_cores() -> int:
    """Return how many cores this process may use, which in a container is fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def why_it_ended(exit_code: int | None) -> str:
    """Say in words how a process ended, to follow its name."""
    if exit_code is not None and exit_code < 0:
        return "was ended by the system" + (", perhaps because memory ran out" if exit_code == -9 else "")
    return f"ended unexpectedly (exit code {exit_code})"
