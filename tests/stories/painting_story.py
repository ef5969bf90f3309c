"""Somebody who paints and never stops, in a process of its own that is made to be killed.

``python -m tests.stories.painting_story PHOTO LOG SEED``. Each line of LOG is written at once: when
(``time.monotonic``), what, and for a deed that is done a checksum of everything it left behind.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from zlib import crc32

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest

from meticulous_gui.core.autosave_store import Changes, WorkFile
from meticulous_gui.core.document import Document
from meticulous_gui.core.folders import state_dir
from meticulous_gui.ui.app import Program, make_application
from meticulous_gui.ui.trouble import Trouble
from tests.ui.mouse import LEFT, NO_BUTTON, send

STEP_MS = 12
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def checksum(document: Document) -> int:
    """Return a number that tells apart all states of the layers: pixels, decided bits, names, order."""
    total = 0
    for layer in document.layers:
        total = crc32(layer.alpha.data, crc32(f"{layer.id} {layer.name} {layer.colour}".encode(), total))
        for key in sorted(layer.decided.tile_keys()):
            bits = layer.decided.tile(key)
            total = crc32(str(key).encode(), total) if bits is None else crc32(bits.data, total)
    return total


class Log:
    """Lines that survive whatever happens to this process a moment later."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, what: str, value: int = 0) -> None:
        os.write(self._descriptor, f"{time.monotonic():.6f} {what} {value}\n".encode())


class Painter:
    """Paints strokes with a mouse, takes some back, adds and removes layers: a step each few milliseconds."""

    def __init__(self, program: Program, log: Log, seed: int) -> None:
        self._window = program.window
        self._session = program.session
        self._log = log
        self._random = random.Random(seed)
        self._stroke: list[tuple[float, float]] = []
        self._timer = QTimer(interval=STEP_MS)
        self._timer.timeout.connect(self._step)

    def start(self) -> None:
        self._log.note("begin", checksum(self._document))
        self._timer.start()

    @property
    def _document(self) -> Document:
        assert self._session.document is not None
        return self._session.document

    def _step(self) -> None:
        canvas = self._window.canvas
        if self._stroke:
            send(canvas, QEvent.Type.MouseMove, self._stroke.pop(), button=NO_BUTTON, held=LEFT)
            if not self._stroke:
                place = self._point()
                send(canvas, QEvent.Type.MouseButtonRelease, place, button=LEFT, held=NO_BUTTON)
                self._done()
            return
        deed = self._random.random()
        n_done, n_layers = self._document.history.n_done, len(self._document.layers)
        if deed < 0.12 and n_done > 3:
            QTest.keyClick(canvas, Qt.Key.Key_Z, CTRL)
            self._done()
        elif deed < 0.17 and self._document.can_redo:
            QTest.keyClick(canvas, Qt.Key.Key_Z, CTRL | SHIFT)
            self._done()
        elif deed < 0.20 and n_layers < 3:
            self._window.actions_set.trigger("add_layer")
            self._done()
        elif deed < 0.23 and n_layers > 1:
            self._window.actions_set.trigger("remove_layer")
            self._done()
        else:
            QTest.keyClick(canvas, self._random.choice([Qt.Key.Key_B, Qt.Key.Key_B, Qt.Key.Key_E]))
            self._stroke = [self._point() for _ in range(self._random.randint(3, 25))]
            send(canvas, QEvent.Type.MouseButtonPress, self._point(), button=LEFT, held=LEFT)

    def _point(self) -> tuple[float, float]:
        canvas = self._window.canvas
        return self._random.uniform(20, canvas.width() - 20), self._random.uniform(20, canvas.height() - 20)

    def _done(self) -> None:
        self._log.note("done", checksum(self._document))


def log_writes(log: Log) -> None:
    """Note when a write begins and ends."""
    write = WorkFile.write

    def logged(file: WorkFile, changes: Changes) -> None:
        log.note("write")
        write(file, changes)
        log.note("written")

    WorkFile.write = logged  # type: ignore[method-assign,assignment]


def main() -> int:
    """Paint until the end comes from outside."""
    photo, log, seed = Path(sys.argv[1]), Log(Path(sys.argv[2])), int(sys.argv[3])
    log_writes(log)
    application = make_application()
    program = Program(application, Trouble(state_dir() / "meticulous.log"))
    program.window.show()
    program.window.resize(1100, 800)
    painter = Painter(program, log, seed)
    program.session.document_opened.connect(painter.start)
    program.window.open_paths([photo])
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
