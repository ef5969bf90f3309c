"""The wheel, built and installed elsewhere, works from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from meticulous_gui import __version__
from meticulous_gui.core.resources import resource_dir
from tests.cli.conftest import write_random_networks

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; what it depends on is borrowed from this one.

    A line in a .pth file lends the packages but not the editable install beside them: only real site
    folders have their own .pth files read.
    """
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(pip, check=True, capture_output=True)
    (site,) = (folder / "lib").glob("python3*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Folders of this test, and networks of random weights where the wheel has none."""
    inherited = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    folders = {f"METICULOUS_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "STATE", "DATA")}
    if not (resource_dir() / "weights" / "mos_h.safetensors").exists():
        write_random_networks(tmp_path / "data" / "weights")
    return {**inherited, **folders}


def run(command: list[str], folder: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_the_program_and_its_resources_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "meticulous_gui",
        f"meticulous_gui-{__version__}.dist-info",
    }
    for path in resource_dir().rglob("*"):
        if path.is_file():
            assert f"meticulous_gui/resources/{path.relative_to(resource_dir()).as_posix()}" in names
    assert "meticulous_gui/py.typed" in names
    assert wheel.stat().st_size < 100e6  # what public indexes take


def test_it_cuts_a_photo_out_from_an_empty_folder(
    installed: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    where = "from meticulous_gui.core.resources import resource_dir; print(resource_dir())"
    resources = Path(run([str(installed / "bin" / "python"), "-c", where], empty, environment).strip())
    assert resources.is_relative_to(installed)
    program = str(installed / "bin" / "meticulous")
    assert run([program, "--version"], empty, environment).strip() == f"meticulous {__version__}"
    run([program, "cutout", str(resources / "samples" / "cat.png"), "-o", "cat.png"], empty, environment)
    assert [path.name for path in empty.iterdir()] == ["cat.png"]
    with Image.open(empty / "cat.png") as cut, Image.open(resources / "samples" / "cat.png") as photo:
        assert (cut.mode, cut.size) == ("RGBA", photo.size)


def test_its_window_has_its_icons(installed: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    code = (
        "from meticulous_gui.ui.app import make_application\n"
        "application = make_application()\n"
        "assert not application.windowIcon().pixmap(64, 64).isNull()\n"
    )
    run([str(installed / "bin" / "python"), "-c", code], tmp_path, environment)
    assert (installed / "bin" / "meticulous-gui").exists()
