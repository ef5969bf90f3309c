"""A hand at work in a real window, measured from inside: ``hand_probe CASE PHOTO``; see `window_probe`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent

from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import bounding_box
from tests.bench.window_probe import N_STEPS, BrushHand, Figures, Probe, main, spread
from tests.ui.mouse import LEFT, NO_BUTTON, drag, send

RAMP_PX = 40
PATIENCE_S = 5.0
N_TICKS = 60


def case_brush(probe: Probe, photo: Path) -> Figures:
    """A brush that moves step by step, with the whole photo in view and close to it."""
    probe.open_quietly(photo)
    figures: Figures = {}
    for zoom, name in ((0.0, "fit"), (0.67, "67")):
        probe.canvas.fit() if zoom == 0.0 else probe.canvas.zoom_to(zoom)
        probe.application.processEvents()
        brush = BrushHand(probe)
        brush.press()
        figures |= spread_both(probe, name, [brush.move] * N_STEPS)
        brush.release()
    return figures


def case_undo(probe: Probe, photo: Path) -> Figures:
    """Undo of each kind of step that there is, from the key to the paint."""
    probe.open_quietly(photo)
    canvas, session, document = probe.canvas, probe.session, probe.document
    middle = canvas.width() / 2, canvas.height() / 2

    def stroke() -> None:
        drag(canvas, (middle[0] - 300, middle[1]), (middle[0] + 300, middle[1] + 100))

    def panel() -> None:
        panels = probe.window.edge_panels
        panels.open_adjust()
        assert panels.adjust is not None
        panels.adjust.grow.field.setValue(6.0)
        panels.adjust.feather.field.setValue(4.0)
        n_before = document.history.n_done
        panels.apply()
        probe.wait(lambda: document.history.n_done > n_before, "the adjusted edge")

    def move() -> None:
        probe.window.toolbox.choose("move")
        drag(canvas, middle, (middle[0] + 40, middle[1] + 20))
        probe.window.toolbox.choose("brush")

    def remove_layer() -> None:
        document.add_layer()
        document.remove_layer(document.layers[0].id)

    def soft_mask() -> None:
        # As bad as a mask gets: not a pixel is all or nothing, and none stays.
        ramp = (np.arange(document.box.width) // RAMP_PX % 200 + 20).astype(np.uint8)
        whole = np.ascontiguousarray(np.broadcast_to(ramp, document.box.size_hw))
        session.commit(Edit(document.active.id, document.box, whole, title="Soft mask"))

    steps: dict[str, Callable[[], object]] = {
        "stroke": stroke,
        "adjusted edge": panel,
        "moved mask": move,
        "inverted mask": probe.window.commands.mask.invert,
        "cleared mask": probe.window.commands.mask.clear,
        "soft mask": soft_mask,
        "added layer": document.add_layer,
        "removed layer": remove_layer,
    }
    figures: Figures = {}
    for name, step in steps.items():
        step()
        probe.application.processEvents()
        figures[name], figures[f"{name}, own"] = timed_both_ms(probe, session.undo)
        probe.application.processEvents()
    return figures


def case_preview(probe: Probe, photo: Path) -> Figures:
    """What is shown while a slider or the tolerance moves, and the whole photo worked out at the end."""
    probe.open_quietly(photo)
    canvas, document = probe.canvas, probe.document
    panels = probe.window.edge_panels
    figures: Figures = {}
    for zoom, name in ((0.0, "fit"), (1.0, "100")):
        canvas.zoom_to_box(bounding_box(document.active.alpha)) if zoom == 0.0 else canvas.zoom_to(zoom)
        panels.open_adjust()
        assert panels.adjust is not None
        panels.adjust.feather.field.setValue(4.0)
        probe.application.processEvents()
        steps = [partial(panels.adjust.grow.field.setValue, step % 20 / 2 + 1) for step in range(N_TICKS)]
        figures |= spread_both(probe, f"adjust_{name}", steps)
        panels.drop()
        probe.window.toolbox.choose("similar")
        start = canvas.width() * 0.3, canvas.height() * 0.3
        send(canvas, QEvent.Type.MouseButtonPress, start, button=LEFT, held=LEFT)

        places = [(start[0] + 2 + step % 40 * 2, start[1]) for step in range(N_TICKS)]
        pulls = [
            partial(send, canvas, QEvent.Type.MouseMove, place, button=NO_BUTTON, held=LEFT)
            for place in places
        ]
        figures |= spread_both(probe, f"similar_{name}", pulls)
        canvas.cancel_gesture()
        probe.window.toolbox.choose("brush")
    panels.open_adjust()
    assert panels.adjust is not None
    panels.adjust.grow.field.setValue(4.0)
    begun_s, n_before = time.monotonic(), document.history.n_done
    panels.apply()
    figures["applied"] = probe.wait(lambda: document.history.n_done > n_before, "the new edge") - begun_s
    return figures


def spread_both(probe: Probe, name: str, acts: Sequence[Callable[[], object]]) -> Figures:
    """Return both spreads of `timed_both_ms`, the second under the name with "_own"."""
    times_ms = [timed_both_ms(probe, act) for act in acts]
    return {
        **spread(name, [passed_ms for passed_ms, _ in times_ms]),
        **spread(f"{name}_own", [own_ms for _, own_ms in times_ms]),
    }


def timed_both_ms(probe: Probe, act: Callable[[], object]) -> tuple[float, float]:
    """Return the time from an act to the end of its paint, and how much of it the window's thread worked.

    The second is what an idle machine would take, as far as anything else can tell on a busy one. What the
    same turn of the event loop does after the paint, such as a slice of autosave, belongs to neither.
    """
    begun_s, own_begun_s = time.monotonic(), time.thread_time()
    n_paints = len(probe.paints_s)
    act()
    while len(probe.paints_s) == n_paints and time.monotonic() - begun_s < PATIENCE_S:
        probe.application.processEvents()
    if len(probe.paints_s) == n_paints:
        raise TimeoutError(f"there was no paint in {PATIENCE_S:.0f} s")
    return (probe.paints_s[n_paints] - begun_s) * 1000, (probe.own_paints_s[n_paints] - own_begun_s) * 1000


CASES: dict[str, Callable[[Probe, Path], Figures]] = {
    "brush": case_brush,
    "preview": case_preview,
    "undo": case_undo,
}


if __name__ == "__main__":
    sys.exit(main(CASES))
