"""The border between the program and a person: exit codes, one sentence, the trace in the log only."""

from __future__ import annotations

import io
import json
import logging
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import pytest

from meticulous_gui import __version__
from meticulous_gui.__main__ import gui_main, let_names_through
from meticulous_gui.__main__ import main as open_or_run_command
from meticulous_gui.cli.exits import EXIT_USAGE
from meticulous_gui.cli.logs import log_path
from tests.cli.conftest import ROOT, Program


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The log file of this test alone."""
    package = logging.getLogger("meticulous_gui")
    before, package.handlers = package.handlers, []
    # pytest hangs its own handler on a logger that keeps its records to itself.
    monkeypatch.setattr(package, "propagate", True)
    monkeypatch.setenv("METICULOUS_STATE_DIR", str(tmp_path / "state"))
    yield log_path()
    for handler in package.handlers:
        handler.close()
    package.handlers = before


def fail(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("nobody foresaw this")


def test_the_unforeseen_is_one_sentence_and_its_trace_is_in_the_log(
    program: Program, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meticulous_gui.cli.machine.program", fail)
    said = program("doctor", "--quick")
    assert said.code == 1
    assert said.sentences == [
        "meticulous: failed unexpectedly (RuntimeError: nobody foresaw this);"
        " `meticulous doctor` names the log."
    ]
    assert "Traceback" in log.read_text()


def test_the_unforeseen_at_one_photo_does_not_stop_the_others(
    program: Program, log: Path, photo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meticulous_gui.core import photo
    from meticulous_gui.engine import batch

    (tmp_path / "odd.jpg").write_bytes(photo_file.read_bytes())
    (tmp_path / "huge.jpg").write_bytes(photo_file.read_bytes())
    load = photo.load_photo

    def load_most(path: Path, limits: photo.DecodeLimits) -> photo.Photo:
        match path.name:
            case "odd.jpg":
                fail()
            case "huge.jpg":
                raise MemoryError
            case _:
                return load(path, limits)

    monkeypatch.setattr(batch, "load_photo", load_most)
    odd, huge = tmp_path / "odd.jpg", tmp_path / "huge.jpg"
    said = program("cutout", odd, huge, photo_file, "-o", tmp_path / "out", "--no-refine", "--quiet")
    assert said.code == 1
    assert said.stdout == f"{tmp_path / 'out' / 'disc.png'}\n"
    assert said.sentences[:2] == [
        f"meticulous: {odd} failed unexpectedly (RuntimeError); `meticulous doctor` names the log.",
        f"meticulous: {huge} needs more memory than there is; free some or make the photo smaller.",
    ]
    assert "nobody foresaw this" in log.read_text()


def test_a_folder_without_room_for_a_log_is_no_reason_not_to_work(
    program: Program, log: Path, mask_file: Path
) -> None:
    log.parent.write_text("a file where a folder belongs")
    assert program("evaluate", mask_file, mask_file).code == 0


@pytest.mark.parametrize(
    ("system", "encoding", "name", "printed"),
    [
        ("win32", "cp1252", "写真.png", "写真.png".encode()),
        ("linux", "utf-8", os.fsdecode(b"f\xfcr.png"), b"f\xfcr.png"),
    ],
)
def test_every_name_of_a_file_can_be_printed(
    monkeypatch: pytest.MonkeyPatch, system: str, encoding: str, name: str, printed: bytes
) -> None:
    content = io.BytesIO()
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(content, encoding=encoding))
    let_names_through()
    print(name, end="", flush=True)  # noqa: T201
    assert content.getvalue() == printed


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX closes the streams")
@pytest.mark.parametrize(("closing", "n_lines"), [("2>&-", 1), ("<&- >&- 2>&-", 0)])
def test_streams_that_are_closed_stop_nothing(
    network_folder: Path, photo_file: Path, tmp_path: Path, closing: str, n_lines: int
) -> None:
    words = [sys.executable, "-m", "meticulous_gui", "cutout", str(photo_file), "-o", "c.png", "--no-refine"]
    environment = {**os.environ, "METICULOUS_DATA_DIR": str(network_folder), "PYTHONPATH": str(ROOT)}
    command = ["sh", "-c", f"{shlex.join(words)} {closing}"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["c.png"] * n_lines
    assert (tmp_path / "c.png").stat().st_size > 0


@pytest.mark.parametrize("arguments", [("models", "--json"), ("--version",)], ids=["much", "little"])
def test_a_reader_that_leaves_early_is_no_failure_to_speak_of(
    process: Callable[..., subprocess.Popen[str]], arguments: tuple[str, ...]
) -> None:
    running = process(*arguments, PYTHONUNBUFFERED="")
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    with running.stderr as stderr:
        assert stderr.read() == ""
    assert running.wait(60) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="the full device is Linux's")
@pytest.mark.parametrize("arguments", [("models", "--json"), ("--version",)], ids=["much", "little"])
def test_what_cannot_be_printed_for_want_of_room_is_said(
    network_folder: Path, arguments: tuple[str, ...]
) -> None:
    environment = {**os.environ, "METICULOUS_DATA_DIR": str(network_folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "meticulous_gui", *arguments]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command,
            env=environment | {"PYTHONUNBUFFERED": ""},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    sentence = "meticulous: what is printed was not written: the disk is full; free some space.\n"
    assert (done.returncode, done.stderr) == (1, sentence)


def test_the_version_is_the_packages(program: Program) -> None:
    said = program("--version")
    assert (said.code, said.stdout) == (0, f"meticulous {__version__}\n")


@pytest.mark.parametrize("arguments", [(), ("--nonsense",), ("cutout",), ("models", "nonsense")])
def test_what_is_no_command_is_wrong_usage(program: Program, arguments: tuple[str, ...]) -> None:
    said = program(*arguments)
    assert said.code == 2
    assert "meticulous" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("cutout", "", "-o", "out"),
        ("cutout", "x.jpg", "-o", ""),
        ("cutout", "x.jpg", "-o", "out", "--background", ""),
        ("refine", "x.jpg", "", "-o", "out"),
        ("click", "x.jpg", "--include", "1,1", "--mask", "", "-o", "out"),
        ("evaluate", "", "x.png"),
        ("models", "import", ""),
    ],
)
def test_an_empty_name_is_not_the_folder_here(
    program: Program, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a variable of a script that is not set."""
    monkeypatch.chdir(tmp_path)
    said = program(*arguments)
    assert said.code == 2
    assert "is empty; name a " in said.stderr
    assert not list(tmp_path.iterdir())


def test_an_empty_name_opens_no_folder_in_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Sequence[str]] = []
    monkeypatch.setattr("meticulous_gui.__main__.open_window", opened.append)
    monkeypatch.setattr(sys, "argv", ["meticulous-gui", "", "dog.jpg"])
    gui_main()
    assert opened == [["dog.jpg"]]


def test_a_photo_may_be_named_like_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "-o.jpg").write_bytes(b"a photo")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("meticulous_gui.cli.display.why_no_window", lambda: "there is no display")
    assert open_or_run_command(["--", "-o.jpg"]) == EXIT_USAGE
    assert "this works: meticulous cutout ./-o.jpg -o ./-o-cutout.png\n" in capsys.readouterr().err
    assert open_or_run_command(["--", "--help"]) == EXIT_USAGE
    assert "--help is neither a file here nor a command" in capsys.readouterr().err


def test_a_log_that_cannot_be_written_ends_no_work_and_shows_no_trace(
    program: Program,
    log: Path,
    photo_file: Path,
    mask_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log.mkdir(parents=True)
    monkeypatch.setattr("meticulous_gui.engine.oneshot.require_size", fail)
    said = program("refine", photo_file, mask_file, "-o", tmp_path / "out")
    assert said.code == 1
    assert "Traceback" not in said.stderr
    assert f"{photo_file} failed unexpectedly (RuntimeError)" in said.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_utf_8_are_printed_as_they_are(mask_file: Path, tmp_path: Path) -> None:
    folder, stray = tmp_path / "masks", os.fsdecode(b"caf\xe9.png")
    folder.mkdir()
    shutil.copy(mask_file, folder / stray)
    command = [sys.executable, "-m", "meticulous_gui", "evaluate", str(folder), str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def printed_by(*arguments: str) -> bytes:
        return subprocess.run(arguments, check=True, capture_output=True, env=environment).stdout

    table = printed_by(*command, "--each")
    assert b"caf\xe9.png " in table
    report = printed_by(*command, "--json")
    assert list(json.loads(report)["each"]) == [stray]


def test_a_name_too_long_for_the_system_is_said(program: Program, tmp_path: Path) -> None:
    long = "a" * 300
    said = program("cutout", long, "-o", tmp_path / "out")
    assert said.code == 1
    assert "File name too long" in said.stderr
    assert open_or_run_command([long]) == EXIT_USAGE
