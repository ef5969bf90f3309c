"""A day of work in one window, from inside: ``marathon_probe N`` takes N photos from opening to export.

Prints one line of JSON at the end: after every photo the memory, the open files and the mapped shared
memory of the window and its child.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from meticulous_gui.core.geometry import Box
from tests.bench.processes import children
from tests.bench.window_probe import BrushHand, Probe
from tests.bench.windows import memory_mb

SIZE_HW = (360, 480)
N_MOVES = 8


def make_photos(folder: Path, n_photos: int) -> list[Path]:
    """Write photos of an ellipse before a busy ground, no two alike."""
    rows, columns = np.mgrid[: SIZE_HW[0], : SIZE_HW[1]].astype(np.float32)
    paths = []
    for index in range(n_photos):
        rng = np.random.default_rng(index)
        y, x = rng.uniform(0.35, 0.65, 2) * SIZE_HW
        height, width = rng.uniform(60, 120, 2)
        is_inside = ((rows - y) / height) ** 2 + ((columns - x) / width) ** 2 < 1
        ground, colour = rng.uniform(20, 110, 3), rng.uniform(140, 240, 3)
        picture = np.where(is_inside[..., None], colour, ground) + rng.normal(0, 6, (*SIZE_HW, 3))
        paths.append(folder / f"{index:04d}.jpg")
        Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(paths[-1], quality=92)
    return paths


def work_on(probe: Probe, path: Path, *, is_first: bool) -> None:
    """Open one photo, paint, refine a region and export, each as a person does it and waits for it."""
    session, window = probe.session, probe.window
    if is_first:
        window.open_paths([path])
    else:
        window.actions_set.trigger("next_photo")
    probe.wait(
        lambda: session.document is not None and session.document.photo.path == path, f"opening {path.name}"
    )
    probe.wait(lambda: not session.work.is_running and bool(probe.document.active.alpha.any()), "the mask")
    hand = BrushHand(probe)
    hand.press()
    for _ in range(N_MOVES):
        hand.move()
        probe.application.processEvents()
    hand.release()
    ended: list[object] = []
    connection = session.work.ended.connect(ended.append)
    region = Box.whole(SIZE_HW)
    middle = region.width / 2, region.height / 2
    session.asking.refine_region(np.ones(region.size_hw, np.bool_), region, middle)
    probe.wait(lambda: bool(ended), f"the refine of {path.name}")
    session.work.ended.disconnect(connection)
    exported: list[object] = []
    connection = window.saving.exported.connect(exported.append)
    window.actions_set.trigger("export")
    probe.wait(lambda: bool(exported), f"the export of {path.name}")
    window.saving.exported.disconnect(connection)


def counts() -> tuple[int, int]:
    """Return open files and mappings of shared memory of this process and its children (Linux)."""
    n_files = n_mapped = 0
    for pid in (os.getpid(), *children(os.getpid())):
        n_files += len(list(Path(f"/proc/{pid}/fd").iterdir()))
        maps = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace")
        n_mapped += sum("/dev/shm/" in line or "(deleted)" in line for line in maps.splitlines())
    return n_files, n_mapped


def main() -> int:
    """Work through the photos and print what each left behind."""
    probe = Probe()
    samples: dict[str, list[float]] = {"memory_mb": [], "files": [], "mapped": []}
    with tempfile.TemporaryDirectory() as folder:
        paths = make_photos(Path(folder), int(sys.argv[1]))
        try:
            probe.program.start([])
            probe.size_canvas()
            probe.wait_for_networks()
            for index, path in enumerate(paths):
                work_on(probe, path, is_first=index == 0)
                n_files, n_mapped = counts()
                samples["memory_mb"].append(memory_mb(os.getpid()))
                samples["files"].append(n_files)
                samples["mapped"].append(n_mapped)
        finally:
            probe.leave()
        n_exported = len(list(Path(folder).glob("*-cutout.png")))
    print(json.dumps({**samples, "n_exported": n_exported}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
