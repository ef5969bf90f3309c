"""500 photos opened, painted, refined and exported in one run of the window: nothing may pile up.

BENCH_PHOTOS sets another number; slopes are those after the first tenth of the photos, when caches are full.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence

import numpy as np

from tests.bench.processes import run
from tests.bench.table import Row

N_PHOTOS = int(os.environ.get("BENCH_PHOTOS", "500"))
MAX_SLOPE_MB = 0.2
MAX_SLOPE_FILES = 0.01


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    with tempfile.TemporaryDirectory() as folder:
        own = {f"METICULOUS_{name}_DIR": folder for name in ("CONFIG", "STATE")}
        done = run("-m", "tests.bench.marathon_probe", str(N_PHOTOS), environment=own)
    samples = json.loads(done.stdout.splitlines()[-1])
    memory = samples["memory_mb"]
    note = f"{N_PHOTOS} photos, from {memory[N_PHOTOS // 10]:.0f} to {memory[-1]:.0f} MB"
    yield Row("marathon: memory of window and child, slope", slope(memory), "MB", MAX_SLOPE_MB, note)
    for name, title in (("files", "open files"), ("mapped", "shared memory mappings")):
        values = samples[name]
        note = f"from {values[N_PHOTOS // 10]:.0f} to {values[-1]:.0f}"
        yield Row(f"marathon: {title}, slope", slope(values), "", MAX_SLOPE_FILES, note)
    yield Row("marathon: photos without an export", N_PHOTOS - samples["n_exported"], "", 0)
    yield Row("marathon: one photo", done.seconds / N_PHOTOS, "s", None, "open, paint, refine, export")


def slope(values: Sequence[float]) -> float:
    """Return how much a value grows with each photo, after the first tenth."""
    later = np.asarray(values[len(values) // 10 :], np.float64)
    return float(np.polyfit(np.arange(len(later)), later, 1)[0]) if len(later) > 1 else 0.0
