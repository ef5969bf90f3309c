"""A real window in a process of its own, measured from inside: ``window_probe CASE PHOTO``.

Prints one line of JSON at the end. The parent gives the moment it started this process as BENCH_STARTED
(``time.monotonic``, one clock for all processes).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

STARTED_S = float(os.environ.get("BENCH_STARTED", time.monotonic()))
if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer  # noqa: E402
from PySide6.QtGui import QPaintEvent  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from meticulous_gui.core.autosave import Autosave  # noqa: E402
from meticulous_gui.core.autosave_store import WorkFile  # noqa: E402
from meticulous_gui.core.document import Document  # noqa: E402
from meticulous_gui.core.edit import Edit  # noqa: E402
from meticulous_gui.core.folders import state_dir  # noqa: E402
from meticulous_gui.core.geometry import Box, bounding_box  # noqa: E402
from meticulous_gui.core.photo import DecodeLimits, load_alpha  # noqa: E402
from meticulous_gui.core.tuning import collect_seldom, give_way_soon  # noqa: E402
from meticulous_gui.core.types import Alpha  # noqa: E402
from meticulous_gui.ui.app import Program, make_application  # noqa: E402
from meticulous_gui.ui.scene_widget import SceneWidget  # noqa: E402
from meticulous_gui.ui.trouble import Trouble  # noqa: E402
from tests.bench.processes import percentile  # noqa: E402
from tests.ui.mouse import send  # noqa: E402

Figures = dict[str, float]

VIEW_WH = (1920, 1080)
FRAME_MS = 16
TIMEOUT_S = 120.0
N_STEPS = 300
PAINTING_S = 20.0


class Probe:
    """The running program, and when its canvas painted.

    Attributes:
        paints_s: the end of each paint of the canvas, ``time.monotonic``.
        own_paints_s: the same in time that this thread has worked.
    """

    def __init__(self) -> None:
        self.paints_s: list[float] = []
        self.own_paints_s: list[float] = []
        self._watch_paints()
        collect_seldom()  # as the program's entry does
        give_way_soon()
        self.application = make_application()
        self.program = Program(self.application, Trouble(state_dir() / "meticulous.log"))
        self.window, self.session = self.program.window, self.program.session
        self.canvas = self.window.canvas

    def _watch_paints(self) -> None:
        paint, paints_s, own_paints_s = SceneWidget.paintEvent, self.paints_s, self.own_paints_s

        def timed(widget: SceneWidget, event: QPaintEvent) -> None:
            paint(widget, event)
            paints_s.append(time.monotonic())
            own_paints_s.append(time.thread_time())

        SceneWidget.paintEvent = timed  # type: ignore[method-assign,assignment]

    def wait(self, is_so: Callable[[], bool], what: str) -> float:
        """Run the real event loop until ``is_so``; return the moment."""
        loop, end_s = QEventLoop(), time.monotonic() + TIMEOUT_S
        timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=1)
        timer.timeout.connect(lambda: loop.quit() if is_so() or time.monotonic() > end_s else None)
        timer.start()
        if not is_so():
            loop.exec()
        timer.stop()
        if not is_so():
            raise TimeoutError(f"{what} did not happen in {TIMEOUT_S:.0f} s")
        return time.monotonic()

    def wait_for_paint_after(self, moment_s: float, what: str) -> float:
        """Return the end of the first paint after ``moment_s``."""
        self.wait(lambda: self.paints_s[-1:] > [moment_s], what)
        return next(end_s for end_s in self.paints_s if end_s > moment_s)

    def wait_for_networks(self) -> None:
        """Wait until the child has loaded both networks and run each once."""
        self.wait(lambda: self.session.runner is not None, "the start of the networks' process")
        runner = self.session.runner
        assert runner is not None
        self.wait(lambda: len(runner.status().networks) >= 2, "the loading of the networks")

    def size_canvas(self) -> None:
        """Give the canvas the size of a 1080p view."""
        for _ in range(3):
            more_w, more_h = VIEW_WH[0] - self.canvas.width(), VIEW_WH[1] - self.canvas.height()
            self.window.resize(self.window.width() + more_w, self.window.height() + more_h)
            self.application.processEvents()

    def open(self, photo: Path) -> Figures:
        """Open a photo; return when its first picture, its whole, its mask and its last patch were seen."""
        session, moments = self.session, dict[str, float]()
        session.shown.scene_replaced.connect(lambda: moments.setdefault("first", time.monotonic()))
        session.document_opened.connect(lambda: moments.setdefault("whole", time.monotonic()))
        session.shown.pixels_changed.connect(lambda _box: moments.setdefault("mask", time.monotonic()))
        session.work.ended.connect(lambda _outcome: moments.setdefault("refined", time.monotonic()))
        begun_s = time.monotonic()
        self.window.open_paths([photo])
        figures = {}
        for name in ("first", "whole", "mask", "refined"):
            self.wait(lambda name=name: name in moments, f"{name} of {photo.name}")  # type: ignore[misc]
            figures[name] = self.wait_for_paint_after(moments[name] - 1e-4, "a paint") - begun_s
        return figures

    def open_quietly(self, photo: Path) -> None:
        """Show the window and open a photo with a rough mask; networks are not started."""
        self.window.show()
        self.size_canvas()
        opened: list[object] = []
        self.session.document_opened.connect(lambda: opened.append(None))
        self.window.open_paths([photo])
        self.wait(lambda: bool(opened), "the whole photo")
        self.use_rough_mask(photo)
        self.application.processEvents()

    def use_rough_mask(self, photo: Path) -> None:
        """Put the photo's true mask, shrunk by 8 and enlarged, on its layer: the same on every machine."""
        alpha = load_alpha(rough_mask_of(photo), DecodeLimits(max_side_px=100_000))
        self.session.commit(Edit(self.document.active.id, self.document.box, alpha, title="Use a mask"))

    @property
    def document(self) -> Document:
        """The open document."""
        assert self.session.document is not None
        return self.session.document

    def leave(self) -> None:
        """Close the window as a person who saved would."""
        self.window.close_without_question()
        self.application.processEvents()


def case_start(probe: Probe, _photo: Path) -> Figures:
    """From process start to the first picture of the window, and whether torch was ever loaded."""
    probe.program.start([])
    visible_s = probe.wait_for_paint_after(0.0, "the first paint") - STARTED_S
    probe.wait_for_networks()
    return {
        "visible": visible_s,
        "warm": time.monotonic() - STARTED_S,
        "has_torch": float(any(name.split(".")[0] == "torch" for name in sys.modules)),
    }


def case_open(probe: Probe, photo: Path) -> Figures:
    """Opening a photo while the child is warm."""
    probe.program.start([])
    probe.size_canvas()
    probe.wait_for_networks()
    return probe.open(photo)


def case_region(probe: Probe, photo: Path) -> Figures:
    """A region refine of 1000 x 1000 px while a brush goes on painting elsewhere."""
    probe.program.start([])
    probe.size_canvas()
    probe.wait_for_networks()
    probe.open(photo)
    probe.use_rough_mask(photo)
    region = region_at_edge(probe.document.active.alpha)
    moments: dict[str, float] = {}

    def note_patch(box: Box) -> None:
        if not box.clip(region).is_empty:
            moments.setdefault("patch", time.monotonic())

    brush = BrushHand(probe)
    probe.session.shown.pixels_changed.connect(note_patch)
    probe.session.work.ended.connect(lambda _outcome: moments.setdefault("end", time.monotonic()))
    focus = (region.x0 + region.width / 2, region.y0 + region.height / 2)
    begun_s = time.monotonic()
    probe.session.asking.refine_region(np.ones(region.size_hw, np.bool_), region, focus)
    brush.start()
    probe.wait(lambda: "end" in moments, "the end of the refine")
    brush.stop()
    end_s = probe.wait_for_paint_after(moments["end"] - 1e-4, "the last paint")
    first_s = next(paint_s for paint_s in probe.paints_s if paint_s > moments.get("patch", begun_s))
    frames_ms = gaps_ms([paint_s for paint_s in probe.paints_s if begun_s <= paint_s <= end_s])
    return {
        "first_patch": first_s - begun_s,
        "all": end_s - begun_s,
        **spread("frame", frames_ms),
        "frame_max": max(frames_ms),
        "n_frames": float(len(frames_ms)),
    }


def case_huge(probe: Probe, photo: Path) -> Figures:
    """A brush, panning and zooming on 100 MP, and a refine for the peak of memory."""
    probe.program.start([])
    probe.size_canvas()
    probe.wait_for_networks()
    opened = probe.open(photo)
    probe.use_rough_mask(photo)
    canvas = probe.canvas
    figures = {"open": opened["whole"]}
    for zoom, name in ((0.0, "fit"), (0.67, "67")):
        canvas.fit() if zoom == 0.0 else canvas.zoom_to(zoom)
        probe.application.processEvents()
        brush = BrushHand(probe)
        brush.press()
        figures |= spread(f"brush_{name}", [timed_ms(probe, brush.move) for _ in range(N_STEPS)])
        brush.release()
    there_and_back = [1 if step % 20 < 10 else -1 for step in range(N_STEPS)]
    pans = [timed_ms(probe, partial(canvas.pan_by, 40 * sign, 25 * sign)) for sign in there_and_back]
    zooms = [timed_ms(probe, partial(canvas.zoom_by_steps, sign)) for sign in there_and_back]
    figures |= {**spread("pan", pans), **spread("zoom", zooms)}
    region = region_at_edge(probe.document.active.alpha)
    ended: list[object] = []
    probe.session.work.ended.connect(ended.append)
    probe.session.asking.refine_region(np.ones(region.size_hw, np.bool_), region, (region.x0, region.y0))
    probe.wait(lambda: bool(ended), "the end of the refine")
    return figures


def case_autosave(probe: Probe, photo: Path, *, is_on: bool) -> Figures:
    """A brush that never stops for twenty seconds, with and without autosave; networks are not started."""
    settings = probe.session.settings
    probe.session.settings = replace(settings, history=replace(settings.history, autosaves=is_on))
    copies_ms, writes_ms = time_autosave()
    probe.open_quietly(photo)
    brush = BrushHand(probe)
    brush.start()
    begun_s = time.monotonic()
    probe.wait(lambda: time.monotonic() - begun_s > PAINTING_S, "the end of painting")
    brush.stop()
    frames_ms = gaps_ms([paint_s for paint_s in probe.paints_s if paint_s > begun_s])
    return {
        **spread("frame", frames_ms),
        "frame_max": max(frames_ms),
        "copy_max": max(copies_ms, default=0.0),
        "n_writes": float(len(writes_ms)),
        "write_first": writes_ms[0] if writes_ms else 0.0,
        "write_median": percentile(writes_ms[1:], 0.5) if writes_ms[1:] else 0.0,
    }


def time_autosave() -> tuple[list[float], list[float]]:
    """Return what autosave takes from now on: work of the window's thread, and how long each write lasts."""
    copies_ms: list[float] = []
    writes_ms: list[float] = []

    def timed(method: Callable[..., Any], times_ms: list[float], clock: Callable[[], float]) -> Any:
        def call(*arguments: Any) -> Any:
            begun_s = clock()
            try:
                return method(*arguments)
            finally:
                times_ms.append((clock() - begun_s) * 1000)

        return call

    # Of the thread alone: on a machine that does other things as well it says more than a clock on the wall.
    Autosave.copy_some = timed(Autosave.copy_some, copies_ms, time.thread_time)  # type: ignore[method-assign]
    Autosave.take = timed(Autosave.take, copies_ms, time.thread_time)  # type: ignore[method-assign]
    WorkFile.write = timed(WorkFile.write, writes_ms, time.perf_counter)  # type: ignore[method-assign]
    return copies_ms, writes_ms


class BrushHand:
    """A left button held down that wanders over the lower left of the canvas, a step each frame."""

    def __init__(self, probe: Probe) -> None:
        self._canvas = probe.canvas
        self._n_moves = 0
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=FRAME_MS)
        self._timer.timeout.connect(self.move)

    def start(self) -> None:
        self.press()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self.release()

    def press(self) -> None:
        self._send(QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton)

    def move(self) -> None:
        self._n_moves += 1
        self._send(QEvent.Type.MouseMove, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton)

    def release(self) -> None:
        self._send(QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton)

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        # There and back: a hand never jumps. 18 px a frame are a quick hand's 1,100 px a second.
        x = 60 + _there_and_back(self._n_moves * 17, 500)
        y = self._canvas.height() - 60 - _there_and_back(self._n_moves * 6, 200)
        send(self._canvas, kind, (x, y), button=button, held=held)


def _there_and_back(way_px: int, length_px: int) -> int:
    return length_px - abs(way_px % (2 * length_px) - length_px)


def timed_ms(probe: Probe, act: Callable[[], None]) -> float:
    """Return the time from an act to the end of the paint it causes."""
    begun_s, n_paints = time.monotonic(), len(probe.paints_s)
    act()
    while len(probe.paints_s) == n_paints and time.monotonic() - begun_s < 1.0:
        QApplication.processEvents()
    return (probe.paints_s[-1] - begun_s) * 1000 if len(probe.paints_s) > n_paints else 0.0


def spread(name: str, values_ms: list[float]) -> Figures:
    """Return the 99th percentile, which is the goal, and the median, which a busy machine disturbs less."""
    return {f"{name}_p99": percentile(values_ms, 0.99), f"{name}_median": percentile(values_ms, 0.5)}


def region_at_edge(alpha: Alpha) -> Box:
    """Return 1000 x 1000 px around the topmost pixel of the mask."""
    mask = alpha >= 128
    bounds = bounding_box(mask)
    column = int(np.flatnonzero(mask[bounds.y0])[0])
    whole = Box.whole((mask.shape[0], mask.shape[1]))
    x0 = min(max(column - 500, 0), whole.width - 1000)
    y0 = min(max(bounds.y0 - 300, 0), whole.height - 1000)
    return Box(x0, y0, x0 + 1000, y0 + 1000)


def rough_mask_of(photo: Path) -> Path:
    """Return the file of a rough mask of a benchmark photo, made once."""
    rough = photo.with_suffix(".rough.png")
    if not rough.exists():
        truth = cv2.imread(str(photo.with_suffix(".alpha.png")), cv2.IMREAD_GRAYSCALE)
        assert truth is not None
        small = cv2.resize(truth, None, fx=1 / 8, fy=1 / 8, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(rough), cv2.resize(small, truth.shape[::-1], interpolation=cv2.INTER_LINEAR))
    return rough


def gaps_ms(moments_s: list[float]) -> list[float]:
    """Return the times between neighbours."""
    return [(b - a) * 1000 for a, b in pairwise(moments_s)] or [0.0]


CASES: dict[str, Callable[[Probe, Path], Figures]] = {
    "start": case_start,
    "open": case_open,
    "region": case_region,
    "huge": case_huge,
    "autosave_on": partial(case_autosave, is_on=True),
    "autosave_off": partial(case_autosave, is_on=False),
}


def main(cases: Mapping[str, Callable[[Probe, Path], Figures]]) -> int:
    """Measure the case that the command line names, on the file it names, and print the figures."""
    probe = Probe()
    try:
        figures = cases[sys.argv[1]](probe, Path(sys.argv[2]))
    finally:
        probe.leave()
    print(json.dumps(figures), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(CASES))
