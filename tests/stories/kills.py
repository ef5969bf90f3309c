"""Kills a process that paints, at some moment, and looks at what the next start of the program finds."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from meticulous_gui.core.document import Document
from meticulous_gui.core.recovery import recoverable_works
from tests.stories.painting_story import checksum

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Killed:
    """What was found after one kill.

    Attributes:
        lost_s: how long before the kill the first deed ended that did not come back; 0 where all came back.
        n_deeds: how many were done.
        n_steps: how many came back and could all be taken back and done again.
        hit_write: whether a write was under way.
    """

    lost_s: float
    n_deeds: int
    n_steps: int
    hit_write: bool


@dataclass(frozen=True)
class _Line:
    moment_s: float
    what: str
    value: int


def kill_once(photo: Path, folder: Path, seed: int, *, longest_s: float = 6.0) -> Killed:
    """Let somebody paint on ``photo``, kill the process with SIGKILL, bring its work back.

    Every other kill (odd seeds) waits for the next write to begin.

    Args:
        photo: what to paint on.
        folder: for the state; empty.
        seed: of what is painted and of the moment of the kill.
        longest_s: the kill comes within so many seconds of painting.

    Raises:
        AssertionError: the state that was found is none that ever was.
    """
    log = folder / "log"
    own = {f"METICULOUS_{name}_DIR": str(folder) for name in ("CONFIG", "STATE")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stories.painting_story", str(photo), str(log), str(seed)],
        cwd=ROOT,
        env={**os.environ, **own, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )
    chance = random.Random(seed)
    with process:
        try:
            _wait_for(log, "done", 1, process)
            time.sleep(chance.uniform(0.5, longest_s))
            if seed % 2:
                _wait_for(log, "write", _count(log, "write") + 1, process)
                time.sleep(chance.uniform(0.0, 0.03))
        finally:
            process.kill()
    killed_s = time.monotonic()
    return _judge(_lines(log), killed_s, folder / "autosave")


def _judge(lines: list[_Line], killed_s: float, works_folder: Path) -> Killed:
    deeds = [line for line in lines if line.what == "done"]
    writes = [line.what for line in lines if line.what in ("write", "written")]
    hit_write = writes[-1:] == ["write"]
    works = recoverable_works(works_folder)
    if not works:
        assert "written" not in writes, "a work that was written is found"
        lost_s = killed_s - deeds[0].moment_s if deeds else 0.0
        return Killed(lost_s, len(deeds), 0, hit_write)
    (work,) = works
    found = work.restore()
    document = Document(found.photo, layers=found.layers, history=found.history)
    n_steps = _there_and_back(document)
    sums = [line.value for line in lines if line.what in ("begin", "done")]
    if checksum(document) not in sums:
        document.undo()  # the stroke in hand came back as far as it was painted
    assert checksum(document) in sums, "what came back is a state that was there"
    n_back = len(sums) - 1 - sums[::-1].index(checksum(document))
    lost = deeds[n_back:]
    work.discard()
    return Killed(killed_s - lost[0].moment_s if lost else 0.0, len(deeds), n_steps, hit_write)


def _there_and_back(document: Document) -> int:
    """Undo everything and redo it; return how many steps that were."""
    before, n_redone = checksum(document), 0
    sums = []
    while document.undo() is not None:
        sums.append(checksum(document))
    assert not any(layer.alpha.any() for layer in document.layers), "at the beginning there was nothing"
    for known in [*sums[::-1][1:], before]:
        document.redo()
        n_redone += 1
        assert checksum(document) == known, "redo gives back what undo took"
    return n_redone


def _wait_for(log: Path, what: str, count: int, process: subprocess.Popen[bytes]) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while _count(log, what) < count:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr is not None else ""
            raise RuntimeError(f"the story ended with {process.returncode}: {said[-2000:]}")
        if time.monotonic() > end_s:
            raise TimeoutError(f"{what!r} did not happen {count} times in {PATIENCE_S:.0f} s")
        time.sleep(0.002)


def _count(log: Path, what: str) -> int:
    return sum(line.what == what for line in _lines(log))


def _lines(log: Path) -> list[_Line]:
    if not log.exists():
        return []
    fields = [line.split() for line in log.read_text().splitlines()]
    return [_Line(float(moment), what, int(value)) for moment, what, value in fields]
