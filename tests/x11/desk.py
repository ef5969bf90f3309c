"""A screen and somebody before it: the real program on Xvfb, driven by xdotool, seen by its pixels."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageGrab

from meticulous_gui.core.document import Document
from meticulous_gui.core.edit import Edit
from meticulous_gui.core.geometry import Box, bounding_box
from meticulous_gui.core.photo import load_photo
from meticulous_gui.core.project import load_layers
from meticulous_gui.core.resources import resource_dir
from meticulous_gui.core.types import Alpha, RgbImage
from tests.core.documents import save_layers

ROOT: Final = Path(__file__).resolve().parents[2]
SCREEN_WH_PX: Final = (1400, 900)
PHOTO_WH_PX: Final = (600, 400)
MARKER_PX: Final = 14
MARKER_RGB: Final = (255, 0, 255)
PATIENCE_S: Final = 180.0
"""A loaded machine is slow, not wrong."""
LOOK_AGAIN_S: Final = 0.05

Point = tuple[int, int]


def wait_until(condition: Callable[[], bool], what: str, saying: Callable[[], str] = str) -> None:
    """Return as soon as something is so.

    Args:
        condition: asked again and again.
        what: was expected.
        saying: gives what there is instead, for the message of the failure.

    Raises:
        AssertionError: it did not become so within `PATIENCE_S`.
    """
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, f"{what} did not happen in {PATIENCE_S:.0f} s; {saying()}"
        time.sleep(LOOK_AGAIN_S)


class Screen:
    """An X server without a screen, a window manager or anybody else on it."""

    def __init__(self) -> None:
        reading, writing = os.pipe()
        width, height = SCREEN_WH_PX
        self._server = subprocess.Popen(
            # -noreset: else it starts anew when its last client leaves, and refuses who comes meanwhile.
            [
                *("Xvfb", "-displayfd", str(writing), "-noreset", "-nolisten", "tcp"),
                *("-screen", "0", f"{width}x{height}x24"),
            ],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        self.name = f":{number}"

    def xdotool(self, *words: object) -> str:
        """Run xdotool on this screen and return what it says; "" where it found nothing."""
        environment = {**os.environ, "DISPLAY": self.name}
        command = ["xdotool", *map(str, words)]
        return subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
        ).stdout.strip()

    def picture(self) -> RgbImage:
        """Return what is on the screen, ``uint8[H, W, 3]``."""
        return np.asarray(ImageGrab.grab(xdisplay=self.name).convert("RGB"))

    def offer_on_clipboard(self, picture: Path) -> subprocess.Popen[bytes]:
        """Let another program hold a PNG on the clipboard until it is ended."""
        return subprocess.Popen(
            ["xclip", "-quiet", "-selection", "clipboard", "-t", "image/png", "-i", str(picture)],
            env={**os.environ, "DISPLAY": self.name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def close(self) -> None:
        """Turn it off."""
        self._server.terminate()
        self._server.wait()


class Person:
    """Somebody who starts the program and works in its window.

    Args:
        screen: where.
        folder: of settings and state, and where the program is started.
        files: are named on the command line.
    """

    def __init__(self, screen: Screen, folder: Path, files: Sequence[Path]) -> None:
        self.screen = screen
        self.folder = folder
        self._said = folder / "said.txt"
        own = {f"METICULOUS_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "STATE")}
        environment = {
            **os.environ,
            **own,
            "DISPLAY": screen.name,
            "QT_QPA_PLATFORM": "xcb",
            "LC_ALL": "C.UTF-8",
        }
        environment["PYTHONPATH"] = str(ROOT)
        environment.pop("WAYLAND_DISPLAY", None)
        with self._said.open("wb") as said:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "meticulous_gui", *map(str, files)],
                cwd=folder,
                env=environment,
                stdout=said,
                stderr=said,
            )
        self._window = ""
        self.wait_until(self._finds_window, "the window")
        self.focus()

    # --- seeing -------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """What stands in the title of the window."""
        return self.screen.xdotool("getwindowname", self._window)

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for something; when it does not happen, tell what is on the screen and what was said."""

        def saying() -> str:
            seen = self.folder / "seen.png"
            Image.fromarray(self.screen.picture()).save(seen)
            return f"the screen is in {seen}; the program said: {self._said.read_text()[-2000:]!r}"

        wait_until(condition, what, saying)

    def wait_for_title(self, part: str) -> None:
        """Wait until the title of the window has this in it."""
        self.wait_until(lambda: part in self.title, f"a title with {part!r}")

    def wait_for_photo(self, name: str) -> None:
        """Wait until a photo is open and its four corners are to be seen."""
        self.wait_for_title(name)
        self.wait_until(lambda: not self.marked_box().is_empty, "a photo with its corners")

    def wait_for_colour(self, at: Point, is_wanted: Callable[[NDArray[np.int64]], bool], what: str) -> None:
        """Wait until a point of the photo has a colour, int[3]."""

        def has_colour() -> bool:
            x, y = self.on_screen(at)
            return is_wanted(self.screen.picture()[y, x].astype(int))

        self.wait_until(has_colour, what)

    def marked_box(self) -> Box:
        """Return what part of the screen has the markers' colour at its corners; empty where nothing has."""
        difference = np.abs(self.screen.picture().astype(int) - MARKER_RGB).max(axis=2)
        return bounding_box(difference < 16)

    def on_screen(self, at: Point) -> tuple[int, int]:
        """Return which pixel of the screen shows a point of the photo, all of which is to be seen."""
        box = self.marked_box()
        height, width = box.size_hw
        return int(box.x0 + at[0] / PHOTO_WH_PX[0] * width), int(box.y0 + at[1] / PHOTO_WH_PX[1] * height)

    # --- doing --------------------------------------------------------------------------------------------

    def focus(self, window: str = "") -> None:
        """Give a window, or the program's own, the keys; without a window manager nobody else does."""
        self.screen.xdotool("windowfocus", "--sync", window or self._window)

    def key(self, *keys: str) -> None:
        """Press keys one after the other, such as "ctrl+e"."""
        self.screen.xdotool("key", *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self.screen.xdotool("type", text)

    def drag(self, *points: Point) -> None:
        """Draw from point to point of the photo with the left button down.

        A program that is busy may be told of the last point only: nothing is drawn this way that depends on
        the others.
        """
        (x, y), *rest = [self.on_screen(point) for point in points]
        moves = [word for at in rest for word in ("mousemove", *at)]
        self.screen.xdotool("mousemove", x, y, "mousedown", 1, *moves, "mouseup", 1)

    def click(self, *points: Point, button: int = 1) -> None:
        """Click on points of the photo, one after the other."""
        clicks = [
            word for x, y in map(self.on_screen, points) for word in ("mousemove", x, y, "click", button)
        ]
        self.screen.xdotool(*clicks)

    def turn_wheel(self, at: Point) -> None:
        """Turn the wheel up by one step over a point of the screen."""
        self.screen.xdotool("mousemove", *at, "click", 4)

    def pan(self, dx: int, dy: int) -> None:
        """Drag the picture by so many pixels of the screen with Space held."""
        drag = ("mousedown", 1, "mousemove_relative", "--", dx, dy, "mouseup", 1)
        self.screen.xdotool("keydown", "space", *drag, "keyup", "space")

    def wait_for_dialog(self, title: str) -> str:
        """Wait for another window of the program, give it the keys and return its number."""
        found: list[str] = []

        def is_there() -> bool:
            found[:] = self._windows("--name", f"^{title}")
            return bool(found)

        self.wait_until(is_there, f"a dialog {title!r}")
        self.focus(found[0])
        return found[0]

    def wait_until_closed(self, dialog: str) -> None:
        """Wait until a dialog is gone, and give the keys back to the window."""
        self.wait_until(lambda: dialog not in self._windows(), "the end of a dialog")
        self.focus()

    def save(self) -> None:
        """Save what was done, and again what a network that still runs does meanwhile."""
        self.wait_until(lambda: "*" in self.title, "an unsaved change")

        def is_saved() -> bool:
            self.key("ctrl+s")
            return "*" not in self.title

        self.wait_until(is_saved, "saving")

    def wait_for_end(self) -> int:
        """Wait until the program has ended and return its exit code."""
        self.wait_until(lambda: self.program.poll() is not None, "the end of the program")
        code: int = self.program.returncode
        return code

    def leave(self) -> None:
        """End the program, whatever it does."""
        self.program.kill()
        self.program.wait()

    def _finds_window(self) -> bool:
        assert self.program.poll() is None, self._said.read_text()
        self._window = next(iter(self._windows()), "")
        return bool(self._window)

    def _windows(self, *wanted: str) -> list[str]:
        """Return the numbers of the program's windows that are to be seen."""
        return self.screen.xdotool(
            "search", "--onlyvisible", "--all", "--pid", self.program.pid, *wanted
        ).split()


def write_photo(path: Path, mask: Alpha | None = None) -> Path:
    """Write the sample of a cup with a square in each corner, by which it is found on the screen.

    Args:
        path: a PNG.
        mask: is saved as its layer, so that no network looks for the object.
    """
    with Image.open(resource_dir() / "samples" / "coffee.png") as opened:
        photo = opened.convert("RGB")
    assert photo.size == PHOTO_WH_PX
    width, height = PHOTO_WH_PX
    for x in (0, width - MARKER_PX):
        for y in (0, height - MARKER_PX):
            photo.paste(MARKER_RGB, (x, y, x + MARKER_PX, y + MARKER_PX))
    photo.save(path)
    if mask is not None:
        document = Document(load_photo(path))
        document.apply(Edit(document.active.id, document.box, mask))
        save_layers(document)
    return path


def saved_mask(photo: Path) -> Alpha:
    """Return the alpha of the one layer that was saved beside a photo."""
    saved = load_layers(load_photo(photo))
    assert saved is not None
    (layer,) = saved.layers
    return layer.alpha
