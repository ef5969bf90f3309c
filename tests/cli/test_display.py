"""A window that cannot open is found out before Qt would abort."""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from meticulous_gui.cli import display
from meticulous_gui.cli.display import display_name, why_no_window
from tests.cli.conftest import Program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a desktop")

NOBODY = ":4711"


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def x_server() -> Iterator[str]:
    """The name of a display whose server greets whoever connects, as X11 does, and does nothing else."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", next(_free_ports())))
        listening.listen()
        listening.settimeout(30)  # a test that never connects ends all the same
        thread = threading.Thread(target=_greet, args=(listening,))
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1] - 6000}"
        thread.join()


def _free_ports() -> Iterator[int]:
    """Yield ports that a display can have: its number and 6000."""
    for port in range(6100, 6400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                yield port


def _greet(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(4096)
        accepted, major, minor, words = 1, 11, 0, 8
        connection.sendall(struct.pack("<BxHHH", accepted, major, minor, words) + bytes(4 * words))
        connection.recv(4096)


def test_nothing_in_the_environment_is_no_display() -> None:
    assert display_name() == ""
    assert why_no_window() == "there is no display to open a window on"


def test_what_was_chosen_by_hand_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert why_no_window() == ""


def test_a_display_that_nobody_serves_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", NOBODY)
    assert why_no_window() == f"the display DISPLAY={NOBODY} does not answer"


def test_a_display_that_is_served_is_one(monkeypatch: pytest.MonkeyPatch, x_server: str) -> None:
    monkeypatch.setenv("DISPLAY", x_server)
    assert why_no_window() == ""


def test_a_library_that_the_system_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", NOBODY)
    monkeypatch.setattr(display, "_is_there", lambda library: "cursor" not in library)
    assert why_no_window() == ("the library libxcb-cursor.so.0 is missing (README names the Debian packages)")


def test_wayland_is_a_display_where_its_socket_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    assert why_no_window() == "the display WAYLAND_DISPLAY=wayland-9 does not answer"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "wayland-9"))
        listening.listen()
        assert why_no_window() == ""


@pytest.mark.parametrize(("shown", "reason"), [("", "there is no display"), (NOBODY, f"DISPLAY={NOBODY}")])
def test_a_window_that_cannot_open_is_one_sentence_with_the_command_that_works(
    process: Callable[..., subprocess.Popen[str]], photo_file: Path, shown: str, reason: str
) -> None:
    photo, folder = photo_file.rename(photo_file.with_name("my disc.jpg")), photo_file.parent
    for given, command in ((photo, f"'{photo}' -o 'my disc-cutout.png'"), (folder, f"{folder} -o cutouts")):
        running = process(given, DISPLAY=shown, WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
        _, stderr = running.communicate(timeout=60)
        assert running.returncode == 2
        assert stderr.count("\n") == 1
        assert reason in stderr
        assert f"meticulous cutout {command}\n" in stderr


def test_doctor_says_that_a_display_does_not_answer(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = program("doctor", "--quick")
    assert "none: the command line works" in said.stdout
    assert said.code == 0
    monkeypatch.setenv("DISPLAY", NOBODY)
    said = program("doctor", "--quick")
    assert f"the window cannot open: the display DISPLAY={NOBODY} does not answer" in said.stdout
    assert said.code == 1
