"""One screen for all stories, and a person for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import features

from tests.x11.desk import Person, Screen

Start = Callable[..., Person]

MISSING = [name for name in ("Xvfb", "xdotool", "xclip") if shutil.which(name) is None]
if not features.check("xcb"):
    MISSING.append("a Pillow that reads X11 screens")


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    if MISSING:
        pytest.skip(f"there is no {MISSING[0]} (README names the Debian packages)")
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Start]:
    """Starts the program with files: ``start(photo)``; it is ended after the story."""
    with ExitStack() as leaving:

        def start_program(*files: Path) -> Person:
            person = Person(screen, tmp_path, files)
            leaving.callback(person.leave)
            return person

        yield start_program
