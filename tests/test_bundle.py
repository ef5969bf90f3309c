"""The one-folder program, built once: it needs nothing beside it and does what the ordinary program does."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bundle.build import LEFT_OUT, libraries
from meticulous_gui.core.resources import resource_dir

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 240.0


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The program in its folder, far from the checkout; a gigabyte that goes away after the tests."""
    folder = tmp_path_factory.mktemp("bundle")
    command = [sys.executable, str(ROOT / "bundle" / "build.py"), "--out", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    built = folder / "meticulous" / "meticulous"
    assert done.stdout.startswith(f"{built} (")
    yield built
    shutil.rmtree(folder)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Folders of this test, and nothing that leads to this environment's Python."""
    inherited = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    folders = {f"METICULOUS_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "DATA")}
    return {**inherited, **folders, "PATH": "/nowhere"}


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def imports_of(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names):
                yield from (name.name for name in names)
            case ast.ImportFrom(str(module), names):
                yield from (f"{module}.{name.name}" for name in names)


def is_left_out(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in LEFT_OUT)


def test_nothing_that_the_program_imports_is_left_out() -> None:
    paths = list((ROOT / "meticulous_gui").rglob("*.py"))
    assert len(paths) > 100
    assert not [(path.name, name) for path in paths for name in imports_of(path) if is_left_out(name)]


def test_the_papers_of_every_library_go_along() -> None:
    assert {"PySide6-Essentials", "shiboken6", "torch", "Pillow"} <= set(libraries())


@pytest.mark.slow
def test_nothing_that_the_networks_load_is_left_out(tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "import meticulous_gui as mg\n"
        "from meticulous_gui.engine.networks import Networks\n"
        "import scipy.optimize\n"
        f"mg.cutout({str(resource_dir() / 'samples' / 'cat.png')!r})\n"
        "print(json.dumps(list(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert "torch.nn" in loaded
    assert not [name for name in loaded if is_left_out(name)]


@pytest.mark.slow
def test_it_helps_and_cuts_out_from_an_empty_folder_as_the_ordinary_program_does(
    program: Path, empty: Path, environment: dict[str, str]
) -> None:
    def say(*command: str) -> str:
        done = subprocess.run(
            command,
            cwd=empty,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert say(str(program), "--help").startswith("usage: meticulous")
    photo = str(resource_dir() / "samples" / "cat.png")
    say(str(program), "cutout", photo, "-o", "bundle.png")
    say(sys.executable, str(ROOT / "main.py"), "cutout", photo, "-o", "ordinary.png")
    assert (empty / "bundle.png").read_bytes() == (empty / "ordinary.png").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux shows what a process has loaded")
def test_its_window_opens_with_the_networks_in_a_process_of_their_own(
    program: Path, empty: Path, environment: dict[str, str]
) -> None:
    photo = shutil.copy(resource_dir() / "samples" / "cat.png", empty)
    said = empty / "said.txt"
    with said.open("wb") as stream:
        window = subprocess.Popen(
            [str(program), photo], cwd=empty, env=environment, stdout=stream, stderr=stream
        )
    try:
        end_s = time.monotonic() + PATIENCE_S
        while not any("libtorch_cpu" in libraries_in(child) for child in children_of(window.pid)):
            assert window.poll() is None, said.read_text()
            assert time.monotonic() < end_s, (
                f"no process with the networks; the window said {said.read_text()!r}"
            )
            time.sleep(0.1)
        assert "libQt6Widgets" in libraries_in(window.pid)
        assert "libtorch" not in libraries_in(window.pid)
        window.send_signal(signal.SIGTERM)
        assert window.wait(PATIENCE_S) == 0
        assert said.read_text() == ""
    finally:
        window.kill()
        window.wait()


def children_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def libraries_in(pid: int) -> str:
    """Return the names of what a process has mapped; "" when it has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""
