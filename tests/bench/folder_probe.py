"""A real window on a folder, measured from inside: ``folder_probe CASE FOLDER``; see `window_probe`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest

from meticulous_gui.ui.strip.dock import StripView
from tests.bench.processes import median, percentile
from tests.bench.window_probe import FRAME_MS, BrushHand, Figures, Probe, gaps_ms, main

SCROLL_S = 6.0
SCROLL_PX = 90


def case_next(probe: Probe, folder: Path) -> Figures:
    """PageDown onto photos that are ready, once with a stroke that has to be saved."""
    probe.program.start([])
    probe.size_canvas()
    probe.wait_for_networks()
    probe.open(folder)
    ahead = probe.window.folder.work.ahead
    ready_ms: list[float] = []
    ahead_s: list[float] = []
    painted_ms = 0.0
    for name in sorted(path.name for path in folder.glob("*.jpg"))[1:]:
        begun_s = time.monotonic()
        probe.wait(lambda: ahead.is_ready and not probe.session.work.is_running, f"the preparation of {name}")
        ahead_s.append(time.monotonic() - begun_s)
        if painted_ms == 0.0 and ready_ms:
            brush = BrushHand(probe)
            brush.press()
            brush.move()
            brush.release()
            probe.application.processEvents()
            painted_ms = _page_down_ms(probe, name)
        else:
            ready_ms.append(_page_down_ms(probe, name))
        assert probe.document.active.alpha.any(), "the mask must be there with the picture"
    return {"ready": median(ready_ms), "longest": max(ready_ms), "painted": painted_ms, "ahead": max(ahead_s)}


def _page_down_ms(probe: Probe, name: str) -> float:
    begun_s = time.monotonic()
    QTest.keyClick(probe.canvas, Qt.Key.Key_PageDown)
    shown_s = probe.wait_for_paint_after(begun_s, "a paint")
    assert probe.document.photo.name == name
    return (shown_s - begun_s) * 1000


def case_many(probe: Probe, folder: Path) -> Figures:
    """Open a folder of many photos and scroll its strip from one end towards the other."""
    probe.program.start([])
    probe.size_canvas()
    probe.wait_for_networks()
    alone = folder.parent / "alone"
    alone.mkdir(exist_ok=True)
    photo = next(folder.iterdir())
    if not (alone / "one.jpg").exists():
        (alone / "one.jpg").hardlink_to(photo)
    probe.open(alone)
    before_mb = _own_memory_mb()
    paints_s: list[float] = []
    _watch(StripView, paints_s)
    begun_s = time.monotonic()
    opened: list[float] = []
    probe.session.document_opened.connect(lambda: opened.append(time.monotonic()))
    probe.window.open_paths([folder])
    probe.wait(lambda: bool(opened) and bool(paints_s), "the folder")
    end_s = probe.wait_for_paint_after(opened[0], "a paint")
    open_s = max(end_s, paints_s[0]) - begun_s
    frames_ms = _scroll(probe, paints_s)
    return {
        "open": open_s,
        "frame_p99": percentile(frames_ms, 0.99),
        "frame_max": max(frames_ms),
        "memory": max(_own_memory_mb() - before_mb, 0.0),
    }


def _scroll(probe: Probe, paints_s: list[float]) -> list[float]:
    """Scroll a step each frame; return how long each turn of the event loop with its paint took."""
    bar = probe.window.folder.strip.view.horizontalScrollBar()
    turns_s: list[float] = []

    def step() -> None:
        turns_s.append(time.monotonic())
        bar.setValue(bar.value() + SCROLL_PX)

    timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=FRAME_MS)
    timer.timeout.connect(step)
    timer.start()
    end_s = time.monotonic() + SCROLL_S
    probe.wait(lambda: time.monotonic() > end_s, "the end of scrolling")
    timer.stop()
    first = next(index for index, moment_s in enumerate(paints_s) if moment_s > turns_s[0])
    return gaps_ms(paints_s[first:])


def _watch(view: type[StripView], paints_s: list[float]) -> None:
    paint: Callable[[StripView, QPaintEvent], None] = view.paintEvent

    def timed(widget: StripView, event: QPaintEvent) -> None:
        paint(widget, event)
        paints_s.append(time.monotonic())

    view.paintEvent = timed  # type: ignore[method-assign,assignment]


def _own_memory_mb() -> float:
    """Return this process's memory without its children's, in 10**6 bytes; 0 where it cannot be told."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024 / 1e6


CASES = {"next": case_next, "many": case_many}


if __name__ == "__main__":
    sys.exit(main(CASES))
