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
    from meticulous_gui.core.render import ViewMode
    from meticulous_gui.ui.app import Program, make_application
    from meticulous_gui.ui.theme import Theme
    from meticulous_gui.ui.trouble import Trouble

    application = make_application()
    program = Program(application, Trouble(home / "meticulous.log"))
    window, shots = program.window, []
    window.resize(*make.SIZE_WH)
    program.theme.set_theme(Theme.LIGHT)
    program.start([])

    def shoot(name: str, widget: QWidget | None = None, *, settle_ms: int = make.SETTLE_MS) -> None:
        make.wait(settle_ms)
        shots.append((name, (widget or window).grab().toImage()))

    def trigger(name: str) -> None:
        window.actions_set.trigger(name)

    shoot("empty")
    program.theme.set_theme(Theme.DARK)
    shoot("empty, dark")
    program.theme.set_theme(Theme.LIGHT)
    folder = home / "photos"
    folder.mkdir()
    for name in ("coffee.png", "cat.png", "rocket.jpg"):
        shutil.copy(make.SAMPLES / name, folder / name)
    window.open_paths([folder / "coffee.png"])
    make.wait_until(lambda: program.session.document is not None)
    shoot("loading", settle_ms=0)
    make.wait_until(lambda: program.session.runner is not None and not program.session.work.is_running)
    shoot("masked")
    trigger("tool_brush")
    stroke(program)
    shoot("painting", settle_ms=50)
    finish_stroke(program)
    trigger("next_place")
    shoot("look here")
    trigger("zoom_fit")
    trigger("refine_all")
    make.wait_until(lambda: program.session.work.progress[0] >= 2 or not program.session.work.is_running)
    shoot("refining", settle_ms=20)
    make.wait_until(lambda: not program.session.work.is_running)
    trigger("clear_mask")
    trigger("tool_point")
    make.click(program, 0.50, 0.45)
    shoot("point: what a click may mean")
    make.click(program, 0.50, 0.80, is_positive=False)
    trigger("point_panel")
    program.theme.set_theme(Theme.DARK)
    shoot("point: corrected, all controls, dark")
    program.theme.set_theme(Theme.LIGHT)
    trigger("point_panel")
    trigger("stop")
    trigger("undo")
    trigger("tool_brush")
    trigger("adjust_edge")
    shoot("adjust the edge")
    trigger("stop")
    trigger("clean_up")
    shoot("clean up")
    trigger("stop")
    window.commands.view.choose(ViewMode.CHECKERBOARD)
    program.theme.set_theme(Theme.DARK)
    shoot("checkerboard, dark")
    program.theme.set_theme(Theme.LIGHT)
    window.commands.view.choose(ViewMode.OVERLAY)
    with_dialog(program, "export_as", lambda dialog: shoot("export", dialog, settle_ms=PREVIEW_MS))
    with_dialog(program, "preferences", lambda dialog: shoot("preferences", dialog))
    with_dialog(program, "palette", lambda dialog: shoot("palette", dialog))
    with_dialog(program, "shortcuts", lambda dialog: shoot("keys", dialog))
    with_dialog(program, "about", lambda dialog: shoot("about", dialog))
    trigger("save")
    make.wait_until(lambda: not program.session.has_unsaved_work)
    window.open_paths([folder])
    make.wait_until(lambda: is_masked(program, "cat.png"))
    shoot("folder", settle_ms=PREVIEW_MS)
    trigger("add_layer")
    shoot("layers")
    trigger("save")
    make.wait_until(lambda: not program.session.has_unsaved_work)
    broken = home / "broken.jpg"
    broken.write_bytes(b"no picture")
    window.open_paths([broken])
    make.wait(1000)
    shoot("error")
    trigger("batch")
    shoot("many photos")
    window.close_without_question()
    again = Program(application, Trouble(home / "meticulous.log"))
    again.window.resize(*make.SIZE_WH)
    again.start([])
    shoot("the next start", again.window)
    again.window.close_without_question()
    return shots


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
