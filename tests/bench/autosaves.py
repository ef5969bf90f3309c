"""Autosave: what it costs a painting hand, and what comes back after fifty kills."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.photos import bench_jpeg
from tests.bench.table import FOLDER, Row
from tests.bench.windows import HUGE_HW, probe
from tests.stories.kills import Killed, kill_once

N_KILLS = 50


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    for name, size_hw in (("24 MP", (4000, 6000)), ("100 MP", HUGE_HW)):
        yield from _painting(name, bench_jpeg(FOLDER, size_hw=size_hw)[0])
    yield from _kills(bench_jpeg(FOLDER, size_hw=(4000, 6000))[0])


def _painting(name: str, photo: Path) -> Iterator[Row]:
    off, _ = probe("autosave_off", photo)
    on, _ = probe("autosave_on", photo)
    note = f"without autosave {off['frame_p99']:.1f}, median {on['frame_median']:.1f} ms"
    yield Row(f"{name}, autosave while painting: frames, p99", on["frame_p99"], "ms", 33, note)
    note = f"without autosave {off['frame_max']:.1f}"
    yield Row(f"{name}, autosave while painting: longest frame", on["frame_max"], "ms", 33, note)
    yield Row(f"{name}, autosave: longest work of the window's thread", on["copy_max"], "ms", 16)
    note = f"{on['n_writes']:.0f} in 20 s; the first {on['write_first']:.0f} ms; all in the executor"
    yield Row(f"{name}, autosave: a write", on["write_median"], "ms", None, note)


def _kills(photo: Path) -> Iterator[Row]:
    killed = [_kill(photo, seed) for seed in range(N_KILLS)]
    n_hits = sum(one.hit_write for one in killed)
    n_deeds, n_steps = sum(one.n_deeds for one in killed), sum(one.n_steps for one in killed)
    note = f"{n_hits} of {N_KILLS} hit a write; {n_deeds} deeds; {n_steps} undo steps were back, to the bit"
    yield Row(
        "kill -9, 24 MP: the oldest deed that was lost", max(one.lost_s for one in killed), "s", 2.0, note
    )


def _kill(photo: Path, seed: int) -> Killed:
    with tempfile.TemporaryDirectory() as folder:
        return kill_once(photo, Path(folder), seed)
