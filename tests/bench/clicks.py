"""Clicks: from the press to the new mask, on photos of 24 and 100 megapixels."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import numpy as np

from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.tuning import keep_freed_memory
from meticulous_gui.engine.clicks.commands import (
    AddClick,
    ClickCommand,
    CloseClicks,
    PreviewClick,
    StartClicks,
)
from meticulous_gui.engine.jobs import ClickRequest, PhotoRef
from meticulous_gui.engine.oneshot import run_request, start_runner
from meticulous_gui.engine.runner import Runner
from tests.bench.photos import bench_jpeg
from tests.bench.table import FOLDER, Row
from tests.bench.windows import HUGE_HW

_N_ROUNDS: Final = 8
_N_MANY: Final = 200
_N_LAST: Final = 20
_REACH: Final = 0.31  # of the height, that the object reaches from the middle
_STALL_MS: Final = 1000.0
_POINTS: Final = (  # shares of width and height: the object is in the middle, and reaches 0.31 of the height
    (0.5, 0.5, True),
    (0.06, 0.08, False),
    (0.5, 0.28, True),
    (0.62, 0.6, True),
    (0.93, 0.5, False),
    (0.4, 0.7, True),
)


def measure() -> Iterator[Row]:
    """Yield the rows of this group."""
    keep_freed_memory()
    for name, size_hw, goal_ms in (("24 MP", (4000, 6000), 120.0), ("100 MP", HUGE_HW, 1000.0)):
        with closing(start_runner()) as runner:
            rgb = load_photo(bench_jpeg(FOLDER, size_hw=size_hw)[0]).rgb
            photo = runner.put_photo(rgb)
            opened = _spent(runner, photo, StartClicks())
            rounds = [_round(runner, photo, shift=n / 400) for n in range(_N_ROUNDS)]
            many = _many(runner, photo) if name == "24 MP" else []
            device = runner.status().device
        firsts = [times[0] for times in rounds[1:]]
        later = [spent for times in rounds[1:] for spent in times[1:-1]]
        hovers = [times[-1] for times in rounds[1:]]
        yield Row(
            f"{name}: clicks begin, the network and the photo made ready", opened.wall_ms, "ms", None, device
        )
        for title, times in (("the first click", firsts), ("a later click", later), ("a hover", hovers)):
            yield Row(
                f"{name}: {title} to its mask, p95", _wall_ms(times, 95), "ms", goal_ms, _processor(times)
            )
        if many:
            last = many[-_N_LAST:]
            note = f"median {_wall_ms(many, 50):.0f}, p95 {_wall_ms(many, 95):.0f}, {_processor(many)}"
            yield Row(
                f"{name}: {_N_MANY} clicks on an object, the slowest",
                _wall_ms(many, 100),
                "ms",
                _STALL_MS,
                note,
            )
            note = f"p95 {_wall_ms(last, 95):.0f}, {_processor(last)}"
            yield Row(
                f"{name}: the last {_N_LAST} of them, median", _wall_ms(last, 50), "ms", _STALL_MS, note
            )


@dataclass(frozen=True)
class Spent:
    """What a command took: on the clock, and of the processor (other programs may take their share)."""

    wall_ms: float
    processor_ms: float


def _wall_ms(times: Sequence[Spent], percent: float) -> float:
    return float(np.percentile([spent.wall_ms for spent in times], percent))


def _processor(times: Sequence[Spent]) -> str:
    median, p95 = np.percentile([spent.processor_ms for spent in times], (50, 95))
    return f"processor {median:.0f}, p95 {p95:.0f}"


def _many(runner: Runner, photo: PhotoRef) -> list[Spent]:
    """Return the times of many clicks on one object, most of them where the mask is right already."""
    height, width = photo.size_hw
    rng = np.random.default_rng(0)
    _spent(runner, photo, StartClicks())
    times = []
    for x, y in rng.uniform(0, (width, height), (_N_MANY, 2)).tolist():
        is_positive = bool(np.hypot(x - width / 2, y - height / 2) < _REACH * height)
        times.append(_spent(runner, photo, AddClick(x, y, is_positive=is_positive)))
    _spent(runner, photo, CloseClicks())
    return times


def _round(runner: Runner, photo: PhotoRef, *, shift: float) -> list[Spent]:
    """Return the times of the clicks of one object, the first one first, and of a hover at the end."""
    height, width = photo.size_hw
    _spent(runner, photo, StartClicks())
    times = [
        _spent(runner, photo, AddClick((x + shift) * width, y * height, is_positive=is_positive))
        for x, y, is_positive in _POINTS
    ]
    times.append(_spent(runner, photo, PreviewClick((0.55 + shift) * width, 0.45 * height)))
    _spent(runner, photo, CloseClicks())
    return times


def _spent(runner: Runner, photo: PhotoRef, command: ClickCommand) -> Spent:
    alpha = np.zeros(photo.size_hw, np.uint8)
    began, processor = time.perf_counter(), time.process_time()
    run_request(runner, ClickRequest(photo, "bench", command), alpha)
    return Spent(1000 * (time.perf_counter() - began), 1000 * (time.process_time() - processor))
