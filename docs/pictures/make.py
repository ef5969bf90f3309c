"""Take the README's pictures from the running program: ``python docs/pictures/make.py [-o FOLDER]``.

Opens the sample photos in the real window, with the real networks in their process, works as a person would
and saves what the window shows. Needs no screen. Look at the pictures before you commit them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "resources" / "samples"
PATIENCE_MS = 300_000
SETTLE_MS = 300
SIZE_WH = (1280, 800)

if TYPE_CHECKING:
    from meticulous_gui.ui.app import Program


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parent, help="their folder")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="meticulous-pictures-") as home:
        prepare(Path(home))
        take_pictures(Path(home), out)


def prepare(home: Path) -> None:
    """Keep the person's own settings, and the screen, out of it."""
    screen = {"name": "pictures", "x": 0, "y": 0, "width": 1920, "height": 1200}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    (home / "screen.json").write_text(json.dumps({"screens": [screen]}))
    os.environ.setdefault("QT_QPA_PLATFORM", f"offscreen:configfile={home / 'screen.json'}")
    for name in ("CONFIG", "STATE", "DATA"):
        os.environ[f"METICULOUS_{name}_DIR"] = str(home / name.lower())
    sys.path.insert(0, str(ROOT))


def take_pictures(home: Path, out: Path) -> None:
    """Go through the program once."""
    from meticulous_gui.core.render import ViewMode
    from meticulous_gui.ui.app import Program, make_application
    from meticulous_gui.ui.theme import Theme
    from meticulous_gui.ui.trouble import Trouble

    application = make_application()
    program = Program(application, Trouble(home / "meticulous.log"))
    window = program.window
    window.resize(*SIZE_WH)
    program.theme.set_theme(Theme.LIGHT)
    program.start([])
    # Work on copies: the program keeps layers and cut-outs beside the photo.
    coffee, cat = (Path(shutil.copy(SAMPLES / name, home / name)) for name in ("coffee.png", "cat.png"))

    open_photo(program, coffee)
    save(program, out / "mask.webp")
    window.commands.view.choose_tool("refine")
    window.commands.view.choose(ViewMode.CHECKERBOARD)
    window.commands.mask.refine_all()
    wait_until(lambda: window.session.work.progress[0] >= 2 or not window.session.work.is_running)
    program.theme.set_theme(Theme.DARK)
    save(program, out / "refine.webp", settle_ms=20)
    wait_until(lambda: not window.session.work.is_running)
    program.theme.set_theme(Theme.LIGHT)
    roughen(program)
    compare_all(program)
    save(program, out / "compare.webp")
    window.commands.mask.stop()

    window.commands.files.unless_unsaved = lambda then: then()  # type: ignore[method-assign]
    open_photo(program, cat)
    window.commands.view.choose(ViewMode.CONFIDENCE)
    save(program, out / "uncertainty.webp")
    window.commands.view.choose(ViewMode.OVERLAY)
    open_photo(program, coffee)
    window.commands.mask.clear()
    window.commands.view.choose_tool("point")
    click(program, 0.62, 0.50)
    save(program, out / "point.webp")
    window.close_without_question()


def open_photo(program: Program, path: Path) -> None:
    """Open a photo and wait for its mask."""
    session = program.session
    program.window.open_paths([path])
    wait_until(lambda: session.document is not None and session.document.photo.path == path)
    wait_until(lambda: session.runner is not None and not session.work.is_running)


def roughen(program: Program) -> None:
    """Make the mask one as many programs give it: rounded, and a little too wide."""
    from meticulous_gui.core.adjust import Adjustment, adjusted
    from meticulous_gui.core.edit import Edit

    document = program.session.document
    assert document is not None
    rough = adjusted(document.active.alpha, Adjustment(smooth_px=6.0, grow_px=4.0))
    document.apply(Edit(document.active.id, document.box, rough, title="A mask from elsewhere"))


def compare_all(program: Program) -> None:
    """Compare on the whole edge, and go near to where it crosses the line: the lower middle of the photo."""
    from meticulous_gui.core.geometry import Box

    window, document = program.window, program.session.document
    assert document is not None
    window.actions_set.trigger("compare_all")
    wait_until(lambda: not program.session.work.is_running)
    assert window.comparing.comparison.is_on
    height, width = document.photo.size_hw
    near = Box(width * 3 // 10, height * 5 // 8, width * 6 // 10, height)
    window.canvas.zoom_to_box(near)
    window.comparing.comparison.move_line((near.x0 + near.x1) / 2)


def click(program: Program, x: float, y: float, *, is_positive: bool = True) -> None:
    """Click on the photo, x and y in 0..1 of its size, and wait for the answer and other readings."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest

    canvas, pointing = program.window.canvas, program.session.pointing
    assert canvas.image_size_hw is not None
    height, width = canvas.image_size_hw
    at = canvas.view.image_to_view(x * width, y * height)
    left, top = (value / canvas.device_pixel_ratio for value in at)
    button = Qt.MouseButton.LeftButton if is_positive else Qt.MouseButton.RightButton
    QTest.mouseClick(canvas, button, pos=QPoint(round(left), round(top)))
    wait_until(lambda: not pointing.is_waiting)
    wait_until(lambda: pointing.hovered_part is not None)


def save(program: Program, path: Path, *, settle_ms: int = SETTLE_MS) -> None:
    """Save what the window shows."""
    wait(settle_ms)
    picture = program.window.grab()
    if not picture.save(str(path), quality=90):
        raise OSError(f"{path} could not be written")
    print(path)  # noqa: T201


def wait(milliseconds: int) -> None:
    """Let the program run."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool]) -> None:
    """Let the program run until something is so."""
    for _ in range(PATIENCE_MS // 20):
        if condition():
            return
        wait(20)
    raise TimeoutError(f"waited {PATIENCE_MS // 1000} s in vain")


if __name__ == "__main__":
    main()
