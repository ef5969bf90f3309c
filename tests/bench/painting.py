"""The hand: a brush that moves, and undo of every kind of step; each in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.photos import bench_jpeg
from tests.bench.table import FOLDER, Row
from tests.bench.windows import HUGE_HW, probe

_MODULE = "tests.bench.hand_probe"


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    for name, size_hw, goal_ms in (("24 MP", (4000, 6000), 4.0), ("100 MP", HUGE_HW, 8.0)):
        brush, _ = probe("brush", bench_jpeg(FOLDER, size_hw=size_hw)[0], module=_MODULE)
        for zoom, where in (("fit", "whole photo"), ("67", "67 %")):
            note = (
                f"median {brush[f'{zoom}_median']:.1f}; "
                f"of the thread alone {brush[f'{zoom}_own_p99']:.1f} and {brush[f'{zoom}_own_median']:.1f}"
            )
            title = f"{name}, 1080p: a brush's move to its paint, p99, {where}"
            yield Row(title, brush[f"{zoom}_p99"], "ms", goal_ms, note)
    yield from _previews(bench_jpeg(FOLDER, size_hw=(4000, 6000))[0])
    undo, _ = probe("undo", bench_jpeg(FOLDER, size_hw=HUGE_HW)[0], module=_MODULE)
    for step in (name for name in undo if not name.endswith(", own")):
        note = f"to its paint; of the thread alone {undo[f'{step}, own']:.0f}"
        yield Row(f"100 MP: undo, {step}", undo[step], "ms", 50, note)


def _previews(photo: Path) -> Iterator[Row]:
    shown, _ = probe("preview", photo, module=_MODULE)
    for tool, name in (("adjust", "edge adjusted"), ("similar", "similar colour")):
        for zoom, where in (("fit", "whole mask"), ("100", "100 %")):
            key = f"{tool}_{zoom}"
            note = f"p99 {shown[f'{key}_p99']:.0f}; of the thread alone {shown[f'{key}_own_median']:.0f}"
            title = f"24 MP: preview while the hand moves, {name}, {where}"
            yield Row(title, shown[f"{key}_median"], "ms", 33, note)
    yield Row("24 MP: the whole edge adjusted and applied", shown["applied"], "s", 1.0)
