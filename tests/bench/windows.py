"""The window: start, opening, a region refine under a brush, and 100 MP; each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.photos import bench_jpeg
from tests.bench.processes import ROOT, children, environment_with, median
from tests.bench.table import FOLDER, Row

HUGE_HW = (8660, 11548)
SAMPLE_S = 0.1
_N_STARTS = 5


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    photo, contour_px = bench_jpeg(FOLDER, size_hw=(4000, 6000))
    yield from _starting(photo)
    opened, _ = probe("open", photo)
    yield Row("24 MP JPEG: first picture on screen", opened["first"], "s", 0.3)
    yield Row("24 MP JPEG: full picture on screen", opened["whole"], "s", 0.9)
    yield Row("24 MP JPEG: coarse mask on screen, child warm", opened["mask"], "s", 2.0)
    note = f"contour {contour_px:,} px"
    yield Row("24 MP JPEG: its whole edge refined, child warm", opened["refined"], "s", None, note)
    yield from _region(photo, contour_px)
    yield from _huge()


def _starting(photo: Path) -> Iterator[Row]:
    starts = [probe("start", photo)[0] for _ in range(_N_STARTS)]
    visible = median([start["visible"] for start in starts])
    yield Row("window visible after start", visible, "s", 1.0, f"median of {_N_STARTS}")
    yield Row("networks warm after start", median([start["warm"] for start in starts]), "s")
    yield Row("torch in the window's process", max(start["has_torch"] for start in starts), "", 0, "0: never")


def _region(photo: Path, contour_px: int) -> Iterator[Row]:
    region, _ = probe("region", photo)
    note = f"24 MP, contour {contour_px:,} px in all"
    yield Row("region refine of 1000 x 1000 px: first patch", region["first_patch"], "s", 0.5, note)
    yield Row("region refine of 1000 x 1000 px: all", region["all"], "s", 4.0)
    note = f"{region['n_frames']:.0f} frames, a brush moving, {_median(region, 'frame')}"
    yield Row("frames meanwhile, p99", region["frame_p99"], "ms", 33, note)
    yield Row("frames meanwhile, longest", region["frame_max"], "ms")


def _huge() -> Iterator[Row]:
    photo, contour_px = bench_jpeg(FOLDER, size_hw=HUGE_HW)
    huge, _ = probe("huge", photo)
    note = f"contour {contour_px:,} px"
    yield Row("100 MP: full picture on screen", huge["open"], "s", None, note)
    yield Row(
        "100 MP, 1080p: brush move to repaint p99, whole photo",
        huge["brush_fit_p99"],
        "ms",
        16,
        _median(huge, "brush_fit"),
    )
    yield Row(
        "100 MP, 1080p: brush move to repaint p99, 67 %",
        huge["brush_67_p99"],
        "ms",
        16,
        _median(huge, "brush_67"),
    )
    yield Row("100 MP, 1080p: pan step p99", huge["pan_p99"], "ms", 33, _median(huge, "pan"))
    yield Row("100 MP, 1080p: zoom step p99", huge["zoom_p99"], "ms", 33, _median(huge, "zoom"))
    # In a run of its own: the kernel stops a process to count its pages, for 20 ms where it has so many.
    _, peak_mb = probe("huge", photo, watches_memory=True)
    yield Row("100 MP: peak memory of window and child", peak_mb, "MB", 2500, "shared pages once")


def _median(figures: dict[str, float], name: str) -> str:
    return f"median {figures[f'{name}_median']:.1f} ms"


def probe(
    case: str, photo: Path, *, watches_memory: bool = False, module: str = "tests.bench.window_probe"
) -> tuple[dict[str, float], float]:
    """Run one case in a process of its own; return its figures and the peak of its memory in MB, if watched.

    Args:
        case: its name in the probe.
        photo: what the probe opens.
        watches_memory: costs the probe some of its speed.
        module: the probe.

    Raises:
        RuntimeError: the probe failed; with what it said.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = {f"METICULOUS_{name}_DIR": folder for name in ("CONFIG", "STATE")}
        environment = environment_with({**own, "BENCH_STARTED": str(time.monotonic())})
        process = subprocess.Popen(
            [sys.executable, "-m", module, case, str(photo)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        peak_mb = 0.0
        while process.poll() is None:
            if watches_memory:
                peak_mb = max(peak_mb, memory_mb(process.pid))
            time.sleep(SAMPLE_S)
        stdout, stderr = process.communicate()
    if process.returncode != 0 or not stdout.strip():
        raise RuntimeError(f"the window probe {case} ended with {process.returncode}: {stderr[-2000:]}")
    figures: dict[str, float] = json.loads(stdout.splitlines()[-1])
    return figures, peak_mb


def memory_mb(pid: int) -> float:
    """Return the memory of a process and its children in 10**6 bytes; what they share counts once.

    Linux only; 0 elsewhere. Reading costs the process a few milliseconds where it maps much.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        started = children(pid)
    except OSError:  # it has gone meanwhile
        return 0.0
    own_kb = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return own_kb * 1024 / 1e6 + sum(memory_mb(child) for child in started)
