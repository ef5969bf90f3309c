"""The runner a command uses: this process's own, on the device and with the weights that were asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meticulous_gui.engine.jobs import JobRunner


@contextmanager
def open_runner(device: str, weights: Sequence[Path]) -> Iterator[JobRunner]:
    """Give a runner and close it at the end.

    Args:
        device: "auto", "cpu", "cuda" or "mps".
        weights: files that win over the installed networks of their role.

    Raises:
        WeightsError: a file of ``weights`` is missing or has no card.
        EngineError: the device is not there.
    """
    # Torch is loaded here, on the main thread, while the first photos are decoded on others.
    import meticulous_gui.engine.networks  # noqa: F401
    from meticulous_gui.engine.catalog import Catalog
    from meticulous_gui.engine.runner import Runner

    runner = Runner(Catalog.default(weights), None if device == "auto" else device)
    try:
        yield runner
    finally:
        runner.close()
