"""Peak memory of a piece of work inside this process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


@dataclass
class Peak:
    """Largest resident memory above what was there before.

    Attributes:
        mb: in 10**6 bytes; nan where the system does not say.
    """

    mb: float = math.nan


def _resident_mb(name: str) -> float:
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024 / 1e6
    return math.nan


@contextmanager
def peak_mb_of() -> Iterator[Peak]:
    """Measure the block (Linux only)."""
    peak = Peak()
    if not _CLEAR.exists():
        yield peak
        return
    _CLEAR.write_text("5", encoding="ascii")  # sets the high-water mark back, see proc(5)
    before_mb = _resident_mb("VmRSS")
    yield peak
    peak.mb = max(0.0, _resident_mb("VmHWM") - before_mb)
