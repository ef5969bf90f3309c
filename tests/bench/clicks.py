"""Clicks: from the press to the new mask, on photos of 24 and 100 megapixels."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
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
            began = time.perf_counter()
            _seconds(runner, photo, StartClicks())
            opened_ms = 1000 * (time.perf_counter() - began)
            rounds = [_round(runner, photo, shift=n / 400) for n in range(_N_ROUNDS)]
            many = _many(runner, photo) if name == "24 MP" else []
            device = runner.status().device
        firsts = [times[0] for times in rounds[1:]]
        later = [ms for times in rounds[1:] for ms in times[1:-1]]
        hovers = [times[-1] for times in rounds[1:]]
        yield Row(
            f"{name}: clicks begin, the network and the photo made ready", opened_ms, "ms", None, device
        )
        for title, times in (("the first click", firsts), ("a later click", later), ("a hover", hovers)):
            note = f"median {np.median(times):.0f}"
            yield Row(
                f"{name}: {title} to its mask, p95", float(np.percentile(times, 95)), "ms", goal_ms, note
            )
        if many:
            note = f"the 10th {np.median(many[5:15]):.0f}, the slowest {max(many):.0f}"
            yield Row(
                f"{name}: the {_N_MANY}th click on an object",
                float(np.median(many[-10:])),
                "ms",
                _STALL_MS,
                note,
            )


def _many(runner: Runner, photo: PhotoRef) -> list[float]:
    """Return ms of many clicks on one object, most of them where the mask is right already."""
    height, width = photo.size_hw
    rng = np.random.default_rng(0)
    _seconds(runner, photo, StartClicks())
    times = []
    for x, y in rng.uniform(0, (width, height), (_N_MANY, 2)).tolist():
        is_positive = bool(np.hypot(x - width / 2, y - height / 2) < _REACH * height)
        times.append(1000 * _seconds(runner, photo, AddClick(x, y, is_positive=is_positive)))
    _seconds(runner, photo, CloseClicks())
    return times


def _round(runner: Runner, photo: PhotoRef, *, shift: float) -> list[float]:
    """Return ms of the clicks of one object, the first one first, and of a hover at the end."""
    height, width = photo.size_hw
    _seconds(runner, photo, StartClicks())
    times = [
        _seconds(runner, photo, AddClick((x + shift) * width, y * height, is_positive=is_positive))
        for x, y, is_positive in _POINTS
    ]
    times.append(_seconds(runner, photo, PreviewClick((0.55 + shift) * width, 0.45 * height)))
    _seconds(runner, photo, CloseClicks())
    return [1000 * seconds for seconds in times]


def _seconds(runner: Runner, photo: PhotoRef, command: ClickCommand) -> float:
    alpha = np.zeros(photo.size_hw, np.uint8)
    began = time.perf_counter()
    run_request(runner, ClickRequest(photo, "bench", command), alpha)
    return time.perf_counter() - began
