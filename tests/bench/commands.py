"""The command line: how long ``--help`` takes, and a cut-out from process start to file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.photos import bench_jpeg
from tests.bench.processes import median_of, run
from tests.bench.table import FOLDER, Row

_PROGRAM = ("-m", "meticulous_gui")


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    help_run = median_of(5, *_PROGRAM, "--help")
    yield Row("meticulous --help", help_run.seconds, "s", 0.3, "median of 5")
    importing = median_of(3, "-c", "import torch")
    yield Row("import torch alone", importing.seconds, "s", None, "median of 3")
    yield from _cutouts((400, 600), "600 px photo", limit_s=3.0, limit_mb=1000, import_s=importing.seconds)
    yield from _cutouts((4000, 6000), "24 MP photo", limit_s=12.0, limit_mb=2000)


def _cutouts(
    size_hw: tuple[int, int], label: str, *, limit_s: float, limit_mb: float, import_s: float | None = None
) -> Iterator[Row]:
    photo, contour_px = bench_jpeg(FOLDER, size_hw=size_hw)
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out.png")
        arguments = (*_PROGRAM, "cutout", str(photo), "-o", out, "--json")
        coarse = run(*arguments, "--no-refine")
        done = median_of(3, *arguments) if import_s is not None else run(*arguments)
    item = json.loads(done.stdout)["items"][0]
    note = f"contour {contour_px:,} px, {item['patches']} patches"
    yield Row(f"cutout of a {label}, process start to file", done.seconds, "s", limit_s, note)
    if import_s is not None:
        yield Row(f"cutout of a {label}, beyond import torch", done.seconds - import_s, "s", 1.0)
    yield Row(f"cutout of a {label}, without MOS_H", coarse.seconds, "s")
    yield Row(f"cutout of a {label}, peak memory", done.peak_mb, "MB", limit_mb)
