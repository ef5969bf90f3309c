"""Show every state of the window side by side: ``python docs/pictures/states.py [-o FOLDER]``.

Writes one picture a state and ``states.webp``, the sheet that a designer looks at before a release.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import make

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

    from meticulous_gui.ui.app import Program

COLUMNS = 3
SHEET_WIDTH_PX = 720  # of one state on the sheet
CAPTION_PX = 26
PREVIEW_MS = 3000  # what comes in the background is there then


def main() -> None:
    """Take all states and put them on the sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parent, help="folder of the sheet")
    parser.add_argument("--each", type=Path, default=None, help="folder for the single pictures too")
    parser.add_argument("--only-masked", type=Path, default=None, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_masked is not None:
        take_masked(options.only_masked)
        return
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="meticulous-states-") as home:
        make.prepare(Path(home))
        shots = take_states(Path(home))
        shots.append(("150 %", scaled(Path(home), 1.5)))
    if options.each is not None:
        options.each.mkdir(parents=True, exist_ok=True)
        for name, image in shots:
            image.save(str(options.each / f"{name.replace(' ', '-')}.png"))
    sheet = side_by_side(shots)
    path = options.out / "states.webp"
    if not sheet.save(str(path), quality=80):
        raise OSError(f"{path} could not be written")
    print(path)  # noqa: T201


def take_states(home: Path) -> list[tuple[str, QImage]]:
    """Go through the program once and return what it looked like in every state."""
    from meticulous_gui.ui.app import Program, make_application
    from meticulous_gui.ui.theme import Theme
    from meticulous_gui.ui.trouble import Trouble

    application, log = make_application(), home / "meticulous.log"
    program = Program(application, Trouble(log))
    program.window.resize(*make.SIZE_WH)
    program.theme.set_theme(Theme.LIGHT)
    program.start([])
    tour = Tour(program, home)
    for stop in (
        tour.open,
        tour.paint,
        tour.compare,
        tour.point,
        tour.use_panels,
        tour.use_dialogs,
        tour.go_through_a_folder,
    ):
        stop()
    tour.meet_trouble()
    program.window.close_without_question()
    again = Program(application, Trouble(log))
    again.window.resize(*make.SIZE_WH)
    again.start([])
    tour.shoot("the next start", again.window)
    again.window.close_without_question()
    return tour.shots


class Tour:
    """Works in the program as a person does; every state that is worth a look becomes a picture.

    Attributes:
        shots: the names and the pictures so far.
    """

    def __init__(self, program: Program, home: Path) -> None:
        self.shots: list[tuple[str, QImage]] = []
        self._program = program
        self._session = program.session
        self._home = home
        self._folder = home / "photos"
        self._folder.mkdir()
        for name in ("coffee.png", "cat.png", "rocket.jpg"):
            shutil.copy(make.SAMPLES / name, self._folder / name)

    def shoot(self, name: str, widget: QWidget | None = None, *, settle_ms: int = make.SETTLE_MS) -> None:
        """Take a picture of the window or of another widget."""
        make.wait(settle_ms)
        self.shots.append((name, (widget or self._program.window).grab().toImage()))

    def open(self) -> None:
        """From the empty window to the first mask."""
        self.shoot("empty")
        self._shoot_dark("empty, dark")
        self._program.window.open_paths([self._folder / "coffee.png"])
        make.wait_until(lambda: self._session.document is not None)
        self.shoot("loading", settle_ms=0)
        make.wait_until(lambda: self._session.runner is not None and not self._session.work.is_running)
        self.shoot("masked")

    def paint(self) -> None:
        """A stroke, a doubtful place, and the edge being refined."""
        self._trigger("tool_brush")
        stroke(self._program)
        self.shoot("painting", settle_ms=50)
        finish_stroke(self._program)
        self._trigger("next_place")
        self.shoot("look here")
        self._trigger("zoom_fit", "refine_all")
        work = self._session.work
        make.wait_until(lambda: work.progress[0] >= 2 or not work.is_running)
        self.shoot("refining", settle_ms=20)
        make.wait_until(lambda: not work.is_running)

    def compare(self) -> None:
        """A rough mask beside the refined one."""
        make.roughen(self._program)
        make.compare_all(self._program)
        self.shoot("compare")
        self._shoot_dark("compare, dark")
        self._trigger("stop", "undo", "zoom_fit")

    def point(self) -> None:
        """An object that is pointed at, from nothing."""
        self._trigger("clear_mask", "tool_point")
        make.click(self._program, 0.62, 0.50)
        self.shoot("point: what a click may mean")
        make.click(self._program, 0.50, 0.80, is_positive=False)
        self._trigger("point_panel")
        self._shoot_dark("point: corrected, all controls, dark")
        self._trigger("point_panel", "stop", "undo", "tool_brush")

    def use_panels(self) -> None:
        """The panels over the canvas, and another background."""
        from meticulous_gui.core.render import ViewMode

        self._trigger("adjust_edge")
        self.shoot("adjust the edge")
        self._trigger("stop", "clean_up")
        self.shoot("clean up")
        self._trigger("stop")
        view = self._program.window.commands.view
        view.choose(ViewMode.CHECKERBOARD)
        self._shoot_dark("checkerboard, dark")
        view.choose(ViewMode.OVERLAY)

    def use_dialogs(self) -> None:
        """Every dialog that an action opens."""
        for action, name in (
            ("export_as", "export"),
            ("preferences", "preferences"),
            ("palette", "palette"),
            ("shortcuts", "keys"),
            ("about", "about"),
        ):
            settle_ms = PREVIEW_MS if action == "export_as" else make.SETTLE_MS
            with_dialog(
                self._program,
                action,
                lambda dialog, name=name, settle_ms=settle_ms: self.shoot(name, dialog, settle_ms=settle_ms),
            )

    def go_through_a_folder(self) -> None:
        """The strip, and a second layer."""
        self._save()
        self._program.window.open_paths([self._folder])
        make.wait_until(lambda: is_masked(self._program, "cat.png"))
        self.shoot("folder", settle_ms=PREVIEW_MS)
        self._trigger("add_layer")
        self.shoot("layers")
        self._save()

    def meet_trouble(self) -> None:
        """A file that is no photo; and the queue."""
        broken = self._home / "broken.jpg"
        broken.write_bytes(b"no picture")
        self._program.window.open_paths([broken])
        make.wait(1000)
        self.shoot("error")
        self._trigger("batch")
        self.shoot("many photos")

    def _shoot_dark(self, name: str) -> None:
        from meticulous_gui.ui.theme import Theme

        self._program.theme.set_theme(Theme.DARK)
        self.shoot(name)
        self._program.theme.set_theme(Theme.LIGHT)

    def _save(self) -> None:
        self._trigger("save")
        make.wait_until(lambda: not self._session.has_unsaved_work)

    def _trigger(self, *actions: str) -> None:
        for action in actions:
            self._program.window.actions_set.trigger(action)


def is_masked(program: Program, name: str) -> bool:
    """Return whether a photo is open and its object found."""
    document = program.session.document
    is_open = document is not None and document.photo.name == name and document.can_undo
    return is_open and not program.session.work.is_running


def scaled(home: Path, factor: float) -> QImage:
    """Return the window with a mask on a screen of smaller pixels: Qt reads the factor once, at its start."""
    from PySide6.QtGui import QImage

    path = home / "scaled.png"
    environment = os.environ | {"QT_SCALE_FACTOR": str(factor)}
    subprocess.run([sys.executable, __file__, "--only-masked", str(path)], env=environment, check=True)
    return QImage(str(path))


def take_masked(path: Path) -> None:
    """Save the window with a mask."""
    with tempfile.TemporaryDirectory(prefix="meticulous-states-") as home:
        make.prepare(Path(home))
        from meticulous_gui.ui.app import Program, make_application
        from meticulous_gui.ui.trouble import Trouble

        application = make_application()
        program = Program(application, Trouble(Path(home) / "meticulous.log"))
        program.window.resize(*make.SIZE_WH)
        program.start([])
        make.open_photo(program, Path(shutil.copy(make.SAMPLES / "coffee.png", home)))
        make.save(program, path)
        program.window.close_without_question()


def stroke(program: Program) -> None:
    """Press, move and hold, as a hand does."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    canvas = program.window.canvas
    middle = canvas.rect().center()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle - QPoint(160, 120))
    for step in range(20):
        QTest.mouseMove(canvas, middle + QPoint(-160 + 14 * step, -120 - 3 * (step % 7)))


def finish_stroke(program: Program) -> None:
    """Let go."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    QTest.mouseRelease(program.window.canvas, Qt.MouseButton.LeftButton)
    program.session.undo()


def with_dialog(program: Program, action: str, look: Callable[[QWidget], None]) -> None:
    """Open what an action opens, look at it and close it."""
    from PySide6.QtWidgets import QApplication, QDialog

    program.window.actions_set.trigger(action)
    make.wait(make.SETTLE_MS)
    opened = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    if not opened:
        raise LookupError(f"{action} opened nothing")
    look(opened[0])
    opened[0].close()


def side_by_side(shots: list[tuple[str, QImage]]) -> QImage:
    """Return all states in rows, each with its name above it."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter

    height = SHEET_WIDTH_PX * make.SIZE_WH[1] // make.SIZE_WH[0]
    rows = -(-len(shots) // COLUMNS)
    sheet = QImage(
        COLUMNS * (SHEET_WIDTH_PX + 8) + 8, rows * (height + CAPTION_PX + 8) + 8, QImage.Format.Format_RGB32
    )
    sheet.fill(Qt.GlobalColor.gray)
    painter = QPainter(sheet)
    for place, (name, image) in enumerate(shots):
        left = 8 + (place % COLUMNS) * (SHEET_WIDTH_PX + 8)
        top = 8 + (place // COLUMNS) * (height + CAPTION_PX + 8)
        painter.drawText(left, top + CAPTION_PX - 8, name)
        fitted = image.scaled(
            SHEET_WIDTH_PX,
            height,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(left, top + CAPTION_PX, fitted)
    painter.end()
    return sheet


if __name__ == "__main__":
    main()
